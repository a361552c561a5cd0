/*
 * boot1's pp and link against NASM and GNU ld: generated modules, written for both, must have the
 * same bytes in every section. ld puts the sections to the addresses that link has chosen.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

enum { MODULES = 3, LABELS = 4, PROGRAMS = 40, BSS = 3 };

static const char *const SECTIONS[] = {"text", "rodata", "data", "bss"};

/* The same line for pp and for NASM. */
struct pair {
    struct buffer pp, nasm;
};

static uint32_t below(uint32_t *state, uint32_t limit) {
    return test_random(state) % limit;
}

static void both(struct pair *p, const char *line) {
    buffer_printf(&p->pp, "%s", line);
    buffer_printf(&p->nasm, "%s", line);
}

/* Label k of module m is in section (m + k) % 4, so that each section has some of each module. */
static const char *label(int module, int k) {
    return xprintf("m%d_%d", module, k);
}

static char *any_label(uint32_t *state) {
    return xprintf("m%u_%u", below(state, MODULES), below(state, LABELS));
}

static char *code_label(uint32_t *state) {
    int module = (int)below(state, MODULES);
    return xprintf("m%d_%d", module, (8 - module) % LABELS);
}

static void add_code(struct pair *p, uint32_t *state) {
    static const char *const FORMS[] = {"\tmov eax, %s + %u\n",     "\tmov ebx, [%s+ecx*4+%u]\n",
                                        "\tadd dword [%s+%u], 5\n", "\tpush dword [%s+esi-%u]\n",
                                        "\tlea edx, [%s+edi+%u]\n", "\tcmp byte [%s+%u], 'a'\n"};
    char *target = code_label(state);
    switch (below(state, 5)) {
    case 0:
        both(p, xprintf("\tcall %s\n", target));
        break;
    case 1:
        buffer_printf(&p->pp, "\tjne %s\n", target);
        buffer_printf(&p->nasm, "\tjne near %s\n", target);
        break;
    case 2:
        both(p, "\talign 8\n");
        break;
    default:
        both(p, xprintf(FORMS[below(state, 6)], any_label(state), below(state, 300)));
    }
}

static void add_data(struct pair *p, uint32_t *state, const char *here) {
    switch (below(state, 5)) {
    case 0:
        both(p, xprintf("\tdd %s + %u\n", any_label(state), below(state, 1000)));
        break;
    case 1:
        both(p, "\tdb \"text\", 10, 255\n\tdw 4660\n");
        break;
    case 2:
        buffer_printf(&p->pp, "\talign 4\n\tspace 5\n");
        buffer_printf(&p->nasm, "\talign 4, db 0\n\ttimes 5 db 0\n");
        break;
    case 3:
        both(p, xprintf(".l%zu:\tdd .l%zu - %s\n", p->pp.len, p->pp.len, here));

        break;
    default:
        buffer_printf(&p->pp, "\tfill 3, 0x41\n");
        buffer_printf(&p->nasm, "\ttimes 3 db 0x41\n");
    }
}

static struct pair generate(uint32_t *state, int module) {
    struct pair p = {{0}, {0}};
    for (int m = 0; m < MODULES; m++)
        for (int k = 0; k < LABELS; k++)
            buffer_printf(&p.nasm, "%s %s\n", m == module ? "global" : "extern", label(m, k));
    for (int k = 0; k < LABELS; k++) {
        int section = (module + k) % 4;
        buffer_printf(&p.pp, "section %s\n\talign 16\n", SECTIONS[section]);
        buffer_printf(&p.nasm, "section .%s align=16\n", SECTIONS[section]);
        both(&p, xprintf("%s:\n", label(module, k)));
        if (section == 0 && module == 0) {
            buffer_printf(&p.pp, "start:\n");
            buffer_printf(&p.nasm, "global start\nstart:\n");
        }
        for (uint32_t n = below(state, 12); n > 0; n--)
            if (section == 0) {
                add_code(&p, state);
            } else if (section < BSS) {
                add_data(&p, state, label(module, k));
            } else {
                uint32_t size = below(state, 40);
                buffer_printf(&p.pp, "\tspace %u\n\talign 4\n", size);
                buffer_printf(&p.nasm, "\tresb %u\n\talignb 4\n", size);
            }
    }
    return p;
}

/* The program by NASM and ld, with its sections at `address`; in the file "theirs". */
static void build_theirs(struct test *t, const uint32_t address[4]) {
    struct buffer script = {0};
    buffer_printf(&script, "ENTRY(start)\nSECTIONS {\n");
    for (int s = 0; s < 4; s++)
        buffer_printf(&script, ".%s 0x%x : { *(.%s) }%s\n", SECTIONS[s], address[s], SECTIONS[s],
                      s == 0 ? " =0x90909090" : "");
    buffer_printf(&script, "}\n");
    test_write(t, test_path(t, "ld.script"), script.data, script.len);
    char *command = xprintf("cd %s && for m in 0 1 2; do nasm -f elf32 -o m$m.o m$m.asm || exit 1; "
                            "done && ld -m elf_i386 --no-warn-rwx-segments -T ld.script -o theirs "
                            "m0.o m1.o m2.o",
                            t->dir);
    test_run(t, 0, "sh", "-c", command, NULL);
}

/* Where link has put a section, by its section header. */
static void read_addresses(struct test *t, uint32_t address[4]) {
    struct buffer program = test_read(t, test_path(t, "ours"));
    uint32_t headers;
    memcpy(&headers, program.data + 32, 4);
    for (int s = 0; s < 4; s++)
        memcpy(&address[s], program.data + headers + 40 * (size_t)(s + 1) + 12, 4);
    buffer_free(&program);
}

TEST_WITHIN(180, modules_become_what_nasm_and_ld_make_of_them) {
    test_needs(t, "nasm", "nasm");
    test_needs(t, "ld", "binutils");
    boot1_build(t);
    uint32_t state = 19;
    for (int n = 0; n < PROGRAMS; n++) {
        const char *argv[] = {test_path(t, "link"),
                              "--symbols",
                              test_path(t, "ours"),
                              test_path(t, "m0.link"),
                              test_path(t, "m1.link"),
                              test_path(t, "m2.link"),
                              NULL};
        for (int m = 0; m < MODULES; m++) {
            struct pair p = generate(&state, m);
            char *source = test_path(t, xprintf("m%d.pp", m));
            test_write(t, source, p.pp.data, p.pp.len);
            test_write(t, test_path(t, xprintf("m%d.asm", m)), p.nasm.data, p.nasm.len);
            test_run(t, 0, test_path(t, "pp"), argv[3 + m], I386, source, NULL);
            buffer_free(&p.pp);
            buffer_free(&p.nasm);
        }
        struct outcome made = test_command(t, argv);
        if (made.status != 0)
            test_fail(t, "program %d: %s", n, (const char *)made.output.data);
        uint32_t address[4];
        read_addresses(t, address);
        build_theirs(t, address);
        char *command =
            xprintf("cd %s && for f in ours theirs; do for s in text rodata data; do "
                    "objcopy -O binary -j .$s $f $f.$s && touch $f.$s || exit 1; done; "
                    "nm -n $f | grep -v ' [a-z] ' >$f.names; done && "
                    "for s in text rodata data names; do cmp ours.$s theirs.$s || exit 1; "
                    "done",
                    t->dir);
        test_run(t, 0, "sh", "-c", command, NULL);
    }
}
