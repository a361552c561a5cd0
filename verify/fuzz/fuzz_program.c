/* ELF programs made of the fuzzer's lines, see fuzz_program.h. */
#include "verify/fuzz/fuzz_program.h"

#include <stdlib.h>
#include <string.h>

#include "verify/fuzz/fuzz_random.h"

/* Where verify/fuzz/guest/program.ld puts the runtime and program.c its buffer. */
enum {
    BASE = 0x08048000,
    RUNTIME = BASE + 0x200,
    RUNTIME_SIZE = 0x10000 - 0x200,
    CODE = 0x08060000,
    BUFFER = 0x08090000,
    BUFFER_SIZE = 0x5000,
    LARGEST = 16384,
    NESTED = 32, /* forks in each other */
    PAGE = 4096,
};

/* The table at the start of the runtime. */
enum routine { MIX, BEGIN, FILL, SUM, BREAK, SHUT, LEAVE, FINISH, CHILD, WAIT };

/* Numbers of the calls: Linux's for i386. */
enum { NR_READ = 3, NR_WRITE = 4, NR_EXEC = 11, NR_LSEEK = 19, NR_GETCWD = 183 };

static const uint32_t NOWHERE = 0xFFFFFFF0;

/* A program on its way. */
struct program {
    struct buffer code;
    uint32_t address;    /* of the code */
    unsigned number;     /* of the case */
    uint32_t state;      /* of the choices for this line */
    size_t jump[NESTED]; /* places of the jumps past the children that the next line is for */
    unsigned depth;      /* how many of them */
    bool over;           /* an exit outside all children has come */
};

/* The words of a line; "" where there is none. */
struct words {
    char text[256];
    const char *word[5];
};

static void byte(struct program *p, unsigned value) {
    uint8_t b = (uint8_t)value;
    buffer_append(&p->code, &b, 1);
}

