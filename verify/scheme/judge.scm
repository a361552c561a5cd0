; judge.scm EXAMPLES OUT: evaluates the examples, each (EXPRESSION VALUE), and writes to OUT a line for
; each whose value is another one, and at the end how many there were.
(define (judge expression want out)
  (let ((got (call/cc
              (lambda (k)
                (with-exception-handler
                 (lambda (c) (k 'condition))
                 (lambda () (eval expression (interaction-environment))))))))
    (unless (equal? got want)
      (write expression out)
      (display " is " out)
      (write got out)
      (newline out))))
(define (judge-all in out n)
  (let ((example (read in)))
    (cond ((eof-object? example)
           (write n out)
           (display " examples" out)
           (newline out))
          (else
           (judge (car example) (cadr example) out)
           (judge-all in out (+ n 1))))))
(call-with-input-file (cadr (command-line))
  (lambda (in)
    (call-with-output-file (caddr (command-line))
      (lambda (out) (judge-all in out 0)))))
