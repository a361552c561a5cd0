/* The list of the quick suite. */
#include "verify/mutants/cases.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "verify/fuzz/fuzz_make.h"

enum { MEMORY = 192 }; /* MiB */

/* Programs with their memory in MiB (0: the usual) and their firmware. */
static const struct guest {
    const char *line;
    uint64_t memory_mib;
    const char *bios;
} GUESTS[] = {
    {"modes", 0, ""},
    {"seek", 0, ""},
    {"paths", 0, ""},
    {"descriptors", 0, ""},
    {"dup2", 0, ""},
    {"loads", 0, ""},
    {"wait", 0, ""},
    {"exec", 0, ""},
    {"errors", 0, ""},
    {"keeps", 0, ""},
    {"unknown", 0, ""},
    {"console", 0, ""},
    {"edge", 256, ""},
    {"pool", 160, ""},
    {"pool 4", 160, ""},
    {"pool pages 5000", 160, ""},
    {"headers 60 1", 0, ""},
    {"args", 0, ""},
    {"edges first", 0, ""},
    {"edges last", 0, ""},
    {"edges divide", 0, ""},
    {"edges many", 0, ""},
    {"edges numbers", 0, ""},
    {"edges grow", 160, ""},
    {"edges heap", 160, ""},
    {"edges grow", 300, ""},
    {"edges heap", 384, ""},
    {"edges child", 300, ""},
    {"edges flags", 0, ""},
    {"edges pending", 0, ""},
    {"edges fpu", 0, ""},
    {"edges break", 0, ""},
    {"edges registers", 0, ""},
    {"edges room", 0, ""},
    {"edges position", 0, ""},
    {"edges left", 160, ""},
    {"edges references", 160, ""},
    {"edges cr0", 0, ""},
    {"edges moved", 0, ""},
    {"edges script", 0, ""},
    {"edges sources", 0, ""},
    {"edges streams", 0, ""},
    {"edges first", 0, "ram-dirty"},
    {"growth taken", 160, ""},
    {"edges line", 0, "segments,trash"},
    {"edges line", 0, "direction,upper"},
    {"machine a bc def", 0, ""},
    {"machine", 200, ""},
    {"takeover", 0, ""},
    {"tables map", 3600, ""},
    {"tables map", 6656, ""}, /* some of it above 4 GiB */
    {"tables", 16, ""},       /* too little for the kernel; for programs; enough; enough for all */
    {"tables", 17, ""},
    {"tables", 127, ""},
    {"tables", 137, ""},
    {"tables", 0, ""},
    {"tables", 495, ""},
    {"tables", 496, ""},
    {"tables", 600, ""},
    {"tables", 0, "e820-many=30,e820-unsorted"},
    {"tables", 0, "e820-many=157"},
    {"tables", 0, "e820-many=150"},
    {"tables", 0, "e820-hole"},
    {"tables", 0, "e820-overlap"},
    {"tables", 0, "e820-type,e820-24"},
    {"tables", 0, "e820-carry"},
    {"tables", 0, "ram-dirty"},
    {"machine", 200, "ram-dirty,e820-many=3"},
    {"tables", 0, "e820-unsigned"},
    {"tables", 0, "pic=100000"},
    {"tables", 0, "upper,trash,stack=8000"},
};

/* Firmware that makes the kernel go its other ways. */
static const char *const FIRMWARE[] = {"errors-late=15",
                                       "packet-16,errors=3",
                                       "errors-late=16",
                                       "count-kept,errors=3",
                                       "ram-dirty,trash",
                                       "gdt",
                                       "grey",
                                       "stack-16",
                                       "esp-dirty",
                                       "packet-16",
                                       "count-more",
                                       "interrupts-left-off",
                                       "interrupts-left-off,errors-late=12",
                                       "errors=1",
                                       "errors=15",
                                       "errors=16",
                                       "errors=100",
                                       "errors-from=8",
                                       "errors-from=9",
                                       "errors-from=30",
                                       "errors-large=1",
                                       "count-short=1",
                                       "count-short=3",
                                       "e820-fail",
                                       "a20-stuck",
                                       "a20-closes",
                                       "a20-closed",
                                       "a20-keyboard",
                                       "trash,segments,direction",
                                       "waits,pic",
                                       "dma,pic",
                                       "stack,upper,bpb",
                                       "start-07c0,interrupts-off,pic",
                                       "errors-stay,errors=2",
                                       "mask",
                                       "reloads",
                                       "packet",
                                       "drive=0x81",
                                       "drive-wrong"};

