/* paths: chdir, getcwd, access and mkdir, and how a path is resolved. */
#include "verify/guest/rt.h"

static const char *cwd(void) {
    static char buf[2048];
    int n = sys_getcwd(buf, sizeof buf);
    if (n < 0)
        return outcome(n);
    return (u32)n == strlen(buf) + 1 ? buf : "a wrong length";
}

static void go(const char *path) {
    int r = sys_chdir(path);
    say("chdir %s: %e, in %s", path, r, cwd());
}

static void directories(void) {
    say("at the start: %s", cwd());
    sys_mkdir("/paths");
    sys_mkdir("/paths/a");
    sys_mkdir("/paths/a/b");
    put_file("/paths/a/file", "data", 4);
    go("/paths");
    go("a");
    go("./b");
    go("..");
    go("../..");
    go("..");
    go("../../paths/a/b/../b/./.");
    go("/");
    go("//paths///a//");
    go("b/");
    go(".");
    go("/..//paths/.");
    go("/paths/a/b/../../..");
    go("/paths/none");
    go("/paths/none/b");
    go("/paths/a/file");
    go("");
    go("/paths/a");
}

static void resolved(void) {
    const char *paths[] = {"file",
                           "./file",
                           ".//file",
                           "../a/file",
                           "/paths/a/file",
                           "//paths//a//file",
                           "/../../paths/a/file",
                           "b/../file",
                           "b/./.././file",
                           "/paths/a/b/../../a/./file",
                           "/paths/a/fil",
                           "/paths/a/file2",
                           "/paths/A/file",
                           "fil"};
    for (u32 i = 0; i < sizeof paths / sizeof *paths; i++) {
        int fd = sys_open(paths[i], O_RDONLY);
        say("open %s: %s, access %e", paths[i], outcome(fd), sys_access(paths[i], 0));
        sys_close(fd);
    }
    differs("ENOENT", "0", "a path is resolved by its text alone", "access none/../file: %e",
            sys_access("none/../file", 0));
    differs("ENOTDIR", "0", "a path is resolved by its text alone", "access file/../file: %e",
            sys_access("file/../file", 0));
    differs("ENOTDIR", "0", "a final / is resolved by the text alone", "access file/: %e",
            sys_access("file/", 0));
    say("access of the root: %e", sys_access("/", 0));
    say("access of an empty path: %e", sys_access("", 0));
    say("access, mode 4: %e", sys_access("file", 4));
    differs("EINVAL", "0", "the mode of access is ignored", "access, mode 8: %e",
            sys_access("file", 8));
}

static void making(void) {
    say("mkdir m: %e", sys_mkdir("m"));
    say("mkdir m again: %e", sys_mkdir("m"));
    say("mkdir m/: %e", sys_mkdir("m/"));
    say("mkdir m2/: %e", sys_mkdir("m2/"));
    say("access m2: %e", sys_access("/paths/a/m2", 0));
    say("mkdir m/../m: %e", sys_mkdir("m/../m"));
    say("mkdir m/.: %e", sys_mkdir("m/."));
    say("mkdir m/..: %e", sys_mkdir("m/.."));
    say("mkdir /: %e", sys_mkdir("/"));
    say("mkdir of a file's name: %e", sys_mkdir("file"));
    say("mkdir with no parent: %e", sys_mkdir("none/m"));
    say("mkdir of nothing: %e", sys_mkdir(""));
    put_file("m/inside", "in", 2);
    say("m/inside: %s", text_of("/paths/a/m/inside"));
    differs("ENOTDIR", "ok", "creating needs the parent to exist, as whatever file",
            "a file below a file: %s", outcome(put_file("file/x", "y", 1)));
    differs("ENOTDIR", "0", "creating needs the parent to exist, as whatever file",
            "mkdir below a file: %e", sys_mkdir("file/d"));
    put_file("empty", "", 0);
    differs("ENOTDIR", "0", "an empty file is a directory", "chdir to an empty file: %e",
            sys_chdir("empty"));
    sys_chdir("/paths/a");
}

