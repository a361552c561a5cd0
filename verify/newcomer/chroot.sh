# What newcomer.sh and package.sh share: bare Debians in chroots, and steps tried in them. Wants root
# and $work, the folder where the chroots and the log of each step are.
failed=0
[ "$(id -u)" = 0 ] || { echo "seedbed: newcomer: only root can make a chroot" >&2; exit 1; }
mkdir -p "$work"

# bare NAME [PACKAGE...]: a Debian under $work/NAME with these packages, made once. MIRROR and SUITE
# are debootstrap's.
bare() {
    [ -e "$work/$1/made" ] && return
    name=$1
    shift
    rm -rf "${work:?}/$name"
    {
        debootstrap --variant=minbase "${SUITE:-bookworm}" "$work/$name" ${MIRROR:+"$MIRROR"} &&
            { [ $# = 0 ] || chroot "$work/$name" apt-get install -y --no-install-recommends "$@"; } &&
            chroot "$work/$name" useradd -m newcomer
    } > "$work/debootstrap.log" 2>&1 || {
        tail -n 3 "$work/debootstrap.log" >&2
        exit 1
    }
    touch "$work/$name/made"
}

# copy NAME USER: a fresh copy of the tree, as it is committed, in USER's home there.
copy() {
    home=/root
    [ "$2" = root ] || home=/home/$2
    rm -rf "${work:?}/$1$home/seedbed"
    mkdir -p "$work/$1$home/seedbed"
    git archive HEAD | tar -x -C "$work/$1$home/seedbed"
    chroot "$work/$1" chown -R "$2" "$home/seedbed"
}

# step NAME USER WHAT COMMAND: runs it there as USER in the copy of the tree, or at home if there is
# none. The step has a network if $network is not empty. Its /tmp is on the disk, for tests write more there
# than many machines have memory.
step() {
    rm -rf "$work/tmp"
    mkdir -m 1777 "$work/tmp"
    log=$work/$1-$2-$(echo "$3" | tr ' ' -).log
    if unshare -m ${network:--n} sh -c '
        mount -t proc proc "$1/proc" && mount --bind "$4" "$1/tmp" &&
        mount -t devtmpfs dev "$1/dev" 2>/dev/null || mount --bind /dev "$1/dev"
        mount -t devpts devpts "$1/dev/pts"; mount -t sysfs sys "$1/sys"
        exec chroot "$1" su - "$2" -c "cd seedbed 2>/dev/null; $3"
    ' sh "$work/$1" "$2" "$4" "$work/tmp" > "$log" 2>&1; then
        echo "ok - $2: $3"
    else
        echo "not ok - $2: $3 ($log)"
        failed=$((failed + 1))
    fi
}

# verdict: the last line, and whether all steps went well.
verdict() {
    rm -rf "$work/tmp"
    echo "$failed failed"
    [ "$failed" = 0 ]
}