/* The bench with such a firmware and memory. */
static size_t bench_of(struct cases *all, const char *bios, uint64_t memory_mib, size_t text,
                       bool told, const struct pc_area *map, size_t areas) {
    for (size_t n = 0; n < all->benches; n++) {
        const struct bench *b = all->bench[n];
        if (b->memory_mib == memory_mib && b->text == text && b->told == told && b->map == map &&
            strcmp(b->bios, bios) == 0)
            return n;
    }
    struct bench *b = xrealloc(NULL, sizeof *b);
    memset(b, 0, sizeof *b);
    b->bios = xstrdup(bios);
    b->memory_mib = memory_mib;
    b->text = text;
    b->told = told;
    b->map = map;
    b->areas = areas;
    all->bench = xrealloc(all->bench, (all->benches + 1) * sizeof *all->bench);
    all->bench[all->benches] = b;
    return all->benches++;
}

struct mutant_case *case_add(struct cases *all, char *name, const char *bios, uint64_t memory_mib,
                             const struct pc_area *map, size_t areas) {
    all->of = xrealloc(all->of, (all->count + 1) * sizeof *all->of);
    struct mutant_case *c = &all->of[all->count++];
    memset(c, 0, sizeof *c);
    c->name = name;
    c->bench = bench_of(all, bios, memory_mib ? memory_mib : MEMORY, 0, false, map, areas);
    return c;
}

void case_put_words(uint8_t *at, const uint32_t *words, size_t n) {
    for (size_t k = 0; k < 4 * n; k++)
        at[k] = (uint8_t)(words[k / 4] >> 8 * (k % 4));
}

static struct mutant_case *add_case(struct cases *all, char *name, const char *bios,
                                    uint64_t memory_mib) {
    return case_add(all, name, bios, memory_mib, NULL, 0);
}

int case_add_file(struct buffer *script, const char *path, const char *host, struct problem *p) {
    struct buffer file = {0};
    int r = read_file(host, &file, p);
    buffer_printf(script, "src %zu %s\n", file.len, path);
    if (file.len)
        buffer_append(script, file.data, file.len);
    buffer_free(&file);
    return r;
}

int case_add_program(struct buffer *script, const char *words, struct problem *p) {
    bool ours = strncmp(words, "tables", 6) == 0 || strncmp(words, "edges", 5) == 0;
    char *name = xprintf("%.*s", (int)strcspn(words, " "), words), *path = xprintf("/bin/%s", name);
    char *host = xprintf("build/%s%s", ours ? "mutants-" : "guest/", name);
    int r = case_add_file(script, path, host, p);
    buffer_printf(script, "# %s\n/bin/%s\n", words, words);
    free(host);
    free(path);
    free(name);
    return r;
}

static int add_guest(struct cases *all, const struct guest *g, struct problem *p) {
    struct mutant_case *c =
        add_case(all, xprintf("%s %s %llu", g->line, g->bios, (unsigned long long)g->memory_mib),
                 g->bios, g->memory_mib);
    c->looks_around = true;
    buffer_printf(&c->script, "src 0 /dev\nsrc 0 /bin\n");
    int r = case_add_program(&c->script, g->line, p);
    if (strcmp(g->line, "console") == 0)
        buffer_printf(&c->script, "Hello, program\nABC\n\n");
    if (strcmp(g->line, "edges script") == 0)
        buffer_printf(&c->script, "ABCDEFGH\n");
    if (strcmp(g->line, "args") == 0)
        buffer_printf(&c->script, "  /bin/args  many   words  of  a line \n");
    return r;
}

/* Each fault of verify/guest/faults.asm ends a build. */
static int add_faults(struct cases *all, struct problem *p) {
    int r = 0;
    for (char slot[2] = "a"; r == 0 && slot[0] <= 'r'; slot[0]++) {
        struct mutant_case *c = add_case(all, xprintf("fault %s", slot), "", 0);
        buffer_printf(&c->script, "src 0 /dev\nsrc 0 /bin\nsrc 4 /dev/hda\ngone");
        r = case_add_file(&c->script, "/bin/faults", "build/guest/faults", p);
        buffer_printf(&c->script, "\n/bin/faults %s\n", slot);
    }
    return r;
}

