# ENGINE.times...: the tables of `seedbed build --times` of the loop, as one: a row for each stage, for each engine the seconds, and where it
# counts them the million instructions.
function stage_begins(name) {
    current = name
    if (!(name in number)) {
        number[name] = ++stages
        names[stages] = name
    }
    since = $1
    count = $2
}
# What has passed since the stage began belongs to it.
function stage_ends() {
    seconds[engine, number[current]] += $1 - since
    million[engine, number[current]] += ($2 - count) / 1000000
}
BEGIN { FS = "\t" }
FNR == 1 {
    engine = FILENAME
    sub(/.*\//, "", engine)
    sub(/\.times$/, "", engine)
    engines[++engine_count] = engine
    since = count = 0
    current = ""
    stage_begins("files")
    since = count = 0
}
current == "files" && $3 ~ /^hex0 / { stage_ends(); stage_begins("boot0") }
$3 ~ /^stage: / {
    stage_ends()
    name = substr($3, 8)
    gsub(/out\//, "", name)
    gsub(/[ ,]+by[ ]/, "<", name)
    gsub(/, /, ",", name)
    stage_begins(name)
}
$3 ~ /^ladder: all done/ { stage_ends(); stage_begins("archive") }
{ last_seconds[engine] = $1; last_count[engine] = $2 / 1000000 }
$3 ~ /^Build finished/ || FNR > 1 && current == "archive" { stage_ends(); since = $1; count = $2 }
END {
    printf "%-32s", "stage"
    for (e = 1; e <= engine_count; e++)
        printf " %11s,s%s", engines[e], last_count[engines[e]] ? sprintf(" %11s", "M-instr") : ""
    print ""
    for (s = 1; s <= stages + 1; s++) {
        printf "%-32s", (s > stages ? "all" : names[s])
        for (e = 1; e <= engine_count; e++) {
            all = (s > stages)
            printf " %13.1f", all ? last_seconds[engines[e]] : seconds[engines[e], s]
            if (last_count[engines[e]])
                printf " %11.0f", all ? last_count[engines[e]] : million[engines[e], s]
        }
        print ""
    }
}
