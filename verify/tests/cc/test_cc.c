/*
 * The C compiler of the ladder against gcc -m32: what programs print, and that functions of the one
 * can be called by those of the other.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/tests/cc/compile.h"

#define PROGRAMS "verify/tests/cc/programs/"

static const char *const for_gas[] = {"--gas", NULL};
static const char *const for_c99[] = {"-std=c99", "-O0", NULL};

/* Compiles by both and compares what the programs print; cc.scm's is linked with gcc's libc. */
static void same_as_gcc(struct test *t, const char *source) {
    const char *text = test_path(t, "ours.s");
    const char *ours = test_path(t, "ours");
    const char *theirs = test_path(t, "theirs");
    const char *const by_us[] = {text, NULL};
    const char *const by_gcc[] = {source, NULL};
    cc_compile(t, source, text, for_gas);
    gcc32(t, ours, NULL, by_us);
    gcc32(t, theirs, for_c99, by_gcc);
    struct buffer got = output_of(t, ours);
    struct buffer want = output_of(t, theirs);
    if (want.len == 0)
        test_fail(t, "%s prints nothing", source);
    expect_same(t, source, got.data, got.len, want.data, want.len);
    buffer_free(&got);
    buffer_free(&want);
}

TEST(cc_programs_print_what_gcc_has_them_print) {
    needs_gcc32(t);
    same_as_gcc(t, PROGRAMS "language.c");
    same_as_gcc(t, PROGRAMS "preprocessor.c");
    same_as_gcc(t, PROGRAMS "initializers.c");
    same_as_gcc(t, PROGRAMS "floating.c");
    same_as_gcc(t, PROGRAMS "gnu.c");
    same_as_gcc(t, PROGRAMS "statements.c");
    same_as_gcc(t, PROGRAMS "labels.c");
    same_as_gcc(t, PROGRAMS "alignment.c");
}

/* ---- all operators on all types ---------------------------------------------------------------
 */

struct c_type {
    const char *name;
    bool floating;
    const char *values[4];
};

static const struct c_type types[] = {
    {"_Bool", false, {"0", "1", "1", "0"}},
    {"char", false, {"-128", "127", "-1", "7"}},
    {"signed char", false, {"-128", "100", "-3", "2"}},
    {"unsigned char", false, {"0", "255", "128", "9"}},
    {"short", false, {"-32768", "32767", "-5", "300"}},
    {"unsigned short", false, {"0", "65535", "32768", "3"}},
    {"int", false, {"-2147483647-1", "2147483647", "-1", "12345"}},
    {"unsigned", false, {"0", "4294967295U", "2147483648U", "77"}},
    {"long", false, {"-2147483647L-1", "65536", "-2", "31"}},
    {"unsigned long", false, {"1", "4294967295UL", "2147483649UL", "1000"}},
    {"long long", false, {"-9223372036854775807LL-1", "9223372036854775807LL", "-7", "1LL<<40"}},
    {"unsigned long long", false, {"0", "18446744073709551615ULL", "1ULL<<63", "123456789012ULL"}},
    {"float", true, {"0.5f", "-1.25f", "16777216.0f", "3.0f"}},
    {"double", true, {"0.1", "-123456.789", "1e9", "2.0"}},
    {"long double", true, {"0.1L", "-7.5L", "1e15L", "65537.0L"}},
};
enum { TYPES = sizeof types / sizeof types[0] };

static void add(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct buffer *b, const char *format, ...) {
    char line[512];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    buffer_append(b, line, n);
}

