;; Source files and the lexer: bytes to preprocessing tokens.

;; ---- source files --------------------------------------------------------
;; bytes    the text without backslash-newline pairs, and NULs behind it
;; lines    offset in bytes at which each physical line begins, ascending
;; renames  ((offset line . path) ...) of #line, the last one first
(define-record-type source
  (make-source path bytes size lines line-count renames once)
  source?
  (path source-path)
  (bytes source-bytes)
  (size source-size)
  (lines source-lines)
  (line-count source-line-count)
  (renames source-renames set-source-renames!)
  (once source-once set-source-once!))

(define (read-whole-file path)
  (let ((port (open-binary-input-file path)))
    (let loop ((chunks '()) (total 0))
      (let ((b (read-bytevector 65536 port)))
        (if (eof-object? b)
            (let ((all (make-bytevector (+ total 4) 0)))
              (close-port port)
              (let copy ((chunks chunks) (end total))
                (if (null? chunks)
                    all
                    (let ((start (- end (bytevector-length (car chunks)))))
                      (bytevector-copy! all start (car chunks))
                      (copy (cdr chunks) start)))))
            (loop (cons b chunks) (+ total (bytevector-length b))))))))

;; Makes a source of bytes that end in four NULs. Splices lines in place.
(define (bytes->source path all)
  (let ((size (- (bytevector-length all) 4)))
    (let loop ((from 0) (to 0) (lines '(0)) (count 1))
      (if (>= from size)
          (begin
            (bytevector-u8-set! all to 0)
            (bytevector-u8-set! all (+ to 1) 0)
            (bytevector-u8-set! all (+ to 2) 0)
            (make-source path all to (list->vector (reverse lines)) count '() #f))
          (let ((c (bytevector-u8-ref all from)))
            (cond ((= c 10)
                   (bytevector-u8-set! all to 10)
                   (loop (+ from 1) (+ to 1) (cons (+ to 1) lines) (+ count 1)))
                  ((and (= c 92) (= (bytevector-u8-ref all (+ from 1)) 10))
                   (loop (+ from 2) to (cons to lines) (+ count 1)))
                  ((and (= c 92) (= (bytevector-u8-ref all (+ from 1)) 13)
                        (= (bytevector-u8-ref all (+ from 2)) 10))
                   (loop (+ from 3) to (cons to lines) (+ count 1)))
                  (else
                   (if (not (= from to)) (bytevector-u8-set! all to c))
                   (loop (+ from 1) (+ to 1) lines count))))))))

;; index of the last line that begins at or before the offset
(define (line-index source offset)
  (let ((lines (source-lines source)))
    (let loop ((low 0) (high (source-line-count source)))
      (if (= (+ low 1) high)
          low
          (let ((mid (quotient (+ low high) 2)))
            (if (<= (vector-ref lines mid) offset) (loop mid high) (loop low mid)))))))

(define (rename-at source offset)
  (let loop ((r (source-renames source)))
    (cond ((null? r) #f)
          ((<= (car (car r)) offset) (car r))
          (else (loop (cdr r))))))

(define (offset->line source offset)
  (let ((line (+ 1 (line-index source offset))) (r (rename-at source offset)))
    (if r
        (+ (cadr r) (- line (+ 1 (line-index source (car r)))))
        line)))

(define (offset->path source offset)
  (let ((r (rename-at source offset)))
    (if r (cddr r) (source-path source))))

(define (offset->column source offset)
  (+ 1 (- offset (vector-ref (source-lines source) (line-index source offset)))))

;; ---- tokens --------------------------------------------------------------
;; kind   ident number string character, eof, newline (in directives), or the symbol
;;        of a punctuator
;; value  name of an ident; spelling of a number (string), of a string or
;;        character literal (bytevector with its quotes); precedence of a
;;        binary operator, 0 of other punctuators
;; source, offset  where it stands; a token is its own place for messages
;; space  0, or 1 after white space, 2 at the beginning of a line
;; A painted token is an ident that must not be expanded any more.
(define-record-type token
  (make-token kind value source offset space painted)
  token?
  (kind token-kind)
  (value token-value)
  (source token-source)
  (offset token-offset)
  (space token-space)
  (painted token-painted))

(define (token-respaced t space)
  (make-token (token-kind t) (token-value t) (token-source t) (token-offset t)
              space (token-painted t)))

(define (place-line t) (offset->line (token-source t) (token-offset t)))

(define (place->string t)
  (let ((s (token-source t)) (o (token-offset t)))
    (string-append (offset->path s o) ":" (number->string (offset->line s o)) ":"
                   (number->string (offset->column s o)))))

;; ---- tables --------------------------------------------------------------
;; class of a byte: 0 punctuator or wrong, 1 space, 2 newline, 3 letter,
;; 4 digit, 5 quotation mark, 6 apostrophe
(define byte-class (make-vector 256 0))
(for-each (lambda (c) (vector-set! byte-class c 1)) '(32 9 11 12 13))
(vector-set! byte-class 10 2)
(do ((i 0 (+ i 1))) ((= i 26))
  (vector-set! byte-class (+ 65 i) 3)
  (vector-set! byte-class (+ 97 i) 3))
(vector-set! byte-class 95 3)
(vector-set! byte-class 36 3)           ; $ in names, as GNU has it
(do ((i 48 (+ i 1))) ((= i 58)) (vector-set! byte-class i 4))
(vector-set! byte-class 34 5)
(vector-set! byte-class 39 6)

(define (name-byte? c)
  (let ((k (vector-ref byte-class c))) (or (= k 3) (= k 4))))

;; Spelling, symbol, precedence as a binary operator. Of those that begin with
;; the same byte the longer ones come first.
(define punctuator-list
  '(("..." ellipsis 0) ("." dot 0) ("->" arrow 0) ("--" dec 0) ("-=" sub= 0) ("-" minus 12)
    ("++" inc 0) ("+=" add= 0) ("+" plus 12) ("<<=" shl= 0) ("<<" shl 11) ("<=" le 10)
    ("<:" lbracket 0) ("<%" lbrace 0) ("<" lt 10) (">>=" shr= 0) (">>" shr 11) (">=" ge 10)
    (">" gt 10) ("==" eq 9) ("=" assign 0) ("!=" ne 9) ("!" not 0) ("&&" andand 5)
    ("&=" and= 0) ("&" amp 8) ("||" oror 4) ("|=" or= 0) ("|" bar 6) ("^=" xor= 0)
    ("^" caret 7) ("*=" mul= 0) ("*" star 13) ("/=" div= 0) ("/" slash 13)
    ("%:%:" hashhash 0) ("%=" mod= 0) ("%>" rbrace 0) ("%:" hash 0) ("%" percent 13)
    ("##" hashhash 0) ("#" hash 0) ("(" lparen 0) (")" rparen 0) ("[" lbracket 0)
    ("]" rbracket 0) ("{" lbrace 0) ("}" rbrace 0) ("," comma 0) (";" semicolon 0)
    (":>" rbracket 0) (":" colon 0) ("?" question 0) ("~" tilde 0)))

(define punctuators (make-vector 256 '()))
(for-each
 (lambda (p)
   (let ((c (char->integer (string-ref (car p) 0))))
     (vector-set! punctuators c
                  (append (vector-ref punctuators c)
                          (list (list (map char->integer (string->list (car p)))
                                      (string-length (car p)) (cadr p) (caddr p)))))))
 punctuator-list)

(define (punctuator-spelling kind)
  (let loop ((l punctuator-list))
    (cond ((null? l) #f)
          ((eq? (cadr (car l)) kind)
           (if (memv (string-ref (caar l) 0) '(#\< #\% #\:))
               (case kind
                 ((lbracket) "[") ((rbracket) "]") ((lbrace) "{") ((rbrace) "}")
                 ((hash) "#") ((hashhash) "##") (else (caar l)))
               (caar l)))
          (else (loop (cdr l))))))

;; ---- lexer ---------------------------------------------------------------
;; Where it reads; the preprocessor saves and restores these around #include.
(define lex-source #f)
(define lex-bytes #f)
(define lex-pos 0)
(define lex-directive #f)               ; a newline is a token

(define (lex-from! source pos)
  (set! lex-source source)
  (set! lex-bytes (source-bytes source))
  (set! lex-pos pos))

(define (lex-place pos) (make-token 'place #f lex-source pos 0 #f))

(define (lex-make kind value start end space)
  (set! lex-pos end)
  (make-token kind value lex-source start space #f))

(define (lex-slice start end) (utf8->string lex-bytes start end))

;; Next token of the file; white space and comments are skipped.
(define (lex)
  (let skip ((p lex-pos) (space (if (= lex-pos 0) 2 0)))
    (let* ((c (bytevector-u8-ref lex-bytes p)) (class (vector-ref byte-class c)))
      (cond
       ((= class 1) (skip (+ p 1) (if (= space 0) 1 space)))
       ((= class 3)
        (if (and (= c 76) (memv (bytevector-u8-ref lex-bytes (+ p 1)) '(34 39)))
            (lex-quoted p (+ p 1) space)
            (let loop ((e (+ p 1)))
              (if (name-byte? (bytevector-u8-ref lex-bytes e))
                  (loop (+ e 1))
                  (lex-make 'ident (intern (lex-slice p e)) p e space)))))
       ((= class 2)
        (if lex-directive
            (lex-make 'newline 0 p p space)
            (skip (+ p 1) 2)))
       ((= class 4) (lex-number p space))
       ((> class 4) (lex-quoted p p space))
       ((= c 47)
        (let ((d (bytevector-u8-ref lex-bytes (+ p 1))))
          (cond ((= d 42) (skip (lex-comment-end p (+ p 2)) (if (= space 0) 1 space)))
                ((= d 47) (skip (lex-line-end p) space))
                (else (lex-punctuator p c space)))))
       ((and (= c 46) (= 4 (vector-ref byte-class (bytevector-u8-ref lex-bytes (+ p 1)))))
        (lex-number p space))
       ((and (= c 0) (>= p (source-size lex-source)))
        (if (and lex-directive)
            (lex-make 'newline 0 p p space)
            (lex-make 'eof 0 p p space)))
       (else (lex-punctuator p c space))))))

(define (lex-line-end p)
  (let loop ((p p))
    (let ((c (bytevector-u8-ref lex-bytes p)))
      (if (or (= c 10) (and (= c 0) (>= p (source-size lex-source)))) p (loop (+ p 1))))))

(define (lex-comment-end start p)
  (let loop ((p p))
    (let ((c (bytevector-u8-ref lex-bytes p)))
      (cond ((and (= c 42) (= 47 (bytevector-u8-ref lex-bytes (+ p 1)))) (+ p 2))
            ((and (= c 0) (>= p (source-size lex-source)))
             (report (lex-place start) "" '("comment without an end"))
             (leave 1))
            (else (loop (+ p 1)))))))

(define (lex-number start space)
  (let loop ((p (+ start 1)))
    (let ((c (bytevector-u8-ref lex-bytes p)))
      (cond ((or (name-byte? c) (= c 46)) (loop (+ p 1)))
            ((and (memv c '(43 45))     ; a sign after e E p P
                  (memv (bytevector-u8-ref lex-bytes (- p 1)) '(101 69 112 80)))
             (loop (+ p 1)))
            (else (lex-make 'number (lex-slice start p) start p space))))))

;; A string or character literal whose quote is at q.
(define (lex-quoted start q space)
  (let ((mark (bytevector-u8-ref lex-bytes q)))
    (let loop ((p (+ q 1)))
      (let ((c (bytevector-u8-ref lex-bytes p)))
        (cond ((= c mark)
               (lex-make (if (= mark 34) 'string 'character)
                         (bytevector-copy lex-bytes start (+ p 1)) start (+ p 1) space))
              ((and (= c 92) (< (+ p 1) (source-size lex-source))) (loop (+ p 2)))
              ((or (= c 10) (>= p (source-size lex-source)))
               (complain (lex-place start) "literal without an end on its line")
               (lex-make 'number "0" start p space))
              (else (loop (+ p 1))))))))

(define (lex-punctuator p c space)
  (let loop ((l (vector-ref punctuators c)))
    (cond ((null? l) (lex-make 'stray c p (+ p 1) space))
          ((let match ((s (cdr (car (car l)))) (q (+ p 1)))
             (or (null? s)
                 (and (= (car s) (bytevector-u8-ref lex-bytes q)) (match (cdr s) (+ q 1)))))
           (let ((x (cdr (car l))))
             (lex-make (cadr x) (caddr x) p (+ p (car x)) space)))
          (else (loop (cdr l))))))

;; spelling of a token, as # and -E need it
(define (token-spelling t)
  (case (token-kind t)
    ((ident) (name-string (token-value t)))
    ((number) (token-value t))
    ((string character) (utf8->string (token-value t) 0 (bytevector-length (token-value t))))
    ((stray) (string (integer->char (token-value t))))
    ((placemarker eof newline) "")
    (else (or (punctuator-spelling (token-kind t)) "##")))) ; a misplaced ## of a macro

;; Reads the tokens of a string on its own (## and -D).
(define (lex-string-tokens string place)
  (let* ((n (string-length string)) (b (make-bytevector (+ n 4) 0))
         (source lex-source) (pos lex-pos) (directive lex-directive))
    (do ((i 0 (+ i 1))) ((= i n))
      (bytevector-u8-set! b i (char->integer (string-ref string i))))
    (lex-from! (bytes->source (if place (source-path (token-source place)) "command line") b) 0)
    (set! lex-directive #f)
    (let loop ((out '()))
      (let ((t (lex)))
        (if (eq? (token-kind t) 'eof)
            (begin
              (if source (lex-from! source pos) (set! lex-source #f))
              (set! lex-directive directive)
              (reverse out))
            (loop (cons (if place
                            (make-token (token-kind t) (token-value t) (token-source place)
                                        (token-offset place) (token-space t) #f)
                            t)
                        out)))))))
