# newcomer.sh WORK: what somebody meets who has just cloned the project on a bare Debian: as root and
# as a user, without a network, without QEMU, without leave to install; with ONLINE set also as root
# who may, so that the tests install what they need themselves.
work=$1
. "$(dirname "$0")/chroot.sh"

test='make test > build/test.log 2>&1; grep -a -A 4 "^not ok" build/test.log
    tail -n 1 build/test.log; grep -q " 0 failed" build/test.log'
build='printf "src 0 /dev\nsrc 4 /dev/hda\nSEED" > /tmp/x.build'
bare root gcc libc6-dev make git
for who in root newcomer; do
    offline() { step root "$who" "$1" "export NO_APT=1; $2"; }
    copy root "$who"
    offline "make" "make -j$(nproc)"
    offline "a build of its own" "$build && build/seedbed build -o /tmp/x /tmp/x.build && grep -q SEED /tmp/x"
    offline "an engine that is not here" "$build && build/seedbed build --engine qemu-tcg -o /tmp/x /tmp/x.build 2>&1 | grep -q qemu-system-x86"
    offline "another build folder and a tree that cannot be written" "mkdir /tmp/b && chmod -R a-w . && make -j$(nproc) host BUILD=/tmp/b; s=\$?; chmod -R u+w .; exit \$s"
    offline "install" "make -j$(nproc) install PREFIX=/tmp/usr && /tmp/usr/bin/seedbed --version"
    [ -n "$QUICK" ] || offline "make test" "$test"
done
if [ -n "$ONLINE" ]; then
    bare online gcc libc6-dev make git
    copy online root
    network=--
    step online root "make with a network" "make"
    step online root "make test with a network" "$test"
fi
verdict