/* One function: every operator on an a of one type and a b of another. */
static void add_function(struct buffer *b, int i, int j) {
    static const char *const arithmetic[] = {"+", "-", "*"};
    static const char *const compare[] = {"<", ">", "<=", ">=", "==", "!=", "&&", "||"};
    static const char *const whole[] = {"&", "|", "^"};
    const struct c_type *x = &types[i];
    const struct c_type *y = &types[j];
    bool integers = !x->floating && !y->floating;
    const char *show_c = x->floating ? "showf(c)" : "showi(c)";
    const char *show = integers ? "showi" : "showf";
    add(b, "void f_%d_%d(%s a, %s b) {\n    %s c;\n", i, j, x->name, y->name, x->name);
    for (size_t k = 0; k < sizeof arithmetic / sizeof arithmetic[0]; k++)
        add(b, "    %s(a %s b);\n", show, arithmetic[k]);
    for (size_t k = 0; k < sizeof compare / sizeof compare[0]; k++)
        add(b, "    showi(a %s b);\n", compare[k]);
    for (size_t k = 0; integers && k < sizeof whole / sizeof whole[0]; k++)
        add(b, "    showi(a %s b); c = a; c %s= b; showi(c);\n", whole[k], whole[k]);
    if (integers)
        add(b,
            "    if (b != 0 && !(a < 0 && b == (%s)-1)) { showi(a / b); showi(a %% b); c = a; c /= "
            "b; showi(c); c = a; c %%= b; showi(c); }\n"
            "    showi(a << (b & 7)); showi(a >> (b & 7)); c = a; c >>= b & 7; showi(c); c = a; "
            "c <<= b & 7; showi(c);\n",
            y->name);
    else
        add(b, "    if (b) { showf(a / b); }\n");
    if (x->floating || !y->floating)
        add(b, "    c = a; c += b; %s; c = a; c -= b; %s; c = a; c *= b; %s; c = b; %s;\n", show_c,
            show_c, show_c, show_c);
    add(b,
        "    c = a; c++; %s; ++c; %s; c--; %s; --c; %s; showi(!a); %s(-a); %s(a ? a : b);\n%s"
        "    %s(b ? 5 : a); if (a < b) showi(1); while (a > b) { showi(2); break; } "
        "if (!(a == b)) showi(3);\n",
        show_c, show_c, show_c, show_c, x->floating ? "showf" : "showi", show,
        x->floating ? "" : "    showi(~a); showi(c++); showi(c); showi(--c);\n",
        x->floating ? "showf" : "showi");
    add(b, "}\n");
}

static struct buffer expression_table(void) {
    struct buffer b = {0};
    add(&b, "#include <stdio.h>\n"
            "#define showi(e) show_integer(e, sizeof(e))\n"
            "#define showf(e) show_float(e)\n"
            "static void show_float(double x) { printf(\" %%.17g\", x); }\n"
            "static void show_integer(long long n, int size) { printf(\" %%lld:%%d\", n, size); "
            "}\n");
    for (int i = 0; i < TYPES; i++)
        for (int j = 0; j < TYPES; j++)
            add_function(&b, i, j);
    add(&b, "int main(void) {\n");
    for (int i = 0; i < TYPES; i++)
        for (int j = 0; j < TYPES; j++)
            for (int k = 0; k < 8; k++)
                add(&b, "    printf(\"\\n%s %s %d:\"); f_%d_%d(%s, %s);\n", types[i].name,
                    types[j].name, k, i, j, types[i].values[k % 4],
                    types[j].values[(k + k / 4) % 4]);
    add(&b, "    return 0;\n}\n");
    return b;
}

TEST_WITHIN(120, cc_operators_on_all_pairs_of_types_give_what_gcc_gives) {
    needs_gcc32(t);
    struct buffer b = expression_table();
    const char *source = test_path(t, "table.c");
    test_write(t, source, b.data, b.len);
    same_as_gcc(t, source);
    buffer_free(&b);
}

/* ---- the System V ABI -------------------------------------------------------------------------
 */

