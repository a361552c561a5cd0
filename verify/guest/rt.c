/* rt.c: see rt.h. */
#include "verify/guest/rt.h"

#include <stdarg.h>

enum { LINE_MAX = 1024, NR_WAITID = 284, P_PID = 1, WEXITED_WNOWAIT = 0x01000004, AT_SYSINFO = 32 };

struct line {
    char text[LINE_MAX];
    u32 length;
};

/* Lines that wait for release_findings. */
static struct {
    char text[8192];
    u32 length;
    int on;
} held;

/* Words of memory, whatever type lies there. */
typedef u32 __attribute__((may_alias, aligned(1))) word;

void *memcpy(void *to, const void *from, u32 n) {
    u8 *t = to;
    const u8 *f = from;
    for (; n >= 4; n -= 4, t += 4, f += 4)
        *(word *)t = *(const word *)f;
    while (n--)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int byte, u32 n) {
    u8 *t = to;
    for (; n >= 4; n -= 4, t += 4)
        *(word *)t = (u8)byte * 0x01010101u;
    while (n--)
        *t++ = (u8)byte;
    return to;
}

int memcmp(const void *a, const void *b, u32 n) {
    const u8 *x = a;
    const u8 *y = b;
    while (n >= 4 && *(const word *)x == *(const word *)y)
        n -= 4, x += 4, y += 4;
    for (; n; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

u32 strlen(const char *s) {
    u32 n = 0;
    while (s[n])
        n++;
    return n;
}

int streq(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

static const char *errno_name(int number) {
    switch (number) {
#define NAME(e)                                                                                    \
    case e:                                                                                        \
        return #e;
        NAME(ENOENT)
        NAME(E2BIG)
        NAME(ENOEXEC)
        NAME(EBADF)
        NAME(ECHILD)
        NAME(EAGAIN)
        NAME(ENOMEM)
        NAME(EFAULT)
        NAME(EEXIST)
        NAME(ENOTDIR)
        NAME(EINVAL)
        NAME(EMFILE)
        NAME(ENOSPC)
        NAME(ESPIPE)
        NAME(ERANGE)
        NAME(ENAMETOOLONG)
        NAME(ENOSYS)
#undef NAME
    case 1:
        return "EPERM";
    case 21:
        return "EISDIR";
    case 6:
        return "ENXIO";
    case 13:
        return "EACCES";
    case 27:
        return "EFBIG";
    default:
        return 0;
    }
}

static void put_char(struct line *l, char c) {
    if (l->length < LINE_MAX - 1)
        l->text[l->length++] = c;
}

static void put_string(struct line *l, const char *s) {
    while (*s)
        put_char(l, *s++);
}

static void put_decimal(struct line *l, int value) {
    char digits[10];
    int n = 0;
    u32 rest = value < 0 ? 0u - (u32)value : (u32)value;
    if (value < 0)
        put_char(l, '-');
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    while (n)
        put_char(l, digits[--n]);
}

static void put_hex(struct line *l, u32 value) {
    for (int shift = 28; shift >= 0; shift -= 4)
        put_char(l, "0123456789ABCDEF"[value >> shift & 15]);
}

static void put_result(struct line *l, int value) {
    const char *name = value < 0 && value > -4096 ? errno_name(-value) : 0;
    if (name)
        put_string(l, name);
    else
        put_decimal(l, value);
}

static void put_format(struct line *l, const char *format, va_list args) {
    for (; *format; format++) {
        if (*format != '%') {
            put_char(l, *format);
            continue;
        }
        switch (*++format) {
        case 's':
            put_string(l, va_arg(args, const char *));
            break;
        case 'd':
            put_decimal(l, va_arg(args, int));
            break;
        case 'x':
            put_hex(l, va_arg(args, u32));
            break;
        case 'e':
            put_result(l, va_arg(args, int));
            break;
        default:
            put_char(l, *format);
        }
    }
}

/* The file is opened anew for each line, so that no descriptor is taken while the program tests
 * descriptors, and a child's lines stand where they were said. */
static void append(const char *text, u32 length) {
    int fd = sys_open("/dev/hda", O_WRONLY | O_CREAT | O_APPEND);
    if (fd < 0 || sys_write(fd, text, length) != (int)length)
        sys_exit(99);
    sys_close(fd);
}

static void append_line(struct line *l) {
    put_char(l, '\n');
    if (!held.on) {
        append(l->text, l->length);
    } else if (held.length + l->length <= sizeof held.text) {
        memcpy(held.text + held.length, l->text, l->length);
        held.length += l->length;
    } else {
        sys_exit(98);
    }
}

void hold_findings(void) {
    held.on = 1;
}

void release_findings(void) {
    append(held.text, held.length);
    held.length = 0;
    held.on = 0;
}

void say(const char *format, ...) {
    struct line l = {.length = 0};
    va_list args;
    va_start(args, format);
    put_format(&l, format, args);
    va_end(args);
    append_line(&l);
}

void differs(const char *linux_value, const char *seedbed_value, const char *why,
             const char *format, ...) {
    struct line l = {.length = 0};
    va_list args;
    va_start(args, format);
    put_format(&l, format, args);
    va_end(args);
    put_string(&l, " | Linux: ");
    put_string(&l, linux_value);
    put_string(&l, " | Seedbed: ");
    put_string(&l, seedbed_value);
    put_string(&l, " | ");
    put_string(&l, why);
    append_line(&l);
}

void must(const char *seedbed_value, const char *format, ...) {
    struct line l = {.length = 0};
    va_list args;
    va_start(args, format);
    put_format(&l, format, args);
    va_end(args);
    put_string(&l, " | Seedbed: ");
    put_string(&l, seedbed_value);
    append_line(&l);
}

int put_file(const char *path, const void *content, u32 n) {
    int fd = sys_open(path, O_WRONLY | O_CREAT | O_TRUNC);
    if (fd < 0)
        return fd;
    int written = sys_write(fd, content, n);
    sys_close(fd);
    return written;
}

int get_file(const char *path, void *buf, u32 n) {
    int fd = sys_open(path, O_RDONLY);
    if (fd < 0)
        return fd;
    int got = sys_read(fd, buf, n);
    sys_close(fd);
    return got;
}

const char *text_of(const char *path) {
    static char text[256];
    int n = get_file(path, text, sizeof text - 1);
    if (n < 0)
        return outcome(n);
    text[n] = 0;
    return text;
}

const char *numbered(const char *prefix, u32 n) {
    enum { DIGITS = 5 };
    static char name[64];
    u32 length = strlen(prefix);
    memcpy(name, prefix, length);
    for (u32 k = DIGITS; k-- > 0; n /= 10)
        name[length + k] = (char)('0' + n % 10);
    name[length + DIGITS] = 0;
    return name;
}

const char *outcome(int result) {
    if (result >= 0)
        return "ok";
    const char *name = errno_name(-result);
    return name ? name : "another error";
}

int wait_for(int pid) {
    int status = -1;
    int got = sys_waitpid(pid, &status);
    if (got != pid)
        return got < 0 ? got : -1000;
    return status & 0x7F ? 1000 + (status & 0x7F) : status >> 8 & 0xFF;
}

void settle(int pid) {
    u8 info[128];
    call(NR_WAITID, P_PID, (u32)pid, ptr(info), WEXITED_WNOWAIT, 0);
}

void call_linux(char **argv) {
    const word *at = (const word *)argv;
    for (int nulls = 0; nulls < 2; at++) /* behind argv and envp */
        nulls += !*at;
    for (; at[0]; at += 2)
        if (at[0] == AT_SYSINFO)
            call_gate = at[1];
}

u32 fnv(u32 sum, const void *bytes, u32 n) {
    const u8 *b = bytes;
    while (n--)
        sum = (sum ^ *b++) * 16777619u;
    return sum;
}

u32 next_random(u32 *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}
