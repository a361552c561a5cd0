# package.sh WORK: the Debian packages, built in a chroot that has what debian/control asks for, looked
# at by lintian, and then installed, run and removed in a bare chroot without a network. Wants root.
work=$1
. "$(dirname "$0")/chroot.sh"

bare builder build-essential debhelper lintian git
bare user
copy builder root
step builder root "builds" "rm -f ../*.deb && dpkg-buildpackage -b -us -uc"
step builder root "lintian finds no error" "lintian --allow-root --fail-on error ../*.changes"
rm -rf "$work/user/root/debs"
mkdir -p "$work/user/root/debs"
cp "$work"/builder/root/*.deb "$work/user/root/debs/" || failed=$((failed + 1))
installed() { step user root "$1" "$2"; }
installed "installs" "dpkg -i /root/debs/seedbed_*.deb"
installed "says its version and its kernel" "seedbed --version | grep -E '[0-9a-f]{64}'"
installed "builds" "cd /tmp && printf 'src 0 /dev\nsrc 4 /dev/hda\nSEED' > x.build &&
    seedbed build -o x x.build && grep -q SEED x"
installed "has its pages" "test -e /usr/share/man/man1/seedbed.1.gz && test -e /usr/share/man/man5/seedbed-build.5.gz"
installed "goes away whole" "dpkg -P seedbed && ! command -v seedbed && ! find /usr -name '*seedbed*' | grep ."
verdict
