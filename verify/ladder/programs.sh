#!/bin/sh
# programs.sh DIR: scheme, link, dump and sha256sum into DIR, made on this Linux by the ladder's own pipelines. Those work in build/ladder, one
# run at a time.
set -eu
mkdir -p "$1" build
exec 9>build/ladder.lock
flock 9
PIPELINE_WORK=build/ladder PIPELINES="buildscripts/boot0.pipeline buildscripts/boot1.pipeline buildscripts/boot2.pipeline" \
    sh buildscripts/run-pipelines.sh native >build/ladder.log || { cat build/ladder.log >&2 && exit 1; }
out=build/ladder/out/native
cp "$out/boot0/dump" "$out/boot1/link" "$out/boot2/sha256sum" "$1/"
if [ -e "$out/boot2/scheme" ]; then cp "$out/boot2/scheme" "$1/"; else cp build/scheme "$1/"; fi
