/*
 * What boot1's pp and link say of mistakes: each message, with file and line, from the ladder's
 * program and from the one in C; and what happens to OUT.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/tests/ladder/ladder.h"

struct mistake {
    const char *source;
    const char *message; /* after `NAME: IN:` */
};

static const struct mistake PP_MISTAKES[] = {
    {"\n  what eax\n", "2: unknown instruction or macro: what"},
    {"x: %if 1\n", "1: no name: %if 1"},
    {"%iff 1\n", "1: unknown instruction or macro: %iff"},
    {"3: ret\n", "1: no name: 3: ret"},
    {"rep 4\n", "1: no name: 4"},
    {"= 5\n", "1: no name: = 5"},
    {"a = 1\n\na = 2\n", "3: defined twice: a"},
    {"a = 1\na:\n", "2: defined twice: a"},
    {"jmp a\na = 1\n", "2: a label already: a"},
    {"%macro a\n%end\na = 1\n", "3: defined twice: a"},
    {"eax = 1\n", "1: defined twice: eax"},
    {"%enum\na\na\n%end\n", "3: defined twice: a"},
    {"%struct s\nx 4\nx 4\n%end\n", "3: defined twice: s.x"},
    {"a = later\nlater = 1\n", "1: not a number: later"},
    {"%if later\n%end\n", "1: not a number: later"},
    {"a = eax\n", "1: not a number"},
    {"db later\n", "1: not a number: later"},
    {"dd eax\n", "1: not a number"},
    {"a = 1 / 0\n", "1: division by zero"},
    {"a = 1 % (2 - 2)\n", "1: division by zero"},
    {"a = 08x\n", "1: bad number: 08x"},
    {"a = 0x12G\n", "1: bad number: 0x12G"},
    {"a = 4294967296\n", "1: bad number: 4294967296"},
    {"a = 'abcde'\n", "1: bad number: 'abcde'"},
    {"a = ''\n", "1: bad number: ''"},
    {"a = 'x\n", "1: no quote at the end: 'x"},
    {"\ndb \"abc\n", "2: no quote at the end: \"abc"},
    {"db \"a\\q\"\n", "1: unknown escape: \\q\""},
    {"a = 1 +\n", "1: bad expression"},
    {"a = (1\n", "1: no )"},
    {"a = mov\n", "1: bad expression: mov"},
    {"a = \"x\" + 1\n", "1: bad expression: + 1"},
    {"a = 1 2\n", "1: too much: 2"},
    {"mov eax, x + y\n", "1: two labels: y"},
    {"dd -x\n", "1: not a number: x"},
    {"dd 0 - x\n", "1: only a subtracted label: x"},
    {"mov eax, [ebx+ecx+edx]\n", "1: bad address"},
    {"mov eax, [ebx-ecx]\n", "1: bad address"},
    {"mov eax, [bx]\n", "1: bad address"},
    {"mov eax, [ebx+esp*2]\n", "1: bad address"},
    {"mov eax, [ebx+ecx*3]\n", "1: bad address"},
    {"mov eax, [ebx\n", "1: no ]"},
    {"mov eax, byte 4\n", "1: a size without memory"},
    {"mov eax, ebx+1\n", "1: bad operand"},
    {"mov [ebx], 4\n", "1: no such operands: mov"},
    {"mov eax, bl\n", "1: no such operands: mov"},
    {"mov al, 256\n", "1: no such operands: mov"},
    {"movzx eax, [ebx]\n", "1: no such operands: movzx"},
    {"ret eax\n", "1: no such operands: ret"},
    {"ret 1, 2, 3, 4\n", "1: too many operands: ret"},
    {"db 256\n", "1: out of range"},
    {"db -129\n", "1: out of range"},
    {"dw 65536\n", "1: out of range"},
    {"section what\n", "1: unknown section: what"},
    {"bytes\n", "1: no name"},
    {"bytes a b\n", "1: too much: b"},
    {"fill 3\n", "1: no ,"},
    {"\n%if 1\nret\n", "2: no %end"},
    {"\n%if 0\nret\n", "2: no %end"},
    {"\n%macro m\nret\n", "2: no %end"},
    {"\n%enum\na\n", "2: no %end"},
    {"\n%struct s\na 4\n", "2: no %end"},
    {"%end\n", "1: %end without a beginning"},
    {"%else\n", "1: %else without %if"},
    {"%elif 1\n", "1: %elif without %if"},
    {"%if 1\n%else\n%else\n%end\n", "3: %else twice"},
    {"%if 0\n%else\n%elif 1\n%end\n", "3: %else twice"},
    {"%if 1\n%end x\n", "2: too much: x"},
    {"%if 0\n%end x\n", "2: too much: x"},
    {"%macro m a, b\n%end\n\nm 1\n", "4: wrong number of arguments: m"},
    {"%macro m a, b\n%end\n\nm 1, 2, 3\n", "4: wrong number of arguments: m"},
    {"%macro m\n%end\nm 1\n", "3: wrong number of arguments: m"},
    {"%macro m a, *b\n%end\nm\n", "3: wrong number of arguments: m"},
    {"%macro m\n\n\tmov {x}, 1\n%end\nm\n", "3: unknown parameter: x (in m, from @:5)"},
    {"%macro m\n\tmov {x\n%end\nm\n", "2: unknown parameter: x (in m, from @:4)"},
    {"%macro m a\n\tmov {a}\n%end\n%macro n\nm bl\n%end\n\nn\n",
     "2: no such operands: mov (in m, from @:8)"},
    {"%macro m\nm\n%end\n\nm\n", "2: endless expansion: m (in m, from @:5)"},
    {"%macro m\nm\nm\n%end\nm\n", "2: endless expansion: m (in m, from @:5)"},
    {"%macro a\n%end\n%macro b n\na\na\na\na\na\na\na\na\na\n%if {n}\nb {n}-1\nb {n}-1\nb "
     "{n}-1\nb {n}-1\nb {n}-1\nb {n}-1\nb {n}-1\nb {n}-1\nb {n}-1\n%end\n%end\nb 9\n",
     "?endless expansion"},
    {"%macro m\n%macro n\n%end\n%end\nm\n", "2: a macro in a macro (in m, from @:5)"},
    {"%macro m a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n%end\n", "1: too many parameters: m"},
    {"%macro m a,\n%end\n", "1: no name"},
    {"%insn x Q : 90\n", "1: bad operand: Q"},
    {"%insn x Ez : 90\n", "1: bad operand: Ez"},
    {"%insn x : 9\n", "1: bad opcode: 9"},
    {"%insn x : 90 /8\n", "1: bad opcode: 8"},
    {"%insn x : 90 90 90 90 90\n", "1: too much: 90"},
    {"%registers 3: a b c d e f g h\n", "1: bad number"},
    {"%registers 4: a b\n", "1: no name"},
    {"%prefix p 4\n", "1: no :: 4"},
    {"%line 7 other.pp\nwhat\n", "?other.pp:7: unknown instruction or macro: what"},
    {"#%line 7 other.pp\nwhat\n", "?other.pp:7: unknown instruction or macro: what"},
    {"#%lines 7 other.pp\n #%line 7 other.pp\nwhat\n", "3: unknown instruction or macro: what"},
    {"%macro m\n#%line 7 other.pp\nwhat\n%end\nm\n",
     "3: unknown instruction or macro: what (in m, from @:5)"},
    {"%line 7\n", "1: no name"},
    {"\n%error stop here # now\n", "2: %error: stop here "},
};

