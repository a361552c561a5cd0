;; Options, and one run of the compiler.

(define predefined
  "__STDC__ 1
__STDC_VERSION__ 199901L
__STDC_HOSTED__ 1
__i386__ 1
__i386 1
__linux__ 1
__unix__ 1
__ELF__ 1
__ILP32__ 1
_ILP32 1
__SEEDBED_CC__ 1
__CHAR_BIT__ 8
__SIZE_TYPE__ unsigned int
__PTRDIFF_TYPE__ int
__WCHAR_TYPE__ int
__SIZEOF_POINTER__ 4
__SIZEOF_INT__ 4
__SIZEOF_LONG__ 4
__SIZEOF_LONG_LONG__ 8
__INT_MAX__ 2147483647
__LONG_MAX__ 2147483647L
__ORDER_LITTLE_ENDIAN__ 1234
__BYTE_ORDER__ 1234
__DATE__ \"Jan  1 1970\"
__TIME__ \"00:00:00\"")

(define (usage)
  (print-error "usage: cc -o OUT [-E | -S] [-g] [--gas] [-I DIR] [-D NAME[=VALUE]] [-U NAME] FILE.c")
  (leave 2))

(define (define-text! name value)       ; as -D does
  (let ((l (lex-string-tokens (string-append name " " value) #f)))
    (if (not (and (pair? l) (eq? 'ident (token-kind (car l))))) (fatal "no name of a macro: " name))
    (if (and (pair? (cdr l)) (eq? 'lparen (token-kind (cadr l))) (= 0 (token-space (cadr l))))
        (fatal "-D takes no macro with parameters"))
    (set-name-macro! (token-value (car l))
                     (make-macro (token-value (car l)) #f #f (cdr l) #f #f))))

(define (builtin-macro! string f)
  (let ((n (intern string)))
    (set-name-macro! n (make-macro n #f #f '() f #f))))

(define (define-builtins!)
  (define (at-here kind value t)
    (make-token kind value (token-source t) (token-offset t) (token-space t) #f))
  (for-each
   (lambda (line)
     (let loop ((i 0))
       (if (char=? #\space (string-ref line i))
           (define-text! (substring line 0 i) (substring line (+ i 1) (string-length line)))
           (loop (+ i 1)))))
   (split-lines predefined))
  (builtin-macro! "__LINE__"
                  (lambda (t)
                    (list (at-here 'number (number->string (place-line (or here t))) t))))
  (builtin-macro! "__FILE__"
                  (lambda (t)
                    (let ((h (or here t)))
                      (list (at-here 'string
                                     (string->utf8
                                      (string-append "\"" (offset->path (token-source h) (token-offset h)) "\""))
                                     t))))))

;; ---- -E ------------------------------------------------------------------
(define (preprocess-only!)
  (let loop ((line #f) (before #f))
    (let ((t (pp-token)))
      (if (eq? (token-kind t) 'eof)
          (out-byte! 10)
          (let ((now (cons (token-source here) (line-index (token-source here) (token-offset here)))))
            (cond
             ((not (equal? now line))
              (if line (out-byte! 10))
              (if (not (and line (eq? (car line) (car now)) (= (+ 1 (cdr line)) (cdr now))))
                  (out-line! "# " (number->string (place-line here)) " \""
                             (offset->path (token-source here) (token-offset here)) "\"")))
             ((or (> (token-space t) 0) (glue? before t)) (out-byte! 32)))
            (out-string! (token-spelling t))
            (loop now t))))))

(define (glue? a b)                     ; the two would read as one
  (let ((word (lambda (t) (memq (token-kind t) '(ident number)))))
    (and a
         (or (and (word a) (word b))
             (not (or (word a) (word b) (memq (token-kind b) '(lparen rparen comma semicolon lbracket rbracket))
                      (memq (token-kind a) '(lparen rparen comma semicolon lbracket rbracket))))
             (and (eq? 'dot (token-kind a)) (eq? 'number (token-kind b)))))))

;; ---- compilation ---------------------------------------------------------
(define (compile!)
  (next!)
  (let loop ()
    (if (not (eq? tk 'eof))
        (begin
          (call-with-current-continuation
           (lambda (k)
             (set! recover (lambda (x) (abandon!) (k x)))
             (parse-external)
             #t))
          (loop))))
  (set! recover #f)
  (define-tentative!)
  (emit-waiting!)
  (check-statics))

;; After an error that the parser cannot go on from: to the end of the
;; declaration, with all scopes closed.
(define (abandon!)
  (let close () (if (> scope-depth 0) (begin (leave-scope!) (close))))
  (for-each (lambda (n) (set-name-label! n #f)) label-names)
  (set! label-names '())
  (set! current-function #f)
  (set! leaves '())
  (set! pending #f)
  (let skip ((depth 0))
    (case tk
      ((eof) #f)
      ((lbrace) (next!) (skip (+ depth 1)))
      ((rbrace) (next!) (if (> depth 1) (skip (- depth 1))))
      ((semicolon) (next!) (if (> depth 0) (skip depth)))
      (else (next!) (skip depth)))))

(define (check-statics)
  (hash-table-walk globals
    (lambda (name o)
      (if (and (eq? 'static (object-storage o)) (eq? 'function (object-kind o))
               (eq? 'declared (object-state o)) (object-home o))
          (complain (object-place o) name " is static, used and not defined")))))

(define (main arguments)
  (let loop ((l arguments) (out #f) (mode 'compile) (dirs '()) (defines '()) (file #f))
    (define (value rest-of-option k)    ; of -X VALUE or -XVALUE
      (if (string=? rest-of-option "")
          (if (null? (cdr l)) (usage) (k (cadr l) (cddr l)))
          (k rest-of-option (cdr l))))
    (if (pair? l)
        (let* ((a (car l)) (n (string-length a)))
          (if (and (> n 1) (char=? #\- (string-ref a 0)))
              (let ((tail (substring a 2 n)))
                (case (string-ref a 1)
                  ((#\o) (value tail (lambda (v l) (loop l v mode dirs defines file))))
                  ((#\I) (value tail (lambda (v l) (loop l out mode (cons v dirs) defines file))))
                  ((#\D) (value tail (lambda (v l) (loop l out mode dirs (cons (cons #t v) defines) file))))
                  ((#\U) (value tail (lambda (v l) (loop l out mode dirs (cons (cons #f v) defines) file))))
                  ((#\E) (loop (cdr l) out 'preprocess dirs defines file))
                  ((#\S #\c) (loop (cdr l) out mode dirs defines file))
                  ((#\g) (set! line-labels #t) (loop (cdr l) out mode dirs defines file))
                  (else
                   (if (string=? a "--gas")
                       (loop (cdr l) out 'gas dirs defines file)
                       (usage)))))
              (if file (usage) (loop (cdr l) out mode dirs defines a))))
        (if (not (and file out))
            (usage)
            (run file out mode (reverse dirs) (reverse defines))))))

(define (split-define s)                ; NAME[=VALUE] -> (name . value)
  (let loop ((i 0))
    (cond ((= i (string-length s)) (cons s "1"))
          ((char=? #\= (string-ref s i)) (cons (substring s 0 i) (substring s (+ i 1) (string-length s))))
          (else (loop (+ i 1))))))

(define (with-slash d)
  (if (or (string=? d "") (char=? #\/ (string-ref d (- (string-length d) 1)))) d (string-append d "/")))

(define (run file out mode dirs defines)
  (set! include-path (map with-slash dirs))
  (define-builtins!)
  (for-each
   (lambda (d)
     (if (car d)
         (let ((x (split-define (cdr d)))) (define-text! (car x) (cdr x)))
         (set-name-macro! (intern (cdr d)) #f)))
   defines)
  (if (not (file-exists? file)) (fatal "no file " file))
  (set! out-port (guard (e (#t (fatal "cannot write " out))) (open-binary-output-file out)))
  (set! leave-hook (lambda () (close-port out-port) (delete-file out)))
  (enter-file! file #f)
  (if (eq? mode 'preprocess)
      (preprocess-only!)
      (begin
        (if (eq? mode 'gas) (set! output 'gas))
        (compile!)))
  (if (> error-count 0) (leave 1))
  (out-flush!)
  (close-port out-port)
  (exit 0))
