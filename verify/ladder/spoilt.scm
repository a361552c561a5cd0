; spoilt.scm DIR N: there, pp reads pp.0 to pp.N-1 and link reads link.0 to link.N-1. The file statuses gets the
; exit status of each; what they make is NAME.out.
(current-directory (cadr (command-line)))
(define count (string->number (caddr (command-line))))
(call-with-output-file "statuses"
  (lambda (out)
    (for-each
     (lambda (program)
       (do ((i 0 (+ i 1)))
           ((= i count))
         (let ((name (string-append program "." (number->string i))))
           (write (list name (run (string-append "./" program) (string-append name ".out") name)) out)
           (newline out))))
     '("pp" "link"))))
