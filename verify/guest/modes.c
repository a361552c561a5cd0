/* modes: what the flags of open do, and which descriptors may be read and written. */
#include "verify/guest/rt.h"

/* Opens with these flags, writes two bytes and reads two at the start; says all three results. */
static void try_modes(const char *name, int flags) {
    put_file("/modes/f", "abcdef", 6);
    char got[8] = "........";
    int fd = sys_open("/modes/f", flags);
    int wrote = sys_write(fd, "XY", 2);
    int sought = sys_lseek(fd, 0, SEEK_SET);
    int read = sys_read(fd, got, 8);
    sys_close(fd);
    say("%s: open %s, write %e, seek %e, read %e, then %s", name, outcome(fd), wrote, sought, read,
        text_of("/modes/f"));
}

static void append(void) {
    put_file("/modes/log", "one", 3);
    int fd = sys_open("/modes/log", O_RDWR | O_APPEND);
    char got[16];
    int first = sys_read(fd, got, 2);
    int wrote = sys_write(fd, "two", 3);
    int after = sys_lseek(fd, 0, SEEK_CUR);
    say("append after a read: read %e, wrote %e, at %e, %s", first, wrote, after,
        text_of("/modes/log"));
    sys_lseek(fd, 1, SEEK_SET);
    sys_write(fd, "three", 5);
    say("append after a seek: at %e, %s", sys_lseek(fd, 0, SEEK_CUR), text_of("/modes/log"));
    int other = sys_open("/modes/log", O_WRONLY);
    sys_lseek(other, 0, SEEK_END);
    sys_write(other, "-", 1);
    sys_write(fd, "four", 4);
    say("append after another's write: at %e, %s", sys_lseek(fd, 0, SEEK_CUR),
        text_of("/modes/log"));
    sys_lseek(fd, 40, SEEK_SET);
    sys_write(fd, "", 0);
    say("append of nothing: at %e, %s", sys_lseek(fd, 0, SEEK_CUR), text_of("/modes/log"));
    sys_close(other);
    sys_close(fd);
}

static void truncation(void) {
    put_file("/modes/t", "0123456789", 10);
    int old = sys_open("/modes/t", O_RDWR);
    sys_lseek(old, 6, SEEK_SET);
    int cut = sys_open("/modes/t", O_WRONLY | O_TRUNC);
    char got[16] = "";
    say("truncated under a reader: open %s, read %e", outcome(cut), sys_read(old, got, 4));
    sys_write(cut, "AB", 2);
    sys_write(old, "Z", 1);
    int n = get_file("/modes/t", got, sizeof got);
    say("written past the cut: %e bytes, %d %d %d %d %d %d %d", n, got[0], got[1], got[2], got[3],
        got[4], got[5], got[6]);
    sys_close(cut);
    sys_close(old);
    int shut = sys_open("/modes/t", O_RDONLY | O_TRUNC);
    say("O_TRUNC with O_RDONLY: open %s, read %e", outcome(shut), sys_read(shut, got, 4));
    sys_close(shut);
    say("a missing file with O_TRUNC alone: %e", sys_open("/modes/none", O_WRONLY | O_TRUNC));
}

static void exclusive(void) {
    int fd = sys_open("/modes/x", O_WRONLY | O_CREAT | O_EXCL);
    say("O_EXCL, a new name: %s", outcome(fd));
    sys_write(fd, "kept", 4);
    sys_close(fd);
    say("O_EXCL, the same name: %e", sys_open("/modes/x", O_WRONLY | O_CREAT | O_EXCL));
    say("O_EXCL and O_TRUNC, the same name: %e",
        sys_open("/modes/x", O_WRONLY | O_CREAT | O_EXCL | O_TRUNC));
    say("its content: %s", text_of("/modes/x"));
    fd = sys_open("/modes/x", O_WRONLY | O_EXCL);
    say("O_EXCL without O_CREAT: %s", outcome(fd));
    sys_close(fd);
    say("O_EXCL, a directory: %e", sys_open("/modes", O_WRONLY | O_CREAT | O_EXCL));
    say("O_EXCL, the root: %e", sys_open("/", O_WRONLY | O_CREAT | O_EXCL));
}

static void create(void) {
    char got[8];
    int fd = sys_open("/modes/new", O_RDONLY | O_CREAT);
    say("O_CREAT with O_RDONLY: open %s", outcome(fd));
    say("its read and write: %e %e", sys_read(fd, got, 8), sys_write(fd, "x", 1));
    sys_close(fd);
    put_file("/modes/old", "stays", 5);
    fd = sys_open("/modes/old", O_WRONLY | O_CREAT);
    sys_write(fd, "S", 1);
    sys_close(fd);
    say("O_CREAT of an existing name: %s", text_of("/modes/old"));
    say("missing, no O_CREAT: %e", sys_open("/modes/none", O_RDONLY));
    say("missing parent: %e", sys_open("/modes/none/x", O_WRONLY | O_CREAT));
    say("missing parent, O_EXCL: %e", sys_open("/modes/none/x", O_WRONLY | O_CREAT | O_EXCL));
    say("empty path: %e", sys_open("", O_RDONLY));
    say("empty path, O_CREAT: %e", sys_open("", O_WRONLY | O_CREAT));
}

static void directories(void) {
    char got[8];
    sys_mkdir("/modes/d");
    int fd = sys_open("/modes/d", O_RDONLY);
    say("a directory, O_RDONLY: %s", outcome(fd));
    differs("EISDIR", "0", "a directory is an empty file", "reading a directory: %e",
            sys_read(fd, got, 8));
    say("writing a directory: %e", sys_write(fd, "x", 1));
    sys_close(fd);
    fd = sys_open("/modes/d", O_RDWR);
    differs("EISDIR", "ok", "a directory is an empty file", "a directory, O_RDWR: %s", outcome(fd));
    sys_close(fd);
    fd = sys_open("/modes/d", O_RDONLY | O_CREAT);
    differs("EISDIR", "ok", "a directory is an empty file", "a directory, O_CREAT: %s",
            outcome(fd));
    sys_close(fd);
    fd = sys_open("/", O_RDONLY);
    say("the root, O_RDONLY: %s", outcome(fd));
    sys_close(fd);
}

int main(void) {
    say("== modes: 1");
    sys_mkdir("/modes");
    try_modes("O_RDONLY", O_RDONLY);
    try_modes("O_WRONLY", O_WRONLY);
    try_modes("O_RDWR", O_RDWR);
    try_modes("access mode 3", 3);
    try_modes("O_RDONLY O_APPEND", O_RDONLY | O_APPEND);
    try_modes("O_WRONLY O_APPEND", O_WRONLY | O_APPEND);
    try_modes("O_RDWR O_APPEND", O_RDWR | O_APPEND);
    try_modes("O_WRONLY O_TRUNC", O_WRONLY | O_TRUNC);
    try_modes("O_RDWR O_CREAT O_TRUNC", O_RDWR | O_CREAT | O_TRUNC);
    append();
    truncation();
    exclusive();
    create();
    directories();
    return 0;
}
