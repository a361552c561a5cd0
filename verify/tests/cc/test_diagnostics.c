/*
 * Every diagnostic of the C compiler: a source that is wrong, and the line, column and words that
 * must come of it. What cc.scm does not do must be an error, never something else.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "verify/tests/cc/compile.h"

struct mistake {
    const char *source;
    const char *says; /* LINE:COLUMN: text */
};

static const struct mistake mistakes[] = {
    /* the lexer and the preprocessor */
    {"int a; /* no end", "1:8: comment without an end"},
    {"char *s = \"no end\n;", "1:11: literal without an end on its line"},
    {"int a = 'ab\\q';", "1:9: unknown escape \\q"},
    {"int a = '';", "1:9: empty character constant"},
    {"char *s = \"\\x\";", "1:11: \\x without digits"},
    {"char *s = \"\\777\";", "1:11: character out of range"},
    {"int a = 0x;", "1:9: no number: 0x"},
    {"int a = 12lul;", "1:9: no number: 12lul"},
    {"int a = 18446744073709551616;", "1:9: integer constant too large"},
    {"int a = @;", "1:9: expected an expression before '@'"},
    {"#if 1\nint a;", "1:2: #if without #endif"},
    {"#endif", "1:2: #endif without #if"},
    {"#else\n", "1:2: #else without #if"},
    {"#if 1\n#else\n#else\n#endif", "3:2: #else behind #else"},
    {"#if 1 +\n#endif", "1:2: no value in the condition"},
    {"#if (1\n#endif", "1:2: no ) in the condition"},
    {"#if 1 2\n#endif", "1:7: the condition should end here"},
    {"#if 1 / 0\n#endif", "1:7: division by zero"},
    {"#if 1.5\n#endif", "1:5: no integer"},
    {"#if defined\n#endif", "1:5: defined without a name"},
    {"#include \"no/such.h\"", "1:2: no file no/such.h to include"},
    {"#include <no/such.h>", "1:2: no file no/such.h to include"},
    {"#include 5", "1:2: no file name"},
    {"#include \"\"", "1:2: empty file name"},
    {"#include <x", "1:2: file name without an end"},
    {"#define 5", "1:9: no name of a macro"},
    {"#define f(a", "1:12: no parameter list of a macro"},
    {"#define f(a, a) a", "1:14: two parameters of one name"},
    {"#define f(..., a) a", "1:14: ... must be the last parameter"},
    {"#define f(a) #b", "1:14: # without a parameter"},
    {"#define f(a) ## a", "1:14: ## at an end of a macro"},
    {"#define f(a) a\nint b = f(1, 2);", "2:9: macro f wants 1 argument, not 2"},
    {"#define f(a) a\nint b = f(1;", "2:9: arguments of macro f have no end"},
    {"#define f(a, b) a ## b\nint c = f(+, -);", "2:9: ## does not make one token of + and -"},
    {"#error so it is", "1:2: #error so it is"},
    {"#frob", "1:2: unknown directive #frob"},
    {"#line x", "1:2: #line wants a number"},
    {"# \"x\"", "1:3: no name of a directive"},
    {"#pragma pack(3)", "1:2: #pragma pack of 3"},
    {"#pragma pack(pop)", "1:2: #pragma pack(pop) without push"},
    /* declarations */
    {"int", "1:4: expected a name before the end of the file"},
    {"int a b;", "1:7: expected ; before 'b'"},
    {"foo a;", "1:1: expected a type before 'foo'"},
    {"'a' b;", "1:1: expected a type before ''a''"},
    {"int f(void) { return char; }", "1:22: expected an expression before 'char'"},
    {"long short a;", "1:12: no type: long short "},
    {"int int a;", "1:9: no type: int int "},
    {"struct s { int a; } int b;", "1:25: two types in one declaration"},
    {"static extern int a;", "1:8: two storage classes"},
    {"struct s { static int a; };", "1:12: storage class here"},
    {"auto int a;", "1:10: storage class outside of a function"},
    {"int f(static int a);", "1:7: storage class of a parameter"},
    {"int a; char a;", "1:13: a is declared as int before, now as char"},
    {"int a = 1; int a = 2;", "1:16: a is defined twice"},
    {"int f(void) { return 1; } int f(void) { return 2; }", "1:31: f is defined twice"},
    {"int a; static int a;", "1:19: a was not static before"},
    {"static int a; int a;", "1:19: a was static before"},
    {"static int f(void); int main(void) { return f(); }",
     "1:12: f is static, used and not defined"},
    {"void f(void) { int a; int a; }", "1:27: a is declared twice"},
    {"typedef int t; int t;", "1:20: t is declared otherwise before"},
    {"int f(int a, int a) { return a; }", "1:14: two parameters named a"},
    {"int f(int) { return 1; }", "1:7: a parameter without a name"},
    {"int f(void a);", "1:7: a parameter of type void"},
    {"int f(void)[2];", "1:6: a function cannot return int[2]"},
    {"int a[2](void);", "1:6: array of int ()"},
    {"int a[-1];", "1:7: array of negative size"},
    {"void f(int n) { int a[n]; }", "1:23: variable length arrays are not supported"},
    {"int a[];int b = sizeof a;", "1:17: sizeof incomplete int[]"},
    {"void a;", "1:6: a variable of incomplete type void"},
    {"struct s a;", "1:10: a variable of incomplete type struct s"},
    {"void f(void) { struct s a; }", "1:25: a has incomplete type struct s"},
    {"struct s { int a; struct s b; };", "1:28: a member of incomplete struct s"},
    {"struct s { int a, a; };", "1:19: two members named a"},
    {"struct s { int f(void); };", "1:16: a member cannot be a function"},
    {"struct s { int a : 33; };", "1:16: width 33 of a bit-field"},
    {"struct s { int a : 0; };", "1:16: a named bit-field needs a width"},
    {"struct s { float a : 3; };", "1:18: a bit-field must be an integer"},
    {"struct s { int a; }; struct s { int b; };", "1:22: struct s is defined twice"},
    {"struct s { int a; }; union s b;", "1:22: s is a tag of another kind"},
    {"struct { int a", "1:15: expected ; before the end of the file"},
    {"struct;", "1:7: expected a tag or { before ';'"},
    {"enum { a, a };", "1:11: a is declared twice"},
    {"enum { a = 1LL << 40 };", "1:8: enumerator out of the range of int"},
    {"int n; enum { a = n };", "1:19: value of an enumerator is no integer constant"},
    {"_Static_assert(1 == 2, \"no\");", "1:1: static assertion fails: \"no\""},
    {"int a __attribute__((section(\"x\")));", "1:22: attribute section is not supported"},
    {"enum __attribute__((aligned(8))) e { a };", "1:21: attribute aligned is not supported"},
    {"_Alignas(3) int a;", "1:10: alignment to 3 bytes"},
    {"_Alignas(8192) int a;", "1:10: alignment to 8192 bytes"},
    {"typedef int v __attribute__((aligned(8)));", "1:13: an alignment of a type is not supported"},
    {"_Alignas(8) void f(void) {}", "1:18: an alignment of a function is not supported"},
    {"void f(_Alignas(8) int a) {}", "1:8: an alignment of a parameter is not supported"},
    {"struct s { _Alignas(8) int a : 3; };", "1:28: an alignment of a bit-field is not supported"},
    {"struct __attribute__((aligned(8))) s;", "1:1: an alignment of what is not defined here"},
    {"void f(void) { _Alignas(8) int a; }",
     "1:32: a value aligned to 8 bytes on the stack is not supported"},
    {"struct s { _Alignas(8) int a; }; void f(struct s a) {}",
     "1:41: a value aligned to 8 bytes on the stack is not supported"},
    {"struct s { _Alignas(8) int a; }; struct s f(void); void g(void) { f(); }",
     "1:68: a value aligned to 8 bytes on the stack is not supported"},
    {"int a asm(\"b\");", "1:7: asm names are not supported"},
    {"int a __attribute__((packed));", "1:22: attribute packed is not supported"},
    {"#pragma push_macro(x)", "1:2: #pragma wants (\"NAME\")"},
    {"int a[4] = {[3 ... 1] = 1};", "1:13: index outside of the array"},
    {"_Complex double z;", "1:1: complex numbers are not supported"},
    {"_Thread_local int a;", "1:1: _Thread_local is not supported"},
    {"asm(\"mov eax, 1\");", "1:5: asm: unknown line: mov"},
    {"asm(\".byte 300\");", "1:5: asm: no byte: 300"},
    /* initialisers */
    {"int a[2] = {1, 2, 3};", "1:19: more initialisers than elements"},
    {"int a[2] = {[2] = 1};", "1:13: index outside of the array"},
    {"struct { int a; } s = {.b = 1};", "1:24: struct {...} has no member b"},
    {"int a[2] = 5;", "1:12: an array needs { or a string"},
    {"int n; int a = n;", "1:16: the initialiser is not constant"},
    {"int f(void); int a = f();", "1:23: the initialiser is not constant"},
    {"struct s { int a; } x; int y = x;", "1:32: initialiser of type int from struct s"},
    {"extern int a; void f(void) { extern int a = 1; }",
     "1:43: an extern declaration with a value"},
    /* expressions */
    {"int f(void) { return x; }", "1:22: x is not declared"},
    {"int f(void) { return 1 +; }", "1:25: expected an expression before ';'"},
    {"int f(void) { return (1; }", "1:24: expected ) before ';'"},
    {"int f(int *p) { return p * 2; }", "1:26: operator * on int * and int"},
    {"int f(int *p, char *q) { return p - q; }", "1:35: difference of int * and char *"},
    {"int f(double d) { return d % 2; }", "1:28: operator % on double and int"},
    {"int f(double d) { return ~d; }", "1:26: operator ~ on double"},
    {"int f(int *p) { return -p; }", "1:24: operator - on int *"},
    {"struct s { int a; } x; int f(void) { return !x; }", "1:46: operand of ! of type struct s"},
    {"struct s { int a; } x; void f(void) { if (x) ; }", "1:43: condition of type struct s"},
    {"void f(void) { 5 = 6; }", "1:16: assignment of what is no variable"},
    {"void f(const int a) { a = 6; }", "1:23: assignment of a constant"},
    {"int a[2]; void f(void) { a = 0; }", "1:26: assignment of an array"},
    {"void f(const int *a) { ++*a; }", "1:26: assignment of a constant"},
    {"int f(void) { return *5; }", "1:22: * of int"},
    {"int f(void) { return &5; }", "1:22: address of what is no variable"},
    {"int *f(void) { register int a; return &a; }", "1:39: address of a register variable"},
    {"struct s { int a : 3; } x; int *f(void) { return &x.a; }",
     "1:52: a bit-field has no address"},
    {"struct s { int a : 3; } x; int f(void) { return sizeof x.a; }", "1:57: sizeof a bit-field"},
    {"int f(int a) { return a.b; }", "1:24: .b of int"},
    {"int f(int a) { return a->b; }", "1:24: -> of int"},
    {"struct s { int a; }; int f(struct s *p) { return p->b; }", "1:51: struct s has no member b"},
    {"struct s; int f(struct s *p) { return p->b; }", "1:40: struct s is incomplete"},
    {"struct s; struct s *f(struct s *p) { return p + 1; }",
     "1:47: pointer to incomplete struct s"},
    {"int f(int a) { return a(1); }", "1:24: call of int"},
    {"int g(int); int f(void) { return g(); }", "1:36: too few arguments"},
    {"int g(int); int f(void) { return g(1, 2); }", "1:39: too many arguments"},
    {"int g(int); struct s { int a; } x; int f(void) { return g(x); }",
     "1:59: argument of type int from struct s"},
    {"void g(void); int f(void) { return g(); }", "1:37: a value is needed, this has none"},
    {"struct s { int a; } x; int f(void) { return (int)x; }", "1:45: cast of struct s to int"},
    {"struct s { int a; }; void f(int n) { (struct s)n; }", "1:38: cast to struct s"},
    {"double *f(double d) { return (double *)d; }", "1:30: cast of double to double *"},
    {"int a = ({ 1; });", "1:9: statements in an expression outside of functions"},
    {"int f(void) { return ({ int a = 3; }); }", "1:22: a value is needed, this has none"},
    {"int f(void) { goto l; return ({ l: ; 3; }); }",
     "1:15: goto into the statements of an expression"},
    {"void f(void) { for (;;) ({ for (;;) ({ break; }); }); }",
     "1:40: a jump from one expression's statements to those of another"},
    {"int f(int n) { switch (n) default: n = ({ case 1: ; 3; }); return n; }",
     "1:43: case outside of a switch"},
    {"void f(void) { ({ 1;", "1:21: a block without an end"},
    {"void *p = &&l;", "1:11: the address of a label outside of functions"},
    {"void f(void) { void *p = &&l; }", "1:26: label l is not defined"},
    {"void f(void) { goto *3; }", "1:16: goto to int"},
    {"int f(void) { void *p = &&l; return ({ l: ; 3; }); }",
     "1:25: the address of a label in an expression's statements"},
    {"void f(int n) { asm(\"\" : \"+r\"(n)); }", "1:17: asm inside of a function is not supported"},
    {"int f(int n) { return _Generic(n, char: 1); }", "1:23: _Generic has nothing for int"},
    {"#include <stdarg.h>\nvoid f(int n) { va_list a; va_start(a, n); }",
     "2:28: va_start in a function without ..."},
    {"struct s { int a; } x; int f(int c) { return c ? x : 1; }", "1:48: ?: of struct s and int"},
    {"struct s { int a; }; struct s g(void); int a = g().a;", "1:49: a call outside of functions"},
    {"int a = (int b)3;", "1:14: a name in a type"},
    {"void g(void); int h(); int f(void) { return h(g()); }", "1:48: argument without a value"},
    {"struct s f(void); int g(void) { f(); return 1; }", "1:34: call gives incomplete struct s"},
    {"typedef int t; int f(void) { return t; }", "1:37: expected an expression before the type t"},
    {"struct s; struct s *f(void) { return &(struct s){}; }",
     "1:39: literal of incomplete struct s"},
    {"#include <stdarg.h>\nstruct s; void f(int n, ...) { va_list a; va_start(a, n); va_arg(a, "
     "struct s); }",
     "2:59: va_arg of incomplete type"},
    {"#include <stdarg.h>\nvoid f(int n, ...) { va_list a; va_start(a, n + 1); }",
     "2:33: va_start wants the last parameter"},
    /* more declarations and directives */
    {"#pragma pack(what ever)", "1:2: #pragma pack of what?"},
    {"#define 3 x", "1:9: no name of a macro"},
    {"int f(a) float a; { return a; }",
     "1:16: a float parameter of an old definition is not supported"},
    {"int f(a) int b; { return a; }", "1:14: no parameter of that name"},
    {"struct s f(void) {}", "1:10: a function of incomplete type"},
    {"int f(void) = 3;", "1:13: a function with a value"},
    {"struct s; int f(struct s a) { return 1; }", "1:17: a parameter of incomplete type struct s"},
    {"foo;", "1:1: expected a type before 'foo'"},
    {"int a __attribute__((format(printf", "1:35: parenthesis without an end"},
    {"int a[] = L\"wide\"; char b[] = L\"wide\";",
     "1:31: string of other characters than the array's"},
    {"struct s { int a; } x = {[1] = 2};", "1:26: index into struct s"},
    /* statements */
    {"int f(int n) { switch (n) { case 3 ... 1: ; } return 1; }", "1:29: empty range of cases"},
    {"void f(void) { break; }", "1:16: break outside of a loop or switch"},
    {"void f(void) { continue; }", "1:16: continue outside of a loop"},
    {"void f(void) { case 1: ; }", "1:16: case outside of a switch"},
    {"void f(void) { default: ; }", "1:16: default outside of a switch"},
    {"void f(int n) { switch (n) { case 1: case 1: ; } }", "1:38: case 1 is there twice"},
    {"void f(int n) { switch (n) { default: default: ; } }", "1:39: two defaults in one switch"},
    {"void f(int n) { switch (n) { case n: ; } }", "1:35: case is no integer constant"},
    {"void f(double n) { switch (n) { } }", "1:20: switch on double"},
    {"void f(void) { goto l; }", "1:16: label l is not defined"},
    {"void f(void) { l: ; l: ; }", "1:21: label l is defined twice"},
    {"void f(void) { return 1; }", "1:16: return of a value in a void function"},
    {"void f(void) { asm(\"nop\"); }", "1:16: asm inside of a function is not supported"},
    {"void f(void) { int a;", "1:22: a block without an end"},
    {"void f(void) { 1 }", "1:18: expected ; before '}'"},
    {"void f(void) { if 1; }", "1:19: expected ( before '1'"},
};

