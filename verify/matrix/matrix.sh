# matrix.sh FOLDER JOBS PARALLEL_ARGS FILTER...: runs the cells of the matrix that are not done yet.
# FOLDER/joblog, that of GNU parallel, says which are; FOLDER/results.tsv has a row for each.
folder=$1 jobs=$2 args=$3
shift 3
mkdir -p "$folder"

# What another builder has done does not count.
key=$(cat build/cells build/seeds/seedbed.bin build/seeds/mini.bin build/boot0/hex0-seed | sha256sum)
if [ "$key" != "$(cat "$folder/key" 2>/dev/null)" ]; then
    rm -f "$folder/joblog" "$folder/results.tsv"
    echo "$key" >"$folder/key"
fi

build/cells --list "$@" >"$folder/cells" || exit
touch "$folder/joblog" "$folder/results.tsv"
awk -F '\t' '$7 == 0 { print $9 }' "$folder/joblog" >"$folder/done"
sed 's|^|build/cells |' "$folder/cells" | grep -vxFf "$folder/done" >"$folder/todo"
echo "$(wc -l <"$folder/todo") of $(wc -l <"$folder/cells") machines to go"
if [ -s "$folder/todo" ]; then
    # A machine that runs again loses its old row.
    sed "s|^build/cells ||" "$folder/todo" | tr " " "\t" | awk -F "\t" '
        NR == FNR { again[$1, $2, $3, $4, $5] = 1; next }
        !(($1, $2, $3, $4, $5) in again)' - "$folder/results.tsv" >"$folder/kept"
    mv "$folder/kept" "$folder/results.tsv"
    [ -t 2 ] && args="--bar $args"
    export SHELL="${SHELL:-/bin/sh}" # a login sets it, and GNU parallel counts on it
    parallel --will-cite --jobs "$jobs" --joblog "+$folder/joblog" $args \
        <"$folder/todo" >>"$folder/results.tsv"
fi

# The rows of the cells asked for, by verdict.
tr ' ' '\t' <"$folder/cells" | awk -F '\t' -v OFS='\t' '
    NR == FNR { asked[$1, $2, $3, $4, $5] = 1; missing++; next }
    !(($1, $2, $3, $4, $5) in asked) { next }
    { rows++; missing--; kind = $7; sub(/:.*/, "", kind) }
    $7 ~ /^ok: ERROR/ { kind = "refused" }
    { count[kind]++ }
    kind == "cannot" || kind == "refused" { reason[$7]++ }
    kind == "FAILED" { print "  " $1, $2, $3, $4, $5, $7 }
    END {
        for (why in reason) print "  " reason[why] " " why
        printf "%d build the same, %d end in the ERROR of the contract, %d cannot be booted, %d fail\n",
            count["ok"], count["refused"], count["cannot"], count["FAILED"]
        if (missing) print missing " have no result; the joblog says what became of them"
        exit count["FAILED"] > 0 || missing || rows == 0
    }' - "$folder/results.tsv"
