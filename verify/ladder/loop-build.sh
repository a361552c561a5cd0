#!/bin/sh
# loop-build.sh DIR: writes DIR/loop.build, the whole loop in one boot of a machine that is given nothing but text: the kernel's own hex0 makes
# the first program, the kernel's shell boot0, boot0's kaem boot1 and boot2, and boot2's Scheme runs boot4/ladder.scm in the sources of DIR/root.
set -eu
dir=$1
products=$2
plan=$dir/plan
sh verify/ladder/sources.sh "$dir/root"
(
    . buildscripts/pipeline.sh
    _pl_name=loop && _pl_new_plan "$plan"
)
for name in boot0 boot1 boot2; do
    PIPELINE_PLAN=$plan sh buildscripts/$name.pipeline "$dir/pipelines/$name" "$dir/pipelines/out/$name" qemu
done
rm -f "$dir/climb.kaem"
awk -v SCRIPT="$dir/climb.kaem" -f verify/ladder/loop-plan.awk "$plan/plan" >"$dir/boot0.commands"
cat >>"$dir/climb.kaem" <<'END'
cd /
/boot2/cp -t bin boot1/link boot2/scheme boot2/sha256sum
bin/scheme boot4/ladder.scm tcc loop
END
{
    grep -v '^@file /boot0/hex0-seed ' "$plan/files"
    for folder in tcc boot3 boot4 libc refmodel hex0; do
        echo "@tree /$folder root/$folder"
    done
    printf '@file /%s root/%s\n' model.c model.c pc.c pc.c sources sources
    printf '@file /climb.kaem climb.kaem\n@dir /bin\n@dir /dev\n'
    echo 'hex0 /boot0/hex0.hex0 /boot0/hex0-seed'
    cat "$dir/boot0.commands"
    echo '/boot0/kaem climb.kaem'
    echo "/boot0/dump /dev/hda $products"
} >"$dir/loop.build"
