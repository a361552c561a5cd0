# ----------------------------------------------------------------------
# Pairs and lists
# ----------------------------------------------------------------------
%macro CAR
        PAIR    eax, not_pair
        mov     eax, [eax-4]
%end
%macro CDR
        PAIR    eax, not_pair
        mov     eax, [eax]
%end
%macro CXR name, first, second, *third  # a path of CAR and CDR
        FIXED   "{name}", op_{name}, eax
        {first}
        {second}
        ANSWER  {third}
%end

        FIXED   "cons", op_cons, -, eax
        lea     edx, [edi+8]
        on      a, edx, [heap_limit], .collect
.room:  pop     ecx
        ANSWER  make_pair ecx, eax
.collect: with    ecx, 8, call collect
        jmp     .room
        FIXED   "car", op_car, eax
        CAR
        NEXT
        FIXED   "cdr", op_cdr, eax
        CDR
        NEXT
        CXR     caar, CAR, CAR
        CXR     cadr, CDR, CAR
        CXR     cdar, CAR, CDR
        CXR     cddr, CDR, CDR
        CXR     caddr, CDR, CDR, CAR
        FIXED   "set-car!", op_set_car, eax, ecx
        PAIR    eax, not_pair
        EFFECT  mov [eax-4], ecx
        FIXED   "set-cdr!", op_set_cdr, eax, ecx
        PAIR    eax, not_pair
        EFFECT  mov [eax], ecx

# cons: eax = pair of the word under the return address, which is taken off, and eax
cons:
        lea     edx, [edi+8]
        on      a, edx, [heap_limit], .collect
.room:  mov     edx, [esp+4]
        make_pair edx, eax
        ret     4
.collect: with    ecx, 8, call collect
        jmp     .room

# Tests: what sets the zero flag if it holds. BRANCHED has also branches that jump when it does not, when it does.
%macro TESTED text, name, count, *test
        BETWEEN {text}, op_is_{name}, {count}, {count}
        {test}
        je      true
        jmp     false
%end
%macro BRANCHED text, name, count, *test
        TESTED  {text}, {name}, {count}, {test}
        INSTRUCTION br_{name}
        {test}
        BRANCH_IF jne
        INSTRUCTION br_not_{name}
        {test}
        BRANCH_IF je
%end
%macro IS_PAIR
        lea     edx, [eax-4]
        test    dl, 7
%end
%macro IS_ZERO
        bits    nz, al, 1, .fixnum{}
        call    check_integer
.fixnum{}: cmp  eax, 1
%end
%macro OF_TWO *test                     # ecx and eax
        pop     ecx
        {test}
%end
        BRANCHED "pair?", pair, 1, IS_PAIR
        BRANCHED "null?", null, 1, cmp eax, NIL
        BRANCHED "eq?", eq, 2, OF_TWO cmp ecx, eax
        BRANCHED "zero?", zero, 1, IS_ZERO
        TESTED  "eqv?", eqv, 2, OF_TWO call eqv
        TESTED  "equal?", equal, 2, OF_TWO call equal
        TESTED  "char?", char, 1, cmp al, CHAR
        TESTED  "not", false, 1, cmp eax, FALSE
%macro IS_OBJECT text, name, type
        FIXED   {text}, op_is_{name}, eax
        with    cl, {type}, jmp is_object
%end
        IS_OBJECT "string?", string, T_STRING
        IS_OBJECT "bytevector?", bytes, T_BYTES
        IS_OBJECT "symbol?", symbol, T_SYMBOL
        IS_OBJECT "vector?", vector, T_VECTOR
        IS_OBJECT "port?", port, T_PORT
        IS_OBJECT "hash-table?", table, T_TABLE
        IS_OBJECT "%record?", record, T_RECORD
        IS_OBJECT "%values?", values, T_VALUES
        IS_OBJECT "%alias?", alias, T_ALIAS
        IS_OBJECT "%closure?", closure, T_CLOSURE
is_object:
        bits    nz, al, 7, false
        on      e, [eax], cl, true
        jmp     false
        FIXED   "procedure?", op_is_procedure, eax
        bits    nz, al, 7, false
        switch  byte [eax], T_CLOSURE, true, T_PRIM, true
        jmp     false

