/* growth: files that are not the last ones grow by turns, with little free behind them. For the
 * builder only, with as much RAM as the test says.
 *
 *     growth large      two files of 100 MiB, and a small one behind them
 *     growth small      two files with 10,000 small ones and a large one behind them
 *     growth taken      a few files, without paging, and in a machine that is taken over
 *     growth moved      the same, and a file for which all contents have to move
 *     growth walk N     files that are written, emptied and deleted at random, until nothing fits
 * and on
 *
 * Before each of these writes there is a line with a dot: what is between two lines is one write.
 * It ends with a status that is not 0 where a byte is not what was written. */
#include "verify/guest/file_table.h"

enum { MIB = 1 << 20, BLOCK = 4096, WRITERS = 2, TAKEN = 0x00100000 };
enum { LARGE = 100 * MIB, LARGE_TURNS = 3500 };
enum { SMALL = 10000, FREE = 4 * MIB, SMALL_TURNS = 400 };
enum { FEW = 9, FEW_TURNS = 40, MOVING = 110 * MIB };
enum { FILES = 24, STEPS = 240, PIECE = 3 * MIB };

static u32 block[BLOCK / 4];

static void fail(int status) {
    sys_exit(status);
}

static void write_and_tell(int fd, const void *from, u32 n) {
    sys_write(1, ".\n", 2);
    if (sys_write(fd, from, n) != (int)n)
        fail(2);
}

/* What is in block `turn` of a file. */
static void fill(u32 who, u32 turn) {
    for (u32 i = 0; i < BLOCK / 4; i++)
        block[i] = who << 28 ^ turn << 12 ^ i;
}

static void check(int fd, u32 who, u32 from, u32 turns) {
    static u32 found[BLOCK / 4];
    sys_lseek(fd, (int)from, SEEK_SET);
    for (u32 turn = 0; turn < turns; turn++) {
        fill(who, turn);
        if (sys_read(fd, found, BLOCK) != BLOCK)
            fail(3);
        for (u32 i = 0; i < BLOCK / 4; i++)
            if (found[i] != block[i])
                fail(4);
    }
}

/* How much of a write there was room for, or its error. */
static void tell(int value) {
    char line[] = "fits 00000000\n";
    for (u32 i = 0; i < 8; i++)
        line[5 + i] = "0123456789ABCDEF"[(u32)value >> (28 - 4 * i) & 15];
    sys_write(1, line, sizeof line - 1);
}

static const char *name_of(u32 i) {
    return numbered("/g/", i);
}

static int make(u32 i) {
    int fd = sys_open(name_of(i), O_RDWR | O_CREAT | O_TRUNC);
    if (fd < 0)
        fail(5);
    return fd;
}

/* Zeros up to its last byte; whether there was room. */
static int try_sized(int fd, u32 size) {
    sys_lseek(fd, (int)(size - 1), SEEK_SET);
    return sys_write(fd, "x", 1) == 1;
}

static int make_sized(u32 i, u32 size) {
    int fd = make(i);
    if (!try_sized(fd, size))
        fail(6);
    return fd;
}

/* A file that leaves FREE bytes or little more; what has been deleted is in the middle. */
static void make_full(u32 i) {
    sys_close(make_sized(i, FREE));
    int fd = make(i + 1);
    u32 size = 0;
    for (u32 step = LARGE; step > BLOCK; step /= 2)
        if (try_sized(fd, size + step))
            size += step;
    sys_unlink(name_of(i));
}

/* They grow from `size` on, a block a turn. */
static void grow_by_turns(const int *fds, u32 count, u32 from, u32 to) {
    for (u32 turn = from; turn < to; turn++) {
        for (u32 who = 0; who < count; who++) {
            fill(who, turn);
            write_and_tell(fds[who], block, BLOCK);
        }
    }
}

static void large(void) {
    int fds[WRITERS];
    for (u32 i = 0; i < WRITERS; i++)
        fds[i] = make_sized(i, LARGE);
    make_sized(WRITERS, 1);
    grow_by_turns(fds, WRITERS, 0, LARGE_TURNS);
    for (u32 i = 0; i < WRITERS; i++)
        check(fds[i], i, LARGE, LARGE_TURNS);
}

static void small(void) {
    int fds[WRITERS];
    for (u32 i = 0; i < WRITERS; i++)
        fds[i] = make_sized(i, BLOCK);
    for (u32 i = 0; i < SMALL; i++)
        sys_close(make_sized(WRITERS + i, 1 + i % 100));
    make_full(WRITERS + SMALL);
    grow_by_turns(fds, WRITERS, 0, SMALL_TURNS);
    for (u32 i = 0; i < WRITERS; i++)
        check(fds[i], i, BLOCK, SMALL_TURNS);
}

