# fixpoint.sh [DRIVER...]: the ladder builds itself once more, on each driver (all of them), from what
# the driver's own first run has made: its hex0 is the seed, its Scheme runs the stages, its dump packs
# them. Every program must come out as it was. `make pipelines` comes first.
#
# Environment
#   PIPELINE_WORK=DIR     where the first run has been kept (build/pipelines); the second one
#                         is kept in DIR/again

work=${PIPELINE_WORK:-build/pipelines}
again=$work/again
status=0
for driver in ${*:-native model pc qemu}; do
    first=$work/out/$driver
    out=$again/out/$driver
    for name in boot0 boot1 boot2; do
        PIPELINE_BOOT=scheme PIPELINE_SEED=$first/boot0/hex0 PIPELINE_DUMP=$first/boot0/dump \
            PIPELINE_SCHEME=$first/boot2/scheme \
            sh buildscripts/$name.pipeline "$again/$driver/$name" "$out/$name" "$driver" || exit 1
        for file in "$out/$name"/*; do
            if cmp "$file" "$first/$name/${file##*/}"; then
                printf '%-7s %-24s the same\n' "$driver" "$name/${file##*/}"
            else
                status=1
            fi
        done
    done
done
exit $status