# eqv: zero flag if ecx and eax are the same value. Keeps eax, ecx.
eqv:
        on      e, ecx, eax, .done
        mov     edx, eax
        or      edx, ecx
        bits    nz, dl, 7, .done            # not both objects: the flag is clear
        mov     edx, [eax]
        on      ne, edx, [ecx], .done
        on      e, dl, T_POSITIVE, .digits
        on      e, dl, T_NEGATIVE, .digits
.done:  ret
.digits: shr    edx, 8
.digit: mov     ebp, [eax+edx*4]
        on      ne, ebp, [ecx+edx*4], .done
        count   ne, edx, .digit
        ret

# equal: zero flag if ecx and eax are equal?
equal:
        call    eqv
        je      .done
        on      b, esp, [stack_limit], too_deep
        mov     edx, eax
        xor     edx, ecx
        bits    nz, dl, 7, .done
        bits    nz, al, 3, .done            # fixnums, immediates: the flag is clear
        bits    z, al, 4, .objects
        pushes  dword [eax], dword [ecx]
        invoke  equal, [eax-4], [ecx-4]
        pops    ecx, eax
        je      equal
.done:  ret
.objects: mov   edx, [eax]
        on      ne, edx, [ecx], .done
        on      be, dl, T_BYTES, same_bytes
        on      ne, dl, T_VECTOR, .done
        shr     edx, 8
.element: count s, edx, .equal
        pushes  eax, ecx, edx
        invoke  equal, [eax+edx*4+4], [ecx+edx*4+4]
        pops    edx, ecx, eax
        je      .element
        ret
.equal: xor     edx, edx
        ret

# same_bytes: zero flag if the strings or bytevectors eax and ecx are equal. Keeps them.
same_bytes:
        mov     edx, [eax+LENGTH]
        on      ne, edx, [ecx+LENGTH], .done
        pushes  esi, edi, ecx
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, edx
        shr     ecx, 1
        cmp     ecx, ecx
        repe cmpsb
        pops    ecx, edi, esi
.done:  ret

# list_length: edx = number of pairs in the list ecx, which becomes what is behind them
list_length:
        xor     edx, edx
.pair:  bits    nz, cl, 3, .done
        bits    z, cl, 4, .done
        mov     ecx, [ecx]
        add     edx, 2
        jns     .pair                   # beyond memory: the list is circular
.done:  shr     edx, 1
        ret

# check_list: list_length of eax, which is a list, or the error
check_list:
        with    ecx, eax, call list_length
        on      ne, ecx, NIL, not_list
        ret

        FIXED   "length", op_length, eax
        call    check_list
        RESULT_FIXNUM edx
        FIXED   "reverse", op_reverse, eax
        call    check_list
        lea     ecx, [edx*8]
        call    allocate
        load    ecx, eax,  eax, NIL
.pair:  on      e, edx, edi, .done
        load    ebp, [ecx-4],  ecx, [ecx]
        mov     [edx], ebp
        mov     [edx+4], eax
        lea     eax, [edx+4]
        add     edx, 8
        jmp     .pair
.done:  NEXT
        VARIADIC "list", prim_list, 0
        shl     ecx, 3
        with    eax, NIL, call allocate
.cons:  on      e, edx, edi, .done
        pop     dword [edx]
        mov     [edx+4], eax
        lea     eax, [edx+4]
        add     edx, 8
        jmp     .cons
.done:  NEXT
        FIXED   "%append", op_append, ecx, eax # (%append a b): a copied in front of b
        ANSWER  call join_lists
# join_lists: eax = the list ecx, copied, in front of eax
join_lists:
        push    eax
        with    eax, ecx, call check_list
        lea     ecx, [edx*8]
        call    allocate
        unstack ecx
        on      e, ecx, NIL, .done
        lea     ebp, [edx+4]
        push    ebp                     # the first pair
.copy:  mov     ebp, [ecx-4]
        mov     [edx], ebp
        lea     ebp, [edx+12]
        mov     [edx+4], ebp
        add     edx, 8
        mov     ecx, [ecx]
        on      ne, edx, edi, .copy
        mov     [edx-4], eax
        pop     eax
.done:  ret
        FIXED   "list->vector", op_list_to_vector, eax # (list->vector list)
        ANSWER  call list_to_vector
list_to_vector:
        call    check_list
        mov     ecx, edx
        with    edx, T_VECTOR, call new_words
        mov     ecx, edx
.copy:  on      e, eax, NIL, .done
        add     ecx, 4
        mov     ebp, [eax-4]
        mov     [ecx], ebp
        with    eax, [eax], jmp .copy
