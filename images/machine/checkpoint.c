/* Checkpoints of a run of the PC, see checkpoint.h. */
#include "images/machine/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/outfile.h"
#include "images/machine/image.h"

static const char MAGIC[] = "SEEDBED CHECKPOINT 1\n";
enum { RECORD = 20, BLOCK = 1 << 20 }; /* a record: id, LBA, sectors; then the sectors */

static void put_number(uint8_t *p, uint64_t v, int n) {
    for (int k = 0; k < n; k++)
        p[k] = (uint8_t)(v >> 8 * k);
}

static uint64_t get_number(const uint8_t *p, int n) {
    uint64_t v = 0;
    while (n-- > 0)
        v = v << 8 | p[n];
    return v;
}

/* What is being written or read. */
struct stream {
    int fd;
    struct buffer out; /* not written yet */
    struct problem *p;
    bool failed;
};

static bool flush(struct stream *s) {
    if (!s->failed && write_all(s->fd, s->out.data, s->out.len, "checkpoint", s->p) < 0)
        s->failed = true;
    s->out.len = 0;
    return !s->failed;
}

static bool put(void *user, const void *bytes, size_t n) {
    struct stream *s = user;
    buffer_append(&s->out, bytes, n);
    return s->out.len < BLOCK || flush(s);
}

static void put_block(struct stream *s, const struct buffer *b) {
    uint8_t length[8];
    put_number(length, b->len, 8);
    put(s, length, sizeof length);
    put(s, b->data, b->len);
}

int checkpoint_save(struct checkpoint *c, struct pc *pc, const struct console *console, bool always,
                    struct problem *p) {
    uint8_t id[8];
    struct outfile o;
    if (!c->file || (!always && now() < c->next))
        return 0;
    if (outfile_open(&o, c->file, p) < 0)
        return -1;
    struct stream s = {.fd = o.fd, .p = p};
    put_number(id, c->id + 1, 8);
    put(&s, MAGIC, sizeof MAGIC - 1);
    put(&s, id, sizeof id);
    put_block(&s, &console->result->log);
    put_block(&s, &console->line);
    if (!pc_save(pc, put, &s) || !flush(&s)) {
        if (!s.failed)
            problem_set(p, "%s: the machine cannot be saved", c->file);
        buffer_free(&s.out);
        outfile_abandon(&o);
        return -1;
    }
    buffer_free(&s.out);
    if (outfile_commit(&o, p) < 0)
        return -1;
    c->id++; /* older records of the undo count no longer */
    if (ftruncate(c->undo, 0) < 0 || lseek(c->undo, 0, SEEK_SET) < 0)
        return problem_set(p, "%s: %s", c->undo_name, strerror(errno));
    c->next = now() + c->every;
    return 0;
}

bool checkpoint_keep(struct checkpoint *c, uint64_t lba, uint32_t n) {
    struct problem p;
    if (!c->file)
        return true;
    size_t size = RECORD + (size_t)n * SECTOR;
    uint8_t *record = xrealloc(NULL, size);
    memset(record, 0, size);
    put_number(record, c->id, 8);
    put_number(record + 8, lba, 8);
    put_number(record + 16, n, 4);
    bool ok = pread(c->disk, record + RECORD, size - RECORD, (off_t)(lba * SECTOR)) >= 0 &&
              write_all(c->undo, record, size, c->undo_name, &p) == 0;
    free(record);
    return ok;
}

/* Puts back what was written to the disk since the checkpoint, the last first. */
static int undo(struct checkpoint *c, struct problem *p) {
    struct buffer all = {0};
    if (access(c->undo_name, R_OK) < 0)
        return 0;
    if (read_file(c->undo_name, &all, p) < 0)
        return -1;
    size_t count = 0, room = 0, *start = NULL;
    for (size_t at = 0; at + RECORD <= all.len;) {
        size_t size = RECORD + (size_t)get_number(all.data + at + 16, 4) * SECTOR;
        if (size > all.len - at)
            break; /* it was cut, and the disk is as it was */
        if (count == room)
            start = xrealloc(start, (room = room * 2 + 16) * sizeof *start);
        start[count++] = at;
        at += size;
    }
    int r = 0;
    while (r == 0 && count > 0) {
        const uint8_t *record = all.data + start[--count];
        size_t n = (size_t)get_number(record + 16, 4) * SECTOR;
        off_t at = (off_t)(get_number(record + 8, 8) * SECTOR);
        if (get_number(record, 8) == c->id && pwrite(c->disk, record + RECORD, n, at) != (ssize_t)n)
            r = problem_set(p, "disk image: cannot put back: %s", strerror(errno));
    }
    free(start);
    buffer_free(&all);
    return r;
}

struct source {
    const struct buffer *all;
    size_t at;
};

static bool get(void *user, void *bytes, size_t n) {
    struct source *s = user;
    if (n > s->all->len - s->at)
        return false;
    memcpy(bytes, s->all->data + s->at, n);
    s->at += n;
    return true;
}

static bool get_block(struct source *s, struct buffer *b) {
    uint8_t length[8];
    if (!get(s, length, sizeof length) || get_number(length, 8) > s->all->len - s->at)
        return false;
    b->len = 0;
    buffer_append(b, s->all->data + s->at, get_number(length, 8));
    s->at += get_number(length, 8);
    return true;
}

static int resume(struct checkpoint *c, const char *file, struct pc *pc, struct console *console,
                  struct problem *p) {
    struct buffer all = {0};
    struct source s = {&all, sizeof MAGIC - 1};
    uint8_t id[8];
    if (read_file(file, &all, p) < 0)
        return -1;
    bool ok = all.len > s.at && memcmp(all.data, MAGIC, s.at) == 0 && get(&s, id, sizeof id) &&
              get_block(&s, &console->result->log) && get_block(&s, &console->line) &&
              pc_load(pc, get, &s);
    buffer_free(&all);
    if (!ok)
        return problem_set(p, "%s: no checkpoint of a machine with this memory and disk", file);
    c->id = get_number(id, 8);
    return undo(c, p);
}

int checkpoint_open(struct checkpoint *c, const struct run_request *request, struct pc *pc,
                    struct console *console, int disk, struct problem *p) {
    const char *file = request->checkpoint ? request->checkpoint : request->resume;
    *c = (struct checkpoint){.file = file, .undo = -1, .disk = disk};
    if (!file)
        return 0;
    struct stat st;
    if (stat(file, &st) == 0 && !S_ISREG(st.st_mode)) /* it goes away when the run ends */
        return problem_set(p, "%s: a checkpoint has to be a plain file", file);
    c->every = request->every > 0 ? request->every * 60 : 600;
    c->undo_name = xprintf("%s.undo", request->resume ? request->resume : file);
    if (request->resume && resume(c, request->resume, pc, console, p) < 0)
        return -1;
    free(c->undo_name);
    c->undo_name = xprintf("%s.undo", file);
    c->undo = open(c->undo_name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (c->undo < 0)
        return problem_set(p, "%s: cannot create: %s", c->undo_name, strerror(errno));
    return checkpoint_save(c, pc, console, true, p);
}

void checkpoint_close(struct checkpoint *c, bool over) {
    if (c->undo >= 0)
        close(c->undo);
    if (over && c->undo >= 0) {
        unlink(c->undo_name);
        unlink(c->file);
    }
    free(c->undo_name);
}
