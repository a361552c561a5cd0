;; Runs cc.scm under Guile 3, a Scheme that was not made here: guile guile.scm ARG...
(import (scheme base) (scheme file) (scheme char) (scheme cxr) (scheme write)
        (scheme process-context) (srfi srfi-69))

;; Characters are bytes, as they are in boot2's scheme.
(define (utf8->string bv start end)
  (let ((s (make-string (- end start))))
    (do ((i start (+ i 1))) ((= i end) s)
      (string-set! s (- i start) (integer->char (bytevector-u8-ref bv i))))))
(define (string->utf8 s)
  (let ((bv (make-bytevector (string-length s) 0)))
    (do ((i 0 (+ i 1))) ((= i (string-length s)) bv)
      (bytevector-u8-set! bv i (char->integer (string-ref s i))))))

;; cc.scm finds its parts beside itself; load wants an absolute path.
(let ((here (canonicalize-path (car (program-arguments)))))
  (set-program-arguments
   (cons (string-append (substring here 0 (- (string-length here) 9)) "cc.scm")
         (cdr (program-arguments)))))
(load (car (program-arguments)))
