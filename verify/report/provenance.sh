# provenance.sh: prints an in-toto statement of what `make` has built (provenance.jq).
here=$(dirname "$0")
digests() {
    sha256sum "$@" | jq -R 'split("  ") | {name: .[1], sha256: .[0]}' | jq -s .
}
for file in build/mini.bin build/stage1.bin build/seedbed.bin; do
    [ -e "$file" ] || { echo "seedbed: $file: not built, run make" >&2; exit 1; }
done
jq -n -f "$here/provenance.jq" \
    --argjson outputs "$(digests build/mini.bin build/stage1.bin build/seedbed.bin)" \
    --argjson inputs "$(digests hex0/mini.hex0 hex0/boot.hex0 hex0/kernel.hex0 stage1/stage1.hex0)" \
    --arg commit "$(git rev-parse HEAD 2>/dev/null)" \
    --arg finished "$(date -u -r build/seedbed.bin +%Y-%m-%dT%H:%M:%SZ)" \
    --argjson tools "$(sh "$here/tools.sh" | jq -R 'split("\t") | {(.[0]): .[1]}' | jq -s add)"
