#!/bin/sh
# loop.sh DIR ENGINE...: the whole loop, each time in one go from text to the bytes of that text (loop-build.sh): on this Linux (native) and on
# engines of `seedbed build` (model, pc, qemu-tcg...), where stage1 compiles the kernel at boot. Compares what comes out, each product by its
# hash on all of them, and the hex files' bytes with what `seedbed hex0` makes of them. Prints the picture of the loop, and a table of the
# time each stage took; DIR/summary.txt and DIR/times.txt keep the
# tables, DIR/made what the first one has made.
set -eu
dir=$1
shift
ladder="boot0/kaem boot1/pp boot1/link boot2/scheme"
tccs="tcc0 tcc1 tcc2 tcc3"
bytes="seedbed-by-cc seedbed-by-pc-cc seedbed-by-tcc seedbed-by-pc-tcc"
products=$ladder
for name in $tccs model-cc pc-cc model-tcc pc-tcc $bytes; do
    products="$products out/$name"
done

mkdir -p "$dir"
sh verify/ladder/loop-build.sh "$dir" "$products"
cat "$dir/root/hex0/boot.hex0" "$dir/root/hex0/kernel.hex0" >"$dir/seedbed.hex0"
build/seedbed hex0 "$dir/seedbed.hex0" "$dir/seedbed.bin"

for engine; do
    rm -rf "$dir/$engine"
    mkdir -p "$dir/$engine"
    echo "the loop on $engine" >&2
    if [ "$engine" = native ]; then
        sh verify/ladder/native-build.sh "$dir/loop.build" "$dir/native.root" "$dir/native.times"
        mv "$dir/native.root/dev/hda" "$dir/native.cpio"
    else
        build/seedbed build --staged --engine "$engine" --quiet --times "$dir/$engine.times" -o "$dir/$engine.cpio" "$dir/loop.build"
    fi
    (cd "$dir/$engine" && cpio --quiet -i -d) <"$dir/$engine.cpio"
done

# hash FILE: its first 16 digits
hash() {
    sha256sum <"$1" | cut -c1-16
}

# The table of hashes: exit status 1 if any differs.
compare() {
    status=0
    printf '%-22s %8s  %-16s' product bytes sha256
    printf ' %s' "$@"
    echo
    for product in $products; do
        want=$(hash "$dir/$1/$product")
        printf '%-22s %8d  %s' "$product" "$(wc -c <"$dir/$1/$product")" "$want"
        for engine; do
            verdict=same
            [ "$(hash "$dir/$engine/$product")" = "$want" ] || verdict=OTHER status=1
            printf " %-${#engine}s" $verdict
        done
        echo
    done
    for product in $bytes; do
        cmp "$dir/seedbed.bin" "$dir/$1/out/$product" || status=1
    done
    cmp "$dir/$1/out/tcc2" "$dir/$1/out/tcc3" || status=1
    return $status
}

ln -sfn "$1" "$dir/made"
compare "$@" >"$dir/summary.txt" && closed=yes || closed=

for engine; do echo "$dir/$engine.times"; done | xargs awk -f verify/ladder/loop-times.awk >"$dir/times.txt"

cat "$dir/times.txt"
echo
sh verify/ladder/loop-picture.sh "$dir"
echo
cat "$dir/summary.txt"
[ -n "$closed" ]
echo "the loop is closed: text > ladder > cc > model > the same bytes"
