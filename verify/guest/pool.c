/* pool: forks that copy nothing, and memory that programs, the log of saved pages and files share.
 * For the builder only, with little RAM.
 *
 *     pool              what can be said beforehand
 *     pool SEED         a walk at random, of processes that write, grow, fork, exec and make files,
 *                       told on the console step by step; it may end with memory exhausted, and
 *                       kernel and model must then have come to the same step
 *     pool pages N      a child writes to N pages of its parent
 */
#include "verify/guest/file_table.h"

enum { MIB = 1 << 20, PAGE = 4096, RECORD = 4100, PROGRAMS = 0x08000000, PAGES_MOST = 8192 };
enum { DEEPEST = 9, FILES = 6, STEPS = 60 };

/* A process of the walk. All of it is its own, and as before when a child has ended. */
struct walk {
    u32 random;
    u32 depth;
    u32 first;             /* of the heap, a page */
    u32 pages;             /* of it */
    u32 value[PAGES_MOST]; /* what is in each of them; 0: nothing yet */
};

static struct walk w;

static u32 below(u32 n) {
    return next_random(&w.random) % n;
}

static void tell(const char *what, u32 value) {
    char line[40];
    u32 n = 0;
    for (u32 i = 0; i < w.depth; i++)
        line[n++] = ' ';
    while (*what)
        line[n++] = *what++;
    line[n++] = ' ';
    for (int shift = 28; shift >= 0; shift -= 4)
        line[n++] = "0123456789ABCDEF"[value >> shift & 15];
    line[n++] = '\n';
    sys_write(1, line, n);
}

static u32 *page_of(u32 i) {
    return (u32 *)(w.first + i * PAGE);
}

static void fill(u32 i, u32 value) {
    u32 *at = page_of(i);
    at[0] = at[511] = at[1023] = value;
    w.value[i] = value;
}

static void check(const char *when) {
    u32 wrong = 0;
    for (u32 i = 0; i < w.pages; i++) {
        const u32 *at = page_of(i);
        wrong += at[0] != w.value[i] || at[511] != w.value[i] || at[1023] != w.value[i];
    }
    if (wrong) {
        tell(when, wrong);
        sys_exit(99);
    }
}

static void write_pages(void) {
    u32 n = 1 + below(below(4) ? 4 : 400);
    u32 at = w.pages ? below(w.pages) : 0;
    for (u32 i = at; i < at + n && i < w.pages; i++)
        fill(i, next_random(&w.random) | 1);
    tell("write", at);
}

static void move_break(void) {
    u32 most = below(4) ? 300 : PAGES_MOST, pages = below(most);
    u32 end = w.first + pages * PAGE;
    u32 got = sys_brk(end);
    tell(got == end ? "brk" : "brk refused", end);
    if (got != end)
        return;
    while (w.pages < pages)
        w.value[w.pages++] = 0;
    w.pages = pages;
    check("new pages");
}

static const char *name_of(u32 i) {
    static char name[] = "/pool/0";
    name[6] = (char)('0' + i);
    return name;
}

/* The kernel writes into pages: a file's first bytes, which are what fill writes. */
static void read_pages(void) {
    static u32 block[2 * PAGE / 4];
    u32 value = next_random(&w.random) | 1;
    u32 at = w.pages > 2 ? below(w.pages - 1) : 0;
    if (w.pages <= 2)
        return;
    for (u32 i = 0; i < 2; i++)
        block[i * 1024] = block[i * 1024 + 511] = block[i * 1024 + 1023] = value;
    if (put_file("/pool/block", block, sizeof block) != sizeof block) {
        tell("no block", 0);
        return;
    }
    tell("read", (u32)get_file("/pool/block", page_of(at), sizeof block));
    w.value[at] = w.value[at + 1] = value;
}

/* File i has at every multiple of 512 bytes a word of its number and the place. */
static u32 stamp(u32 i, u32 at) {
    return i + 2 * at;
}

static void grow_file(void) {
    static u32 block[65536];
    u32 i = below(FILES);
    int fd = sys_open(name_of(i), O_RDWR | O_CREAT);
    u32 length = (u32)sys_lseek(fd, 0, SEEK_END) & ~511u;
    u32 bytes = below(3) ? below(65536) : below((end_of_ram() - PROGRAMS) / 2), done = 0;
    sys_lseek(fd, (int)length, SEEK_SET);
    while (done < bytes) {
        u32 n = bytes - done < sizeof block ? bytes - done : sizeof block;
        for (u32 k = 0; k < n; k += 512)
            block[k / 4] = stamp(i, length + done + k);
        int got = sys_write(fd, block, n);
        if (got < 0)
            break;
        done += (u32)got;
        if ((u32)got < n)
            break;
    }
    tell(done < bytes ? "file full" : "file", done);
    sys_close(fd);
}

static void check_file(void) {
    static u32 block[16384];
    u32 i = below(FILES), at = 0, wrong = 0;
    int fd = sys_open(name_of(i), O_RDONLY), n;
    while ((n = sys_read(fd, block, sizeof block)) > 0) {
        for (u32 k = 0; k + 4 <= (u32)n; k += 512)
            wrong += block[k / 4] != stamp(i, at + k);
        at += (u32)n;
    }
    sys_close(fd);
    tell(wrong ? "wrong words" : "bytes", wrong ? wrong : at);
    if (below(2))
        sys_unlink(name_of(i));
    if (wrong)
        sys_exit(99);
}

