#!/bin/sh
# sources.sh DIR: the folder that boot4/ladder.scm runs in, without the programs of the ladder in bin. It has copies of the sources, so that
# all runs on it see the same ones under the same paths.
set -eu
dir=$1
sh verify/tests/ladder/fetch-source.sh tcc build/tcc
rm -rf "$dir"
mkdir -p "$dir/tcc"
cp build/tcc/*.c build/tcc/*.h build/tcc/*.def "$dir/tcc/"
cp verify/routes/model.c verify/routes/pc.c "$dir/"
for folder in buildscripts/boot3 buildscripts/boot4 buildscripts/libc refmodel hex0; do
    cp -r $folder "$dir/"
done
(cd "$dir" && LC_ALL=C find libc/*.c refmodel/ -name '*.c' | LC_ALL=C sort >sources)
