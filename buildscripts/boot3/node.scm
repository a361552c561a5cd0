;; Objects (what identifiers mean), scopes, and the nodes of expressions.

;; ---- objects -------------------------------------------------------------
;; kind       variable function typedef constant
;; storage    auto static extern global (typedefs and constants: #f)
;; label      name for the linker, of what has a fixed address
;; home       of an auto variable: offset from ebp, or a register number - 100
;; uses       how often it is read and written, loops counting more
;; addressed  it must stay in memory
;; state      declared, tentative, defined, used (static function to be emitted)
;; value      constant: its integer; inline function kept back: its body
(define-record-type object
  (make-object name kind type storage place label home uses addressed state value)
  object?
  (name object-name)
  (kind object-kind)
  (type object-type set-object-type!)
  (storage object-storage set-object-storage!)
  (place object-place)
  (label object-label)
  (home object-home set-object-home!)
  (uses object-uses set-object-uses!)
  (addressed object-addressed set-object-addressed!)
  (state object-state set-object-state!)
  (value object-value set-object-value!))

(define (auto? object) (eq? (object-storage object) 'auto))

;; The type of a tag: of struct, union or enum, complete or not.
(define-record-type tag
  (make-tag kind type depth)
  tag?
  (kind tag-kind)
  (type tag-type set-tag-type!)
  (depth tag-depth))

;; ---- scopes --------------------------------------------------------------
;; Entering a name remembers what it meant; leaving the scope puts that back.
(define scope-depth 0)                  ; 0 is the file
(define scope-undo '())                 ; ((name object . tag) ...) or marks

(define (enter-scope!)
  (set! scope-depth (+ scope-depth 1))
  (set! scope-undo (cons #f scope-undo)))

(define (leave-scope!)
  (set! scope-depth (- scope-depth 1))
  (let loop ()
    (let ((u (car scope-undo)))
      (set! scope-undo (cdr scope-undo))
      (if u
          (begin
            (set-name-object! (car u) (cadr u))
            (set-name-tag! (car u) (cddr u))
            (loop))))))

(define (remember! name)
  (if (> scope-depth 0)
      (set! scope-undo (cons (cons name (cons (name-object name) (name-tag name))) scope-undo))))

;; An object is kept with the depth of its scope, so that one finds whether a
;; name is declared twice in one.
(define (bind! name object)
  (remember! name)
  (set-name-object! name (cons scope-depth object)))
(define (bind-tag! name tag)
  (remember! name)
  (set-name-tag! name tag))
(define (lookup name) (let ((x (name-object name))) (and x (cdr x))))
(define (lookup-here name)
  (let ((x (name-object name))) (and x (= (car x) scope-depth) (cdr x))))

;; ---- nodes ---------------------------------------------------------------
;; op        a              b           c
;; num       integer
;; flt       float
;; var       object         offset                  lvalue (or function)
;; deref     pointer node   offset                  lvalue
;; bits      lvalue         bit         width       lvalue
;; address   object         offset
;; place-of  aggregate                              address of a value's copy
;; cast neg bitnot not      operand
;; add sub mul div mod and or xor shl shr eq ne lt le gt ge   operands a, b
;; andand oror comma        operands a, b
;; cond      condition      then        else
;; assign    lvalue         value
;; update    lvalue         value       (op type . post?)   a op= b
;; call      function       arguments   (function type . temporary or #f)
;; sequence  list of nodes  last node               lvalue if the last is one
;; statement list of statements, last value or #f
;; clear     object         offset      bytes       zeros, no value
(define-record-type node
  (make-node op type a b c place)
  node?
  (op node-op)
  (type node-type)
  (a node-a)
  (b node-b)
  (c node-c)
  (place node-place))

(define (num type value place) (make-node 'num type value #f #f place))
(define (int-node value place) (make-node 'num type-int value #f #f place))
(define (num? n) (eq? (node-op n) 'num))
(define (num-is? n value) (and (num? n) (= (node-a n) value)))
(define (flt? n) (eq? (node-op n) 'flt))
(define (retype n type)
  (make-node (node-op n) type (node-a n) (node-b n) (node-c n) (node-place n)))
(define (error-node place) (int-node 1 place))

(define (lvalue? n)
  (case (node-op n)
    ((var deref bits) (not (function-type? (node-type n))))
    ((sequence) (lvalue? (node-b n)))
    (else #f)))

;; ---- addresses -----------------------------------------------------------
;; Pointer of the given type to what an lvalue (or a function) names.
(define (address-of n pointer)
  (case (node-op n)
    ((var)
     (set-object-addressed! (node-a n) #t)
     (make-node 'address pointer (node-a n) (node-b n) #f (node-place n)))
    ((deref)
     (if (= 0 (node-b n))
         (reinterpret (node-a n) pointer)
         (add-offset (node-a n) (node-b n) pointer)))
    ((sequence)
     (make-node 'sequence pointer (node-a n) (address-of (node-b n) pointer) #f (node-place n)))
    ((bits)
     (complain (node-place n) "a bit-field has no address")
     (num pointer 0 (node-place n)))
    (else (make-node 'place-of pointer n #f #f (node-place n)))))

(define (reinterpret n type)            ; same 32 bits, other type
  (case (node-op n)
    ((num) (num type (wrap-to type (node-a n)) (node-place n)))
    ((address) (retype n type))
    (else (if (eq? (node-type n) type) n (make-node 'cast type n #f #f (node-place n))))))

(define (add-offset n offset type)
  (case (node-op n)
    ((address)
     (make-node 'address type (node-a n) (+ (node-b n) offset) #f (node-place n)))
    ((num) (num type (wrap-to type (+ (node-a n) offset)) (node-place n)))
    (else
     (make-node 'add type n (int-node offset (node-place n)) #f (node-place n)))))

;; what the pointer n points to, offset bytes on, as an lvalue
(define (deref-at n offset type place)
  (let strip ((n n) (offset offset))
    (case (node-op n)
      ((address) (make-node 'var type (node-a n) (+ offset (node-b n)) #f place))
      ((cast)
       (if (same-word? (node-type n) (node-type (node-a n)))
           (strip (node-a n) offset)
           (make-node 'deref type n offset #f place)))
      ((add)
       (if (num? (node-b n))
           (strip (node-a n) (+ offset (wrap-signed (node-a (node-b n)) 32)))
           (make-node 'deref type n offset #f place)))
      (else (make-node 'deref type n offset #f place)))))

;; both are integers or pointers of 32 bits: a cast changes nothing
(define (same-word? a b)
  (and (memq (type-kind a) '(int uint pointer long ulong))
       (memq (type-kind b) '(int uint pointer long ulong))
       #t))

;; The value of an expression: arrays and functions become pointers.
(define (rvalue n)
  (let ((t (node-type n)))
    (case (type-kind t)
      ((array) (address-of n (pointer-to (type-base t))))
      ((function) (address-of n (pointer-to t)))
      (else (promoted-bits n)))))

;; A bit-field that int has room for is an int in expressions; one that unsigned
;; has room for is that.
(define (promoted-bits n)
  (let ((t (bits-type n)))
    (if (eq? t (node-type n)) n (make-node 'cast t n #f #f (node-place n)))))

(define (bits-type n)                   ; the type of a lvalue as an operand
  (let ((t (node-type n)))
    (if (and (eq? (node-op n) 'bits) (memq (type-kind t) '(uint ulong llong ullong)))
        (let ((unsigned (memq (type-kind t) '(uint ulong ullong))) (width (node-c n)))
          (cond ((< width 32) type-int)
                ((> width 32) t)
                (unsigned (if (eq? (type-kind t) 'ullong) type-uint t))
                (else type-int)))
        t)))

;; ---- conversions ---------------------------------------------------------
;; n as a value of another scalar type (or void); constants are folded
(define (convert n type)
  (let ((from (node-type n)) (type (unqualified type)))
    (cond
     ((eq? (unqualified from) type) n)
     ((num? n)
      (cond ((float-type? type)
             (make-node 'flt type (float-round (integer->float (node-a n)) (type-kind type)) #f #f
                        (node-place n)))
            ((void-type? type) (make-node 'cast type n #f #f (node-place n)))
            (else (num type (wrap-to type (node-a n)) (node-place n)))))
     ((flt? n)
      (cond ((float-type? type)
             (make-node 'flt type (float-round (node-a n) (type-kind type)) #f #f (node-place n)))
            ((eq? (type-kind type) 'bool)
             (num type (if (float-zero? (node-a n)) 0 1) (node-place n)))
            ((integer-type? type)
             (num type (wrap-to type (float->integer (node-a n))) (node-place n)))
            (else (make-node 'cast type n #f #f (node-place n)))))
     ((and (eq? (node-op n) 'address) (same-word? type from)) (retype n type))
     ((and (eq? (node-op n) 'address) (eq? (type-kind type) 'bool)) (num type 1 (node-place n)))
     (else (make-node 'cast type n #f #f (node-place n))))))

(define (null-constant? n)
  (or (and (num-is? n 0) (or (integer-type? (node-type n))
                             (and (void-pointer? (node-type n))
                                  (= 0 (type-quals (type-base (node-type n)))))))
      #f))

;; Converts as if by assignment (6.5.16.1); what says where, for messages.
(define (convert-assigned n type what)
  (let* ((n (rvalue n)) (from (node-type n)))
    (define (no)
      (complain (node-place n) what " of type " (type->string type) " from " (type->string from))
      (if (scalar-type? type) (num type 0 (node-place n)) n))
    (define (doubtful why)
      (warn (node-place n) what ": " why " (" (type->string type) " from " (type->string from) ")"))
    (cond
     ((void-type? from) (complain (node-place n) "a value is needed, this has none")
                        (if (scalar-type? type) (num type 0 (node-place n)) n))
     ((and (arithmetic-type? type) (arithmetic-type? from)) (convert n type))
     ((pointer-type? type)
      (cond ((null-constant? n) (convert n type))
            ((pointer-type? from)
             (let ((x (type-base type)) (y (type-base from)))
               (cond ((not (or (same-unqualified? x y) (void-type? x) (void-type? y)
                               (same-but-sign? x y)))
                      (doubtful "incompatible pointers"))
                     ((and (const? y) (not (const? x))) (doubtful "const is lost")))
               (convert n type)))
            ((integer-type? from) (doubtful "pointer from integer") (convert n type))
            (else (no))))
     ((pointer-type? from)
      (cond ((eq? (type-kind type) 'bool) (convert n type))
            ((integer-type? type) (doubtful "integer from pointer") (convert n type))
            (else (no))))
     ((and (aggregate-type? type) (same-unqualified? type from)) n)
     (else (no)))))

(define (same-but-sign? a b)            ; char * and unsigned char * are let pass
  (and (integer-type? a) (integer-type? b) (= (type-size a) (type-size b))))
