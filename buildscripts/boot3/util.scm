;; What every part of the compiler uses: names, errors, output, bits of integers.

;; ---- names ---------------------------------------------------------------
;; Every identifier is one record, found by its spelling once, in the lexer.
;; What it means in each of C's name spaces stands in the record itself, so no
;; part of the compiler ever looks an identifier up in a table again.
;;
;;   keyword  symbol of the keyword, or #f     macro  its definition, or #f
;;   object   innermost variable, function, typedef or enumerator, or #f
;;   tag      innermost struct, union or enum, or #f
;;   label    label of the function being read, or #f
(define-record-type name
  (make-name string keyword macro object tag label)
  name?
  (string name-string)
  (keyword name-keyword set-name-keyword!)
  (macro name-macro set-name-macro!)
  (object name-object set-name-object!)
  (tag name-tag set-name-tag!)
  (label name-label set-name-label!))

(define all-names (make-hash-table))

;; string -> the one name record of that spelling
(define (intern string)
  (or (hash-table-ref/default all-names string #f)
      (let ((n (make-name string #f #f #f #f #f)))
        (hash-table-set! all-names string n)
        n)))

;; ---- output --------------------------------------------------------------
;; One large buffer for each output; it is written when full.
(define out-size 65536)
(define out-buffer (make-bytevector out-size 0))
(define out-used 0)
(define out-port #f)

(define (out-flush!)
  (write-bytevector out-buffer out-port 0 out-used)
  (set! out-used 0))

(define (out-byte! b)
  (if (= out-used out-size) (out-flush!))
  (bytevector-u8-set! out-buffer out-used b)
  (set! out-used (+ out-used 1)))

(define (out-string! s)
  (let ((n (string-length s)))
    (do ((i 0 (+ i 1))) ((= i n))
      (out-byte! (char->integer (string-ref s i))))))

(define (out-bytes! bv start end)
  (do ((i start (+ i 1))) ((= i end))
    (out-byte! (bytevector-u8-ref bv i))))

(define (out-number! n) (out-string! (number->string n)))
(define (out-line! . strings) (for-each out-string! strings) (out-byte! 10))

;; ---- errors --------------------------------------------------------------
(define error-limit 10)
(define error-count 0)
(define warning-count 0)

(define (print-error . parts)
  (let ((port (current-error-port)))
    (for-each (lambda (p) (display p port)) parts)
    (newline port)))

;; Ends the run; what was begun is not left behind.
(define leave-hook (lambda () #f))
(define (leave status)
  (leave-hook)
  (exit status))

;; An error outside of any source file.
(define (fatal . parts)
  (apply print-error "cc: " parts)
  (leave 1))

;; A place is a token read from a file (lex.scm); #f is no place.
(define (report place kind parts)
  (apply print-error
         (append (if place (list (place->string place) ": " kind) (list "cc: " kind))
                 parts)))

;; Says what is wrong and goes on; after ten errors the run ends.
(define (complain place . parts)
  (report place "" parts)
  (set! error-count (+ error-count 1))
  (if (>= error-count error-limit)
      (begin (print-error "cc: too many errors") (leave 1))))

(define (warn place . parts)
  (set! warning-count (+ warning-count 1))
  (report place "warning: " parts))

;; Says what is wrong and gives up the declaration being read (recover is set
;; by the parser's loop over declarations).
(define recover #f)
(define (give-up place . parts)
  (apply complain place parts)
  (if recover (recover #f) (leave 1)))

;; ---- integers as the machine has them ------------------------------------
(define two^32 4294967296)
(define two^63 9223372036854775808)
(define two^64 18446744073709551616)

(define (power2 n) (expt 2 n))

;; n as a two's complement number of that many bits
(define (wrap-signed n bits)
  (let* ((m (power2 bits)) (u (modulo n m)))
    (if (< u (quotient m 2)) u (- u m))))
(define (wrap-unsigned n bits) (modulo n (power2 bits)))

(define (fits-byte? n) (and (<= -128 n) (<= n 127)))

;; log2 of n if n is a power of two, else #f
(define (log2 n)
  (and (> n 0)
       (let loop ((n n) (k 0))
         (cond ((= n 1) k)
               ((odd? n) #f)
               (else (loop (quotient n 2) (+ k 1)))))))

(define (integer-bits n)                ; bits of n >= 0 without leading zeros
  (let wide ((n n) (k 0))
    (if (< n 65536)
        (let loop ((n n) (k k)) (if (= n 0) k (loop (quotient n 2) (+ k 1))))
        (wide (quotient n 65536) (+ k 16)))))

;; The bitwise operations on exact integers, digit by digit in base 2 so that
;; negative numbers are two's complement of any length.
(define (bitwise f a b)
  (let loop ((a a) (b b) (bit 1) (sum 0))
    (if (and (<= -1 a 0) (<= -1 b 0))
        (- sum (* bit (f (- a) (- b))))
        (loop (floor-quotient a 2) (floor-quotient b 2) (* bit 2)
              (+ sum (* bit (f (modulo a 2) (modulo b 2))))))))
(define (bit-and a b) (bitwise (lambda (x y) (* x y)) a b))
(define (bit-or a b) (bitwise (lambda (x y) (if (= 0 (+ x y)) 0 1)) a b))
(define (bit-xor a b) (bitwise (lambda (x y) (if (= x y) 0 1)) a b))
(define (bit-not a) (- -1 a))
(define (shift-left a n) (* a (power2 n)))
(define (shift-right a n) (floor-quotient a (power2 n)))

;; ---- lists ---------------------------------------------------------------
(define (filter keep? l)
  (let loop ((l l) (out '()))
    (cond ((null? l) (reverse out))
          ((keep? (car l)) (loop (cdr l) (cons (car l) out)))
          (else (loop (cdr l) out)))))

(define (any? f l) (and (pair? l) (or (f (car l)) (any? f (cdr l)))))
(define (last-of l) (if (null? (cdr l)) (car l) (last-of (cdr l))))

(define (align-up n a) (* a (quotient (+ n a -1) a)))
