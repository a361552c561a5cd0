;; Initialisers (C99 6.7.8), compound literals, string literals.

;; An initialiser is read into leaves, what each scalar (or whole struct, or
;; string) inside the object gets; later ones override earlier ones.
(define-record-type leaf
  (make-leaf offset type node field)
  leaf?
  (offset leaf-offset)
  (type leaf-type)
  (node leaf-node)
  (field leaf-field))                   ; of a bit-field, else #f

(define leaves '())                     ; read so far, the last one first
(define pending #f)                     ; an expression read ahead, or #f

(define (leaf! offset type node field)
  (set! leaves (cons (make-leaf offset type node field) leaves)))

(define (take-value)
  (let ((n (or pending (parse-assignment))))
    (set! pending #f)
    n))

;; -> (type . leaves), the type being complete now
(define (parse-initializer type)
  (let ((outer leaves))
    (set! leaves '())
    (set! pending #f)
    (if (and (array-type? type) (not (eq? tk 'lbrace))
             (not (and (eq? tk 'string) (character-array? type))))
        (give-up place "an array needs { or a string"))
    (let* ((count (init-object type 0 #f))
           (type (if (and (array-type? type) (not (type-detail type)))
                     (qualify (array-of (type-base type) count) 0)
                     type))
           (result (reverse leaves)))
      (set! leaves outer)
      (cons type result))))

(define (character-array? t)
  (and (array-type? t) (memq (type-kind (type-base t)) '(char uchar schar int uint long))))

(define (string-literal? n)
  (and (eq? (node-op n) 'var) (eq? (object-state (node-a n)) 'string)))

;; One initialiser for the object at offset; the elements of an array it sets.
(define (init-object type offset field)
  (cond
   ((and (not pending) (eq? tk 'lbrace))
    (next!)
    (let ((count (cond
                  ((and (character-array? type) (eq? tk 'string)) (init-object type offset field))
                  ((or (array-type? type) (aggregate-type? type))
                   (init-list type offset #t (first-position type)))
                  (else (init-object type offset field)))))
      (accept! 'comma)
      (expect! 'rbrace)
      count))
   ((and (character-array? type)
         (or (and pending (string-literal? pending)) (and (not pending) (eq? tk 'string))))
    (init-string type offset (take-value)))
   ((array-type? type)
    (init-list type offset #f 0))
   ((aggregate-type? type)
    (if (not pending) (set! pending (parse-assignment)))
    (if (same-unqualified? type (node-type pending))
        (leaf! offset type (take-value) #f)
        (if (and (null? leaves) (= offset 0) (not (memq tk '(comma rbrace))))
            (begin (convert-assigned (take-value) type "initialiser") 0)
            (init-list type offset #f (first-position type)))))
   (else
    (leaf! offset type (convert-assigned (take-value) type "initialiser") field)
    1)))

(define (init-string type offset n)
  (let* ((o (node-a n)) (all (object-value o)) (length (length all)) (count (type-detail type)))
    (if (not (= (type-size (type-base type)) (type-size (type-base (object-type o)))))
        (complain (node-place n) "string of other characters than the array's"))
    (if (and count (> length count))
        (warn (node-place n) "string longer than its array"))
    (leaf! offset (array-of (type-base type) (if count (min count (+ length 1)) (+ length 1))) n #f)
    (+ length 1)))

;; ---- lists ---------------------------------------------------------------
;; A position in an aggregate is the index of an array's element or the list of
;; fields from the current one on.
(define (first-position type) (if (array-type? type) 0 (type-detail type)))
(define (exhausted? type pos)
  (if (array-type? type)
      (and (type-detail type) (>= pos (type-detail type)))
      (null? pos)))
(define (next-position type pos)
  (cond ((array-type? type) (+ pos 1))
        ((eq? (type-kind type) 'union) '())
        (else (cdr pos))))

(define (designator?) (memq tk '(dot lbracket)))

(define (init-at type offset pos)
  (if (array-type? type)
      (init-object (type-base type) (+ offset (* pos (type-size (type-base type)))) #f)
      (let ((f (car pos)))
        (init-object (qualify (field-type f) (type-quals type)) (+ offset (field-offset f))
                     (and (field-bit f) f)))))

;; Elements from pos on, up to } (braced) or to the end of the aggregate; the
;; number of elements that an array has by them.
(define (init-list type offset braced pos)
  (let loop ((pos pos) (count 0))
    (define (reached pos) (if (array-type? type) (max count pos) 0))
    (cond
     ((and braced (eq? tk 'rbrace)) count)
     ((and braced (designator?))
      (let ((pos (init-designated type offset)))
        (if (and (eq? tk 'comma)) (begin (next!) (loop pos (reached pos))) (reached pos))))
     ((exhausted? type pos)
      (if braced
          (begin
            (complain place "more initialisers than elements")
            (let skip () (init-skip) (if (and (accept! 'comma) (not (eq? tk 'rbrace))) (skip))))
          #f)
      count)
     (else
      (init-at type offset pos)
      (let ((next (next-position type pos)))
        (cond
         (braced (if (accept! 'comma) (loop next (reached next)) (reached next)))
         ((and (not (exhausted? type next)) (eq? tk 'comma)
               (not (memq (peek-kind) '(rbrace dot lbracket))))
          (next!)
          (loop next (reached next)))
         (else (reached next))))))))

(define (init-skip)
  (if (eq? tk 'lbrace)
      (let loop ((depth 0))
        (let ((d (case tk ((lbrace) (+ depth 1)) ((rbrace) (- depth 1)) (else depth))))
          (next!)
          (if (and (> d 0) (not (eq? tk 'eof))) (loop d))))
      (take-value)))

;; Reads .name or [index] and what follows; the position behind it.
(define (init-designated type offset)
  (let ((p place))
    (cond
     ((accept! 'lbracket)
      (let ((i (parse-constant "index")))
        (let ((last (if (accept! 'ellipsis) (parse-constant "index") i)))
        (expect! 'rbracket)
        (if (not (array-type? type)) (give-up p "index into " (type->string type)))
        (if (or (< i 0) (< last i) (exhausted? type last)) (give-up p "index outside of the array"))
        (init-range type offset i last))))
     (else
      (next!)
      (let ((name (expect-name!)))
        (if (not (aggregate-type? type)) (give-up p "member of " (type->string type)))
        (let ((path (find-field type name)))
          (if (not path)
              (give-up p (type->string type) " has no member " (name-string name)))
          (init-path type offset path)))))))

;; GNU: [first ... last] = one value for all of them
(define (init-range type offset first last)
  (let ((before leaves))
    (init-rest type offset first)
    (if (and current-function (> last first)) (set! leaves (map-until before evaluate-once leaves)))
    (let ((made (let loop ((l leaves) (out '())) (if (eq? l before) out (loop (cdr l) (cons (car l) out)))))
          (size (type-size (type-base type))))
      (do ((i (+ first 1) (+ i 1))) ((> i last))
        (for-each (lambda (l)
                    (leaf! (+ (leaf-offset l) (* size (- i first))) (leaf-type l)
                           (evaluated (leaf-node l)) (leaf-field l)))
                  made))
      (+ last 1))))

(define (map-until end f l)
  (if (eq? l end) l (cons (f (car l)) (map-until end f (cdr l)))))

;; The value of a leaf is needed again: it is put into a temporary. The leaf that
;; is used first has to be the one that assigns, so it stays in place.
(define (evaluate-once l)
  (let ((n (leaf-node l)) (t (unqualified (leaf-type l))))
    (if (or (memq (node-op n) '(num flt address)) (string-literal? n))
        l
        (let ((v (make-node 'var t (new-temporary t) 0 #f (node-place n))))
          (make-leaf (leaf-offset l) (leaf-type l)
                     (make-node 'assign t v n #f (node-place n)) (leaf-field l))))))

;; for the copies
(define (evaluated n)
  (if (and (eq? (node-op n) 'assign)) (node-a n) n))

(define (fields-from f l) (if (eq? (car l) f) l (fields-from f (cdr l))))

(define (init-path type offset path)
  (let ((pos (fields-from (car path) (type-detail type))))
    (if (null? (cdr path))
        (init-rest type offset pos)
        (let* ((f (car path)) (inner (field-type f)) (at (+ offset (field-offset f))))
          (init-go-on inner at (init-path inner at (cdr path)))
          (next-position type pos)))))

;; behind one designator: more of them, or = and the value
(define (init-rest type offset pos)
  (if (designator?)
      (let* ((inner (if (array-type? type) (type-base type) (field-type (car pos))))
             (at (+ offset (if (array-type? type)
                               (* pos (type-size inner))
                               (field-offset (car pos))))))
        (init-go-on inner at (init-designated inner at)))
      (begin
        (expect! 'assign)
        (init-at type offset pos)))
  (next-position type pos))

(define (init-go-on type offset pos)
  (if (and (not (exhausted? type pos)) (eq? tk 'comma)
           (not (memq (peek-kind) '(rbrace dot lbracket))))
      (begin
        (next!)
        (init-list type offset #f pos))))

;; ---- use -----------------------------------------------------------------
;; What a local object's initialiser does, as a list of nodes.
(define (init-nodes object type leaves p)
  (if (and (scalar-type? type) (pair? leaves))
      (list (make-node 'assign (unqualified type) (make-node 'var (unqualified type) object 0 #f p)
                       (leaf-node (car leaves)) #f p))
      (let* ((covered (apply + (map (lambda (l) (if (leaf-field l) 0 (type-size (leaf-type l)))) leaves)))
             (stores (map (lambda (l) (init-store object l p)) leaves)))
        (set-object-addressed! object #t)
        (if (and (pair? leaves) (= covered (type-size type)))
            stores
            (cons (make-node 'clear type-void object 0 (type-size type) p) stores)))))

(define (init-store object l p)
  (let* ((t (unqualified (leaf-type l))) (f (leaf-field l))
         (whole (make-node 'var t object (leaf-offset l) #f p)))
    (make-node 'assign t
               (if f
                   (field-of (make-node 'var t object (- (leaf-offset l) (field-offset f)) #f p) f p)
                   whole)
               (leaf-node l) #f p)))

(define (compound-literal type p)
  (let* ((x (parse-initializer type)) (type (car x)))
    (if (not (type-size type)) (give-up p "literal of incomplete " (type->string type)))
    (if current-function
        (let ((o (new-temporary type)))
          (aggregate-on-stack type p)
          (make-node 'sequence type (init-nodes o type (cdr x) p) (make-node 'var type o 0 #f p) #f p))
        (let ((o (make-object #f 'variable type 'static p (new-static-label "literal") #f 0 #t 'defined (cdr x))))
          (define-data! o (cdr x))
          (make-node 'var type o 0 #f p)))))

;; ---- string literals -----------------------------------------------------
(define string-objects (make-hash-table))

(define (string-object characters element)
  (let ((key (cons (type-size element) characters)))
    (or (hash-table-ref/default string-objects key #f)
        (let ((o (make-object #f 'variable (array-of element (+ 1 (length characters))) 'static #f
                              (new-static-label "string") #f 0 #t 'string characters)))
          (hash-table-set! string-objects key o)
          o))))

(define static-labels 0)
(define (new-static-label stem)
  (set! static-labels (+ static-labels 1))
  (string-append stem "." (number->string static-labels)))
