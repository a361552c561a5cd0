/*
 * witness PROGRAM [ARGUMENT...]: runs a static i386 program in Unicorn, an emulator that knows
 * nothing of ours. Only write and exit are there; any other call answers 0.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicorn/unicorn.h>

enum {
    STACK = 0x7FF00000,
    STACK_BYTES = 1 << 20,
    PAGE = 4096,
    LONGEST = 1 << 20, /* program file */
    SYS_EXIT = 1,
    SYS_WRITE = 4
};

struct witness {
    uc_engine *engine;
    uint8_t file[LONGEST];
    size_t size;
    uint32_t entry;
    int status; /* of the program, or -1 while it runs */
};

static void fail(const char *what, const char *why) {
    fprintf(stderr, "seedbed: witness: %s: %s\n", what, why);
    exit(1);
}

static void check(uc_err e, const char *what) {
    if (e != UC_ERR_OK)
        fail(what, uc_strerror(e));
}

static uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void read_program(struct witness *w, const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f)
        fail(path, "cannot be read");
    w->size = fread(w->file, 1, sizeof w->file, f);
    fclose(f);
    if (w->size < 52 || w->size == sizeof w->file || memcmp(w->file, "\177ELF\1\1", 6) != 0)
        fail(path, "not a small i386 ELF file");
    w->entry = get32(w->file + 24);
}

static void load_segment(struct witness *w, const uint8_t *header) {
    uint32_t offset = get32(header + 4), address = get32(header + 8);
    uint32_t in_file = get32(header + 16), in_memory = get32(header + 20);
    uint32_t first = address / PAGE * PAGE;
    uint32_t last = (address + in_memory + PAGE - 1) / PAGE * PAGE;
    if (get32(header) != 1 || !in_memory)
        return;
    if ((uint64_t)offset + in_file > w->size)
        fail("program", "a segment is not in the file");
    check(uc_mem_map(w->engine, first, last - first, UC_PROT_ALL), "segment");
    check(uc_mem_write(w->engine, address, w->file + offset, in_file), "segment");
}

static void push32(struct witness *w, uint32_t *esp, uint32_t v) {
    uint8_t bytes[4] = {(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)};
    *esp -= 4;
    check(uc_mem_write(w->engine, *esp, bytes, 4), "stack");
}

/* argc, argv and two null words. */
static uint32_t make_stack(struct witness *w, int argc, char **argv) {
    uint32_t esp = (uint32_t)STACK + STACK_BYTES - 64;
    uint32_t *address = calloc((size_t)argc, sizeof *address);
    check(uc_mem_map(w->engine, STACK, STACK_BYTES, UC_PROT_ALL), "stack");
    for (int n = 0; n < argc; n++) {
        size_t length = strlen(argv[n]) + 1;
        esp -= (uint32_t)length;
        check(uc_mem_write(w->engine, esp, argv[n], length), "stack");
        address[n] = esp;
    }
    esp &= ~15u;
    push32(w, &esp, 0);
    push32(w, &esp, 0);
    for (int n = argc; n-- > 0;)
        push32(w, &esp, address[n]);
    push32(w, &esp, (uint32_t)argc);
    free(address);
    return esp;
}

static void write_out(struct witness *w, uint32_t address, uint32_t n) {
    uint8_t bytes[256];
    while (n) {
        uint32_t k = n < sizeof bytes ? n : (uint32_t)sizeof bytes;
        check(uc_mem_read(w->engine, address, bytes, k), "write");
        fwrite(bytes, 1, k, stdout);
        address += k;
        n -= k;
    }
}

static void on_interrupt(uc_engine *engine, uint32_t vector, void *user) {
    struct witness *w = user;
    uint32_t eax, ebx, ecx, edx, result = 0;
    if (vector != 0x80) {
        fprintf(stderr, "seedbed: witness: exception %u\n", vector);
        w->status = 1;
        uc_emu_stop(engine);
        return;
    }
    uc_reg_read(engine, UC_X86_REG_EAX, &eax);
    uc_reg_read(engine, UC_X86_REG_EBX, &ebx);
    uc_reg_read(engine, UC_X86_REG_ECX, &ecx);
    uc_reg_read(engine, UC_X86_REG_EDX, &edx);
    if (eax == SYS_EXIT) {
        w->status = (int)(ebx & 0xFF);
        uc_emu_stop(engine);
    } else if (eax == SYS_WRITE) {
        write_out(w, ecx, edx);
        result = edx;
    }
    uc_reg_write(engine, UC_X86_REG_EAX, &result);
}

int main(int argc, char **argv) {
    static struct witness w = {.status = -1};
    uc_hook hook;
    if (argc < 2) {
        fprintf(stderr, "usage: witness PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    read_program(&w, argv[1]);
    check(uc_open(UC_ARCH_X86, UC_MODE_32, &w.engine), "engine");
    for (uint32_t n = 0; n < (w.file[44] | (uint32_t)w.file[45] << 8); n++) {
        size_t at = get32(w.file + 28) + n * 32u;
        if (at + 32 > w.size)
            fail(argv[1], "its headers are cut off");
        load_segment(&w, w.file + at);
    }
    uint32_t esp = make_stack(&w, argc - 1, argv + 1);
    check(uc_reg_write(w.engine, UC_X86_REG_ESP, &esp), "ESP");
    check(uc_hook_add(w.engine, &hook, UC_HOOK_INTR, (void *)on_interrupt, &w, 1, 0), "hook");
    check(uc_emu_start(w.engine, w.entry, 0, 0, 0), "program");
    uc_close(w.engine);
    return w.status < 0 ? 1 : w.status;
}
