/* Memory, sorting, whole numbers, the environment (C99 7.20). */
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- memory
 * -------------------------------------------------------------------------------------------------------
 *
 * A block is a word with its class, a word to keep the alignment, and the memory. Blocks of a class
 * all have one size: multiples of 16 up to 512, from there four sizes to each doubling. A freed
 * block waits in the list of its class; new ones come from the break. */

enum { HEADER = 8, SMALL = 512, CLASSES = SMALL / 16 + 1 + 4 * 23, CHUNK = 65536 };

struct block {
    unsigned class;
    struct block *next; /* of a free one; it lies in the word of the alignment */
};

static struct block *free_blocks[CLASSES];
static char *fresh, *fresh_end;

static unsigned class_size(unsigned class) {
    if (class <= SMALL / 16)
        return class * 16;
    unsigned k = class - SMALL / 16 - 1;
    return (SMALL << (k / 4)) + (k % 4 + 1) * ((SMALL / 4) << (k / 4));
}

static unsigned class_of(size_t size) {
    if (size <= SMALL)
        return (size + 15) / 16;
    unsigned doubling = 0;
    while ((size - 1) >> doubling >= 2 * SMALL)
        doubling++;
    return SMALL / 16 + 1 + 4 * doubling + (((size - 1) >> doubling) - SMALL) / (SMALL / 4);
}

static void *take_fresh(unsigned size) {
    if ((unsigned)(fresh_end - fresh) < size) {
        char *end = sbrk(0);
        unsigned more = size > CHUNK ? size : CHUNK,
                 gap = end == fresh_end ? 0 : -(unsigned)end % 16;
        if (sbrk(more + gap) == (void *)-1)
            return NULL;
        if (end != fresh_end)
            fresh = end + gap;
        fresh_end = end + gap + more;
    }
    char *block = fresh;
    fresh += size;
    return block;
}

void *malloc(size_t size) {
    if (size > 0x7F000000) {
        errno = ENOMEM;
        return NULL;
    }
    unsigned class = class_of(size + HEADER);
    struct block *b = free_blocks[class];
    if (b)
        free_blocks[class] = b->next;
    else if (!(b = take_fresh(class_size(class)))) {
        errno = ENOMEM;
        return NULL;
    }
    b->class = class;
    return (char *)b + HEADER;
}

void free(void *block) {
    if (block) {
        struct block *b = (struct block *)((char *)block - HEADER);
        b->next = free_blocks[b->class];
        free_blocks[b->class] = b;
    }
}

void *calloc(size_t count, size_t size) {
    if (size != 0 && count > 0x7F000000 / size) {
        errno = ENOMEM;
        return NULL;
    }
    void *block = malloc(count * size);
    return block ? memset(block, 0, count * size) : NULL;
}

void *realloc(void *block, size_t size) {
    if (!block)
        return malloc(size);
    size_t room = class_size(((struct block *)((char *)block - HEADER))->class) - HEADER;
    if (size <= room && size >= room / 4)
        return block;
    void *other = malloc(size);
    if (other) {
        memcpy(other, block, size < room ? size : room);
        free(block);
    }
    return other;
}

/* ---- sorting and searching
 * ---------------------------------------------------------------------------------------- */

static void swap(char *a, char *b, size_t size) {
    while (size-- > 0) {
        char c = *a;
        *a++ = *b;
        *b++ = c;
    }
}

/* Heapsort: no recursion, no memory, no bad case. */
void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    char *a = base;
    size_t start = count / 2, end = count;
    while (end > 1) {
        if (start > 0)
            start--;
        else {
            end--;
            swap(a, a + end * size, size);
        }
        size_t root = start, child;
        while ((child = 2 * root + 1) < end) {
            if (child + 1 < end && compare(a + child * size, a + (child + 1) * size) < 0)
                child++;
            if (compare(a + root * size, a + child * size) >= 0)
                break;
            swap(a + root * size, a + child * size, size);
            root = child;
        }
    }
}

void *bsearch(const void *key, const void *base, size_t count, size_t size,
              int (*compare)(const void *, const void *)) {
    const char *a = base;
    while (count > 0) {
        const char *middle = a + count / 2 * size;
        int order = compare(key, middle);
        if (order == 0)
            return (void *)middle;
        if (order > 0) {
            a = middle + size;
            count -= count / 2 + 1;
        } else
            count /= 2;
    }
    return NULL;
}

/* ---- numbers
 * ------------------------------------------------------------------------------------------------------
 */

