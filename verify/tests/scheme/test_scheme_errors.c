/* What Scheme says when a program fails: FILE:LINE: what, the last calls, exit status 1. */
#include <string.h>

#include "verify/harness/harness.h"

/* A program, and all that it shows, with @ for its name. */
static const struct failure {
    const char *program;
    const char *output;
} FAILURES[] = {
    {"\n(define (f x)\n  (+ 1\n     (car x)))\n(define (g y) (+ 1 (f y)))\n(g 3)\n",
     "@:4: not a pair: 3\n  in f, @:4\n  in g, @:5\n  in the top level, @:6\n"},
    {"(display \"so far\")\n(foo 1)\n",
     "so far@:2: unbound variable: foo\n  in the top level, @:2\n"},
    {"(error \"a message\" 1 \"two\" 'three)",
     "@:1: a message: 1 \"two\" three\n  in the top level, @:1\n"},
    {"(raise 'sym)", "@:1: uncaught: sym\n  in the top level, @:1\n"},
    {"(with-exception-handler (lambda (e) 0) (lambda () (raise 'x)))",
     "@:1: the handler of raise has returned: x\n  in the top level, @:1\n"},
    {"(vector-ref (vector 1 2)\n2)", "@:1: out of range: 2\n  in the top level, @:1\n"},
    {"(string-ref \"abc\" -1)", "@:1: out of range: -1\n  in the top level, @:1\n"},
    {"(vector-ref '(1) 0)", "@:1: not a vector: (1)\n  in the top level, @:1\n"},
    {"(+ 'a 1)", "@:1: not a number: a\n  in the top level, @:1\n"},
    {"(< 1 'b)", "@:1: not a number: b\n  in the top level, @:1\n"},
    {"(modulo 10 0)", "@:1: division by zero: 0\n  in the top level, @:1\n"},
    {"((lambda (x) x))", "@:1: wrong number of arguments: #<procedure>\n  in the top level, @:1\n"},
    {"(define (f x . y) x)\n(list\n (f))",
     "@:3: wrong number of arguments: #<procedure f>\n  in the top level, @:3\n"},
    {"(car 1 2)", "@:1: wrong number of arguments: #<procedure car>\n  in the top level, @:1\n"},
    {"(\"text\" 1)", "@:1: not a procedure: \"text\"\n  in the top level, @:1\n"},
    {"(define (f) (g))\n(define (g) (h 1))\n(define (h x) (vector-ref x 0))\n(f)",
     "@:3: not a vector: 1\n  in h, @:3\n  in the top level, @:4\n"},
    {"(if)", "@:1: bad syntax: (if)\n"},
    {"\n(let ((1 2)) 3)", "@:2: not an identifier: 1\n"},
    {"(let ((x 1))\n  (lambda (y)\n    (if x y 1 2)))", "@:3: bad syntax: (if x y 1 2)\n"},
    {"(define x if)", "@:1: a keyword is no variable: if\n"},
    {"(letrec ((a b) (b 1)) a)",
     "@:1: a variable is used before it is defined\n  in the top level, @:1\n"},
    {"(define-syntax m (syntax-rules () ((_ a) a)))\n(m 1 2)",
     "@:2: no rule of the macro fits: (m 1 2)\n"},
    {"(define-record-type p (mk a) p? (a pa))\n(pa 5)",
     "@:2: wrong type of record: pa 5\n  in the top level, @:2\n"},
    {"(display (1 . 2 3))", "@:1: a dot where none can be: 3\n"},
    {"\n(display\n\"abc", "@:3: the file ends within a datum\n"},
    {"#(1 2", "@:1: the file ends within a datum\n"},
    {"(display 1.5)", "@:1: only exact integers can be read: \"1.5\"\n"},
    {"1/2", "@:1: only exact integers can be read: \"1/2\"\n"},
    {"-1e10", "@:1: only exact integers can be read: \"-1e10\"\n"},
    {"\"\\q\"", "@:1: no such escape\n"},
    {"#nothing", "@:1: not a datum: \"#nothing\"\n"},
    {"(open-input-file \"/nonexistent/x\")",
     "@:1: cannot be opened: \"/nonexistent/x\" \"not found\"\n  in the top level, @:1\n"},
    {"(run \"/nowhere\")", "@:1: not found: \"/nowhere\"\n  in the top level, @:1\n"},
    {"(hash-table-ref (make-hash-table) 'x)",
     "@:1: not in the hash table: x\n  in the top level, @:1\n"},
    {"(let ((x (list 1 2)))\n  (close-port (current-input-port)) (read-char))",
     "@:2: the port is closed: #<port ->\n  in the top level, @:2\n"},
    {"(define p (open-output-file \"/dev/full\"))\n(display 1 p)\n(close-port p)",
     "@:3: cannot be written: #<port /dev/full>\n  in the top level, @:3\n"},
    {"(integer->char 256)", "@:1: no character has this code: 256\n  in the top level, @:1\n"},
    {"(bytevector-u8-set! (bytevector 1) 0 256)",
     "@:1: not a byte: 256\n  in the top level, @:1\n"},
    {"(make-vector 100000000)", "@:1: too large: 100000000\n  in the top level, @:1\n"},
    {"(apply + (let loop ((n 300000) (a '())) (if (= n 0) a (loop (- n 1) (cons n a)))))",
     "@:1: too many arguments: ("},
};

