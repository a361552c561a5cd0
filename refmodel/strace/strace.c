/* System calls as strace prints them. */
#include "refmodel/strace/strace.h"

#include <string.h>

#include "refmodel/cpu/bytes.h"

enum { SHOWN_BYTES = 32, SHOWN_STRINGS = 32, SHOWN_PATH = 4095 };

/* Two's complement, on any host. */
static long as_signed(uint32_t v) {
    return v >> 31 ? -(long)(~v) - 1 : (long)v;
}

/* One byte of a string, escaped; octal as short as the next byte allows. */
static void add_escaped(struct text *t, uint8_t c, uint8_t next) {
    if (c == '"' || c == '\\') {
        text_printf(t, "\\%c", c);
    } else if (c >= ' ' && c < 0x7F) {
        text_printf(t, "%c", c);
    } else if (c >= '\t' && c <= '\r') {
        text_printf(t, "\\%c", "tnvfr"[c - '\t']);
    } else {
        bool digit = next >= '0' && next <= '7';
        text_printf(t, digit ? "\\%03o" : "\\%o", c);
    }
}

static uint32_t byte_at(const struct strace *s, uint32_t address) {
    return s->byte(s->owner, address);
}

static void get_word(const struct strace *s, uint32_t address, uint8_t *bytes) {
    for (uint32_t n = 0; n < 4; n++)
        bytes[n] = (uint8_t)byte_at(s, address + n);
}

/* Names of single bits, joined by |; what has no name follows as a number. */
static void add_bits(struct text *t, uint32_t bits, const char *const *names, uint32_t count,
                     const char *none) {
    const char *between = "";
    if (!bits)
        text_printf(t, "%s", none);
    for (uint32_t n = 0; n < count; n++)
        if (names[n] && bits >> n & 1) {
            text_printf(t, "%s%s", between, names[n]);
            between = "|";
            bits &= ~(1u << n);
        }
    if (bits)
        text_printf(t, "%s0x%lx", between, (unsigned long)bits);
}

/* n bytes at an address, or those up to the NUL. A bad pointer is shown as a number. */
static void add_bytes(const struct strace *s, struct text *t, uint32_t address, uint32_t n,
                      uint32_t most, bool terminated) {
    uint32_t k = 0;
    if (!terminated && !n) {
        text_printf(t, "\"\"");
        return;
    }
    if (!s->has(s->owner, address, terminated ? 1 : n)) {
        text_printf(t, address ? "0x%lx" : "NULL", (unsigned long)address);
        return;
    }
    text_add(t, "\"", 1);
    for (; k < n && k < most && s->has(s->owner, address + k, 1); k++) {
        uint32_t c = byte_at(s, address + k);
        if (terminated && !c)
            break;
        bool last = k + 1 >= n || k + 1 >= most || !s->has(s->owner, address + k + 1, 1);
        add_escaped(t, (uint8_t)c, last ? 0 : (uint8_t)byte_at(s, address + k + 1));
    }
    bool more = terminated ? s->has(s->owner, address + k, 1) && byte_at(s, address + k) : k < n;
    text_printf(t, more ? "\"..." : "\"");
}

static void add_path(const struct strace *s, struct text *t, uint32_t address) {
    add_bytes(s, t, address, 0xFFFFFFFFu, SHOWN_PATH, true);
}

static void add_vector(const struct strace *s, struct text *t, uint32_t vector) {
    uint8_t bytes[4];
    if (!vector) {
        text_printf(t, "NULL");
        return;
    }
    text_printf(t, "[");
    for (uint32_t n = 0; s->has(s->owner, vector, 4); n++, vector += 4) {
        get_word(s, vector, bytes);
        if (!get32(bytes))
            break;
        text_printf(t, n ? ", " : "");
        if (n == SHOWN_STRINGS) {
            text_printf(t, "...");
            break;
        }
        add_bytes(s, t, get32(bytes), 0xFFFFFFFFu, SHOWN_BYTES, true);
    }
    text_printf(t, "]");
}