static unsigned digit_of(int c) {
    return isdigit(c) ? c - '0' : isalpha(c) ? tolower(c) - 'a' + 10 : 99;
}

/* The number at text, its sign in negative; larger ones than most give most and ERANGE. */
static unsigned long long parse(const char *text, char **end, int base, unsigned long long most,
                                unsigned long long least, int *negative) {
    const char *s = text;
    while (isspace((unsigned char)*s))
        s++;
    *negative = *s == '-';
    if (*s == '-' || *s == '+')
        s++;
    if ((base == 0 || base == 16) && s[0] == '0' && (s[1] | 32) == 'x' &&
        digit_of((unsigned char)s[2]) < 16) {
        s += 2;
        base = 16;
    } else if (base == 0)
        base = *s == '0' ? 8 : 10;
    unsigned long long n = 0, limit = *negative ? least : most, last = limit / base;
    int any = 0, over = 0;
    for (unsigned d; (d = digit_of((unsigned char)*s)) < (unsigned)base; s++) {
        any = 1;
        if (n > last || n * base > limit - d)
            over = 1;
        else
            n = n * base + d;
    }
    if (end)
        *end = (char *)(any ? s : text);
    if (over) {
        errno = ERANGE;
        return limit;
    }
    return n;
}

long strtol(const char *text, char **end, int base) {
    int negative;
    unsigned long n = parse(text, end, base, LONG_MAX, LONG_MAX + 1UL, &negative);
    return negative ? -n : n;
}

/* A minus before an unsigned number negates it; too large ones are ULONG_MAX with either sign. */
unsigned long strtoul(const char *text, char **end, int base) {
    int negative, before = errno;
    errno = 0;
    unsigned long n = parse(text, end, base, ULONG_MAX, ULONG_MAX, &negative);
    int over = errno == ERANGE;
    if (!over)
        errno = before;
    return negative && !over ? -n : n;
}

long long strtoll(const char *text, char **end, int base) {
    int negative;
    unsigned long long n = parse(text, end, base, LLONG_MAX, LLONG_MAX + 1ULL, &negative);
    return negative ? -n : n;
}

unsigned long long strtoull(const char *text, char **end, int base) {
    int negative, before = errno;
    errno = 0;
    unsigned long long n = parse(text, end, base, ULLONG_MAX, ULLONG_MAX, &negative);
    int over = errno == ERANGE;
    if (!over)
        errno = before;
    return negative && !over ? -n : n;
}

intmax_t strtoimax(const char *text, char **end, int base) {
    return strtoll(text, end, base);
}

uintmax_t strtoumax(const char *text, char **end, int base) {
    return strtoull(text, end, base);
}

int atoi(const char *text) {
    return strtol(text, NULL, 10);
}

long atol(const char *text) {
    return strtol(text, NULL, 10);
}

long long atoll(const char *text) {
    return strtoll(text, NULL, 10);
}

double atof(const char *text) {
    return strtod(text, NULL);
}

int abs(int n) {
    return n < 0 ? -n : n;
}

long labs(long n) {
    return n < 0 ? -n : n;
}

long long llabs(long long n) {
    return n < 0 ? -n : n;
}

div_t div(int a, int b) {
    div_t d = {a / b, a % b};
    return d;
}

ldiv_t ldiv(long a, long b) {
    ldiv_t d = {a / b, a % b};
    return d;
}

lldiv_t lldiv(long long a, long long b) {
    lldiv_t d = {a / b, a % b};
    return d;
}

/* A linear congruence with 31 good bits (Knuth, TAOCP 3.3.4: multiplier 6364136223846793005). */
static unsigned long long random_state = 1;

int rand(void) {
    random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
    return random_state >> 33;
}

void srand(unsigned seed) {
    random_state = seed;
}

/* ---- the rest of the world
 * ---------------------------------------------------------------------------------------- */

char *getenv(const char *name) {
    size_t n = strlen(name);
    for (char **e = environ; e && *e; e++)
        if (strncmp(*e, name, n) == 0 && (*e)[n] == '=')
            return *e + n + 1;
    return NULL;
}

void abort(void) {
    fflush(NULL);
    _exit(134);
}

void __assert_failed(const char *what, const char *file, int line, const char *function) {
    fprintf(stderr, "%s:%d: %s: Assertion `%s' failed.\n", file, line, function, what);
    abort();
}

char *realpath(const char *path, char *resolved) {
    (void)path;
    (void)resolved;
    errno = ENOSYS;
    return NULL;
}