static const struct mistake LINK_MISTAKES[] = {
    {":start\n  %nowhere\n", "2: unknown label: nowhere"},
    {":start %start>nowhere", "1: unknown label: nowhere"},
    {":start\n:a\n:.b\n:c\n%.b", "5: unknown label: c.b"},
    {":start\n%..x", "2: unknown label: ..x"},
    {":start\n:a\n\n:a", "4: duplicate label: a"},
    {":start :.b :.b", "1: duplicate label: start.b"},
    {"\n123", "2: odd number of hexadecimal digits: 123"},
    {"\n12 3 4", "2: odd number of hexadecimal digits: 3"},
    {":start !far .space 200 :far", "1: out of range: !far"},
    {":start\n$start+4", "2: out of range: $start+4"},
    {"!256", "1: out of range: !256"},
    {"!-129", "1: out of range: !-129"},
    {"@65536", "1: out of range: @65536"},
    {"%4294967296", "1: bad number: %4294967296"},
    {"!1x", "1: bad number: !1x"},
    {"%-", "1: bad number: %-"},
    {"&a+b", "1: bad number: &a+b"},
    {"%", "1: no name: %"},
    {": a", "1: no name: :"},
    {"%a> ", "1: no name: %a>"},
    {"\n\"abc\n\"", "2: no quote at the end: \"abc"},
    {"\"a\\q\"", "1: unknown escape: \"a\\q\""},
    {"what", "1: unknown word: what"},
    {".what", "1: unknown directive: .what"},
    {".align 3", "1: bad alignment: 3"},
    {".align 0", "1: bad alignment: 0"},
    {".align 8192", "1: bad alignment: 8192"},
    {".bss 90", "1: bytes in bss"},
    {".bss \"a\"", "1: bytes in bss"},
    {".bss %a", "1: bytes in bss"},
    {".bss .fill 3 1", "1: bytes in bss"},
    {".fill 3 256", "1: out of range: 3"},
    {".space -1", "1: out of range: -1"},
    {".bytes", "1: no name"},
    {".bytes none", "!link: none: cannot be read"},
    {".line 7 other.pp\nwhat", "?other.pp:7: unknown word: what"},
    {".line 7 other.pp\n\n%nowhere", "?other.pp:8: unknown label: nowhere"},
    {"90", "!link: no label start"},
};