static void note(struct buffer *wrong, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void note(struct buffer *wrong, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    buffer_append(wrong, text, strlen(text));
}

/* Adds to `wrong` what is not as it should be. */
static void check_message(struct test *t, const struct mistake *m, const char *kind, int status,
                          struct buffer *wrong) {
    const char *source = test_path(t, "wrong.c");
    const char *out = test_path(t, "wrong.link");
    test_write(t, source, m->source, strlen(m->source));
    struct outcome o = cc_try(t, source, out, NULL);
    const char *colon = strchr(m->says, ' ');
    const char *want =
        xprintf("%s:%.*s %s%s\n", source, (int)(colon - m->says), m->says, kind, colon + 1);
    if (o.status != status)
        note(wrong, "%s: exit status %d, should be %d: %s", m->source, o.status, status,
             (const char *)o.output.data);
    else if (strncmp((const char *)o.output.data, want, strlen(want)) != 0)
        note(wrong, "%s: says %s, should say %s", m->source, (const char *)o.output.data, want);
    if (status != 0 && access(out, F_OK) == 0)
        note(wrong, "%s: leaves an output\n", m->source);
    buffer_free(&o.output);
}

static void check_all(struct test *t, const struct mistake *m, size_t count, const char *kind,
                      int status) {
    struct buffer wrong = {0};
    for (size_t i = 0; i < count; i++)
        check_message(t, &m[i], kind, status, &wrong);
    if (wrong.len > 0)
        test_fail(t, "%.*s", (int)wrong.len, (const char *)wrong.data);
}

TEST(cc_names_file_line_column_and_mistake) {
    check_all(t, mistakes, sizeof mistakes / sizeof mistakes[0], "", 1);
}

static const struct mistake doubts[] = {
    {"char *f(int *p) { return p; }", "1:26: return: incompatible pointers (char * from int *)"},
    {"char *f(const char *p) { return p; }",
     "1:33: return: const is lost (char * from const char *)"},
    {"int *f(int n) { return n; }", "1:24: return: pointer from integer (int * from int)"},
    {"int f(int *n) { return n; }", "1:24: return: integer from pointer (int from int *)"},
    {"int f(int *n, char *m) { return n == m; }", "1:35: comparison of int * with char *"},
    {"int f(int *n) { return n == 5; }", "1:26: comparison of pointer and integer"},
    {"int f(int *p) { return 5 == p; }", "1:26: comparison of integer and pointer"},
    {"int *f(int c, int *p) { return c ? p : 1; }", "1:34: ?: of pointer and integer"},
    {"int *f(int c, int *p) { return c ? 1 : p; }", "1:34: ?: of integer and pointer"},
    {"int a = 'abcde';", "1:9: character constant too long"},
    {"unsigned long long a = 9223372036854775808;", "1:24: decimal constant is only unsigned"},
    {"struct s { int; int a; };", "1:17: declaration declares nothing"},
    {"#include <stdarg.h>\nint f(int n, ...) { va_list a; va_start(a, n); return va_arg(a, char); "
     "}",
     "2:55: va_arg of char, which is promoted"},
    {"int f(int n) { return n / 0; }", "1:25: division by zero"},
    {"int f(int n) { return n << 32; }", "1:25: shift by 32 of 32 bits"},
    {"int f(void) { return; }", "1:15: return without a value in a function of type int"},
    {"char a[2] = \"abc\";", "1:13: string longer than its array"},
    {"#define a 1\n#define a 2", "2:9: macro a is defined otherwise before"},
    {"#ifdef a b\n#endif", "1:10: more than the directive takes"},
    {"#warning take care", "1:2: #warning take care"},
};

/* What is wrong with its words, before it reads anything. */
TEST(cc_says_what_is_wrong_with_its_options) {
    static const char *const options[][4] = {
        {"-D", "f(x)=1", NULL, "cc: -D takes no macro with parameters\n"},
        {"-D", "3=1", NULL, "cc: no name of a macro: 3\n"},
        {"second.c", NULL, NULL, "usage: cc "},
        {"--what", NULL, NULL, "usage: cc "},
        {"-o", "none/such", NULL, "cc: cannot write none/such\n"},
    };
    const char *source = test_path(t, "right.c");
    test_write(t, source, "int a;\n", 7);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        struct outcome o = cc_try(t, source, test_path(t, "right.link"), options[i]);
        const char *want = options[i][3];
        if (o.status == 0 || strncmp((const char *)o.output.data, want, strlen(want)) != 0)
            test_fail(t, "%s: status %d, %s", options[i][0], o.status, (const char *)o.output.data);
        buffer_free(&o.output);
    }
}

