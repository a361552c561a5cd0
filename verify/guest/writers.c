/* writers: many files that grow at the same time, and no byte of one ever in another. */
#include "verify/guest/rt.h"

enum { FILES = 60, ROUNDS = 3000 };

struct writer {
    int fd;
    u32 length;
    u32 sum; /* of what was written, in order */
};

static const char *name_of(int i) {
    static char name[] = "/writers/00";
    name[9] = (char)('0' + i / 10);
    name[10] = (char)('0' + i % 10);
    return name;
}

/* The bytes of a piece say whose it is and where it stands, so that a stray one shows. */
static void make_piece(u8 *piece, u32 n, int who, u32 at) {
    for (u32 i = 0; i < n; i++)
        piece[i] = (u8)((at + i) * 31 + (u32)who * 17 + (at + i) / 251);
}

static u32 sum_of(const char *path) {
    static u8 block[4096];
    u32 sum = FNV_START;
    int n;
    int fd = sys_open(path, O_RDONLY);
    while ((n = sys_read(fd, block, sizeof block)) > 0)
        sum = fnv(sum, block, (u32)n);
    sys_close(fd);
    return sum;
}

static void interleaved(void) {
    static struct writer w[FILES];
    static u8 piece[5000];
    u32 random = 12345;
    int short_writes = 0;
    for (int i = 0; i < FILES; i++)
        w[i] = (struct writer){sys_open(name_of(i), O_WRONLY | O_CREAT | O_TRUNC), 0, FNV_START};
    for (int round = 0; round < ROUNDS; round++) {
        u32 r = next_random(&random);
        int who = (int)(r >> 8) % FILES;
        u32 n = r % 7 == 0 ? (r >> 16) % 5000 : (r >> 16) % 90;
        make_piece(piece, n, who, w[who].length);
        short_writes += sys_write(w[who].fd, piece, n) != (int)n;
        w[who].sum = fnv(w[who].sum, piece, n);
        w[who].length += n;
    }
    int whole = 0;
    u32 all = FNV_START;
    for (int i = 0; i < FILES; i++) {
        int length = sys_lseek(w[i].fd, 0, SEEK_END);
        sys_close(w[i].fd);
        u32 sum = sum_of(name_of(i));
        whole += length == (int)w[i].length && sum == w[i].sum;
        all = fnv(all, &sum, sizeof sum);
    }
    say("interleaved: %d of 60 files whole, %d short writes, sum %x", whole, short_writes, all);
}

/* One byte at a time into many files in turn: the worst case for files that must be contiguous. */
static void byte_by_byte(void) {
    int fd[FILES];
    for (int i = 0; i < FILES; i++)
        fd[i] = sys_open(name_of(i), O_WRONLY | O_CREAT | O_TRUNC);
    for (u32 at = 0; at < 700; at++) {
        for (int i = 0; i < FILES; i++) {
            u8 byte;
            make_piece(&byte, 1, i, at);
            sys_write(fd[i], &byte, 1);
        }
    }
    int whole = 0;
    for (int i = 0; i < FILES; i++) {
        u8 want[700];
        u8 got[800];
        make_piece(want, 700, i, 0);
        sys_close(fd[i]);
        whole += get_file(name_of(i), got, 800) == 700 && memcmp(got, want, 700) == 0;
    }
    say("byte by byte: %d of 60 files whole", whole);
}

/* Two descriptors on one file have a position each and see each other's bytes. */
static void two_on_one(void) {
    char got[32] = "";
    int a = sys_open("/writers/two", O_RDWR | O_CREAT | O_TRUNC);
    int b = sys_open("/writers/two", O_RDWR);
    sys_write(a, "aaaaaaaa", 8);
    sys_write(b, "bb", 2);
    sys_write(a, "A", 1);
    sys_write(b, "B", 1);
    say("positions: %e %e", sys_lseek(a, 0, SEEK_CUR), sys_lseek(b, 0, SEEK_CUR));
    say("a reads at its place: %e", sys_read(a, got, 10));
    say("b reads the rest: %e, %s", sys_read(b, got, 10), got);
    sys_write(b, "end", 3);
    memset(got, 0, sizeof got);
    say("a reads what b added: %e, %s", sys_read(a, got, 10), got);
    say("content: %s", text_of("/writers/two"));
    sys_close(a);
    sys_write(b, "!", 1);
    say("b after a's close: %s", text_of("/writers/two"));
    sys_close(b);
}

/* A file that grows while others follow it in memory, read back while it grows. */
static void growing_under_readers(void) {
    static u8 block[10000];
    int out = sys_open("/writers/grow", O_WRONLY | O_CREAT | O_TRUNC);
    int in = sys_open("/writers/grow", O_RDONLY);
    u32 wrong = 0;
    for (u32 at = 0; at < 200000; at += 1000) {
        make_piece(block, 1000, 7, at);
        sys_write(out, block, 1000);
        put_file("/writers/after", block, at % 9000 + 1);
        u8 back[1000];
        wrong += sys_read(in, back, 1000) != 1000 || memcmp(back, block, 1000) != 0;
    }
    sys_close(in);
    sys_close(out);
    u32 sum = sum_of("/writers/grow");
    say("grown by 200 writes, read after each: %d wrong, sum %x", wrong, sum);
}

int main(void) {
    say("== writers: 1");
    sys_mkdir("/writers");
    interleaved();
    byte_by_byte();
    two_on_one();
    growing_under_readers();
    return 0;
}