/* The content of file `who`, where its descriptor says: paging is off. */
static void check_in_place(u32 who, u32 turns) {
    const struct descriptor *d = descriptor_in_table(look_up(name_of(who)));
    const u32 *content = (const u32 *)d->address;
    if (d->length != turns * BLOCK)
        fail(7);
    for (u32 turn = 0; turn < turns; turn++) {
        fill(who, turn);
        for (u32 i = 0; i < BLOCK / 4; i++)
            if (content[turn * BLOCK / 4 + i] != block[i])
                fail(8);
    }
}

/* As a program does that has been in real mode: paging goes with protection, and it brings back the
 * latter alone. The next call of the kernel must find the contents all the same. */
static void leave_paging(void) {
    u32 cr0;
    __asm__ volatile("mov %%cr0, %0" : "=r"(cr0));
    __asm__ volatile("mov %0, %%cr0" : : "r"(cr0 & 0x7FFFFFFF) : "memory");
}

static void taken(int moves) {
    int fds[FEW];
    for (u32 i = 0; i < FEW; i++)
        fds[i] = make(i);
    grow_by_turns(fds, FEW, 0, FEW_TURNS);
    leave_paging();
    for (u32 i = 0; i < FEW; i++)
        check(fds[i], i, 0, FEW_TURNS);
    *(volatile u32 *)TAKEN = 0;
    for (u32 i = 0; i < FEW; i++) {
        check_in_place(i, FEW_TURNS);
        check(fds[i], i, 0, FEW_TURNS);
    }
    grow_by_turns(fds, FEW, FEW_TURNS, 2 * FEW_TURNS);
    if (moves) /* what fits nowhere leaves all as it is */
        try_sized(make(FEW), MOVING);
    for (u32 i = 0; i < FEW; i++) {
        check_in_place(i, 2 * FEW_TURNS);
        check(fds[i], i, 0, 2 * FEW_TURNS);
    }
    if (moves)
        sys_unlink(name_of(FEW));
}

/* A file of the walk: word `at` of it is mark ^ at. */
struct walker {
    int fd;
    u32 mark, words;
};

static u32 piece[PIECE / 4];

static void append(struct walker *w, u32 words) {
    for (u32 i = 0; i < words; i++)
        piece[i] = w->mark ^ (w->words + i);
    sys_lseek(w->fd, (int)(w->words * 4), SEEK_SET);
    int n = sys_write(w->fd, piece, words * 4);
    if (n != (int)(words * 4))
        tell(n);
    if (n > 0)
        w->words += (u32)n / 4;
}

static void check_walker(const struct walker *w) {
    sys_lseek(w->fd, 0, SEEK_SET);
    for (u32 at = 0; at < w->words;) {
        int n = sys_read(w->fd, piece, PIECE);
        if (n <= 0)
            fail(9);
        for (u32 i = 0; i < (u32)n / 4; i++, at++)
            if (piece[i] != (w->mark ^ at))
                fail(10);
    }
}

static void walk(u32 seed) {
    static struct walker files[FILES];
    for (u32 step = 0; step < STEPS; step++) {
        u32 i = next_random(&seed) % FILES, what = next_random(&seed) % 16;
        struct walker *w = &files[i];
        if (what == 0 && w->fd) { /* deleted while it is open, or after */
            sys_unlink(name_of(i));
            check_walker(w);
            sys_close(w->fd);
            w->fd = 0;
        } else if (what == 1 || !w->fd) {
            if (w->fd)
                sys_close(w->fd);
            *w = (struct walker){make(i), next_random(&seed), 0};
        }
        if (w->fd)
            append(w, 1 + next_random(&seed) % (what % 2 ? 2000 : PIECE / 4));
    }
    for (u32 i = 0; i < FILES; i++)
        if (files[i].fd)
            check_walker(&files[i]);
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 3)
        return 1;
    sys_mkdir("/g");
    if (streq(argv[1], "large"))
        large();
    else if (streq(argv[1], "small"))
        small();
    else if (streq(argv[1], "taken"))
        taken(0);
    else if (streq(argv[1], "moved"))
        taken(1);
    else if (streq(argv[1], "walk") && argc == 3)
        walk(parse_number(argv[2]));
    else
        return 1;
    return 0;
}
