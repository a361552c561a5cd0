#!/bin/sh
# root.sh DIR: the folder that boot4/ladder.scm runs in: the sources, and in bin the programs of the ladder, made on this Linux.
set -eu
sh verify/ladder/sources.sh "$1"
sh verify/ladder/programs.sh "$1/bin"