.done:  return  edx

%macro SEARCH text, label, key, result, *compare # key: of an element; comparison of ecx and eax
        FIXED   {text}, {label}, ecx, ebp
.pair:  PAIR    ebp, not_found
        mov     eax, [ebp-4]
        {key}
        {compare}
        je      .found
        with    ebp, [ebp], jmp .pair
.found: RESULT  {result}
%end
        SEARCH  "memq", op_memq, , ebp, cmp eax, ecx
        SEARCH  "memv", op_memv, , ebp, keep ebp, call eqv
        SEARCH  "%member", op_member, , ebp, keep2 ebp, ecx, call equal
        SEARCH  "assq", op_assq, CAR, [ebp-4], cmp eax, ecx
        SEARCH  "assv", op_assv, CAR, [ebp-4], keep ebp, call eqv
        SEARCH  "%assoc", op_assoc, CAR, [ebp-4], keep2 ebp, ecx, call equal
not_found:
        on      e, ebp, NIL, false
        with    eax, ebp, jmp not_list

# ----------------------------------------------------------------------
# Characters, strings, bytevectors
# ----------------------------------------------------------------------
%macro CHAR_TO_BYTE                     # cl = byte of the character eax
        on      ne, al, CHAR, not_char
        movzx   ecx, ah
%end
%macro FIXNUM_TO_BYTE
        FIXNUM  al, not_byte
        on      a, eax, 255*2+1, not_byte
        mov     ecx, eax
        shr     ecx, 1
%end
%macro BYTE_TO_CHAR                     # eax = character of the byte edx
        mov     eax, edx
        shl     eax, 8
        mov     al, CHAR
%end
%macro BYTE_TO_FIXNUM
        lea     eax, [edx+edx+1]
%end
        FIXED   "char->integer", op_char_to_integer, eax
        CHAR_TO_BYTE
        RESULT_FIXNUM ecx
        FIXED   "integer->char", op_integer_to_char, eax
        FIXNUM  al, not_char_code
        on      a, eax, 255*2+1, not_char_code
        mov     edx, eax
        shr     edx, 1
        BYTE_TO_CHAR
        NEXT

%macro BYTE_AT                          # edx, the index of a byte of eax, as a number
        FIXNUM  dl, not_index_edx
        on      ae, edx, [eax+LENGTH], out_of_range_edx
        shr     edx, 1
%end
# What strings and bytevectors both have: names of the type, of an element; the type; conversions of an element
%macro BYTES text, element, name, type, to_byte, from_byte
check_{name}:                           # eax is one, or the error
        OBJECT  eax, {type}, not_{name}
        ret
        FIXED   "{text}-length", op_{name}_length, eax
        OBJECT  eax, {type}, not_{name}
        RESULT  [eax+LENGTH]
        FIXED   "{element}-ref", op_{name}_ref, eax, edx
        OBJECT  eax, {type}, not_{name}
        BYTE_AT
        movzx   edx, byte [eax+edx+DATA]
        ANSWER  {from_byte}
        FIXED   "{element}-set!", op_{name}_set, -, -, eax
        {to_byte}
        pops    edx, eax
        OBJECT  eax, {type}, not_{name}
        BYTE_AT
        EFFECT  mov [eax+edx+DATA], cl
        FIXED   "%make-{text}", op_make_{name}, -, eax # length, element
        {to_byte}
        with    edx, {type}, jmp make_bytes
        VARIADIC "{text}-append", prim_{name}_append, 0
        load    edx, {type},  ebp, not_{name}
        jmp     join
%end
        BYTES   string, string, string, T_STRING, CHAR_TO_BYTE, BYTE_TO_CHAR
        BYTES   bytevector, bytevector-u8, bytes, T_BYTES, FIXNUM_TO_BYTE, BYTE_TO_FIXNUM

# new_bytes: eax = object of type edx with ecx bytes, which are not set; keeps nothing.
new_bytes:
        on      ae, ecx, 0x3FFFFFF0, too_large
        push    edx                     # small
        lea     edx, [ecx+ecx+1]
        push    edx
        add     ecx, 15
        and     ecx, -8
        call    allocate
        mov     eax, edx
        pops    dword [eax+LENGTH], dword [eax]
        ret

# new_part: eax = object of type edx with the ecx bytes from index ebp on of the string or bytevector eax
new_part:
        pushes  eax, ebp, ecx
        call    new_bytes
        pops    ecx, edx, ebp
        lea     ebp, [ebp+edx+DATA]
        lea     edx, [eax+DATA]
