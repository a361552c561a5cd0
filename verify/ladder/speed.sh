#!/bin/sh
# speed.sh DIR ENGINE...: how fast cc.scm is, and its code, in one run. It compiles tccgen.c of tcc with its headers, more than 10,000 lines, on this
# Linux and on engines of `seedbed build`, with the same bytes each time; and the eight works of verify/tests/cc/programs/speed.c run as cc.scm
# and as gcc -O1 compile them, by the best of five runs each. Exit status 1 where a limit is passed: 40 seconds here, 300 on an engine, 8 times gcc.
set -eu
dir=$1
shift
mkdir -p "$dir"
sh verify/ladder/root.sh "$dir/root"
top=$(pwd)
root=$(cd "$dir/root" && pwd)
words="-I libc/include -I boot4 -D ONE_SOURCE=0 -D TCC_TARGET_I386 -U __i386__"
status=0

now() { date +%s%N; }
# row WHERE MILLISECONDS LIMIT
row() {
    printf '%-32s %8d.%03d s  (at most %d)\n' "$1" $(($2 / 1000)) $(($2 % 1000)) "$3"
    [ "$2" -le $(($3 * 1000)) ] || status=1
}

echo "cc.scm on $(cat "$root/tcc/tccgen.c" "$root/tcc/tcc.h" | wc -l) lines and the library's headers"
begin=$(now)
(cd "$root" && bin/scheme boot3/cc.scm $words -o tccgen.link tcc/tccgen.c)
row native $((($(now) - begin) / 1000000)) 40
for engine; do
    {
        for folder in bin boot3 boot4 libc tcc; do
            echo "@tree /$folder $root/$folder"
        done
        echo "@dir /dev"
        echo "/bin/scheme boot3/cc.scm $words -o /dev/hda tcc/tccgen.c"
    } >"$dir/speed.build"
    build/seedbed build --engine "$engine" --quiet --times "$dir/$engine.times" -o "$dir/$engine.link" "$dir/speed.build" 2>"$dir/$engine.messages"
    cmp "$root/tccgen.link" "$dir/$engine.link"
    row "$engine" "$(awk -F'\t' '/\tsrc |\t\/bin\/scheme/ && !/Build/ {begin = $1} /Build finished/ {printf "%d", ($1 - begin) * 1000}' "$dir/$engine.times")" 300
done

echo
echo "code of cc.scm against that of gcc -O1"
program=verify/tests/cc/programs/speed.c
(cd "$root" && bin/scheme boot3/cc.scm --gas -I libc/include -o speed.s "$top/$program")
gcc -m32 -w -no-pie -z noexecstack -o "$dir/ours" "$root/speed.s"
gcc -m32 -w -O1 -fno-pic -no-pie -isystem /usr/include/x86_64-linux-gnu -o "$dir/theirs" $program
"$dir/ours" >"$dir/ours.txt"
"$dir/theirs" >"$dir/theirs.txt"
paste -d' ' "$dir/ours.txt" "$dir/theirs.txt" | awk '
    $2 != $5 { print $1 ": other results"; bad = 1 }
    { printf "%-12s %8d us, gcc %8d us: %.1f times\n", $1, $3, $6, $3 / $6; if ($3 > 8 * $6) bad = 1 }
    END { exit bad }' || status=1
exit $status
