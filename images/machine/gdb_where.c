/* What gdb's own registers do not say, see gdb_where.h. */
#include "images/machine/gdb_where.h"

enum { PE = 1 };
static const uint32_t PG = 0x80000000u;

static void range(struct buffer *text, const char *name, const struct pc_range *r) {
    buffer_printf(text, "%s base %08X limit %08X\n", name, r->base, r->limit);
}

void gdb_where(const struct pc_registers *r, struct buffer *text) {
    static const char *const names[6] = {"es", "cs", "ss", "ds", "fs", "gs"};
    const char *mode = r->v86                  ? "virtual-8086 mode"
                       : !(r->control[0] & PE) ? "real mode"
                       : r->control[0] & PG    ? "protected mode, paging"
                                               : "protected mode";
    buffer_printf(text, "%04X:%04X, linear %08X, %s\n", r->selector[1], r->eip,
                  r->code_base + r->eip, mode);
    for (int n = 0; n < 6; n++) {
        buffer_printf(text, "%04X ", r->selector[n]);
        range(text, names[n], &r->segment[n]);
    }
    range(text, "gdt    ", &r->gdt);
    range(text, "idt    ", &r->idt);
    buffer_printf(text, "cr0 %08X cr2 %08X cr3 %08X cr4 %08X\n", r->control[0], r->control[2],
                  r->control[3], r->control[4]);
}
