;; The parser's tokens, and expressions.

(define keyword-list
  '("auto" "break" "case" "char" "const" "continue" "default" "do" "double" "else" "enum"
    "extern" "float" "for" "goto" "if" "inline" "int" "long" "register" "restrict" "return"
    "short" "signed" "sizeof" "static" "struct" "switch" "typedef" "union" "unsigned" "void"
    "volatile" "while" "_Bool" "_Complex" "_Imaginary" "_Static_assert" "_Alignof" "_Alignas"
    "_Noreturn" "_Thread_local" "_Atomic" "_Generic" "_Pragma"
    "__attribute__" "__extension__" "asm" "typeof"
    "__builtin_va_start" "__builtin_va_arg" "__builtin_va_end" "__builtin_va_copy"
    "__builtin_va_list" "__builtin_offsetof" "__builtin_expect" "__builtin_unreachable"))
(for-each (lambda (s) (set-name-keyword! (intern s) (string->symbol s))) keyword-list)
(for-each (lambda (p) (set-name-keyword! (intern (car p)) (cadr p)))
          '(("__inline" inline) ("__inline__" inline) ("__const" const) ("__const__" const)
            ("__volatile" volatile) ("__volatile__" volatile) ("__restrict" restrict)
            ("__restrict__" restrict) ("__signed" signed) ("__signed__" signed)
            ("__attribute" __attribute__) ("__asm" asm) ("__asm__" asm) ("__typeof" typeof)
            ("__typeof__" typeof) ("__alignof__" _Alignof) ("__alignof" _Alignof)))

