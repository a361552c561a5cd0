# package.sh WORK: the Debian packages, built in a chroot that has what debian/control asks for, looked
# at by lintian, and then installed, run and removed in a bare chroot without a network. Wants root.
work=$1
failed=0
[ "$(id -u)" = 0 ] || { echo "seedbed: newcomer: only root can make a chroot" >&2; exit 1; }
mkdir -p "$work"

# bare NAME [PACKAGE...]: a Debian under $work/NAME, made once.
bare() {
    [ -e "$work/$1/made" ] && return
    name=$1
    shift
    rm -rf "${work:?}/$name"
    {
        debootstrap --variant=minbase "${SUITE:-bookworm}" "$work/$name" ${MIRROR:+"$MIRROR"} &&
            { [ $# = 0 ] || chroot "$work/$name" apt-get install -y --no-install-recommends "$@"; }
    } > "$work/debootstrap.log" 2>&1 || {
        tail -n 3 "$work/debootstrap.log" >&2
        exit 1
    }
    touch "$work/$name/made"
}

# inside NAME WHAT COMMAND: runs it as root there, without a network.
inside() {
    log=$work/$1-$(echo "$2" | tr ' ' -).log
    if unshare -m -n sh -c 'mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev"
            exec chroot "$1" sh -c "$2"' sh "$work/$1" "$3" > "$log" 2>&1; then
        echo "ok - package: $2"
    else
        echo "not ok - package: $2 ($log)"
        failed=$((failed + 1))
    fi
}

bare builder build-essential debhelper lintian git
bare user
rm -rf "$work/builder/root/build" "$work/user/root/debs"
mkdir -p "$work/builder/root/build/seedbed" "$work/user/root/debs"
git archive HEAD | tar -x -C "$work/builder/root/build/seedbed"
inside builder "builds" "cd /root/build/seedbed && dpkg-buildpackage -b -us -uc"
inside builder "lintian finds no error" "cd /root/build && lintian --allow-root --fail-on error *.changes"
cp "$work"/builder/root/build/*.deb "$work/user/root/debs/" || failed=$((failed + 1))
inside user "installs" "dpkg -i /root/debs/seedbed_*.deb"
inside user "says its version and its kernel" "seedbed --version | grep -E '[0-9a-f]{64}'"
inside user "builds" "cd /tmp && printf 'src 0 /dev\nsrc 4 /dev/hda\nSEED' > x.build &&
    seedbed build -o x x.build && grep -q SEED x"
inside user "has its pages" "test -e /usr/share/man/man1/seedbed.1.gz && test -e /usr/share/man/man5/seedbed-build.5.gz"
inside user "goes away whole" "dpkg -P seedbed && ! command -v seedbed && ! find /usr -name '*seedbed*' | grep ."
echo "$failed failed"
[ "$failed" = 0 ]
