/* random: tens of thousands of calls in an order nobody has thought of. Every answer goes into a
 * checksum, said every 1,000 calls; the first pair of sums that differ says where to look, and a
 * word on the command line makes every call show (random TRACE). The word SHORT makes it a tenth
 * as many, for a machine that takes its time. */
#include "verify/guest/rt.h"

enum { CALLS = 30000, STEP = 1000, HIGHEST = 14, HEAP = 1 << 20, DEEPEST = 3, LARGEST = 6000 };

/* What a process goes by: a child has a copy with numbers of its own. */
struct walk {
    u32 random, sum, done, first;
    int depth, trace;
};

static u8 buf[LARGEST];

static u32 below(struct walk *w, u32 limit) {
    return (next_random(&w->random) >> 7) % limit;
}

/* The answer of a call goes into the sum; what names it is for the trace. */
static void note(struct walk *w, const char *call_name, int a, int b, int answer) {
    w->sum = fnv(w->sum, &answer, sizeof answer);
    w->done++;
    if (w->trace)
        say("%d: %s %d %d: %e", w->done, call_name, a, b, answer);
}

static const char *a_name(struct walk *w) {
    static const char *const names[] = {"/random/a",
                                        "/random/b",
                                        "c",
                                        "../random/d0/x",
                                        "/random/d0/y",
                                        "d0/./x",
                                        "../d1/z",
                                        "/random/d1//z",
                                        "x",
                                        "./y",
                                        "/random/none/at",
                                        "../../random/w"};
    return names[below(w, sizeof names / sizeof *names)];
}

static void open_one(struct walk *w) {
    int flags = (int)below(w, 3);
    u32 extra = below(w, 32);
    flags |= extra & 3 ? O_CREAT : 0;
    flags |= extra & 4 ? O_TRUNC : 0;
    flags |= extra & 8 ? O_APPEND : 0;
    flags |= (extra & 19) == 19 ? O_EXCL : 0;
    int fd = sys_open(a_name(w), flags);
    note(w, "open", flags, 0, fd);
    if (fd >= HIGHEST)
        note(w, "close", fd, 0, sys_close(fd));
}

static u32 a_size(struct walk *w) {
    return below(w, 8) ? below(w, 100) : below(w, LARGEST);
}

static void write_one(struct walk *w) {
    int fd = 3 + (int)below(w, HIGHEST - 3);
    u32 n = a_size(w);
    u32 seed = next_random(&w->random);
    for (u32 i = 0; i < n; i++)
        buf[i] = (u8)(seed >> i % 25);
    note(w, "write", fd, (int)n, sys_write(fd, buf, n));
}

static void read_one(struct walk *w) {
    int fd = 3 + (int)below(w, HIGHEST - 3);
    u32 n = a_size(w);
    int got = sys_read(fd, buf, n);
    note(w, "read", fd, (int)n, got);
    if (got > 0)
        w->sum = fnv(w->sum, buf, (u32)got);
}

static void seek_one(struct walk *w) {
    int fd = 3 + (int)below(w, HIGHEST - 3);
    int whence = (int)below(w, 3);
    int to = (int)below(w, whence ? 3000 : 20000) - (whence ? 2000 : 50);
    note(w, "lseek", fd, to, sys_lseek(fd, to, whence));
}

static void name_one(struct walk *w) {
    char cwd[64] = "";
    switch (below(w, 5)) {
    case 0:
        note(w, "unlink", 0, 0, sys_unlink(a_name(w)));
        break;
    case 1:
        note(w, "access", 0, 0, sys_access(a_name(w), 0));
        break;
    case 2:
        note(w, "chdir", 0, 0, sys_chdir(below(w, 2) ? "/random/d0" : "/random"));
        break;
    case 3:
        note(w, "mkdir", 0, 0, sys_mkdir(below(w, 2) ? "/random/d1" : "/random/none/d"));
        break;
    default:
        note(w, "getcwd", 0, 0, sys_getcwd(cwd, 10));
        w->sum = fnv(w->sum, cwd, sizeof cwd);
    }
}

static void heap_one(struct walk *w) {
    u32 end = w->first + (below(w, 4) ? below(w, HEAP) : 0);
    u32 was = sys_brk(0);
    u32 got = sys_brk(end);
    note(w, "brk", (int)(end - w->first), (int)(was - w->first), (int)(got - w->first));
    for (u32 at = w->first; at < got; at += 1 + below(w, 9000)) {
        w->sum = fnv(w->sum, (u8 *)at, 1);
        *(u8 *)at = (u8)w->random;
    }
}

static void walk(struct walk *w, u32 calls);

/* The child starts with a sum and numbers of its own, and no descriptor of its parent's: those
 * share positions on Linux. Its sum comes back through a file. */
static void fork_one(struct walk *w) {
    u32 calls = below(w, 120), sum = 0;
    int code = (int)below(w, 256);
    if (w->depth == DEEPEST)
        return;
    int pid = sys_fork();
    if (pid == 0) {
        for (int fd = 3; fd < HIGHEST; fd++)
            sys_close(fd);
        w->depth++;
        w->random ^= 0x5EEDBED5;
        walk(w, calls);
        put_file("/random/sum", &w->sum, sizeof w->sum);
        sys_exit(code);
    }
    note(w, "fork", (int)calls, code, wait_for(pid));
    note(w, "its sum", 0, 0, get_file("/random/sum", &sum, sizeof sum));
    w->sum = fnv(w->sum, &sum, sizeof sum);
}

static void walk(struct walk *w, u32 calls) {
    for (u32 i = 0; i < calls; i++) {
        u32 kind = below(w, 100);
        if (kind < 15)
            open_one(w);
        else if (kind < 25)
            note(w, "close", 0, 0, sys_close(3 + (int)below(w, HIGHEST - 3)));
        else if (kind < 50)
            write_one(w);
        else if (kind < 70)
            read_one(w);
        else if (kind < 85)
            seek_one(w);
        else if (kind < 96)
            name_one(w);
        else if (kind < 98)
            heap_one(w);
        else
            fork_one(w);
    }
}

int main(int argc, char **argv) {
    struct walk w = {.random = 2463534242u, .sum = FNV_START, .first = sys_brk(0)};
    u32 calls = argc > 1 && streq(argv[1], "SHORT") ? CALLS / 10 : CALLS;
    w.trace = argc > 1 && streq(argv[1], "TRACE");
    say("== random: 1");
    sys_mkdir("/random");
    sys_mkdir("/random/d0");
    for (u32 i = 0; i < calls; i += STEP) {
        walk(&w, STEP);
        say("after %d calls: sum %x", i + STEP, w.sum);
    }
    return 0;
}
