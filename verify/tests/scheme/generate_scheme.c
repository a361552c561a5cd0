/*
 * Programs from templates. In a template $ and a letter stand for
 *
 *   i l s b  an expression: integer, list of integers, string, boolean
 *   v w      a new variable for integers      f   a new name for a procedure or a loop
 *   I L B    as i l b, where $v and $w may be used
 *   k K      a new name for a continuation, and an integer expression where it may be called
 *   n d      a digit, a digit that is not 0
 */
#include "verify/tests/scheme/generate_scheme.h"

#include <string.h>

#include "verify/harness/harness.h"

enum { SCOPE = 24, DEPTH = 5 };

struct scope {
    int variables[SCOPE];
    int variable_count;
    int continuations[SCOPE];
    int continuation_count;
};

struct generator {
    struct buffer *out;
    uint32_t *state;
    int names;
    bool conditions; /* guard, raise and the like may be used */
};

static const char *const INTEGERS[] = {
    "(+ $i $i)",
    "(- $i $i)",
    "(* $i $i)",
    "(+ $i $i $i)",
    "(- $i)",
    "(* $i $n)",
    "(+ $i 1)",
    "(- $i 1)",
    "(quotient $i $d)",
    "(remainder $i $d)",
    "(modulo $i -$d)",
    "(floor-quotient $i $d)",
    "(quotient $i (+ 1 (abs $i)))",
    "(modulo $i (+ 1 (abs $i)))",
    "(remainder $i (- -1 (abs $i)))",
    "(if $b $i $i)",
    "(let (($v $i)) $I)",
    "(let (($v $i) ($w $i)) $I)",
    "(let* (($v $i) ($w (+ $v 1))) $I)",
    "(let $f (($v $n) ($w 0)) (if (= $v 0) $w ($f (- $v 1) (+ $w $I))))",
    "(let $f (($v $n)) (if (<= $v 0) $I (+ $v ($f (- $v 1)))))",
    "(do (($v 0 (+ $v 1)) ($w 0 (+ $w $I))) ((= $v $n) $w))",
    "(length $l)",
    "(apply + $l)",
    "(apply max $i $l)",
    "(apply - $i $i $l)",
    "(string-length $s)",
    "(vector-ref (vector $i $i $i) 1)",
    "(car (cons $i $l))",
    "(cadr (list $i $i $i))",
    "(let (($v $i)) (set! $v (+ $v $I)) $I)",
    "(let (($v $i)) (let (($f (lambda () (set! $v (+ $v 1)) $v))) ($f) ($f) $I))",
    "(case $n ((0 1 2) $i) ((3 4) $i) (else $i))",
    "(cond ($b $i) ((assv $n '((1 . 2) (3 . 4))) => cdr) (else $i))",
    "(call-with-values (lambda () (values $i $i)) (lambda ($v $w) $I))",
    "(let-values ((($v $w) (truncate/ $i $d))) $I)",
    "(let*-values ((($v) $i) (($w) $I)) $I)",
    "(call/cc (lambda ($k) $K))",
    "(+ 1 (call/cc (lambda ($k) (* 2 $K))))",
    "(call/cc (lambda ($k) (for-each (lambda ($v) (if $B ($k $I))) $l) $i))",
    "(let (($k #f) ($v 0)) (call/cc (lambda (c) (set! $k c))) (set! $v (+ $v 1))"
    " (if (< $v $d) ($k #f) $v))",
    "(force (delay $i))",
    "(guard (e ((symbol? e) $i) ((pair? e) (car e))) (raise (list $i)))",
    "(guard (e ((string? e) $i)) (if $b (raise \"x\") $i))",
    "(guard (e (#t $i)) (guard (e ((string? e) $i)) (raise 'x)))",
    "(guard (e ((error-object? e) (length (error-object-irritants e)))) (error \"x\" $i $i))",
    "(guard (e (#t $i)) (vector-ref (vector $i) $d))",
    "(with-exception-handler (lambda (e) $n) (lambda () (+ 1 (raise-continuable 'c))))",
    "(let (($v 0)) (dynamic-wind (lambda () (set! $v (+ $v 1))) (lambda () $n)"
    " (lambda () (set! $v (+ $v 2)))) $I)",
    "(let (($v 0)) (call/cc (lambda ($k) (dynamic-wind (lambda () (set! $v (+ $v 1)))"
    " (lambda () ($k $n)) (lambda () (set! $v (+ $v 20)))))) $I)",
    "(gcd $i $i)",
    "(lcm $d $d)",
    "(abs $i)",
    "(expt $i $n)",
    "(square $i)",
    "(min $i $i)",
    "(letrec (($f (lambda ($v) (if (< $v 1) $n ($f (- $v 1)))))) ($f $n))",
    "(letrec ((even (lambda (n) (if (= n 0) $i (odd (- n 1))))) (odd (lambda (n) (if (= n 0) $i"
    " (even (- n 1)))))) (even $n))",
    "(string->number (number->string $i))",
    "(string->number (number->string $i 16) 16)",
    "((lambda ($v . rest) (+ $v (length rest) $I)) $i $i $i)",
    "((case-lambda (($v) $I) (($v $w) $I) (($v . r) (length r))) $i $i)",
    "(let () (define $v $i) (define ($f x) (* x $I)) ($f $n))",
    "(let () (define ($f x) (if (> x 3) x (g x))) (define (g y) ($f (+ y 2))) ($f $n))",
    "(parameterize ((setting $i)) (+ (setting) $i))",
    "(my-or #f $i)",
    "(let (($v $i) ($w $i)) (swap! $v $w) (- $I $v))",
    "(my-let (($v $i) ($w $i)) $I)",
    "(let (($v 0)) (while (< $v $d) (set! $v (+ $v 1))) $I)",
    "(sum-of $v $l $I)",
    "(fib $n)",
    "(tail $n$n$n $i)",
    "(deep $n$n$n)",
    "(vector-length (list->vector $l))",
    "(thing-a (make-thing $i $i))",
    "(let (($f (make-thing $i $i))) (set-thing-b! $f $i) (+ (thing-a $f) (thing-b $f)))",
    "(char->integer (string-ref (string-append $s \"x\") 0))",
    "(generate-all $l)",
    "(length (let loop (($v $n$n$n) (a '())) (if (= $v 0) a (loop (- $v 1) (cons (list $v) a)))))",
    "(vector-ref (vector-map (lambda ($v) $I) (vector $i $i)) 1)",
    "(exact-integer-sqrt-of $i)",
};
static const char *const LISTS[] = {
    "(list $i $i)",
    "(list $i $i $i $i)",
    "(cons $i $l)",
    "(append $l $l)",
    "(reverse $l)",
    "(map (lambda ($v) $I) $l)",
    "(map + $l $l)",
    "(map (lambda ($v $w) $I) $l $l)",
    "(vector->list (vector $i $i))",
    "`(,$i ,@$l 7)",
    "`($n ,@$l)",
    "(list-copy $l)",
    "(let $f (($v $n) (a '())) (if (= $v 0) a ($f (- $v 1) (cons $I a))))",
    "(if $b $l $l)",
    "(let (($v $i)) $L)",
    "(apply list $i $l)",
    "(list-tail (list $i $i $i) 2)",
    "(call-with-values (lambda () (floor/ $i -$d)) list)",
    "((lambda ($v . r) r) $i $i $i)",
    "(let ((r '())) (for-each (lambda ($v) (set! r (cons $I r))) $l) r)",
    "(rows (1 $i) (2 $i $i))",
    "(sorted $l)",
    "(map (lambda (f) (f $i)) (list (lambda ($v) $I) - abs))",
    "(let ((v (make-vector 3 $i))) (vector-set! v 1 $i) (vector->list v))",
    "(let ((b (bytevector 1 2 3))) (bytevector-u8-set! b 0 $n) (list (bytevector-u8-ref b 0)))",
    "(map char->integer (string->list $s))",
    "(let ((l (list $i $i))) (set-cdr! l $l) l)",
};
static const char *const STRINGS[] = {
    "\"\"",
    "\"ab\"",
    "\"xyz\"",
    "(string-append $s $s)",
    "(number->string $i)",
    "(if $b $s $s)",
    "(substring (string-append $s \"abcd\") 1 3)",
    "(string #\\a #\\B)",
    "(symbol->string 'sym)",
    "(list->string (list #\\x #\\y))",
    "(string-copy $s)",
    "(string-upcase $s)",
    "(let ((p (open-output-string))) (write $l p) (display $s p) (get-output-string p))",
    "(string-map char-upcase $s)",
    "(make-string $n #\\q)",
};
static const char *const BOOLEANS[] = {
    "(< $i $i)",
    "(= $i $i)",
    "(> $i $i $i)",
    "(<= $i $i)",
    "(not $b)",
    "(and $b $b)",
    "(or $b $b)",
    "(equal? $l $l)",
    "(eqv? $i $i)",
    "(null? $l)",
    "(pair? $l)",
    "(even? $i)",
    "(zero? $n)",
    "(memv $n $l)",
    "(string<? $s $s)",
    "(string=? $s $s)",
    "(negative? $i)",
    "(if $b $b $b)",
    "(eq? 'a 'b)",
    "(member $i $l)",
    "(let (($v $i)) $B)",
    "(char<? #\\a #\\b)",
    "(procedure? car)",
    "(and (< $i $i) (not (= $i $i)))",
    "(or (null? $l) (> $i $i))",
};
static const char *const NUMBERS[] = {
    "0",
    "1",
    "-1",
    "2",
    "7",
    "-13",
    "100",
    "536870911",
    "536870912",
    "1073741823",
    "-1073741824",
    "1073741824",
    "4294967295",
    "4294967296",
    "-2147483648",
    "99999999999999999999",
    "-340282366920938463463374607431",
};