/* Much to write, a flush in between, under different firmware. */
static struct mutant_case *add_firmware(struct cases *all, const char *bios) {
    enum { MUCH = 150000 };
    struct mutant_case *c = add_case(all, xprintf("firmware: %s", bios), bios, 0);
    c->looks_around = true;
    uint32_t state = 7;
    buffer_printf(&c->script, "src 0 /dev\nsrc %d /dev/hda\n", MUCH);
    for (int n = 0; n < MUCH; n++) {
        state = state * 1664525 + 1013904223;
        buffer_append(&c->script, &(uint8_t){(uint8_t)(state >> 24)}, 1);
    }
    buffer_printf(&c->script, "f\nsrc 12 /text\n41 42 43 ;x\n\nhex0 /text /dev/hda\n");
    return c;
}

enum { TOLD = 65536 }; /* the kernel is told of a script behind more text than that */

/* The text of a kernel has its NUL in any place of a sector, and of what is read at once. */
static void add_searching(struct cases *all) {
    static const size_t TEXTS[] = {33, 300, 511, 512, 127 * 512 - 1, 127 * 512, 300 * 512};
    for (size_t n = 0; n < sizeof TEXTS / sizeof TEXTS[0]; n++) {
        struct mutant_case *c = add_firmware(all, "");
        free(c->name);
        c->name = xprintf("a script behind a text of %zu bytes", TEXTS[n]);
        c->bench = bench_of(all, "", MEMORY, TEXTS[n], TEXTS[n] > TOLD, NULL, 0);
    }
}

static int add_scripts(struct cases *all, const char *pattern, struct problem *p) {
    glob_t found;
    int r = 0;
    if (glob(pattern, 0, NULL, &found) != 0)
        return problem_set(p, "%s: nothing there", pattern);
    for (size_t n = 0; r == 0 && n < found.gl_pathc; n++) {
        struct mutant_case *c = add_case(all, xstrdup(found.gl_pathv[n]), "", 0);
        r = read_file(found.gl_pathv[n], &c->script, p);
    }
    globfree(&found);
    return r;
}

/* The programs of verify/cases/programs. */
static int add_programs(struct cases *all, struct problem *p) {
    glob_t found;
    int r = 0;
    if (glob("build/mutants-programs/*", 0, NULL, &found) != 0)
        return problem_set(p, "build/mutants-programs: nothing there");
    for (size_t n = 0; r == 0 && n < found.gl_pathc; n++) {
        struct mutant_case *c = add_case(all, xstrdup(found.gl_pathv[n]), "", 0);
        buffer_printf(&c->script, "src 0 /dev\nsrc 4 /dev/hda\nSEED");
        /* what is behind the end of the file is not zeros */
        buffer_printf(&c->script, "src 4000 /p\n");
        for (int k = 0; k < 4000; k++)
            buffer_printf(&c->script, "x");
        r = case_add_file(&c->script, "/p", found.gl_pathv[n], p);
        buffer_printf(&c->script, "/p a  bc\np\n#ab\ncd src\nsrc 0 /x\np\n\nnosuch\nx\nsrc 0 /y\n");
    }
    globfree(&found);
    return r;
}

/* Programs that are a few instructions. */
static const struct code {
    const char *name, *bytes;
    size_t size;
    uint64_t memory_mib; /* 0: the usual */
} CODES[] = {
#define CODE(name, text)                                                                           \
    { name, text, sizeof text - 1, 0 }
    CODE("fault with DF set", "\xFD\x0F\x0B"),
    CODE("fault with other segments", "\x31\xC0\x8E\xD8\x8E\xC0\x0F\x0B"),
    CODE("fault in the middle of a line",
         "\xB8\x04\0\0\0\xBB\x01\0\0\0\xBA\x02\0\0\0\x68Hi\0\0\x89\xE1\xCD\x80"
         "\x0F\x0B"),
    CODE("a write that takes the machine over", "\xC6\x05\x34\x12\x10\0\xDB"),
    CODE("a call that takes the machine over",
         "\xB8\x03\0\0\0\x31\xDB\xB9\0\0\x10\0\xBA\x01\0\0\0\xCD\x80"
         "\xC7\x05\0\0\0\0\x01\0\0\0"),
    CODE("a call without room on the stack", "\xBC\x10\0\x80\x07\xCD\x80"),
    CODE("an interrupt without room on the stack", "\xBC\x04\0\x80\x07\xCD\x80"),
    CODE("the lowest page of the stack is zeros",
         "\xA1\0\0\x80\x07\x85\xC0\x74\x02\x0F\x0B\xC7\x05\0\0\x80\x07\x01\0\0\0"),
    CODE("page 0 is not there", "\xA1\0\0\0\0"),
    CODE("half a line at the end",
         "\xB8\x04\0\0\0\xBB\x01\0\0\0\xBA\x02\0\0\0\x68Hi\0\0\x89\xE1\xCD\x80\x58"),
    CODE("DS after a take-over and a line",
         "\xC6\x05\x34\x12\x10\0\xDB"
         "\xB8\x04\0\0\0\xBB\x01\0\0\0\xBA\x01\0\0\0\x6A\x0A\x89\xE1\xCD\x80"
         "\x8C\xD8\x84\xE4\x74\x02\x0F\x0B"),
    CODE("getcwd over the CS of its own way back, on a stack at A000",
         "\xBC\0\xA0\0\0\xB8\xB7\0\0\0\xBB\xF8\x9F\0\0\xB9\x10\0\0\0\xCD\x80"),
#define GATE(at) "\x89\x1D\x18" at "\x89\x0D\x1C" at
    /* a HLT at 9800, and gates of exception 03 to it where other IDTs than the last would have
       them: at 500, at 6000000, and at what the length and the space of this file make */
    {"gates that the reset must not find",
     "\xC6\x05\x34\x12\x10\0\xDB"
     "\xBB\0\x98\x08\0\xB9\0\x8E\0\0" GATE("\x05\0\0") GATE("\0\0\x06")
         GATE("\0\0\x10") "\xC7\x05\0\x98\0\0\xF4\xEB\xFD\x90",
     63, 300},
#undef GATE
#undef CODE
};

