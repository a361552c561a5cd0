/* Calls of the library on generated arguments; what it prints is the same with every right libc. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "random.h"

enum { PARSED = 40000, SCANNED = 10000, SORTED = 300 };

static double any_double(void) {
    union {
        uint64_t bits;
        double number;
    } u;
    uint64_t bits = next64();
    switch (below(8)) {
    case 0:
        u.bits = bits;
        break;
    case 1:
        u.bits = bits >> below(64);
        break;
    case 2:
        u.number = (double)(int64_t)any_integer();
        break;
    case 3:
        u.number = below(2000) / 8.0;
        break;
    case 4:
        u.number = below(100000) / 1000.0;
        break;
    case 5:
        u.number = 1.0 / (below(1000) + 1);
        break;
    case 6:
        u.bits = (uint64_t)(below(3) ? 0x7FF : 0) << 52 | (bits & 1 ? 0 : bits >> 12);
        break;
    default:
        u.bits = (bits & 0x800FFFFFFFFFFFFFULL) | (uint64_t)(1023 - 40 + below(80)) << 52;
    }
    return u.number;
}

static char text[32768];

/* The text of an integer, sometimes spoilt. */
static void make_integer(void) {
    static const char *const formats[] = {"%lld", "%llu", "0x%llx", " %+lld", "0%llo"};
    uint64_t n = any_signed();
    sprintf(text, formats[below(5)], n);
    size_t length = strlen(text);
    if (below(4) == 0) {
        char c = "0123456789+-xX zZaF"[below(19)];
        text[below(length)] = c;
    }
    if (below(10) == 0)
        text[below(length + 1)] = 0;
}

static void parse_one(void) {
    static const int bases[] = {0, 10, 16, 8, 2, 36, 7};
    int base = bases[below(7)];
    char *end;
    make_integer();
    errno = 0;
    long n = strtol(text, &end, base);
    printf("%s: %ld %d %d ", text, n, (int)(end - text), errno);
    errno = 0;
    unsigned long long u = strtoull(text, NULL, base);
    printf("%llu %d %lu %lld\n", u, errno, strtoul(text, NULL, base), strtoll(text, NULL, base));
}

static void scan_one(void) {
    static const char *const formats[] = {"%d %d", "%i%n", "%3d%x", "%u,%u", "%o %x", "%*d %d"};
    int a = -1, b = -1, n;
    char word[32] = "-", rest[32] = "-";
    double d = -1;
    float f = -1;
    int blank = below(2), x = (int)any_integer(), mark = below(5), y = below(100);
    sprintf(text, "%s%d%c%d xyz%d", blank ? " " : "", x, " ,.x-"[mark], y, below(10));
    n = sscanf(text, formats[below(6)], &a, &b);
    printf("%s: %d %d %d; ", text, n, a, b);
    n = sscanf(text, "%7s %[^ ]", word, rest);
    printf("%d %s %s; ", n, word, rest);
    double big = any_double();
    sprintf(text, "%.*g %.5g end", mark * 3, big, y / 7.0);
    n = sscanf(text, "%lf%f %2c", &d, &f, word);
    printf("%d %.10g %g %.2s\n", n, d == d ? d : 0, f, word);
}

static int by_value(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return x < y ? -1 : x > y;
}

static void sort_one(void) {
    static int list[1000];
    int n = below(1000);
    int key = below(500);
    for (int i = 0; i < n; i++)
        list[i] = below(500);
    qsort(list, n, sizeof *list, by_value);
    unsigned sum = 0;
    for (int i = 0; i < n; i++)
        sum = sum * 31 + list[i];
    int *found = bsearch(&key, list, n, sizeof *list, by_value);
    printf("%d %u %d\n", n, sum, found ? *found : -1);
}

/* Blocks of random sizes, each filled with a byte of its own that must stay. */
static void use_memory(void) {
    static unsigned char *blocks[200];
    static unsigned sizes[200];
    int wrong = 0;
    for (int i = 0; i < 20000; i++) {
        int k = below(200);
        unsigned size = any_integer() % 5000;
        for (unsigned j = 0; j < sizes[k]; j++)
            wrong += blocks[k][j] != (unsigned char)k;
        if (below(3) && blocks[k]) {
            unsigned char *moved = realloc(blocks[k], size + 1);
            for (unsigned j = 0; j < sizes[k] && j < size; j++)
                wrong += moved[j] != (unsigned char)k;
            blocks[k] = moved;
        } else {
            free(blocks[k]);
            blocks[k] = malloc(size + 1);
        }
        wrong += (uintptr_t)blocks[k] % 8 != 0;
        memset(blocks[k], k, size);
        sizes[k] = size;
    }
    printf("memory: %d wrong\n", wrong);
}

