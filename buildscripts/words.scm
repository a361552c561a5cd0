; words.scm FILE OUT: writes how often each word of a file occurs, the most frequent first.

(define counts (make-hash-table))

(define (letter? c)
  (and (char? c) (char-alphabetic? c)))

(define (count-words port)
  (let loop ((word '()))
    (let ((c (read-char port)))
      (cond ((letter? c) (loop (cons (char-downcase c) word)))
            (else
             (unless (null? word)
               (hash-table-update!/default counts (list->string (reverse word))
                                           (lambda (n) (+ n 1)) 0))
             (unless (eof-object? c)
               (loop '())))))))

(define (before? a b)
  (or (> (cdr a) (cdr b))
      (and (= (cdr a) (cdr b)) (string<? (car a) (car b)))))

(call-with-input-file (cadr (command-line)) count-words)
(call-with-output-file (caddr (command-line))
  (lambda (out)
    (for-each (lambda (entry)
                (display (cdr entry) out)
                (write-char #\space out)
                (display (car entry) out)
                (newline out))
              (sort (hash-table->alist counts) before?))))
