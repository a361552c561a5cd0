/* Work of several kinds, timed one by one: speed.c is compiled by cc.scm and by gcc -O1. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static unsigned char sieve[2000000];

static unsigned primes(void) {
    unsigned n = 0;
    memset(sieve, 1, sizeof sieve);
    for (int i = 2; i < 2000000; i++)
        if (sieve[i]) {
            n++;
            for (int j = i * 2; j < 2000000; j += i)
                sieve[j] = 0;
        }
    return n;
}

static unsigned queens(unsigned all, unsigned columns, unsigned left, unsigned right) {
    unsigned solutions = 0;
    if (columns == all)
        return 1;
    for (unsigned free = all & ~(columns | left | right); free;) {
        unsigned one = free & -free;
        free -= one;
        solutions += queens(all, columns | one, (left | one) << 1, (right | one) >> 1);
    }
    return solutions;
}

static unsigned eleven_queens(void) {
    return queens((1 << 11) - 1, 0, 0, 0);
}

static unsigned matrix(void) {
    static double a[150][150], b[150][150];
    double sum = 0;
    for (int i = 0; i < 150; i++)
        for (int j = 0; j < 150; j++) {
            a[i][j] = i + j;
            b[i][j] = i - j;
        }
    for (int i = 0; i < 150; i++)
        for (int j = 0; j < 150; j++) {
            double s = 0;
            for (int k = 0; k < 150; k++)
                s += a[i][k] * b[k][j];
            sum += s;
        }
    return (unsigned)(sum / 1e6);
}

static unsigned checksum(void) {
    static unsigned table[256];
    unsigned sum = ~0u;
    for (unsigned i = 0; i < 256; i++) {
        unsigned c = i;
        for (int k = 0; k < 8; k++)
            c = c & 1 ? 0xEDB88320u ^ (c >> 1) : c >> 1;
        table[i] = c;
    }
    for (int i = 0; i < 2000000; i++)
        sum = table[(sum ^ sieve[i]) & 255] ^ (sum >> 8);
    return ~sum;
}

static unsigned wide(void) {
    unsigned long long x = 1, sum = 0;
    for (int i = 0; i < 1000000; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        sum += x % 1000;
    }
    return (unsigned)sum;
}

static unsigned interpreter(void) {
    static const unsigned char code[] = {0, 1, 2, 3, 4, 5, 1, 2, 6};
    unsigned a = 0, b = 1, n = 0;
    for (;;)
        for (int at = 0; at < 9; at++)
            switch (code[at]) {
            case 0:
                a += b;
                break;
            case 1:
                b ^= a;
                break;
            case 2:
                a -= 3;
                break;
            case 3:
                b += 7;
                break;
            case 4:
                a &= 0xFFFF;
                break;
            case 5:
                b |= 1;
                break;
            case 6:
                if (++n == 1000000)
                    return a + b;
            }
}

struct node {
    struct node *left, *right;
    unsigned key;
};

static unsigned tree(void) {
    static struct node nodes[100000];
    struct node *root = NULL;
    unsigned key = 1, depth = 0;
    for (int i = 0; i < 100000; i++) {
        struct node **at = &root;
        key = key * 1103515245 + 12345;
        for (unsigned d = 0; *at; d++) {
            at = key >> 8 < (*at)->key ? &(*at)->left : &(*at)->right;
            depth = d > depth ? d : depth;
        }
        *at = &nodes[i];
        nodes[i].key = key >> 8;
        nodes[i].left = nodes[i].right = NULL;
    }
    return depth;
}

static int by_bytes(const void *a, const void *b) {
    return memcmp(a, b, 8);
}

static unsigned sorting(void) {
    static char words[50000][8];
    unsigned x = 7, sum = 0;
    for (int i = 0; i < 50000; i++)
        for (int k = 0; k < 8; k++)
            words[i][k] = 'a' + (x = x * 69069 + 1) / 65536 % 26;
    qsort(words, 50000, 8, by_bytes);
    for (int i = 0; i < 50000; i++)
        sum = sum * 31 + words[i][3];
    return sum;
}

int main(int argc, char **argv) {
    static unsigned (*const works[])(void) = {primes, eleven_queens, matrix, checksum,
                                              wide,   interpreter,   tree,   sorting};
    static const char *const names[] = {"primes", "queens",      "matrix", "checksum",
                                        "wide",   "interpreter", "tree",   "sorting"};
    for (int i = 0; i < 8; i++) {
        long best = 0x7FFFFFFF;
        unsigned result = 0;
        for (int k = 0; k < 5; k++) {
            clock_t begin = clock();
            result = works[i]();
            long took = clock() - begin;
            best = took < best ? took : best;
        }
        printf("%s %u %ld\n", names[i], result, best);
    }
    return argc - 1 + (argv == NULL);
}
