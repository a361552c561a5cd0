# verify.sh STATEMENT [PUBLIC_KEY]: whether the files here are those that a provenance names, and, with
# a key, whether STATEMENT.sig is its signature (`openssl pkeyutl`, Ed25519).
statement=$1
key=$2
[ -f "$statement" ] || { echo "seedbed: $statement: not there, run make report" >&2; exit 1; }
if [ -n "$key" ]; then
    openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in "$statement" -sigfile "$statement.sig" || {
        echo "seedbed: $statement.sig is no signature of it by $key" >&2
        exit 1
    }
fi
jq -r '(.subject[] | .digest.sha256 + "  build/" + .name),
       (.predicate.buildDefinition.resolvedDependencies[] | select(.digest.sha256) |
        .digest.sha256 + "  " + .name)' "$statement" | sha256sum -c --quiet || {
    echo "seedbed: the files here are not those that $statement names" >&2
    exit 1
}
n=$(jq '.predicate.buildDefinition.internalParameters.changed | length' "$statement")
[ "$n" = 0 ] || echo "seedbed: $n files were not as committed when it was made"
echo "seedbed: $statement: all files are those that it names"
