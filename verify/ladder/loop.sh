#!/bin/sh
# loop.sh DIR ENGINE...: runs boot4/ladder.scm on this Linux (native) and on engines of `seedbed build` (model, pc, qemu-tcg...), and
# compares what comes out: each program by its hash on all of them, and the hex files' bytes with what `seedbed hex0` makes of them.
set -eu
dir=$1
shift
sh verify/ladder/root.sh "$dir/root"
products="tcc0 tcc1 tcc2 tcc3 model-cc model-tcc pc-cc pc-tcc seedbed-by-cc seedbed-by-tcc seedbed-by-pc-cc seedbed-by-pc-tcc"

cat "$dir/root/hex0/boot.hex0" "$dir/root/hex0/kernel.hex0" >"$dir/seedbed.hex0"
build/seedbed hex0 "$dir/seedbed.hex0" "$dir/seedbed.bin"

for engine; do
    rm -rf "$dir/$engine"
    mkdir -p "$dir/$engine/out"
    begin=$(date +%s)
    if [ "$engine" = native ]; then
        (cd "$dir/root" && bin/scheme boot4/ladder.scm tcc loop) >"$dir/native.log" || { tail -n 3 "$dir/native.log" >&2 && exit 1; }
        rm -rf "$dir/native/out"
        mv "$dir/root/out" "$dir/native/"
    else
        build/seedbed build --engine "$engine" --quiet --log "$dir/$engine.log" -o "$dir/$engine.cpio" verify/ladder/ladder.build
        (cd "$dir/$engine" && cpio --quiet -i) <"$dir/$engine.cpio"
    fi
    printf '%-12s %s\n' "$engine" "$(($(date +%s) - begin)) s" >&2
done

status=0
printf '%-18s %8s  %-16s' product bytes sha256
for engine; do printf ' %s' "$engine"; done
echo
for product in $products; do
    want=$(sha256sum <"$dir/$1/out/$product" | cut -c1-16)
    printf '%-18s %8d  %s' "$product" "$(wc -c <"$dir/$1/out/$product")" "$want"
    for engine; do
        if [ "$(sha256sum <"$dir/$engine/out/$product" | cut -c1-16)" = "$want" ]; then
            printf " %-${#engine}s" same
        else
            printf " %-${#engine}s" OTHER
            status=1
        fi
    done
    echo
done
for product in seedbed-by-cc seedbed-by-tcc seedbed-by-pc-cc seedbed-by-pc-tcc; do
    cmp "$dir/seedbed.bin" "$dir/$1/out/$product" || status=1
done
[ $status -eq 0 ] && echo "the loop is closed: text > ladder > cc > model > the same bytes"
exit $status