static uint32_t below(struct generator *g, size_t limit) {
    return test_random(g->state) % (uint32_t)limit;
}

static void expression(struct generator *g, char kind, const struct scope *scope, int depth);

/* An expression without parts. */
static void leaf(struct generator *g, char kind, const struct scope *scope) {
    switch (kind) {
    case 'l':
        buffer_printf(g->out, "%s", below(g, 2) ? "'()" : "'(3 1 2)");
        return;
    case 's':
        buffer_printf(g->out, "%s", STRINGS[below(g, 3)]);
        return;
    case 'b':
        buffer_printf(g->out, "%s", below(g, 2) ? "#t" : "#f");
        return;
    default:
        if (scope->variable_count > 0 && below(g, 3) > 0)
            buffer_printf(g->out, "v%d", scope->variables[below(g, (size_t)scope->variable_count)]);
        else
            buffer_printf(g->out, "%s", NUMBERS[below(g, sizeof NUMBERS / sizeof NUMBERS[0])]);
    }
}

/* What a letter of a template stands for; `name` is the number of its first name, of four. */
static void part(struct generator *g, char letter, int name, const struct scope *scope, int depth) {
    struct scope inner = *scope;
    switch (letter) {
    case 'v':
    case 'w':
        buffer_printf(g->out, "v%d", name + (letter == 'w'));
        return;
    case 'f':
        buffer_printf(g->out, "f%d", name);
        return;
    case 'k':
        buffer_printf(g->out, "k%d", name);
        return;
    case 'n':
    case 'd':
        buffer_printf(g->out, "%u", letter == 'n' ? below(g, 10) : 1 + below(g, 9));
        return;
    case 'K':
        if (inner.continuation_count < SCOPE)
            inner.continuations[inner.continuation_count++] = name;
        expression(g, 'i', &inner, depth);
        return;
    case 'I':
    case 'L':
    case 'B':
        if (inner.variable_count + 1 < SCOPE) {
            inner.variables[inner.variable_count++] = name;
            inner.variables[inner.variable_count++] = name + 1;
        }
        expression(g, (char)(letter | 32), &inner, depth);
        return;
    default:
        expression(g, letter, scope, depth);
    }
}