static u32 deep(u32 levels) {
    volatile u8 room[3000];
    room[0] = (u8)levels;
    room[2999] = levels ? (u8)deep(levels - 1) : 1;
    return room[0] + 1u;
}

static void run(u32 steps);

static void digits(char *to, u32 value) {
    for (int i = 9; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
    to[10] = 0;
}

/* The child goes on as it is, or as a new program. */
static void have_child(u32 steps) {
    u32 seed = next_random(&w.random);
    int exec = below(3) == 0;
    int pid = sys_fork();
    if (pid < 0) {
        tell("no fork", (u32)-pid);
        return;
    }
    if (pid == 0) {
        w.random = seed;
        w.depth++;
        tell(exec ? "exec" : "fork", steps);
        if (exec) {
            char words[3][11];
            digits(words[0], seed);
            digits(words[1], w.depth);
            digits(words[2], steps);
            int r = sys_execve("/bin/pool", (char *[]){"pool", words[0], words[1], words[2], 0}, 0);
            tell("no exec", (u32)-r);
        } else {
            run(steps);
        }
        sys_exit((int)w.depth);
    }
    u32 at = w.pages ? below(w.pages) : 0;
    int *status = w.pages ? (int *)page_of(at) : 0;
    int got = sys_waitpid(pid, status);
    tell("end", status ? (u32)*status : 0);
    if (status)
        *status = (int)w.value[at];
    if (got != pid)
        sys_exit(98);
    check("after a child");
}

static void run(u32 steps) {
    for (u32 i = 0; i < steps; i++) {
        switch (below(12)) {
        case 0:
        case 1:
            move_break();
            break;
        case 2:
        case 3:
            if (w.depth < DEEPEST)
                have_child(steps / 2);
            break;
        case 4:
            read_pages();
            break;
        case 5:
        case 6:
            grow_file();
            break;
        case 7:
            check_file();
            break;
        case 8:
            tell("deep", deep(below(300)));
            break;
        default:
            write_pages();
            break;
        }
    }
    check("at the end");
}

/* Writes to all that this process has, so that no page of it need be saved later. */
static void touch_all(u32 end) {
    u32 stack;
    __asm__("mov %%esp, %0" : "=r"(stack));
    for (u32 at = 0x08048000; at < end; at += PAGE)
        *(volatile u8 *)at = *(volatile u8 *)at;
    for (u32 at = stack - 4 * PAGE; at < PROGRAMS; at += PAGE)
        *(volatile u8 *)at = *(volatile u8 *)at;
}

static int try_break(u32 address) {
    return sys_brk(address) == address;
}

static void limits(void) {
    u32 end = end_of_ram(), first = sys_brk(0);
    u32 highest = (end - RECORD) & ~(PAGE - 1u); /* the shell's record is above it */
    say("== pool: 1");
    int pid = sys_fork();
    if (pid == 0) {
        *(volatile u32 *)first = 1; /* its page counts, though nobody has set it */
        sys_exit(6);
    }
    must("6", "a child writes at the first break: %d", wait_for(pid));
    must("0", "what its parent finds there: %d", (int)*(volatile u32 *)first);
    must("refused", "the break in the page of the record: %s",
         try_break(highest) ? "set" : "refused");
    pid = sys_fork();
    if (pid == 0) {
        touch_all(first);
        u32 lower = first;
        while (try_break(lower + PAGE))
            lower += PAGE;
        try_break(lower + 1); /* a page more, if it is there */
        must("yes", "with more records: %s",
             lower < end - 2 * RECORD && lower > end - MIB ? "yes" : "no");
        must("ENOMEM", "a fork with no room for a record: %e", sys_fork());
        sys_brk(first);
        must("ENOMEM", "it had that break once: %e", sys_fork());
        sys_exit(7);
    }
    must("7", "the child ends: %d", wait_for(pid));
    pid = sys_fork();
    if (pid == 0)
        sys_exit(8);
    must("8", "its parent can fork: %d", wait_for(pid));
    must("set", "the break right below it: %s", try_break(highest - 1) ? "set" : "refused");
}

static void child_writes(u32 pages) {
    u32 first = (sys_brk(0) + PAGE - 1) & ~(PAGE - 1u);
    sys_brk(first + pages * PAGE);
    int pid = sys_fork();
    if (pid == 0) {
        for (u32 i = 0; i < pages; i++)
            *(u8 *)(first + i * PAGE) = 1;
        sys_exit(0);
    }
    sys_exit(wait_for(pid));
}

int main(int argc, char **argv) {
    sys_mkdir("/pool");
    if (argc == 1) {
        limits();
        return 0;
    }
    if (streq(argv[1], "pages"))
        child_writes(parse_number(argv[2]));
    w.random = parse_number(argv[1]);
    w.first = (sys_brk(0) + PAGE - 1) & ~(PAGE - 1u);
    if (sys_brk(w.first) != w.first)
        return 97;
    if (argc == 4)
        w.depth = parse_number(argv[2]);
    run(argc == 4 ? parse_number(argv[3]) : STEPS);
    return argc == 4 ? (int)w.depth : 0;
}
