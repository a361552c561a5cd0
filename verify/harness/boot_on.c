/* Boots on QEMU, Bochs and the model, see boot_on.h. */
#include "verify/harness/boot_on.h"

struct aftermath boot_at(struct test *t, enum place place, const struct buffer *script,
                         const struct run_request *how, struct buffer *image) {
    static const struct engine *const engines[] = {
        [ON_QEMU] = &engine_qemu_tcg, [ON_BOCHS] = &engine_bochs, [ON_MODEL] = &engine_model};
    return boot_script_on(t, engines[place], script, how, image);
}
