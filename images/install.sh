# install.sh LOG PACKAGE...: installs Debian packages, after saying how many and how large, or says
# how. With NO_APT=1 it only says what is missing.
log=$1
shift
how="apt-get update && apt-get install -y --no-install-recommends $*"
if [ -n "$NO_APT" ]; then
    echo "seedbed: $* missing, and NO_APT is set: what needs them is left out" >&2
    exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "seedbed: $* missing, as root run: $how" >&2
    exit 1
fi
mkdir -p "$(dirname "$log")"
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -y --no-install-recommends $*"
size() {
    apt-get install --assume-no --no-install-recommends "$@" 2>/dev/null |
        grep -E 'newly installed|^Need to get|^After this operation' | tr '\n' ' '
}
echo "seedbed: apt: $(size "$@")" >&2
$install >"$log" 2>&1 || { apt-get update && $install; } >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    echo "seedbed: apt-get could not install $*, see $log" >&2
    exit 1
}