# falls into copy_bytes: ecx bytes from ebp to edx; keeps eax
copy_bytes:
        pushes  esi, edi
        load    esi, ebp,  edi, edx,  edx, ecx
        shr     ecx, 2
        rep movsd
        mov     ecx, edx
        and     ecx, 3
        rep movsb
        pops    edi, esi
        ret

# move_bytes: the same if the two may overlap
move_bytes:
        on      be, edx, ebp, copy_bytes
        pushes  esi, edi
        lea     esi, [ebp+ecx-1]
        lea     edi, [edx+ecx-1]
        std
        rep movsb
        cld
        pops    edi, esi
        ret

# make_bytes: an object of type edx, filled with the byte cl; its length is on the stack
make_bytes:
        pop     eax
        FIXNUM  al, not_index
        bits    s, eax, eax, not_index
        push    ecx                     # small
        mov     ecx, eax
        shr     ecx, 1
        call    new_bytes
        mov     edx, eax
        bytes_of ecx, eax
        pop     eax
        push    edi
        lea     edi, [edx+DATA]
        rep stosb
        pop     edi
        RESULT  edx

# check_range: edx <= ecx are indices of the string, bytevector or vector ebp, as fixnums
check_range:
        mov     eax, [ebp+LENGTH]
        on      ne, byte [ebp], T_VECTOR, .length
        mov     eax, [ebp]
        shr     eax, 7
        or      eax, 1
.length: FIXNUM dl, not_index_edx
        FIXNUM  cl, not_index_ecx
        on      a, ecx, eax, out_of_range_ecx
        on      a, edx, ecx, out_of_range_edx
        ret

# find_range: ebp -> the ecx bytes of that range; eax = twice the number of elements
find_range:
        call    check_range
        sub     ecx, edx
        mov     eax, ecx
        on      e, byte [ebp], T_VECTOR, .words
        shr     ecx, 1
        shr     edx, 1
        lea     ebp, [ebp+edx+DATA]
        ret
.words: add     ecx, ecx
        lea     ebp, [ebp+edx*2+2]
        ret

# (%copy! to at from start end): a range into another object of the kind, or the same
        FIXED   "%copy!", op_copy, -, -, ebp, edx, ecx
        call    find_range
        mov     [kept_entry], ebp
        pops    edx, ebp                # at, to
        lea     ecx, [edx+eax]
        call    find_range
        load    edx, ebp,  ebp, [kept_entry]
        EFFECT  call move_bytes

# (%sub type x start end): a range as a new object of the type
        FIXED   "%sub", op_sub, -, ebp, edx, ecx
        call    check_range
        sub     ecx, edx
        shr     ecx, 1
        load    eax, ebp,  ebp, edx
        shr     ebp, 1
        pop     edx
        shr     edx, 1
        on      e, dl, T_VECTOR, .vector
        ANSWER  call new_part
.vector: call   new_words
        lea     ebp, [eax+ebp*4+4]
        mov     eax, edx
        add     edx, 4
        shl     ecx, 2
        ANSWER  call copy_bytes

# join: the ecx objects of type edx on the stack as one, or the error ebp: one pass for the length, one to copy
join:
        mov     [kept_args], ecx
        mov     [kept_type], edx
        mov     [kept_entry], ebp
        xor     ebp, ebp
.length: count  s, ecx, .room
        mov     eax, [esp+ecx*4]
        bits    nz, al, 7, .wrong
        on      ne, [eax], dl, .wrong
        bytes_of eax, eax
        add     ebp, eax
        js      too_large
        jmp     .length
.wrong: jmp     [kept_entry]
.room:  invoke  new_bytes, NIL, ebp
        mov     [kept_value], eax
        lea     edx, [eax+DATA]
        mov     eax, [kept_args]
.copy:  count   s, eax, .done
        mov     ebp, [esp+eax*4]
        bytes_of ecx, ebp
        add     ebp, DATA
        keep2   edx, ecx, call copy_bytes
        add     edx, ecx
        jmp     .copy
.done:  mov     eax, [kept_value]
# falls into drop_arguments: takes [kept_args] words from the stack
drop_arguments:
        mov     ecx, [kept_args]
        lea     esp, [esp+ecx*4]
        NEXT

