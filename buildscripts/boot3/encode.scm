;; Machine code of one function: instructions to bytes, jumps, references.

;; Registers have the numbers of the processor.
(define eax 0) (define ecx 1) (define edx 2) (define ebx 3)
(define esp 4) (define ebp 5) (define esi 6) (define edi 7)

;; Memory at base + index * scale + disp + the address of label; each may be #f
;; or 0. A number (immediate) is value + the address of label.
(define-record-type memory
  (make-memory base index scale disp label)
  memory?
  (base memory-base)
  (index memory-index)
  (scale memory-scale)
  (disp memory-disp)
  (label memory-label))
(define-record-type immediate
  (make-immediate value label)
  immediate?
  (value immediate-value)
  (label immediate-label))

(define (based base disp) (make-memory base #f 1 disp #f))
(define (constant value) (make-immediate value #f))
(define (memory+ m n)
  (make-memory (memory-base m) (memory-index m) (memory-scale m) (+ n (memory-disp m))
               (memory-label m)))

;; ---- the buffer ----------------------------------------------------------
(define code (make-bytevector 4096 0))
(define code-size 0)
(define references '())                 ; (position relative? label . addend), last first
(define jumps '())                      ; (position condition-or-#f . label), last first
(define code-labels (make-vector 256 #f)) ; label -> position, used or #f before
(define code-marks '())                 ; (position . place) of source lines, last first
(define reachable #t)                   ; nothing is emitted behind a jump

(define (begin-code! labels)
  (set! code-size 0)
  (set! references '())
  (set! jumps '())
  (set! code-marks '())
  (set! reachable #t)
  (set! code-labels (make-vector (max 64 (* 2 labels)) #f)))

(define (byte! b)
  (if reachable
      (begin
        (if (= code-size (bytevector-length code))
            (let ((new (make-bytevector (* 2 code-size) 0)))
              (bytevector-copy! new 0 code)
              (set! code new)))
        (bytevector-u8-set! code code-size b)
        (set! code-size (+ code-size 1)))))

(define (bytes! . l) (for-each byte! l))

(define (word! n)                       ; 32 bits, signed or not
  (if (and (<= 0 n) (< n 128))
      (begin (byte! n) (byte! 0) (byte! 0) (byte! 0))
      (let* ((low (modulo n 65536)) (high (modulo (floor-quotient n 65536) 65536)))
        (byte! (remainder low 256))
        (byte! (quotient low 256))
        (byte! (remainder high 256))
        (byte! (quotient high 256)))))

(define (label-word! label value)       ; address of the label + value
  (if label
      (if reachable
          (begin
            (set! references (cons (cons code-size (cons #f (cons (use! label) value))) references))
            (word! 0)))
      (word! value)))

;; A label is an object, or a string for what has no object.
(define (use! label)
  (if (object? label) (use-object! label) label))

(define (fresh-code-label)
  (let ((l (new-label)))
    (if (>= l (vector-length code-labels))
        (let ((new (make-vector (* 2 (+ l 1)) #f)))
          (do ((i 0 (+ i 1))) ((= i (vector-length code-labels)))
            (vector-set! new i (vector-ref code-labels i)))
          (set! code-labels new)))
    l))

(define (jumped-to! l)
  (if (not (vector-ref code-labels l)) (vector-set! code-labels l 'used)))

(define (label! l)
  (vector-set! code-labels l code-size)
  (set! reachable #t))

;; ---- operands ------------------------------------------------------------
;; ModR/M, SIB and displacement for register field r and operand x, a register
;; or memory (Intel SDM volume 2, 2.1.3).
(define (modrm! r x)
  (if (memory? x)
      (let* ((base (memory-base x)) (index (memory-index x)) (disp (memory-disp x))
             (label (memory-label x)) (r8 (* 8 r)))
        (cond
         ((not base)
          (if index
              (begin (byte! (+ r8 4)) (byte! (sib (memory-scale x) index 5)))
              (byte! (+ r8 5)))
          (label-word! label disp))
         (else
          (let ((mod (cond (label 128)
                           ((and (= disp 0) (not (= base 5))) 0)
                           ((fits-byte? disp) 64)
                           (else 128))))
            (if (or index (= base 4))
                (begin
                  (byte! (+ mod r8 4))
                  (byte! (sib (memory-scale x) (or index 4) base)))
                (byte! (+ mod r8 base)))
            (cond ((= mod 64) (byte! (modulo disp 256)))
                  ((= mod 128) (label-word! label disp)))))))
      (byte! (+ 192 (* 8 r) x))))

(define (sib scale index base)
  (+ (case scale ((1) 0) ((2) 64) ((4) 128) (else 192)) (* 8 index) base))

;; ---- instructions --------------------------------------------------------
(define (op-rm! opcode r x) (byte! opcode) (modrm! r x))
(define (op-0f! opcode r x) (byte! 15) (byte! opcode) (modrm! r x))

(define (mov! r x)                      ; register from register, memory, number
  (cond ((immediate? x) (mov-immediate! r x))
        ((eqv? r x) #f)
        ((and (eqv? r 0) (memory? x) (not (memory-base x)) (not (memory-index x)))
         (byte! 161) (label-word! (memory-label x) (memory-disp x)))
        (else (op-rm! 139 r x))))

(define (mov-immediate! r x)
  (if (and (not (immediate-label x)) (= 0 (immediate-value x)))
      (op-rm! 49 r r)                   ; xor r, r
      (begin (byte! (+ 184 r)) (label-word! (immediate-label x) (immediate-value x)))))

(define (store! x r size)               ; memory from register
  (if (= size 2) (byte! 102))
  (op-rm! (if (= size 1) 136 137) r x))

(define (store-immediate! x n size)
  (case size
    ((1) (op-rm! 198 0 x) (byte! (modulo (immediate-value n) 256)))
    ((2) (byte! 102) (op-rm! 199 0 x)
         (byte! (modulo (immediate-value n) 256))
         (byte! (modulo (floor-quotient (immediate-value n) 256) 256)))
    (else (op-rm! 199 0 x) (label-word! (immediate-label n) (immediate-value n)))))

;; loads what is narrower than a register
(define (load! r x type)
  (case (type-kind type)
    ((char schar) (op-0f! 190 r x))
    ((uchar bool) (op-0f! 182 r x))
    ((short) (op-0f! 191 r x))
    ((ushort) (op-0f! 183 r x))
    (else (mov! r x))))

;; number of add or adc sbb and sub xor cmp
(define (alu-code op)
  (case op ((add) 0) ((or) 1) ((adc) 2) ((sbb) 3) ((and) 4) ((sub) 5) ((xor) 6) (else 7)))

(define (alu! op x y)                   ; x: register or memory; y: also a number
  (let ((k (* 8 (alu-code op))))
    (cond ((immediate? y)
           (cond ((and (not (immediate-label y)) (fits-byte? (wrap-signed (immediate-value y) 32)))
                  (op-rm! 131 (alu-code op) x)
                  (byte! (modulo (immediate-value y) 256)))
                 ((eqv? x 0) (byte! (+ k 5)) (label-word! (immediate-label y) (immediate-value y)))
                 (else (op-rm! 129 (alu-code op) x)
                       (label-word! (immediate-label y) (immediate-value y)))))
          ((memory? x) (op-rm! (+ k 1) y x))
          (else (op-rm! (+ k 3) x y)))))

(define (alu-byte! op x n)              ; memory, byte number
  (op-rm! 128 (alu-code op) x)
  (byte! (modulo n 256)))

(define (lea! r x)
  (cond ((and (not (memory-index x)) (memory-base x) (= 0 (memory-disp x)) (not (memory-label x)))
         (mov! r (memory-base x)))
        ((not (or (memory-index x) (memory-base x)))
         (mov-immediate! r (make-immediate (memory-disp x) (memory-label x))))
        (else (op-rm! 141 r x))))

(define (push! x)
  (cond ((immediate? x)
         (if (and (not (immediate-label x)) (fits-byte? (wrap-signed (immediate-value x) 32)))
             (begin (byte! 106) (byte! (modulo (immediate-value x) 256)))
             (begin (byte! 104) (label-word! (immediate-label x) (immediate-value x)))))
        ((memory? x) (op-rm! 255 6 x))
        (else (byte! (+ 80 x)))))
(define (pop! r) (byte! (+ 88 r)))
(define (drop! bytes) (if (not (= bytes 0)) (alu! 'add esp (constant bytes))))

(define (shift! op x count)             ; op: shl shr sar; count: number or cl
  (let ((r (case op ((shl) 4) ((shr) 5) (else 7))))
    (cond ((eq? count 'cl) (op-rm! 211 r x))
          ((= count 1) (op-rm! 209 r x))
          ((> count 0) (op-rm! 193 r x) (byte! count)))))

(define (imul! r x)
  (op-0f! 175 r x))
(define (imul-immediate! r x n)         ; r = x * n
  (if (fits-byte? n)
      (begin (op-rm! 107 r x) (byte! (modulo n 256)))
      (begin (op-rm! 105 r x) (word! n))))

(define (test! r) (op-rm! 133 r r))
(define (neg! x) (op-rm! 247 3 x))
(define (not! x) (op-rm! 247 2 x))

;; ---- conditions and jumps ------------------------------------------------
(define (condition-code c)
  (case c
    ((b) 2) ((ae) 3) ((e) 4) ((ne) 5) ((be) 6) ((a) 7) ((s) 8) ((ns) 9) ((p) 10) ((np) 11)
    ((l) 12) ((ge) 13) ((le) 14) (else 15)))
(define (opposite c)
  (case c
    ((b) 'ae) ((ae) 'b) ((e) 'ne) ((ne) 'e) ((be) 'a) ((a) 'be) ((p) 'np) ((np) 'p)
    ((l) 'ge) ((ge) 'l) ((le) 'g) ((s) 'ns) ((ns) 's) (else 'le)))
(define (swapped c)                     ; for the operands the other way round
  (case c ((b) 'a) ((a) 'b) ((ae) 'be) ((be) 'ae) ((l) 'g) ((g) 'l) ((le) 'ge) ((ge) 'le) (else c)))

(define (setcc! c r)                    ; r = 0 or 1
  (op-0f! (+ 144 (condition-code c)) 0 r)
  (op-0f! 182 r r))

(define (jump-if! c label)
  (if reachable
      (begin
        (jumped-to! label)
        (set! jumps (cons (cons code-size (cons c label)) jumps))
        (bytes! 15 (+ 128 (condition-code c)) 0 0 0 0))))

(define (jump! label)
  (if reachable
      (begin
        (jumped-to! label)
        (set! jumps (cons (cons code-size (cons #f label)) jumps))
        (bytes! 233 0 0 0 0)
        (set! reachable #f))))

(define (call-label! label)
  (if reachable
      (begin
        (byte! 232)
        (set! references (cons (cons code-size (cons #t (cons (use! label) 0))) references))
        (word! 0))))

;; ---- x87 -----------------------------------------------------------------
(define (float-load! x type)
  (case (type-kind type)
    ((float) (op-rm! 217 0 x)) ((double) (op-rm! 221 0 x)) (else (op-rm! 219 5 x))))
(define (float-store-pop! x type)
  (case (type-kind type)
    ((float) (op-rm! 217 3 x)) ((double) (op-rm! 221 3 x)) (else (op-rm! 219 7 x))))

;; ---- jumps made short ----------------------------------------------------
;; A jump whose label is within a byte's reach needs 2 bytes for its 5 or 6.
;; Reach is measured with all jumps long, so what is short stays short.
;; -> vector of (position saved condition label), ascending, and their sums
(define (plan-jumps)
  (let* ((l (list->vector (reverse jumps))) (n (vector-length l)))
    (do ((i 0 (+ i 1))) ((= i n) l)
      (let* ((j (vector-ref l i)) (at (car j)) (c (cadr j)) (target (vector-ref code-labels (cddr j)))
             (long (if c 6 5)) (distance (- target (+ at long))))
        (vector-set! l i (vector at (cond ((and (not c) (= distance 0)) 5)
                                        ((and (<= -124 distance) (<= distance 124)) (- long 2))
                                        (else 0))
                                 c target))))))
