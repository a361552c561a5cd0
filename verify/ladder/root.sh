#!/bin/sh
# root.sh DIR: the folder that boot4/ladder.scm runs in: programs of the ladder, sources of C. It has links to the sources, so that a
# run on this Linux and one on the machine see the same paths.
set -eu
dir=$1
top=$(pwd)
sh verify/tests/ladder/fetch-source.sh tcc build/tcc
rm -rf "$dir"
mkdir -p "$dir/tcc"
sh verify/ladder/programs.sh "$dir/bin"
cp build/tcc/*.c build/tcc/*.h build/tcc/*.def "$dir/tcc/"
cp verify/routes/model.c verify/routes/pc.c "$dir/"
for folder in boot3 boot4 libc; do
    ln -s "$top/buildscripts/$folder" "$dir/$folder"
done
ln -s "$top/refmodel" "$top/hex0" "$dir/"
(cd "$dir" && LC_ALL=C find libc/*.c refmodel/ -name '*.c' | LC_ALL=C sort >sources)
