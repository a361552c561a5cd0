;; What GNU C adds to statements: statements in expressions, ({ ... }), and labels as values, &&l.

;; The node `statement` has the statements, and the value of the last one as a
;; node, or #f. What it declares keeps its place in the frame up to the end of
;; the block around it, as the value may lie there.
;;
;; Around such an expression there may be things on the stack that the value is
;; waited for by. So a jump out of it first sets esp to what it is between
;; statements (stack-home), and jumps into it are refused. On the x87's stack
;; nothing waits: for calls? it is a call.

(define (statement-expression p)        ; at {, behind (
  (if (not current-function) (give-up p "statements in an expression outside of functions"))
  (let ((level expression-level) (cases switch-cases))
    (set! expression-level (cons p level))
    (set! switch-cases #f)              ; a case cannot be jumped to from outside
    (next!)
    (enter-scope!)
    (let loop ((out '()) (last #f))     ; last: the last statement, if it is an expression
      (let ((all (if last (cons last out) out)))
        (case tk
          ((rbrace)
           (leave-scope!)
           (next!)
           (expect! 'rparen)
           (set! expression-level level)
           (set! switch-cases cases)
           (let ((n (and last (rvalue (vector-ref last 2)))))
             (make-node 'statement (if n (unqualified (node-type n)) type-void) (reverse out) n #f p)))
          ((eof) (give-up place "a block without an end"))
          (else
           (if (declaration-ahead?)
               (loop (append (reverse (parse-local-declaration)) all) #f)
               (let ((s (parse-statement)))
                 (if (eq? 'expr (vector-ref s 0))
                     (loop all s)
                     (loop (cons s all) #f))))))))))

;; A jump from here to a label of that level: whether it leaves an expression.
(define (leaves? level p)
  (if (eq? level expression-level)
      #f
      (begin
        (if (pair? level) (complain p "a jump from one expression's statements to those of another"))
        (set! leaves-expressions #t)
        #t)))

(define (note-goto! s label)
  (set! gotos (cons (list s expression-level label) gotos))
  s)

;; At the end of a function all labels are known.
(define (check-gotos)
  (for-each
   (lambda (g)
     (let ((s (car g)) (target (vector-ref (caddr g) 3)))
       (if (not (eq? target (cadr g)))
           (begin
             (if (pair? target) (complain (vector-ref s 1) "goto into the statements of an expression"))
             (set! leaves-expressions #t)
             (vector-set! s 3 #t)))))
   gotos)
  (set! gotos '()))

;; ---- labels as values ----------------------------------------------------
;; &&l is the address of an object whose label stands in the function's code.
(define labels-taken '())               ; (label . object) of this function

(define (label-address p)               ; behind &&
  (if (not current-function) (give-up p "the address of a label outside of functions"))
  (let ((l (find-label (expect-name!) p)))
    (if (not (vector-ref l 4))
        (let ((o (make-object #f 'variable type-char 'static p (new-static-label "label") #f 0 #t
                              'defined #f)))
          (vector-set! l 4 o)
          (set! labels-taken (cons (cons l o) labels-taken))
          (use-object! current-function))) ; a table may name it that is there in any case
    (make-node 'address (pointer-to type-void) (vector-ref l 4) 0 #f p)))

(define (parse-goto p)                  ; behind goto
  (if (accept! 'star)
      (let ((n (rvalue (parse-expression))))
        (expect! 'semicolon)
        (if (not (pointer-type? (node-type n)))
            (complain p "goto to " (type->string (node-type n))))
        (vector 'jump-to p n (leaves? '() p)))
      (let ((l (find-label (expect-name!) p)))
        (expect! 'semicolon)
        (note-goto! (vector 'jump p (vector-ref l 0) #f) l))))

(define (check-labels-taken)            ; one that is jumped to from anywhere
  (for-each
   (lambda (t)
     (if (pair? (vector-ref (car t) 3))
         (complain (object-place (cdr t)) "the address of a label in an expression's statements")))
   labels-taken)
  (map (lambda (t) (cons (vector-ref (car t) 0) (cdr t))) labels-taken))

;; ---- asm -----------------------------------------------------------------
;; asm("" ::: "memory") keeps a compiler from moving things. This one moves nothing between statements.
(define (asm-statement p)               ; behind asm
  (define (no) (give-up p "asm inside of a function is not supported"))
  (accept! 'volatile)
  (expect! 'lparen)
  (if (pair? (cdr (parse-strings))) (no))
  (let loop ((colons 0))
    (cond ((accept! 'colon) (loop (+ colons 1)))
          ((and (= colons 3) (eq? tk 'string)) (parse-strings) (accept! 'comma) (loop colons))
          ((accept! 'rparen) (expect! 'semicolon) (vector 'block p '()))
          (else (no)))))

;; ---- code ----------------------------------------------------------------
(define label-objects '())              ; ((label number . object) ...) of the function at hand

(define (gen-label l)
  (label! l)
  (let ((t (assv l label-objects)))
    (if t (set! code-marks (cons (cons code-size (cdr t)) code-marks)))))

(define (gen-jump-to n leaves)
  (gen-word n)
  (if leaves (restore-stack!))
  (op-rm! 255 4 eax)                    ; jmp eax
  (set! reachable #f))

(define (gen-statement-expression n gen) ; gen: for the value
  (for-each gen-statement (node-a n))
  (if (node-b n) (gen (node-b n))))

(define stack-home #f)                  ; where a function keeps esp between statements
(define (keep-stack! leaves)
  (set! stack-home (and leaves (allocate! 4)))
  (if leaves (store! (based ebp stack-home) esp 4)))
(define (restore-stack!) (mov! esp (based ebp stack-home)))