/*
 * Not generated: conditions within dynamic-wind, or within the handler of raise-continuable.
 * guile 3.0 winds in and out once more when a continuation is called after a guard, and lets no
 * guard catch in a handler; R7RS has neither.
 *
 * A template may use $w in $I only if it binds it.
 */
static void fill(struct generator *g, const char *text, const struct scope *scope, int depth) {
    int name = g->names;
    g->names += 4;
    bool two = strstr(text, "$w") != NULL;
    for (; *text != '\0'; text++) {
        if (*text != '$') {
            buffer_append(g->out, text, 1);
            continue;
        }
        text++;
        if (strchr("ILB", *text) && !two) {
            struct scope inner = *scope;
            if (inner.variable_count < SCOPE)
                inner.variables[inner.variable_count++] = name;
            expression(g, (char)(*text | 32), &inner, depth);
        } else {
            part(g, *text, name, scope, depth);
        }
    }
}

/* One of the templates. */
static const char *template_of(struct generator *g, const char *const table[], size_t count) {
    const char *text;
    do {
        text = table[below(g, count)];
    } while (!g->conditions && (strstr(text, "guard") || strstr(text, "handler")));
    return text;
}

static void expression(struct generator *g, char kind, const struct scope *scope, int depth) {
    if (depth <= 0 || (depth < DEPTH && below(g, 5) == 0)) {
        leaf(g, kind, scope);
        return;
    }
    if (kind == 'i' && scope->continuation_count > 0 && below(g, 4) == 0) {
        int k = scope->continuations[below(g, (size_t)scope->continuation_count)];
        buffer_printf(g->out, "(k%d ", k);
        expression(g, 'i', scope, depth - 1);
        buffer_printf(g->out, ")");
        return;
    }
    switch (kind) {
    case 'l':
        fill(g, template_of(g, LISTS, sizeof LISTS / sizeof LISTS[0]), scope, depth - 1);
        return;
    case 's':
        fill(g, template_of(g, STRINGS, sizeof STRINGS / sizeof STRINGS[0]), scope, depth - 1);
        return;
    case 'b':
        fill(g, template_of(g, BOOLEANS, sizeof BOOLEANS / sizeof BOOLEANS[0]), scope, depth - 1);
        return;
    default:
        fill(g, template_of(g, INTEGERS, sizeof INTEGERS / sizeof INTEGERS[0]), scope, depth - 1);
    }
}

