#!/bin/sh
# tests2.sh DIR ENGINE: tcc's own tests with the ladder's tcc, on this Linux (native) or on an engine of `seedbed build`. What each prints must be
# what the package expects. boot4/tests2.txt says which are left out and why.
set -eu
dir=$1 engine=$2
sh verify/ladder/root.sh "$dir"
dir=$(cd "$dir" && pwd)
mkdir "$dir/tcc/tests2"
cp build/tcc/tests/tests2/*.c build/tcc/tests/tests2/*.h "$dir/tcc/tests2/"
if [ "$engine" = native ]; then
    (cd "$dir" && bin/scheme boot4/ladder.scm tcc tests2) >"$dir/log" 2>&1 || :
else
    {
        for folder in bin tcc boot3 boot4 libc refmodel hex0; do
            echo "@tree /$folder $dir/$folder"
        done
        echo "@file /sources $dir/sources"
        echo "@dir /dev"
        echo "/bin/scheme boot4/ladder.scm tcc tests2"
        echo "/bin/dump /dev/hda out/tcc2"
    } >"$dir/tests2.build"
    build/seedbed build --engine "$engine" --quiet --log "$dir/log" -o "$dir/out.cpio" "$dir/tests2.build"
fi
passed=0 failed=0
for name in $(sed -n 's/^\([0-9][^	]*\).*/\1/p' buildscripts/boot4/tests2.txt); do
    # A part without main is there to be compiled alone.
    awk -v begin="== $name" '/^== /{on = $0 == begin; next} on' "$dir/log" |
        sed "s#tcc/tests2/##g; /^tcc: error: undefined symbol 'main'/d" >"$dir/got"
    if diff -bB "build/tcc/tests/tests2/$name.expect" "$dir/got" >"$dir/diff"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not ok: $name"
        head -n 4 "$dir/diff"
    fi
done
echo "tests2 on $engine: $passed passed, $failed failed"
[ $failed -eq 0 ]
