# run-pipelines.sh [DRIVER...]: runs the pipelines on the drivers (all of them) and prints a table
# of what every stage has made; exit status 1 if any of them fails or differs. boot0 comes first
# because the others use its programs; its native run makes the program that packs results on the
# machine.
#
# Environment
#   PIPELINES="FILE..."   these instead of buildscripts/*.pipeline
#   PIPELINE_BOOT=all     one boot of each driver but native runs all pipelines, and after them the
#                         ladder once more, by what it has made: the bytes must be the same
#   PIPELINE_WORK=DIR     where everything is kept (build/pipelines): DRIVER/NAME is the staging
#                         folder of a pipeline, out/DRIVER/NAME has its exports

work=${PIPELINE_WORK:-build/pipelines}
drivers=${*:-native model pc qemu}
failed=
pipelines=${PIPELINES:-buildscripts/boot0.pipeline
    $(ls buildscripts/*.pipeline | grep -v '/boot0\.pipeline$')}
: "${PIPELINE_DUMP:=$work/out/native/boot0/dump}"
: "${PIPELINE_SCHEME:=$work/out/native/boot2/scheme}"
export PIPELINE_DUMP PIPELINE_SCHEME

# run PIPELINE DRIVER
run() {
    name=$(basename "$1" .pipeline)
    sh "$1" "$work/$2/$name" "$work/out/$2/$name" "$2" || failed="$failed $2/$name"
}

# need_scheme: builds, natively and stage by stage, the interpreter that is to run all others.
need_scheme() {
    boot=$PIPELINE_BOOT
    PIPELINE_BOOT=
    for name in boot0 boot1 boot2; do
        run buildscripts/$name.pipeline native
    done
    PIPELINE_BOOT=$boot
}

# run_again NAME DRIVER: the pipeline NAME of the ladder once more, by what the first run has made.
run_again() {
    PIPELINE_SEED=$work/out/$2/boot0/hex0 sh "buildscripts/$1.pipeline" "$work/$2/again-$1" \
        "$work/out/$2/again/$1" "$2" || failed="$failed $2/again-$1"
}

# boot_all DRIVER: all pipelines in one boot. They are read twice: first to know what is to be
# done, and, when the machine has done it, to take the results.
boot_all() {
    ladder='boot0 boot1 boot2'
    first=$work/$1/plan-1 second=$work/$1/plan-2 room=$work/$1/room
    (
        . buildscripts/pipeline.sh
        _pl_name='all' && _pl_new_plan "$first" && _pl_new_plan "$second"
    ) || exit 1
    for pipeline in $pipelines; do
        PIPELINE_PLAN=$first run "$pipeline" "$1"
    done
    cp "$first/made" "$second/made"
    for name in $ladder; do
        PIPELINE_PLAN=$second run_again $name "$1"
    done
    (
        . buildscripts/pipeline.sh
        _pl_name='all' && _pl_boot_all "$1" "$room" "$first" "$second"
    ) || exit 1
    for pipeline in $pipelines; do
        PIPELINE_RESULTS=$room run "$pipeline" "$1"
    done
    for name in $ladder; do
        PIPELINE_RESULTS=$room run_again $name "$1"
        for output in $(cut -d '|' -f 4 "$work/$1/$name/plan"); do
            cmp "$work/$1/$name/files/$output" "$work/$1/again-$name/files/$output" ||
                failed="$failed $1/again-$name"
        done
    done
    rm -rf "$room"
}

# row NAME OUTPUT: its line of the table.
row() {
    want= bytes=- cells=
    for driver in $drivers; do
        file=$work/$driver/$1/files/$2
        case "$failed " in
        *" $driver/$1 "*)
            cells="$cells FAILED"
            continue
            ;;
        esac
        have=$(sha256sum <"$file" | cut -c 1-16)
        if [ -z "$want" ]; then
            want=$have bytes=$(wc -c <"$file")
        fi
        if [ "$have" = "$want" ]; then
            cells="$cells same"
        else
            cells="$cells DIFFERS" failed="$failed $2"
        fi
    done
    printf '%-10s %-16s %8s  %-16s' "$1" "$2" "$bytes" "$want"
    printf ' %-7s' $cells
    printf '\n'
}

case " $drivers " in
*' native '*) ;;
*) [ -f "$PIPELINE_DUMP" ] || run buildscripts/boot0.pipeline native ;;
esac
if [ "${PIPELINE_BOOT-}" = scheme ] || [ "${PIPELINE_BOOT-}" = all ]; then
    [ -f "$PIPELINE_SCHEME" ] || need_scheme
fi
for driver in $drivers; do
    if [ "${PIPELINE_BOOT-}" = all ] && [ "$driver" != native ]; then
        boot_all "$driver"
        continue
    fi
    for pipeline in $pipelines; do
        run "$pipeline" "$driver"
    done
done

printf '\n%-10s %-16s %8s  %-16s' pipeline output bytes SHA-256
printf ' %-7s' $drivers
printf '\n'
for pipeline in $pipelines; do
    name=$(basename "$pipeline" .pipeline)
    for output in $(cut -d '|' -f 4 "$work/${drivers%% *}/$name/plan"); do
        row "$name" "$output"
    done
done
[ -z "$failed" ]
