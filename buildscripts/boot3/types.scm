;; Types, their sizes and layout as the System V ABI for i386 has them.

;; kind    void bool char schar uchar short ushort int uint long ulong llong
;;         ullong float double ldouble pointer array function struct union
;; size    bytes, #f of an incomplete type; align bytes
;; base    what a pointer points to, an array consists of, a function returns
;; detail  array: number of elements or #f; function: list of parameter types,
;;         or #f if () says nothing; struct, union: list of fields
;; flag    function: variadic; struct, union: its tag (a string) or #f
;; quals   0, or a sum of 1 const and 2 volatile
;; main    the unqualified type of a qualified one, else #f
(define-record-type type
  (make-type kind size align base detail flag quals main)
  type?
  (kind type-kind)
  (size type-size* set-type-size!)
  (align type-align* set-type-align!)
  (base type-base)
  (detail type-detail* set-type-detail!)
  (flag type-flag)
  (quals type-quals)
  (main type-main))

(define (type-size t) (type-size* (or (type-main t) t)))
(define (type-align t) (type-align* (or (type-main t) t)))
(define (type-detail t) (type-detail* (or (type-main t) t)))
(define (unqualified t) (or (type-main t) t))
(define (const? t) (odd? (type-quals t)))
(define (volatile? t) (>= (type-quals t) 2))

;; bit, width  of a bit-field in the unit at offset, else #f; the unit is an
;;             integer of the field's type, or of 32 bits where those suffice
(define-record-type field
  (make-field name type offset bit width)
  field?
  (name field-name)
  (type field-type)
  (offset field-offset)
  (bit field-bit)
  (width field-width))

