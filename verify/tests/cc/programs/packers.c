/* zlib and bzip2 at work: what they make and take back. */
#include <stdio.h>
#include <stdlib.h>

#include "zlib.h"
void bz_internal_error(int e) {
    exit(e);
}
int BZ2_bzBuffToBuffCompress(char *, unsigned *, char *, unsigned, int, int, int);
int BZ2_bzBuffToBuffDecompress(char *, unsigned *, char *, unsigned, int, int);
static unsigned char in[1000000], out[1100000], back[1000000];
int main(void) {
    unsigned x = 1;
    for (int i = 0; i < 1000000; i++) {
        x = x * 1103515245 + 12345;
        in[i] = (x >> 16) % (1 + i % 50) + 'a';
    }
    for (int level = 1; level <= 9; level += 4) {
        uLongf n = sizeof out, m = sizeof back;
        int r = compress2(out, &n, in, sizeof in, level);
        printf("%d %lu %lx ", r, n, crc32(0, out, n));
        r = uncompress(back, &m, out, n);
        printf("%d %lu %lx %lx\n", r, m, crc32(0, back, m), adler32(1, back, m));
    }
    unsigned bn = sizeof out, bm = sizeof back;
    int r = BZ2_bzBuffToBuffCompress((char *)out, &bn, (char *)in, sizeof in, 9, 0, 30);
    printf("%d %u %lx ", r, bn, crc32(0, out, bn));
    r = BZ2_bzBuffToBuffDecompress((char *)back, &bm, (char *)out, bn, 0, 0);
    printf("%d %u %lx\n", r, bm, crc32(0, back, bm));
    return 0;
}
