# What in-toto.io/Statement/v1 and slsa.dev/provenance/v1 require of the fields.
def uri: type == "string" and test("^[a-z][a-z0-9+.-]*:.");
def digests: type == "object" and length > 0 and all(to_entries[];
  if .key == "sha256" then (.value | test("^[0-9a-f]{64}$"))
  elif .key == "gitCommit" then (.value | test("^[0-9a-f]{40}$")) else false end);
def time: type == "string" and (fromdateiso8601 > 0);
keys == ["_type", "predicate", "predicateType", "subject"]
and ._type == "https://in-toto.io/Statement/v1"
and .predicateType == "https://slsa.dev/provenance/v1"
and (.subject | length > 0 and (map(.name) | length == (unique | length)))
and all(.subject[]; (.name | type == "string" and length > 0) and (.digest | digests))
and (.predicate | keys == ["buildDefinition", "runDetails"])
and (.predicate.buildDefinition | (.buildType | uri)
  and (.externalParameters | type == "object") and (.internalParameters | type == "object")
  and all(.resolvedDependencies[]; (.digest | digests)))
and (.predicate.runDetails | (.builder.id | uri)
  and (.builder.version | type == "object" and all(.[]; type == "string"))
  and (.metadata.finishedOn | time))