(define (basic kind size align) (make-type kind size align #f #f #f 0 #f))
(define type-void (basic 'void #f 1))
(define type-bool (basic 'bool 1 1))
(define type-char (basic 'char 1 1))
(define type-schar (basic 'schar 1 1))
(define type-uchar (basic 'uchar 1 1))
(define type-short (basic 'short 2 2))
(define type-ushort (basic 'ushort 2 2))
(define type-int (basic 'int 4 4))
(define type-uint (basic 'uint 4 4))
(define type-long (basic 'long 4 4))
(define type-ulong (basic 'ulong 4 4))
(define type-llong (basic 'llong 8 4))
(define type-ullong (basic 'ullong 8 4))
(define type-float (basic 'float 4 4))
(define type-double (basic 'double 8 4))
(define type-ldouble (basic 'ldouble 12 4))

(define (pointer-to t) (make-type 'pointer 4 4 t #f #f 0 #f))
(define (array-of t count)
  (make-type 'array (and count (type-size t) (* count (type-size t))) (type-align t) t count #f 0 #f))
(define (function-type result params variadic)
  (make-type 'function #f 1 result params variadic 0 #f))

;; t with more qualifiers; those of an array are its elements'
(define (qualify t quals)
  (let ((q (let ((old (type-quals t)))
             (+ (if (or (odd? old) (odd? quals)) 1 0) (if (or (>= old 2) (>= quals 2)) 2 0)))))
    (cond ((= q (type-quals t)) t)
          ((eq? (type-kind t) 'array)
           (make-type 'array (type-size t) (type-align t) (qualify (type-base t) quals)
                      (type-detail t) #f 0 #f))
          (else
           (make-type (type-kind t) (type-size t) (type-align t) (type-base t) (type-detail t)
                      (type-flag t) q (unqualified t))))))

;; ---- predicates ----------------------------------------------------------
(define (integer-type? t)
  (memq (type-kind t) '(int char uint uchar long ulong llong ullong short ushort schar bool)))
(define (float-type? t) (memq (type-kind t) '(double float ldouble)))
(define (arithmetic-type? t) (or (integer-type? t) (float-type? t)))
(define (pointer-type? t) (eq? (type-kind t) 'pointer))
(define (scalar-type? t) (or (pointer-type? t) (arithmetic-type? t)))
(define (array-type? t) (eq? (type-kind t) 'array))
(define (function-type? t) (eq? (type-kind t) 'function))
(define (void-type? t) (eq? (type-kind t) 'void))
(define (aggregate-type? t) (memq (type-kind t) '(struct union)))
(define (unsigned-type? t) (memq (type-kind t) '(uint pointer uchar ullong ulong ushort bool)))
(define (wide-type? t) (memq (type-kind t) '(llong ullong)))
(define (void-pointer? t) (and (pointer-type? t) (void-type? (type-base t))))

;; value n as the integer or pointer type t has it
(define (wrap-to t n)
  (case (type-kind t)
    ((int long) (if (and (<= -2147483648 n) (<= n 2147483647)) n (wrap-signed n 32)))
    ((uint ulong pointer) (if (and (<= 0 n) (< n two^32)) n (wrap-unsigned n 32)))
    ((char schar) (wrap-signed n 8))
    ((uchar) (wrap-unsigned n 8))
    ((short) (wrap-signed n 16))
    ((ushort) (wrap-unsigned n 16))
    ((llong) (wrap-signed n 64))
    ((ullong) (wrap-unsigned n 64))
    ((bool) (if (= n 0) 0 1))
    (else n)))

(define (integer-rank t)
  (case (type-kind t)
    ((bool) 0) ((char schar uchar) 1) ((short ushort) 2) ((int uint) 3) ((long ulong) 4) (else 5)))

;; 6.3.1.1: what is narrower than int becomes int
(define (promoted t)
  (if (< (integer-rank t) 3) type-int (unqualified t)))

;; 6.3.1.8: the common type of two arithmetic types
(define (common-type a b)
  (let ((ka (type-kind a)) (kb (type-kind b)))
    (cond ((or (eq? ka 'ldouble) (eq? kb 'ldouble)) type-ldouble)
          ((or (eq? ka 'double) (eq? kb 'double)) type-double)
          ((or (eq? ka 'float) (eq? kb 'float)) type-float)
          (else
           (let ((a (promoted a)) (b (promoted b)))
             (cond ((eq? a b) a)
                   ((eq? (and (unsigned-type? a) #t) (and (unsigned-type? b) #t))
                    (if (> (integer-rank a) (integer-rank b)) a b))
                   (else
                    (let* ((u (if (unsigned-type? a) a b)) (s (if (unsigned-type? a) b a)))
                      (cond ((>= (integer-rank u) (integer-rank s)) u)
                            ((> (type-size s) (type-size u)) s)
                            (else type-ulong))))))))))

;; ---- compatibility (6.2.7) -----------------------------------------------
(define (same-type? a b)                ; qualifiers of both must agree too
  (or (eq? a b)
      (and (= (type-quals a) (type-quals b)) (same-unqualified? a b))))

(define (same-unqualified? a b)
  (let ((a (unqualified a)) (b (unqualified b)))
    (or (eq? a b)
        (and (eq? (type-kind a) (type-kind b))
             (case (type-kind a)
               ((pointer) (same-type? (type-base a) (type-base b)))
               ((array)
                (and (same-type? (type-base a) (type-base b))
                     (or (not (type-detail a)) (not (type-detail b))
                         (= (type-detail a) (type-detail b)))))
               ((function)
                (and (same-type? (type-base a) (type-base b))
                     (or (not (type-detail a)) (not (type-detail b))
                         (and (eq? (type-flag a) (type-flag b))
                              (= (length (type-detail a)) (length (type-detail b)))
                              (let loop ((x (type-detail a)) (y (type-detail b)))
                                (or (null? x)
                                    (and (same-unqualified? (car x) (car y))
                                         (loop (cdr x) (cdr y)))))))))
               ((struct union) #f)
               (else #t))))))

;; The type of two declarations of one thing: the one that says more.
(define (composite-type a b)
  (cond ((and (array-type? a) (not (type-detail a))) b)
        ((and (function-type? a) (not (type-detail a))) b)
        (else a)))

;; ---- layout --------------------------------------------------------------
;; Gives the fields of an aggregate their offsets and sets its size. A member
;; is (name type width-or-#f place least-alignment); an unnamed one has the
;; name #f. packed: nothing is aligned by itself; least: the aggregate is, to so
;; much at least.
(define (lay-out! t members packed least)
  (let ((union (eq? (type-kind t) 'union)))
    (let loop ((m members) (bit 0) (end 0) (align (max 1 least)) (fields '()))
      (if (null? m)
          (begin
            (set-type-detail! t (reverse fields))
            (set-type-align! t align)
            (set-type-size! t (align-up end align)))
          (let* ((name (car (car m))) (type (cadr (car m))) (width (caddr (car m)))
                 (bit (if union 0 bit))
                 (a (min pack-limit (max (if packed 1 (type-align type)) (list-ref (car m) 4))))
                 (unit (* 8 a)))
            (cond
             ((not width)
              (let* ((offset (align-up (quotient (+ bit 7) 8) a))
                     (next (+ offset (or (type-size type) 0))))
                (loop (cdr m) (* 8 next) (max end next) (max align a)
                      (cons (make-field name type offset #f #f) fields))))
             ((= width 0)
              (loop (cdr m) (align-up bit unit) (max end (if union 0 (quotient (align-up bit unit) 8)))
                    align fields))
             (else
              (let* ((crosses (> (quotient (+ (modulo bit unit) width unit -1) unit)
                                 (quotient (* 8 (type-size type)) unit)))
                     (bit (if crosses (align-up bit unit) bit))
                     (next (+ bit width)))
                (loop (cdr m) next (max end (quotient (+ next 7) 8))
                      (if name (max align a) align)
                      (if name
                          (cons (make-field name type (* a (quotient bit unit)) (modulo bit unit) width)
                                fields)
                          fields))))))))))

;; -> list of fields from the aggregate's own down to the named one through
;; anonymous members, or #f
(define (find-field t name)
  (let loop ((l (type-detail t)))
    (cond ((null? l) #f)
          ((eq? (field-name (car l)) name) (list (car l)))
          ((and (not (field-name (car l))) (aggregate-type? (field-type (car l))))
           (let ((inner (find-field (field-type (car l)) name)))
             (if inner (cons (car l) inner) (loop (cdr l)))))
          (else (loop (cdr l))))))

;; ---- names for messages --------------------------------------------------
(define (type->string t)
  (let ((q (case (type-quals t) ((1) "const ") ((2) "volatile ") ((3) "const volatile ") (else ""))))
    (case (type-kind t)
      ((pointer)
       (if (function-type? (type-base t))
           (string-append (type->string (type-base (type-base t))) " (*)()")
           (let ((s (type->string (type-base t))))
             (string-append s (if (char=? #\* (string-ref s (- (string-length s) 1))) "*" " *")
                            (if (= 0 (type-quals t)) "" (string-append q ""))))))
      ((array)
       (string-append (type->string (type-base t)) "["
                      (if (type-detail t) (number->string (type-detail t)) "") "]"))
      ((function) (string-append (type->string (type-base t)) " ()"))
      ((struct union)
       (string-append q (symbol->string (type-kind t)) " " (or (type-flag t) "{...}")))
      (else
       (string-append
        q (case (type-kind t)
            ((bool) "_Bool") ((schar) "signed char") ((uchar) "unsigned char")
            ((ushort) "unsigned short") ((uint) "unsigned int") ((ulong) "unsigned long")
            ((llong) "long long") ((ullong) "unsigned long long") ((ldouble) "long double")
            (else (symbol->string (type-kind t)))))))))
