/* machine: where the machine has put things, as numbers: the memory map, the stack, argv, the
 * breaks, the first content. For tests that compare machines with each other. */
#include "verify/guest/limits.h"
#include "verify/guest/rt.h"

static void map(void) {
    static struct region entry[64];
    int n = get_file("/e820", entry, sizeof entry);
    for (int i = 0; i < n / (int)sizeof *entry; i++)
        say("memory map: %d %x%x %x%x %d", entry[i].size, entry[i].base_high, entry[i].base,
            entry[i].length_high, entry[i].length, entry[i].type);
}

/* The highest break there can be, by halves. */
static u32 highest_break(u32 first) {
    u32 low = first, high = 0xFFFFFFFF;
    while (low < high) {
        u32 middle = low + (high - low) / 2 + 1;
        if (sys_brk(middle) == middle)
            low = middle;
        else
            high = middle - 1;
    }
    sys_brk(first);
    return low;
}

static u32 selector(int which) {
    u32 v;
    if (which)
        __asm__("mov %%gs, %0" : "=r"(v));
    else
        __asm__("mov %%fs, %0" : "=r"(v));
    return v & 0xFFFF;
}

int main(int argc, char **argv) {
    u32 first = sys_brk(0);
    say("== machine: 1");
    map();
    say("esp: %x", entry_state.esp);
    for (int i = 0; i < argc; i++)
        say("argv %d: %x %s", i, ptr(argv[i]), argv[i]);
    say("breaks: %x to %x", first, highest_break(first));
    say("contents from: %x", *(u32 *)(DESCRIPTORS_AT + (FIRST_FILE + 1) * DESCRIPTOR_BYTES + 4));
    say("fs %x, gs %x", selector(0), selector(1));
    return 0;
}