/* `text` with `name` for each @ (allocated). */
static char *with_name(const char *text, const char *name) {
    struct buffer out = {0};
    for (; *text != '\0'; text++)
        buffer_append(&out, *text == '@' ? name : text, *text == '@' ? strlen(name) : 1);
    buffer_append(&out, "", 1);
    return (char *)out.data;
}

TEST(scheme_says_file_line_what_and_the_last_calls) {
    char *path = test_path(t, "p.scm");
    for (size_t i = 0; i < sizeof FAILURES / sizeof FAILURES[0]; i++) {
        const struct failure *f = &FAILURES[i];
        test_write(t, path, f->program, strlen(f->program));
        struct outcome outcome = test_command(t, (const char *[]){"build/scheme", path, NULL});
        char *got = (char *)outcome.output.data;
        char *want = with_name(f->output, path);
        if (want[strlen(want) - 1] != '\n' && strlen(got) > strlen(want))
            got[strlen(want)] = '\0'; /* only the beginning */
        expect_text(t, f->program, got, want);
        if (outcome.status != 1)
            test_fail(t, "%s: exit status %d", f->program, outcome.status);
    }
}

TEST(scheme_without_a_file_reads_evaluates_and_prints) {
    static const char session[] = "printf '(car 1)\\n(define (f x)\\n(* x 2))\\n(f 4)\\n\"s\"\\n"
                                  "(display 1)' | build/scheme";
    struct buffer output = test_run(t, 0, "sh", "-c", session, NULL);
    buffer_append(&output, "", 1);
    expect_text(t, session, (const char *)output.data,
                "> -:1: not a pair: 1\n  in the top level, -:1\n> > 8\n> \"s\"\n> 1> \n");
}

TEST(scheme_out_of_memory_is_one_line) {
    static const char program[] = "(let loop ((l '())) (loop (cons (make-vector 1000 l) l)))";
    char *path = test_path(t, "p.scm");
    test_write(t, path, program, sizeof program - 1);
    char *command = xprintf("ulimit -v 200000; exec build/scheme %s", path);
    struct buffer output = test_run(t, 1, "sh", "-c", command, NULL);
    buffer_append(&output, "", 1);
    expect_text(t, program, (const char *)output.data, "scheme: out of memory\n");
}

TEST(scheme_recurses_a_million_deep_in_any_place) {
    static const char program[] =
        "(define (count n) (if (= n 0) 0 (+ 1 (count (- n 1)))))\n"
        "(write (count 1000000))\n"
        "(define (build n) (if (= n 0) '() (cons n (build (- n 1)))))\n"
        "(write (length (map (lambda (x) x) (build 1000000))))\n"
        "(write (call/cc (lambda (k) (let f ((n 1000000)) (if (= n 0) (k 'out) (+ 1 (f (- n "
        "1))))))))\n"
        "(define (args n . rest) (if (= n 0) 0 (+ 1 (apply args (- n 1) rest))))\n"
        "(write (args 100000 1 2 3))\n";
    char *path = test_path(t, "p.scm");
    test_write(t, path, program, sizeof program - 1);
    struct buffer output = test_run(t, 0, "build/scheme", path, NULL);
    buffer_append(&output, "", 1);
    expect_text(t, "deep", (const char *)output.data, "10000001000000out100000");
}
