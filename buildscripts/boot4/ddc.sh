#!/bin/sh
# Diverse double-compiling of tcc (D. A. Wheeler, 2009), on this Linux:
#
#   sh buildscripts/boot4/ddc.sh DIR
#
# One tcc descends from the ladder: cc.scm makes tcc0, which makes tcc1, and so on to tcc3. The other descends from this machine's
# gcc: tccG0, tccG1, tccG2. Each is compiled from the same source with the same library and options. If tcc2 = tcc3 = tccG2 byte
# for byte, neither gcc nor the ladder has put anything into it that is not in its source. Exit status 1 if they differ.
set -eu
dir=$1
tcc=build/tcc
sh verify/tests/ladder/fetch-source.sh tcc $tcc
rm -rf "$dir"
mkdir -p "$dir"

options="-DTCC_TARGET_I386 -U__i386__"
by_tcc="-nostdinc -I $tcc/include -I buildscripts/libc/include"

# by COMPILER OUT: the library and tcc by a tcc
by() {
    mkdir "$dir/$2.d"
    for source in buildscripts/libc/*.c; do
        name=${source##*/}
        "$dir/$1" $by_tcc -c -o "$dir/$2.d/${name%.c}.o" "$source"
    done
    "$dir/$1" $by_tcc -I buildscripts/boot4 $options -c -o "$dir/$2.d/tcc.o" $tcc/tcc.c
    "$dir/$1" -static -nostdlib -o "$dir/$2" "$dir/$2.d"/*.o
}

sh buildscripts/cc -o "$dir/tcc0" -I buildscripts/boot4 -D TCC_TARGET_I386 -U __i386__ $tcc/tcc.c
${CC:-cc} -O1 -w -I buildscripts/boot4 $options -o "$dir/tccG0" $tcc/tcc.c -lm
by tcc0 tcc1
by tcc1 tcc2
by tcc2 tcc3
by tccG0 tccG1
by tccG1 tccG2

printf '%-8s %-8s %8s  %s\n' program made-by bytes sha256
while read -r name parent; do
    printf '%-8s %-8s %8d  %s\n' "$name" "$parent" "$(wc -c <"$dir/$name")" "$(sha256sum <"$dir/$name" | cut -d' ' -f1)"
done <<END
tcc0 cc.scm
tcc1 tcc0
tcc2 tcc1
tcc3 tcc2
tccG0 gcc
tccG1 tccG0
tccG2 tccG1
END
cmp "$dir/tcc2" "$dir/tcc3"
cmp "$dir/tcc2" "$dir/tccG2"
echo "tcc2 = tcc3 = tccG2"
