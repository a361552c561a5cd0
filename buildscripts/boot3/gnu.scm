;; Statements in expressions, ({ ... }), as GNU C has them.

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

;; ---- code ----------------------------------------------------------------
(define (gen-statement-expression n gen) ; gen: for the value
  (for-each gen-statement (node-a n))
  (if (node-b n) (gen (node-b n))))

(define stack-home #f)                  ; where a function keeps esp between statements
(define (keep-stack! leaves)
  (set! stack-home (and leaves (allocate! 4)))
  (if leaves (store! (based ebp stack-home) esp 4)))
(define (restore-stack!) (mov! esp (based ebp stack-home)))
