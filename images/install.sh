# install.sh LOG PACKAGE...: installs Debian packages, or says how.
log=$1
shift
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "seedbed: $* missing, as root run: apt-get update && apt-get install -y --no-install-recommends $*" >&2
    exit 1
fi
mkdir -p "$(dirname "$log")"
export DEBIAN_FRONTEND=noninteractive
install="apt-get install -y --no-install-recommends $*"
$install >"$log" 2>&1 || { apt-get update && $install; } >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    echo "seedbed: apt-get could not install $*, see $log" >&2
    exit 1
}
