/* brk: the heap grows, shrinks and is zero where it is new. */
#include "verify/guest/rt.h"

enum { PAGE = 4096, MIB = 1 << 20 };

/* Sets the break; says whether the answer is the break asked for, the old one or a third. */
static const char *set(u32 to) {
    u32 old = sys_brk(0);
    u32 got = sys_brk(to);
    return got == to ? "set" : got == old ? "kept" : "astray";
}

static u32 count_not(const u8 *at, u32 n, u8 byte) {
    u32 wrong = 0;
    while (n--)
        wrong += *at++ != byte;
    return wrong;
}

/* Sets the break; says what came of it and how much of the new memory is not zero. */
static void grow(const char *what, u32 to, const u8 *fresh, u32 n) {
    const char *result = set(to);
    say("%s: %s, %d not zero", what, result, count_not(fresh, n, 0));
}

static void growth(u32 first) {
    u8 *heap = (u8 *)first;
    say("page aligned: %d", first % PAGE);
    say("asked again: %s", sys_brk(0) == first ? "same" : "moved");
    say("one byte: %s", set(first + 1));
    say("it is: %d", heap[0]);
    heap[0] = 0xAA;
    grow("to 3 pages", first + 3 * PAGE, heap + 1, 3 * PAGE - 1);
    say("the first byte stayed: %d", heap[0]);
    memset(heap, 0xAA, 3 * PAGE);
    int astray = 0;
    for (u32 i = 1; i <= 2000; i++)
        astray += sys_brk(first + 3 * PAGE + i * 13) != first + 3 * PAGE + i * 13;
    say("2,000 steps of 13 bytes: %d astray, %d not zero", astray,
        count_not(heap + 3 * PAGE, 26000, 0));
    say("what was there stayed: %d wrong", count_not(heap, 3 * PAGE, 0xAA));
}

static void shrinking(u32 first) {
    u8 *heap = (u8 *)first;
    set(first + 8 * PAGE);
    memset(heap, 0xBB, 8 * PAGE);
    say("shrunk to 3 pages: %s", set(first + 3 * PAGE));
    say("kept: %d wrong", count_not(heap, 3 * PAGE, 0xBB));
    grow("grown again", first + 8 * PAGE, heap + 3 * PAGE, 5 * PAGE);
    say("still kept: %d wrong", count_not(heap, 3 * PAGE, 0xBB));
    set(first + 2 * PAGE + 100);
    set(first + 3 * PAGE);
    say("within its page nothing is lost: %d wrong", count_not(heap, 3 * PAGE, 0xBB));
    set(first + 100);
    set(first + 2 * PAGE);
    say("the cut page keeps its bytes: %d wrong", count_not(heap, PAGE, 0xBB));
    say("the next one is zero: %d wrong", count_not(heap + PAGE, PAGE, 0));
    say("shrunk to nothing: %s", set(first));
    grow("grown from nothing", first + 4 * PAGE, heap, 4 * PAGE);
}

static void refused(u32 first) {
    u8 *heap = (u8 *)first;
    set(first + 5000);
    memset(heap, 0xCC, 5000);
    say("below the first: %s", set(first - 1));
    say("far below: %s", set(first - 64 * PAGE));
    say("one: %s", set(1));
    say("the last address: %s", set(0xFFFFFFFF));
    say("the last page: %s", set(0xFFFFF000));
    say("2 GiB more: %s", set(first + 0x80000000));
    say("no room at all: %s", set(0xF0000000));
    say("the break after that: %s", sys_brk(0) == first + 5000 ? "same" : "moved");
    say("and the heap: %d wrong", count_not(heap, 5000, 0xCC));
}

static void large(u32 first) {
    u8 *heap = (u8 *)first;
    set(first);
    grow("16 MiB", first + 16 * MIB, heap, 16 * MIB);
    memset(heap, 0xDD, 16 * MIB);
    set(first + PAGE);
    grow("16 MiB again", first + 16 * MIB, heap + PAGE, 16 * MIB - PAGE);
    set(first);
}

/* A child fills the heap and goes; the parent's new pages are zero all the same. */
static void after_a_child(u32 first) {
    u8 *heap = (u8 *)first;
    int pid = sys_fork();
    if (pid == 0) {
        set(first + 4 * MIB);
        memset(heap, 0xEE, 4 * MIB);
        sys_exit(0);
    }
    say("a child's heap: %e", wait_for(pid));
    say("the parent's break: %s", sys_brk(0) == first ? "same" : "moved");
    grow("its new pages", first + 4 * MIB, heap, 4 * MIB);
}

int main(void) {
    say("== brk: 1");
    u32 first = sys_brk(0);
    growth(first);
    shrinking(first);
    refused(first);
    large(first);
    after_a_child(first);
    return 0;
}
