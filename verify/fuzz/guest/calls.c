/* calls: makes the system calls that the file /ops asks for, one a line, on Linux and on the
 * builder alike, and leaves a digest of all answers for each case in /dev/hda. With a word on the
 * command line it leaves every answer too.
 *
 *   case N             a new case, in a new directory /cN (its name in a path: ~)
 *   open PATH FLAGS    read FD N    write FD N BYTE    lseek FD OFFSET WHENCE    close FD
 *   dup2 FD NEW
 *   unlink PATH    chdir PATH    access PATH    mkdir PATH    getcwd N    brk BYTES
 *   shut               closes every descriptor from 3 to 40
 *   sum PATH           reads all of a file
 *   fork ... exit N    a child, and what it does; an exit without a fork ends the case
 *   wait N             for the N-th child of this process; -1: any
 *   exec PATH          this very program, to go on from here, where PATH is self
 *   call NR B C D      any other call
 *
 * Numbers are decimal. In a path @N. stands for N letters, a lone - is the empty path and a lone !
 * a pointer to nowhere; so is an N of a read, write or getcwd with a ! before it. */
#include "verify/fuzz/guest/quick.h"

enum { OPS = 256 << 10, LARGEST = 16384, CHILDREN = 80, HIGHEST = 40, WORDS = 4, WORD = 1600 };
enum { HEAP_STEP = 3001 };

static struct {
    char text[OPS];
    u8 bytes[LARGEST + 16];
} big;

struct run {
    const char *at; /* in the text */
    u32 number, op; /* of the case, of the answer in it */
    u32 sum, depth, trace;
    u32 first;         /* the first break */
    int top;           /* the highest descriptor that a call may have given, at most HIGHEST */
    int pid[CHILDREN]; /* of this process's children */
    u32 children;
    char word[WORDS + 1][WORD];
};

static int number(const char *s) {
    u32 n = 0, negative = *s == '-';
    for (s += negative || *s == '!'; *s >= '0' && *s <= '9'; s++)
        n = n * 10 + (u32)(*s - '0');
    return (int)(negative ? 0 - n : n);
}

static void note(struct run *r, const char *what, int answer) {
    r->sum = digest(r->sum, &answer, sizeof answer);
    r->op++;
    if (r->trace)
        say("%d.%d %d %s: %e %x", (int)r->number, (int)r->op, (int)r->depth, what, answer, r->sum);
}

static void put_number(char *to, u32 n) {
    char digits[10];
    int k = 0;
    do {
        digits[k++] = (char)('0' + n % 10);
        n /= 10;
    } while (n);
    while (k)
        *to++ = digits[--k];
    *to = 0;
}

/* Splits the line at r->at into words and moves past it. */
static int next_line(struct run *r) {
    u32 n = 0, length = 0;
    for (u32 i = 0; i <= WORDS; i++)
        r->word[i][0] = 0;
    if (!*r->at)
        return 0;
    for (; *r->at && *r->at != '\n'; r->at++) {
        if (*r->at == ' ') {
            n += n < WORDS;
            length = 0;
        } else if (length < WORD - 1) {
            r->word[n][length++] = *r->at;
            r->word[n][length] = 0;
        }
    }
    r->at += *r->at == '\n';
    return 1;
}

static int is(const struct run *r, const char *what) {
    return streq(r->word[0], what);
}

/* The pointer to the path that the word stands for. */
static u32 path(const struct run *r, const char *word) {
    static char out[2 * WORD];
    u32 n = 0;
    if (streq(word, "!"))
        return NOWHERE;
    for (const char *s = streq(word, "-") ? "" : word; *s && n < WORD; s++) {
        if (*s == '~') {
            memcpy(out + n, "/c", 2);
            put_number(out + n + 2, r->number);
            n += strlen(out + n);
        } else if (*s == '@') {
            for (u32 k = (u32)number(s + 1); k && n < WORD; k--)
                out[n++] = 'n';
            while (s[1] && *s != '.')
                s++;
        } else {
            out[n++] = *s;
        }
    }
    out[n] = 0;
    return ptr(out);
}

static u32 buffer(const char *word) {
    return *word == '!' ? NOWHERE : ptr(big.bytes);
}

/* Lengths below 2^31 stay in the buffer. */
static u32 length(const char *word) {
    int n = number(word);
    return n > LARGEST ? LARGEST : (u32)n;
}

