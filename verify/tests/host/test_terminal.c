/* A terminal session, driven as a person would: tmux is the terminal, and shows what it would show.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/harness.h"

/* A program that never ends: its header, then jmp $. */
#define ENDLESS                                                                                    \
    "7F454C4601010100 0000000000000000 0200030001000000 5480040834000000 0000000000000000\n"       \
    "3400200001000000 00000000 01000000 00000000 00800408 00800408 56000000 56000000\n"            \
    "07000000 00100000 EBFE\n"

/* One tmux server a test, on a socket in its folder. */
static struct outcome tmux(struct test *t, const char *const words[]) {
    const char *argv[16] = {"tmux", "-S", test_path(t, "tmux"), "-f", "/dev/null"};
    size_t n = 5;
    while (*words)
        argv[n++] = *words++;
    return test_command(t, argv);
}
#define TMUX(...) tmux(t, (const char *const[]){__VA_ARGS__, NULL})

static char *screen(struct test *t) {
    return (char *)TMUX("capture-pane", "-p", "-J").output.data;
}

/* Waits until the screen shows a text; fails after 20 seconds of an idle machine. */
static void wait_for(struct test *t, const char *text) {
    int tries = (int)(200 * test_patience());
    for (int i = 0; i < tries; i++) {
        char *shown = screen(t);
        int there = strstr(shown, text) != NULL;
        free(shown);
        if (there)
            return;
        sleep_ms(100);
    }
    char *shown = screen(t);
    TMUX("kill-server");
    test_fail(t, "`%s` never came: %s", text, shown);
}

/* argument: the engine. The status line moves, Ctrl-Z stops all that runs, Ctrl-C ends it with 130.
 */
static void terminal_session(struct test *t, const void *argument) {
    const char *engine = argument;
    test_needs(t, "tmux", "tmux");
    test_needs(t, "ps", "procps");
    if (strcmp(engine, "qemu-tcg") == 0)
        test_needs(t, "qemu-system-i386", NULL);
    char *build = test_path(t, "x.build"), *hex = test_path(t, "endless.hex0");
    test_write(t, hex, ENDLESS, sizeof ENDLESS - 1);
    char *text = xprintf("@file /endless.hex0 %s\nhex0 /endless.hex0 /endless\n/endless\n", hex);
    test_write(t, build, text, strlen(text));
    TMUX("new-session", "-d", "-x", "120", "-y", "30", "PS1='ready> ' sh -i");
    wait_for(t, "ready>");
    char *command = xprintf("build/seedbed build --engine %s -o %s/out %s; echo status: $?", engine,
                            t->dir, build);
    TMUX("send-keys", "-l", command);
    TMUX("send-keys", "Enter");
    wait_for(t, " /endless");
    char *before = screen(t);
    sleep_ms((long)(2500 * test_patience()));
    char *after = screen(t);
    if (strcmp(before, after) == 0) {
        TMUX("kill-server");
        test_fail(t, "the screen stands still: %s", after);
    }

    TMUX("send-keys", "C-z");
    wait_for(t, "topped"); /* Stopped, as sh says before it shows the prompt again */
    TMUX("send-keys", "-l",
         "clear; ps -o stat=,args= | grep -E 'seedbed|qemu' | grep -v grep; echo all 'seen'");
    TMUX("send-keys", "Enter");
    wait_for(t, "all seen"); /* what it prints: the line as it was typed has quotes */
    char *processes = screen(t);
    if (strncmp(strstr(processes, "seedbed build") ? processes : "", "T", 1) != 0 ||
        strstr(processes, "\nR") || strstr(processes, "\nS")) {
        TMUX("kill-server");
        test_fail(t, "after Ctrl-Z something runs: %s", processes);
    }

    TMUX("send-keys", "-l", "clear; fg; echo status: $?");
    TMUX("send-keys", "Enter");
    wait_for(t, " /endless");
    TMUX("send-keys", "C-c");
    wait_for(t, "status: 130");
    TMUX("send-keys", "-l",
         "clear; ps -o args= | grep -E 'seedbed build|qemu-sys' | grep -vc grep");
    TMUX("send-keys", "Enter");
    wait_for(t, "0\nready>");
    TMUX("kill-server");
    if (access(test_path(t, "out"), F_OK) == 0)
        test_fail(t, "there is an artifact");
}

/* zsh completes what bash does, at its own prompt. */
TEST(install_zsh_completes) {
    test_needs(t, "tmux", "tmux");
    test_needs(t, "zsh", "zsh");
    static const char *const TRIES[][2] = {
        {"seedbed bu", "seedbed build"},
        {"seedbed run --sna", "seedbed run --snapshot"},
        {"seedbed run --engine mo", "seedbed run --engine model"},
        {"seedbed build --stag", "seedbed build --staged"}};
    TMUX("new-session", "-d", "-x", "120", "-y", "30", "PATH=build:$PATH zsh -f");
    TMUX("send-keys", "-l",
         "PS1=\"ready> \"; fpath=($PWD/images/install $fpath); autoload -U compinit; compinit -D "
         "-u");
    TMUX("send-keys", "Enter");
    wait_for(t, "\nready>");
    for (size_t i = 0; i < sizeof TRIES / sizeof TRIES[0]; i++) {
        TMUX("send-keys", "-l", TRIES[i][0]);
        TMUX("send-keys", "Tab");
        wait_for(t, TRIES[i][1]);
        TMUX("send-keys", "C-u");
    }
    TMUX("kill-server");
}

TESTS(terminal_sessions) {
    static const char *const SESSIONS[] = {"pc", "qemu-tcg", "model"};
    for (size_t i = 0; i < 3; i++)
        suite_add(s, xprintf("terminal-session-under-tmux-with-%s", SESSIONS[i]), terminal_session,
                  SESSIONS[i]);
}
