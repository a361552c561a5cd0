;; Code for words: integers and pointers of up to 32 bits, in eax.
;;
;; eax, ecx and edx are free at any time; ebx, esi and edi hold the variables
;; that a function uses most. gen-word leaves a value in eax and may change
;; all three. What can be had in one register alone (one-register?) gen-to puts
;; into any of the three and leaves the other two as they are.

(define (class-of type)
  (case (type-kind type)
    ((llong ullong) 'wide)
    ((float double ldouble) 'float)
    ((struct union array) 'aggregate)
    ((void) 'void)
    (else 'word)))
(define (word? n) (eq? (class-of (node-type n)) 'word))

;; ---- where things are ----------------------------------------------------
(define register-home 16777216)         ; homes from here on are registers
(define (object-register o)             ; number, or #f
  (let ((h (object-home o))) (and (auto? o) (>= h register-home) (- h register-home))))

(define (object-memory o offset)
  (if (auto? o)
      (based ebp (+ offset (object-home o)))
      (make-memory #f #f 1 offset o)))

;; without casts that change nothing
(define (strip n)
  (if (and (eq? (node-op n) 'cast) (same-word? (node-type n) (node-type (node-a n))))
      (strip (node-a n))
      n))

(define (register-variable n)           ; its register, or #f
  (let ((n (strip n)))
    (and (eq? (node-op n) 'var) (object-register (node-a n)))))

;; n as index of an address: (register or node . scale)
(define (scaled-index n)
  (let ((n (strip n)))
    (if (and (memq (node-op n) '(mul shl)) (num? (node-b n)) (word? n))
        (let ((k (node-a (node-b n))))
          (cond ((and (eq? (node-op n) 'mul) (memv k '(2 4 8))) (cons (node-a n) k))
                ((and (eq? (node-op n) 'shl) (memv k '(1 2 3))) (cons (node-a n) (power2 k)))
                (else (cons n 1))))
        (cons n 1))))

;; Memory that pointer n + offset names, if no code is needed to have it; or #f.
(define (easy-memory n offset)
  (let ((n (strip n)))
    (case (node-op n)
      ((var) (let ((r (object-register (node-a n)))) (and r (based r offset))))
      ((address) (object-memory (node-a n) (+ offset (node-b n))))
      ((num) (make-memory #f #f 1 (+ offset (node-a n)) #f))
      ((add)
       (if (num? (node-b n))
           (easy-memory (node-a n) (+ offset (wrap-signed (node-a (node-b n)) 32)))
           (let ((base (easy-memory (node-a n) offset)))
             (and base (not (memory-index base))
                  (let* ((s (scaled-index (node-b n))) (r (register-variable (car s))))
                    (and r (make-memory (memory-base base) r (cdr s) (memory-disp base)
                                        (memory-label base))))))))
      (else #f))))

;; Memory of an lvalue that needs no code, or #f.
(define (easy-lvalue n)
  (case (node-op n)
    ((var) (and (not (object-register (node-a n))) (object-memory (node-a n) (node-b n))))
    ((deref) (easy-memory (node-a n) (node-b n)))
    (else #f)))

;; A word that an instruction can use as it is: number, register or memory.
(define (simple n)
  (case (node-op n)
    ((num) (constant (node-a n)))
    ((address) (if (auto? (node-a n)) #f (make-immediate (node-b n) (node-a n))))
    ((var)
     (or (object-register (node-a n))
         (and (eqv? 4 (type-size (node-type n))) (word? n) (object-memory (node-a n) (node-b n)))))
    ((deref) (and (eqv? 4 (type-size (node-type n))) (word? n) (easy-memory (node-a n) (node-b n))))
    ((cast)
     (let ((a (node-a n)))
       (cond ((same-word? (node-type n) (node-type a)) (simple a))
             ((and (word? a) (memq (type-kind (node-type n)) '(int uint long ulong pointer)))
              (register-variable a))
             ((and (wide-type? (node-type a)) (same-word? (node-type n) type-int)
                   (memq (node-op a) '(var deref)))
              (easy-lvalue a))
             (else #f))))
    (else #f)))

;; ---- one register --------------------------------------------------------
(define (one-register? n)
  (case (node-op n)
    ((num address var) #t)
    ((deref) (one-register-pointer? (node-a n)))
    ((cast)
     (let ((a (node-a n)))
       (if (word? a)
           (and (not (eq? (type-kind (node-type n)) 'bool)) (one-register? a))
           (and (wide-type? (node-type a)) (memq (node-op a) '(var deref))
                (not (eq? (type-kind (node-type n)) 'bool))
                (or (eq? (node-op a) 'var) (one-register-pointer? (node-a a)))))))
    ((neg bitnot) (one-register? (node-a n)))
    ((add sub and or xor mul) (and (simple (node-b n)) (one-register? (node-a n))))
    ((shl shr) (and (num? (node-b n)) (one-register? (node-a n))))
    ((eq ne lt le gt ge)
     (and (word? (node-a n)) (simple (node-b n)) (one-register? (node-a n))))
    (else #f)))

(define (one-register-pointer? p)
  (or (easy-memory p 0)
      (one-register? p)
      (let ((p (strip p)))
        (and (eq? (node-op p) 'add)
             (let ((base (easy-memory (node-a p) 0)))
               (and base (not (memory-index base)) (one-register? (car (scaled-index (node-b p))))))))))

;; Memory of pointer p + offset, using r alone.
(define (memory-in r p offset)
  (or (easy-memory p offset)
      (let* ((q (strip p)) (base (and (eq? (node-op q) 'add) (easy-memory (node-a q) offset))))
        (if (and base (not (memory-index base)) (not (num? (node-b q))))
            (let ((s (scaled-index (node-b q))))
              (gen-to r (car s))
              (make-memory (memory-base base) r (cdr s) (memory-disp base) (memory-label base)))
            (let split ((q q) (offset offset))
              (if (and (eq? (node-op q) 'add) (num? (node-b q)))
                  (split (strip (node-a q)) (+ offset (wrap-signed (node-a (node-b q)) 32)))
                  (begin
                    (gen-to r q)
                    (based r offset))))))))

(define (gen-to r n)                    ; r: eax, ecx or edx
  (let ((x (simple n)))
    (if x
        (mov! r x)
        (case (node-op n)
          ((address) (lea! r (object-memory (node-a n) (node-b n))))
          ((var) (load! r (object-memory (node-a n) (node-b n)) (node-type n)))
          ((deref) (load! r (memory-in r (node-a n) (node-b n)) (node-type n)))
          ((cast) (gen-cast-to r n))
          ((neg) (gen-to r (node-a n)) (neg! r))
          ((bitnot) (gen-to r (node-a n)) (not! r))
          ((mul)
           (let ((y (simple (node-b n))))
             (gen-to r (node-a n))
             (multiply! r y)))
          ((add)
           (gen-to r (node-a n))
           (add! r (simple (node-b n))))
          ((sub and or xor)
           (gen-to r (node-a n))
           (alu! (node-op n) r (simple (node-b n))))
          ((shl shr)
           (gen-to r (node-a n))
           (shift! (shift-op n) r (modulo (node-a (node-b n)) 32)))
          (else
           (gen-to r (node-a n))
           (setcc! (compare-words! r (simple (node-b n)) n) r))))))

(define (gen-cast-to r n)
  (let* ((a (node-a n)) (t (node-type n)) (from (node-type a)))
    (if (wide-type? from)
        (let ((m (if (eq? (node-op a) 'var)
                     (object-memory (node-a a) (node-b a))
                     (memory-in r (node-a a) (node-b a)))))
          (load! r m t))
        (let ((m (and (< (type-size t) (type-size from)) (memq (node-op a) '(var deref))
                      (not (register-variable a)))))
          (if m                         ; the low bytes of what is in memory
              (load! r (if (eq? (node-op a) 'var)
                           (object-memory (node-a a) (node-b a))
                           (memory-in r (node-a a) (node-b a)))
                     t)
              (begin
                (gen-to r a)
                (narrow! r t from)))))))

(define (narrow! r t from)              ; a value of type from becomes one of t
  (if (or (< (type-size t) (type-size from))
          (and (= (type-size t) (type-size from)) (< (type-size t) 4)
               (not (eq? (and (unsigned-type? t) #t) (and (unsigned-type? from) #t))))
          (and (= (type-size t) 2) (= (type-size from) 1) (unsigned-type? t) (not (unsigned-type? from))))
      (load! r r t)))

(define (shift-op n)
  (if (eq? (node-op n) 'shl) 'shl (if (unsigned-type? (node-type n)) 'shr 'sar)))

(define (add! r x)
  (if (and (immediate? x) (not (immediate-label x)) (memv (immediate-value x) '(1 -1)))
      (byte! (+ r (if (= 1 (immediate-value x)) 64 72)))
      (alu! 'add r x)))

(define (multiply! r x)
  (if (and (immediate? x) (not (immediate-label x)))
      (let* ((n (wrap-signed (immediate-value x) 32)) (k (log2 n)))
        (cond (k (shift! 'shl r k))
              ((memv n '(3 5 9)) (lea! r (make-memory r r (- n 1) 0 #f)))
              ((= n -1) (neg! r))
              ((= n 0) (mov! r x))
              (else (imul-immediate! r r n))))
      (imul! r x)))

;; ---- comparisons ---------------------------------------------------------
(define (condition-of n)                ; of a comparison's node
  (let ((u (unsigned-type? (node-type (node-a n)))))
    (case (node-op n)
      ((eq) 'e) ((ne) 'ne)
      ((lt) (if u 'b 'l)) ((le) (if u 'be 'le)) ((gt) (if u 'a 'g)) (else (if u 'ae 'ge)))))

(define (compare-words! r y n)          ; flags of r - y; the condition
  (if (and (immediate? y) (not (immediate-label y)) (= 0 (immediate-value y)))
      (test! r)
      (alu! 'cmp r y))
  (condition-of n))

;; ---- words in general ----------------------------------------------------
(define (gen-word n)                    ; value of n in eax
  (if (one-register? n)
      (gen-to eax n)
      (case (node-op n)
        ((deref) (load! eax (gen-memory (node-a n) (node-b n)) (node-type n)))
        ((add sub and or xor mul) (gen-binary n))
        ((div mod) (gen-divide n))
        ((shl shr) (gen-shift n))
        ((neg) (gen-word (node-a n)) (neg! eax))
        ((bitnot) (gen-word (node-a n)) (not! eax))
        ((eq ne lt le gt ge not andand oror) (gen-truth n))
        ((cast) (gen-cast-word n))
        ((cond) (gen-conditional n gen-word))
        ((comma) (gen-effect (node-a n)) (gen-word (node-b n)))
        ((sequence) (for-each gen-effect (node-a n)) (gen-word (node-b n)))
        ((statement) (gen-statement-expression n gen-word))
        ((assign) (gen-assign-word n #t))
        ((update) (gen-update n #t))
        ((bits) (gen-word (bits-value n)))
        ((call) (gen-call n) (narrow! eax (node-type n) type-int))
        ((place-of) (gen-place (node-a n)))
        (else (fatal "no code for a word of " (node-op n))))))

;; eax = operand a, ecx or a simple operand = operand b; calls (f operand)
(define (gen-operands a b f)
  (let ((y (simple b)))
    (cond (y (gen-word a) (f y))
          ((one-register? b)
           (gen-word a)
           (gen-to ecx b)
           (f ecx))
          ((one-register? a)
           (gen-word b)
           (mov! ecx eax)
           (gen-to eax a)
           (f ecx))
          (else                         ; from left to right, as people expect of calls
           (gen-word a)
           (push! eax)
           (gen-word b)
           (mov! ecx eax)
           (pop! eax)
           (f ecx)))))

(define (gen-binary n)
  (let* ((op (node-op n)) (a (node-a n)) (b (node-b n))
         (swap (and (not (eq? op 'sub)) (not (one-register? b)) (one-register? a))))
    (gen-operands (if swap b a) (if swap a b)
                  (lambda (y)
                    (case op
                      ((mul) (multiply! eax y))
                      ((add) (add! eax y))
                      (else (alu! op eax y)))))))

(define (gen-divide n)
  (let* ((a (node-a n)) (b (node-b n)) (u (unsigned-type? (node-type n)))
         (k (and (num? b) (log2 (node-a b)))))
    (cond
     ((and u k)
      (gen-word a)
      (if (eq? (node-op n) 'div)
          (shift! 'shr eax k)
          (alu! 'and eax (constant (- (node-a b) 1)))))
     ((and k (> k 0))
      ;; towards zero: 2^k - 1 is added to a negative number first
      (gen-word a)
      (byte! 153)                       ; cdq
      (if (= k 1)
          (alu! 'sub eax edx)
          (begin
            (alu! 'and edx (constant (- (node-a b) 1)))
            (alu! 'add eax edx)))
      (if (eq? (node-op n) 'div)
          (shift! 'sar eax k)
          (begin
            (if (= k 1) (begin (alu! 'and eax (constant 1)) (alu! 'add eax edx))
                (begin (alu! 'and eax (constant (- (node-a b) 1))) (alu! 'sub eax edx))))))
     (else
      (gen-operands a b
                    (lambda (y)
                      (let ((y (if (immediate? y) (begin (mov! ecx y) ecx) y)))
                        (if u (op-rm! 49 edx edx) (byte! 153))
                        (op-rm! 247 (if u 6 7) y))))
      (if (eq? (node-op n) 'mod) (mov! eax edx))))))

(define (gen-shift n)
  (if (num? (node-b n))
      (begin
        (gen-word (node-a n))
        (shift! (shift-op n) eax (modulo (node-a (node-b n)) 32)))
      (begin
        (gen-operands (node-a n) (node-b n) (lambda (y) (mov! ecx y)))
        (shift! (shift-op n) eax 'cl))))

(define (gen-cast-word n)
  (let* ((a (node-a n)) (t (node-type n)) (from (node-type a)))
    (case (class-of from)
      ((word)
       (if (eq? (type-kind t) 'bool)
           (gen-truth (make-node 'ne type-int a (num from 0 #f) #f #f))
           (begin (gen-word a) (narrow! eax t from))))
      ((wide)
       (if (eq? (type-kind t) 'bool)
           (gen-truth (make-node 'ne type-int a (num from 0 #f) #f #f))
           (begin (gen-wide a) (narrow! eax t type-int))))
      ((float) (gen-float-to-word n))
      (else (fatal "no code for a cast")))))

(define (gen-conditional n gen)
  (let ((else-label (fresh-code-label)) (end (fresh-code-label)))
    (gen-branch (node-a n) #f else-label)
    (gen (node-b n))
    (jump! end)
    (label! else-label)
    (gen (node-c n))
    (label! end)))

;; Memory of pointer p + offset; may use eax, ecx and edx.
(define (gen-memory p offset)
  (let ((p (strip p)))
    (cond
     ((easy-memory p offset))
     ((one-register-pointer? p) (memory-in eax p offset))
     ((and (eq? (node-op p) 'add) (num? (node-b p)))
      (gen-memory (node-a p) (+ offset (wrap-signed (node-a (node-b p)) 32))))
     ((eq? (node-op p) 'add)
      (let* ((a (node-a p)) (s (scaled-index (node-b p))) (base (easy-memory a offset))
             (r (register-variable (car s))))
        (cond
         ((and base (not (memory-index base)))
          (gen-word (car s))
          (make-memory (memory-base base) eax (cdr s) (memory-disp base) (memory-label base)))
         (r (gen-word a) (make-memory eax r (cdr s) offset #f))
         ((one-register? (car s))
          (gen-word a)
          (gen-to ecx (car s))
          (make-memory eax ecx (cdr s) offset #f))
         ((one-register? a)
          (gen-word (car s))
          (gen-to ecx a)
          (make-memory ecx eax (cdr s) offset #f))
         (else
          (gen-word p)
          (based eax offset)))))
     (else
      (gen-word p)
      (based eax offset)))))

;; Memory of an lvalue (no bit-field, no register variable).
(define (gen-lvalue n)
  (case (node-op n)
    ((var) (object-memory (node-a n) (node-b n)))
    ((deref) (gen-memory (node-a n) (node-b n)))
    ((sequence) (for-each gen-effect (node-a n)) (gen-lvalue (node-b n)))
    (else (fatal "no code for an lvalue of " (node-op n)))))

;; ---- truth ---------------------------------------------------------------
(define (gen-truth n)                   ; eax = 0 or 1
  (if (and (memq (node-op n) '(eq ne lt le gt ge)) (not (eq? 'float (class-of (node-type (node-a n))))))
      (if (word? (node-a n))
          (setcc! (gen-compare n) eax)
          (setcc! (gen-wide-compare n) eax))
      (let ((false (fresh-code-label)) (end (fresh-code-label)))
        (gen-branch n #f false)
        (mov! eax (constant 1))
        (jump! end)
        (label! false)
        (mov! eax (constant 0))
        (label! end))))

(define (gen-compare n)                 ; words; the condition
  (let* ((a (node-a n)) (b (node-b n)) (x (simple a)) (y (simple b)))
    (cond
     ((and x y (not (immediate? x)) (not (and (memory? x) (memory? y))))
      (if (and (not (memory? x)) (num-is? b 0)) (test! x) (alu! 'cmp x y))
      (condition-of n))
     ((narrow-compare n))
     ((and (not y) (not (one-register? b)) x)
      (gen-word b)
      (alu! 'cmp eax x)
      (swapped (condition-of n)))
     (else
      (let ((c #f))
        (gen-operands a b (lambda (y) (set! c (compare-words! eax y n))))
        c)))))

;; a byte in memory against a number it can have; the condition, or #f
(define (narrow-compare n)
  (let ((a (node-a n)) (b (node-b n)))
    (and (eq? (node-op a) 'cast) (num? b) (memq (node-op (node-a a)) '(var deref))
         (eqv? 1 (type-size (node-type (node-a a))))
         (= (node-a b) (wrap-to (node-type (node-a a)) (node-a b)))
         (not (eq? (type-kind (node-type (node-a a))) 'bool))
         (let ((m (easy-lvalue (node-a a))) (u (unsigned-type? (node-type (node-a a)))))
           (and m
                (begin
                  (alu-byte! 'cmp m (node-a b))
                  (case (node-op n)
                    ((eq) 'e) ((ne) 'ne)
                    ((lt) (if u 'b 'l)) ((le) (if u 'be 'le))
                    ((gt) (if u 'a 'g)) (else (if u 'ae 'ge)))))))))

;; Jumps to label if the truth of n is sense; otherwise goes on.
(define (gen-branch n sense label)
  (case (known-truth n)
    ((yes) (if sense (jump! label)))
    ((no) (if (not sense) (jump! label)))
    (else
     (case (node-op n)
       ((not) (gen-branch (node-a n) (not sense) label))
       ((andand oror)
        (if (eq? (eq? (node-op n) 'andand) sense)
            (let ((past (fresh-code-label)))
              (gen-branch (node-a n) (not sense) past)
              (gen-branch (node-b n) sense label)
              (label! past))
            (begin
              (gen-branch (node-a n) sense label)
              (gen-branch (node-b n) sense label))))
       ((eq ne lt le gt ge)
        (case (class-of (node-type (node-a n)))
          ((word) (branch! (gen-compare n) sense label))
          ((wide) (branch! (gen-wide-compare n) sense label))
          (else (gen-float-branch n sense label))))
       ((comma) (gen-effect (node-a n)) (gen-branch (node-b n) sense label))
       (else
        (let ((zero (if (float-type? (node-type n))
                        (make-node 'flt (node-type n) (integer->float 0) #f #f #f)
                        (num (node-type n) 0 #f))))
          (if (and (eq? (node-op n) 'cast) (word? n) (not (lvalue? (node-a n))) (word? (node-a n))
                   (>= (type-size (node-type n)) (type-size (node-type (node-a n)))))
              (gen-branch (node-a n) sense label)
              (if (and (eq? (node-op n) 'and) (word? n) (num? (node-b n)))
                  (gen-test n sense label)
                  (gen-branch (make-node 'ne type-int n zero #f #f) sense label)))))))))

(define (branch! c sense label) (jump-if! (if sense c (opposite c)) label))

(define (gen-test n sense label)        ; a & number != 0
  (let ((m (let ((x (simple (node-a n)))) (and x (not (immediate? x)) x))) (k (node-a (node-b n))))
    (if (and m (memory? m))
        (begin (op-rm! 247 0 m) (word! k))
        (begin
          (gen-word (node-a n))
          (if (and (<= 0 k) (< k 256))
              (bytes! 168 k)            ; test al, k
              (begin (byte! 169) (word! k)))))
    (branch! 'ne sense label)))
