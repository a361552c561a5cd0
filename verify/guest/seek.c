/* seek: every whence, past the end, before the start, and what a gap reads as. */
#include "verify/guest/rt.h"

static void whences(void) {
    int fd = sys_open("/seek/f", O_RDWR | O_CREAT | O_TRUNC);
    sys_write(fd, "0123456789", 10);
    say("after a write: %e", sys_lseek(fd, 0, SEEK_CUR));
    say("set 4: %e", sys_lseek(fd, 4, SEEK_SET));
    say("cur +3: %e", sys_lseek(fd, 3, SEEK_CUR));
    say("cur -5: %e", sys_lseek(fd, -5, SEEK_CUR));
    say("end: %e", sys_lseek(fd, 0, SEEK_END));
    say("end -10: %e", sys_lseek(fd, -10, SEEK_END));
    say("end +7: %e", sys_lseek(fd, 7, SEEK_END));
    say("the end did not move: %e", sys_lseek(fd, 0, SEEK_END));
    say("set -1: %e", sys_lseek(fd, -1, SEEK_SET));
    say("end -11: %e", sys_lseek(fd, -11, SEEK_END));
    sys_lseek(fd, 3, SEEK_SET);
    say("cur -4: %e", sys_lseek(fd, -4, SEEK_CUR));
    say("after the errors: %e", sys_lseek(fd, 0, SEEK_CUR));
    say("set -2147483648: %e", sys_lseek(fd, (int)0x80000000, SEEK_SET));
    say("set 2147483647: %e", sys_lseek(fd, 0x7FFFFFFF, SEEK_SET));
    sys_lseek(fd, 0, SEEK_SET);
    say("whence 5: %e", sys_lseek(fd, 0, 5));
    say("whence -1: %e", sys_lseek(fd, 0, -1));
    differs("0", "EINVAL", "SEEK_DATA is not in the contract", "whence 3: %e", sys_lseek(fd, 0, 3));
    sys_close(fd);
    say("closed: %e", sys_lseek(fd, 0, SEEK_SET));
    say("descriptor -1: %e", sys_lseek(-1, 0, SEEK_SET));
}

static void far_away(void) {
    char got[4];
    int fd = sys_open("/seek/far", O_RDWR | O_CREAT | O_TRUNC);
    sys_write(fd, "ab", 2);
    sys_lseek(fd, 0x7FFFFFFF, SEEK_SET);
    say("read at the last position: %e", sys_read(fd, got, 4));
    say("write of nothing there: %e", sys_write(fd, "", 0));
    differs("EFBIG", "ENOSPC", "a gap that does not fit is ENOSPC", "write there: %e",
            sys_write(fd, "x", 1));
    say("the position stayed: %e", sys_lseek(fd, 0, SEEK_CUR));
    say("nothing was written: %e", sys_lseek(fd, 0, SEEK_END));
    sys_lseek(fd, 0x7FFFFFFF, SEEK_SET);
    differs("past 2 GiB", "EINVAL", "a position is at most 0x7FFFFFFF", "one further: %s",
            sys_lseek(fd, 1, SEEK_CUR) == -EINVAL ? "EINVAL" : "past 2 GiB");
    differs("past 2 GiB", "EINVAL", "a position is at most 0x7FFFFFFF", "from the end: %s",
            sys_lseek(fd, 0x7FFFFFFF, SEEK_END) == -EINVAL ? "EINVAL" : "past 2 GiB");
    sys_close(fd);
}

/* A write past the end: the gap is zero, wherever it begins and ends. */
static void gap(u32 length, u32 start) {
    static u8 got[20000];
    memset(got, 0x55, sizeof got);
    put_file("/seek/gap", got, length);
    int fd = sys_open("/seek/gap", O_RDWR);
    sys_lseek(fd, (int)start, SEEK_SET);
    int beyond = sys_read(fd, got, 10);
    int wrote = sys_write(fd, "!", 1);
    sys_lseek(fd, 0, SEEK_SET);
    memset(got, 0xAA, sizeof got);
    int n = sys_read(fd, got, sizeof got);
    u32 wrong = 0;
    for (u32 i = 0; i < (u32)n && i < sizeof got; i++) {
        u8 want = i < length ? 0x55 : i < start ? 0 : '!';
        wrong += got[i] != want;
    }
    say("gap %d to %d: read %e, wrote %e, %e bytes, %d wrong", length, start, beyond, wrote, n,
        wrong);
    sys_close(fd);
}

/* What a gap covers was something else's before: it is zero all the same. */
static void gap_over_used(void) {
    static u8 noise[16384];
    memset(noise, 0xEE, sizeof noise);
    for (int i = 0; i < 8; i++) {
        put_file("/seek/noise", noise, sizeof noise);
        sys_unlink("/seek/noise");
        gap(100, 15000);
    }
    put_file("/seek/shrunk", noise, sizeof noise);
    int fd = sys_open("/seek/shrunk", O_RDWR | O_TRUNC);
    sys_lseek(fd, 16000, SEEK_SET);
    sys_write(fd, "!", 1);
    sys_lseek(fd, 0, SEEK_SET);
    u32 sum = 0;
    int n = sys_read(fd, noise, sizeof noise);
    for (int i = 0; i < n; i++)
        sum += noise[i];
    say("gap over a file's own former bytes: %e bytes, sum %d", n, sum);
    sys_close(fd);
}

int main(void) {
    say("== seek: 1");
    sys_mkdir("/seek");
    whences();
    far_away();
    gap(0, 1);
    gap(1, 2);
    gap(0, 4096);
    gap(4095, 4096);
    gap(4096, 4097);
    gap(4000, 9000);
    gap(10, 10);
    gap_over_used();
    return 0;
}