;; ---- tokens --------------------------------------------------------------
(define tok #f)                         ; the token to be parsed
(define tk #f)                          ; its kind, or its keyword
(define place #f)                       ; where it stands
(define ahead #f)                       ; (token . place) read beyond tok, or #f

(define (next!)
  (if ahead
      (begin
        (set! tok (car ahead))
        (set! place (cdr ahead))
        (set! ahead #f))
      (begin
        (set! tok (pp-token))
        (set! place here)))
  (set! tk (token-kind tok))
  (if (eq? tk 'ident)
      (let ((k (name-keyword (token-value tok))))
        (if k
            (begin
              (set! tk k)
              (if (eq? k '_Pragma) (skip-pragma)))))))

(define (skip-pragma)
  (next!) (expect! 'lparen) (expect! 'string) (if (not (eq? tk 'rparen)) (expect! 'rparen)) (next!))

(define (peek)
  (if (not ahead) (let ((t (pp-token))) (set! ahead (cons t here))))
  (car ahead))
(define (peek-kind)
  (let ((t (peek)))
    (or (and (eq? (token-kind t) 'ident) (name-keyword (token-value t))) (token-kind t))))

(define (accept! kind) (and (eq? tk kind) (begin (next!) #t)))

(define (token-text)
  (case tk
    ((eof) "the end of the file")
    (else (string-append "'" (token-spelling tok) "'"))))

(define (kind-text kind)
  (or (punctuator-spelling kind)
      (case kind ((ident) "a name") (else (symbol->string kind)))))

(define (expect! kind)
  (if (eq? tk kind)
      (next!)
      (give-up place "expected " (kind-text kind) " before " (token-text))))

(define (expect-name!)                  ; -> name
  (let ((t tok))
    (expect! 'ident)
    (token-value t)))

;; ---- expressions ---------------------------------------------------------
(define (parse-expression)
  (let loop ((n (parse-assignment)))
    (if (eq? tk 'comma)
        (let ((p place))
          (next!)
          (let ((b (rvalue (parse-assignment))))
            (loop (make-node 'comma (unqualified (node-type b)) n b #f p))))
        n)))

(define (assign-operator kind)
  (case kind
    ((add=) 'add) ((sub=) 'sub) ((mul=) 'mul) ((div=) 'div) ((mod=) 'mod) ((and=) 'and)
    ((or=) 'or) ((xor=) 'xor) ((shl=) 'shl) ((shr=) 'shr) (else #f)))

(define (parse-assignment)
  (let ((a (parse-conditional)))
    (cond ((eq? tk 'assign)
           (let ((p place)) (next!) (assign a (parse-assignment) p)))
          ((and (symbol? tk) (assign-operator tk))
           => (lambda (op) (let ((p place)) (next!) (update op a (parse-assignment) #f p))))
          (else a))))

(define (parse-conditional)
  (let ((c (parse-binary (parse-cast) 3)))
    (if (eq? tk 'question)
        (let ((p place))
          (next!)
          (if (eq? tk 'colon)
              (elvis c p)
              (let ((a (parse-expression)))
                (expect! 'colon)
                (conditional c a (parse-conditional) p))))
        c)))

;; GNU: a ?: b is a ? a : b with a evaluated once
(define (elvis a p)
  (next!)
  (let ((a (check-scalar a "condition")))
    (if (not current-function)
        (conditional a a (parse-conditional) p)
        (let* ((t (unqualified (node-type a))) (o (new-temporary t)) (v (make-node 'var t o 0 #f p)))
          (let ((n (conditional v v (parse-conditional) p)))
            (make-node 'comma (node-type n) (make-node 'assign t v a #f p) n #f p))))))

(define (binary-operator kind)
  (case kind
    ((star) 'mul) ((slash) 'div) ((percent) 'mod) ((plus) 'add) ((minus) 'sub) ((amp) 'and)
    ((bar) 'or) ((caret) 'xor) (else kind)))

(define (precedence)
  (let ((v (token-value tok)))
    (if (and (exact-integer? v) (not (eq? tk 'stray))) v 0)))

;; Operators that bind tighter than level.
(define (parse-binary a level)
  (let loop ((a a))
    (let ((p (precedence)))
      (if (> p level)
          (let ((op (binary-operator tk)) (at place))
            (next!)
            (loop (binary op a (parse-binary (parse-cast) p) at)))
          a))))

(define (type-ahead?)                   ; the token behind ( begins a type
  (let ((t (peek)))
    (and (eq? (token-kind t) 'ident)
         (type-word? (name-keyword (token-value t)) (token-value t)))))

(define (type-here?)                    ; so does this token
  (and (eq? (token-kind tok) 'ident) (type-word? (name-keyword (token-value tok)) (token-value tok))))

(define (type-word? keyword name)
  (if keyword
      (memq keyword '(int char void const unsigned struct long short enum union signed float double
                      volatile _Bool typeof __builtin_va_list restrict __extension__ _Complex
                      _Atomic __attribute__))
      (let ((o (lookup name))) (and o (eq? (object-kind o) 'typedef)))))

(define (parse-cast)
  (if (and (eq? tk 'lparen) (type-ahead?))
      (let ((p place))
        (next!)
        (let ((t (parse-type-name)))
          (expect! 'rparen)
          (if (eq? tk 'lbrace)
              (parse-postfix (compound-literal t p))
              (cast (parse-cast) t p))))
      (parse-unary)))

(define (cast n t p)
  (let* ((n (rvalue n)) (from (node-type n)))
    (cond ((void-type? t) (make-node 'cast type-void n #f #f p))
          ((not (scalar-type? t))
           (if (and (aggregate-type? t) (same-unqualified? t from))
               n
               (begin (complain p "cast to " (type->string t)) n)))
          ((not (scalar-type? from))
           (complain p "cast of " (type->string from) " to " (type->string t)) (num t 0 p))
          ((or (and (pointer-type? t) (float-type? from)) (and (float-type? t) (pointer-type? from)))
           (complain p "cast of " (type->string from) " to " (type->string t)) (error-node p))
          (else
           (let ((c (convert n t)))
             (if (lvalue? c) (make-node 'cast (unqualified t) c #f #f p) c))))))

(define (parse-unary)
  (let ((p place))
    (case tk
      ((inc dec)
       (let ((op (if (eq? tk 'inc) 'add 'sub)))
         (next!)
         (update op (parse-unary) (int-node 1 p) #f p)))
      ((amp) (next!) (take-address (parse-cast) p))
      ((star) (next!) (dereference (parse-cast) p))
      ((plus) (next!) (unary 'plus (parse-cast) p))
      ((minus) (next!) (unary 'neg (parse-cast) p))
      ((tilde) (next!) (unary 'bitnot (parse-cast) p))
      ((not) (next!) (unary 'not (parse-cast) p))
      ((sizeof) (next!) (size-of (parse-operand-type) p))
      ((_Alignof) (next!) (num type-uint (type-align (parse-operand-type)) p))
      ((__extension__) (next!) (parse-cast))
      ((andand) (next!) (label-address p))
      (else (parse-postfix (parse-primary))))))

;; the type of sizeof's operand, whether type or expression
(define (parse-operand-type)
  (if (and (eq? tk 'lparen) (type-ahead?))
      (let ((p place))
        (next!)
        (let ((t (parse-type-name)))
          (expect! 'rparen)
          (if (eq? tk 'lbrace)
              (node-type (parse-postfix (compound-literal t p)))
              t)))
      (let ((n (parse-unary)))
        (if (eq? (node-op n) 'bits) (complain (node-place n) "sizeof a bit-field"))
        (node-type n))))

(define (size-of t p)
  (cond ((type-size t) (num type-uint (type-size t) p))
        ((or (void-type? t) (function-type? t)) (num type-uint 1 p))
        (else (complain p "sizeof incomplete " (type->string t)) (num type-uint 1 p))))

(define (take-address n p)
  (cond ((function-type? (node-type n)) (address-of n (pointer-to (node-type n))))
        ((lvalue? n)
         (if (and (eq? (node-op n) 'var) (eq? (object-value (node-a n)) 'register))
             (complain p "address of a register variable"))
         (address-of n (pointer-to (node-type n))))
        (else (complain p "address of what is no variable") (error-node p))))

(define (dereference n p)
  (let* ((n (rvalue n)) (t (node-type n)))
    (cond ((not (pointer-type? t))
           (complain p "* of " (type->string t)) (error-node p))
          ((function-type? (type-base t)) (deref-at n 0 (type-base t) p))
          (else (deref-at n 0 (type-base t) p)))))

;; ---- postfix -------------------------------------------------------------
(define (parse-postfix n)
  (let ((p place))
    (case tk
      ((lbracket)
       (next!)
       (let ((i (parse-expression)))
         (expect! 'rbracket)
         (parse-postfix (dereference (binary 'add n i p) p))))
      ((lparen) (parse-postfix (parse-call n p)))
      ((dot) (next!) (parse-postfix (member-of n (expect-name!) p)))
      ((arrow)
       (next!)
       (let* ((n (rvalue n)) (name (expect-name!)) (t (node-type n)))
         (parse-postfix
          (if (and (pointer-type? t) (aggregate-type? (type-base t)))
              (member-of (deref-at n 0 (type-base t) p) name p)
              (begin (complain p "-> of " (type->string t)) (error-node p))))))
      ((inc dec)
       (let ((op (if (eq? tk 'inc) 'add 'sub)))
         (next!)
         (parse-postfix (update op n (int-node 1 p) #t p))))
      (else n))))

(define (member-of n name p)
  (let ((t (node-type n)))
    (if (not (aggregate-type? t))
        (begin (complain p "." (name-string name) " of " (type->string t)) (error-node p))
        (let ((path (and (type-size t) (find-field t name))))
          (cond ((not (type-size t))
                 (complain p (type->string t) " is incomplete") (error-node p))
                ((not path)
                 (complain p (type->string t) " has no member " (name-string name)) (error-node p))
                (else
                 (let loop ((n n) (path path))
                   (if (null? path) n (loop (field-of n (car path) p) (cdr path))))))))))

(define (field-of n f p)
  (if (field-bit f)
      (let* ((t (field-type f)) (bits (+ (field-bit f) (field-width f)))
             (unit (cond ((<= bits 8) type-uchar) ((<= bits 16) type-ushort)
                         ((<= bits 32) type-uint) (else type-ullong))))
        (make-node 'bits (qualify t (type-quals (node-type n))) (part-of n (field-offset f) unit p)
                   (field-bit f) (field-width f) p))
      (part-of n (field-offset f)
               (qualify (field-type f) (type-quals (node-type n))) p)))

;; what lies offset bytes into the aggregate n
(define (part-of n offset type p)
  (case (node-op n)
    ((var) (make-node 'var type (node-a n) (+ (node-b n) offset) #f p))
    ((deref) (make-node 'deref type (node-a n) (+ (node-b n) offset) #f p))
    ((sequence) (make-node 'sequence type (node-a n) (part-of (node-b n) offset type p) #f p))
    (else
     (make-node 'deref type (make-node 'place-of (pointer-to (node-type n)) n #f #f p) offset #f p))))

(define (parse-call f p)
  (next!)
  (let* ((f (rvalue f)) (t (and (pointer-type? (node-type f)) (type-base (node-type f)))))
    (if (not (and t (function-type? t)))
        (begin (complain p "call of " (type->string (node-type f))) (set! t (function-type type-int #f #f))))
    (let loop ((args '()) (params (type-detail t)))
      (if (eq? tk 'rparen)
          (begin
            (if (pair? params) (complain place "too few arguments"))
            (next!)
            (make-call f (reverse args) t p))
          (let* ((arg (parse-assignment))
                 (value (cond ((pair? params) (convert-assigned arg (car params) "argument"))
                              (else
                               (if (and (null? params) (not (type-flag t)))
                                   (complain (node-place arg) "too many arguments"))
                               (default-promotion arg)))))
            (if (not (eq? tk 'rparen)) (expect! 'comma))
            (loop (cons value args) (if (pair? params) (cdr params) params)))))))

(define (default-promotion n)
  (let* ((n (rvalue n)) (t (node-type n)))
    (case (type-kind t)
      ((float) (convert n type-double))
      ((void) (complain (node-place n) "argument without a value") (error-node (node-place n)))
      (else (if (integer-type? t) (convert n (promoted t)) n)))))

(define (make-call f args t p)
  (let ((result (unqualified (type-base t))))
    (note-call f)
    (for-each (lambda (a) (aggregate-on-stack (node-type a) p)) args)
    (aggregate-on-stack result p)
    (if (or (void-type? result) (type-size result))
        (make-node 'call result f args
                   (cons t (and (aggregate-type? result) (if current-function #t (give-up p "a call outside of functions"))
                                (new-temporary result)))
                   p)
        (begin
          (complain p "call gives incomplete " (type->string result))
          (error-node p)))))

;; ---- primaries -----------------------------------------------------------
(define (parse-primary)
  (let ((p place) (t tok))
    (case tk
      ((ident)
       (next!)
       (identifier (token-value t) p))
      ((number) (next!) (number-node t p))
      ((character) (next!) (int-node (char-value t) p))
      ((string) (string-node (parse-strings) p))
      ((lparen)
       (next!)
       (if (eq? tk 'lbrace)
           (statement-expression p)
           (let ((n (parse-expression)))
             (expect! 'rparen)
             n)))
      ((__builtin_va_start) (next!) (va-start p))
      ((__builtin_va_arg) (next!) (va-arg p))
      ((__builtin_va_end)
       (next!) (expect! 'lparen) (parse-assignment) (expect! 'rparen)
       (make-node 'cast type-void (int-node 0 p) #f #f p))
      ((__builtin_va_copy)
       (next!) (expect! 'lparen)
       (let ((a (parse-assignment)))
         (expect! 'comma)
         (let ((b (parse-assignment)))
           (expect! 'rparen)
           (assign a b p))))
      ((__builtin_offsetof) (next!) (offset-of p))
      ((__builtin_expect)
       (next!) (expect! 'lparen)
       (let ((a (parse-assignment)))
         (expect! 'comma) (parse-assignment) (expect! 'rparen)
         (convert (rvalue a) type-long)))
      ((__builtin_unreachable)
       (next!) (expect! 'lparen) (expect! 'rparen)
       (make-node 'cast type-void (int-node 0 p) #f #f p))
      ((_Generic) (next!) (parse-generic p))
      (else (give-up p "expected an expression before " (token-text))))))

;; C11 6.5.1.1, which costs nothing here
(define (parse-generic p)
  (expect! 'lparen)
  (let ((type (unqualified (node-type (rvalue (parse-assignment))))))
    (let loop ((chosen #f) (default #f))
      (if (accept! 'comma)
          (let* ((t (if (accept! 'default) #f (parse-type-name))) (hit (and t (same-type? t type))))
            (expect! 'colon)
            (let ((n (parse-assignment)))
              (loop (if hit n chosen) (if t default n))))
          (begin
            (expect! 'rparen)
            (or chosen default
                (begin
                  (complain p "_Generic has nothing for " (type->string type))
                  (error-node p))))))))

(define (number-node t p)
  (let* ((s (token-value t)) (n (parse-integer s)))
    (if n
        (num (constant-type n p) (car n) p)
        (let ((f (parse-float s)))
          (if f
              (make-node 'flt (case (cdr f) ((float) type-float) ((double) type-double)
                                (else type-ldouble))
                         (car f) #f #f p)
              (begin (complain p "no number: " s) (error-node p)))))))

;; 6.4.4.1: the first type that has the value
(define (constant-type n p)
  (let* ((v (car n)) (u (cadr n)) (longs (caddr n)) (decimal (= 10 (cadddr n))))
    (cond ((and (< longs 2) (not u) (< v 2147483648)) (if (= longs 0) type-int type-long))
          ((and (< longs 2) (or u (not decimal)) (< v two^32)) (if (= longs 0) type-uint type-ulong))
          ((and (not u) (< v two^63)) type-llong)
          ((< v two^64)
           (if (not (or u (not decimal))) (warn p "decimal constant is only unsigned"))
           type-ullong)
          (else (complain p "integer constant too large") type-ullong))))

(define (identifier name p)
  (let ((o (lookup name)))
    (cond ((not o)
           (if (and current-function
                    (member (name-string name) '("__func__" "__FUNCTION__" "__PRETTY_FUNCTION__")))
               (string-node (string->list* (name-string (object-name current-function))) p)
               (begin
                 (complain p (name-string name) " is not declared")
                 (bind! name (make-object name 'variable type-int 'extern p (name-string name) #f 0 #t
                                          'declared #f))
                 (error-node p))))
          ((eq? (object-kind o) 'constant) (int-node (object-value o) p))
          ((eq? (object-kind o) 'typedef)
           (give-up p "expected an expression before the type " (name-string name)))
          (else
           (set-object-uses! o (+ (object-uses o) use-weight))
           (make-node 'var (object-type o) o 0 #f p)))))

(define (string->list* s) (map char->integer (string->list s)))

;; Adjacent literals: (wide? . characters)
(define (parse-strings)
  (let loop ((l '()) (wide #f))
    (if (eq? tk 'string)
        (let ((t tok)) (next!) (loop (cons t l) (or wide (wide-literal? t))))
        (cons wide (string-characters (reverse l))))))

(define (string-node s p)
  (let* ((wide (and (pair? s) (eq? (car s) #t)))
         (characters (if (and (pair? s) (boolean? (car s))) (cdr s) s))
         (element (if wide type-int type-char))
         (o (string-object characters element)))
    (make-node 'var (object-type o) o 0 #f p)))

;; ---- varargs, offsetof ---------------------------------------------------
(define (va-start p)
  (expect! 'lparen)
  (let ((ap (parse-assignment)))
    (expect! 'comma)
    (let ((last (parse-assignment)))
      (expect! 'rparen)
      (if (not (and current-function (type-flag (object-type current-function))))
          (complain p "va_start in a function without ..."))
      (if (not (eq? (node-op last) 'var))
          (begin (complain p "va_start wants the last parameter") (error-node p))
          (assign ap
                  (add-offset (address-of last (pointer-to type-char))
                              (align-up (type-size (node-type last)) 4)
                              (pointer-to type-char))
                  p)))))

(define (va-arg p)
  (expect! 'lparen)
  (let ((ap (parse-assignment)))
    (expect! 'comma)
    (let ((t (parse-type-name)))
      (expect! 'rparen)
      (let ((size (or (type-size t) (begin (complain p "va_arg of incomplete type") 4))))
        (if (or (eq? (type-kind t) 'float) (and (integer-type? t) (< (type-size t) 4)))
            (warn p "va_arg of " (type->string t) ", which is promoted"))
        (deref-at (add-offset (update 'add ap (int-node (align-up size 4) p) #f p)
                              (- (align-up size 4)) (pointer-to t))
                  0 t p)))))

(define (offset-of p)
  (expect! 'lparen)
  (let ((t (parse-type-name)))
    (expect! 'comma)
    (let loop ((n (member-of (deref-at (num (pointer-to t) 0 p) 0 t p) (expect-name!) p)))
      (case tk
        ((dot) (next!) (loop (member-of n (expect-name!) p)))
        ((lbracket)
         (next!)
         (let ((i (parse-expression)))
           (expect! 'rbracket)
           (loop (dereference (binary 'add n i p) p))))
        (else
         (expect! 'rparen)
         (convert (address-of n (pointer-to type-void)) type-uint))))))

;; ---- constants -----------------------------------------------------------
;; An integer constant expression -> integer
(define (parse-constant what)
  (let* ((p place) (n (rvalue (parse-conditional))))
    (if (and (num? n) (integer-type? (node-type n)))
        (node-a n)
        (begin (complain p what " is no integer constant") 1))))
