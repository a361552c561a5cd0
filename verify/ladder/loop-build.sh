#!/bin/sh
# loop-build.sh DIR PRODUCTS: writes DIR/loop.build, the whole loop in one boot of a machine that is given nothing but text: up to Scheme
# (buildscripts/climb.sh), which then runs boot4/ladder.scm in the sources of DIR/root. The artifact is an archive of PRODUCTS.
set -eu
dir=$1
products=$2
sh buildscripts/climb.sh "$dir"
sh verify/ladder/sources.sh "$dir/root"
{
    for folder in tcc boot3 boot4 libc refmodel hex0; do
        echo "@tree /$folder root/$folder"
    done
    printf '@file /%s root/%s\n' model.c model.c pc.c pc.c sources sources
    printf '@dir /bin\n@dir /dev\n'
    cat "$dir/climb.build"
    echo '/boot2/cp -t bin boot1/link boot2/scheme boot2/sha256sum'
    echo '/bin/scheme boot4/ladder.scm tcc loop'
    echo "/boot0/dump /dev/hda $products"
} >"$dir/loop.build"