/* callee.c and caller.c, each by both compilers, in all four ways. */
TEST(cc_functions_call_those_of_gcc_and_are_called_by_them) {
    needs_gcc32(t);
    static const char *const files[] = {"caller", "callee"};
    static const char *const objects_only[] = {"-c", "-O1", NULL};
    const char *object[2][2];
    for (int i = 0; i < 2; i++) {
        const char *source = xprintf(PROGRAMS "%s.c", files[i]);
        const char *const by_gcc[] = {source, NULL};
        object[i][0] = test_path(t, xprintf("%s.s", files[i]));
        object[i][1] = test_path(t, xprintf("%s.o", files[i]));
        cc_compile(t, source, object[i][0], for_gas);
        gcc32(t, object[i][1], objects_only, by_gcc);
    }
    struct buffer want = {0};
    for (int way = 3; way >= 0; way--) {
        const char *const inputs[] = {object[0][way & 1], object[1][way >> 1], NULL};
        const char *program = test_path(t, xprintf("way%d", way));
        gcc32(t, program, NULL, inputs);
        struct buffer got = output_of(t, program);
        if (way == 3)
            want = got;
        else
            expect_same(t,
                        xprintf("caller by %s, callee by %s", way & 1 ? "gcc" : "cc.scm",
                                way >> 1 ? "gcc" : "cc.scm"),
                        got.data, got.len, want.data, want.len);
    }
    if (want.len < 200)
        test_fail(t, "the program prints too little: %s", (const char *)want.data);
}

/* ---- csmith -----------------------------------------------------------------------------------
 */

enum { CSMITH_CASES = 50, CSMITH_SECONDS = 240, LONGEST_RUN = 1 };

enum csmith_verdict { TOO_LONG, SAME, DIFFERENT, VERDICTS };

/* Compares one program; where they differ, `found` gets a line. TOO_LONG: gcc's does not end in
 * time. */
static enum csmith_verdict csmith_case(struct test *t, int seed, struct buffer *found) {
    const char *source = test_path(t, "random.c");
    const char *text = test_path(t, "random.s");
    const char *theirs = test_path(t, "theirs");
    const char *ours = test_path(t, "ours");
    static const char *const theirs_options[] = {"-O1", "-fno-strict-aliasing", "-I",
                                                 "/usr/include/csmith", NULL};
    static const char *const ours_options[] = {"--gas", "-I", "/usr/include/csmith", NULL};
    const char *const by_gcc[] = {source, NULL};
    const char *const by_us[] = {text, NULL};
    const char *const run_theirs[] = {"timeout", xprintf("%d", LONGEST_RUN), theirs, NULL};
    const char *const run_ours[] = {"timeout", "200", ours, NULL};
    struct buffer made =
        test_run(t, 0, "csmith", "--seed", xprintf("%d", seed), "-o", source, NULL);
    buffer_free(&made);
    gcc32(t, theirs, theirs_options, by_gcc);
    struct outcome want = test_command(t, run_theirs);
    enum csmith_verdict verdict = want.status == 0 ? SAME : TOO_LONG;
    if (verdict == SAME) {
        struct outcome got = cc_try(t, source, text, ours_options);
        if (got.status == 0) {
            buffer_free(&got.output);
            gcc32(t, ours, NULL, by_us);
            got = test_command(t, run_ours);
        }
        if (got.status != 0 || strcmp((char *)got.output.data, (char *)want.output.data) != 0) {
            verdict = DIFFERENT;
            buffer_printf(found, "--seed %d: status %d, %.200s, gcc's: %.40s\n", seed, got.status,
                          (const char *)got.output.data, (const char *)want.output.data);
        }
        buffer_free(&got.output);
    }
    buffer_free(&want.output);
    return verdict;
}

/*
 * CSMITH_FROM and CSMITH_CASES in the environment: other seeds, and more of them (make csmith).
 * Goes on after a difference; how far it is, and what it has found, is in build/csmith.txt.
 */
