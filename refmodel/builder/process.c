/* Processes: one runs, its ancestors wait with their memory put aside (CONTRACT.md section 5). */
#include "refmodel/builder/process.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/elf.h"
#include "refmodel/builder/layout.h"
#include "refmodel/builder/machine.h"
#include "refmodel/builder/processor.h"
#include "refmodel/strace/linux.h"

/*
 * The stack a program finds: argc, argv, 0, envp, 0 and an empty auxiliary vector from a 16-byte
 * aligned ESP on, the strings above; below, what the kernel enters it with. Returns ESP.
 */
static uint32_t build_stack(struct seedbed *s, const struct arguments *a, uint32_t entry) {
    uint32_t bytes = (uint32_t)a->strings.length;
    uint32_t strings = PROGRAM_AREA - bytes;
    uint32_t words = 1 + a->argc + 1 + a->envc + 1 + 2;
    uint32_t esp = (strings - 4 * words) & ~15u;
    uint32_t at = esp, next = strings;
    uint8_t word[4];
    memory_put(&s->memory, strings, a->strings.bytes, bytes);
    put32(word, entry);
    memory_put(&s->memory, esp - 12, word, 4);
    put32(word, CODE_SELECTOR);
    memory_put(&s->memory, esp - 8, word, 4);
    put32(word, a->argc);
    memory_put(&s->memory, at, word, 4);
    at += 4;
    for (uint32_t n = 0; n < a->argc + a->envc; n++, at += 4) {
        if (n == a->argc)
            at += 4; /* the null after argv */
        put32(word, next);
        memory_put(&s->memory, at, word, 4);
        next += (uint32_t)strlen(a->strings.bytes + (next - strings)) + 1;
    }
    return esp;
}

/* Puts a checked program in the place of whatever ran before. */
static void enter_program(struct seedbed *s, struct process *p, const struct file *f,
                          const struct image *image, const struct arguments *a) {
    profile_switch(s, p->program = profile_program(s, f->name));
    p->first_break = (uint32_t)elf_first_break(image);
    p->brk = p->first_break;
    s->brk_refused = false;
    uint32_t last = p->brk | PAGE_MASK; /* of the page of the break */
    pool_set_break(&s->memory, last);
    memory_fresh(&s->memory, STACK_AREA, last);
    elf_load(s, f);
    processor_reset(s, image->entry, build_stack(s, a, image->entry));
}

uint32_t proc_start(struct seedbed *s, const char *name, const struct arguments *a) {
    struct image image;
    struct file *f = files_find(&s->files, name);
    if (!f)
        return E_NOENT;
    pool_start(&s->memory);
    uint32_t error = elf_check(s, f, &image);
    if (error)
        return error;
    struct process *p = calloc(1, sizeof *p);
    if (!p) {
        s->memory.exhausted = true;
        return E_NOMEM;
    }
    p->pid = ++s->last_pid;
    p->directory[0] = '/';
    p->descriptor[0] = (struct descriptor){.used = true, .flags = O_READING};
    p->descriptor[1] = p->descriptor[2] = (struct descriptor){.used = true, .flags = O_WRITING};
    s->process = p;
    memory_guard(&s->memory);
    processor_forget(s);
    enter_program(s, p, f, &image, a);
    return 0;
}

uint32_t proc_exec(struct seedbed *s, const char *name, const struct arguments *a) {
    struct image image;
    const struct file *f = files_find(&s->files, name);
    uint32_t error = f ? elf_check(s, f, &image) : E_NOENT;
    if (!error)
        enter_program(s, running(s), f, &image, a);
    return error;
}

uint32_t proc_fork(struct seedbed *s, uint32_t *error) {
    struct process *parent = running(s);
    *error = E_AGAIN;
    if (parent->children == CHILDREN || s->memory.unpaged)
        return 0;
    *error = E_NOMEM;
    struct process *child = malloc(sizeof *child);
    parent->top = s->memory.pool.top;
    if (!child || !pool_fork(&s->memory)) {
        s->memory.exhausted |= !child;
        free(child);
        return 0;
    }
    processor_save(s, &parent->registers);
    *child = *parent;
    child->pid = ++s->last_pid;
    child->children = 0;
    for (int n = 0; n < ALL_DESCRIPTORS; n++)
        if (child->descriptor[n].file)
            files_opened(child->descriptor[n].file);
    child->parent = parent;
    s->process = child;
    return child->pid;
}

static void proc_free(struct seedbed *s, struct process *p) {
    for (int n = 0; n < ALL_DESCRIPTORS; n++)
        if (p->descriptor[n].file)
            files_closed(&s->files, p->descriptor[n].file);
    free(p);
}

void proc_resume(struct seedbed *s) {
    enum { EAX_AT = 12 + 4 }; /* below ESP: EIP, CS and EFLAGS, and the first of eight registers */
    uint32_t at = s->cpu.r[ESP] - EAX_AT;
    memory_touch(&s->memory, at);
    memory_touch(&s->memory, at + 3);
}

void proc_exit(struct seedbed *s, uint32_t status) {
    struct process *child = running(s);
    struct process *parent = child->parent;
    if (!status)
        s->brk_refused = false;
    uint32_t pid = child->pid;
    proc_free(s, child);
    s->process = parent;
    pool_exit(&s->memory, parent ? parent->top : PROGRAM_AREA);
    if (!parent) {
        s->exit_status = status & 0xFF;
        return;
    }
    processor_restore(s, &parent->registers);
    s->cpu.r[EAX] = pid;
    proc_resume(s);
    parent->child[parent->children++] = (struct child){pid, (status & 0xFF) << 8};
    profile_switch(s, parent->program);
}

void proc_free_all(struct seedbed *s) {
    while (s->process) {
        struct process *p = s->process;
        s->process = p->parent;
        proc_free(s, p);
    }
}
