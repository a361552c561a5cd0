# run-pipelines.sh [DRIVER...]: runs every buildscripts/*.pipeline on the drivers (all of them) and
# prints a table of their outputs; exit status 1 if any of them fails or differs. boot0 comes first
# because the others use its programs; its native run makes the program that packs results on the
# machine.

work=build/pipelines
drivers=${*:-native model qemu}
failed=0
pipelines=boot0
for path in buildscripts/*.pipeline; do
    name=$(basename "$path" .pipeline)
    [ "$name" = boot0 ] || pipelines="$pipelines $name"
done

# run NAME DRIVER
run() {
    sh "buildscripts/$1.pipeline" $work/$2/$1 $work/out/$2/$1 $2 || failed=1
}

# row NAME OUTPUT: its line of the table.
row() {
    want= bytes=- cells=
    for driver in $drivers; do
        file=$work/out/$driver/$1/$2
        if [ ! -f "$file" ]; then
            cells="$cells MISSING" failed=1
            continue
        fi
        have=$(sha256sum <"$file" | cut -c 1-16)
        if [ -z "$want" ]; then
            want=$have bytes=$(wc -c <"$file")
        fi
        if [ "$have" = "$want" ]; then
            cells="$cells same"
        else
            cells="$cells DIFFERS" failed=1
        fi
    done
    printf '%-10s %-12s %8s  %-16s' "$1" "$2" $bytes "$want"
    printf ' %-7s' $cells
    printf '\n'
}

case " $drivers " in
*' native '*) ;;
*) [ -f $work/out/native/boot0/dump ] || run boot0 native ;;
esac
for name in $pipelines; do
    for driver in $drivers; do
        run $name $driver
    done
done

printf '\n%-10s %-12s %8s  %-16s' pipeline output bytes SHA-256
printf ' %-7s' $drivers
printf '\n'
for name in $pipelines; do
    for output in $(cat $work/*/$name/exports | sort -u); do
        row $name "$output"
    done
done
exit $failed