static void add_open_flags(struct text *t, uint32_t flags) {
    static const char *const access[4] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
    static const struct {
        uint32_t bit;
        const char *name;
    } names[] = {{O_CREATE, "O_CREAT"},
                 {O_EXCLUSIVE, "O_EXCL"},
                 {O_TRUNCATE, "O_TRUNC"},
                 {O_ADD, "O_APPEND"}};
    uint32_t rest = flags & ~(uint32_t)O_ACCESS;
    text_printf(t, "%s", access[flags & O_ACCESS]);
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        if (rest & names[n].bit) {
            text_printf(t, "|%s", names[n].name);
            rest &= ~names[n].bit;
        }
    if (rest)
        text_printf(t, "|0x%lx", (unsigned long)rest);
}

static void add_result(struct text *t, uint32_t result) {
    static const struct {
        uint32_t number;
        const char *name;
        const char *what;
    } errors[] = {{E_NOENT, "ENOENT", "No such file or directory"},
                  {E_BIG, "E2BIG", "Argument list too long"},
                  {E_NOEXEC, "ENOEXEC", "Exec format error"},
                  {E_BADF, "EBADF", "Bad file descriptor"},
                  {E_CHILD, "ECHILD", "No child processes"},
                  {E_AGAIN, "EAGAIN", "Resource temporarily unavailable"},
                  {E_NOMEM, "ENOMEM", "Cannot allocate memory"},
                  {E_FAULT, "EFAULT", "Bad address"},
                  {E_EXIST, "EEXIST", "File exists"},
                  {E_NOTDIR, "ENOTDIR", "Not a directory"},
                  {E_INVAL, "EINVAL", "Invalid argument"},
                  {E_MFILE, "EMFILE", "Too many open files"},
                  {E_NOSPC, "ENOSPC", "No space left on device"},
                  {E_SPIPE, "ESPIPE", "Illegal seek"},
                  {E_RANGE, "ERANGE", "Numerical result out of range"},
                  {E_NAMETOOLONG, "ENAMETOOLONG", "File name too long"},
                  {E_NOSYS, "ENOSYS", "Function not implemented"}};
    for (size_t n = 0; n < sizeof errors / sizeof errors[0]; n++)
        if (result == 0 - errors[n].number) {
            text_printf(t, ") = -1 %s (%s)%s\n", errors[n].name, errors[n].what,
                        result == 0 - (uint32_t)E_NOSYS ? "  # outside the contract" : "");
            return;
        }
    text_printf(t, ") = %lu\n", (unsigned long)result);
}

static void add_read_write(const struct strace *s, struct text *t, uint32_t number,
                           const uint32_t *a, uint32_t result) {
    bool read = number == SYS_READ;
    bool failed = result > 0xFFFFF000u;
    text_printf(t, "%s(%ld, ", read ? "read" : "write", as_signed(a[0]));
    if (read && failed)
        text_printf(t, a[1] ? "0x%lx" : "NULL", (unsigned long)a[1]);
    else
        add_bytes(s, t, a[1], read ? result : a[2], SHOWN_BYTES, false);
    text_printf(t, ", %lu", (unsigned long)a[2]);
}

static void add_wait(const struct strace *s, struct text *t, uint32_t number, const uint32_t *a,
                     uint32_t result) {
    static const char *const options[2] = {"WNOHANG", "WSTOPPED"};
    uint8_t status[4];
    long pid = as_signed(a[0]);
    text_printf(t, "%s(%ld, ", number == SYS_WAIT4 ? "wait4" : "waitpid", pid);
    if (a[1] && result <= 0xFFFFF000u) {
        get_word(s, a[1], status);
        text_printf(t, "[{WIFEXITED(s) && WEXITSTATUS(s) == %u}]", status[1]);
    } else {
        text_printf(t, a[1] ? "0x%lx" : "NULL", (unsigned long)a[1]);
    }
    text_printf(t, ", ");
    add_bits(t, a[2], options, 2, "0");
    if (number == SYS_WAIT4)
        text_printf(t, a[3] ? ", 0x%lx" : ", NULL", (unsigned long)a[3]);
}

