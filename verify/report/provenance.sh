# provenance.sh: prints an in-toto statement of what `make` has built (provenance.jq).
here=$(dirname "$0")
digests() {
    sha256sum -- "$@" | jq -R 'split("  ") | {name: .[1], sha256: .[0]}' | jq -s .
}
# Every source: what git knows, or where there is no git what lies beside this file's project.
sources() {
    git ls-files -z 2>/dev/null | grep -z . ||
        find -L hex0 stage1 images refmodel buildscripts Makefile -type f -print0 2>/dev/null
}
for file in build/mini.bin build/stage1.bin build/seedbed.bin; do
    [ -e "$file" ] || { echo "seedbed: $file: not built, run make" >&2; exit 1; }
done
temporary=$(mktemp) || exit 1
trap 'rm -f "$temporary"' EXIT
sources | LC_ALL=C sort -z | xargs -0 sh -c 'for f; do [ -f "$f" ] && sha256sum -- "$f"; done; :' sh |
    jq -R 'split("  ") | {name: .[1], sha256: .[0]}' | jq -s . > "$temporary"
set -- build/ddc/out/tcc? build/ddc/out/tccG?
[ -f "$1" ] || set --
tccs=[]
[ $# -eq 0 ] || tccs=$(digests "$@")
jq -n -f "$here/provenance.jq" \
    --argjson outputs "$(digests build/mini.bin build/stage1.bin build/seedbed.bin)" \
    --slurpfile inputs "$temporary" \
    --argjson tccs "$tccs" \
    --arg commit "$(git rev-parse HEAD 2>/dev/null)" \
    --arg changed "$(git status --porcelain 2>/dev/null)" \
    --arg finished "$(date -u -r build/seedbed.bin +%Y-%m-%dT%H:%M:%SZ)" \
    --argjson tools "$(sh "$here/tools.sh" | jq -R 'split("\t") | {(.[0]): .[1]}' | jq -s add)"
