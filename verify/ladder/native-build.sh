#!/bin/sh
# native-build.sh BUILD ROOT TIMES: what `seedbed build` does with a build file, on this Linux: takes the files to the folder ROOT and runs
# the commands with that as their root. TIMES gets each line of theirs behind the seconds since the start, as with `seedbed build --times`.
set -eu
build=$1 root=$2 times=$3
from=$(dirname "$build")
rm -rf "$root"
mkdir -p "$root"

# Each line of standard input to $times.
with_times() {
    begin=$(date +%s%N)
    while IFS= read -r line; do
        ms=$((($(date +%s%N) - begin) / 1000000))
        printf '%d.%03d\t0\t%s\n' $((ms / 1000)) $((ms % 1000)) "$line"
    done >"$times"
}

# The host's path of a file that the build file names.
source_of() {
    case $1 in
    /*) echo "$1" ;;
    *) echo "$from/$1" ;;
    esac
}

commands() {
    while IFS= read -r line; do
        case $line in '#'* | '') continue ;; esac
        set -- $line
        case $1 in
        @dir) mkdir -p "$root$2" ;;
        @tree) mkdir -p "$root$2" && cp -r "$(source_of "$3")/." "$root$2/" ;;
        @file) mkdir -p "$root$(dirname "$2")" && cp "$(source_of "$3")" "$root$2" && chmod 755 "$root$2" ;;
        hex0) echo "$line" && build/seedbed hex0 --strict "$root$2" "$root$3" && chmod 755 "$root$3" ;;
        *) echo "$line" && build/pipeline-native 3600 "$root" "$@" || { echo "ERROR: $1: exit status $?" && break; } ;;
        esac
    done <"$build"
}

commands 2>&1 | with_times
! grep '	ERROR: ' "$times" >&2