TEST_WITHIN(CSMITH_SECONDS * 60, cc_programs_of_csmith_run_as_those_of_gcc) {
    needs_gcc32(t);
    test_needs(t, "csmith", "csmith");
    test_needs(t, "/usr/include/csmith/csmith.h", "libcsmith-dev");
    const char *from = getenv("CSMITH_FROM");
    const char *cases = getenv("CSMITH_CASES");
    int first = from ? atoi(from) : 1;
    int count = cases ? atoi(cases) : CSMITH_CASES;
    int n[VERDICTS] = {0};
    struct buffer found = {0};
    for (int seed = first; seed < first + count; seed++) {
        n[csmith_case(t, seed, &found)]++;
        struct buffer state = {0};
        buffer_printf(&state, "csmith, seeds %d to %d: %d as by gcc, %d differ, %d run too long\n",
                      first, seed, n[SAME], n[DIFFERENT], n[TOO_LONG]);
        buffer_append(&state, found.data, found.len);
        test_write(t, "build/csmith.txt", state.data, state.len);
        buffer_free(&state);
    }
    if (n[DIFFERENT] > 0)
        test_fail(t, "%d programs differ: %.*s", n[DIFFERENT], (int)found.len,
                  (const char *)found.data);
    if (n[SAME] < count / 2)
        test_fail(t, "only %d of %d programs could be compared", n[SAME], count);
}

/* ---- another Scheme ---------------------------------------------------------------------------
 */

/* What a compiler makes must not depend on the Scheme that runs it. */
TEST(cc_makes_the_same_on_guile_as_on_our_scheme) {
    static const char *const sources[] = {PROGRAMS "language.c", PROGRAMS "floating.c",
                                          PROGRAMS "initializers.c", "buildscripts/libc/decimal.c",
                                          "buildscripts/libc/stdio.c"};
    test_needs(t, "guile", "guile-3.0");
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const char *ours = test_path(t, "ours.link");
        const char *guiles = test_path(t, "guiles.link");
        cc_compile(t, sources[i], ours, NULL);
        const char *const words[] = {"env",
                                     "XDG_CACHE_HOME=build/guile",
                                     "guile",
                                     "--no-debug",
                                     "buildscripts/boot3/guile.scm",
                                     "-o",
                                     guiles,
                                     "-I",
                                     "buildscripts/libc/include",
                                     "-I",
                                     "verify/tests/cc",
                                     sources[i],
                                     NULL};
        struct outcome o = test_command(t, words);
        if (o.status != 0)
            test_fail(t, "guile: %s", (const char *)o.output.data);
        struct buffer got = test_read(t, ours);
        struct buffer want = test_read(t, guiles);
        expect_same(t, sources[i], got.data, got.len, want.data, want.len);
        buffer_free(&o.output);
        buffer_free(&got);
        buffer_free(&want);
    }
}

/* ---- speed ------------------------------------------------------------------------------------
 */

enum { MOST_TIMES_SLOWER = 8 };

/* The best of five runs of each work, by cc.scm and by gcc -O1, in one go. */
TEST_WITHIN(120, cc_code_is_at_most_8_times_slower_than_that_of_gcc_O1) {
    needs_gcc32(t);
    static const char *const fast[] = {"-O1", NULL};
    const char *text = test_path(t, "speed.s");
    const char *const by_us[] = {text, NULL};
    const char *const by_gcc[] = {PROGRAMS "speed.c", NULL};
    cc_compile(t, by_gcc[0], text, for_gas);
    gcc32(t, test_path(t, "ours"), NULL, by_us);
    gcc32(t, test_path(t, "theirs"), fast, by_gcc);
    struct buffer theirs = output_of(t, test_path(t, "theirs"));
    struct buffer ours = output_of(t, test_path(t, "ours"));
    const char *a = (const char *)ours.data;
    const char *b = (const char *)theirs.data;
    for (int i = 0; i < 8; i++) {
        char name[2][32];
        unsigned result[2];
        long took[2];
        int n, m;
        if (sscanf(a, "%31s %u %ld\n%n", name[0], &result[0], &took[0], &n) != 3 ||
            sscanf(b, "%31s %u %ld\n%n", name[1], &result[1], &took[1], &m) != 3)
            test_fail(t, "no line %d of %s", i, (const char *)ours.data);
        if (result[0] != result[1])
            test_fail(t, "%s: %u, but %u by gcc", name[0], result[0], result[1]);
        if (took[0] > MOST_TIMES_SLOWER * (took[1] + 200))
            test_fail(t, "%s: %ld us, but %ld us by gcc", name[0], took[0], took[1]);
        a += n;
        b += m;
    }
    buffer_free(&ours);
    buffer_free(&theirs);
}
