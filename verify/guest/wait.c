/* wait: every child is waited for once, in any order, by number or not. */
#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

enum { MOST = LIMIT_CHILDREN };

static int child(int status) {
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(status);
    settle(pid);
    return pid;
}

static void one(const char *name, int status) {
    int got = -1;
    int pid = child(status);
    int answer = sys_waitpid(pid, &got);
    say("exit(%s): %s, status %x", name, answer == pid ? "its number" : "another", got);
}

static int number_of(const int *pids, int n, int pid) {
    for (int i = 0; i < n; i++)
        if (pids[i] == pid)
            return i;
    return pid < 0 ? pid : 1000;
}

static void orders(void) {
    static const int order[] = {3, 0, 4, 1, 2};
    int pids[5], status;
    for (int i = 0; i < 5; i++)
        pids[i] = child(10 + i);
    for (int i = 0; i < 5; i++) {
        int pid = pids[order[i]];
        status = 0;
        int got = sys_waitpid(pid, &status);
        say("by number: child %e, status %x", number_of(pids, 5, got), status);
        say("and again: %e", sys_waitpid(pid, &status));
    }
    for (int i = 0; i < 5; i++)
        pids[i] = child(20 + i);
    sys_waitpid(pids[2], &status);
    for (int i = 0; i < 4; i++) {
        status = 0;
        int got = i % 2 ? call(NR_WAIT4, (u32)-1, ptr(&status), 0, 0, 0)
                        : sys_waitpid(i ? 0 : -1, &status);
        say("the oldest: child %e, status %x", number_of(pids, 5, got), status);
    }
    say("no more: %e", sys_waitpid(-1, &status));
    say("no more, 0: %e", sys_waitpid(0, &status));
    say("no more, wait4: %e", call(NR_WAIT4, (u32)-1, ptr(&status), 0, 0, 0));
}

static void pointers(void) {
    u32 usage[18];
    int status = 0;
    int pid = child(5);
    say("no status wanted: %s", sys_waitpid(pid, 0) == pid ? "its number" : "another");
    say("again: %e", sys_waitpid(pid, 0));
    pid = child(6);
    int got = call(NR_WAIT4, (u32)pid, ptr(&status), 0, ptr(usage), 0);
    say("wait4 with rusage: %s, status %x", got == pid ? "its number" : "another", status);
    pid = child(7);
    got = call(NR_WAIT4, (u32)pid, 0, 0, 0, 0);
    say("wait4 with nothing: %s", got == pid ? "its number" : "another");
    pid = child(8);
    say("status past RAM: %e", sys_waitpid(pid, (int *)NOWHERE));
    got = sys_waitpid(pid, &status);
    differs("ECHILD", "ok", "EFAULT changes nothing", "and then: %s", outcome(got));
}

/* A child's children are not its parent's. */
static void generations(void) {
    int status;
    int grandchild = 0;
    int pid = sys_fork();
    if (pid == 0) {
        say("a child has no children: %e", sys_waitpid(-1, &status));
        int own = child(3);
        put_file("/wait/pid", &own, sizeof own);
        int other = child(4);
        say("its own: %e", wait_for(own));
        settle(other);
        sys_exit(9);
    }
    say("the child: %e", wait_for(pid));
    get_file("/wait/pid", &grandchild, sizeof grandchild);
    say("the grandchild: %e", sys_waitpid(grandchild, &status));
    say("no other: %e", sys_waitpid(-1, &status));
    pid = child(2);
    int inner = sys_fork();
    if (inner == 0)
        sys_exit(-sys_waitpid(pid, &status));
    say("a brother is not a child: %s", outcome(-wait_for(inner)));
    say("but the parent's: %e", wait_for(pid));
}

static void most(void) {
    int pids[MOST + 1];
    int wrong = 0;
    for (int i = 0; i < MOST; i++)
        pids[i] = child(i);
    int more = child(77);
    differs("ok", "EAGAIN", "64 children may be waiting", "one more than 64: %s", outcome(more));
    if (more > 0)
        sys_waitpid(more, 0);
    wrong += wait_for(pids[MOST / 2]) != MOST / 2;
    more = child(78);
    say("after one was waited for: %s", outcome(more));
    wrong += wait_for(more) != 78;
    for (int i = MOST - 1; i >= 0; i--)
        wrong += i != MOST / 2 && wait_for(pids[i]) != i;
    say("64 waited for from the last: %d wrong", wrong);
    int status;
    say("none left: %e", sys_waitpid(-1, &status));
}

/* Children that exec'd are children too, and an exec'd parent still has its own. */
static int after_exec(char **argv) {
    int pid = 0, status = 0;
    get_file("/wait/pid", &pid, sizeof pid);
    int got = sys_waitpid(pid, &status);
    say("%s: %s, status %x", argv[1], got == pid ? "its number" : outcome(got), status);
    return 0;
}

int main(int argc, char **argv) {
    if (argc > 1)
        return after_exec(argv);
    say("== wait: 1");
    sys_mkdir("/wait");
    int status;
    say("no child yet: %e", sys_waitpid(-1, &status));
    say("not a child: %e", sys_waitpid(0x7FFFFFF0, &status));
    one("0", 0);
    one("1", 1);
    one("255", 255);
    one("256", 256);
    one("-1", -1);
    one("0x12345678", 0x12345678);
    orders();
    pointers();
    generations();
    most();
    int pid = child(44);
    put_file("/wait/pid", &pid, sizeof pid);
    return -sys_execve("/bin/wait", (char *[]){"wait", "after exec", 0}, (char *[]){0});
}
