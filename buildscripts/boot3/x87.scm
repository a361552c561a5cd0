;; Code for float, double and long double, in st0.

;; ---- what a node needs ---------------------------------------------------
(define (node-parts n)
  (case (node-op n)
    ((num flt var address clear statement) '())
    ((deref cast neg bitnot not bits place-of) (list (node-a n)))
    ((cond) (list (node-a n) (node-b n) (node-c n)))
    ((sequence) (cons (node-b n) (node-a n)))
    ((call) (cons (node-a n) (node-b n)))
    (else (list (node-a n) (node-b n)))))

;; A call needs all eight registers.
(define (calls? n)
  (or (memq (node-op n) '(call statement))
      (and (memq (node-op n) '(div mod update cast)) #t (wide-or-call? n))
      (any? calls? (node-parts n))))
(define (wide-or-call? n)
  (or (wide-type? (node-type n))
      (and (eq? (node-op n) 'update) (wide-type? (cadr (node-c n))))))

(define (float-depth n)                 ; registers of the stack it needs
  (case (node-op n)
    ((add sub mul div)
     (if (float-type? (node-type n))
         (max (float-depth (node-a n)) (+ 1 (float-depth (node-b n))))
         1))
    ((num flt var address clear) 1)
    (else (apply max 1 (map float-depth (node-parts n))))))

(define (must-spill? n) (or (calls? n) (> (float-depth n) 6)))

(define (spill!)
  (alu! 'sub esp (constant 12))
  (float-store-pop! on-stack type-ldouble))
(define (unspill!)
  (float-load! on-stack type-ldouble)
  (drop! 12))

;; ---- values --------------------------------------------------------------
(define (gen-float n)
  (case (node-op n)
    ((flt) (gen-float-constant (node-a n)))
    ((var deref) (float-load! (gen-lvalue n) (node-type n)))
    ((cast) (gen-cast-float n))
    ((neg) (gen-float (node-a n)) (bytes! 217 224))
    ((add sub mul div) (gen-float-binary n))
    ((cond) (gen-conditional n gen-float))
    ((comma) (gen-effect (node-a n)) (gen-float (node-b n)))
    ((sequence) (for-each gen-effect (node-a n)) (gen-float (node-b n)))
    ((statement) (gen-statement-expression n gen-float))
    ((assign) (gen-assign n #t))
    ((update) (gen-update n #t))
    ((call) (gen-call n))
    (else (fatal "no code for a float of " (node-op n)))))

(define (gen-float-constant x)
  (cond ((and (float-zero? x) (not (float-negative x))) (bytes! 217 238))
        ((eqv? 0 (float-compare x (integer->float 1))) (bytes! 217 232))
        (else
         (let ((type (let fits ((l (list type-float type-double type-ldouble)))
                       (if (or (null? (cdr l)) (not (float-finite? x))
                               (eqv? 0 (float-compare x (float-round x (type-kind (car l))))))
                           (car l)
                           (fits (cdr l))))))
           (float-load! (make-memory #f #f 1 0 (float-label x type)) type)))))

(define (float-number op)               ; of the instruction's register field
  (case op ((add) 0) ((mul) 1) ((sub) 4) (else 6)))

(define (gen-float-binary n)
  (let* ((op (node-op n)) (a (node-a n)) (b (node-b n))
         (in-memory (memq (type-kind (node-type b)) '(float double)))
         (b* (if (and (eq? (node-op b) 'cast) (memq (type-kind (node-type (node-a b))) '(float double))
                      (>= (type-size (node-type b)) (type-size (node-type (node-a b)))))
                 (node-a b)
                 b))
         (m (and (memq (type-kind (node-type b*)) '(float double)) (memq (node-op b*) '(var deref))
                 (easy-lvalue b*))))
    (cond
     (m
      (gen-float a)
      (op-rm! (if (eq? (type-kind (node-type b*)) 'float) 216 220) (float-number op) m))
     ((must-spill? b)
      (gen-float a)
      (spill!)
      (gen-float b)
      (unspill!)                        ; st0 = a, st1 = b
      (bytes! 222 (case op ((add) 193) ((mul) 201) ((sub) 225) (else 241))))
     (else
      (gen-float a)
      (gen-float b)                     ; st0 = b, st1 = a
      (bytes! 222 (case op ((add) 193) ((mul) 201) ((sub) 233) (else 249)))))))

;; ---- conversions ---------------------------------------------------------
(define (gen-cast-float n)
  (let* ((a (node-a n)) (from (node-type a)) (t (node-type n)))
    (case (class-of from)
      ((float)
       (gen-float a)
       (if (< (type-size t) (type-size from)) (round-float! t)
           (if (and (= (type-size t) (type-size from)) (not (memq (node-op a) '(var deref))))
               (round-float! t))))
      ((word)
       (let ((m (and (= 4 (type-size from)) (not (unsigned-type? from)) (simple a))))
         (cond
          ((and m (memory? m)) (op-rm! 219 0 m))
          ((and (= 4 (type-size from)) (unsigned-type? from))
           (gen-word a)
           (push! (constant 0))
           (push! eax)
           (op-rm! 223 5 on-stack)
           (drop! 8))
          (else
           (gen-word a)
           (push! eax)
           (op-rm! 219 0 on-stack)
           (drop! 4))))
       (round-exact! t from))
      (else
       (gen-wide a)
       (push-wide!)
       (op-rm! 223 5 on-stack)
       (drop! 8)
       (if (unsigned-type? from)
           (let ((positive (fresh-code-label)))
             (test! edx)
             (jump-if! 'ns positive)
             (op-rm! 216 0 (make-memory #f #f 1 0 (float-label (make-float #f 1 64) type-float)))
             (label! positive)))
       (round-exact! t from)))))

(define (round-exact! t from)           ; an integer that t may not hold exactly
  (if (case (type-kind t)
        ((float) (>= (type-size from) 4))
        ((double) (= (type-size from) 8))
        (else #f))
      (round-float! t)))

(define (round-float! t)
  (if (not (eq? (type-kind t) 'ldouble))
      (begin
        (alu! 'sub esp (constant 8))
        (float-store-pop! on-stack t)
        (float-load! on-stack t)
        (drop! 8))))

;; st0 truncated, on the stack as a 64-bit integer with 4 bytes above it
(define (truncate!)
  (alu! 'sub esp (constant 12))
  (op-rm! 217 7 (based esp 8))          ; fnstcw
  (op-0f! 183 eax (based esp 8))
  (bytes! 128 204 12)                   ; or ah, 12
  (store! (based esp 10) eax 2)
  (op-rm! 217 5 (based esp 10))         ; fldcw
  (op-rm! 223 7 on-stack)               ; fistp qword
  (op-rm! 217 5 (based esp 8)))

(define (gen-float-to-word n)
  (let ((a (node-a n)) (t (node-type n)))
    (if (eq? (type-kind t) 'bool)
        (gen-truth (make-node 'ne type-int a (make-node 'flt (node-type a) (integer->float 0) #f #f #f)
                              #f #f))
        (begin
          (gen-float a)
          (truncate!)
          (pop! eax)
          (drop! 8)
          (narrow! eax t type-int)))))

(define (gen-float-to-wide n)
  (gen-float (node-a n))
  (if (unsigned-type? (node-type n))
      (begin
        (spill!)
        (call-label! "__fixunsxfdi")
        (drop! 12))
      (begin
        (truncate!)
        (pop! eax)
        (pop! edx)
        (drop! 4))))

;; ---- comparisons and assignments -----------------------------------------
;; Only above and above-or-equal are false for NaNs, so < and <= are turned.
(define (gen-float-branch n sense label)
  (let* ((op (node-op n)) (turn (memq op '(lt le)))
         (a (if turn (node-b n) (node-a n))) (b (if turn (node-a n) (node-b n))))
    (if (must-spill? a)
        (begin (gen-float a) (spill!) (gen-float b) (unspill!))
        (begin (gen-float b) (gen-float a)))
    (bytes! 223 233)                    ; fucomip st0, st1
    (bytes! 221 216)                    ; fstp st0
    (case op
      ((gt lt) (branch! 'a sense label))
      ((ge le) (branch! 'ae sense label))
      (else
       (if (eq? sense (eq? op 'eq))
           (let ((past (fresh-code-label)))
             (jump-if! 'p past)
             (jump-if! 'e label)
             (label! past))
           (begin
             (jump-if! 'p label)
             (jump-if! 'ne label)))))))

(define (gen-assign-float n wanted)
  (let* ((a (node-a n)) (v (node-b n)) (m (easy-lvalue a)) (t (node-type a)))
    (define (store m)
      (float-store-pop! m t)
      (if wanted (float-load! m t)))
    (cond
     (m (gen-float v) (store m))
     ((and (eq? (node-op a) 'deref) (one-register-pointer? (node-a a)))
      (gen-float v)
      (store (memory-in ecx (node-a a) (node-b a))))
     (else
      (gen-saved-pointer a)
      (gen-float v)
      (pop! ecx)
      (store (based ecx 0))))))