static void add_codes(struct cases *all) {
    static const uint8_t EXIT[] = {0xB8, 1, 0, 0, 0, 0xBB, 0, 0, 0, 0, 0xCD, 0x80};
    enum { HEADER = 52, CODE_AT = HEADER + 32, MOST = CODE_AT + 128 };
    for (size_t n = 0; n < sizeof CODES / sizeof CODES[0]; n++) {
        const uint32_t size = (uint32_t)(CODE_AT + CODES[n].size + sizeof EXIT);
        const uint32_t header[] = {0x464C457F,           0x00010101, 0, 0, 0x00030002, 1,
                                   0x08048000 + CODE_AT, HEADER,     0, 0, 0x00200034, 1};
        const uint32_t first[] = {1, 0, 0x08048000, 0, size, size, 7, 0x1000};
        uint8_t elf[MOST] = {0};
        case_put_words(elf, header, 12);
        case_put_words(elf + HEADER, first, 8);
        memcpy(elf + CODE_AT, CODES[n].bytes, CODES[n].size);
        memcpy(elf + CODE_AT + CODES[n].size, EXIT, sizeof EXIT);
        struct mutant_case *c = add_case(all, xstrdup(CODES[n].name), "", CODES[n].memory_mib);
        buffer_printf(&c->script, "src %u /p\n", (unsigned)size);
        buffer_append(&c->script, elf, size);
        buffer_printf(&c->script, "src 0 /y\nsrc 0 /dev\nsrc 2 /dev/hda\nok/p\np\nsrc 1 /x\ny/p\n");
    }
}

/* Scripts of a few lines. */
static void add_texts(struct cases *all) {
    static const char *const TEXTS[] = {
        "hex0\xC3\xA9 /a /b\n",
        "src 3 /t\n41#hex0 /t /dev/hda\n",
        "src 3 /t\n41;hex0 /t /dev/hda\n",
        /* behind the end of the text is what it was before: a digit */
        "src 8 /t\n41424344src 5 /t\n#x\n41hex0 /t /dev/hda\n",
        "src 8 /t\n41424344src 5 /t\n;\n 41hex0 /t /dev/hda\n",
    };
    for (size_t n = 0; n < sizeof TEXTS / sizeof TEXTS[0]; n++) {
        struct mutant_case *c = add_case(all, xprintf("text %zu", n), "", 0);
        buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok%s", TEXTS[n]);
    }
}

