/* What a run leaves. */
#include "images/machine/run.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int run_disk(const struct run_result *result, uint64_t offset, size_t n, struct buffer *out,
             struct problem *p) {
    while (n) {
        ssize_t got = pread(result->disk, buffer_room(out, n), n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(p, "disk image: cannot read: %s", strerror(errno));
        if (got == 0)
            return problem_set(p, "disk image: ends before byte %llu",
                               (unsigned long long)(offset + n));
        out->len += (size_t)got;
        offset += (uint64_t)got;
        n -= (size_t)got;
    }
    return 0;
}

int run_artifact(const struct run_result *result, struct buffer *out, struct problem *p) {
    return result->end == RUN_FINISHED ? run_disk(result, 0, result->length, out, p) : 0;
}

void run_log_tail(const struct run_result *result, unsigned lines, struct buffer *out) {
    const uint8_t *log = result->log.data;
    size_t from = result->log.len;
    while (from) {
        size_t start = from - 1;
        while (start && log[start - 1] != '\n')
            start--;
        if (lines-- == 0)
            break;
        from = start;
    }
    while (from < result->log.len) {
        const uint8_t *newline = memchr(log + from, '\n', result->log.len - from);
        size_t n = newline ? (size_t)(newline - log) - from + 1 : result->log.len - from;
        buffer_append(out, "  ", 2);
        buffer_append(out, log + from, n);
        from += n;
    }
}

void run_result_free(struct run_result *result) {
    buffer_free(&result->log);
    if (result->disk > 0)
        close(result->disk);
    result->disk = 0;
}
