;; From C to tcc and around the loop, on one machine.
;;
;;   bin/scheme boot4/ladder.scm STAGE...
;;
;; It runs in a folder with bin (scheme, link, sha256sum), boot3, boot4, libc, tcc, refmodel, hex0, model.c and pc.c; all paths are relative, so
;; that what is made does not depend on where the folder is. Stages are tcc, ddc, tests2, loop; the file `sources` has the names of
;; the C files of libc and refmodel, one a line. What is made goes to out.
;;
;;   tcc    cc.scm makes out/tcc0 of tcc's source and libc; tcc0 makes tcc1, that tcc2, that tcc3; tcc2 and tcc3 must be equal.
;;   ddc    out/tccG0, which another compiler has made, makes tccG1, that tccG2, which must be equal to tcc2.
;;   tests2 tcc compiles its own tests and runs them.
;;   loop   cc.scm, and the newest tcc, make the model of refmodel; each model runs the script that compiles the text of the
;;          boot sector and the kernel, and the PC of refmodel boots a disk with those and does so again: all must be equal.

(define libc-include "libc/include")

;; ---- running programs ----------------------------------------------------
(define (say . parts)
  (for-each display parts)
  (newline))

;; A line on the console before each part of the work, by which a log with times can be cut.
(define (stage . parts)
  (apply say "stage: " parts))

