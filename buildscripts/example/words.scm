; words.scm IN OUT: how often each word of a file is there, the most frequent first.
;
; A worked example of buildscripts/README.md.

(define (split line)
  (let next ((i 0) (start 0) (words '()))
    (define (more)
      (if (< start i) (cons (substring line start i) words) words))
    (cond ((= i (string-length line)) (more))
          ((char=? (string-ref line i) #\space) (next (+ i 1) (+ i 1) (more)))
          (else (next (+ i 1) start words)))))

(define counts (make-hash-table))

(define (before? a b)
  (or (> (cdr a) (cdr b))
      (and (= (cdr a) (cdr b)) (string<? (car a) (car b)))))

(call-with-input-file (cadr (command-line))
  (lambda (in)
    (let next ((line (read-line in)))
      (if (not (eof-object? line))
          (begin
            (for-each
              (lambda (word) (hash-table-update!/default counts word (lambda (n) (+ n 1)) 0))
              (split line))
            (next (read-line in)))))))

(call-with-output-file (caddr (command-line))
  (lambda (out)
    (for-each
      (lambda (entry)
        (write (cdr entry) out)
        (write-char #\space out)
        (write-string (car entry) out)
        (newline out))
      (sort (hash-table->alist counts) before?))))
