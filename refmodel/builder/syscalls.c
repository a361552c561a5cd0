/* The system calls (CONTRACT.md section 6). Each returns what goes into EAX. */
#include "refmodel/builder/syscalls.h"

#include <string.h>

#include "refmodel/builder/console.h"
#include "refmodel/builder/guest.h"
#include "refmodel/builder/layout.h"
#include "refmodel/builder/machine.h"
#include "refmodel/builder/tables.h"
#include "refmodel/builder/trace.h"
#include "refmodel/strace/linux.h"

static uint32_t failure(uint32_t error) {
    return 0 - error;
}

/* The open descriptor of a number, or null. */
static struct descriptor *descriptor_of(struct seedbed *s, uint32_t fd) {
    if (fd >= ALL_DESCRIPTORS)
        return NULL;
    struct descriptor *d = &running(s)->descriptor[fd];
    return d->used ? d : NULL;
}

/* O_RDONLY is 0, O_WRONLY 1, O_RDWR 2; 3 allows neither. */
static bool may_read(const struct descriptor *d) {
    return (d->flags + 1) & 1;
}

static bool may_write(const struct descriptor *d) {
    return (d->flags + 1) & 2;
}

static uint32_t read_script(struct seedbed *s, uint32_t buffer, uint32_t n) {
    if (n == 0)
        return 0;
    if (!memory_has(&s->memory, buffer, 1))
        return failure(E_FAULT);
    uint8_t byte = disk_next(s);
    memory_put(&s->memory, buffer, &byte, 1);
    return 1;
}

static uint32_t call_read(struct seedbed *s, const uint32_t *a) {
    struct descriptor *d = descriptor_of(s, a[0]);
    uint32_t buffer = a[1], n = a[2];
    if (!d || !may_read(d))
        return failure(E_BADF);
    if (n >> 31)
        return failure(E_INVAL);
    if (!d->file)
        return read_script(s, buffer, n);
    uint32_t left = d->position < d->file->size ? d->file->size - d->position : 0;
    if (n > left)
        n = left;
    if (n == 0)
        return 0;
    uint32_t k = memory_reach(&s->memory, buffer, n);
    memory_put(&s->memory, buffer, d->file->data + d->position, k);
    if (k < n)
        return failure(E_FAULT);
    d->position += n;
    return n;
}

static void write_console(struct seedbed *s, uint32_t buffer, uint32_t n) {
    while (n) {
        uint32_t k = memory_span(&s->memory, buffer, n);
        const uint8_t *page = memory_read_page(&s->memory, buffer);
        console_write(s, (const char *)page + (buffer & PAGE_MASK), k);
        buffer += k;
        n -= k;
    }
}

static uint32_t write_file(struct seedbed *s, struct descriptor *d, uint32_t buffer, uint32_t n) {
    uint32_t at = d->flags & O_ADD ? d->file->size : d->position;
    uint32_t room = files_room(&s->files, d->file, at, n), done = 0;
    if (n && !room)
        return failure(E_NOSPC);
    while (done < room) {
        uint32_t k = memory_span(&s->memory, buffer + done, room - done);
        const uint8_t *page = memory_read_page(&s->memory, buffer + done);
        const uint8_t *from = page + ((buffer + done) & PAGE_MASK);
        done += files_write(&s->files, d->file, at + done, from, k);
        if (s->files.exhausted)
            break;
    }
    if (done)
        d->position = at + done;
    return done;
}

static uint32_t call_write(struct seedbed *s, const uint32_t *a) {
    struct descriptor *d = descriptor_of(s, a[0]);
    if (!d || !may_write(d))
        return failure(E_BADF);
    if (a[2] >> 31)
        return failure(E_INVAL);
    if (a[2] && !memory_has(&s->memory, a[1], a[2]))
        return failure(E_FAULT);
    if (d->file)
        return write_file(s, d, a[1], a[2]);
    write_console(s, a[1], a[2]);
    return a[2];
}