(define (flatten l)
  (cond ((null? l) '())
        ((list? (car l)) (append (flatten (car l)) (flatten (cdr l))))
        (else (cons (car l) (flatten (cdr l))))))

;; Runs a program; its words may stand in lists. The whole ends where it fails.
(define (must-run . words)
  (let* ((words (flatten words)) (status (apply run words)))
    (if (not (eqv? status 0))
        (begin
          (for-each (lambda (w) (display w) (display " ")) words)
          (say ": exit status " status)
          (exit 1)))))

(define (must-make directory)
  (if (not (file-exists? directory)) (create-directory directory)))

;; ---- names ---------------------------------------------------------------
(define (read-lines path)
  (let ((port (open-input-file path)))
    (let loop ((out '()))
      (let ((line (read-line port)))
        (if (eof-object? line)
            (begin (close-port port) (reverse out))
            (loop (cons line out)))))))

(define (begins? s prefix)
  (let ((n (string-length prefix)))
    (and (>= (string-length s) n) (string=? prefix (substring s 0 n)))))

(define sources (read-lines "sources"))
(define libc-sources (filter (lambda (s) (begins? s "libc/")) sources))
(define model-sources (filter (lambda (s) (begins? s "refmodel/")) sources))

;; a/b.c in the folder d, with another ending
(define (object d source ending)
  (string-append d "/"
                 (list->string (map (lambda (c) (if (char=? c #\/) #\_ c)) (string->list source)))
                 ending))

;; ---- compilers -----------------------------------------------------------
(define (by-cc d options sources)       ; -> modules
  (must-make d)
  (map (lambda (s)
         (let ((o (object d s ".link")))
           (must-run "bin/scheme" "boot3/cc.scm" "-o" o options "-I" libc-include s)
           o))
       sources))

(define (by-tcc tcc d options sources)  ; -> objects
  (must-make d)
  (map (lambda (s)
         (let ((o (object d s ".o")))
           (must-run tcc "-nostdinc" "-I" libc-include options "-c" "-o" o s)
           o))
       sources))

(define tcc-options '("-I" "boot4" "-D" "TCC_TARGET_I386" "-U" "__i386__"))

(define libc-by-cc #f)                  ; modules, once they are made
(define (need-libc!)
  (if (not libc-by-cc)
      (begin
        (stage "libc by cc.scm")
        (set! libc-by-cc (by-cc "out/libc-cc" '() libc-sources)))))

(define libc-by-tcc #f)
(define (next-tcc parent child)
  (stage child " by " parent)
  (let ((d (string-append child ".d")))
    (set! libc-by-tcc (by-tcc parent d '() libc-sources))
    (must-run parent "-static" "-nostdlib" "-o" child libc-by-tcc
              (by-tcc parent d tcc-options '("tcc/tcc.c")))))

;; ---- comparing -----------------------------------------------------------
(define (file-bytes path)
  (let ((port (open-binary-input-file path)))
    (let loop ((out '()))
      (let ((b (read-bytevector 65536 port)))
        (if (eof-object? b)
            (begin (close-port port) (apply bytevector-append (reverse out)))
            (loop (cons b out)))))))

(define (must-equal a b)
  (if (equal? (file-bytes a) (file-bytes b))
      (say a " = " b)
      (begin (say a " and " b " differ") (exit 1))))

;; ---- stages --------------------------------------------------------------
(define newest-tcc #f)

;; Diverse double-compiling: out/tccG0 descends from another compiler.
(define (stage-ddc)
  (next-tcc "out/tccG0" "out/tccG1")
  (next-tcc "out/tccG1" "out/tccG2")
  (must-equal "out/tcc2" "out/tccG2"))

(define (stage-tcc)
  (need-libc!)
  (stage "out/tcc0 by cc.scm")
  (must-run "bin/link" "out/tcc0" (by-cc "out/tcc0.d" tcc-options '("tcc/tcc.c")) libc-by-cc)
  (next-tcc "out/tcc0" "out/tcc1")
  (next-tcc "out/tcc1" "out/tcc2")
  (next-tcc "out/tcc2" "out/tcc3")
  (set! newest-tcc "out/tcc3")
  (must-equal "out/tcc2" "out/tcc3")
  (must-run "bin/sha256sum" "out/tcc0" "out/tcc1" "out/tcc2" "out/tcc3"))

;; The script of the rebuild: the text of boot sector and kernel, compiled.
(define (write-rebuild-script path)
  (let ((text (bytevector-append (file-bytes "hex0/boot.hex0") (file-bytes "hex0/kernel.hex0")))
        (port (open-binary-output-file path)))
    (define (line s) (write-bytevector (string->utf8 s) port))
    (line "src 0 /dev\nsrc ")
    (line (number->string (bytevector-length text)))
    (line " /a.hex0\n")
    (write-bytevector text port)
    (line "hex0 /a.hex0 /dev/hda\n")
    (close-port port)))

(define (write-image path)               ; a disk: the system, the script, zeros
  (let ((port (open-binary-output-file path)))
    (write-bytevector (file-bytes "out/seedbed-by-cc") port)
    (write-bytevector (file-bytes "out/rebuild.src") port)
    (write-bytevector (make-bytevector 1048576 0) port)
    (close-port port)))

;; The model and the PC as programs: (make OUT OBJECTS) links, (compile D SOURCES) compiles.
(define (around-the-loop by parent compile make)
  (define (name stem) (string-append "out/" stem "-" by))
  (stage (name "model") ", " (name "pc") " by " parent)
  (let ((parts (compile (name "refmodel") model-sources)))
    (make (name "model") (append (compile (name "refmodel") '("model.c")) parts))
    (make (name "pc") (append (compile (name "refmodel") '("pc.c")) parts))
    (stage (name "seedbed-by") " by " (name "model"))
    (must-run (name "model") "out/rebuild.src" (name "seedbed-by") "64")
    (if (string=? by "cc") (write-image "out/seedbed.img"))
    (stage (name "seedbed-by-pc") " by " (name "pc"))
    (must-run (name "pc") "out/seedbed.img" (name "seedbed-by-pc") "64")
    (must-equal "out/seedbed-by-cc" (name "seedbed-by"))
    (must-equal "out/seedbed-by-cc" (name "seedbed-by-pc"))))

(define (stage-loop)
  (need-libc!)
  (write-rebuild-script "out/rebuild.src")
  (around-the-loop "cc" "cc.scm"
                   (lambda (d sources) (by-cc d '("-I" ".") sources))
                   (lambda (out objects) (must-run "bin/link" out objects libc-by-cc)))
  (if newest-tcc
      (around-the-loop "tcc" newest-tcc
                       (lambda (d sources) (by-tcc newest-tcc d '("-I" ".") sources))
                       (lambda (out objects)
                         (must-run newest-tcc "-static" "-nostdlib" "-o" out objects libc-by-tcc))))
  (must-run "bin/sha256sum" "out/seedbed-by-cc"))

;; ---- tcc's own tests -----------------------------------------------------
;; A line of boot4/tests2.txt: NAME, words for the compiler, --, words for the
;; program. What they print goes to the console, behind an empty line and "== NAME".
(define (split-at-tabs line)
  (let loop ((l (string->list line)) (word '()) (out '()))
    (define (done) (cons (list->string (reverse word)) out))
    (cond ((null? l) (reverse (done)))
          ((char=? (car l) #\tab) (loop (cdr l) '() (done)))
          (else (loop (cdr l) (cons (car l) word) out)))))

;; The words in front of `--`, without the first, and those behind it.
(define (flags-of words)
  (let loop ((l (cdr words)))
    (if (or (null? l) (string=? "--" (car l))) '() (cons (car l) (loop (cdr l))))))
(define (arguments-of words)
  (let ((rest (member "--" words))) (if rest (cdr rest) '())))

(define (compile-test name flags)       ; -> exit status
  (apply run (flatten (list newest-tcc flags "-nostdinc" "-I" libc-include "-I" "tcc/tests2" "-static"
                            "-nostdlib" "-o" "out/test" (string-append "tcc/tests2/" name ".c")
                            libc-by-tcc))))

(define (first-word text)
  (let ((end (string-index text #\space)))
    (if end (substring text 0 end) text)))

;; The names N of `defined N` in a file that begin with test_, each once, in their order.
(define (part-names path)
  (let loop ((lines (read-lines path)) (out '()))
    (if (null? lines)
        (reverse out)
        (let find ((line (car lines)) (out out))
          (cond ((string=? line "") (loop (cdr lines) out))
                ((begins? line "defined test_")
                 (let ((name (first-word (substring line 8 (string-length line)))))
                   (find (substring line 8 (string-length line))
                         (if (member name out) out (cons name out)))))
                (else (find (substring line 1 (string-length line)) out)))))))

;; Each part of a file by itself, as tcc -dt -run does: with what it exits with, if that is not 0.
(define (run-parts name)
  (for-each
   (lambda (part)
     (say "[" part "]")
     (if (eqv? 0 (compile-test name (list "-D" part)))
         (let ((status (run "out/test")))
           (if (not (eqv? status 0)) (say "[returns " status "]"))))
     (newline))
   (part-names (string-append "tcc/tests2/" name ".c"))))

(define (stage-tests2)
  (for-each
   (lambda (line)
     (if (not (or (string=? line "") (char=? #\# (string-ref line 0))))
         (let* ((words (split-at-tabs line)) (name (car words)) (flags (flags-of words)))
           (say "\n== " name)
           (cond ((equal? flags '("parts")) (run-parts name))
                 ((eqv? 0 (compile-test name flags)) (apply run "out/test" (arguments-of words)))
                 (else (say name ": not compiled"))))))
   (read-lines "boot4/tests2.txt"))
  (say "\n== end"))

(must-make "out")
(for-each
 (lambda (stage)
   (cond ((string=? stage "tcc") (stage-tcc))
         ((string=? stage "ddc") (stage-ddc))
         ((string=? stage "tests2") (stage-tests2))
         ((string=? stage "loop") (stage-loop))
         (else (say "no stage " stage) (exit 2))))
 (cdr (command-line)))
(say "ladder: all done")