# (%compare a b): -1, 0, 1 as the string a comes before b, is the same, comes after it
        FIXED   "%compare", op_compare_strings, -, eax
        call    check_string
        unstack ecx
        call    check_string
        pushes  esi, edi
        load    edx, [ecx+LENGTH],  ebp, [eax+LENGTH]
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, ebp
        on      be, ecx, edx, .shorter
        mov     ecx, edx
.shorter: shr   ecx, 1
        cmp     ecx, ecx
        repe cmpsb
        pops    edi, esi
        jne     .done
        on      e, ebp, edx, .same
.done:  sbb     eax, eax
        or      eax, 1
        RESULT_FIXNUM eax
.same:  RESULT  1

        FIXED   "string->symbol", op_string_to_symbol, eax
        call    check_string
        ANSWER  call intern
        FIXED   "symbol->string", op_symbol_to_string, eax
        OBJECT  eax, T_SYMBOL, not_symbol
        RESULT  [eax+SYMBOL_NAME]

# hash_bytes: edx = hash of the string or bytevector eax, a fixnum; changes ecx, ebp
hash_bytes:
        load    ecx, [eax+LENGTH],  edx, ecx
        shr     ecx, 1
        lea     ebp, [eax+DATA]
        push    eax
        jecxz   .done
.byte:  movzx   eax, byte [ebp]
        imul    edx, edx, 0x01000193
        xor     edx, eax
        inc     ebp
        count   ne, ecx, .byte
.done:  mov     eax, edx
        shr     eax, 15
        xor     edx, eax
        add     edx, edx
        shr     edx, 1                  # not negative
        or      edx, 1
        pop     eax
        ret

# intern: eax = the symbol whose name is the string eax
SYMBOL_BUCKETS = 2048
intern:
        call    hash_bytes
        push    edx
        shr     edx, 1
        and     edx, SYMBOL_BUCKETS-1
        mov     ecx, [symbols]
        lea     edx, [edx*4+4]
        mov     ebp, [ecx+edx]
        push    edx                     # small
.symbol: on      e, ebp, NIL, .new
        load    ecx, [ebp-4],  edx, [ecx+SYMBOL_HASH]
        on      ne, edx, [esp+4], .next
        with    ecx, [ecx+SYMBOL_NAME], call same_bytes
        je      .found
.next:  with    ebp, [ebp], jmp .symbol
.found: mov     eax, [ebp-4]
        add     esp, 8
        ret
.new:   bytes_of ecx, eax               # the name is a copy
        xor     ebp, ebp
        with    edx, T_STRING, call new_part
        with    ecx, 32, call allocate           # the symbol and its pair
        mov     dword [edx], T_SYMBOL + 4*256
        pop     ecx
        words   edx, SYMBOL_VALUE, UNBOUND, eax, FALSE, pop
        add     ecx, [symbols]
        mov     [edx+24], edx
        copy    [edx+28], [ecx]
        lea     eax, [edx+28]
        mov     [ecx], eax
        return  edx

# ----------------------------------------------------------------------
# Vectors, records and other objects
# ----------------------------------------------------------------------
# filled: eax = object of type edx with ecx words, all of them eax
filled:
        call    new_words
        pushes  edi, edx
        lea     edi, [edx+4]
        rep stosd
        pops    eax, edi
        ret

        FIXED   "%make-object", op_make_vector, -, eax, ecx # (%make-object type n value)
        FIXNUM  al, not_index
        on      a, eax, 0xFFFFFF*2+1, too_large
        xchg    eax, ecx
        shr     ecx, 1
        pop     edx
        shr     edx, 1
        ANSWER  call filled
        VARIADIC "vector", prim_vector, 0
        ANSWER  with    edx, T_VECTOR, call vector_from_stack
        VARIADIC "%record", prim_record, 1 # type, fields
        ANSWER  with    edx, T_RECORD, call vector_from_stack
        FIXED   "vector-length", op_vector_length, eax
        OBJECT  eax, T_VECTOR, not_vector
        mov     eax, [eax]
        shr     eax, 7
        ANSWER  or eax, 1
%macro VECTOR_AT                        # ecx, the index of an element of eax, as a number
        bits    nz, al, 7, not_vector
        mov     edx, [eax]
        on      ne, dl, T_VECTOR, not_vector
        FIXNUM  cl, not_index_ecx
        shr     ecx, 1
        shr     edx, 8
        on      ae, ecx, edx, out_of_range_raw
