/* The end of a run in words. */
#include "images/session/tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/sha256.h"
#include "images/session/advice.h"

void tell_samples(const struct run_samples *s) {
    unsigned all = s->kernel + s->bios + s->user;
    double one = all ? 100.0 / all : 0;
    printf("%u samples: user code %.1f%%, kernel %.1f%%, BIOS and real mode %.1f%%; "
           "%u more held at the entry of a system call\n",
           all, s->user * one, s->kernel * one, s->bios * one, s->entry);
}

void tell_failure(const struct session *s, const struct run_result *result,
                  const struct progress *g, bool shown) {
    struct buffer tail = {0};
    const char *command = g->now.len ? (const char *)g->now.data : "";
    if (!shown && result->end != RUN_ERROR)
        run_log_tail(result, 10, &tail);
    if (tail.len)
        fwrite(tail.data, 1, tail.len, stderr);
    buffer_free(&tail);
    fputs("seedbed: ", stderr);
    if (s->plan && g->number)
        fprintf(stderr, "%s:%u: ", s->plan->build, plan_line_at(s->plan, g->at));
    else if (g->number)
        fprintf(stderr, "command %u of %u, `%.200s`: ", g->number, g->commands, command);
    fprintf(stderr, "%s\n", result->message);
    struct failure f = {.error = result->message,
                        .command = command,
                        .plan = s->plan,
                        .mem_mib = s->o->request.mem_map   ? 0
                                   : s->o->request.mem_mib ? s->o->request.mem_mib
                                                           : 1024,
                        .disk = file_length(result->disk),
                        .brk_refused = result->brk_refused};
    char *words = result->end == RUN_ERROR ? advice(&f) : NULL;
    if (words)
        fprintf(stderr, "seedbed: %s\n", words);
    free(words);
}

int tell_success(struct session *s, const struct run_result *result, struct problem *p) {
    struct sha256 sum;
    char hex[65];
    struct buffer piece = {0};
    enum { PIECE = 1 << 20 };
    sha256_open(&sum);
    for (uint64_t at = 0; at < result->length; at += piece.len) {
        size_t n = result->length - at < PIECE ? (size_t)(result->length - at) : PIECE;
        piece.len = 0;
        if (run_disk(result, at, n, &piece, p) < 0) {
            buffer_free(&piece);
            return -1;
        }
        sha256_add(&sum, piece.data, piece.len);
    }
    buffer_free(&piece);
    sha256_close(&sum, hex);
    const char *name = s->o->output ? s->o->output : s->subject;
    fprintf(stderr, "seedbed: %s: %lu bytes%s, SHA-256 %s, in %.1f s\n",
            strcmp(name, "-") == 0 ? "stdout" : name, (unsigned long)result->length,
            s->o->output ? "" : " at its start", hex, result->seconds);
    return 0;
}
