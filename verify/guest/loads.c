/* loads: a file of many segments (loads.ld): holes between them, zeros behind them, one without
 * any bytes in the file, one far away, and headers that are not PT_LOAD among them. */
#include "verify/guest/rt.h"

__attribute__((section(".one"))) u8 one[5000] = {[0] = 1, [4999] = 2};
__attribute__((section(".one_zero"), nocommon)) u8 one_zero[9000];
__attribute__((section(".two"))) u8 two[3] = {3, 4, 5};
__attribute__((section(".only_zero"))) u8 only_zero[70000];
__attribute__((section(".far"))) u8 far_away[10] = {6, [9] = 7};
__attribute__((section(".far_zero"))) u8 far_zero[100000];

static u32 used(const u8 *at, u32 n) {
    u32 count = 0;
    while (n--)
        count += *at++ != 0;
    return count;
}

static int in_far(void) __attribute__((section(".far_text"), noinline));
static int in_far(void) {
    return far_away[9];
}

int main(int argc, char **argv) {
    say("== loads: %d", argc);
    say("one: %d %d, %d used", one[0], one[4999], used(one, sizeof one));
    say("its zeros: %d used", used(one_zero, sizeof one_zero));
    say("two: %d %d %d", two[0], two[1], two[2]);
    say("zeros alone: %d used", used(only_zero, sizeof only_zero));
    say("far: %d, code there gives %d", far_away[0], in_far());
    say("its zeros: %d used", used(far_zero, sizeof far_zero));
    memset(one_zero, 1, sizeof one_zero);
    memset(only_zero, 2, sizeof only_zero);
    memset(far_zero, 3, sizeof far_zero);
    say("the break is above all: %s", sys_brk(0) >= ptr(far_zero) + sizeof far_zero ? "yes" : "no");
    if (argc == 1)
        return -sys_execve(argv[0], (char *[]){argv[0], "again", 0}, (char *[]){0});
    return 0;
}
