;; Code for calls, statements and whole functions.

;;      ebp+8...   arguments (at ebp+8 first where an aggregate goes, if one is returned)
;;      ebp+4      return address
;;      ebp        ebp of the caller
;;      ebp-...    locals and temporaries
;;      esp...     ebx, esi, edi of the caller, those of them that are used;
;;                 below them what an expression pushes

;; ---- calls ---------------------------------------------------------------
(define (gen-call n)
  (let* ((f (node-a n)) (temporary (cdr (node-c n)))
         (bytes (let loop ((l (reverse (node-b n))) (sum 0))
                  (if (null? l)
                      sum
                      (begin
                        (gen-argument (car l))
                        (loop (cdr l) (+ sum (align-up (type-size (node-type (car l))) 4))))))))
    (if temporary
        (begin
          (lea! eax (object-memory temporary 0))
          (push! eax)))
    (if (and (eq? (node-op f) 'address) (function-type? (object-type (node-a f))) (= 0 (node-b f)))
        (call-label! (node-a f))
        (let ((x (simple f)))
          (if (and x (not (immediate? x)))
              (op-rm! 255 2 x)
              (begin
                (gen-word f)
                (op-rm! 255 2 eax)))))
    (drop! bytes)))

(define (gen-argument n)
  (let ((t (node-type n)))
    (case (class-of t)
      ((word)
       (let ((x (simple n)))
         (if x
             (push! x)
             (begin (gen-word n) (push! eax)))))
      ((wide)
       (let ((y (wide-simple n)))
         (if y
             (begin (push! (cdr y)) (push! (car y)))
             (begin (gen-wide n) (push-wide!)))))
      ((float)
       (let ((m (and (memq (type-kind t) '(float double)) (easy-lvalue n))))
         (if m
             (begin
               (if (= 8 (type-size t)) (push! (memory+ m 4)))
               (push! m))
             (begin
               (gen-float n)
               (alu! 'sub esp (constant (type-size t)))
               (float-store-pop! on-stack t)))))
      (else
       (let ((size (type-size t)))
         (gen-place n)
         (if (> size 0)
             (begin
               (alu! 'sub esp (constant (align-up size 4)))
               (mov! ecx esp)
               (copy-block! size))))))))

;; ---- statements ----------------------------------------------------------
(define return-label #f)

(define (mark! place)
  (if (and reachable place)
      (set! code-marks (cons (cons code-size place) code-marks))))

(define (gen-statement s)
  (let ((place (vector-ref s 1)))
    (case (vector-ref s 0)
      ((expr) (if reachable (begin (mark! place) (gen-effect (vector-ref s 2)))))
      ((block) (for-each gen-statement (vector-ref s 2)))
      ((if) (gen-if place (vector-ref s 2) (vector-ref s 3) (vector-ref s 4)))
      ((while)
       (let ((top (fresh-code-label)) (c (vector-ref s 2)))
         (if (not (eq? (known-truth c) 'yes)) (jump! (vector-ref s 4)))
         (label! top)
         (gen-statement (vector-ref s 3))
         (label! (vector-ref s 4))
         (mark! place)
         (gen-branch c #t top)
         (label! (vector-ref s 5))))
      ((do)
       (let ((top (fresh-code-label)))
         (label! top)
         (gen-statement (vector-ref s 3))
         (label! (vector-ref s 4))
         (mark! place)
         (gen-branch (vector-ref s 2) #t top)
         (label! (vector-ref s 5))))
      ((for) (gen-for s place))
      ((switch) (gen-switch s place))
      ((label) (gen-label (vector-ref s 2)))
      ((jump-to)
       (if reachable (begin (mark! place) (gen-jump-to (vector-ref s 2) (vector-ref s 3)))))
      ((jump)
       (if reachable
           (begin
             (mark! place)
             (if (vector-ref s 3) (restore-stack!))
             (jump! (vector-ref s 2)))))
      (else (if reachable (begin (mark! place) (gen-return (vector-ref s 2) (vector-ref s 3))))))))

(define (gen-if place c a b)
  (let ((else-label (fresh-code-label)))
    (mark! place)
    (gen-branch c #f else-label)
    (gen-statement a)
    (if b
        (let ((end (fresh-code-label)))
          (jump! end)
          (label-if-used! else-label)
          (gen-statement b)
          (label-if-used! end))
        (label-if-used! else-label))))

;; What follows a label that nothing jumps to is not reachable by it.
(define (label-if-used! l)
  (if (or reachable (eq? (vector-ref code-labels l) 'used))
      (label! l)
      (vector-set! code-labels l code-size)))

(define (gen-for s place)
  (let ((c (vector-ref s 2)) (step (vector-ref s 3)) (top (fresh-code-label)) (test (fresh-code-label)))
    (mark! place)
    (if c (if (not (eq? (known-truth c) 'yes)) (jump! test)))
    (label! top)
    (gen-statement (vector-ref s 4))
    (label! (vector-ref s 5))
    (mark! place)
    (if step (gen-effect step))
    (label! test)
    (if c (gen-branch c #t top) (jump! top))
    (label! (vector-ref s 6))))

(define (gen-return n leaves)
  (if n
      (if (eq? 'aggregate (class-of (node-type n)))
          (begin
            (gen-place n)
            (mov! ecx (based ebp 8))
            (copy-block! (type-size (node-type n)))
            (mov! eax (based ebp 8)))
          (gen-value n)))
  (if leaves (restore-stack!))
  (jump! return-label))

;; ---- switch --------------------------------------------------------------
(define tables '())                     ; ((label . code labels) ...) of this function

(define (gen-switch s place)
  (let* ((n (vector-ref s 2)) (out (vector-ref s 6)) (default (or (vector-ref s 5) out))
         (cases (list->vector (sort-cases (vector-ref s 4)))))
    (if reachable
        (begin
          (mark! place)
          (if (wide-type? (node-type n))
              (gen-wide-switch n cases default)
              (begin
                (gen-word n)
                (gen-cases cases 0 (vector-length cases) default
                           (and (unsigned-type? (node-type n)) #t))))))
    (gen-statement (vector-ref s 3))
    (label! out)))

(define (sort-cases l)                  ; by value; a merge sort
  (define (merge a b)
    (cond ((null? a) b)
          ((null? b) a)
          ((< (car (car a)) (car (car b))) (cons (car a) (merge (cdr a) b)))
          (else (cons (car b) (merge a (cdr b))))))
  (define (split l a b) (if (null? l) (cons a b) (split (cdr l) (cons (car l) b) a)))
  (if (or (null? l) (null? (cdr l)))
      l
      (let ((x (split l '() '()))) (merge (sort-cases (car x)) (sort-cases (cdr x))))))

;; Jumps by eax to one of the cases from start to before end.
(define (gen-cases v start end default unsigned)
  (let ((count (- end start)))
    (cond
     ((= count 0) (jump! default))
     ((dense? v start end) (gen-table v start end default))
     ((<= count 3)
      (do ((i start (+ i 1))) ((= i end))
        (let* ((c (vector-ref v i)) (low (car c)) (high (cadr c)))
          (if (= low high)
              (begin (compare-eax! low) (jump-if! 'e (caddr c)))
              (let ((next (fresh-code-label)))
                (compare-eax! low)
                (jump-if! (if unsigned 'b 'l) next)
                (compare-eax! high)
                (jump-if! (if unsigned 'be 'le) (caddr c))
                (label! next)))))
      (jump! default))
     (else
      (let* ((middle (+ start (quotient count 2))) (upper (fresh-code-label)))
        (compare-eax! (car (vector-ref v middle)))
        (jump-if! (if unsigned 'ae 'ge) upper)
        (gen-cases v start middle default unsigned)
        (label! upper)
        (gen-cases v middle end default unsigned))))))

(define (compare-eax! n)
  (if (= n 0) (test! eax) (alu! 'cmp eax (constant n))))

(define (dense? v start end)
  (let ((count (- end start)))
    (and (>= count 5)
         (<= (- (cadr (vector-ref v (- end 1))) (car (vector-ref v start))) (* 3 count)))))

(define (gen-table v start end default)
  (let* ((low (car (vector-ref v start))) (size (+ 1 (- (cadr (vector-ref v (- end 1))) low)))
         (targets (make-vector size default)) (label (new-static-label "table")))
    (do ((i start (+ i 1))) ((= i end))
      (let ((c (vector-ref v i)))
        (do ((k (car c) (+ k 1))) ((> k (cadr c)))
          (vector-set! targets (- k low) (caddr c)))))
    (if (not (= low 0)) (alu! 'sub eax (constant low)))
    (alu! 'cmp eax (constant size))
    (jump-if! 'ae default)
    (op-rm! 255 4 (make-memory #f eax 4 0 (string-append ".." label)))
    (set! tables (cons (cons label targets) tables))
    (set! reachable #f)))

(define (gen-wide-switch n cases default)
  (let* ((t (unqualified (node-type n))) (o (new-temporary t)) (v (make-node 'var t o 0 #f #f)))
    (gen-effect (make-node 'assign t v n #f #f))
    (do ((i 0 (+ i 1))) ((= i (vector-length cases)))
      (let* ((c (vector-ref cases i)) (low (num t (car c) #f)) (high (num t (cadr c) #f)))
        (gen-branch (if (= (car c) (cadr c))
                        (make-node 'eq type-int v low #f #f)
                        (make-node 'andand type-int (make-node 'ge type-int v low #f #f)
                                   (make-node 'le type-int v high #f #f) #f #f))
                    #t (caddr c))))
    (jump! default)))

;; ---- functions -----------------------------------------------------------
;; A static function is kept until it is known to be used: a vector of what
;; the generator needs to know.
(define (finish-function! o body)
  (let ((f (vector o body frame-size locals keeps-registers label-count leaves-expressions
                   (check-labels-taken))))
    (set-object-state! o 'defined)
    (set! current-function #f)
    (if (= error-count 0)
        (if (or (not (eq? (object-storage o) 'static)) (object-home o))
            (gen-function f)
            (set-object-value! o f)))))

(define waiting '())                    ; objects referred to and not yet emitted

;; Called for each object that emitted code or data refers to.
(define (use-object! o)
  (if (not (object-home o))
      (begin
        (set-object-home! o 'used)
        (if (or (object-value o) (eq? (object-state o) 'string))
            (set! waiting (cons o waiting)))))
  o)

(define (emit-waiting!)
  (if (pair? waiting)
      (let ((l (reverse waiting)))
        (set! waiting '())
        (for-each
         (lambda (o)
           (if (eq? (object-state o) 'string)
               (emit-string! o)
               (let ((f (object-value o)))
                 (set-object-value! o #f)
                 (if (vector? f) (gen-function f)))))
         l)
        (emit-waiting!))))

;; The three variables used most get ebx, esi, edi.
(define (choose-registers! locals)
  (let loop ((registers (list ebx esi edi)) (used '()))
    (let ((best (and (pair? registers) (most-used locals))))
      (if best
          (begin
            (set-object-home! best (+ register-home (car registers)))
            (loop (cdr registers) (cons (cons (car registers) best) used)))
          (reverse used)))))

(define (most-used locals)
  (let loop ((l locals) (best #f) (uses 2))
    (if (null? l)
        best
        (let ((o (car l)))
          (if (and (> (object-uses o) uses) (not (object-addressed o))
                   (eq? 'word (class-of (object-type o))) (< (object-home o) register-home))
              (loop (cdr l) o (object-uses o))
              (loop (cdr l) best uses))))))

(define (gen-function f)
  (let* ((o (vector-ref f 0)) (body (vector-ref f 1)) (result (type-base (object-type o)))
         (homes (map (lambda (l) (cons l (object-home l))) (vector-ref f 3))))
    (set! frame-size (vector-ref f 2))
    (set! frame-used frame-size)
    (set! label-count (vector-ref f 5))
    (begin-code! label-count)
    (set! tables '())
    (set! label-objects (vector-ref f 7))
    (set! return-label (fresh-code-label))
    (let ((registers (if (vector-ref f 4) (choose-registers! (vector-ref f 3)) '()))
          (frame-at 5))
      (mark! (object-place o))
      (bytes! 85 137 229)               ; push ebp; mov ebp, esp
      (bytes! 129 236 0 0 0 0)          ; sub esp, frame
      (for-each (lambda (r) (push! (car r))) registers)
      (keep-stack! (vector-ref f 6))
      (for-each
       (lambda (r)
         (let ((home (cdr (assq (cdr r) homes))))
           (if (> home 0) (load! (car r) (based ebp home) (object-type (cdr r))))))
       registers)
      (gen-statement body)
      (if (and reachable (string=? "main" (object-label o)) (eq? 'word (class-of result)))
          (mov! eax (constant 0)))
      (label! return-label)
      (for-each (lambda (r) (pop! (car r))) (reverse registers))
      (byte! 201)                       ; leave
      (if (aggregate-type? result)
          (bytes! 194 4 0)              ; ret 4
          (byte! 195))
      (set! code-size (let ((end code-size))
                        (set! code-size frame-at)
                        (word! frame-size)
                        end)))
    (emit-function! o)))