/* Scripts too long to be written down: the limits of a line's words and of the files. */
static void add_limits(struct cases *all) {
    enum { WORDS = 131072, FILES = 14340 };
    for (int n = -1; n <= 1; n++) {
        struct mutant_case *c = add_case(all, xprintf("words of %d bytes", WORDS + n), "", 0);
        buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok\n/x ");
        for (int k = 4; k < WORDS + n; k++)
            buffer_printf(&c->script, "y");
        buffer_printf(&c->script, "\n");
    }
    for (uint64_t mib = 24; mib <= 600; mib = mib * 5 / 2) {
        struct mutant_case *c = add_case(
            all, xprintf("a file too large for %llu MiB", (unsigned long long)mib), "", mib);
        buffer_printf(&c->script, "src 0 /dev\nsrc %llu /x\n",
                      (unsigned long long)(mib - 16) << 20);
    }
    for (int n = -1; n <= 1; n++) {
        struct mutant_case *c =
            add_case(all, xprintf("a first word of %d bytes", WORDS + n), "", 0);
        buffer_printf(&c->script, "src 0 /dev\nsrc 2 /dev/hda\nok\n");
        for (int k = 1; k < WORDS + n; k++)
            buffer_printf(&c->script, "y");
        buffer_printf(&c->script, "\n");
    }
    struct mutant_case *last = add_case(all, xstrdup("a NUL that ends a line, far behind"), "", 0);
    buffer_printf(&last->script, "src 0 /dev\nsrc 2 /dev/hda\nok");
    for (int n = 0; n < 60; n++)
        buffer_printf(&last->script, "src 0 /%d\n", n);
    buffer_printf(&last->script, "src 0 /last");
    struct mutant_case *c = add_case(all, xstrdup("more files than there is room for"), "", 0);
    for (int n = 0; n < FILES; n++)
        buffer_printf(&c->script, "src 0 /%d\n", n);
}

/* What the fuzzer has found. */
static int add_found(struct cases *all, const struct buffer *calls, const struct buffer *runtime,
                     struct problem *p) {
    glob_t found;
    int r = 0;
    if (glob("verify/cases/found/*", 0, NULL, &found) != 0)
        return problem_set(p, "verify/cases/found: nothing there");
    for (size_t n = 0; r == 0 && n < found.gl_pathc; n++) {
        struct fuzz_input input = {.kind = (enum fuzz_kind)fuzz_kind_of(found.gl_pathv[n])};
        struct mutant_case *c = add_case(all, xstrdup(found.gl_pathv[n]), "", 0);
        r = read_file(found.gl_pathv[n], &input.bytes, p);
        fuzz_script(&c->script, &input, calls, runtime, false);
        buffer_free(&input.bytes);
    }
    globfree(&found);
    return r;
}

/* Inputs of the fuzzer; a few cases in each, so that one that sees a mutant ends soon. */
static int add_fuzz(struct cases *all, struct problem *p) {
    enum { CALLS = 16, WILD = 16, SCRIPTS = 160, TEXTS = 2, EACH = 3, LINES = 60, MANY = 60 };
    struct buffer calls = {0}, runtime = {0};
    int r = read_file("build/fuzz-calls", &calls, p);
    if (r == 0)
        r = read_file("build/fuzz-program", &runtime, p);
    if (r == 0)
        r = add_found(all, &calls, &runtime, p);
    for (unsigned n = 0; r == 0 && n < CALLS + WILD + SCRIPTS + TEXTS; n++) {
        struct fuzz_input input = {.kind = n < CALLS          ? FUZZ_CALLS
                                           : n < CALLS + WILD ? FUZZ_WILD
                                                              : FUZZ_SCRIPT};
        struct mutant_case *c = add_case(all, xprintf("fuzz %u", n), "", 0);
        if (n >= CALLS + WILD + SCRIPTS)
            fuzz_make_texts(&input.bytes, n, MANY, &calls);
        else if (input.kind == FUZZ_SCRIPT)
            fuzz_make_script(&input.bytes, n);
        for (unsigned k = 1; input.kind != FUZZ_SCRIPT && k <= EACH; k++)
            fuzz_make_case(&input.bytes, n * EACH + k, k, LINES, input.kind == FUZZ_WILD);
        fuzz_script(&c->script, &input, &calls, &runtime, false);
        buffer_free(&input.bytes);
    }
    buffer_free(&calls);
    buffer_free(&runtime);
    return r;
}

int cases_make(struct cases *all, struct problem *p) {
    int r = 0;
    memset(all, 0, sizeof *all);
    for (size_t n = 0; r == 0 && n < sizeof GUESTS / sizeof GUESTS[0]; n++)
        r = add_guest(all, &GUESTS[n], p);
    for (size_t n = 0; n < sizeof FIRMWARE / sizeof FIRMWARE[0]; n++)
        add_firmware(all, FIRMWARE[n]);
    add_searching(all);
    if (r == 0)
        r = cases_add_maps(all, p);
    if (r == 0)
        r = add_faults(all, p);
    if (r == 0)
        r = add_scripts(all, "verify/cases/shell/*/*.script", p);
    if (r == 0)
        r = add_programs(all, p);
    cases_add_headers(all);
    add_codes(all);
    add_texts(all);
    add_limits(all);
    if (r == 0)
        r = add_fuzz(all, p);
    return r == 0 ? cases_open(all, p) : r;
}
