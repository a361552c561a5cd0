# fetch-source.sh PACKAGE DIR: puts the source of a Debian package, in the version that is installed
# if it is, into DIR, unless it is there. Test sources, and tcc's own, are inputs of tests; nothing
# is kept in the tree. The lists of source packages that apt needs are kept apart from the system's.
set -e
package=$1 dir=$2
[ ! -e "$dir/.complete" ] || exit 0
mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9
[ ! -e "$dir/.complete" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
for list in /etc/apt/sources.list.d/*.sources; do
    [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/sources/${list##*/}"
done
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ ! -e "$list" ] || sed -n 's/^deb /deb-src /p' "$list" >"$work/sources/${list##*/}"
done
options="-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$work/sources
    -o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache -o APT::Sandbox::User=root -qq"
apt-get $options update
version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || :)
cd "$work/source"
apt-get $options source --download-only "$package${version:+=$version}"
cd - >/dev/null
# Some have a folder of their own around their files, some have not.
mkdir "$work/tree"
tar -xf "$work"/source/"$package"_*.orig.tar.* -C "$work/tree"
set -- "$work/tree"/*
[ $# -eq 1 ] || set -- "$work/tree"
rm -rf "$dir"
cp -r "$1" "$dir"
touch "$dir/.complete"
