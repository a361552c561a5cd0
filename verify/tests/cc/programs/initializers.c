/* Initialisers: designators, brace elision, strings, unions, bit-fields, flexible arrays. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
struct point {
    int x, y;
};
struct line {
    struct point from, to;
    char name[6];
};
static struct line lines[] = {{{1, 2}, {3, 4}, "ab"}, 5, 6, 7, 8, "cdefgh",
                              {.to.y = 9, .to.x = 10}};
static int matrix[][3] = {1, 2, 3, {4}, [3] = {[1] = 5, 6}, 7};
static char text[] = "text", fixed[3] = "abc", *words[] = {"a", [2] = "c", "d"};
static struct {
    int kind;
    union {
        struct {
            short a, b;
        };
        double d;
        char *s;
    };
    unsigned low : 4, high : 12;
    int tail[];
} any = {1, {.d = 2.5}, 9, 4095, {1, 2, 3}};
static const int *pointers[] = {&matrix[0][1], &matrix[3][2], (int *)&lines[1].to, NULL,
                                &any.tail[2]};
static int (*functions[])(const char *) = {puts, NULL};
static long long wide = -1LL << 40;
static double numbers[4] = {1, -2.5e-10, 1 / 3.0, 1e300 * 10};
static float single = 1.0f / 3;
static long double extended = 1.0L / 3;
static size_t offset = offsetof(struct line, name),
              difference = (char *)&lines[1] - (char *)&lines[0];
static _Bool truths[] = {5, 0, 0.5, &wide != 0};
static int address_low = sizeof(matrix) / sizeof *matrix;
struct flags {
    int a : 5, : 3, b : 9;
    unsigned c : 1;
    long long d : 33;
} flags[2] = {{-16, 255, 1, -4294967296LL}, {.d = 77, .b = -1}};

static void show_lines(const struct line *l, int n) {
    for (int i = 0; i < n; i++)
        printf("%d %d %d %d %.6s\n", l[i].from.x, l[i].from.y, l[i].to.x, l[i].to.y, l[i].name);
}

static int next(void) {
    static int n = 10;
    return n++;
}

int main(void) {
    show_lines(lines, sizeof lines / sizeof *lines);
    for (size_t i = 0; i < sizeof matrix / sizeof matrix[0][0]; i++)
        printf("%d ", matrix[0][i]);
    printf("\n%s %.3s %s %d %s %s\n", text, fixed, words[0], words[1] == NULL, words[2], words[3]);
    printf("%d %g %d %d %d %d\n", any.kind, any.d, any.low, any.high, any.tail[0], any.tail[2]);
    printf("%d %d %d %d %d\n", *pointers[0], *pointers[1], *pointers[2], pointers[3] == 0,
           *pointers[4]);
    functions[0]("called");
    printf("%lld %g %g %.17g %g %.9g %.20Lg\n", wide, numbers[0], numbers[1], numbers[2],
           numbers[3], single, extended);
    printf("%u %u %d%d%d%d %d\n", (unsigned)offset, (unsigned)difference, truths[0], truths[1],
           truths[2], truths[3], address_low);
    printf("%d %d %d %lld %d %lld %u\n", flags[0].a, flags[0].b, flags[0].c, (long long)flags[0].d,
           flags[1].b, (long long)flags[1].d, (unsigned)sizeof flags);
    struct line local[3] = {[1] = {{next(), next()}, .name = "loc"}, {.from = {next()}}};
    show_lines(local, 3);
    struct line copy = local[1], again = {copy.from, local[2].from, "again"};
    show_lines(&copy, 1);
    show_lines(&again, 1);
    show_lines(&(struct line){.to = {.y = next()}, .name = {'x', [3] = 'y'}}, 1);
    char buffer[20] = "short", zeros[7] = {0};
    printf("%d %d %d\n", buffer[19], zeros[6], (int)sizeof(struct {
               char c;
               long long n;
           }));
    int *list = (int[]){1, 2, next(), [6] = 4};
    printf("%d %d %d\n", list[2], list[5], list[6]);
    for (int i = 0; i < 3; i++) {
        struct point p = {.y = i};
        int fresh[4] = {i};
        printf("%d %d %d %d\n", p.x, p.y, fresh[0], fresh[3]);
        fresh[3] = p.x = 99;
    }
    struct flags f = {.c = 1, .a = next()};
    printf("%d %d %d\n", f.a, f.b, f.c);
    wchar_t wide_text[] = L"w\x263A";
    printf("%d %x\n", (int)(sizeof wide_text / sizeof *wide_text), (unsigned)wide_text[1]);
    return 0;
}
