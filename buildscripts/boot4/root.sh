#!/bin/sh
# root.sh DIR: the folder that boot4/ladder.scm runs in: programs of the ladder, sources of C. It has links to the sources, so that a
# run on this Linux and one on the machine see the same paths.
set -eu
dir=$1
top=$(pwd)
sh verify/tests/ladder/fetch-source.sh tcc build/tcc
ladder=build/ladder/out/native
sh buildscripts/boot4/programs.sh

rm -rf "$dir"
mkdir -p "$dir/bin" "$dir/tcc"
cp "$ladder/boot0/dump" "$ladder/boot1/link" "$ladder/boot2/sha256sum" "$dir/bin/"
if [ -e "$ladder/boot2/scheme" ]; then cp "$ladder/boot2/scheme" "$dir/bin/"; else cp build/scheme "$dir/bin/"; fi
cp build/tcc/*.c build/tcc/*.h build/tcc/*.def "$dir/tcc/"
cp -r build/tcc/include "$dir/tcc/"
cp verify/routes/model.c "$dir/"
for folder in boot3 boot4 libc; do
    ln -s "$top/buildscripts/$folder" "$dir/$folder"
done
ln -s "$top/refmodel" "$top/hex0" "$dir/"
(cd "$dir" && LC_ALL=C find libc/*.c refmodel/ -name '*.c' | LC_ALL=C sort >sources)
