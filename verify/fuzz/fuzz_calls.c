/* Random lines for verify/fuzz/guest/calls.c. */
#include <string.h>

#include "verify/fuzz/fuzz_make.h"
#include "verify/fuzz/fuzz_random.h"

enum { FARTHEST = 6000000 }; /* a seek */

/* A case on its way. */
struct maker {
    struct buffer *out;
    uint32_t state;
    bool wild;
    unsigned left;  /* lines */
    unsigned depth; /* of the child that the next line is for */
};

static const char *plain_name(struct maker *m) {
    static const char *const names[] = {"~/a",    "~/b",       "a",         "c",
                                        "./y",    "~/d0/x",    "../~/d0/y", "~//d0/./x",
                                        "~/d1/z", "~/d0/../c", "~/none/at"};
    /* ../~ climbs out of a working directory of any depth only on the builder */
    const char *name = FUZZ_PICK(&m->state, names);
    return strncmp(name, "../~", 4) == 0 ? "~/d0/y" : name;
}

static const char *wild_name(struct maker *m) {
    static const char *const names[] = {"~/d0",
                                        "~/d1",
                                        "~",
                                        "/",
                                        ".",
                                        "..",
                                        "-",
                                        "!",
                                        "a/",
                                        "a/x",
                                        "a/../b",
                                        "none/../a",
                                        "//",
                                        "/..",
                                        "../../",
                                        "~/@255./x",
                                        "~/@256./x",
                                        "@1000.",
                                        "@1100.",
                                        "/@1022.",
                                        "/@1023.",
                                        "/@1024.",
                                        "~/d0/@300.",
                                        "~/d0/../d1/./..//a",
                                        "~/a/b/c/d",
                                        "...",
                                        ".a",
                                        "a.",
                                        "./././././d0/././x",
                                        "../../../../../../e",
                                        "d0/..",
                                        "d0/../",
                                        "~/d0/.",
                                        "/@1500.",
                                        "/../@1022.",
                                        "/@510./@511.",
                                        "/@510./@512.",
                                        "/@510.//@511./.."};
    return fuzz_one_in(&m->state, 2) ? plain_name(m) : FUZZ_PICK(&m->state, names);
}

static const char *name_of(struct maker *m) {
    return m->wild ? wild_name(m) : plain_name(m);
}

static int descriptor(struct maker *m) {
    static const int odd[] = {0, 1, 2, -1, 255, 256, 1000, 0x40000003, INT32_MIN};
    if (m->wild && fuzz_one_in(&m->state, 12))
        return FUZZ_PICK(&m->state, odd);
    return 3 + (int)fuzz_below(&m->state, 5);
}

/* The console and the script keep out of the way: these get no data. */
static unsigned size_for(struct maker *m, int fd) {
    static const unsigned odd[] = {0,    1,    511,   512,         513,         4095,
                                   4096, 4097, 16000, 0x80000000u, 0xFFFFFFFFu, 0xC0000000u};
    if (fd >= 0 && fd <= 2)
        return 0;
    if (m->wild && fuzz_one_in(&m->state, 8))
        return FUZZ_PICK(&m->state, odd);
    unsigned most = fuzz_one_in(&m->state, 4) ? 16384 : 6000; /* calls.c takes no more */
    return fuzz_below(&m->state, fuzz_one_in(&m->state, 6) ? most : 90);
}

static void make_open(struct maker *m) {
    unsigned flags = fuzz_below(&m->state, m->wild && fuzz_one_in(&m->state, 8) ? 4 : 3);
    unsigned extra = fuzz_next(&m->state);
    flags |= extra & 3 ? 0100 : 0;
    flags |= (extra & 12) == 4 ? 01000 : 0;
    flags |= (extra & 48) == 16 ? 02000 : 0;
    flags |= (extra & 0x1C3) == 0x41 ? 0200 : 0;
    flags |= m->wild && (extra & 0xF000) == 0 ? 0100000 : 0;
    buffer_printf(m->out, "open %s %u\n", name_of(m), flags);
}

/* How far a seek from the start may lead: now and then over many pages, and over all that one table
 * of pages maps. */
static unsigned farthest(struct maker *m) {
    if (!fuzz_one_in(&m->state, 10))
        return 20000;
    return fuzz_one_in(&m->state, 8) ? FARTHEST : 600000;
}

static void make_seek(struct maker *m) {
    static const int odd[] = {INT32_MIN, INT32_MAX, -1, 0x7FFFFFFE, 0x40000000, -0x40000000};
    unsigned whence = fuzz_below(&m->state, m->wild && fuzz_one_in(&m->state, 6) ? 5 : 3);
    int to = (int)fuzz_below(&m->state, whence ? 3000 : farthest(m)) - (whence ? 2000 : 50);
    int fd = descriptor(m);
    if (m->wild && fuzz_one_in(&m->state, 10))
        to = FUZZ_PICK(&m->state, odd);
    buffer_printf(m->out, "lseek %d %d %u\n", fd, to, whence);
    if (to > FARTHEST || to < -20000)
        buffer_printf(m->out, "lseek %d 5 0\n", fd); /* no gaps of a gigabyte */
}

/* Of two descriptors that share a position on Linux and not here, one is closed, but in wild cases.
 * No copies of the script and the console, and none that the next case would find. */
static void make_dup(struct maker *m) {
    static const int odd[] = {8, 40, 256, 1000, -1, INT32_MIN, 0x10003};
    int from = 3 + (int)fuzz_below(&m->state, 5), to = 3 + (int)fuzz_below(&m->state, 5);
    if (m->wild && fuzz_one_in(&m->state, 4))
        to = FUZZ_PICK(&m->state, odd);
    buffer_printf(m->out, "dup2 %d %d\n", from, to);
    if (!m->wild && from != to)
        buffer_printf(m->out, "close %d\n", from);
}

