# hosts.sh FOLDER TOTALS HOSTS SEED OPTION...: the fuzzer on each of the ssh logins in HOSTS (comma-separated,
# as GNU parallel takes them), which have this folder, built, in the same place. What each counts and
# finds comes back through its output: FOLDER/N/totals, FOLDER/N/*.calls and so on; their sum is appended to
# TOTALS.
folder=$1 totals=$2 hosts=$3 seed=$4
shift 4
rm -rf "$folder"
mkdir -p "$folder"
n=$(printf '%s' "$hosts" | tr -cd , | wc -c)
export SHELL="${SHELL:-/bin/sh}" # a login sets it, and GNU parallel counts on it
seq 0 "$n" | parallel --will-cite --jobs 1 --sshlogin "$hosts" --workdir "$PWD" "
    mkdir -p $folder/{} &&
    build/fuzz $* --seed \$((($seed + {} * 99991) % 1000000)) --found $folder/{} --totals $folder/{}/totals >&2
    tar -cf - -C $folder {}" | tar -xif - -C "$folder"
lost=0
for i in $(seq 0 "$n"); do
    [ -s "$folder/$i/totals" ] || lost=$((lost + 1))
done
found=$(find "$folder" -name '*.calls' -o -name '*.wild' -o -name '*.script')
[ -z "$found" ] || cp $found verify/cases/found/
echo "all hosts together:"
build/fuzz --sum --totals "$totals" "$folder"/*/totals
same=$?
[ "$lost" = 0 ] || echo "seedbed: no answer of $lost hosts" >&2
[ "$same" = 0 ] && [ -z "$found" ] && [ "$lost" = 0 ]
