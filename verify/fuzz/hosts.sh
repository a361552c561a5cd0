# hosts.sh FOLDER HOSTS SEED OPTION...: the fuzzer on each of the ssh logins in HOSTS (comma-separated,
# as GNU parallel takes them), which have this folder, built, in the same place. What each counts and
# finds comes back through its output: FOLDER/N/totals, FOLDER/N/*.calls and so on.
folder=$1 hosts=$2 seed=$3
shift 3
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
[ "$lost" = 0 ] || echo "seedbed: no answer of $lost hosts" >&2
cat "$folder"/*/totals >>build/fuzz.txt
found=$(find "$folder" -name '*.calls' -o -name '*.wild' -o -name '*.script')
[ -z "$found" ] || cp $found verify/cases/found/
[ -z "$found" ] && [ "$lost" = 0 ]