static uint32_t call_open(struct seedbed *s, const uint32_t *a) {
    struct path p;
    uint32_t flags = a[1], fd = 0;
    uint32_t error = guest_path(s, a[0], &p);
    if (error)
        return failure(error);
    struct descriptor *d = running(s)->descriptor;
    while (fd < ALL_DESCRIPTORS && d[fd].used)
        fd++;
    if (fd == ALL_DESCRIPTORS)
        return failure(E_MFILE);
    struct file *f = files_find(&s->files, p.name);
    if (f && flags & O_CREATE && flags & O_EXCLUSIVE)
        return failure(E_EXIST);
    if (!f && (!(flags & O_CREATE) || !files_has_parent(&s->files, p.name)))
        return failure(E_NOENT);
    if (!f && !(f = files_create(&s->files, p.name)))
        return failure(E_NOSPC);
    if (flags & O_TRUNCATE)
        files_truncate(&s->files, f);
    files_opened(f);
    d[fd] = (struct descriptor){true, f, 0, flags};
    return fd;
}

static uint32_t call_close(struct seedbed *s, const uint32_t *a) {
    struct descriptor *d = descriptor_of(s, a[0]);
    if (!d)
        return failure(E_BADF);
    if (!d->file)
        return 0;
    files_closed(&s->files, d->file);
    *d = (struct descriptor){0};
    return 0;
}

/* The copy has its own position from then on. */
static uint32_t call_dup2(struct seedbed *s, const uint32_t *a) {
    const struct descriptor *from = descriptor_of(s, a[0]);
    if (!from || a[1] >= ALL_DESCRIPTORS)
        return failure(E_BADF);
    struct descriptor *to = &running(s)->descriptor[a[1]];
    if (from->file)
        files_opened(from->file);
    if (to->file)
        files_closed(&s->files, to->file);
    *to = *from;
    return a[1];
}

static uint32_t call_wait(struct seedbed *s, const uint32_t *a) {
    struct process *p = running(s);
    uint32_t n = 0;
    if (a[0] && !(a[0] >> 31))
        while (n < p->children && p->child[n].pid != a[0])
            n++;
    if (n >= p->children)
        return failure(E_CHILD);
    struct child c = p->child[n];
    if (a[1]) {
        uint8_t status[4];
        if (!memory_has(&s->memory, a[1], 4))
            return failure(E_FAULT);
        put32(status, c.status);
        memory_put(&s->memory, a[1], status, 4);
    }
    p->children--;
    memmove(&p->child[n], &p->child[n + 1], (p->children - n) * sizeof p->child[0]);
    return c.pid;
}

static uint32_t call_unlink(struct seedbed *s, const uint32_t *a) {
    struct path p;
    uint32_t error = guest_path(s, a[0], &p);
    if (error)
        return failure(error);
    struct file *f = files_find(&s->files, p.name);
    if (!f)
        return failure(E_NOENT);
    files_unlink(&s->files, f);
    return 0;
}

static uint32_t call_execve(struct seedbed *s, const uint32_t *a) {
    struct path p;
    struct arguments arguments = {0};
    uint32_t error = guest_path(s, a[0], &p);
    if (!error && !files_find(&s->files, p.name))
        error = E_NOENT;
    if (!error)
        error = guest_strings(s, a[1], &arguments.strings, &arguments.argc);
    if (!error)
        error = guest_strings(s, a[2], &arguments.strings, &arguments.envc);
    if (!error)
        error = proc_exec(s, p.name, &arguments);
    text_free(&arguments.strings);
    return failure(error);
}

static uint32_t call_chdir(struct seedbed *s, const uint32_t *a) {
    struct path p;
    uint32_t error = guest_path(s, a[0], &p);
    if (error)
        return failure(error);
    const struct file *f = files_find(&s->files, p.name);
    if (!f)
        return failure(E_NOENT);
    if (f->size)
        return failure(E_NOTDIR);
    memcpy(running(s)->directory, p.name, strlen(p.name) + 1);
    return 0;
}

static uint32_t call_lseek(struct seedbed *s, const uint32_t *a) {
    struct descriptor *d = descriptor_of(s, a[0]);
    if (!d)
        return failure(E_BADF);
    if (!d->file)
        return failure(E_SPIPE);
    uint32_t base = a[2] == 0 ? 0 : a[2] == 1 ? d->position : d->file->size;
    uint32_t position = base + a[1]; /* the sum of two numbers below 2^31 in size */
    if (a[2] > 2 || position >> 31)
        return failure(E_INVAL);
    return d->position = position;
}

