;; The values of numbers, characters and strings (C99 6.4.4, 6.4.5).

(define (digit-value c)                 ; of a byte, or 99
  (cond ((and (<= 48 c) (<= c 57)) (- c 48))
        ((and (<= 97 c) (<= c 102)) (- c 87))
        ((and (<= 65 c) (<= c 70)) (- c 55))
        (else 99)))

(define (code-at s i) (if (< i (string-length s)) (char->integer (string-ref s i)) 0))

;; Spelling of an integer constant -> (value u-or-#f longs base), or #f.
(define (parse-integer s)
  (let* ((prefix (and (= 48 (code-at s 0)) (code-at s 1)))
         (base (cond ((not prefix) 10) ((memv prefix '(120 88)) 16) ((memv prefix '(98 66)) 2) (else 8)))
         (start (case base ((16 2) 2) (else 0))))
    (let loop ((i start) (n 0))
      (let ((d (digit-value (code-at s i))))
        (if (< d base)
            (loop (+ i 1) (+ (* n base) d))
            (and (> i start)
                 (let ((suffix (integer-suffix (substring s i (string-length s)))))
                   (and suffix (list n (car suffix) (cdr suffix) base)))))))))

(define (integer-suffix s)              ; (u . longs) or #f
  (let ((x (assoc (list->string (map char-downcase (string->list s)))
                  '(("" #f . 0) ("u" u . 0) ("l" #f . 1) ("ul" u . 1) ("lu" u . 1)
                    ("ll" #f . 2) ("ull" u . 2) ("llu" u . 2)))))
    (and x (not (member s '("lL" "Ll" "uLl" "ulL" "lLu" "Llu" "UlL" "ULl" "lLU" "LlU"))) (cdr x))))

;; Spelling of a floating constant -> (float . kind), or #f.
(define (parse-float s)
  (let* ((hex (and (= 48 (code-at s 0)) (memv (code-at s 1) '(120 88)) #t)) (base (if hex 16 10)))
    (let loop ((i (if hex 2 0)) (n 0) (digits 0) (point #f) (scale 0))
      (let* ((c (code-at s i)) (d (digit-value c)))
        (cond ((< d base)
               (loop (+ i 1) (+ (* n base) d) (+ digits 1) point (if point (- scale 1) scale)))
              ((and (= c 46) (not point)) (loop (+ i 1) n digits #t scale))
              ((= digits 0) #f)
              ((memv c (if hex '(112 80) '(101 69)))
               (parse-exponent s (+ i 1) hex n scale))
              ((and point (not hex)) (finish-float s i hex n scale 0))
              (else #f))))))

(define (parse-exponent s i hex n scale)
  (let* ((sign (code-at s i)) (start (if (memv sign '(43 45)) (+ i 1) i)))
    (let loop ((i start) (e 0))
      (let ((d (digit-value (code-at s i))))
        (if (< d 10)
            (loop (+ i 1) (min 1000000 (+ (* e 10) d)))
            (and (> i start)
                 (finish-float s i hex n scale (if (= sign 45) (- e) e))))))))

(define (finish-float s i hex n scale e)
  (let ((kind (assoc (substring s i (string-length s))
                     '(("" . double) ("f" . float) ("F" . float) ("l" . ldouble) ("L" . ldouble)))))
    (and kind
         (cons (float-round (if hex
                                (make-float #f n (+ (* 4 scale) e))
                                (digits->float n (+ scale e)))
                            (cdr kind))
               (cdr kind)))))

;; ---- characters and strings ----------------------------------------------
;; Calls (put value) for each character between the quotes of a literal.
(define (for-each-character t put)
  (let* ((b (token-value t)) (end (- (bytevector-length b) 1))
         (wide (= 76 (bytevector-u8-ref b 0))) (limit (if wide two^32 256)))
    (define (escape p)                  ; p is behind the backslash
      (let ((c (bytevector-u8-ref b p)))
        (case c
          ((110) (one 10 p)) ((116) (one 9 p)) ((114) (one 13 p)) ((97) (one 7 p))
          ((98) (one 8 p)) ((102) (one 12 p)) ((118) (one 11 p)) ((101) (one 27 p))
          ((92 39 34 63) (one c p))
          ((120) (number (+ p 1) 16 1000000))
          (else
           (if (< (digit-value c) 8)
               (number p 8 3)
               (begin (complain t "unknown escape \\" (string (integer->char c))) (one c p)))))))
    (define (one c p) (put c) (next (+ p 1)))
    (define (number p base most)
      (let loop ((q p) (n 0))
        (let ((d (digit-value (bytevector-u8-ref b q))))
          (if (and (< d base) (< (- q p) most))
              (loop (+ q 1) (+ (* n base) d))
              (begin
                (if (= p q) (complain t "\\x without digits"))
                (if (>= n limit) (complain t "character out of range"))
                (put (modulo n limit))
                (next q))))))
    (define (next p)
      (if (< p end)
          (let ((c (bytevector-u8-ref b p)))
            (cond ((= c 92) (escape (+ p 1)))
                  ((and wide (>= c 128)) (utf8 p c))
                  (else (one c p))))))
    (define (utf8 p c)
      (let ((more (cond ((>= c 240) 3) ((>= c 224) 2) (else 1))))
        (let loop ((i 1) (n (modulo c (case more ((3) 8) ((2) 16) (else 32)))))
          (if (and (<= i more) (< (+ p i) end))
              (loop (+ i 1) (+ (* n 64) (modulo (bytevector-u8-ref b (+ p i)) 64)))
              (begin (put n) (next (+ p i)))))))
    (next (if wide 2 1))))

(define (wide-literal? t) (= 76 (bytevector-u8-ref (token-value t) 0)))

;; 'ab' is 'a' * 256 + 'b', as gcc has it; one character is a signed char
(define (char-value t)
  (let ((n 0) (count 0) (wide (wide-literal? t)))
    (for-each-character t (lambda (c) (set! n (+ (if wide 0 (* n 256)) c)) (set! count (+ count 1))))
    (cond ((= count 0) (complain t "empty character constant") 0)
          (wide (wrap-signed n 32))
          ((= count 1) (wrap-signed n 8))
          (else (if (> count 4) (warn t "character constant too long")) (wrap-signed n 32)))))

;; The characters of adjacent string tokens as a list, without the final 0.
(define (string-characters tokens)
  (let ((out '()))
    (for-each (lambda (t) (for-each-character t (lambda (c) (set! out (cons c out))))) tokens)
    (reverse out)))
