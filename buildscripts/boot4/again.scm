;; scheme again.scm cc.scm MODULE: cc.scm compiles tcc.c to a module for link.
;; scheme again.scm COMPILER PROGRAM NAME...: COMPILER, a tcc, compiles the library's NAME.c and tcc.c, and links them to PROGRAM.
(define words (cdr (command-line)))
(define compiler (car words))
(define result (cadr words))
(define tcc-options '("-D" "TCC_TARGET_I386" "-U" "__i386__"))

(define (must-run . command)
  (if (not (eqv? 0 (apply run command))) (exit 1)))

;; tcc's source includes sys/time.h; the folders of pipelines are flat.
(define (make-sys-time)
  (guard (e (#t #f)) (create-directory "sys")) ; it may be there from another run
  (let ((port (open-output-file "sys/time.h")))
    (write-string "#include <sys_time.h>\n" port)
    (close-port port)))

(define (object name)                   ; by tcc
  (let ((o (string-append name ".o")))
    (apply must-run compiler "-nostdinc" "-I" "." "-c" "-o" o
           (append (if (string=? name "tcc") tcc-options '()) (list (string-append name ".c"))))
    o))

(make-sys-time)
(if (string=? compiler "cc.scm")
    (apply must-run "scheme" "cc.scm" "-I" "." "-o" result (append tcc-options '("tcc.c")))
    (apply must-run compiler "-static" "-nostdlib" "-o" result (map object (append (cddr words) '("tcc")))))
