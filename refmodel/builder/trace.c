/* What the trace sees of the model. */
#include "refmodel/builder/trace.h"

#include "refmodel/builder/machine.h"

static bool has(void *owner, uint32_t address, uint32_t n) {
    const struct seedbed *s = owner;
    return memory_has(&s->memory, address, n);
}

static uint32_t byte_at(void *owner, uint32_t address) {
    struct seedbed *s = owner;
    return memory_read_page(&s->memory, address)[address & PAGE_MASK];
}

void trace_init(struct seedbed *s) {
    s->trace = (struct strace){
        .has = has, .byte = byte_at, .owner = s, .emit = s->config.trace, .user = s->config.user};
}

void trace_enter(struct seedbed *s, const struct process *caller, uint32_t number,
                 const uint32_t *argument) {
    if (s->config.trace)
        strace_enter(&s->trace, caller->pid, number, argument);
}

void trace_leave(struct seedbed *s, uint32_t number, const uint32_t *argument, uint32_t result) {
    if (s->config.trace)
        strace_leave(&s->trace, number, argument, result);
}
