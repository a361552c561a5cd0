; Large integers of no pattern, and with digits at their limits: laws that quotients, products and texts
; must keep, and a sum of all that two interpreters can compare.
(define seed 12345)
(define (rnd n) (set! seed (modulo (+ (* seed 1103515245) 12345) 2147483648)) (modulo (quotient seed 8) n))
(define words (vector 0 1 4294967295 2147483648 2147483647 4294967294 65536 305419896))
(define (word) (if (< (rnd 3) 1) (vector-ref words (rnd 8)) (+ (* (rnd 65536) 65536) (rnd 65536))))
(define (big n) (let loop ((i 0) (x 0)) (if (= i n) (if (= 0 (rnd 2)) x (- x)) (loop (+ i 1) (+ (* x 4294967296) (word))))))
(define (check n sum)
  (if (= n 0) sum
    (let* ((a (big (+ 1 (rnd 12)))) (b (big (+ 1 (rnd 8)))) (b (if (= b 0) 1 b))
           (q (quotient a b)) (r (remainder a b)) (m (modulo a b)) (p (* a b)))
      (if (not (and (= a (+ (* q b) r)) (< (abs r) (abs b)) (= 0 (modulo (- a m) b)) (= p (* b a)) (= a (quotient p b))
                    (= (- (+ a b) b) a) (= a (string->number (number->string a))) (= b (string->number (number->string b 16) 16))))
          (begin (write (list 'bad a b q r m)) (newline)))
      (check (- n 1) (modulo (+ (* sum 31) q r m (quotient p 1000003)) 1000000007)))))
(write (check 20000 7)) (newline)
