;; The last step: functions and data as text, for boot1's link or for GNU as.

(define output 'link)                   ; or gas

;; ---- names, sections -----------------------------------------------------
(define section 'text)
(define (section! s)
  (if (not (eq? s section))
      (begin
        (set! section s)
        (out-string! (case output
                       ((link) (string-append "." (symbol->string s)))
                       (else (case s ((rodata) ".section .rodata") ((text) ".text") ((data) ".data")
                               (else ".bss")))))
        (out-byte! 10))))

;; An object, or the name of a function of the runtime, or ..name as it is.
(define (label-text label)
  (cond ((string? label) (if (eq? output 'gas) (bare label) label))
        ((and (eq? output 'link) (eq? 'static (object-storage label)))
         (string-append ".." (object-label label)))
        (else (object-label label))))
(define (bare s)
  (if (and (> (string-length s) 2) (string=? ".." (substring s 0 2)))
      (substring s 2 (string-length s))
      s))

(define (out-label! label global)
  (if (eq? output 'link)
      (out-line! ":" (label-text label))
      (begin
        (if global (out-line! ".globl " (label-text label)))
        (out-line! (label-text label) ":"))))

(define (out-align! n) (if (> n 1) (out-line! (if (eq? output 'link) ".align " ".balign ") (number->string n))))

;; ---- bytes ---------------------------------------------------------------
(define hex-digits (string->utf8 "0123456789ABCDEF"))
(define (out-hex! b)
  (out-byte! (bytevector-u8-ref hex-digits (quotient b 16)))
  (out-byte! (bytevector-u8-ref hex-digits (remainder b 16))))

(define (out-code-bytes! bv start end)
  (if (< start end)
      (if (eq? output 'link)
          (begin
            (do ((i start (+ i 1))) ((= i end)) (out-hex! (bytevector-u8-ref bv i)))
            (out-byte! 32))
          (let line ((start start))
            (if (< start end)
                (let ((stop (min end (+ start 32))))
                  (out-string! ".byte ")
                  (do ((i start (+ i 1))) ((= i stop))
                    (if (> i start) (out-byte! 44))
                    (out-number! (bytevector-u8-ref bv i)))
                  (out-byte! 10)
                  (line stop)))))))

(define (out-reference! relative label addend)
  (let ((s (label-text label)))
    (if (eq? output 'link)
        (begin
          (out-byte! (if relative 37 38))
          (out-string! s)
          (if (not (= addend 0))
              (begin
                (if (> addend 0) (out-byte! 43))
                (out-number! addend)))
          (out-byte! 32))
        (begin
          (out-string! ".long ")
          (out-string! s)
          (if (> addend 0) (out-byte! 43))
          (if (not (= addend 0)) (out-number! addend))
          (if relative (out-string! "-.-4"))
          (out-byte! 10)))))

;; ---- functions -----------------------------------------------------------
(define last-mark #f)                   ; (source . line) whose comment came last

(define (out-mark! place)
  (if (object? place)
      (begin
        (out-byte! 10)
        (out-label! place #f))          ; gen-label
      (out-line-mark! place)))

(define (out-line-mark! place)
  (let* ((source (token-source place)) (offset (token-offset place)) (index (line-index source offset)))
    (if (and (eq? output 'link)
             (not (and last-mark (eq? source (car last-mark)) (= index (cdr last-mark)))))
        (let* ((bytes (source-bytes source)) (start (vector-ref (source-lines source) index))
               (end (let loop ((p start))
                      (let ((c (bytevector-u8-ref bytes p)))
                        (if (or (= c 10) (= c 0)) p (loop (+ p 1)))))))
          (set! last-mark (cons source index))
          (out-byte! 10)
          (out-string! "# ")
          (out-bytes! bytes start end)
          (out-string! "\n.line ")
          (out-number! (offset->line source offset))
          (out-byte! 32)
          (out-one-word! (offset->path source offset))
          (out-byte! 10)
          (if line-labels (out-line-label! source offset))))))

(define (out-one-word! s)               ; blanks and signs of comments would end it
  (for-each (lambda (c) (out-byte! (if (memv c '(#\space #\tab #\# #\;)) 95 (char->integer c))))
            (string->list s)))

;; -g: ..FILE@LINE, and ..FILE@LINE.2 where code of a line comes a second time
(define line-labels #f)
(define lines-seen (make-hash-table))

(define (out-line-label! source offset)
  (let* ((line (offset->line source offset)) (path (offset->path source offset))
         (key (cons path line)) (n (+ 1 (hash-table-ref/default lines-seen key 0))))
    (hash-table-set! lines-seen key n)
    (out-string! ":..")
    (for-each (lambda (c) (out-byte! (if (or (char-alphabetic? c) (char-numeric? c) (memv c '(#\. #\/ #\_)))
                                         (char->integer c)
                                         95)))
              (string->list path))
    (out-byte! 64)
    (out-number! line)
    (if (> n 1) (begin (out-byte! 46) (out-number! n)))
    (out-byte! 10)))

;; The bytes in code with its references, marks and jumps, in one walk.
(define (emit-function! o)
  (let* ((plan (plan-jumps)) (n (vector-length plan)) (saved (make-vector (+ n 1) 0)))
    (define (moved at)                  ; a position after the jumps are short
      (let loop ((low 0) (high n))      ; number of jumps before it
        (if (= low high)
            (- at (vector-ref saved low))
            (let ((mid (quotient (+ low high) 2)))
              (if (< (vector-ref (vector-ref plan mid) 0) at) (loop (+ mid 1) high) (loop low mid))))))
    (do ((i 0 (+ i 1))) ((= i n))
      (vector-set! saved (+ i 1) (+ (vector-ref saved i) (vector-ref (vector-ref plan i) 1))))
    (section! 'text)
    (set! last-mark #f)
    (out-byte! 10)
    (out-label! o (not (eq? 'static (object-storage o))))
    (let loop ((at 0) (refs (reverse references)) (marks (reverse code-marks)) (i 0))
      (let* ((r (if (pair? refs) (car (car refs)) code-size))
             (m (if (pair? marks) (car (car marks)) code-size))
             (j (if (< i n) (vector-ref (vector-ref plan i) 0) code-size))
             (stop (min r m j)))
        (out-code-bytes! code at stop)
        (cond
         ((and (= stop m) (pair? marks))
          (out-mark! (cdr (car marks)))
          (loop stop refs (cdr marks) i))
         ((and (= stop j) (< i n))
          (loop (emit-jump! (vector-ref plan i) moved) refs marks (+ i 1)))
         ((and (= stop r) (pair? refs))
          (let ((x (cdr (car refs))))
            (out-reference! (car x) (cadr x) (cddr x))
            (loop (+ stop 4) (cdr refs) marks i))))))
    (out-byte! 10)
    (for-each
     (lambda (t)
       (section! 'rodata)
       (out-align! 4)
       (out-label! (string-append ".." (car t)) #f)
       (do ((i 0 (+ i 1))) ((= i (vector-length (cdr t))))
         (out-reference! #f o (moved (vector-ref code-labels (vector-ref (cdr t) i)))))
       (out-byte! 10))
     tables)))

(define jump-bytes (make-bytevector 6 0))

(define (emit-jump! j moved)            ; -> the position behind it
  (let* ((at (vector-ref j 0)) (c (vector-ref j 2)) (long (if c 6 5)) (length (- long (vector-ref j 1)))
         (distance (- (moved (vector-ref j 3)) (+ (moved at) length))))
    (case length
      ((0) #f)
      ((2)
       (bytevector-u8-set! jump-bytes 0 (if c (+ 112 (condition-code c)) 235))
       (bytevector-u8-set! jump-bytes 1 (modulo distance 256)))
      (else
       (let ((k (- length 4)))
         (if c
             (begin
               (bytevector-u8-set! jump-bytes 0 15)
               (bytevector-u8-set! jump-bytes 1 (+ 128 (condition-code c))))
             (bytevector-u8-set! jump-bytes 0 233))
         (put-word! jump-bytes k distance 4))))
    (out-code-bytes! jump-bytes 0 length)
    (+ at long)))

(define (put-word! bv at n size)        ; little-endian, two's complement
  (do ((i 0 (+ i 1)) (n n (floor-quotient n 256))) ((= i size))
    (bytevector-u8-set! bv (+ at i) (modulo n 256))))

;; ---- data ----------------------------------------------------------------
(define (read-only? t)
  (if (array-type? t) (read-only? (type-base t)) (const? t)))

(define (out-object! o section)
  (section! section)
  (let ((align (object-alignment o)))
    (out-align! (if (>= (type-size (object-type o)) 4) (max 4 align) align)))
  (out-label! o (not (eq? 'static (object-storage o)))))

(define (define-zeros! o)
  (set-object-state! o 'defined)
  (if (= error-count 0)
      (begin
        (out-object! o 'bss)
        (out-line! (if (eq? output 'link) ".space " ".skip ") (number->string (type-size (object-type o)))))))

;; A number, a float, a string or an address at its offset in the image.
(define (define-data! o leaves)
  (let* ((size (type-size (object-type o)))
         (flexible (apply max size (map (lambda (l) (+ (leaf-offset l) (or (type-size (leaf-type l)) 0)))
                                        leaves))))
    (set-object-state! o 'defined)
    (if (= error-count 0)
        (let ((image (make-bytevector flexible 0)) (addresses (make-hash-table)))
          (define (put l)
            (let ((n (leaf-node l)) (at (leaf-offset l)) (t (leaf-type l)))
              (case (node-op n)
                ((num)
                 (if (leaf-field l)
                     (put-bits! image at (leaf-field l) (node-a n))
                     (put-word! image at (node-a n) (type-size t)))
                 (forget at))
                ((flt) (put-word! image at (float->bits (node-a n) (type-kind t)) 
                                  (if (eq? 'ldouble (type-kind t)) 10 (type-size t)))
                       (forget at))
                ((address)
                 (hash-table-set! addresses at n))
                ((cast)
                 (if (and (same-word? (node-type n) (node-type (node-a n))))
                     (put (make-leaf at t (node-a n) (leaf-field l)))
                     (not-constant n)))
                ((var)
                 (if (string-literal? n)
                     (put-string! image at t (object-value (node-a n)))
                     (let ((inner (object-value (node-a n)))) ; of a literal of the file
                       (if (and (pair? inner) (leaf? (car inner)) (= 0 (node-b n)))
                           (for-each (lambda (l)
                                       (put (make-leaf (+ at (leaf-offset l)) (leaf-type l) (leaf-node l)
                                                       (leaf-field l))))
                                     inner)
                           (not-constant n)))))
                ((sequence)
                 (not-constant n))
                (else (not-constant n)))))
          (define (forget at) (hash-table-delete! addresses at))
          (define (not-constant n) (complain (node-place n) "the initialiser is not constant"))
          (for-each put leaves)
          (if (= error-count 0)
              (emit-image! o image (sort-cases (hash-table->alist addresses))))))))

(define (put-bits! image at f value)
  (let* ((size (type-size (field-type f))) (bit (field-bit f)) (width (field-width f))
         (bytes (quotient (+ bit width 7) 8))
         (old (let loop ((i (- bytes 1)) (n 0))
                (if (< i 0) n (loop (- i 1) (+ (* n 256) (bytevector-u8-ref image (+ at i)))))))
         (mask (* (power2 bit) (- (power2 width) 1)))
         (clean (- old (bit-and old mask))))
    (put-word! image at (+ clean (* (power2 bit) (wrap-unsigned value width))) bytes)))

(define (put-string! image at t characters)
  (let ((size (type-size (type-base t))))
    (let loop ((l characters) (i 0))
      (if (and (pair? l) (< i (type-detail t)))
          (begin
            (put-word! image (+ at (* i size)) (car l) size)
            (loop (cdr l) (+ i 1)))))))

(define (emit-image! o image addresses)
  (out-object! o (if (read-only? (object-type o)) 'rodata 'data))
  (let loop ((at 0) (l addresses))
    (if (null? l)
        (out-data-bytes! image at (bytevector-length image))
        (let ((n (cdr (car l))))
          (out-data-bytes! image at (car (car l)))
          (use-object! (node-a n))
          (out-reference! #f (node-a n) (node-b n))
          (loop (+ 4 (car (car l))) (cdr l)))))
  (out-byte! 10))

;; Long runs of zeros are made by .space.
(define (out-data-bytes! bv start end)
  (let loop ((from start) (p start))
    (cond
     ((= p end) (out-lines! bv from end))
     ((= 0 (bytevector-u8-ref bv p))
      (let ((q (let run ((q p)) (if (and (< q end) (= 0 (bytevector-u8-ref bv q))) (run (+ q 1)) q))))
        (if (>= (- q p) 16)
            (begin
              (out-lines! bv from p)
              (out-line! (if (eq? output 'link) "\n.space " ".skip ") (number->string (- q p)))
              (loop q q))
            (loop from q))))
     (else (loop from (+ p 1))))))

(define (out-lines! bv start end)
  (if (< start end)
      (let ((stop (min end (+ start 64))))
        (out-code-bytes! bv start stop)
        (if (and (eq? output 'link) (< stop end)) (out-byte! 10))
        (out-lines! bv stop end))))

(define (emit-string! o)
  (set-object-state! o 'defined)
  (let* ((t (object-type o)) (image (make-bytevector (type-size t) 0)))
    (put-string! image 0 t (object-value o))
    (section! 'rodata)
    (out-align! (type-align t))
    (out-label! o #f)
    (out-data-bytes! image 0 (bytevector-length image))
    (out-byte! 10)))

;; ---- floating-point constants --------------------------------------------
(define float-labels (make-hash-table))

(define (float-label x type)            ; label of a constant in rodata
  (let* ((bits (float->bits x (type-kind type))) (key (cons (type-kind type) bits)))
    (or (hash-table-ref/default float-labels key #f)
        (let ((label (string-append ".." (new-static-label "float"))) (image (make-bytevector (type-size type) 0)))
          (put-word! image 0 bits (if (= 12 (type-size type)) 10 (type-size type)))
          (hash-table-set! float-labels key label)
          (section! 'rodata)
          (out-align! 4)
          (out-label! label #f)
          (out-code-bytes! image 0 (type-size type))
          (out-byte! 10)
          label))))

;; ---- asm of a file -------------------------------------------------------
;; asm("...") outside of functions: labels, .globl, .byte, .long and call, one a line,
;; with comments behind #. It is what the library needs, and no assembler.
(define (parse-file-asm)
  (next!)
  (if (memq tk '(volatile)) (next!))
  (expect! 'lparen)
  (let* ((p place) (s (list->string (map integer->char (cdr (parse-strings))))))
    (expect! 'rparen)
    (expect! 'semicolon)
    (section! 'text)
    (if (eq? output 'gas)
        (out-line! s)
        (let* ((lines (map split-words (split-lines s)))
               (global? (lambda (l) (and (pair? l) (string=? (car l) ".globl"))))
               (globals (apply append (map cdr (filter global? lines)))))
          (for-each (lambda (l) (if (not (global? l)) (asm-line l globals p))) lines)))))

(define (split-lines s)
  (let loop ((l (string->list s)) (word '()) (out '()))
    (cond ((null? l) (reverse (cons (list->string (reverse word)) out)))
          ((char=? (car l) #\newline) (loop (cdr l) '() (cons (list->string (reverse word)) out)))
          (else (loop (cdr l) (cons (car l) word) out)))))

(define (split-words s)                 ; at blanks and commas, up to #
  (let loop ((l (string->list s)) (word '()) (out '()))
    (let ((done (lambda () (if (null? word) out (cons (list->string (reverse word)) out)))))
      (cond ((or (null? l) (char=? (car l) #\#)) (reverse (done)))
            ((memv (car l) '(#\space #\tab #\,)) (loop (cdr l) '() (done)))
            (else (loop (cdr l) (cons (car l) word) out))))))

(define (asm-line words globals p)
  (if (pair? words)
      (let* ((w (car words)) (n (string-length w)))
        (cond
         ((char=? #\: (string-ref w (- n 1)))
          (let ((name (substring w 0 (- n 1))))
            (out-line! ":" (if (member* name globals) "" "..") name)
            (asm-line (cdr words) globals p)))
         ((string=? w ".byte")
          (for-each
           (lambda (x)
             (let ((v (and (> (string-length x) 2) (string=? "0x" (substring x 0 2))
                           (string->number (substring x 2 (string-length x)) 16))))
               (if (and v (<= 0 v 255)) (out-hex! v) (complain p "asm: no byte: " x))))
           (cdr words))
          (out-byte! 10))
         ((string=? w ".long")
          (let* ((x (cadr words)) (k (string-length x))
                 (relative (and (> k 4) (string=? ".-4" (substring x (- k 3) k)))))
            (out-line! (if relative "%" "&") (if relative (substring x 0 (- k 4)) x))))
         ((string=? w "call") (out-line! "E8 %" (cadr words)))
         (else (complain p "asm: unknown line: " w))))))
