/* full: what happens when the files fill the memory. For the builder only, with little RAM. */
#include "verify/guest/rt.h"

enum { MIB = 1 << 20, LEAST = 100 /* MiB of 111 */, PIECES = 50 };

static u8 block[MIB];

/* A block as no other seed gives it: every 512 bytes stand the seed and the place. */
static void fill_block(u32 seed) {
    for (u32 i = 0; i < MIB; i += 512) {
        u32 stamp[2] = {seed * 2654435761u, seed + i};
        memcpy(block + i, stamp, sizeof stamp);
    }
}

/* Writes blocks until no more fit; the bytes written. *last is the answer of the last call. */
static u32 fill(int fd, u32 seed, int *last) {
    u32 total = 0;
    for (;;) {
        fill_block(seed++);
        *last = sys_write(fd, block, MIB);
        if (*last <= 0)
            return total;
        total += (u32)*last;
    }
}

/* Whether the file holds what fill wrote. */
static int whole(const char *path, u32 seed, u32 total) {
    static u8 back[65536];
    int fd = sys_open(path, O_RDONLY);
    u32 at = 0;
    int n;
    while ((n = sys_read(fd, back, sizeof back)) > 0) {
        if (at % MIB == 0)
            fill_block(seed++);
        if (memcmp(back, block + at % MIB, (u32)n) != 0)
            break;
        at += (u32)n;
    }
    sys_close(fd);
    return n == 0 && at == total;
}

static void one_file(void) {
    int last = 0;
    int fd = sys_open("/full/a", O_RDWR | O_CREAT);
    u32 total = fill(fd, 1, &last);
    must("yes", "it took 100 MiB and more: %s", total >= LEAST * MIB ? "yes" : "no");
    must("ENOSPC", "then: %e", last);
    must("yes", "what fits is kept: %s", (u32)sys_lseek(fd, 0, SEEK_END) == total ? "yes" : "no");
    must("ENOSPC", "one byte: %e", sys_write(fd, "x", 1));
    must("0", "nothing: %e", sys_write(fd, "x", 0));
    sys_lseek(fd, 5, SEEK_SET);
    fill_block(1);
    must("1000", "inside the file: %e", sys_write(fd, block + 5, 1000));
    sys_lseek(fd, -3, SEEK_END);
    must("3", "over its end: %e", sys_write(fd, block, 10));
    sys_close(fd);
}

static void no_room(void) {
    int fd = sys_open("/full/b", O_RDWR | O_CREAT);
    must("ok", "a name: %s", outcome(fd));
    must("ENOSPC", "its first byte: %e", sys_write(fd, "x", 1));
    sys_lseek(fd, 1000, SEEK_SET);
    must("ENOSPC", "a gap: %e", sys_write(fd, "x", 1));
    must("0", "its length: %e", sys_lseek(fd, 0, SEEK_END));
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(5);
    must("5", "fork needs none of it: %e", wait_for(pid));
    sys_unlink("/full/a");
    must("1", "room again: %e", sys_write(fd, "x", 1));
    sys_close(fd);
    sys_unlink("/full/b");
}

static void whole_file(void) {
    int last = 0;
    for (int i = 0; i < 2; i++) {
        hold_findings();
        int fd = sys_open("/full/c", O_WRONLY | O_CREAT | O_TRUNC);
        u32 total = fill(fd, 77, &last);
        sys_close(fd);
        must("yes", "filled once more: %s", total >= LEAST * MIB ? "yes" : "no");
        must("1", "and whole: %d", whole("/full/c", 77, total));
        sys_unlink("/full/c");
        release_findings();
    }
}

static const char *name_of(int i) {
    static char name[] = "/full/00";
    name[6] = (char)('0' + i / 10);
    name[7] = (char)('0' + i % 10);
    return name;
}

/* Many files of 2 MiB; every second one goes, and one of 40 MiB takes their room. */
static void pieces(void) {
    int failed = 0;
    for (int i = 0; i < PIECES; i++) {
        int fd = sys_open(name_of(i), O_WRONLY | O_CREAT);
        fill_block((u32)i);
        failed += sys_write(fd, block, MIB) != MIB;
        fill_block((u32)i + 1);
        failed += sys_write(fd, block, MIB) != MIB;
        sys_close(fd);
    }
    must("0 failed", "50 files of 2 MiB: %d failed", failed);
    for (int i = 0; i < PIECES; i += 2)
        sys_unlink(name_of(i));
    int fd = sys_open("/full/large", O_WRONLY | O_CREAT);
    for (u32 i = 0; i < 40; i++) {
        fill_block(i + 500);
        failed += sys_write(fd, block, MIB) != MIB;
    }
    sys_close(fd);
    must("0 failed", "40 MiB in the room of every second: %d failed", failed);
    must("1", "it is whole: %d", whole("/full/large", 500, 40 * MIB));
    for (int i = 1; i < PIECES; i += 2) {
        failed += !whole(name_of(i), (u32)i, 2 * MIB);
        sys_unlink(name_of(i));
    }
    must("0 not whole", "the others: %d not whole", failed);
    sys_unlink("/full/large");
}

int main(void) {
    say("== full: 1");
    sys_mkdir("/full");
    hold_findings(); /* they go to /dev/hda, which cannot grow when there is no room */
    one_file();
    no_room();
    release_findings();
    whole_file();
    pieces();
    return 0;
}
