/* How the PC was left at its reset, see pc_ending.h. */
#include "images/machine/pc_ending.h"

#include <stdlib.h>

#include "images/lib/util.h"

static uint32_t word_at(struct pc *pc, uint32_t address) {
    uint8_t b[4];
    pc_read(pc, address, b, sizeof b);
    return little32(b);
}

char *pc_ending_doubt(struct pc *pc, const struct ending *e, const struct run_request *request,
                      uint32_t length) {
    const struct kernel *k = &e->kernel;
    struct pc_registers r;
    pc_registers(pc, &r);
    struct last_state last = {.registers = true,
                              .eip = r.code_base + r.eip,
                              .esp = r.general[4],
                              .code = xrealloc(NULL, k->code.len),
                              .script = word_at(pc, k->script),
                              .next = word_at(pc, k->next),
                              .pid = word_at(pc, k->pid)};
    pc_read(pc, k->base, last.code, k->code.len);
    char *doubt = ending_doubt(e, request, length, &last);
    free(last.code);
    return doubt;
}