static void put32(uint8_t *at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

static void put16(uint8_t *at, unsigned value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
}

static void dword(struct program *p, uint32_t value) {
    uint8_t bytes[4];
    put32(bytes, value);
    buffer_append(&p->code, bytes, 4);
}

/* mov register, value; the registers are numbered as in the instruction: eax ecx edx ebx... */
enum reg { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

static void load(struct program *p, enum reg reg, uint32_t value) {
    byte(p, 0xB8 + (unsigned)reg);
    dword(p, value);
}

/* call [RUNTIME + 4 * routine] */
static void call_routine(struct program *p, enum routine routine) {
    byte(p, 0xFF);
    byte(p, 0x15);
    dword(p, RUNTIME + 4 * (uint32_t)routine);
}

/* A system call with three arguments; the other registers and the flags are any. */
static void call_system(struct program *p, uint32_t number, uint32_t b, uint32_t c, uint32_t d) {
    static const uint32_t FLAGS = 0xCD5; /* CF PF AF ZF SF DF OF */
    load(p, EAX, number);
    load(p, EBX, b);
    load(p, ECX, c);
    load(p, EDX, d);
    load(p, ESI, fuzz_next(&p->state));
    load(p, EDI, fuzz_next(&p->state));
    load(p, EBP, fuzz_next(&p->state));
    byte(p, 0x68); /* push */
    dword(p, (fuzz_next(&p->state) & FLAGS) | 2);
    byte(p, 0x9D); /* popf */
    byte(p, 0xCD); /* int 0x80 */
    byte(p, 0x80);
    call_routine(p, MIX);
    byte(p, 0xFC); /* cld, for the C of the runtime */
}

static uint32_t number_of(const char *word) {
    return (uint32_t)strtoll(word + (*word == '!'), NULL, 10);
}

/* Lengths below 2^31 stay in the buffer. */
static uint32_t length_of(const char *word) {
    uint32_t n = number_of(word);
    return n > LARGEST && n >> 31 == 0 ? LARGEST : n;
}

/* The path that the word stands for (see verify/fuzz/guest/calls.c), with /eN as the directory. */
static void expand(const char *word, unsigned number, struct buffer *path) {
    for (const char *s = strcmp(word, "-") == 0 ? "" : word; *s; s++) {
        if (*s == '~') {
            buffer_printf(path, "/e%u", number);
        } else if (*s == '@') {
            size_t n = strtoul(s + 1, NULL, 10);
            n = n < 2000 ? n : 2000;
            memset(buffer_room(path, n), 'n', n);
            path->len += n;
            while (s[1] && *s != '.')
                s++;
        } else {
            buffer_append(path, s, 1);
        }
    }
    buffer_append(path, "", 1);
}

/* Puts the path into the code, jumped over, and returns its address. */
static uint32_t path_of(struct program *p, const char *word) {
    struct buffer path = {0};
    if (strcmp(word, "!") == 0)
        return NOWHERE;
    expand(word, p->number, &path);
    byte(p, 0xE9); /* jmp */
    dword(p, (uint32_t)path.len);
    uint32_t address = p->address + (uint32_t)p->code.len;
    buffer_append(&p->code, path.data, path.len);
    buffer_free(&path);
    return address;
}

static bool is(const struct words *w, const char *name) {
    return strcmp(w->word[0], name) == 0;
}

/* The calls that take a path and at most a number. */
static bool path_call(struct program *p, const struct words *w) {
    static const struct {
        const char *name;
        uint32_t number, second;
    } CALLS[] = {{"open", 5, 0},    {"unlink", 10, 0},   {"chdir", 12, 0},
                 {"access", 33, 0}, {"mkdir", 39, 0777}, {"exec", NR_EXEC, 0}};
    for (size_t i = 0; i < sizeof CALLS / sizeof CALLS[0]; i++) {
        if (is(w, CALLS[i].name) && strcmp(w->word[1], "self") != 0) {
            bool open = i == 0;
            uint32_t path = path_of(p, w->word[1]);
            call_system(p, CALLS[i].number, path, open ? number_of(w->word[2]) : CALLS[i].second,
                        open ? 0777 : 0);
            return true;
        }
    }
    return false;
}

/* Those that work on a descriptor. */
static bool file_call(struct program *p, const struct words *w) {
    uint32_t fd = number_of(w->word[1]);
    uint32_t buffer = *w->word[2] == '!' ? NOWHERE : BUFFER;
    if (is(w, "read")) {
        call_system(p, NR_READ, fd, buffer, length_of(w->word[2]));
    } else if (is(w, "write")) {
        load(p, EAX, length_of(w->word[2]));
        load(p, EDX, number_of(w->word[3]));
        call_routine(p, FILL);
        call_system(p, NR_WRITE, fd, buffer, length_of(w->word[2]));
    } else if (is(w, "lseek")) {
        call_system(p, NR_LSEEK, fd, number_of(w->word[2]), number_of(w->word[3]));
    } else if (is(w, "close")) {
        call_system(p, 6, fd, fuzz_next(&p->state), fuzz_next(&p->state));
    } else if (is(w, "getcwd")) {
        call_system(p, NR_GETCWD, *w->word[1] == '!' ? NOWHERE : BUFFER, fd, 0);
    } else if (is(w, "call")) {
        call_system(p, fd, number_of(w->word[2]), number_of(w->word[3]), number_of(w->word[4]));
    } else {
        return false;
    }
    return true;
}

/* The end of the innermost child: its parent goes on here. */
static void end_child(struct program *p) {
    size_t at = p->jump[--p->depth];
    put32(p->code.data + at, (uint32_t)(p->code.len - at - 4));
}

static void process_line(struct program *p, const struct words *w) {
    static const struct {
        const char *name;
        enum routine routine;
    } ROUTINES[] = {{"brk", BREAK}, {"wait", WAIT}, {"shut", SHUT}};
    for (size_t i = 0; i < sizeof ROUTINES / sizeof ROUTINES[0]; i++) {
        if (is(w, ROUTINES[i].name)) {
            load(p, EAX, number_of(w->word[1]));
            call_routine(p, ROUTINES[i].routine);
        }
    }
    if (is(w, "sum")) {
        load(p, EAX, path_of(p, w->word[1]));
        call_routine(p, SUM);
    } else if (is(w, "fork") && p->depth < NESTED) {
        call_routine(p, CHILD);
        byte(p, 0x85); /* test eax, eax */
        byte(p, 0xC0);
        byte(p, 0x0F); /* jnz */
        byte(p, 0x85);
        p->jump[p->depth++] = p->code.len;
        dword(p, 0);
    } else if (is(w, "exit") && p->depth > 0) {
        load(p, EAX, number_of(w->word[1]));
        call_routine(p, LEAVE);
        end_child(p);
    } else if (is(w, "exit")) {
        p->over = true;
    }
}

/* Splits a line of n bytes; the choices for it hang on nothing but its text. */
static void split(struct program *p, struct words *w, const char *line, size_t n) {
    char *rest = w->text;
    p->state = p->number;
    for (size_t i = 0; i < n; i++)
        p->state = p->state * 31 + (uint8_t)line[i];
    snprintf(w->text, sizeof w->text, "%.*s", (int)n, line);
    for (size_t i = 0; i < sizeof w->word / sizeof w->word[0]; i++) {
        char *end = rest + strcspn(rest, " ");
        w->word[i] = rest;
        rest = *end ? end + 1 : end;
        *end = '\0';
    }
}

/* Appends the code of one case, whose lines are the n bytes at `text`. */
static void compile(struct program *p, const char *text, size_t n) {
    byte(p, 0x89); /* mov edx, esp */
    byte(p, 0xE2);
    load(p, EAX, p->number);
    call_routine(p, BEGIN);
    while (n > 0 && !p->over) {
        const char *end = memchr(text, '\n', n);
        size_t length = end ? (size_t)(end - text) : n;
        struct words w;
        split(p, &w, text, length);
        if (!path_call(p, &w) && !file_call(p, &w))
            process_line(p, &w);
        length += end ? 1 : 0;
        text += length;
        n -= length;
    }
    while (p->depth > 0)
        end_child(p);
    call_routine(p, FINISH);
}

/* One program header. */
struct segment {
    uint32_t type, offset, address, file_size, memory_size;
};

static void put_segment(uint8_t *at, const struct segment *s) {
    put32(at, s->type);
    put32(at + 4, s->offset);
    put32(at + 8, s->address);
    put32(at + 12, s->address);
    put32(at + 16, s->file_size);
    put32(at + 20, s->memory_size);
    put32(at + 24, 7);
    put32(at + 28, s->type == 1 ? PAGE : 4);
}

static void put_header(uint8_t *h, uint32_t entry, unsigned segments) {
    memcpy(h, "\177ELF\1\1\1", 7);
    put16(h + 16, 2); /* executable */
    put16(h + 18, 3); /* i386 */
    put32(h + 20, 1);
    put32(h + 24, entry);
    put32(h + 28, 52); /* program headers, at once behind this one */
    put16(h + 40, 52);
    put16(h + 42, 32);
    put16(h + 44, segments);
}

/*
 * Runtime, code and a buffer of zeros in three segments, which Linux wants in the order of their
 * addresses and with their place in the file the same within a page; between them, headers of
 * other types.
 */
static struct buffer link_program(struct program *p, const struct buffer *runtime, bool wild,
                                  uint32_t state) {
    static const uint32_t OTHERS[] = {0, 4, 0x6474E551, 0x6FFFFFFF};
    struct buffer elf = {0};
    struct segment s[6] = {{1, 0x200, RUNTIME, (uint32_t)runtime->len, RUNTIME_SIZE}};
    unsigned n = 1;
    uint32_t offset = s[0].offset + s[0].file_size;
    uint32_t size = (uint32_t)p->code.len;
    if (fuzz_one_in(&state, 2))
        s[n++] = (struct segment){FUZZ_PICK(&state, OTHERS), 0, 0, 0, 0};
    s[n++] = (struct segment){1, offset, p->address, size, size + fuzz_below(&state, 2 * PAGE)};
    s[n++] = (struct segment){1, 0, BUFFER, 0, BUFFER_SIZE};
    if (fuzz_one_in(&state, 2))
        s[n++] = (struct segment){FUZZ_PICK(&state, OTHERS), 0x34, 0, 4, 0};
    for (unsigned i = 0; wild && i < n / 2 && fuzz_one_in(&state, 2); i++) {
        struct segment other = s[i];
        s[i] = s[n - 1 - i];
        s[n - 1 - i] = other;
    }
    memset(buffer_room(&elf, offset), 0, offset);
    elf.len = offset;
    put_header(elf.data, p->address, n);
    for (unsigned i = 0; i < n; i++)
        put_segment(elf.data + 52 + 32 * i, &s[i]);
    memcpy(elf.data + 0x200, runtime->data, runtime->len);
    buffer_append(&elf, p->code.data, p->code.len);
    return elf;
}

static void add_program(struct buffer *script, unsigned number, const char *text, size_t n,
                        const struct buffer *runtime, bool wild, bool trace) {
    uint32_t state = number;
    struct program p = {.number = number};
    p.address = CODE + PAGE * fuzz_below(&state, 16);
    p.address += wild ? fuzz_below(&state, PAGE) : (0x200 + (uint32_t)runtime->len) % PAGE;
    compile(&p, text, n);
    struct buffer elf = link_program(&p, runtime, wild, state);
    buffer_printf(script, "src %zu /bin/p%u\n", elf.len, number);
    buffer_append(script, elf.data, elf.len);
    buffer_printf(script, "/bin/p%u%s\n", number, trace ? " TRACE" : "");
    buffer_free(&elf);
    buffer_free(&p.code);
}

/* The first line from `at` on that begins a case, or the end. */
static size_t next_case(const struct buffer *lines, size_t at) {
    static const char CASE[] = "case ";
    while (at < lines->len && (at + 5 > lines->len || memcmp(lines->data + at, CASE, 5) != 0)) {
        const uint8_t *end = memchr(lines->data + at, '\n', lines->len - at);
        at = end ? (size_t)(end - lines->data) + 1 : lines->len;
    }
    return at;
}

void fuzz_add_programs(struct buffer *script, const struct buffer *lines,
                       const struct buffer *runtime, bool wild, bool trace) {
    size_t at = next_case(lines, 0);
    while (at < lines->len) {
        const char *text = (const char *)lines->data + at;
        const char *end = memchr(text, '\n', lines->len - at);
        size_t line = end ? (size_t)(end + 1 - text) : lines->len - at;
        size_t next = next_case(lines, at + line);
        unsigned number = 0;
        for (size_t i = 5; i < line && text[i] >= '0' && text[i] <= '9'; i++)
            number = number * 10 + (unsigned)(text[i] - '0');
        add_program(script, number, text + line, next - at - line, runtime, wild, trace);
        at = next;
    }
}
