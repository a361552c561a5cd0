# climb.sh DIR: writes DIR/climb.build, a build file for a machine that is given nothing but text: the kernel's own hex0 makes the first
# program, the kernel's shell runs the stages of the pipeline boot0, and boot0's kaem those of boot1 and boot2. Then there are
# /boot0/kaem, /boot1/link, /boot2/scheme and the others, and whoever has added lines behind these goes on with them.
set -eu
dir=$1
mkdir -p "$dir"
home=$(cd "$dir" && pwd)
plan=$dir/plan
(
    . buildscripts/pipeline.sh
    _pl_name=climb && _pl_new_plan "$plan"
)
# The plan wants a first program from the host; its line is left out below.
export PIPELINE_SEED=buildscripts/boot0/hex0.hex0
for name in boot0 boot1 boot2; do
    PIPELINE_PLAN=$plan sh buildscripts/$name.pipeline "$dir/pipelines/$name" "$dir/pipelines/out/$name" qemu
done
rm -f "$dir/climb.kaem"
awk -v SCRIPT="$dir/climb.kaem" -f buildscripts/climb.awk "$plan/plan" >"$dir/boot0.commands"
{
    grep -v '^@file /boot0/hex0-seed ' "$plan/files"
    echo "@file /climb.kaem $home/climb.kaem"
    echo 'hex0 /boot0/hex0.hex0 /boot0/hex0-seed'
    cat "$dir/boot0.commands"
    echo '/boot0/kaem climb.kaem'
} >"$dir/climb.build"
