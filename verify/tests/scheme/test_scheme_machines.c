/* Scheme on the machines: a program that fails ends with one line of its own and one of the shell.
 */
#include <string.h>

#include "verify/harness/boot.h"

enum { MEM_MIB = 192, SECONDS = 120 };

/* A script, and what the console shows from the start of scheme on. */
static const struct failure {
    const char *program;
    const char *log;
} FAILURES[] = {
    {NULL, "scheme: cannot be opened: \"/p.scm\" \"not found\"\nERROR: /scheme: exit 01\n"},
    {"\n(display \"so far\")\n(car 5)\n",
     "so far/p.scm:3: not a pair: 5\n  in the top level, /p.scm:3\nERROR: /scheme: exit 01\n"},
    {"(display (1 . 2 3))", "/p.scm:1: a dot where none can be: 3\nERROR: /scheme: exit 01\n"},
    {"(let loop ((l '())) (loop (cons (make-vector 1000 l) l)))",
     "scheme: out of memory\nERROR: /scheme: exit 01\n"},
    {"(define (f n) (+ 1 (f n)))\n(f 1)", "scheme: out of memory\nERROR: /scheme: exit 01\n"},
    {"(exit 7)", "ERROR: /scheme: exit 07\n"},
    {"(run \"/none\")",
     "/p.scm:1: not found: \"/none\"\n  in the top level, /p.scm:1\nERROR: /scheme: exit 01\n"},
};

TEST_ON(QUICK_ENGINES, scheme_says_in_one_line_why_it_fails) {
    static const struct run_request how = {.mem_mib = MEM_MIB, .timeout = SECONDS};
    struct buffer scheme = test_read(t, "build/scheme");
    for (size_t i = 0; i < sizeof FAILURES / sizeof FAILURES[0]; i++) {
        const struct failure *f = &FAILURES[i];
        struct buffer script = {0};
        add_src(&script, "/scheme", scheme.data, scheme.len);
        if (f->program)
            add_src(&script, "/p.scm", f->program, strlen(f->program));
        buffer_printf(&script, "/scheme /p.scm\n");
        struct aftermath a = boot_script(t, &script, &how, NULL);
        static const char command[] = "\n/scheme /p.scm\n";
        char *log = strstr(a.log, command);
        if (!log)
            test_fail(t, "case %zu: no line `/scheme /p.scm`: %s", i, a.log);
        expect_text(t, f->program ? f->program : "no program", log + strlen(command), f->log);
        aftermath_free(&a);
        buffer_free(&script);
    }
}