static void sizes(void) {
    char buf[32];
    memset(buf, '#', sizeof buf);
    say("getcwd, size 0: %e", sys_getcwd(buf, 0));
    say("getcwd, size 1: %e", sys_getcwd(buf, 1));
    say("getcwd, one byte short: %e", sys_getcwd(buf, 8));
    say("getcwd left the buffer: %d %d", buf[0], buf[8]);
    say("getcwd, just enough: %e", sys_getcwd(buf, 9));
    say("getcwd wrote: %s, then %d", buf, buf[9]);
    say("getcwd past RAM: %e", sys_getcwd((char *)NOWHERE, 100));
    sys_chdir("/");
    say("getcwd at the root, size 1: %e", sys_getcwd(buf, 1));
    say("getcwd at the root, size 2: %e, %s", sys_getcwd(buf, 2), buf);
}

/* A name of `length` bytes below /paths/a: components of 200 bytes, as Linux allows 255. */
static char *long_path(u32 length) {
    static char path[5000];
    memset(path, 0, sizeof path);
    memcpy(path, "/paths/a", 8);
    for (u32 i = 8; i < length; i++)
        path[i] = (i - 8) % 200 ? 'p' : '/';
    if (path[length - 1] == '/')
        path[length - 1] = 'q';
    return path;
}

static void make_parents(void) {
    for (u32 length = 8 + 200; length < 1023; length += 200)
        say("mkdir of %d bytes: %e", length, sys_mkdir(long_path(length)));
}

static void limits(void) {
    make_parents();
    say("1,023 bytes: %s", outcome(put_file(long_path(1023), "x", 1)));
    say("1,023 bytes, access: %e", sys_access(long_path(1023), 0));
    say("1,022 bytes, access: %e", sys_access(long_path(1022), 0));
    const char *why = "a resolved path has at most 1,023 bytes";
    differs("ok", "ENAMETOOLONG", why, "1,024 bytes, open: %s",
            outcome(put_file(long_path(1024), "y", 1)));
    differs("0", "ENAMETOOLONG", why, "1,024 bytes, access: %e", sys_access(long_path(1024), 0));
    differs("0", "ENAMETOOLONG", why, "1,024 bytes, unlink: %e", sys_unlink(long_path(1024)));
    differs("0", "ENAMETOOLONG", why, "1,024 bytes, mkdir: %e", sys_mkdir(long_path(1024)));
    differs("0", "ENAMETOOLONG", why, "1,024 bytes, chdir: %e", sys_chdir(long_path(1024)));
    sys_chdir("/");
    say("the longest name is intact: %s", text_of(long_path(1023)));

    char *dir = long_path(1008);
    say("chdir to a long directory: %e", sys_chdir(dir));
    say("and its length: %d", strlen(cwd()));
    say("relative, 1,023 in all: %s", outcome(put_file("12345678901234", "rel", 3)));
    differs("ok", "ENAMETOOLONG", why, "relative, 1,024 in all: %s",
            outcome(put_file("123456789012345", "rel", 3)));
    say("chdir in the long directory: %e", sys_chdir("../../.."));
    say("and then its length: %d", strlen(cwd()));
    sys_chdir("/");
}

/* The limit is on the resolved path: a longer text that resolves to a shorter name is fine. */
static void long_text(void) {
    static char path[3000];
    memcpy(path, "/paths/a", 8);
    for (u32 i = 8; i < 2008; i += 2) {
        path[i] = '/';
        path[i + 1] = '.';
    }
    memcpy(path + 2008, "/file", 6);
    say("2,013 bytes of /. that resolve to /paths/a/file: %e", sys_access(path, 0));
    for (u32 i = 0; i < 1000; i++)
        path[i] = '/';
    memcpy(path + 1000, "paths/a/file", 13);
    say("1,000 slashes before paths/a/file: %e", sys_access(path, 0));
}

int main(void) {
    say("== paths: 1");
    directories();
    resolved();
    making();
    sizes();
    limits();
    long_text();
    return 0;
}