static void read_one(struct run *r) {
    u32 n = length(r->word[2]);
    memset(big.bytes, 0xEE, n < LARGEST ? n + 16 : sizeof big.bytes);
    int got = call(NR_READ, (u32)number(r->word[1]), buffer(r->word[2]), n, 0, 0);
    u32 seen = got > 0 && got <= LARGEST ? (u32)got : 0;
    r->sum = digest(r->sum, big.bytes, seen + 16);
    note(r, "read", got);
}

static void write_one(struct run *r) {
    u32 n = length(r->word[2]);
    u32 seed = (u32)number(r->word[3]);
    fill_from(big.bytes, n < LARGEST ? n : LARGEST, seed);
    note(r, "write", call(NR_WRITE, (u32)number(r->word[1]), buffer(r->word[2]), n, 0, 0));
}

static void sum_one(struct run *r) {
    int got, fd = call(NR_OPEN, path(r, r->word[1]), 0, 0, 0, 0);
    while (fd >= 0 && (got = sys_read(fd, big.bytes, LARGEST)) > 0)
        r->sum = digest(r->sum, big.bytes, (u32)got);
    note(r, "sum", fd < 0 ? fd : sys_lseek(fd, 0, SEEK_CUR));
    sys_close(fd);
}

static void brk_one(struct run *r) {
    u32 was = sys_brk(0), got = sys_brk(r->first + (u32)number(r->word[1]));
    note(r, "brk was", (int)(was - r->first));
    note(r, "brk", (int)(got - r->first));
    for (u32 at = r->first; at < got && at < r->first + (2u << 20); at += HEAP_STEP) {
        r->sum = digest(r->sum, (u8 *)at, 1);
        *(u8 *)at = (u8)(r->sum | 1);
    }
}

static void shut(struct run *r) {
    int open = 0;
    for (int fd = 3; fd <= r->top; fd++)
        open += sys_close(fd) == 0;
    note(r, "shut", open);
}

/* Past the lines of a child, which its parent does not run; a case ends them all. */
static void skip_child(struct run *r) {
    u32 level = 1;
    const char *line = r->at;
    while (level && next_line(r)) {
        if (is(r, "case")) {
            r->at = line;
            return;
        }
        level += (u32)is(r, "fork") - (u32)is(r, "exit");
        line = r->at;
    }
}

static void leave(struct run *r, int code) {
    put_file("/sum", &r->sum, sizeof r->sum);
    sys_exit(code);
}

static void fork_one(struct run *r) {
    u32 sum = 0;
    int pid = sys_fork();
    if (pid == 0) {
        r->depth++;
        r->children = 0;
        note(r, "child", 0);
        return;
    }
    if (pid > 0) {
        settle(pid);
        get_file("/sum", &sum, sizeof sum);
        r->sum = digest(r->sum, &sum, sizeof sum);
        if (r->children < CHILDREN)
            r->pid[r->children++] = pid;
    }
    note(r, "fork", pid < 0 ? pid : 1);
    skip_child(r);
}

static void wait_one(struct run *r) {
    int which = number(r->word[1]), status = 0x5A5A5A5A;
    int pid = which < 0 ? which : (u32)which < r->children ? r->pid[which] : 0x7FFFFFF;
    int got = sys_waitpid(pid, &status);
    for (u32 i = 0; got > 0 && i < r->children; i++)
        if (r->pid[i] == got)
            note(r, "waited for child", (int)i);
    note(r, "wait", got > 0 ? 0 : got);
    note(r, "status", status);
}

/* What is kept of a run goes over to the new program in its arguments. */
static void exec_one(struct run *r) {
    char text[7][12];
    char *argv[] = {"/bin/calls", text[0], text[1], text[2], text[3], text[4], text[5], text[6], 0};
    const u32 kept[] = {
        (u32)(r->at - big.text), r->number, r->op, r->sum, r->depth, r->trace, (u32)r->top};
    if (!streq(r->word[1], "self")) {
        note(r, "exec", call(NR_EXECVE, path(r, r->word[1]), 0, 0, 0, 0));
        return;
    }
    for (u32 i = 0; i < 7; i++)
        put_number(text[i], kept[i]);
    note(r, "exec self", sys_execve("/bin/calls", argv, 0));
}

