#!/bin/sh
# Diverse double-compiling of tcc (D. A. Wheeler, 2009), on this Linux:
#
#   sh verify/ladder/ddc.sh DIR
#
# One tcc descends from the ladder: cc.scm makes tcc0, which makes tcc1, and so on to tcc3. The other descends from this machine's
# gcc: tccG0, tccG1, tccG2. Each is compiled from the same source with the same library and options, by ladder.scm. If tcc2 = tcc3 =
# tccG2 byte for byte, neither gcc nor the ladder has put anything into it that is not in its source. Exit status 1 if they differ.
set -eu
dir=$1
sh verify/ladder/root.sh "$dir"
mkdir "$dir/out"
${CC:-cc} -O1 -w -DTCC_TARGET_I386 -U__i386__ -I buildscripts/boot4 -o "$dir/out/tccG0" build/tcc/tcc.c -lm
cd "$dir"
bin/scheme boot4/ladder.scm tcc ddc >ladder.log || { tail -n 3 ladder.log && exit 1; }

printf '%-8s %-8s %8s  %s\n' program made-by bytes sha256
while read -r name parent; do
    printf '%-8s %-8s %8d  %s\n' "$name" "$parent" "$(wc -c <"out/$name")" "$(sha256sum <"out/$name" | cut -d' ' -f1)"
done <<END
tcc0 cc.scm
tcc1 tcc0
tcc2 tcc1
tcc3 tcc2
tccG0 gcc
tccG1 tccG0
tccG2 tccG1
END
cmp out/tcc2 out/tcc3
cmp out/tcc2 out/tccG2
echo "tcc2 = tcc3 = tccG2"
