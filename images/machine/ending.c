/* Whether a build has ended by the kernel's doing. */
#include "images/machine/ending.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/machine/image.h"
#include "images/script/script.h"

int ending_prepare(struct ending *e, const struct run_request *request, struct problem *p) {
    *e = (struct ending){0};
    if (kernel_load(&e->kernel, p) < 0)
        return -1;
    int fd = request->script ? open(request->image, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return 0;
    char line[64]; /* room for `src` and its number */
    struct script_walk walk = {.fd = fd, .pos = request->script};
    while (script_next(&walk, line, sizeof line))
        ;
    e->nul = walk.pos;
    close(fd);
    return 0;
}

void ending_free(struct ending *e) {
    kernel_free(&e->kernel);
}

/*
 * Whether the next byte of the script is its NUL. A program may have read a part of the script, and
 * `f` may have changed it, so that it ends elsewhere than was thought: then that byte is looked at,
 * where the artifact does not lie over it now.
 */
static bool at_nul(const struct ending *e, const struct run_request *request, uint32_t length,
                   const struct last_state *s) {
    uint64_t at = (uint64_t)s->script * SECTOR + (s->next & 0xFFFF);
    uint64_t over = ((uint64_t)length + SECTOR - 1) / SECTOR * SECTOR;
    if (!request || at == e->nul || at < over)
        return true;
    uint8_t byte = 1;
    int fd = open(request->image, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool nul = pread(fd, &byte, 1, (off_t)at) == 1 && byte == 0;
    close(fd);
    return nul;
}

char *ending_doubt(const struct ending *e, const struct run_request *request, uint32_t length,
                   const struct last_state *s) {
    const struct kernel *k = &e->kernel;
    if (memcmp(s->code, k->code.data, k->code.len) != 0)
        return xstrdup("the kernel in memory is not hex0/kernel.hex0 as it is here: a program has "
                       "changed it, or the image is of another version");
    if (s->pid != 0)
        return xprintf("program number %lu was still running", (unsigned long)s->pid);
    if (s->registers && s->eip != k->reset)
        return xprintf("the reset came from address %08lX, the kernel's own is at %08lX",
                       (unsigned long)s->eip, (unsigned long)k->reset);
    if (s->registers && s->esp >= k->variables)
        return xprintf("the reset came on a program's stack, at %08lX", (unsigned long)s->esp);
    if (!at_nul(e, request, length, s))
        return xstrdup("the script was not read to its end");
    return NULL;
}

void ending_judge(const struct ending *e, const struct run_request *request, bool finished,
                  const struct last_state *s, struct run_result *result) {
    char *doubt = finished ? ending_doubt(e, request, result->length, s) : NULL;
    result->end = finished && !doubt ? RUN_FINISHED : RUN_RESET;
    if (doubt)
        snprintf(result->message, sizeof result->message,
                 "the console says that the build has finished, but not by the kernel: %s", doubt);
    else if (!finished && s->registers)
        snprintf(result->message, sizeof result->message,
                 "the machine was reset before the end of the build, at address %08lX",
                 (unsigned long)s->eip);
    else if (!finished)
        snprintf(result->message, sizeof result->message,
                 "the machine was reset before the end of the build");
    free(doubt);
}
