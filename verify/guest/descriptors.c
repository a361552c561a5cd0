/* descriptors: the lowest free one is taken, 256 may be open, and each has its own position. */
#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

enum { MOST = LIMIT_OPEN };

static int fds[MOST];

static void lowest(void) {
    int a = sys_open("/descriptors/f", O_RDONLY);
    int b = sys_open("/descriptors/f", O_RDONLY);
    int c = sys_open("/descriptors/f", O_RDONLY);
    say("the first three: %d %d %d", a, b, c);
    sys_close(b);
    say("the free one: %d", sys_open("/descriptors/f", O_RDONLY));
    sys_close(a);
    sys_close(c);
    say("a failure takes none: %e", sys_open("/descriptors/none", O_RDONLY));
    say("the lower of two: %d", sys_open("/descriptors/f", O_RDONLY));
    say("then the other: %d", sys_open("/descriptors/f", O_RDONLY));
    for (int fd = 3; fd < 6; fd++)
        sys_close(fd);
}

/* What the open descriptors say of themselves: each was left at its own position. */
static int wrong_positions(void) {
    int wrong = 0;
    for (int i = 0; i < MOST; i++)
        wrong += fds[i] != i + 3 || sys_lseek(fds[i], 0, SEEK_CUR) != i * 3;
    return wrong;
}

static void most(void) {
    for (int i = 0; i < MOST; i++) {
        fds[i] = sys_open("/descriptors/f", i % 2 ? O_RDONLY : O_RDWR);
        sys_lseek(fds[i], i * 3, SEEK_SET);
    }
    int more = sys_open("/descriptors/f", O_RDONLY);
    int missing = sys_open("/descriptors/none", O_RDONLY);
    int made = sys_open("/descriptors/made", O_WRONLY | O_CREAT);
    int emptied = sys_open("/descriptors/f", O_WRONLY | O_TRUNC);
    int empty = sys_open("", O_RDONLY);
    int taken = sys_open("/descriptors/f", O_WRONLY | O_CREAT | O_EXCL);
    int wrong = wrong_positions();
    int pid = sys_fork();
    if (pid == 0) {
        int child_wrong = wrong_positions();
        int child_more = sys_open("/descriptors/f", O_RDONLY);
        sys_close(100);
        sys_close(50);
        int again = sys_open("/descriptors/f", O_RDONLY);
        sys_exit(child_wrong != 0 || child_more != -EMFILE || again != 50);
    }
    int child = wait_for(pid);
    int parent_wrong = wrong_positions();
    sys_close(fds[200]);
    int again = sys_open("/descriptors/f", O_RDONLY);
    int end = sys_lseek(again, 0, SEEK_END);
    for (int i = 0; i < MOST; i++)
        sys_close(fds[i]);
    say("256 open: %d wrong", wrong);
    say("one more: %e, a missing file %e, a new one %e", more, missing, made);
    say("one more with O_TRUNC: %e, and with O_EXCL %e", emptied, taken);
    say("an empty path comes first: %e", empty);
    say("the child had them all: %e", child);
    say("the parent still has them: %d wrong", parent_wrong);
    say("one closed: %d", again);
    say("nothing was emptied or made: %e, %e", end, sys_access("/descriptors/made", 0));
}

int main(void) {
    static char zeros[1000];
    say("== descriptors: 1");
    sys_mkdir("/descriptors");
    put_file("/descriptors/f", zeros, sizeof zeros);
    lowest();
    most();
    lowest();
    return 0;
}