static void add_paths(const struct strace *s, struct text *t, uint32_t number, const uint32_t *a) {
    static const struct {
        uint32_t number;
        const char *name;
    } names[] = {{SYS_OPEN, "open"},     {SYS_UNLINK, "unlink"}, {SYS_CHDIR, "chdir"},
                 {SYS_ACCESS, "access"}, {SYS_MKDIR, "mkdir"},   {SYS_EXECVE, "execve"}};
    for (size_t n = 0; n < sizeof names / sizeof names[0]; n++)
        if (names[n].number == number)
            text_printf(t, "%s(", names[n].name);
    add_path(s, t, a[0]);
    if (number == SYS_OPEN) {
        text_printf(t, ", ");
        add_open_flags(t, a[1]);
        if (a[1] & O_CREATE)
            text_printf(t, ", 0%lo", (unsigned long)a[2] & 07777);
    } else if (number == SYS_ACCESS) {
        static const char *const modes[3] = {"X_OK", "W_OK", "R_OK"};
        text_printf(t, ", ");
        add_bits(t, a[1], modes, 3, "F_OK");
    } else if (number == SYS_MKDIR) {
        text_printf(t, ", 0%lo", (unsigned long)a[1]);
    } else if (number == SYS_EXECVE) {
        text_printf(t, ", ");
        add_vector(s, t, a[1]);
        text_printf(t, ", ");
        add_vector(s, t, a[2]);
    }
}

static void add_numbers(struct text *t, uint32_t number, const uint32_t *a) {
    static const char *const whence[3] = {"SEEK_SET", "SEEK_CUR", "SEEK_END"};
    switch (number) {
    case SYS_CLOSE:
        text_printf(t, "close(%ld", as_signed(a[0]));
        break;
    case SYS_DUP2:
        text_printf(t, "dup2(%ld, %ld", as_signed(a[0]), as_signed(a[1]));
        break;
    case SYS_LSEEK:
        text_printf(t, "lseek(%ld, %ld, ", as_signed(a[0]), as_signed(a[1]));
        if (a[2] < 3)
            text_printf(t, "%s", whence[a[2]]);
        else
            text_printf(t, "0x%lx", (unsigned long)a[2]);
        break;
    case SYS_BRK:
        text_printf(t, a[0] ? "brk(0x%lx" : "brk(NULL", (unsigned long)a[0]);
        break;
    case SYS_FORK:
        text_printf(t, "fork(");
        break;
    default:
        text_printf(t, "syscall_%lu(0x%lx, 0x%lx, 0x%lx, 0x%lx, 0x%lx", (unsigned long)number,
                    (unsigned long)a[0], (unsigned long)a[1], (unsigned long)a[2],
                    (unsigned long)a[3], (unsigned long)a[4]);
        break;
    }
}

static bool is_path_call(uint32_t number) {
    return number == SYS_OPEN || number == SYS_UNLINK || number == SYS_CHDIR ||
           number == SYS_ACCESS || number == SYS_MKDIR || number == SYS_EXECVE;
}

static void finish(struct strace *s) {
    if (s->line.bytes)
        s->emit(s->user, s->line.bytes, s->line.length);
    s->line.length = 0;
}

void strace_enter(struct strace *s, uint32_t pid, uint32_t number, const uint32_t *a) {
    struct text *t = &s->line;
    t->length = 0;
    text_printf(t, "[%lu] ", (unsigned long)pid);
    if (number == SYS_EXIT || number == SYS_EXIT_GROUP) {
        text_printf(t, number == SYS_EXIT ? "exit(%ld) = ?\n" : "exit_group(%ld) = ?\n",
                    as_signed(a[0]));
        finish(s);
    } else if (is_path_call(number)) {
        add_paths(s, t, number, a);
    }
}

void strace_leave(struct strace *s, uint32_t number, const uint32_t *a, uint32_t result) {
    struct text *t = &s->line;
    if (number == SYS_READ || number == SYS_WRITE) {
        add_read_write(s, t, number, a, result);
    } else if (number == SYS_WAITPID || number == SYS_WAIT4) {
        add_wait(s, t, number, a, result);
    } else if (number == SYS_GETCWD) {
        text_printf(t, "getcwd(");
        if (result > 0xFFFFF000u)
            text_printf(t, "0x%lx", (unsigned long)a[0]);
        else
            add_path(s, t, a[0]);
        text_printf(t, ", %lu", (unsigned long)a[1]);
    } else if (!is_path_call(number)) {
        add_numbers(t, number, a);
    }
    if (number == SYS_BRK)
        text_printf(t, ") = 0x%lx\n", (unsigned long)result);
    else
        add_result(t, result);
    finish(s);
}

void strace_free(struct strace *s) {
    text_free(&s->line);
}
