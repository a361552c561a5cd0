/* Programs of the quick suite made by hand: their headers, where their stack begins. */
#include <string.h>

#include "verify/mutants/cases.h"

/* Programs of two segments, the first of them plain; what the second is, all 0 standing for none.
 */
static const struct second {
    uint32_t type, offset, address, in_file, in_memory;
} SECONDS[] = {
    {0, 0, 0, 0, 0},
    {1, 0x5000, 0x08049000, 0, 0x1000}, /* begins past the file, and takes nothing of it */
    {1, 0x5000, 0x08049000, 1, 0x1000},
    {1, 0, 0x08049000, 0x60, 0x5F},
    {1, 0, 0x08049FFF, 0x60, 0x61},      /* across a page */
    {1, 0x10, 0x08049000, 0x8F, 0x1001}, /* more than the file has from there on */
    {1, 0, 0x08047000, 0, 0x1000},       /* below the first */
    {1, 0, 0x07FFF000, 0, 0x1000},       /* below the program area */
    {1, 0, 0x08049000, 0, 0},
    {1, 0, 0xFFFFF000, 0, 0x1000},
    {1, 0, 0x0B800000, 0, 0xFFFF}, /* up to the stack */
    {1, 0, 0x0B700000, 0, 0xE0000},
    {1, 0, 0x0B700000, 0, 0xDF001},
    {3, 0, 0x08049000, 1, 1}, /* an interpreter */
    {6, 0, 0x08049000, 9, 1},
};

/* A file /p that is longer than what comes, for what is behind its end then. */
static void add_filled(struct mutant_case *c) {
    enum { LENGTH = 4000 };
    buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok\nsrc %d /p\n", LENGTH);
    for (int k = 0; k < LENGTH; k++)
        buffer_printf(&c->script, "x");
}

static void add_headers(struct cases *all) {
    static const uint8_t EXIT[] = {0xA1, 0x80, 0x90, 0x04, 0x08, /* mov eax, [0x08049080] */
                                   0xA3, 0x04, 0x40, 0x00, 0x00, /* mov [0x4004], eax */
                                   0xB8, 0x2D, 0,    0,    0,    /* mov eax, 45 */
                                   0xCD, 0x80,                   /* int 80h: the break */
                                   0xA3, 0x00, 0x40, 0x00, 0x00, /* mov [0x4000], eax */
                                   0xB8, 0x01, 0,    0,    0,    /* mov eax, 1 */
                                   0xCD, 0x80};                  /* int 80h: exit(0) */
    enum { HEADER = 52, SEGMENT = 32, CODE = HEADER + 2 * SEGMENT, SIZE = CODE + sizeof EXIT };
    for (size_t n = 0; n < sizeof SECONDS / sizeof SECONDS[0]; n++) {
        const struct second *s = &SECONDS[n];
        const uint32_t header[] = {0x464C457F,        0x00010101, 0, 0, 0x00030002, 1,
                                   0x08048000 + CODE, HEADER,     0, 0, 0x00200034, 2};
        const uint32_t first[] = {1, 0, 0x08048000, 0, SIZE, SIZE, 7, 0x1000};
        const uint32_t second[] = {s->type,    s->offset,    s->address, 0,
                                   s->in_file, s->in_memory, 7,          0x1000};
        uint8_t elf[SIZE] = {0};
        case_put_words(elf, header, 12);
        case_put_words(elf + HEADER, first, 8);
        case_put_words(elf + HEADER + SEGMENT, second, 8);
        memcpy(elf + CODE, EXIT, sizeof EXIT);
        struct mutant_case *c = case_add(all, xprintf("program headers %zu", n), "", 0, NULL, 0);
        add_filled(c);
        buffer_printf(&c->script, "src %d /p\n", (int)SIZE);
        buffer_append(&c->script, elf, SIZE);
        buffer_printf(&c->script, "/p\np\n");
    }
}

/* Programs with all in their first bytes: the program header lies in the ELF header, from its byte
   4 on. So the entry is the size in memory, too, and that takes 384 MiB. */
static void add_small(struct cases *all) {
    static const uint32_t WORDS[] = {0x464C457F, 1,          0,          0x08048000, 0x00030002,
                                     48,         0x08048020, 4,          0,          0x80CD4000,
                                     0x00200000, 1,          0x90909090, 0x90909090};
    for (int size = 51; size <= 53; size++)
        for (int entry = 31; entry <= 33; entry++) {
            uint8_t elf[sizeof WORDS];
            case_put_words(elf, WORDS, sizeof WORDS / sizeof WORDS[0]);
            memcpy(elf + 32, "\x40\xCD\x80", 3); /* inc eax, int 80h: exit(0) */
            elf[42] = (uint8_t)entry;
            struct mutant_case *c =
                case_add(all, xprintf("a program of %d bytes, headers of %d", size, entry), "", 384,
                         NULL, 0);
            add_filled(c);
            buffer_printf(&c->script, "src %d /p\n", size);
            buffer_append(&c->script, elf, (size_t)size);
            buffer_printf(&c->script, "/p\np\n");
        }
}

/* The program header is right, but behind the file: in what was there before. */
static void add_header_behind(struct cases *all) {
    enum { SIZE = 64, PHOFF = 1024, LENGTH = PHOFF + 32 };
    static const uint32_t HEADER[] = {
        0x464C457F, 0x00010101, 0, 0, 0x00030002, 1, 0x08048034, PHOFF, 0, 0, 0x00200034, 1, 0};
    static const uint32_t SEGMENT[] = {1, 0, 0x08048000, 0, SIZE, SIZE, 7, 0x1000};
    uint8_t elf[LENGTH] = {0};
    case_put_words(elf, HEADER, 12);
    memcpy(elf + 52, "\x40\xCD\x80", 3);
    case_put_words(elf + PHOFF, SEGMENT, 8);
    struct mutant_case *c =
        case_add(all, xstrdup("a program header behind the file"), "", 0, NULL, 0);
    buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok\n");
    for (int size = LENGTH; size; size = size == LENGTH ? SIZE : 0) {
        buffer_printf(&c->script, "src %d /p\n", size);
        buffer_append(&c->script, elf, (size_t)size);
        buffer_printf(&c->script, "/p\n");
    }
}

/* A program adds up where its stack begins, behind words of any length. */
static void add_stacks(struct cases *all) {
    enum { SIZE = 93, WORDS = 16 };
    static const uint32_t HEADER[] = {0x464C457F, 0x00010101, 0, 0, 0x00030002, 1,
                                      0x08048054, 52,         0, 0, 0x00200034, 1};
    static const uint32_t SEGMENT[] = {1, 0, 0x08048000, 0, SIZE, SIZE, 7, 0x1000};
    uint8_t elf[SIZE] = {0};
    case_put_words(elf, HEADER, 12);
    case_put_words(elf + 52, SEGMENT, 8);
    memcpy(elf + 84, "\x01\x25\0\x40\0\0\x40\xCD\x80", 9); /* add [0x4000], esp; exit(0) */
    struct mutant_case *c = case_add(all, xstrdup("stacks"), "", 0, NULL, 0);
    buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok\nsrc %d /p\n", SIZE);
    buffer_append(&c->script, elf, SIZE);
    for (int n = 1; n <= WORDS; n++)
        buffer_printf(&c->script, "/p %.*s\n", n, "0123456789ABCDEF");
}

void cases_add_headers(struct cases *all) {
    add_headers(all);
    add_small(all);
    add_header_behind(all);
    add_stacks(all);
}
