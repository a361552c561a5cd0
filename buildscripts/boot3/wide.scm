;; Code for long long, in edx:eax.

(define (low-half n) (constant (wrap-signed n 32)))
(define (high-half n) (constant (wrap-signed (floor-quotient n two^32) 32)))

;; (low . high) operands of a value that needs no code, or #f
(define (wide-simple n)
  (case (node-op n)
    ((num) (cons (low-half (node-a n)) (high-half (node-a n))))
    ((var deref)
     (let ((m (easy-lvalue n))) (and m (cons m (memory+ m 4)))))
    ((cast)
     (let ((a (node-a n)))
       (cond ((wide-type? (node-type a)) (wide-simple a))
             ((and (word? a) (unsigned-type? (node-type a)) (= 4 (type-size (node-type a))))
              (let ((x (simple a))) (and x (cons x (constant 0)))))
             (else #f))))
    (else #f)))

(define (push-wide!) (push! edx) (push! eax))
(define (drop-keeping-flags! n) (op-rm! 141 esp (based esp n)))
(define on-stack (based esp 0))
(define on-stack-high (based esp 4))

(define (gen-wide n)
  (case (node-op n)
    ((num) (mov! eax (low-half (node-a n))) (mov! edx (high-half (node-a n))))
    ((var deref) (load-wide! (gen-lvalue n)))
    ((cast) (gen-cast-wide n))
    ((add) (gen-wide-binary n 'add 'adc))
    ((sub) (gen-wide-binary n 'sub 'sbb))
    ((and or xor) (gen-wide-binary n (node-op n) (node-op n)))
    ((mul) (gen-wide-multiply n))
    ((div mod) (gen-wide-divide n))
    ((shl shr) (gen-wide-shift n))
    ((neg)
     (gen-wide (node-a n))
     (neg! eax)
     (alu! 'adc edx (constant 0))
     (neg! edx))
    ((bitnot) (gen-wide (node-a n)) (not! eax) (not! edx))
    ((cond) (gen-conditional n gen-wide))
    ((comma) (gen-effect (node-a n)) (gen-wide (node-b n)))
    ((sequence) (for-each gen-effect (node-a n)) (gen-wide (node-b n)))
    ((statement) (gen-statement-expression n gen-wide))
    ((assign) (gen-assign n #t))
    ((update) (gen-update n #t))
    ((bits) (gen-wide (bits-value n)))
    ((call) (gen-call n))
    (else (fatal "no code for a long long of " (node-op n)))))

(define (load-wide! m)                  ; m may be based on eax
  (mov! edx (memory+ m 4))
  (mov! eax m))

(define (gen-cast-wide n)
  (let* ((a (node-a n)) (from (node-type a)))
    (case (class-of from)
      ((wide) (gen-wide a))
      ((word)
       (gen-word a)
       (if (unsigned-type? from) (op-rm! 49 edx edx) (byte! 153)))
      (else (gen-float-to-wide n)))))

(define (gen-wide-binary n low high)
  (let* ((a (node-a n)) (b (node-b n)) (y (wide-simple b)))
    (cond
     (y
      (gen-wide a)
      (alu! low eax (car y))
      (alu! high edx (cdr y)))
     (else
      (gen-wide a)
      (push-wide!)
      (gen-wide b)
      (alu! low on-stack eax)
      (alu! high on-stack-high edx)
      (pop! eax)
      (pop! edx)))))

(define (word-cast n)                   ; n is a word made wide: the word, or #f
  (and (eq? (node-op n) 'cast) (word? (node-a n)) (node-a n)))

(define (gen-wide-multiply n)
  (let* ((a (node-a n)) (b (node-b n)) (x (word-cast a))
         (y (or (word-cast b)
                (and (num? b) x
                     (= (node-a b) (wrap-to (promoted (node-type x)) (node-a b)))
                     (num (promoted (node-type x)) (node-a b) #f))))
         (u (lambda (n) (and (unsigned-type? (node-type n)) (= 4 (type-size (node-type n))) #t))))
    (if (and x y (eq? (u x) (u y)))
        (gen-operands x y
                      (lambda (y)
                        (let ((y (if (immediate? y) (begin (mov! ecx y) ecx) y)))
                          (op-rm! 247 (if (u x) 4 5) y))))
        (begin
          (gen-wide a)
          (push-wide!)
          (gen-wide b)
          (mov! ecx on-stack-high)
          (imul! ecx eax)
          (imul! edx on-stack)
          (alu! 'add ecx edx)
          (op-rm! 247 4 on-stack)       ; mul
          (alu! 'add edx ecx)
          (drop! 8)))))

(define (gen-wide-divide n)
  (let* ((b (node-b n)) (u (unsigned-type? (node-type n))) (k (and u (num? b) (log2 (node-a b))))
         (div (eq? (node-op n) 'div)))
    (if k
        (gen-wide (if div
                      (make-node 'shr (node-type n) (node-a n) (int-node k #f) #f #f)
                      (make-node 'and (node-type n) (node-a n)
                                 (num (node-type n) (- (node-a b) 1) #f) #f #f)))
        (begin
          (gen-wide b)
          (push-wide!)
          (gen-wide (node-a n))
          (push-wide!)
          (call-label! (if div (if u "__udivdi3" "__divdi3") (if u "__umoddi3" "__moddi3")))
          (drop! 16)))))

(define (shld! count) (bytes! 15 164 194 count))        ; shld edx, eax, count
(define (shrd! count) (bytes! 15 172 208 count))        ; shrd eax, edx, count

(define (gen-wide-shift n)
  (let* ((a (node-a n)) (b (node-b n)) (op (shift-op n)) (y (simple b)))
    (cond
     ((num? b) (gen-wide a) (shift-wide! op (modulo (node-a b) 64)))
     (else
      (cond (y (gen-wide a) (mov! ecx y))
            ((one-register? b) (gen-wide a) (gen-to ecx b))
            (else (gen-word b) (push! eax) (gen-wide a) (pop! ecx)))
      (let ((small (fresh-code-label)))
        (if (eq? op 'shl)
            (begin (bytes! 15 165 194) (shift! 'shl eax 'cl))
            (begin (bytes! 15 173 208) (shift! op edx 'cl)))
        (bytes! 246 193 32)             ; test cl, 32
        (jump-if! 'e small)
        (case op
          ((shl) (mov! edx eax) (mov! eax (constant 0)))
          ((shr) (mov! eax edx) (mov! edx (constant 0)))
          (else (mov! eax edx) (shift! 'sar edx 31)))
        (label! small))))))

(define (shift-wide! op k)
  (cond
   ((= k 0) #f)
   ((< k 32)
    (case op
      ((shl) (shld! k) (shift! 'shl eax k))
      (else (shrd! k) (shift! op edx k))))
   (else
    (case op
      ((shl) (mov! edx eax) (shift! 'shl edx (- k 32)) (mov! eax (constant 0)))
      ((shr) (mov! eax edx) (shift! 'shr eax (- k 32)) (mov! edx (constant 0)))
      (else (mov! eax edx) (shift! 'sar eax (- k 32)) (shift! 'sar edx 31))))))

(define (gen-wide-compare n)            ; the condition
  (let* ((op (node-op n)) (swap (memq op '(gt le)))
         (a (if swap (node-b n) (node-a n))) (b (if swap (node-a n) (node-b n)))
         (y (wide-simple b)) (u (unsigned-type? (node-type a))))
    (if y
        (gen-wide a)
        (begin (gen-wide b) (push-wide!) (gen-wide a)))
    (let ((low (if y (car y) on-stack)) (high (if y (cdr y) on-stack-high)))
      (case op
        ((eq ne)
         (if (not (num-is? b 0))
             (begin (alu! 'xor eax low) (alu! 'xor edx high)))
         (if (not y) (drop! 8))
         (alu! 'or eax edx)
         (if (eq? op 'eq) 'e 'ne))
        (else
         (alu! 'cmp eax low)
         (alu! 'sbb edx high)
         (if (not y) (drop-keeping-flags! 8))
         (if (memq op '(lt gt)) (if u 'b 'l) (if u 'ae 'ge)))))))

(define (gen-assign-wide n wanted)
  (let* ((a (node-a n)) (v (node-b n)) (m (easy-lvalue a)))
    (define (store m)
      (store! m eax 4)
      (store! (memory+ m 4) edx 4))
    (cond
     ((and (num? v) (not wanted))
      (let ((m (gen-lvalue a)))
        (store-immediate! m (low-half (node-a v)) 4)
        (store-immediate! (memory+ m 4) (high-half (node-a v)) 4)))
     (m (gen-wide v) (store m))
     ((and (eq? (node-op a) 'deref) (one-register-pointer? (node-a a)))
      (gen-wide v)
      (store (memory-in ecx (node-a a) (node-b a))))
     (else
      (gen-saved-pointer a)
      (gen-wide v)
      (pop! ecx)
      (store (based ecx 0))))))