/* The message, with the file's name for each @. */
static char *with_name(const char *message, const char *file) {
    struct buffer text = {0};
    for (; *message; message++)
        if (strncmp(message, "@:", 2) == 0)
            buffer_printf(&text, "%s", file);
        else
            buffer_append(&text, message, 1);
    buffer_append(&text, "", 1);
    return (char *)text.data;
}

/* Fails unless the outcome is exit status 1 and the message. */
static void expect_message(struct test *t, const char *program, const struct mistake *m,
                           const char *in, const struct outcome *outcome) {
    const char *said = (const char *)outcome->output.data;
    char *message = with_name(m->message, in);
    const char *newline = strchr(said, '\n');
    if (outcome->status != 1 || !newline || newline[1])
        test_fail(t, "%s: exit status %d, `%s`; should be 1 and one line", message, outcome->status,
                  said);
    if (m->message[0] == '?') {
        if (!strstr(said, message + 1))
            test_fail(t, "`%s` should have `%s`", said, message + 1);
        return;
    }
    char *want = m->message[0] == '!' ? xprintf("%s\n", message + 1)
                                      : xprintf("%s: %s:%s\n", program, in, message);
    expect_text(t, m->source, said, want);
}

static struct buffer try_source(struct test *t, const char *program, const char *source) {
    struct buffer text = {0};
    char *in = test_path(t, "in");
    buffer_append(&text, source, strlen(source));
    test_write(t, in, text.data, text.len);
    test_write(t, test_path(t, "out"), program, strlen(program));
    return text;
}

TEST(mistakes_in_assembly_are_named_with_file_and_line) {
    boot1_build(t);
    char *in = test_path(t, "in"), *out = test_path(t, "out");
    for (size_t i = 0; i < sizeof PP_MISTAKES / sizeof PP_MISTAKES[0]; i++) {
        const struct mistake *m = &PP_MISTAKES[i];
        try_source(t, "pp", m->source);
        struct outcome outcome = boot0_run(t, "pp", out, I386, in, NULL);
        expect_message(t, "pp", m, in, &outcome);
        const char *host[] = {"build/pp-host", out, I386, in, NULL};
        outcome = test_command(t, host);
        expect_message(t, "pp", m, in, &outcome);
        struct buffer left = test_read(t, out);
        expect_same(t, "OUT after an error", left.data, left.len, "pp", 2);
    }
}

