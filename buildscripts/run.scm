; run.scm PLAN: runs the stages of a pipeline, in one process after the other, from one boot.
;
; PLAN has a line for each stage, as pipeline.sh writes it:
;
;   NUMBER|BIN ARG...|INPUT...|OUTPUT...
;
; and, where it has several pipelines, before the stages of each a line `in FOLDER/`, and
; `copy FROM TO` for each file that an earlier one has made for it.
;
; Each command is shown, then run. The first one that fails, or has not made its outputs, ends
; all with one line, in the form of the builder's shell, and exit status 1.

; The parts of text between the characters c; of blanks, none is empty.
(define (split text c)
  (let loop ((start 0) (parts '()))
    (let ((end (string-index text c start)))
      (if end
          (loop (+ end 1) (cons (substring text start end) parts))
          (reverse (cons (substring text start (string-length text)) parts))))))
(define (words text)
  (remove (lambda (word) (string=? word "")) (split text #\space)))

(define (fail . what)
  (for-each display what)
  (newline)
  (exit 1))

; A name without a slash is that of a file here.
(define (path name)
  (if (string-index name #\/) name (string-append "./" name)))

(define (two-digits n)
  (string-append (if (< n 16) "0" "") (string-upcase (number->string n 16))))

(define (run-stage line)
  (let* ((fields (split line #\|))
         (command (words (cadr fields)))
         (outputs (words (cadddr fields))))
    (display (cadr fields))
    (newline)
    (unless (file-exists? (path (car command)))
      (fail "ERROR: " (car command) ": not found"))
    (let ((status (apply run (path (car command)) (cdr command))))
      (unless (= status 0)
        (fail "ERROR: " (car command) ": exit " (two-digits status))))
    (for-each
     (lambda (name)
       (unless (file-exists? name)
         (fail "ERROR: " name ": not made")))
     outputs)))

(define (copy from to)
  (let ((in (open-binary-input-file from))
        (out (open-binary-output-file to)))
    (let loop ((bytes (read-bytevector 65536 in)))
      (unless (eof-object? bytes)
        (write-bytevector bytes out)
        (loop (read-bytevector 65536 in))))
    (close-port in)
    (close-port out)))

(define (run-line line)
  (let ((parts (words line)))
    (cond ((string-index line #\|) (run-stage line))
          ((string=? (car parts) "in") (current-directory (cadr parts)))
          (else (copy (cadr parts) (caddr parts))))))

(call-with-input-file (cadr (command-line))
  (lambda (plan)
    (let loop ((line (read-line plan)))
      (unless (eof-object? line)
        (run-line line)
        (loop (read-line plan))))))
