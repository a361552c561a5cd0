#include "refmodel/exec.h"
#include <string.h>
void fpu_init(struct fpu *f) {
    memset(f, 0, sizeof *f);
}
RUN(run_x87_memory) {
    return run_unsupported(c, i);
}
RUN(run_x87_register) {
    return run_unsupported(c, i);
}
RUN(run_wait) {
    (void)c;
    NEXT;
}
