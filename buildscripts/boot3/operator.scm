;; What the operators of C mean: types, conversions, constant folding (6.5).

(define (op-name op)
  (case op
    ((add) "+") ((sub) "-") ((mul) "*") ((div) "/") ((mod) "%") ((and) "&") ((or) "|")
    ((xor) "^") ((shl) "<<") ((shr) ">>") ((eq) "==") ((ne) "!=") ((lt) "<") ((le) "<=")
    ((gt) ">") ((ge) ">=") (else (symbol->string op))))

(define (bad-operands op a b place)
  (complain place "operator " (op-name op) " on " (type->string (node-type a)) " and "
            (type->string (node-type b)))
  (error-node place))

;; ---- folding -------------------------------------------------------------
(define (fold-integers op x y)          ; #f: left to the machine
  (case op
    ((add) (+ x y))
    ((sub) (- x y))
    ((mul) (* x y))
    ((div) (and (not (= y 0)) (truncate-quotient x y)))
    ((mod) (and (not (= y 0)) (truncate-remainder x y)))
    ((and) (bit-and x y))
    ((or) (bit-or x y))
    ((xor) (bit-xor x y))
    ((eq) (if (= x y) 1 0))
    ((ne) (if (= x y) 0 1))
    ((lt) (if (< x y) 1 0))
    ((le) (if (<= x y) 1 0))
    ((gt) (if (> x y) 1 0))
    ((ge) (if (>= x y) 1 0))
    (else #f)))

(define (fold-floats op x y)            ; a float, an integer, or #f
  (let ((c (float-compare x y)))
    (case op
      ((add) (float-add x y))
      ((sub) (float-add x (float-negate y)))
      ((mul) (float-multiply x y))
      ((div) (float-divide x y))
      ((eq) (if (eqv? c 0) 1 0))
      ((ne) (if (eqv? c 0) 0 1))
      ((lt) (if (eqv? c -1) 1 0))
      ((gt) (if (eqv? c 1) 1 0))
      ((le) (if (memv c '(-1 0)) 1 0))
      ((ge) (if (memv c '(1 0)) 1 0))
      (else #f))))

;; op on two operands of one type, giving type; folds what is constant
(define (operate op type a b place)
  (let ((plain (lambda () (make-node op type a b #f place))))
    (cond
     ((and (num? a) (num? b))
      (let ((v (fold-integers op (node-a a) (node-a b))))
        (if v (num type (wrap-to type v) place) (plain))))
     ((and (flt? a) (flt? b))
      (let ((v (fold-floats op (node-a a) (node-a b))))
        (cond ((not v) (plain))
              ((float? v)
               (make-node 'flt type (float-round v (type-kind type)) #f #f place))
              (else (num type v place)))))
     ((and (num? a) (memq op '(add mul and or xor)))
      (operate op type b a place))
     ((and (num? a) (memq op '(eq ne lt le gt ge)) (not (num? b)))
      (operate (case op ((lt) 'gt) ((gt) 'lt) ((le) 'ge) ((ge) 'le) (else op)) type b a place))
     ((num? b) (simplify op type a b place plain))
     ((and (eq? op 'sub) (eq? (node-op a) 'address) (eq? (node-op b) 'address)
           (eq? (node-a a) (node-a b)))
      (num type (- (node-b a) (node-b b)) place))
     ((and (eq? op 'add) (eq? (node-op b) 'address) (not (eq? (node-op a) 'address)))
      (make-node op type b a #f place))
     (else (plain)))))

;; b is a number
(define (simplify op type a b place plain)
  (let ((n (node-a b)))
    (case op
      ((add sub)
       (let ((k (if (eq? op 'add) n (- n))))
         (cond ((= n 0) (retyped a type))
               ((eq? (node-op a) 'address) (add-offset a (wrap-signed k 32) type))
               ((and (eq? (node-op a) 'add) (num? (node-b a)) (eq? (unqualified (node-type a)) type))
                (operate 'add type (node-a a)
                         (num (node-type b) (wrap-to type (+ k (node-a (node-b a)))) place) place))
               ((eq? op 'sub)
                (make-node 'add type a (num (node-type b) (wrap-to type (- n)) place) #f place))
               (else (plain)))))
      ((mul) (cond ((= n 1) (retyped a type))
                   ((and (eq? (node-op a) 'mul) (num? (node-b a)))
                    (operate 'mul type (node-a a)
                             (num type (wrap-to type (* n (node-a (node-b a)))) place) place))
                   (else (plain))))
      ((div) (if (= n 1) (retyped a type) (plain)))
      ((or xor) (if (= n 0) (retyped a type) (plain)))
      ((eq ne)
       (if (and (= n 0) (eq? (node-op a) 'address))
           (num type (if (eq? op 'eq) 0 1) place)
           (plain)))
      (else (plain)))))

(define (retyped n type)                ; a value of the same size
  (if (eq? (node-type n) type)
      (if (lvalue? n) (make-node 'cast type n #f #f (node-place n)) n)
      (make-node 'cast type n #f #f (node-place n))))

;; ---- binary operators ----------------------------------------------------
(define (binary op a b place)
  (let ((a (rvalue a)) (b (rvalue b)))
    (case op
      ((add) (binary-add a b place))
      ((sub) (binary-sub a b place))
      ((mul div) (binary-arithmetic op a b place))
      ((mod and or xor)
       (if (and (integer-type? (node-type a)) (integer-type? (node-type b)))
           (binary-arithmetic op a b place)
           (bad-operands op a b place)))
      ((shl shr) (binary-shift op a b place))
      ((andand oror) (binary-logic op a b place))
      (else (binary-compare op a b place)))))

(define (both-arithmetic? a b)
  (and (arithmetic-type? (node-type a)) (arithmetic-type? (node-type b))))

(define (binary-arithmetic op a b place)
  (if (both-arithmetic? a b)
      (let ((t (common-type (node-type a) (node-type b))))
        (if (and (memq op '(div mod)) (num-is? b 0)) (warn place "division by zero"))
        (operate op t (convert a t) (convert b t) place))
      (bad-operands op a b place)))

;; n times the size of what the pointer type points to, as an int
(define (scaled n pointer place)
  (let* ((base (type-base pointer))
         (size (cond ((or (void-type? base) (function-type? base)) 1)
                     ((type-size base) => (lambda (s) s))
                     (else (complain place "pointer to incomplete " (type->string base)) 1))))
    (operate 'mul type-int (convert n type-int) (int-node size place) place)))

(define (binary-add a b place)
  (let ((ta (node-type a)) (tb (node-type b)))
    (cond ((both-arithmetic? a b) (binary-arithmetic 'add a b place))
          ((and (pointer-type? ta) (integer-type? tb))
           (operate 'add (unqualified ta) a (scaled b ta place) place))
          ((and (integer-type? ta) (pointer-type? tb))
           (operate 'add (unqualified tb) b (scaled a tb place) place))
          (else (bad-operands 'add a b place)))))

(define (binary-sub a b place)
  (let ((ta (node-type a)) (tb (node-type b)))
    (cond ((both-arithmetic? a b) (binary-arithmetic 'sub a b place))
          ((and (pointer-type? ta) (integer-type? tb))
           (operate 'sub (unqualified ta) a (scaled b ta place) place))
          ((and (pointer-type? ta) (pointer-type? tb))
           (if (not (same-unqualified? (type-base ta) (type-base tb)))
               (complain place "difference of " (type->string ta) " and " (type->string tb)))
           (let ((size (or (type-size (type-base ta)) 1)))
             (operate 'div type-int
                      (operate 'sub type-int (reinterpret a type-int) (reinterpret b type-int) place)
                      (int-node size place) place)))
          (else (bad-operands 'sub a b place)))))

(define (binary-shift op a b place)
  (if (and (integer-type? (node-type a)) (integer-type? (node-type b)))
      (let* ((t (promoted (node-type a))) (a (convert a t))
             (b (convert b (if (wide-type? (node-type b)) type-int (promoted (node-type b)))))
             (bits (* 8 (type-size t))))
        (cond ((and (num? b) (or (< (node-a b) 0) (>= (node-a b) bits)))
               (warn place "shift by " (node-a b) " of " bits " bits")
               (make-node op t a b #f place))
              ((and (num? a) (num? b))
               (num t (wrap-to t ((if (eq? op 'shl) shift-left shift-right) (node-a a) (node-a b)))
                    place))
              ((num-is? b 0) (retyped a t))
              (else (make-node op t a b #f place))))
      (bad-operands op a b place)))

(define (binary-compare op a b place)
  (let ((ta (node-type a)) (tb (node-type b)))
    (cond
     ((both-arithmetic? a b)
      (let ((t (common-type ta tb)))
        (operate op type-int (convert a t) (convert b t) place)))
     ((and (pointer-type? ta) (pointer-type? tb))
      (let ((x (type-base ta)) (y (type-base tb)))
        (if (not (or (same-unqualified? x y) (void-type? x) (void-type? y)
                     (null-constant? a) (null-constant? b)))
            (warn place "comparison of " (type->string ta) " with " (type->string tb)))
        (operate op type-int a b place)))
     ((and (pointer-type? ta) (integer-type? tb))
      (if (not (null-constant? b)) (warn place "comparison of pointer and integer"))
      (operate op type-int a (convert b ta) place))
     ((and (integer-type? ta) (pointer-type? tb))
      (if (not (null-constant? a)) (warn place "comparison of integer and pointer"))
      (operate op type-int (convert a tb) b place))
     (else (bad-operands op a b place)))))

;; constant truth of a node: yes, no, or #f if only the machine knows
(define (known-truth n)
  (case (node-op n)
    ((num) (if (= 0 (node-a n)) 'no 'yes))
    ((flt) (if (float-zero? (node-a n)) 'no 'yes))
    ((address) 'yes)
    (else #f)))

(define (truth n)                       ; n != 0 as an int
  (case (known-truth n)
    ((yes) (int-node 1 (node-place n)))
    ((no) (int-node 0 (node-place n)))
    (else
     (if (memq (node-op n) '(eq ne lt le gt ge andand oror not))
         n
         (make-node 'ne type-int n (convert (int-node 0 (node-place n)) (node-type n)) #f
                    (node-place n))))))

(define (check-scalar n what)
  (let ((n (rvalue n)))
    (if (scalar-type? (node-type n))
        n
        (begin
          (complain (node-place n) what " of type " (type->string (node-type n)))
          (error-node (node-place n))))))

(define (binary-logic op a b place)
  (let ((a (check-scalar a "condition")) (b (check-scalar b "condition")))
    (case (known-truth a)
      ((yes) (if (eq? op 'andand) (truth b) (int-node 1 place)))
      ((no) (if (eq? op 'andand) (int-node 0 place) (truth b)))
      (else (make-node op type-int a b #f place)))))

;; ---- unary operators -----------------------------------------------------
(define (unary op n place)
  (let* ((n (rvalue n)) (t (node-type n)))
    (case op
      ((not)
       (let ((n (check-scalar n "operand of !")))
         (case (known-truth n)
           ((yes) (int-node 0 place))
           ((no) (int-node 1 place))
           (else (make-node 'not type-int n #f #f place)))))
      ((bitnot)
       (if (integer-type? t)
           (let* ((t (promoted t)) (n (convert n t)))
             (if (num? n) (num t (wrap-to t (bit-not (node-a n))) place)
                 (make-node 'bitnot t n #f #f place)))
           (begin (complain place "operator ~ on " (type->string t)) (error-node place))))
      (else
       (cond ((not (arithmetic-type? t))
              (complain place "operator " (if (eq? op 'neg) "-" "+") " on " (type->string t))
              (error-node place))
             (else
              (let* ((t (if (float-type? t) (unqualified t) (promoted t))) (n (convert n t)))
                (cond ((eq? op 'plus) (if (lvalue? n) (make-node 'cast t n #f #f place) n))
                      ((num? n) (num t (wrap-to t (- (node-a n))) place))
                      ((flt? n) (make-node 'flt t (float-negate (node-a n)) #f #f place))
                      (else (make-node 'neg t n #f #f place))))))))))

;; ---- assignments ---------------------------------------------------------
(define (check-modifiable n what)
  (let ((t (node-type n)))
    (cond ((not (lvalue? n)) (complain (node-place n) what " of what is no variable") #f)
          ((array-type? t) (complain (node-place n) what " of an array") #f)
          ((const? t) (complain (node-place n) what " of a constant") #f)
          (else #t))))

(define (assign a b place)
  (if (check-modifiable a "assignment")
      (make-node 'assign (unqualified (node-type a)) a
                 (convert-assigned b (node-type a) "assignment") #f place)
      (error-node place)))

;; a op= b; post: the value is that of before
(define (update op a b post place)
  (if (not (check-modifiable a "assignment"))
      (error-node place)
      (let* ((b (rvalue b)) (t (unqualified (node-type a))) (tb (node-type b)))
        (define (make value common)
          (make-node 'update t a value (cons op (cons common post)) place))
        (cond
         ((and (pointer-type? t) (memq op '(add sub)) (integer-type? tb))
          (make (scaled b t place) t))
         ((not (and (arithmetic-type? t) (arithmetic-type? tb)))
          (bad-operands op a b place))
         ((memq op '(shl shr))
          (if (and (integer-type? t) (integer-type? tb))
              (make (convert b (if (wide-type? tb) type-int (promoted tb)))
                    (promoted (bits-type a)))
              (bad-operands op a b place)))
         ((and (memq op '(mod and or xor)) (not (and (integer-type? t) (integer-type? tb))))
          (bad-operands op a b place))
         (else
          (let ((common (common-type (bits-type a) tb)))
            (make (convert b common) common)))))))

;; ---- ?: ------------------------------------------------------------------
(define (conditional c a b place)
  (let* ((c (check-scalar c "condition")) (a (rvalue a)) (b (rvalue b))
         (ta (node-type a)) (tb (node-type b))
         (type
          (cond
           ((both-arithmetic? a b) (common-type ta tb))
           ((or (void-type? ta) (void-type? tb)) type-void)
           ((and (aggregate-type? ta) (same-unqualified? ta tb)) (unqualified ta))
           ((and (pointer-type? ta) (null-constant? b)) (unqualified ta))
           ((and (pointer-type? tb) (null-constant? a)) (unqualified tb))
           ((and (pointer-type? ta) (pointer-type? tb))
            (let* ((x (type-base ta)) (y (type-base tb)) (both (lambda (t) (pointer-to (qualify (qualify t (type-quals x)) (type-quals y))))))
              (cond ((void-type? x) (both x))
                    ((void-type? y) (both y))
                    (else
                     (if (not (same-unqualified? x y))
                         (warn place "?: of " (type->string ta) " and " (type->string tb)))
                     (both (composite-type x y))))))
           ((and (pointer-type? ta) (integer-type? tb))
            (warn place "?: of pointer and integer") (unqualified ta))
           ((and (integer-type? ta) (pointer-type? tb))
            (warn place "?: of integer and pointer") (unqualified tb))
           (else
            (complain place "?: of " (type->string ta) " and " (type->string tb))
            type-int)))
         (fit (lambda (n) (if (scalar-type? type) (if (scalar-type? (node-type n)) (convert n type) n) n))))
    (case (known-truth c)
      ((yes) (as-value (fit a) type))
      ((no) (as-value (fit b) type))
      (else (make-node 'cond type c (fit a) (fit b) place)))))

(define (as-value n type)               ; not an lvalue any more
  (if (lvalue? n) (make-node (if (aggregate-type? type) 'comma 'cast) type
                             (if (aggregate-type? type) (int-node 0 (node-place n)) n)
                             (if (aggregate-type? type) n #f) #f (node-place n))
      n))
