/* What lies where in memory, to scale: all of it, and its first mebibyte. */
#include "verify/report/report.h"

/* A chart is a bar, the lowest address at its foot. Names stand beside it at a distance at which
 * they can be read; a line leads from each to the middle of its area:
 *
 *     END   +-----+
 *           |     |____ 1 TO_TEXT, name
 *           +-----+
 *           |     |____
 *           +-----+    \___ 2 TO_TEXT, name
 *     0     +-----+
 */
enum { WIDTH = 360, HEIGHT = 330, BAR = 64, LEFT = 2, TO_TEXT = 92, ROW = 26, TOP = 16 };

struct area {
    uint32_t from;
    const char *what;
    int color;
};

/* The contract, section 7, with 512 MiB; from the top down, as the chart has it. */
static const struct area ALL[] = {
    {0x08000000, "programs, and pages that forks have saved", 2},
    {0x07800000, "stack of the program: 8 MiB", 2},
    {0x010B8000, "files", 3},
    {0x01038000, "page tables", 1},
    {0x01000000, "descriptors of the files, 16 bytes each", 1},
    {0x00200000, "page directory, names of files", 1},
    {0x00000000, "the first 2 MiB", 5},
};

/* The header of the kernel. */
static const struct area FIRST[] = {
    {0x000A0000, "video memory and BIOS", 4},
    {0x00060000, "command line", 1},
    {0x00050000, "a resolved path", 1},
    {0x00040000, "files that have contents, by address", 1},
    {0x00020000, "argv and envp on their way", 1},
    {0x00010000, "disk buffer, 127 sectors", 1},
    {0x00007E00, "the kernel: code and constants", 5},
    {0x00007C00, "boot sector", 5},
    {0x00003000, "process, console line, tables, memory map", 1},
    {0x00000600, "stack of kernel and BIOS, variables", 1},
    {0x00000000, "vectors and data of the BIOS", 4},
};

/* Writes a number of bytes in the largest unit that gives a whole or one-digit number. */
static void put_size(struct node *node, uint32_t size) {
    if (size >= 1 << 20)
        node_put(node, "size", "%.4g MiB", (double)size / (1 << 20));
    else if (size >= 1 << 10)
        node_put(node, "size", "%.4g KiB", (double)size / (1 << 10));
    else
        node_put(node, "size", "%u bytes", size);
}

static void add_chart(struct node *page, const char *title, const struct area *areas, int count,
                      uint32_t end) {
    struct node *chart = node_add(page, "memory");
    node_put(chart, "title", "%s", title);
    node_put(chart, "width", "%d", WIDTH);
    node_put(chart, "height", "%d", HEIGHT + 2 * TOP);
    uint32_t to = end;
    for (int i = 0; i < count; i++) {
        double high = HEIGHT - (double)to / end * HEIGHT + TOP;
        double low = HEIGHT - (double)areas[i].from / end * HEIGHT + TOP;
        double text = count > 1 ? TOP + i * (double)(HEIGHT - ROW / 2) / (count - 1) + 4 : TOP;
        struct node *band = node_add(chart, "band");
        node_put(band, "x", "%d", LEFT);
        node_put(band, "y", "%.2f", high);
        node_put(band, "bar", "%d", BAR);
        node_put(band, "tall", "%.2f", low - high);
        node_put(band, "color", "%d", areas[i].color);
        node_put(band, "line", "M%d %.2f H%d L%d %.2f H%d", LEFT + BAR, (high + low) / 2,
                 LEFT + BAR + 6, TO_TEXT - 8, text, TO_TEXT - 3);
        node_put(band, "text_x", "%d", TO_TEXT);
        node_put(band, "text_y", "%.2f", text + 4);
        node_put(band, "from_y", "%.2f", text + 16);
        node_put(band, "what", "%s", areas[i].what);
        node_put(band, "from", "0x%08X", areas[i].from);
        put_size(band, to - areas[i].from);
        to = areas[i].from;
    }
}

void add_memory(struct node *page) {
    add_chart(page, "All memory, of a machine with 512 MiB", ALL, sizeof ALL / sizeof ALL[0],
              512u << 20);
    add_chart(page, "Its first mebibyte", FIRST, sizeof FIRST / sizeof FIRST[0], 1u << 20);
}