static void make_name_call(struct maker *m) {
    static const char *const calls[] = {"unlink", "unlink", "access", "access", "mkdir", "sum"};
    static const char *const dirs[] = {"~", "~/d0", "~/d0/..", "~/none", "~/d1"};
    static const char *const fresh[] = {"~/d1", "~/d0/e", "~/none/d", "~/d0"};
    const char *what = FUZZ_PICK(&m->state, calls);
    if (fuzz_one_in(&m->state, 4)) {
        buffer_printf(m->out, "chdir %s\n", m->wild ? wild_name(m) : FUZZ_PICK(&m->state, dirs));
    } else if (fuzz_one_in(&m->state, 6)) {
        buffer_printf(m->out, "getcwd %s%u\n", m->wild && fuzz_one_in(&m->state, 5) ? "!" : "",
                      fuzz_below(&m->state, 12));
    } else if (strcmp(what, "mkdir") == 0 && !m->wild) {
        buffer_printf(m->out, "mkdir %s\n", FUZZ_PICK(&m->state, fresh));
    } else {
        buffer_printf(m->out, "%s %s\n", what, name_of(m));
    }
}

static void make_brk(struct maker *m) {
    static const int odd[] = {-1, -4096, INT32_MIN, INT32_MAX, 0x10000000, 0x07000000, -0x08048000};
    int to = fuzz_one_in(&m->state, 4) ? 0 : (int)fuzz_below(&m->state, 300000);
    if (m->wild && fuzz_one_in(&m->state, 5))
        to = FUZZ_PICK(&m->state, odd);
    buffer_printf(m->out, "brk %d\n", to);
}

static void make_odd_call(struct maker *m) {
    static const unsigned numbers[] = {0,          8,          9,     13,  20,  24,  54,
                                       60,         91,         122,   200, 255, 256, 0x10001,
                                       0x80000001, 0xFFFFFFFF, 0x103, 182, 184, 115};
    buffer_printf(m->out, "call %u %u %u %u\n", FUZZ_PICK(&m->state, numbers),
                  fuzz_below(&m->state, 9), fuzz_next(&m->state), fuzz_below(&m->state, 3));
}

static void make_lines(struct maker *m, unsigned count);

static void make_fork(struct maker *m) {
    unsigned count = fuzz_below(&m->state, 10), many = 1;
    if (m->wild && fuzz_one_in(&m->state, 12)) {
        many = 60 + fuzz_below(&m->state, 8); /* around what a process may have */
        count = 0;
    }
    while (many--) {
        buffer_printf(m->out, "fork\n");
        m->depth++;
        /* positions that parent and child share on Linux they do not share here */
        if (!m->wild)
            buffer_printf(m->out, "shut\n");
        make_lines(m, count);
        m->depth--;
        buffer_printf(m->out, "exit %u\n", fuzz_below(&m->state, 300));
    }
    if (m->left == 0 || fuzz_one_in(&m->state, 2))
        buffer_printf(m->out, "wait %d\n", (int)fuzz_below(&m->state, 4) - 1);
}

/* Children in children, deeper than the builder takes. */
static void make_deep_fork(struct maker *m) {
    unsigned depth = 12 + fuzz_below(&m->state, 5);
    for (unsigned i = 0; i < depth; i++)
        buffer_printf(m->out, "fork\nwrite 3 5 %u\n", i);
    for (unsigned i = 0; i < depth; i++)
        buffer_printf(m->out, "exit %u\nwait 0\n", i);
}

static void make_line(struct maker *m) {
    uint32_t kind = fuzz_below(&m->state, 100);
    int fd = descriptor(m);
    const char *nowhere = m->wild && fuzz_one_in(&m->state, 10) ? "!" : "";
    m->left -= m->left > 0;
    if (kind < 20) {
        make_open(m);
    } else if (kind < 22) {
        make_dup(m);
    } else if (kind < 26) {
        buffer_printf(m->out, "close %d\n", fd);
    } else if (kind < 46) {
        buffer_printf(m->out, "write %d %s%u %u\n", fd, nowhere, size_for(m, fd),
                      fuzz_below(&m->state, 1000));
    } else if (kind < 61) {
        buffer_printf(m->out, "read %d %s%u\n", fd, nowhere, size_for(m, fd));
    } else if (kind < 72) {
        make_seek(m);
    } else if (kind < 88) {
        make_name_call(m);
    } else if (kind < 91) {
        make_brk(m);
    } else if (kind < 94) {
        buffer_printf(m->out, "wait %d\n", (int)fuzz_below(&m->state, 4) - 1);
    } else if (kind < 95 && m->wild) {
        make_odd_call(m);
    } else if (kind < 96) {
        buffer_printf(m->out, "exec %s\n",
                      m->wild && fuzz_one_in(&m->state, 3) ? wild_name(m) : "self");
    } else if (m->wild && m->depth == 0 && fuzz_one_in(&m->state, 10)) {
        make_deep_fork(m);
    } else if (m->depth < 4) {
        make_fork(m);
    }
}

static void make_lines(struct maker *m, unsigned count) {
    while (count-- && m->left)
        make_line(m);
}

void fuzz_make_case(struct buffer *out, uint32_t seed, unsigned number, unsigned lines, bool wild) {
    struct maker m = {.out = out, .state = seed, .wild = wild, .left = lines};
    buffer_printf(out, "case %u\nmkdir ~/d0\n", number);
    make_lines(&m, lines);
}