/* A source that is not there, and one that is a folder. */
TEST(cc_says_that_it_cannot_read_its_source) {
    char *none = test_path(t, "none.c"), *folder = test_path(t, "folder.c");
    if (mkdir(folder, 0777) != 0)
        test_fail(t, "no folder");
    const char *const files[][2] = {{none, "cc: no file "}, {folder, "cc: cannot read "}};
    for (size_t i = 0; i < 2; i++) {
        struct outcome o = cc_try(t, files[i][0], test_path(t, "out.link"), NULL);
        char *want = xprintf("%s%s\n", files[i][1], files[i][0]);
        if (o.status != 1 || strcmp((const char *)o.output.data, want) != 0)
            test_fail(t, "status %d, %s", o.status, (const char *)o.output.data);
        buffer_free(&o.output);
        free(want);
    }
}

TEST(cc_warns_of_what_is_certainly_doubtful) {
    check_all(t, doubts, sizeof doubts / sizeof doubts[0], "warning: ", 0);
}

TEST(cc_stops_after_ten_errors) {
    struct buffer b = {0};
    for (int i = 0; i < 12; i++)
        buffer_append(&b, "int f(void) { return x1 + 1 }\n", 30);
    const char *source = test_path(t, "many.c");
    test_write(t, source, b.data, b.len);
    struct outcome o = cc_try(t, source, test_path(t, "many.link"), NULL);
    int lines = 0;
    for (const char *p = (const char *)o.output.data; (p = strchr(p, '\n')); p++)
        lines++;
    if (o.status != 1 || lines != 11 || !strstr((const char *)o.output.data, "too many errors"))
        test_fail(t, "exit status %d, %d lines: %s", o.status, lines, (const char *)o.output.data);
    buffer_free(&o.output);
    buffer_free(&b);
}
