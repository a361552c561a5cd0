# run-pipelines.sh [DRIVER...]: runs every buildscripts/*.pipeline on the drivers (all of them) and
# prints a table of their outputs; exit status 1 if any of them fails or differs. The native run of
# boot0 comes first: it makes the program that packs results on the machine.

work=build/pipelines
drivers=${*:-native model qemu}
failed=0

if [ ! -f $work/out/native/boot0/dump ]; then
    sh buildscripts/boot0.pipeline $work/native/boot0 $work/out/native/boot0 native || exit 1
fi
for pipeline in buildscripts/*.pipeline; do
    name=$(basename "$pipeline" .pipeline)
    for driver in $drivers; do
        sh "$pipeline" $work/$driver/$name $work/out/$driver/$name $driver || failed=1
    done
done

printf '\n%-12s %-14s %8s  %-16s' pipeline output bytes SHA-256
printf ' %-6s' $drivers
printf '\n'
for pipeline in buildscripts/*.pipeline; do
    name=$(basename "$pipeline" .pipeline)
    for path in $(cd $work/out && ls -d */$name/* | cut -d / -f 3 | sort -u); do
        want=
        row=
        for driver in $drivers; do
            file=$work/out/$driver/$name/$path
            have=$([ -f $file ] && sha256sum <$file | cut -c 1-16)
            want=${want:-$have}
            if [ -z "$have" ]; then
                row="$row MISSING" failed=1
            elif [ "$have" = "$want" ]; then
                row="$row same" first=$file
            else
                row="$row DIFFERS" failed=1
            fi
        done
        printf '%-12s %-14s %8d  %-16s' $name $path "$(wc -c <$first)" $want
        printf ' %-6s' $row
        printf '\n'
    done
done
exit $failed
