;; scheme library.scm NAME...: compiles NAME.c to NAME.link, each in a run of cc.scm of its own.
(for-each
 (lambda (name)
   (let ((status (run "scheme" "cc.scm" "-I" "." "-o" (string-append name ".link")
                      (string-append name ".c"))))
     (if (not (eqv? status 0)) (exit 1))))
 (cdr (command-line)))