static void use_strings(void) {
    char a[64] = "abc", b[64];
    printf("%s %s %d %d ", strcat(a, "def"), strncpy(b, "xyz", 10), strcmp(a, "abd") < 0,
           strncmp(a, "abx", 2));
    printf("%s %s %s %u %u ", strchr(a, 'c'), strrchr(a, 'e'), strstr(a, "cde"),
           (unsigned)strspn(a, "abx"), (unsigned)strcspn(a, "fe"));
    memmove(a + 2, a, 5);
    printf("%.7s %d %s ", a, memcmp("a\200", "a\1", 2) > 0, (char *)memchr("hello", 'l', 5));
    for (char *w = strtok(strcpy(b, " a,b ,, c"), " ,"); w; w = strtok(NULL, " ,"))
        printf("<%s>", w);
    unsigned classes = 0;
    for (int c = -1; c < 128; c++)
        classes = classes * 7 + !!isalpha(c) + 2 * !!isspace(c) + 3 * !!ispunct(c) +
                  5 * !!isprint(c) + 11 * !!iscntrl(c) + !!isxdigit(c) + tolower(c) +
                  2 * toupper(c);
    printf(" %u\n", classes);
}

static void use_mathematics(void) {
    static const double values[] = {0,      0.12, -0.7,  1,     1.5,       3.14159, -10.25,
                                    100.25, 1e-5, 0.999, 30.75, 12345.678, -1,      1e-300};
    for (unsigned i = 0; i < sizeof values / sizeof *values; i++) {
        double x = values[i], a = fabs(x), whole;
        int exponent;
        printf("%.13g %.13g %.13g %.13g ", sin(x), cos(x), tan(x), atan(x));
        printf("%.13g %.13g %.13g %.13g ", exp(x / 20), sinh(x / 20), cosh(x / 20), tanh(x));
        if (a > 0)
            printf("%.13g %.13g %.13g %.13g ", log(a), log10(a), log2(a), pow(a, 0.37));
        if (a <= 1)
            printf("%.13g %.13g ", asin(x), acos(x));
        printf("%.13g %.13g %.13g ", sqrt(a), fmod(x, 0.7), atan2(x, -2));
        printf("%g %g %g %g %g ", floor(x), ceil(x), trunc(x), round(x), rint(x));
        printf("%g %.13g ", modf(x, &whole), frexp(x, &exponent));
        printf("%g %d %g %Lg\n", whole, exponent, ldexp(x, -1060), ldexpl(x, -16400));
    }
}

static void use_files(const char *path) {
    FILE *f = fopen(path, "w+");
    if (!f) {
        printf("no file %s\n", path);
        return;
    }
    for (int i = 0; i < 3000; i++)
        fprintf(f, "line %d\n", i);
    long end = ftell(f);
    fseek(f, 100, SEEK_SET);
    int c = fgetc(f);
    ungetc(c, f);
    char line[40];
    fgets(line, sizeof line, f);
    printf("%ld %c %s", end, c, line);
    fseek(f, -9, SEEK_END);
    size_t n = fread(text, 1, 100, f);
    printf("%u %.*s%d", (unsigned)n, (int)n, text, feof(f) != 0);
    rewind(f);
    fputs("LINE", f);
    fflush(f);
    fseek(f, 0, SEEK_SET);
    int numbers = 0, number;
    while (fscanf(f, "%*s %d", &number) == 1)
        numbers += number;
    printf(" %d\n", numbers);
    fclose(f);
    f = fopen(path, "a");
    fputc('!', f);
    fclose(f);
    f = fopen(path, "r");
    fseek(f, -1, SEEK_END);
    c = fgetc(f);
    printf("%c %ld\n", c, ftell(f));
    fclose(f);
    remove(path);
    printf("%d\n", fopen(path, "r") == NULL);
}

int main(int argc, char **argv) {
    for (int i = 0; i < PARSED; i++)
        parse_one();
    for (int i = 0; i < SCANNED; i++)
        scan_one();
    for (int i = 0; i < SORTED; i++)
        sort_one();
    use_memory();
    use_strings();
    use_mathematics();
    use_files(argc > 1 ? argv[1] : "libc-test-file");
    return 0;
}