void generate_expression(struct buffer *out, uint32_t *state, bool conditions) {
    struct generator g = {out, state, 0, conditions};
    struct scope scope = {.variable_count = 0};
    expression(&g, "ils"[below(&g, 3)], &scope, DEPTH);
}

void generate_head(struct buffer *out) {
    static const char head[] =
        "(define setting (make-parameter 5))\n"
        "(define-syntax my-or (syntax-rules () ((_) #f) ((_ e) e)\n"
        "  ((_ e r ...) (let ((t e)) (if t t (my-or r ...))))))\n"
        "(define-syntax swap! (syntax-rules () ((_ a b) (let ((tmp a)) (set! a b) (set! b "
        "tmp)))))\n"
        "(define-syntax my-let (syntax-rules ()\n"
        "  ((_ ((n v) ...) . body) ((lambda (n ...) . body) v ...))))\n"
        "(define-syntax while (syntax-rules ()\n"
        "  ((_ c b ...) (let loop () (if c (begin b ... (loop)) #f)))))\n"
        "(define-syntax sum-of (syntax-rules ()\n"
        "  ((_ x l e) (let loop ((rest l) (sum 0))\n"
        "    (if (null? rest) sum (let ((x (car rest))) (loop (cdr rest) (+ sum e))))))))\n"
        "(define-syntax rows (syntax-rules ()\n"
        "  ((_ (a b ...) ...) (list a ... (+ b ...) ... b ... ...))))\n"
        "(define (fib n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))\n"
        "(define (tail n x) (if (= n 0) x (tail (- n 1) x)))\n"
        "(define (deep n) (if (= n 0) 0 (+ 1 (deep (- n 1)))))\n"
        "(define-record-type thing (make-thing a b) thing? (a thing-a) (b thing-b set-thing-b!))\n"
        "(define (insert x l) (cond ((null? l) (list x)) ((< x (car l)) (cons x l))\n"
        "  (else (cons (car l) (insert x (cdr l))))))\n"
        "(define (sorted l) (if (null? l) '() (insert (car l) (sorted (cdr l)))))\n"
        "(define (exact-integer-sqrt-of n)\n"
        "  (call-with-values (lambda () (exact-integer-sqrt (abs n))) (lambda (a b) (- a b))))\n"
        "(define (generate-all l)\n"
        "  (define return #f)\n"
        "  (define (next) (call/cc (lambda (r) (set! return r)\n"
        "    (for-each (lambda (x) (call/cc (lambda (k) (set! next (lambda () (k #f)))\n"
        "      (return x)))) l) (return 'end))))\n"
        "  (let loop ((sum 0) (n 0))\n"
        "    (let ((x (call/cc (lambda (r) (set! return r) (next)))))\n"
        "      (if (eq? x 'end) (+ sum n) (loop (+ sum x) (+ n 1))))))\n";
    buffer_append(out, head, sizeof head - 1);
}
