# fetch-source.sh PACKAGE DIR: puts the source of a Debian package, in the version that is installed
# if that is to be had, into DIR, unless it is there. Test sources, and tcc's own, are inputs of
# tests; nothing is kept in the tree. What apt needs for it (a list of source packages, which few
# systems have) is kept in a folder of its own and not in the system's: root is not needed.
set -e
package=$1 dir=$2
[ ! -e "$dir/.complete" ] || exit 0
mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9
[ ! -e "$dir/.complete" ] || exit 0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    echo "seedbed: the source of Debian's package $package cannot be had: $*; or unpack it to $dir and make $dir/.complete" >&2
    exit 1
}
command -v apt-get >/dev/null || fail "there is no apt-get here"

# Where the system's packages come from, their sources do, too; where it names nothing, from Debian itself.
mkdir -p "$work/sources" "$work/lists/partial" "$work/cache/archives/partial" "$work/source" "$work/tree"
etc=${APT_SOURCES:-/etc/apt}
for list in "$etc"/sources.list.d/*.sources; do
    [ ! -e "$list" ] || sed 's/^Types:.*/Types: deb-src/' "$list" >"$work/sources/${list##*/}"
done
for list in "$etc"/sources.list "$etc"/sources.list.d/*.list; do
    [ ! -e "$list" ] || sed -n 's/^deb /deb-src /p' "$list" >"$work/sources/system-${list##*/}.list"
done
if ! cat "$work"/sources/* 2>/dev/null | grep -q '^Types: deb-src\|^deb-src '; then
    codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$key" ] && by=" [signed-by=$key]" || by=
    echo "deb-src$by http://deb.debian.org/debian ${codename:-stable} main" >"$work/sources/debian.list"
fi

options="-o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts=$work/sources
    -o Dir::State::lists=$work/lists -o Dir::Cache=$work/cache -o APT::Sandbox::User=root -qq"
reason() {
    grep '^[EW]: ' "$work/log" | head -n 1
}
# One list of several may be unreachable.
apt-get $options update >"$work/log" 2>&1 || :
version=$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null || :)
(
    cd "$work/source"
    [ -n "$version" ] && apt-get $options source --download-only "$package=$version" ||
        apt-get $options source --download-only "$package"
) >>"$work/log" 2>&1 || fail "$(reason)"
# Some have a folder of their own around their files, some have not.
tar -xf "$work"/source/"$package"_*.orig.tar.* -C "$work/tree" || fail "it has no *.orig.tar.*"
set -- "$work/tree"/*
[ $# -eq 1 ] || set -- "$work/tree"
rm -rf "$dir"
cp -r "$1" "$dir"
touch "$dir/.complete"
