;; cc: a C99 compiler for i386. It reads one C file and writes text for link.
;;
;;   scheme cc.scm -o OUT [-E | -S] [-g] [--gas] [-I DIR] [-D NAME[=VALUE]] [-U NAME] FILE.c
;;
;;   -E      preprocesses only        -g      a label for each line, for link --map
;;   -S, -c  text for link, as always --gas   text for GNU as
;;
;; The parts, in the order in which a file goes through them:
;;   lex macro preprocess      bytes to tokens, macros, directives
;;   float literal             numbers, characters and strings
;;   types node operator       types; nodes of expressions, typed and folded
;;   parse declare init statement gnu    the parser; it makes nodes and statements
;;   encode generate assign wide x87 function    nodes to machine code
;;   emit                      machine code and data to text
;;
;; A function is read as a whole, then its code is made, so that the variables
;; used most can live in registers.

(define parts
  '("util" "lex" "macro" "preprocess" "float" "literal" "types" "node" "operator" "parse"
    "declare" "init" "statement" "gnu" "encode" "generate" "assign" "wide" "x87" "function" "emit"
    "main"))

(define cc-directory
  (let* ((program (car (command-line))) (n (string-length program)))
    (let loop ((i n))
      (cond ((= i 0) "")
            ((char=? (string-ref program (- i 1)) #\/) (substring program 0 i))
            (else (loop (- i 1)))))))

(for-each (lambda (p) (load (string-append cc-directory p ".scm"))) parts)
(main (cdr (command-line)))
