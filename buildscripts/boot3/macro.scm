;; Macros: where tokens come from, and how a macro is replaced (C99 6.10.3).

;; params   #f for an object-like macro, else how many (the last one is
;;          __VA_ARGS__ if variadic)
;; body     list of tokens; of kind param (value: index), stringify (index) and
;;          paste are those that mean something
;; builtin  procedure place -> list of tokens, for __LINE__ and its like
;; busy     it is being replaced: its own name stays as it is
(define-record-type macro
  (make-macro name params variadic body builtin busy)
  macro?
  (name macro-name)
  (params macro-params)
  (variadic macro-variadic)
  (body macro-body)
  (builtin macro-builtin)
  (busy macro-busy set-macro-busy!))

;; ---- where tokens come from ----------------------------------------------
;; A context is what is left of a macro's replacement; the file is below all.
(define context '())                    ; tokens still to be read
(define context-macro #f)               ; whose replacement they are, or #f
(define contexts '())                   ; ((tokens . macro) ...) around it
(define unread-token #f)                ; one token put back on the file
(define here #f)                        ; the last token read from a file

(define (push-context! tokens macro)
  (if (or (pair? context) context-macro (pair? contexts))
      (set! contexts (cons (cons context context-macro) contexts)))
  (set! context tokens)
  (set! context-macro macro)
  (if macro (set-macro-busy! macro #t)))

(define (pop-context!)
  (if context-macro (set-macro-busy! context-macro #f))
  (if (null? contexts)
      (begin (set! context '()) (set! context-macro #f))
      (begin
        (set! context (car (car contexts)))
        (set! context-macro (cdr (car contexts)))
        (set! contexts (cdr contexts)))))

(define (raw-token)
  (cond ((pair? context)
         (let ((t (car context))) (set! context (cdr context)) t))
        ((or context-macro (pair? contexts)) (pop-context!) (raw-token))
        (unread-token
         (let ((t unread-token))
           (set! unread-token #f)
           (if (token-source t) (set! here t)) ; not the end of a list
           t))
        (else
         (let ((t (file-token))) (set! here t) t))))

(define (unread! t)
  (if (or (pair? context) context-macro (pair? contexts))
      (set! context (cons t context))
      (set! unread-token t)))

;; ---- expansion -----------------------------------------------------------
;; Next token after macro expansion.
(define (pp-token)
  (let ((t (raw-token)))
    (if (eq? (token-kind t) 'ident)
        (let ((m (name-macro (token-value t))))
          (if (and m (not (token-painted t))) (expand t m) t))
        t)))

(define (paint t)
  (make-token 'ident (token-value t) (token-source t) (token-offset t) (token-space t) #t))

(define (expand t m)
  (cond ((macro-busy m) (paint t))
        ((macro-builtin m)
         (push-context! ((macro-builtin m) t) #f)
         (pp-token))
        ((not (macro-params m))
         (push-context! (space-first (expand-body m #f t) t) m)
         (pp-token))
        (else
         (let* ((place here) (next (raw-token)))
           (if (eq? (token-kind next) 'lparen)
               (let ((args (collect-arguments t m)))
                 (set! here place)
                 (push-context! (space-first (expand-body m args t) t) m)
                 (pp-token))
               (begin
                 (unread! next)
                 (set! here place)
                 t))))))

;; the replacement stands where the name stood
(define (space-first tokens t)
  (if (null? tokens)
      tokens
      (cons (token-respaced (car tokens) (token-space t)) (cdr tokens))))

;; Reads arguments up to the closing parenthesis; a vector of token lists.
(define (collect-arguments t m)
  (let ((count (macro-params m)))
    (let loop ((depth 0) (arg '()) (args '()) (n 1))
      (let* ((x (raw-token)) (kind (token-kind x)))
        (cond
         ((memq kind '(eof newline end-of-list))
          (unread! x)
          (complain t "arguments of macro " (name-string (macro-name m)) " have no end")
          (make-vector count '()))
         ((and (eq? kind 'rparen) (= depth 0))
          (finish-arguments t m (reverse (cons (reverse arg) args))))
         ((and (eq? kind 'comma) (= depth 0)
               (not (and (macro-variadic m) (= n count))))
          (loop 0 '() (cons (reverse arg) args) (+ n 1)))
         (else
          (loop (case kind ((lparen) (+ depth 1)) ((rparen) (- depth 1)) (else depth))
                (cons (if (= 2 (token-space x)) (token-respaced x 1) x) arg)
                args n)))))))

(define (finish-arguments t m args)
  (let ((count (macro-params m)) (n (length args)))
    (cond ((= n count) (list->vector args))
          ((and (= count 0) (= n 1) (null? (car args))) (vector))
          ((and (macro-variadic m) (= n (- count 1)))
           (list->vector (append args '(()))))
          (else
           (complain t "macro " (name-string (macro-name m)) " wants " count
                     (if (= count 1) " argument" " arguments") ", not " n)
           (make-vector count '())))))

;; Expands a list of tokens completely, on its own.
(define (expand-list tokens)
  (if (any? (lambda (t) (eq? (token-kind t) 'ident)) tokens)
      (begin
        (push-context! (append tokens (list end-of-list)) #f)
        (let loop ((out '()))
          (let ((t (pp-token)))
            (if (eq? (token-kind t) 'end-of-list)
                (reverse out)
                (loop (cons t out))))))
      tokens))

(define end-of-list (make-token 'end-of-list 0 #f 0 0 #f))
(define placemarker (make-token 'placemarker 0 #f 0 0 #f))

;; The body of m with the arguments put in (6.10.3.1 to 6.10.3.3).
(define (expand-body m args place)
  (if (not (any? (lambda (t) (memq (token-kind t) '(param stringify paste))) (macro-body m)))
      (macro-body m)
      (let ((expanded (make-vector (if args (vector-length args) 0) #f)))
        (define (full-argument i)
          (or (vector-ref expanded i)
              (let ((l (expand-list (vector-ref args i))))
                (vector-set! expanded i l)
                l)))
        (define (operand t raw)         ; tokens that t stands for
          (case (token-kind t)
            ((param)
             (let ((l (if raw (vector-ref args (token-value t)) (full-argument (token-value t)))))
               (cond ((pair? l) (space-first l t))
                     (raw (list placemarker))
                     (else l))))
            ((stringify) (list (stringify (vector-ref args (token-value t)) t)))
            (else (list t))))
        (let loop ((body (macro-body m)) (out '()) (pasting #f))
          (if (null? body)
              (filter (lambda (t) (not (eq? (token-kind t) 'placemarker))) (reverse out))
              (let* ((t (car body))
                     (before-paste (and (pair? (cdr body)) (eq? (token-kind (cadr body)) 'paste)))
                     (rest (if before-paste (cddr body) (cdr body))))
                (cond
                 ((and before-paste (eq? (token-kind t) 'comma) (macro-variadic m) (pair? rest)
                       (eq? (token-kind (car rest)) 'param)
                       (= (token-value (car rest)) (- (macro-params m) 1)))
                  ;; GNU: `, ## __VA_ARGS__` drops the comma before nothing
                  (let ((l (full-argument (token-value (car rest)))))
                    (loop (cdr rest)
                          (if (null? (vector-ref args (token-value (car rest))))
                              out
                              (append (reverse (space-first l (car rest))) (cons t out)))
                          #f)))
                 (pasting
                  (let ((l (operand t #t)))
                    (loop rest
                          (append (reverse (cdr l)) (append (paste (car out) (car l) place) (cdr out)))
                          before-paste)))
                 (else
                  (loop rest (append (reverse (operand t before-paste)) out) before-paste)))))))))

;; # : the spelling of an argument as a string literal
(define (stringify tokens t)
  (let ((port (open-output-string)))
    (write-char #\" port)
    (let loop ((l tokens) (first #t))
      (if (pair? l)
          (let* ((x (car l)) (s (token-spelling x)))
            (if (and (not first) (> (token-space x) 0)) (write-char #\space port))
            (if (memq (token-kind x) '(string character))
                (do ((i 0 (+ i 1))) ((= i (string-length s)))
                  (let ((c (string-ref s i)))
                    (if (memv c '(#\" #\\)) (write-char #\\ port))
                    (write-char c port)))
                (write-string s port))
            (loop (cdr l) #f))))
    (write-char #\" port)
    (make-token 'string (string->utf8 (get-output-string port))
                (token-source t) (token-offset t) (token-space t) #f)))

;; ## : list of the one token that two spellings give
(define (paste a b place)
  (cond ((eq? (token-kind a) 'placemarker) (list b))
        ((eq? (token-kind b) 'placemarker) (list a))
        (else
         (let ((l (lex-string-tokens (string-append (token-spelling a) (token-spelling b)) place)))
           (if (and (pair? l) (null? (cdr l)))
               (list (token-respaced (car l) (token-space a)))
               (begin
                 (complain place "## does not make one token of " (token-spelling a)
                           " and " (token-spelling b))
                 (list a)))))))
