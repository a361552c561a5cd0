# tools.sh: the versions of the tools, which the builder's bytes do not depend on. One a line: name,
# tab, the first line of what it says; nothing behind the tab where it is not here.
while read -r name command; do
    printf '%s\t%s\n' "$name" "$(sh -c "$command" 2>/dev/null | head -n 1)"
done <<'TOOLS'
gcc gcc --version
qemu-system-i386 qemu-system-i386 --version
bochs bochs --help 2>&1 | grep -io 'bochs x86.*'
nasm nasm --version
xxd xxd --version 2>&1
parallel parallel --version
uname uname -srm
TOOLS
