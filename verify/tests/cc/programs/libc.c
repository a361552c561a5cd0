/* Calls of the library on generated arguments; what it prints is the same with every right libc. */
#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PRINTED = 60000, PARSED = 40000, SCANNED = 10000, SORTED = 300 };

static uint32_t state = 2463534242u;
static uint32_t next(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}
static uint64_t next64(void) {
    uint64_t high = next();
    return high << 32 | next();
}
static int below(int n) {
    return next() % n;
}

/* A number of any size: few bits are as likely as many. */
static uint64_t any_integer(void) {
    uint64_t n = next64();
    return n >> below(64);
}

/* A negative one as often. */
static uint64_t any_signed(void) {
    uint64_t n = any_integer();
    return below(2) ? n : -n;
}

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

static long double any_long_double(void) {
    union {
        struct {
            uint64_t mantissa;
            uint16_t sign_exponent;
        } part;
        long double number;
    } u;
    memset(&u, 0, sizeof u);
    uint64_t bits = next64();
    u.part.mantissa = bits >> (bits & 6 ? 0 : below(64)) | 1ULL << 63;
    int range = below(100) == 0 ? 32767 : 300;
    u.part.sign_exponent = (bits << 12 & 0x8000) | (16383 - range / 2 + below(range));
    return below(4) ? u.number : any_double();
}

static char format[64], text[32768];

static void make_format(const char *size, char kind) {
    char *f = format;
    *f++ = '%';
    for (int i = below(4); i > 0; i--)
        *f++ = "-+ #0"[below(5)];
    if (below(2))
        f += sprintf(f, "%d", below(30));
    if (below(2))
        f += sprintf(f, ".%d", below(kind == 's' ? 12 : 25));
    sprintf(f, "%s%c", size, kind);
}

static void print_one(void) {
    static const char *const sizes[] = {"", "hh", "h", "l", "ll", "j", "z"};
    int size = below(7), n;
    switch (below(5)) {
    case 0:
    case 1:
        make_format(sizes[size], "diuoxX"[below(6)]);
        n = size == 4 || size == 5 ? sprintf(text, format, any_signed())
                                   : sprintf(text, format, (int)any_signed());
        break;
    case 2:
        make_format("", "feEgGaA"[below(7)]);
        n = sprintf(text, format, any_double());
        break;
    case 3:
        make_format("L", "feEgG"[below(5)]);
        n = sprintf(text, format, any_long_double());
        break;
    default:
        if (below(2)) {
            make_format("", 's');
            n = sprintf(text, format, "a string to print");
        } else {
            make_format("", 'c');
            int room = below(8);
            n = snprintf(text, room, format, ' ' + below(90));
            if (room == 0)
                text[0] = 0;
        }
    }
    printf("%s [%s] %d\n", format, text, n);
}

/* The text of a number, sometimes spoilt. */
static void make_number(void) {
    int places = below(40);
    unsigned a = next(), b = next();
    switch (below(6)) {
    case 0:
        sprintf(text, "%.*Lg", places, any_long_double());
        break;
    case 1:
        sprintf(text, "%.*e", places, any_double());
        break;
    case 2:
        sprintf(text, "%.17g", any_double());
        break;
    case 3:
        sprintf(text, "%a", any_double());
        break;
    case 4:
        sprintf(text, "%u.%ue%d", a, b, below(700) - 350);
        break;
    default:
        sprintf(text, "%u%020u.%020u", a, b, a ^ b);
    }
    size_t length = strlen(text);
    if (below(4) == 0 && length > 0)
        text[a % length] = "0123456789.eE+-xX pinf"[below(22)];
    if (below(10) == 0)
        text[below(length + 1)] = 0;
}

static void show_bytes(const void *p, int n) {
    while (n-- > 0)
        printf("%02x", ((const unsigned char *)p)[n]);
}

static void parse_one(void) {
    char *end;
    make_number();
    printf("%s:", text);
    if (below(2)) {
        double d = strtod(text, &end);
        if (d == d)
            show_bytes(&d, 8);
        printf(" %d ", (int)(end - text));
        float f = strtof(text, &end);
        if (f == f)
            show_bytes(&f, 4);
        long double l = strtold(text, &end);
        printf(" ");
        if (l == l)
            show_bytes(&l, 10);
    } else {
        static const int bases[] = {0, 10, 16, 8, 2, 36, 7};
        int base = bases[below(7)];
        printf("%ld %lu ", strtol(text, &end, base), strtoul(text, NULL, base));
        printf("%lld %llu %d", strtoll(text, NULL, base), strtoull(text, NULL, base),
               (int)(end - text));
    }
    printf("\n");
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
    for (int i = 0; i < PRINTED; i++)
        print_one();
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
