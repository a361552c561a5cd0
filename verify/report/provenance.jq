# in-toto Statement v1 with the SLSA provenance v1 predicate (slsa.dev/spec/v1.0/provenance).
def resource: {name, digest: {sha256}};
{
  _type: "https://in-toto.io/Statement/v1",
  subject: [$outputs[] | .name |= sub("^build/"; "") | resource],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      buildType: "urn:seedbed:rebuild:v1",
      externalParameters: {command: "make rebuild"},
      internalParameters: {changed: ($changed | split("\n") | map(select(. != "")))},
      resolvedDependencies:
        ([{name: "source", digest: {gitCommit: $commit}} | select($commit != "")]
         + [$inputs[0][] | resource])
    },
    runDetails: {
      builder: {id: "urn:seedbed:make", version: $tools},
      metadata: {finishedOn: $finished},
      # the tccs of make ddc, where it has run: tcc2, tcc3 and tccG2 are the same
      byproducts: [$tccs[] | .name |= sub("^build/"; "") | resource]
    }
  }
}
