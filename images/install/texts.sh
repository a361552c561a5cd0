# texts.sh OUT FILE...: writes a C file with the texts and the version, unless it is the same already.
out=$1
shift
version=$(git describe --tags --always --dirty 2>/dev/null || sed -n '1s/.*(\(.*\)).*/\1/p' debian/changelog)
{
    echo '#include "images/lib/texts.h"'
    n=0
    for file; do
        n=$((n + 1))
        echo "static const unsigned char text$n[] = {"
        od -An -v -tu1 "$file" | sed 's/  */,/g; s/^,//; s/$/,/'
        echo "};"
    done
    echo "const struct text texts[] = {"
    n=0
    for file; do
        n=$((n + 1))
        echo "    {\"$file\", text$n, sizeof text$n},"
    done
    echo "    {0, 0, 0},"
    echo "};"
    echo "const char version[] = \"$version\";"
} > "$out.new"
cmp -s "$out.new" "$out" && rm "$out.new" || mv "$out.new" "$out"
