# newcomer.sh WORK: what somebody meets who has just cloned the project on a bare Debian: as root and
# as a user, without a network, without QEMU, without leave to install. Wants root, for a chroot.
work=$1
root=$work/root
failed=0
[ "$(id -u)" = 0 ] || { echo "seedbed: newcomer: only root can make a chroot" >&2; exit 1; }
mkdir -p "$work"
if [ ! -e "$root/made" ]; then
    rm -rf "$root"
    debootstrap --variant=minbase --include=gcc,libc6-dev,make,git \
        "${SUITE:-bookworm}" "$root" ${MIRROR:+"$MIRROR"} > "$work/debootstrap.log" 2>&1 || {
        tail -n 3 "$work/debootstrap.log" >&2
        exit 1
    }
    chroot "$root" useradd -m newcomer && touch "$root/made"
fi

# inside WHO NAME COMMAND: runs it in a fresh copy of the tree, without a network.
inside() {
    who=$1 name=$2 log=$work/$1-$(echo "$2" | tr ' ' -).log
    home=/root
    [ "$who" = root ] || home=/home/$who
    unshare -m -n sh -c '
        mount -t proc proc "$1/proc" && mount -t tmpfs -o exec,mode=1777 tmpfs "$1/tmp" &&
        mount -t devtmpfs dev "$1/dev" 2>/dev/null || mount --bind /dev "$1/dev"
        mount -t devpts devpts "$1/dev/pts"; mount -t sysfs sys "$1/sys"
        exec chroot "$1" su - "$2" -c "cd $3/seedbed && export NO_APT=1 && $4"
    ' sh "$root" "$who" "$home" "$3" > "$log" 2>&1
    if [ $? = 0 ]; then
        echo "ok - $who: $name"
    else
        echo "not ok - $who: $name ($log)"
        failed=$((failed + 1))
    fi
}

build='printf "src 0 /dev\nsrc 4 /dev/hda\nSEED" > /tmp/x.build'
for who in root newcomer; do
    home=/root
    [ "$who" = root ] || home=/home/$who
    rm -rf "$root$home/seedbed"
    mkdir -p "$root$home/seedbed"
    git archive HEAD | tar -x -C "$root$home/seedbed"
    chroot "$root" chown -R "$who" "$home/seedbed"
    inside "$who" "make" "make -j$(nproc)"
    inside "$who" "a build of its own" "$build && build/seedbed build -o /tmp/x /tmp/x.build && grep -q SEED /tmp/x"
    inside "$who" "an engine that is not here" "$build && build/seedbed build --engine qemu-tcg -o /tmp/x /tmp/x.build 2>&1 | grep -q qemu-system-x86"
    inside "$who" "another build folder and a tree that cannot be written" "mkdir /tmp/b && chmod -R a-w . && make -j$(nproc) host BUILD=/tmp/b; s=\$?; chmod -R u+w .; exit \$s"
    inside "$who" "install" "make -j$(nproc) install PREFIX=/tmp/usr && /tmp/usr/bin/seedbed --version"
    [ -n "$QUICK" ] || inside "$who" "make test" "make test > build/test.log 2>&1; grep -a -A 4 '^not ok' build/test.log; tail -n 1 build/test.log; grep -q ' 0 failed' build/test.log"
done
echo "$failed failed"
[ "$failed" = 0 ]