static uint32_t call_access(struct seedbed *s, const uint32_t *a) {
    struct path p;
    uint32_t error = guest_path(s, a[0], &p);
    if (!error && !files_find(&s->files, p.name))
        error = E_NOENT;
    return failure(error);
}

static uint32_t call_mkdir(struct seedbed *s, const uint32_t *a) {
    struct path p;
    uint32_t error = guest_path(s, a[0], &p);
    if (error)
        return failure(error);
    if (files_find(&s->files, p.name))
        return failure(E_EXIST);
    if (!files_has_parent(&s->files, p.name))
        return failure(E_NOENT);
    return files_create(&s->files, p.name) ? 0 : failure(E_NOSPC);
}

static uint32_t call_brk(struct seedbed *s, const uint32_t *a) {
    struct process *p = running(s);
    uint32_t last = a[0] | PAGE_MASK; /* of the page that the break is in, even if it begins it */
    if (a[0] < p->first_break || !pool_has_break(&s->memory, last)) {
        s->brk_refused |= a[0] > p->brk;
        return p->brk;
    }
    pool_set_break(&s->memory, last);
    memory_fresh(&s->memory, p->brk + PAGE_MASK, last);
    return p->brk = a[0];
}

static uint32_t call_getcwd(struct seedbed *s, const uint32_t *a) {
    const char *directory = running(s)->directory;
    uint32_t n = (uint32_t)strlen(directory) + 1;
    if (a[1] < n)
        return failure(E_RANGE);
    if (!memory_has(&s->memory, a[0], n))
        return failure(E_FAULT);
    memory_put(&s->memory, a[0], directory, n);
    return n;
}

/* What bootstrap programs call and do not need. */
static uint32_t call_nothing(struct seedbed *s, const uint32_t *a) {
    (void)s, (void)a;
    return 0;
}

static uint32_t (*call_of(uint32_t number))(struct seedbed *, const uint32_t *) {
    static const struct {
        uint32_t number;
        uint32_t (*call)(struct seedbed *, const uint32_t *);
    } calls[] = {{SYS_READ, call_read},      {SYS_WRITE, call_write},    {SYS_OPEN, call_open},
                 {SYS_CLOSE, call_close},    {SYS_WAITPID, call_wait},   {SYS_UNLINK, call_unlink},
                 {SYS_EXECVE, call_execve},  {SYS_CHDIR, call_chdir},    {SYS_LSEEK, call_lseek},
                 {SYS_ACCESS, call_access},  {SYS_MKDIR, call_mkdir},    {SYS_BRK, call_brk},
                 {SYS_WAIT4, call_wait},     {SYS_GETCWD, call_getcwd},  {SYS_CHMOD, call_nothing},
                 {SYS_GETUID, call_nothing}, {SYS_UTIME, call_nothing},  {SYS_SYNC, call_nothing},
                 {SYS_UMASK, call_nothing},  {SYS_FCHMOD, call_nothing}, {SYS_DUP2, call_dup2}};
    for (size_t n = 0; n < sizeof calls / sizeof calls[0]; n++)
        if (calls[n].number == number)
            return calls[n].call;
    return NULL;
}

/* Fork: the child goes on; the parent's call is over when the child has exited. */
static void call_fork(struct seedbed *s, const uint32_t *a) {
    uint32_t error;
    uint32_t pid = proc_fork(s, &error);
    trace_leave(s, SYS_FORK, a, pid ? pid : failure(error));
    s->cpu.r[EAX] = pid ? 0 : failure(error);
    proc_resume(s);
}

void system_call(struct seedbed *s) {
    const uint32_t *r = s->cpu.r;
    const uint32_t a[5] = {r[EBX], r[ECX], r[EDX], r[ESI], r[EDI]};
    uint32_t number = r[EAX], result = failure(E_NOSYS);
    struct process *caller = running(s);
    trace_enter(s, caller, number, a);
    if (number == SYS_EXIT || number == SYS_EXIT_GROUP) {
        proc_exit(s, a[0]);
    } else if (number == SYS_FORK) {
        call_fork(s, a);
    } else {
        uint32_t (*call)(struct seedbed *, const uint32_t *) = call_of(number);
        if (call)
            result = call(s, a);
        trace_leave(s, number, a, result);
        /* A program that has just been entered has its registers already. */
        if (number != SYS_EXECVE || result)
            s->cpu.r[EAX] = result;
    }
    tables_changed(s);
}