static void file_one(struct run *r) {
    const char *a = r->word[1];
    if (is(r, "open")) {
        int fd = call(NR_OPEN, path(r, a), (u32)number(r->word[2]), 0777, 0, 0);
        r->top = fd > r->top && fd <= HIGHEST ? fd : r->top;
        note(r, "open", fd);
    } else if (is(r, "close")) {
        note(r, "close", sys_close(number(a)));
    } else if (is(r, "dup2")) {
        int fd = sys_dup2(number(a), number(r->word[2]));
        r->top = fd > r->top && fd <= HIGHEST ? fd : r->top;
        note(r, "dup2", fd);
    } else if (is(r, "lseek")) {
        note(r, "lseek", sys_lseek(number(a), number(r->word[2]), number(r->word[3])));
    } else if (is(r, "unlink")) {
        note(r, "unlink", call(NR_UNLINK, path(r, a), 0, 0, 0, 0));
    } else if (is(r, "chdir")) {
        note(r, "chdir", call(NR_CHDIR, path(r, a), 0, 0, 0, 0));
    } else if (is(r, "access")) {
        note(r, "access", call(NR_ACCESS, path(r, a), 0, 0, 0, 0));
    } else if (is(r, "mkdir")) {
        note(r, "mkdir", call(NR_MKDIR, path(r, a), 0777, 0, 0, 0));
    } else if (is(r, "getcwd")) {
        memset(big.bytes, 0, 1100);
        int got = call(NR_GETCWD, buffer(a), (u32)number(a), 0, 0, 0);
        r->sum = digest(r->sum, big.bytes, 1100);
        note(r, "getcwd", got);
    } else if (is(r, "call")) {
        note(r, "call",
             call((u32)number(a), (u32)number(r->word[2]), (u32)number(r->word[3]),
                  (u32)number(r->word[4]), 0, 0));
    }
}

/* Begins the case whose line has just been read. */
static void begin(struct run *r) {
    r->number = (u32)number(r->word[1]);
    r->op = 0;
    r->children = 0;
    r->sum = FNV_START;
    for (int fd = 3; fd <= r->top; fd++)
        sys_close(fd);
    while (sys_waitpid(-1, 0) > 0) {
    }
    sys_brk(r->first);
    sys_chdir("/");
    call(NR_MKDIR, path(r, "~"), 0777, 0, 0, 0);
    call(NR_CHDIR, path(r, "~"), 0, 0, 0, 0);
}

static void finish(struct run *r) {
    if (r->depth)
        leave(r, 0);
    if (r->number)
        say("case %d: %x after %d answers", (int)r->number, r->sum, (int)r->op);
}

/* The end of the child, or of the case. */
static void exit_one(struct run *r) {
    if (r->depth)
        leave(r, number(r->word[1]));
    const char *line = r->at;
    while (next_line(r) && !is(r, "case"))
        line = r->at;
    r->at = line;
}

static void run_lines(struct run *r) {
    while (next_line(r)) {
        if (is(r, "case")) {
            finish(r);
            begin(r);
        } else if (is(r, "read")) {
            read_one(r);
        } else if (is(r, "write")) {
            write_one(r);
        } else if (is(r, "sum")) {
            sum_one(r);
        } else if (is(r, "brk")) {
            brk_one(r);
        } else if (is(r, "shut")) {
            shut(r);
        } else if (is(r, "fork")) {
            fork_one(r);
        } else if (is(r, "exit")) {
            exit_one(r);
        } else if (is(r, "wait")) {
            wait_one(r);
        } else if (is(r, "exec")) {
            exec_one(r);
        } else {
            file_one(r);
        }
    }
    finish(r);
}

int main(int argc, char **argv) {
    static struct run r;
    call_linux(argv);
    int n = get_file("/ops", big.text, OPS - 1);
    if (n < 0)
        return 97;
    big.text[n] = 0;
    r.at = big.text;
    r.first = sys_brk(0);
    r.trace = argc == 2;
    if (argc == 8) {
        r.at += (u32)number(argv[1]);
        r.number = (u32)number(argv[2]);
        r.op = (u32)number(argv[3]);
        r.sum = (u32)number(argv[4]);
        r.depth = (u32)number(argv[5]);
        r.trace = (u32)number(argv[6]);
        r.top = number(argv[7]);
    }
    run_lines(&r);
    return 0;
}
