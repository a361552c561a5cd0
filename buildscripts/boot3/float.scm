;; Floating-point constants as exact numbers: no flonum of the Scheme is used.

;; The value is mantissa * 2^exponent, negative if the sign is #t. The mantissa
;; is an integer >= 0, or one of the symbols infinity and nan.
(define-record-type float
  (make-float negative mantissa exponent)
  float?
  (negative float-negative)
  (mantissa float-mantissa)
  (exponent float-exponent))

(define (float-finite? x) (exact-integer? (float-mantissa x)))
(define (float-zero? x) (eqv? 0 (float-mantissa x)))
(define (float-infinity negative) (make-float negative 'infinity 0))
(define float-nan (make-float #f 'nan 0))
(define (float-negate x)
  (make-float (not (float-negative x)) (float-mantissa x) (float-exponent x)))

(define (integer->float n) (make-float (< n 0) (abs n) 0))

;; Formats: (significant bits, exponent of the smallest subnormal, exponent of
;; the first power of two that is too large, bytes)
(define (float-format kind)
  (case kind
    ((float) '(24 -149 128 4))
    ((double) '(53 -1074 1024 8))
    (else '(64 -16445 16384 12))))

;; x rounded to the nearest number of the format, ties to even
(define (float-round x kind)
  (if (or (not (float-finite? x)) (float-zero? x))
      x
      (let* ((f (float-format kind)) (m (float-mantissa x)) (e (float-exponent x))
             (s (max (- (integer-bits m) (car f)) (- (cadr f) e))))
        (if (<= s 0)
            (if (> (+ (integer-bits m) e) (caddr f)) (float-infinity (float-negative x)) x)
            (let* ((p (power2 s)) (q (quotient m p)) (r (* 2 (remainder m p)))
                   (q (if (or (> r p) (and (= r p) (odd? q))) (+ q 1) q)))
              (if (> (+ (integer-bits q) e s) (caddr f))
                  (float-infinity (float-negative x))
                  (make-float (float-negative x) q (if (= q 0) 0 (+ e s)))))))))

;; mantissa as a signed integer over the exponent e, which is not above its own
(define (float-aligned x e)
  (let ((m (* (float-mantissa x) (power2 (- (float-exponent x) e)))))
    (if (float-negative x) (- m) m)))

(define (float-add x y)
  (cond ((eq? (float-mantissa x) 'nan) x)
        ((eq? (float-mantissa y) 'nan) y)
        ((not (float-finite? x))
         (if (and (not (float-finite? y)) (not (eq? (float-negative x) (float-negative y))))
             float-nan
             x))
        ((not (float-finite? y)) y)
        ((and (float-zero? x) (float-zero? y))
         (make-float (and (float-negative x) (float-negative y)) 0 0))
        (else
         (let* ((e (min (float-exponent x) (float-exponent y)))
                (s (+ (float-aligned x e) (float-aligned y e))))
           (make-float (< s 0) (abs s) e)))))

(define (float-multiply x y)
  (let ((negative (not (eq? (float-negative x) (float-negative y)))))
    (cond ((or (eq? (float-mantissa x) 'nan) (eq? (float-mantissa y) 'nan)) float-nan)
          ((not (and (float-finite? x) (float-finite? y)))
           (if (or (float-zero? x) (float-zero? y)) float-nan (float-infinity negative)))
          (else
           (make-float negative (* (float-mantissa x) (float-mantissa y))
                       (+ (float-exponent x) (float-exponent y)))))))

;; The quotient with at least 68 bits and, in the last, whether more follow:
;; enough for one right rounding to any format.
(define (float-divide x y)
  (let ((negative (not (eq? (float-negative x) (float-negative y)))))
    (cond ((or (eq? (float-mantissa x) 'nan) (eq? (float-mantissa y) 'nan)) float-nan)
          ((not (float-finite? x)) (if (float-finite? y) (float-infinity negative) float-nan))
          ((not (float-finite? y)) (make-float negative 0 0))
          ((float-zero? y) (if (float-zero? x) float-nan (float-infinity negative)))
          (else
           (let* ((s (max 0 (+ 70 (- (integer-bits (float-mantissa y))
                                     (integer-bits (float-mantissa x))))))
                  (n (* (float-mantissa x) (power2 s))) (d (float-mantissa y)))
             (make-float negative (+ (* 2 (quotient n d)) (if (= 0 (remainder n d)) 0 1))
                         (- (float-exponent x) (float-exponent y) s 1)))))))

;; -1, 0, 1, or #f if one of them is a NaN
(define (float-compare x y)
  (define (sign x) (cond ((float-zero? x) 0) ((float-negative x) -1) (else 1)))
  (define (rank x) (if (float-finite? x) 0 (sign x)))
  (cond ((or (eq? (float-mantissa x) 'nan) (eq? (float-mantissa y) 'nan)) #f)
        ((not (and (float-finite? x) (float-finite? y)))
         (let ((d (- (rank x) (rank y)))) (cond ((< d 0) -1) ((> d 0) 1) (else 0))))
        (else
         (let* ((e (min (float-exponent x) (float-exponent y)))
                (d (- (float-aligned x e) (float-aligned y e))))
           (cond ((< d 0) -1) ((> d 0) 1) (else 0))))))

;; towards zero; what does not fit any integer is 0
(define (float->integer x)
  (if (or (not (float-finite? x)) (> (+ (float-exponent x) (integer-bits (float-mantissa x))) 64))
      0
      (let* ((e (float-exponent x)) (m (float-mantissa x))
             (n (if (>= e 0) (* m (power2 e)) (quotient m (power2 (- e))))))
        (if (float-negative x) (- n) n))))

;; ---- bytes ---------------------------------------------------------------
;; The encoding of a rounded x as one integer (IEEE 754; the x87's for ldouble).
(define (float->bits x kind)
  (let* ((f (float-format kind)) (p (car f)) (explicit (not (memq kind '(float double))))
         (fraction (if explicit 64 (- p 1))) (top (- (* 2 (caddr f)) 1))
         (sign (if (float-negative x) 1 0)))
    (define (pack biased m)
      (+ m (* (power2 fraction) (+ biased (* sign (+ top 1))))))
    (cond ((eq? (float-mantissa x) 'infinity) (pack top (if explicit two^63 0)))
          ((eq? (float-mantissa x) 'nan)
           (pack top (if explicit (+ two^63 (quotient two^63 2)) (power2 (- p 2)))))
          ((float-zero? x) (pack 0 0))
          (else
           (let* ((m (float-mantissa x)) (e (float-exponent x)) (n (integer-bits m))
                  (ulp (max (cadr f) (+ e (- n p))))    ; exponent of the last place
                  (m (if (>= e ulp) (* m (power2 (- e ulp))) (quotient m (power2 (- ulp e)))))
                  (normal (>= m (power2 (- p 1)))))
             (if normal
                 (pack (+ 1 (- ulp (cadr f))) (if explicit m (- m (power2 (- p 1)))))
                 (pack 0 m)))))))

;; ---- from decimal and hexadecimal ----------------------------------------
(define (digits->float digits ten)      ; digits * 10^ten
  (let ((n (quotient (* (integer-bits digits) 30103) 100000)))
    (cond ((= digits 0) (make-float #f 0 0))
          ((> (+ n ten) 5000) (float-infinity #f))
          ((< (+ n ten) -5100) (make-float #f 0 0))
          ((>= ten 0) (make-float #f (* digits (expt 10 ten)) 0))
          (else (float-divide (integer->float digits) (integer->float (expt 10 (- ten))))))))