TEST(mistakes_in_modules_are_named_with_file_and_line) {
    boot1_build(t);
    char *in = test_path(t, "in"), *out = test_path(t, "out");
    for (size_t i = 0; i < sizeof LINK_MISTAKES / sizeof LINK_MISTAKES[0]; i++) {
        const struct mistake *m = &LINK_MISTAKES[i];
        try_source(t, "link", m->source);
        struct outcome outcome = boot0_run(t, "link", out, in, NULL);
        expect_message(t, "link", m, in, &outcome);
        const char *host[] = {"build/link-host", out, in, NULL};
        outcome = test_command(t, host);
        expect_message(t, "link", m, in, &outcome);
        struct buffer left = test_read(t, out);
        expect_same(t, "OUT after an error", left.data, left.len, "link", 4);
    }
}

/* A label of one module is not seen in another one, and both may have it. */
TEST(names_with_two_dots_belong_to_their_module) {
    boot1_build(t);
    char *a = test_path(t, "a"), *b = test_path(t, "b"), *out = test_path(t, "out");
    test_write(t, a, ":start :..x %..x %b", 19);
    test_write(t, b, ":..x :b %..x", 12);
    struct outcome outcome = boot0_run(t, "link", out, a, b, NULL);
    if (outcome.status != 0)
        test_fail(t, "two modules with ..x: %s", (const char *)outcome.output.data);
    test_write(t, b, ":b\n%..x", 7);
    outcome = boot0_run(t, "link", out, a, b, NULL);
    expect_text(t, "..x of another module", (const char *)outcome.output.data,
                xprintf("link: %s:2: unknown label: ..x\n", b));
}

/* Both sides of the limits of pp. */
TEST(lines_and_expansions_have_limits) {
    boot1_build(t);
    char *in = test_path(t, "in"), *out = test_path(t, "out");
    for (size_t length = 4095; length <= 4096; length++) {
        struct buffer text = {0};
        buffer_printf(&text, "%*s\n# %5000s\n%*s#\n", (int)length, "nop", "", 4095, "nop");
        test_write(t, in, text.data, text.len);
        struct outcome outcome = boot0_run(t, "pp", out, I386, in, NULL);
        expect_text(t, "a long line", (const char *)outcome.output.data,
                    length == 4095 ? "" : xprintf("pp: %s:1: line too long\n", in));
    }
    for (int depth = 200; depth <= 201; depth++) {
        char *text = xprintf("%%macro m n\n%%if {n} > 1\n m {n}-1\n%%end\n%%end\n m %d\n", depth);
        test_write(t, in, text, strlen(text));
        struct outcome outcome = boot0_run(t, "pp", out, I386, in, NULL);
        expect_text(t, "a deep expansion", (const char *)outcome.output.data,
                    depth == 200
                        ? ""
                        : xprintf("pp: %s:3: endless expansion: m (in m, from %s:6)\n", in, in));
    }
    for (int open = 1024; open <= 1025; open++) {
        struct buffer text = {0};
        for (int i = 0; i < open; i++)
            buffer_printf(&text, "%%if 1\n");
        for (int i = 0; i < open; i++)
            buffer_printf(&text, "%%end\n");
        test_write(t, in, text.data, text.len);
        struct outcome outcome = boot0_run(t, "pp", out, I386, in, NULL);
        expect_text(t, "open conditions", (const char *)outcome.output.data,
                    open == 1024 ? "" : xprintf("pp: %s:1025: too many %%if\n", in));
    }
}

