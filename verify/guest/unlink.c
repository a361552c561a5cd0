/* unlink: a name goes, its open file stays, and a new file of that name is another one. */
#include "verify/guest/rt.h"

static void while_open(void) {
    char got[16];
    put_file("/unlink/f", "first", 5);
    int old = sys_open("/unlink/f", O_RDWR);
    say("unlink of an open file: %e", sys_unlink("/unlink/f"));
    say("its name: %e", sys_access("/unlink/f", 0));
    say("again: %e", sys_unlink("/unlink/f"));
    say("read: %e", sys_read(old, got, 3));
    say("write: %e", sys_write(old, "ST and more", 11));
    say("end: %e", sys_lseek(old, 0, SEEK_END));

    int fresh = sys_open("/unlink/f", O_RDWR | O_CREAT | O_EXCL);
    say("the name again: %s", outcome(fresh));
    say("new file is empty: %e", sys_lseek(fresh, 0, SEEK_END));
    sys_write(fresh, "second", 6);
    sys_lseek(old, 0, SEEK_SET);
    memset(got, 0, sizeof got);
    sys_read(old, got, 14);
    say("the old one: %s", got);
    sys_write(old, "!!", 2);
    say("the new one: %s", text_of("/unlink/f"));
    sys_close(old);
    sys_lseek(fresh, 0, SEEK_SET);
    memset(got, 0, sizeof got);
    sys_read(fresh, got, 15);
    say("the new one after the old one's close: %s", got);
    sys_unlink("/unlink/f");
    sys_close(fresh);
    say("both gone: %e", sys_open("/unlink/f", O_RDONLY));
}

/* Several unlinked files under one name, all open at once, each with its own bytes. */
static void generations(void) {
    enum { COUNT = 40 };
    int fd[COUNT];
    char got[8];
    int right = 0;
    for (int i = 0; i < COUNT; i++) {
        fd[i] = sys_open("/unlink/g", O_RDWR | O_CREAT | O_EXCL);
        u8 bytes[3] = {'g', (u8)i, (u8)(i * 7)};
        sys_write(fd[i], bytes, 3);
        sys_unlink("/unlink/g");
    }
    for (int i = 0; i < COUNT; i++) {
        sys_lseek(fd[i], 0, SEEK_SET);
        right += sys_read(fd[i], got, 8) == 3 && got[1] == (char)i && got[2] == (char)(i * 7);
        sys_close(fd[i]);
    }
    say("generations of one name: %d of 40", right);
}

/* Thousands of files made and unlinked leave room for thousands more. */
static void many(void) {
    int failed = 0;
    for (int i = 0; i < 20000; i++) {
        int fd = sys_open("/unlink/m", O_WRONLY | O_CREAT | O_EXCL);
        failed += fd < 0 || sys_write(fd, "bytes", 5) != 5 || sys_close(fd) != 0;
        failed += sys_unlink("/unlink/m") != 0;
    }
    say("20,000 made and unlinked: %d failures", failed);
}

/* The space of unlinked files is used again: 400 MiB go through in all. */
static void space(void) {
    static u8 block[65536];
    int failed = 0;
    for (int i = 0; i < 100; i++) {
        int fd = sys_open("/unlink/s", O_WRONLY | O_CREAT);
        for (int j = 0; j < 64; j++)
            failed += sys_write(fd, block, sizeof block) != sizeof block;
        sys_close(fd);
        sys_unlink("/unlink/s");
    }
    say("4 MiB made and unlinked 100 times: %d failures", failed);
}

static void errors(void) {
    say("missing: %e", sys_unlink("/unlink/none"));
    say("missing parent: %e", sys_unlink("/unlink/none/x"));
    say("empty path: %e", sys_unlink(""));
    differs("EISDIR", "0", "its name goes, and nothing else", "the root: %e", sys_unlink("/"));
    sys_mkdir("/");
    differs("EISDIR", "0", "its name goes, and nothing else", "the root as ..: %e",
            sys_unlink("/unlink/.."));
    sys_mkdir("/");
    sys_mkdir("/unlink/d");
    differs("EISDIR", "0", "a directory is a file like any other", "a directory: %e",
            sys_unlink("/unlink/d"));
    sys_chdir("/unlink");
    put_file("/unlink/r", "x", 1);
    say("relative: %e", sys_unlink("./r"));
    say("and it is gone: %e", sys_access("/unlink/r", 0));
}

int main(void) {
    say("== unlink: 1");
    sys_mkdir("/unlink");
    while_open();
    generations();
    many();
    space();
    errors();
    return 0;
}
