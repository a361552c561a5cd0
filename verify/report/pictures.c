/* The two pictures: how everything is built, and what lies where in memory. */
#include <string.h>

#include "verify/report/report.h"

enum { WIDTH = 360, BOX = 44, GAP = 46, BAND = 34 };

/* A box of the chain, and the arrow that leads to the next. */
static const struct {
    const char *title;
    const char *sub;
    const char *by;   /* who makes what the arrow carries */
    const char *file; /* whose hash stands on the arrow */
} CHAIN[] = {
    {"hex0/mini.hex0", "text, read by people", "sed and printf", "build/seeds/mini.bin"},
    {"mini, the seed", "one boot sector; compiles text on disk", "mini", "build/mini.bin"},
    {"mini, built by mini", "the same bytes", "mini, from stage1.hex0", "build/stage1.bin"},
    {"stage1", "boot sector that compiles the kernel", "mini, from boot.hex0 and kernel.hex0",
     "build/seedbed.bin"},
    {"seedbed", "boot sector and kernel", "seedbed, from its own text", "build/seedbed.bin"},
    {"seedbed, built by itself", "and by stage1, the model, Linux...", NULL, NULL},
};
enum { BOXES = sizeof CHAIN / sizeof CHAIN[0] };

void chain_picture(struct buffer *out) {
    buffer_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"the chain\">\n", WIDTH,
                  BOXES * (BOX + GAP) - GAP + 2);
    for (int i = 0; i < BOXES; i++) {
        int y = i * (BOX + GAP) + 1;
        buffer_printf(out,
                      "<rect class=\"box\" x=\"20\" y=\"%d\" width=\"320\" height=\"%d\" rx=\"6\"/>"
                      "<text class=\"strong\" x=\"180\" y=\"%d\">%s</text>"
                      "<text class=\"small\" x=\"180\" y=\"%d\">%s</text>\n",
                      y, BOX, y + 18, CHAIN[i].title, y + 35, CHAIN[i].sub);
        if (!CHAIN[i].by)
            continue;
        struct digest d = digest_of(CHAIN[i].file);
        int top = y + BOX;
        buffer_printf(out,
                      "<path class=\"arrow\" d=\"M40 %dV%dM35 %dL40 %dL45 %d\"/>"
                      "<text class=\"left\" x=\"54\" y=\"%d\">%s</text>"
                      "<text class=\"left hash\" x=\"54\" y=\"%d\">%.32s%s</text>\n",
                      top, top + GAP, top + GAP - 7, top + GAP, top + GAP - 7, top + 19,
                      CHAIN[i].by, top + 35, d.hash[0] ? d.hash : "not built",
                      d.hash[0] ? "..." : "");
    }
    buffer_printf(out, "</svg>\n");
}

/* The contract, section 7, and the header of the kernel, from the top down. */
static const struct {
    const char *from;
    const char *what;
    int color;
} MEMORY[] = {
    {"end of RAM", "files, snapshots (from 496 MiB of RAM on)", 3},
    {"", "stack of the program: 8 MiB", 2},
    {"0x08000000", "programs: image, break, free space", 2},
    {"", "files, snapshots (with less RAM)", 3},
    {"0x01038000", "page tables", 1},
    {"0x01000000", "descriptors of the files, 16 bytes each", 1},
    {"0x00200000", "page directory, names of the files", 1},
    {"0x00100000", "free for programs that take over", 0},
    {"0x000A0000", "video memory and BIOS", 4},
    {"0x00060000", "command line", 1},
    {"0x00050000", "a resolved path", 1},
    {"0x00020000", "argv and envp on their way", 1},
    {"0x00010000", "disk buffer, 127 sectors", 1},
    {"0x00007E00", "the kernel: code and constants", 5},
    {"0x00007C00", "boot sector", 5},
    {"0x00001000", "tables, variables, console line", 1},
    {"0x00000000", "vectors and data of the BIOS", 4},
};
enum { BANDS = sizeof MEMORY / sizeof MEMORY[0] };

void memory_picture(struct buffer *out) {
    buffer_printf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"memory\">\n", WIDTH,
                  BANDS * BAND + 8);
    for (int i = 0; i < BANDS; i++) {
        int y = i * BAND + 2;
        buffer_printf(out,
                      "<rect class=\"band c%d\" x=\"82\" y=\"%d\" width=\"276\" height=\"%d\"/>"
                      "<text class=\"left small\" x=\"92\" y=\"%d\">%s</text>"
                      "<text class=\"right hash\" x=\"76\" y=\"%d\">%s</text>\n",
                      MEMORY[i].color, y, BAND, y + 21, MEMORY[i].what,
                      /* an address stands at the lower edge, where its band begins */
                      i == 0 ? y + 10 : y + BAND, MEMORY[i].from);
    }
    buffer_printf(out, "</svg>\n");
}