TEST(pp_and_link_name_files_that_they_cannot_read_or_write) {
    boot1_build(t);
    char *in = test_path(t, "in"), *none = test_path(t, "none"), *out = test_path(t, "out");
    char *nowhere = test_path(t, "none/out");
    test_write(t, in, ":start 90", 9);
    const char *const programs[] = {"pp", "link"};
    for (size_t i = 0; i < 2; i++) {
        const char *p = programs[i];
        char *empty = test_path(t, "empty");
        test_write(t, empty, "", 0);
        const char *good = i == 0 ? empty : in;
        struct outcome outcome = boot0_run(t, p, out, good, none, NULL);
        expect_text(t, p, (const char *)outcome.output.data,
                    xprintf("%s: %s: cannot be read\n", p, none));
        outcome = boot0_run(t, p, out, t->dir, NULL);
        if (outcome.status != 1)
            test_fail(t, "%s of a folder: exit status %d", p, outcome.status);
        outcome = boot0_run(t, p, nowhere, good, NULL);
        expect_text(t, p, (const char *)outcome.output.data,
                    xprintf("%s: %s: cannot be written\n", p, nowhere));
        outcome = boot0_run(t, p, "/dev/full", good, NULL);
        expect_text(t, p, (const char *)outcome.output.data,
                    xprintf("%s: /dev/full: cannot be written\n", p));
        outcome = boot0_run(t, p, out, NULL);
        if (outcome.status != 1 || !strstr((const char *)outcome.output.data, "usage: "))
            test_fail(t, "%s without a file: exit status %d", p, outcome.status);
    }
    struct outcome outcome = boot0_run(t, "link", "--map", nowhere, out, in, NULL);
    expect_text(t, "--map", (const char *)outcome.output.data,
                xprintf("link: %s: cannot be written\n", nowhere));
    static const char *const BAD[][2] = {
        {"--base", "8048000"}, {"--base", "0x"}, {"--what", "x"}, {"--base", "0x123456789"}};
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++) {
        outcome = boot0_run(t, "link", BAD[i][0], BAD[i][1], out, in, NULL);
        if (outcome.status != 1 || !strstr((const char *)outcome.output.data, "usage: "))
            test_fail(t, "link %s %s: exit status %d", BAD[i][0], BAD[i][1], outcome.status);
    }
}

/* One line, and exit status 1, on Linux and on the kernel. */
TEST(pp_and_link_say_when_memory_ends) {
    boot1_build(t);
    char *big = test_path(t, "big.link"), *macro = test_path(t, "big.pp"),
         *out = test_path(t, "out");
    static const char fill[] = ":start .data .fill 0x7FFFFFF0 1";
    struct buffer expand = {0};
    buffer_printf(&expand, "%%macro m n\n%%if {n}\n align 1\n m {n}-1\n m {n}-1\n%%end\n%%end\n");
    for (int line = 0; line < 40; line++) /* each has 40,000 lines of macros, far from endless */
        buffer_printf(&expand, " m 13\n");
    test_write(t, big, fill, sizeof fill - 1);
    test_write(t, macro, expand.data, expand.len);
    buffer_free(&expand);
    static const char *const SAID[] = {"link: not enough memory\n", "pp: not enough memory\n"};
    char *lines[] = {xprintf("%s %s %s", test_path(t, "link"), out, big),
                     xprintf("%s %s %s %s", test_path(t, "pp"), out, I386, macro)};
    for (size_t i = 0; i < 2; i++) {
        char *script = xprintf("ulimit -v %d; %s", i == 0 ? 100000 : 2500, lines[i]);
        struct buffer said = test_run(t, 1, "sh", "-c", script, NULL);
        expect_text(t, SAID[i], (const char *)said.data, SAID[i]);
    }
    char *build = test_path(t, "memory.build"), *log = test_path(t, "log");
    static const char text[] = "@file /link link\n@file /big big.link\n/link /out /big\n";
    test_write(t, build, text, sizeof text - 1);
    const char *argv[] = {"build/seedbed", "build", "--engine", "pc", "--mem", "160",
                          "--log",         log,     "-o",       out,  build,   NULL};
    test_command(t, argv);
    struct buffer console = test_read(t, log);
    buffer_append(&console, "", 1);
    if (!strstr((const char *)console.data, "\nlink: not enough memory\nERROR: /link: exit 01\n"))
        test_fail(t, "on the kernel: %s", (const char *)console.data);
}
