#!/bin/sh
# programs.sh: the programs of the ladder up to boot2, made by its own pipelines on this Linux, into build/ladder/out/native.
set -eu
mkdir -p build
exec 9>build/ladder.lock
flock 9
PIPELINE_WORK=build/ladder PIPELINES="buildscripts/boot0.pipeline buildscripts/boot1.pipeline buildscripts/boot2.pipeline" \
    sh buildscripts/run-pipelines.sh native >build/ladder.log || { cat build/ladder.log >&2 && exit 1; }