%end
        FIXED   "vector-ref", op_vector_ref, eax, ecx
        VECTOR_AT
        RESULT  [eax+ecx*4+4]
        FIXED   "vector-set!", op_vector_set, eax, ecx, ebp
        VECTOR_AT
        EFFECT  mov [eax+ecx*4+4], ebp
# (%ref x k), (%set! x k value): any object, unchecked
        FIXED   "%ref", op_ref, ecx, eax
        RESULT  [ecx+eax*2+2]
        FIXED   "%set!", op_set, ecx, edx, eax
        EFFECT  mov [ecx+edx*2+2], eax

# Records: T_RECORD, type, fields. An accessor is a primitive whose data are the index and the type; (%accessor type k
# name), (%modifier type k name), (%predicate type 0 name)
%macro RECORD_PRIMITIVE text, name, count, entry
        FIXED   {text}, {name}, -, -, eax
        new     T_PRIM, 7, {entry}, {count}, {count}, eax, pop, pop, FALSE
        RESULT  edx
%end
        RECORD_PRIMITIVE "%accessor", op_accessor, 1, record_get
        RECORD_PRIMITIVE "%modifier", op_modifier, 2, record_put
        RECORD_PRIMITIVE "%predicate", op_predicate, 1, record_is
%macro RECORD_OF_TYPE otherwise         # jump if eax is no record of the primitive ebp's type
        OBJECT  eax, T_RECORD, {otherwise}
        mov     edx, [ebp+PRIM_DATA+4]
        on      ne, edx, [eax+4], {otherwise}
%end
record_get:
        RECORD_OF_TYPE wrong_record
        mov     edx, [ebp+PRIM_DATA]
        RESULT  [eax+edx*2+2]
record_put:
        unstack ecx
        RECORD_OF_TYPE wrong_record
        mov     edx, [ebp+PRIM_DATA]
        EFFECT  mov [eax+edx*2+2], ecx
record_is:
        RECORD_OF_TYPE false
        jmp     true

# ----------------------------------------------------------------------
# Hash tables: buckets are lists of pairs (key . value). A key that is hashed by its
# address makes the table be built anew after a collection.
# ----------------------------------------------------------------------

# hash: edx = hash of eax for the table [kept_table], without the low bit; of a structure
# that of its first parts, [hash_parts] at most. Changes eax, ecx, ebp.
hash:
        bits    nz, al, 3, .word
        mov     ecx, [kept_table]
        bits    nz, al, 4, .pair
        mov     edx, [eax]
        switch  dl, T_SYMBOL, .symbol, T_POSITIVE, .digits, T_NEGATIVE, .digits
        on      ne, dword [ecx+TABLE_EQUAL], TRUE, .address
        on      be, dl, T_BYTES, hash_bytes
        on      ne, dl, T_VECTOR, .address
        shr     edx, 8
        je      .done
        with    eax, [eax+4], jmp .part          # of a vector the first element
.pair:  on      ne, dword [ecx+TABLE_EQUAL], TRUE, .address
        push    dword [eax]
        with    eax, [eax-4], call .part
        pop     eax
        push    edx
        call    .part
        pop     ecx
        imul    ecx, ecx, 31
        lea     edx, [edx+ecx+1]
.done:  ret
.part:  xor     edx, edx
        dec     dword [hash_parts]
        jns     hash
        ret
.symbol: mov    edx, [eax+SYMBOL_HASH]
        ret
.digits: mov    edx, [eax+4]
        ret
.word:  mov     edx, eax
        shr     edx, 8
        add     edx, eax
        ret
.address: mov   dword [ecx+TABLE_MOVES], TRUE
        mov     edx, eax
        shr     edx, 3
        ret

# (%hash-index table key): the index of its bucket; #f if the table has to be built anew
        FIXED   "%hash-index", op_hash_index, ecx, eax
        OBJECT  ecx, T_TABLE, not_table_ecx
        mov     [kept_table], ecx
        on      e, dword [ecx+TABLE_MOVES], FALSE, .built
        mov     edx, [collections]
        lea     edx, [edx+edx+1]
        on      ne, edx, [ecx+TABLE_STAMP], false
.built: mov     dword [hash_parts], 20
        call    hash
        mov     eax, edx
        shr     eax, 12
        xor     eax, edx
        follow  ecx, [kept_table], TABLE_BUCKETS, 0
        shr     ecx, 8
        dec     ecx
        shr     eax, 1
        and     eax, ecx
        RESULT_FIXNUM eax
