# dist.sh OUT SEEDS KERNEL: lays out the drop-in files for live-bootstrap's builder-hex0 folder in
# the folder OUT, from the binaries in SEEDS and the kernel's text.
set -e
out=$1 seeds=$2 kernel=$3
name=$out/builder-hex0-x86
rm -rf "$out"
mkdir -p "$out"
cp stage1/stage1.hex0 "$name-stage1.hex0"
cp "$seeds/stage1.bin" "$name-stage1.img"
cp "$kernel" "$name-stage2.hex0"
cp hex0/mini.hex0 "$name-mini.hex0"
cp "$seeds/mini.bin" "$name-mini.img"
cat hex0/boot.hex0 "$kernel" > "$name-full.hex0"
cp "$seeds/seedbed.bin" "$name-full.img"
cp docs/LIVE-BOOTSTRAP.md "$out/README.md"
# An image step puts zeros behind the text up to the next sector. A text of whole sectors would get
# none, and stage1 would read on into the script: such a text gets a byte more.
size=$(wc -c < "$kernel")
if [ $((size % 512)) = 0 ]; then
    echo >> "$name-stage2.hex0"
fi
(cd "$out" && sha256sum -- *.hex0 *.img README.md > SHA256SUMS)
