/* console: descriptors 0, 1 and 2, the script as input, and lines without an end. */
#include "verify/guest/rt.h"

static char got[64];

static void reading(void) {
    int most = 0;
    u32 n = 0;
    while (n < sizeof got - 1) {
        int r = sys_read(0, got + n, 10);
        most = r > most ? r : most;
        if (r != 1 || got[n] == '\n')
            break;
        n++;
    }
    got[n] = 0;
    say("at most %d byte a call: %s", most, got);
    say("of no bytes: %e", sys_read(0, got, 0));
}

static void wrong_ways(void) {
    say("write to 0: %e", sys_write(0, "x", 1));
    say("read from 1 and 2: %e %e", sys_read(1, got, 1), sys_read(2, got, 1));
    for (int fd = 0; fd < 3; fd++)
        say("lseek on %d: %e %e", fd, sys_lseek(fd, 0, SEEK_SET), sys_lseek(fd, 0, SEEK_END));
    say("of no bytes: %e %e", sys_write(1, "", 0), sys_write(2, "", 0));
}

/* A child reads on where its parent stopped: the script is one for all. */
static void child_reads(void) {
    int pid = sys_fork();
    if (pid == 0) {
        sys_read(0, got, 1);
        sys_exit(got[0]);
    }
    say("a child reads: %d", wait_for(pid));
    sys_read(0, got, 1);
    say("its parent reads on: %d", got[0]);
    sys_read(0, got, 1);
    say("and then: %d", got[0]);
}

static void closing(void) {
    static const char *names[] = {"0", "1", "2"};
    int pid = sys_fork();
    if (pid == 0) {
        for (int fd = 0; fd < 3; fd++)
            say("close of %s: %e", names[fd], sys_close(fd));
        const char *why = "0, 1 and 2 always exist";
        differs("EBADF", "0", why, "closed twice: %e", sys_close(1));
        differs("EBADF", "1", why, "write to 1 when closed: %e", sys_write(1, "\n", 1));
        differs("0", "3", why, "the lowest descriptor then: %e", sys_open("/dev/hda", O_RDONLY));
        sys_exit(0);
    }
    wait_for(pid);
}

int main(void) {
    say("== console: 1");
    say("writing: %e", sys_write(1, "console: a line\n", 16));
    say("to 2: %e", sys_write(2, "console: an error\n", 18));
    reading();
    child_reads();
    wrong_ways();
    closing();
    say("without an end: %e", sys_write(1, "console: no end", 15));
    return 0;
}
