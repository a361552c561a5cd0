# ----------------------------------------------------------------------
# Pairs and lists
# ----------------------------------------------------------------------
%macro PAIR value, otherwise                           # register with a value, jump if it is no pair
        lea     edx, [{value}-4]
        bnz     dl, 7, {otherwise}
%end

op_cons:
        lea     edx, [edi+8]
        bgtu    edx, [heap_limit], .collect
.room:  pop     ecx
        mov     [edi], ecx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        NEXT
.collect: call_ecx collect, 8
        jmp     .room
op_car:
        PAIR    eax, not_pair
        RESULT  [eax-4]
op_cdr:
        PAIR    eax, not_pair
        RESULT  [eax]
op_car_local:                           # k
        mov     edx, [esi]
        mov     eax, [esp+edx]
        PAIR    eax, not_pair
        RESULT1 [eax-4]
op_cdr_local:                           # k
        mov     edx, [esi]
        mov     eax, [esp+edx]
        PAIR    eax, not_pair
        RESULT1 [eax]
op_cadr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        RESULT  [eax-4]
op_cddr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        RESULT  [eax]
op_caar:
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        PAIR    eax, not_pair
        RESULT  [eax-4]
op_cdar:
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        PAIR    eax, not_pair
        RESULT  [eax]
op_caddr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        RESULT  [eax-4]
op_set_car:
        pop     ecx
        PAIR    ecx, not_pair_ecx
        mov     [ecx-4], eax
        RESULT  UNSPECIFIED
op_set_cdr:
        pop     ecx
        PAIR    ecx, not_pair_ecx
        mov     [ecx], eax
        RESULT  UNSPECIFIED

# Branches that jump when a test fails, or when it holds
br_pair:                                # target
        lea     edx, [eax-4]
        test    dl, 7
        BRANCH_IF jne
br_not_pair:
        lea     edx, [eax-4]
        test    dl, 7
        BRANCH_IF je
br_null:
        cmp     eax, NIL
        BRANCH_IF jne
br_not_null:
        cmp     eax, NIL
        BRANCH_IF je
br_eq:
        pop     ecx
        cmp     ecx, eax
        BRANCH_IF jne
br_not_eq:
        pop     ecx
        cmp     ecx, eax
        BRANCH_IF je
bri_eq:                                 # value, target
        bne     eax, [esi], .jump
        NEXT2
.jump:  add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]
bri_not_eq:
        beq     eax, [esi], .jump
        NEXT2
.jump:  add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]

op_is_pair:
        PAIR    eax, false
        jmp     true
op_is_null:
        beq     eax, NIL, true
        jmp     false
op_not:
        beq     eax, FALSE, true
        jmp     false
op_is_eq:
        pop     ecx
        beq     ecx, eax, true
        jmp     false
op_is_eqv:
        pop     ecx
        call    eqv
        je      true
        jmp     false
op_is_equal:
        pop     ecx
        call    equal
        je      true
        jmp     false
op_is_char:
        beq     al, CHAR, true
        jmp     false
op_is_procedure:
        bnz     al, 7, false
        beq     byte [eax], T_CLOSURE, true
        beq     byte [eax], T_PRIM, true
        jmp     false
%macro IS_OBJECT name, type
op_is_{name}:
        mov     cl, {type}
        jmp     is_object
%end
        IS_OBJECT string, T_STRING
        IS_OBJECT bytes, T_BYTES
        IS_OBJECT symbol, T_SYMBOL
        IS_OBJECT vector, T_VECTOR
        IS_OBJECT port, T_PORT
        IS_OBJECT table, T_TABLE
        IS_OBJECT record, T_RECORD
        IS_OBJECT values, T_VALUES
        IS_OBJECT alias, T_ALIAS
is_object:
        bnz     al, 7, false
        beq     [eax], cl, true
        jmp     false

# eqv: zero flag if ecx and eax are the same value. Keeps eax, ecx.
eqv:
        beq     ecx, eax, .done
        mov     edx, eax
        or      edx, ecx
        bnz     dl, 7, .done            # not both objects: the flag is clear
        mov     edx, [eax]
        bne     edx, [ecx], .done
        beq     dl, T_POSITIVE, same_digits
        beq     dl, T_NEGATIVE, same_digits
        test    esp, esp                # clears the flag
.done:  ret

# same_digits: zero flag if the integers eax and ecx with the header edx are equal
same_digits:
        shr     edx, 8
.digit: mov     ebp, [eax+edx*4]
        bne     ebp, [ecx+edx*4], .done
        dec     edx
        jne     .digit
.done:  ret

# equal: zero flag if ecx and eax are equal?
equal:
        call    eqv
        je      .done
        bltu    esp, [stack_limit], too_deep
        mov     edx, eax
        xor     edx, ecx
        bnz     dl, 7, .done
        bnz     al, 3, .done            # fixnums, immediates: the flag is clear
        bz      al, 4, .objects
        pushes  dword [eax], dword [ecx]
        mov     eax, [eax-4]
        call_ecx equal, [ecx-4]
        pops    ecx, eax
        je      equal
.done:  ret
.objects: mov     edx, [eax]
        bne     edx, [ecx], .done
        bleu    dl, T_BYTES, same_bytes
        bne     dl, T_VECTOR, .done
        shr     edx, 8
.element: dec     edx
        js      .equal
        pushes  eax, ecx, edx
        mov     eax, [eax+edx*4+4]
        call_ecx equal, [ecx+edx*4+4]
        pops    edx, ecx, eax
        je      .element
        ret
.equal: xor     edx, edx
        ret

# same_bytes: zero flag if the strings or bytevectors eax and ecx are equal. Keeps them.
same_bytes:
        push    ecx
        mov     edx, [eax+LENGTH]
        bne     edx, [ecx+LENGTH], .done
        shr     edx, 1
        pushes  esi, edi
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, edx
        cmp     ecx, ecx
        repe cmpsb
        pops    edi, esi
.done:  pop     ecx
        ret

op_length:
        mov     ecx, 1
        mov     ebp, eax
.pair:  PAIR    ebp, .end
        mov     ebp, [ebp]
        add     ecx, 2
        jns     .pair                   # beyond memory: the list is circular
        jmp     not_list
.end:   bne     ebp, NIL, not_list
        RESULT  ecx
op_is_list:
        mov     ecx, eax                # goes twice as fast
.pair:  PAIR    ecx, .end
        mov     ecx, [ecx]
        PAIR    ecx, .end
        mov     ecx, [ecx]
        mov     eax, [eax]
        bne     ecx, eax, .pair
        jmp     false
.end:   beq     ecx, NIL, true
        jmp     false
op_reverse:
        push    eax
        mov     eax, NIL
.pair:  lea     edx, [edi+8]            # the rest is on the stack
        bgtu    edx, [heap_limit], .collect
.room:  mov     ecx, [esp]
        PAIR    ecx, .end
        mov     edx, [ecx-4]
        mov     ecx, [ecx]
        mov     [esp], ecx
        mov     [edi], edx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        jmp     .pair
.end:   pop     ecx
        bne     ecx, NIL, not_list
        NEXT
.collect: call_ecx collect, 8
        jmp     .room
op_list_tail:                           # (list-tail list k)
        pop     ecx
        bz      al, 1, not_index
        xchg    eax, ecx
        mov     ebp, ecx
.pair:  sub     ebp, 2
        js      .done
        PAIR    eax, not_pair
        jmp_eax .pair, [eax]
.done:  NEXT
prim_list:
        mov     ebp, ecx
        shl     ecx, 3
        lea     edx, [edi+ecx]
        bleu    edx, [heap_limit], .room
        call    collect
.room:  mov     eax, NIL
.cons:  dec     ebp
        js      .done
        pop     dword [edi]
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        jmp     .cons
.done:  NEXT
# (append2 a b): a copied in front of b
op_append:
        push    eax                     # [esp] = b, [esp+4] = a
        mov     ecx, [esp+4]
        xor     ebp, ebp
.count: PAIR    ecx, .counted
        mov     ecx, [ecx]
        add     ebp, 8
        jns     .count
.counted: bne     ecx, NIL, .bad
        mov     ecx, ebp
        call_eax allocate, NIL
        pops    eax, ecx
        jmp     .test
.copy:  mov     ebp, [ecx-4]            # edx -> next pair
        mov     [edx], ebp
        lea     ebp, [edx+12]
        mov     [edx+4], ebp
        mov     ecx, [ecx]
        add     edx, 8
        bne     edx, edi, .copy
        mov     [edx-4], eax
        sub     edx, [kept_count]
        lea     eax, [edx+4]
        NEXT
.test:  beq     edx, edi, .empty
        mov     ebp, edi
        sub     ebp, edx
        mov     [kept_count], ebp
        jmp     .copy
.empty: NEXT
.bad:   jmp_eax not_list, [esp+4]

%macro MEMBER name, compare                         # name, comparison of ecx and eax
op_mem{name}:                               # (x list)
        pop     ecx
        mov     ebp, eax
.pair:  PAIR    ebp, .end
        mov     eax, [ebp-4]
        {compare}
        je      .found
        mov     ebp, [ebp]
        jmp     .pair
.found: RESULT  ebp
.end:   mov     eax, ebp
        bne     eax, NIL, not_list
        RESULT  FALSE
op_ass{name}:
        pop     ecx
        mov     ebp, eax
.entry: PAIR    ebp, .none
        mov     eax, [ebp-4]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        {compare}
        je      .have
        mov     ebp, [ebp]
        jmp     .entry
.have:  RESULT  [ebp-4]
.none:  mov     eax, ebp
        bne     eax, NIL, not_list
        RESULT  FALSE
%end
%macro COMPARE_EQ
        cmp     eax, ecx
%end
%macro COMPARE_EQV
        push    ebp
        call    eqv
        pop     ebp
%end
%macro COMPARE_EQUAL
        pushes  ebp, ecx
        call    equal
        pops    ecx, ebp
%end
        MEMBER q, COMPARE_EQ
        MEMBER v, COMPARE_EQV
        MEMBER _equal, COMPARE_EQUAL

# ----------------------------------------------------------------------
# Characters, strings, bytevectors
# ----------------------------------------------------------------------
%macro FIXNUM value, otherwise                         # register, jump if it is none
        bz      {value}, 1, {otherwise}
%end
op_char_to_integer:
        bne     al, CHAR, not_char
        shr     eax, 7
        or      eax, 1
        NEXT
op_integer_to_char:
        FIXNUM  al, not_char_code
        bgtu    eax, 255*2+1, not_char_code
        dec     eax
        shl     eax, 7
        mov     al, CHAR
        NEXT

# check_string, check_bytes: eax is one, or the error
check_string:
        bnz     al, 7, not_string
        bne     byte [eax], T_STRING, not_string
        ret
check_bytes:
        bnz     al, 7, not_bytes
        bne     byte [eax], T_BYTES, not_bytes
        ret

op_string_length:
        call    check_string
        RESULT  [eax+LENGTH]
op_bytes_length:
        call    check_bytes
        RESULT  [eax+LENGTH]
op_string_ref:                          # (string-ref s k)
        pop     ecx
        bnz     cl, 7, not_string_ecx
        bne     byte [ecx], T_STRING, not_string_ecx
        FIXNUM  al, not_index
        bgeu    eax, [ecx+LENGTH], out_of_range
        shr     eax, 1
        movzx   eax, byte [ecx+eax+DATA]
        shl     eax, 8
        mov     al, CHAR
        NEXT
op_bytes_ref:
        pop     ecx
        bnz     cl, 7, not_bytes_ecx
        bne     byte [ecx], T_BYTES, not_bytes_ecx
        FIXNUM  al, not_index
        bgeu    eax, [ecx+LENGTH], out_of_range
        shr     eax, 1
        movzx   eax, byte [ecx+eax+DATA]
        lea     eax, [eax+eax+1]
        NEXT
op_string_set:                          # (string-set! s k char)
        pops    edx, ecx
        bnz     cl, 7, not_string_ecx
        bne     byte [ecx], T_STRING, not_string_ecx
        bne     al, CHAR, not_char
        xchg    eax, edx
        FIXNUM  al, not_index
        bgeu    eax, [ecx+LENGTH], out_of_range
        shr     eax, 1
        mov     [ecx+eax+DATA], dh
        RESULT  UNSPECIFIED
op_bytes_set:
        pops    edx, ecx
        bnz     cl, 7, not_bytes_ecx
        bne     byte [ecx], T_BYTES, not_bytes_ecx
        FIXNUM  al, not_byte
        bgtu    eax, 255*2+1, not_byte
        xchg    eax, edx
        FIXNUM  al, not_index
        bgeu    eax, [ecx+LENGTH], out_of_range
        shr     eax, 1
        shr     edx, 1
        mov     [ecx+eax+DATA], dl
        RESULT  UNSPECIFIED

# new_bytes: eax = object of type dl with ecx bytes, which are not set; keeps nothing.
new_bytes:
        bgeu    ecx, 0x3FFFFFF0, too_large
        push    edx                     # small
        lea     edx, [ecx+ecx+1]
        push    edx
        add     ecx, 15
        and     ecx, -8
        call    allocate
        mov     eax, edx
        pops    dword [eax+LENGTH], edx
        mov     [eax], edx
        ret

# (%make-string n char), (%make-bytes n byte)
op_make_string:
        bne     al, CHAR, not_char
        pop     ecx
        mov     edx, T_STRING
        movzx   eax, ah
        jmp     make_bytes
op_make_bytes:
        FIXNUM  al, not_byte
        bgtu    eax, 255*2+1, not_byte
        pop     ecx
        mov     edx, T_BYTES
        shr     eax, 1
make_bytes:
        xchg    eax, ecx
        FIXNUM  al, not_index
        bneg    eax, eax, not_index
        xchg    eax, ecx
        pushes  eax, ecx                # small, fixnum
        shr     ecx, 1
        call_eax new_bytes, NIL
        mov     ebp, edi
        lea     edi, [eax+DATA]
        mov     edx, eax
        pops    ecx, eax
        shr     ecx, 1
        rep stosb
        mov     edi, ebp
        RESULT  edx

# (%copy! to at from start end): bytes within or between strings or bytevectors, which
# may be the same; all has been checked but the ranges
op_copy_bytes:
        mov     ecx, eax
        pop     edx                     # start
        pop     ebp                     # from
        pop     dword [kept_count]      # at
        pop     dword [kept_value]      # to
        call    check_range
        mov     eax, [kept_count]
        FIXNUM  al, not_index
        bneg    eax, eax, out_of_range
        add     eax, ecx
        sub     eax, edx                # where it ends, in to
        jo      out_of_range
        push    ebx
        mov     ebx, [kept_value]
        bgtu    eax, [ebx+LENGTH], .range
        sub     ecx, edx
        shr     ecx, 1                  # ecx = bytes
        shr     edx, 1
        pushes  esi, edi
        lea     esi, [ebp+edx+DATA]
        mov     eax, [kept_count]
        shr     eax, 1
        lea     edi, [ebx+eax+DATA]
        bleu    edi, esi, .up
        lea     esi, [esi+ecx-1]
        lea     edi, [edi+ecx-1]
        std
        rep movsb
        cld
        jmp     .done
.up:    rep     movsb
.done:  pops    edi, esi, ebx
        RESULT  UNSPECIFIED
.range: pop     ebx
        jmp     out_of_range

# check_range: edx <= ecx are indices of the string or bytevector ebp, as fixnums
check_range:
        mov     eax, edx
        FIXNUM  al, not_index
        mov     eax, ecx
        FIXNUM  al, not_index
        bgtu    eax, [ebp+LENGTH], out_of_range
        mov     eax, edx
        bgtu    eax, ecx, out_of_range
        ret

# (%sub x start end): a part of a string or bytevector
op_sub:
        mov     ecx, eax
        pop     edx
        mov     ebp, [esp]
        call    check_range
        mov     eax, ecx
        sub     ecx, edx
        shr     ecx, 1
        push    edx                     # fixnum
        movzx   edx, byte [ebp]
        call    new_bytes
        pops    edx, ebp
        shr     edx, 1
        pushes  esi, edi
        lea     esi, [ebp+edx+DATA]
        lea     edi, [eax+DATA]
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        call    move_bytes
        pops    edi, esi
        NEXT

# copy_bytes: ecx bytes from ebp to edx; keeps eax
copy_bytes:
        pushes  esi, edi
        mov     esi, ebp
        mov     edi, edx
        call    move_bytes
        pops    edi, esi
        ret
move_bytes:
        mov     edx, ecx
        shr     ecx, 2
        rep movsd
        mov     ecx, edx
        and     ecx, 3
        rep movsb
        ret

# (string-append s ...), (bytevector-append b ...): one pass for the length, one to copy
prim_string_append:
        mov     edx, check_string
        mov     dword [kept_type], T_STRING
        jmp     join
prim_bytes_append:
        mov     edx, check_bytes
        mov     dword [kept_type], T_BYTES
join:
        mov     [kept_entry], edx
        mov     [kept_args], ecx
        xor     ebp, ebp
.length: dec     ecx
        js      .room
        mov     eax, [esp+ecx*4]
        call    [kept_entry]
        mov     eax, [eax+LENGTH]
        shr     eax, 1
        add     ebp, eax
        js      too_large
        jmp     .length
.room:  mov     ecx, ebp
        mov     edx, [kept_type]
        call_eax new_bytes, NIL
        pushes  esi, edi, eax
        lea     edi, [eax+DATA]
        mov     ebp, [kept_args]
.copy:  dec     ebp
        js      .done
        mov     esi, [esp+ebp*4+12]
        mov     ecx, [esi+LENGTH]
        shr     ecx, 1
        add     esi, DATA
        call    move_bytes
        jmp     .copy
.done:  pops    eax, edi, esi
        jmp     drop_arguments

# (%compare a b): -1, 0, 1 as the string a comes before b, is the same, comes after it
op_compare_strings:
        call    check_string
        mov     ecx, eax
        pop     eax
        call    check_string
        pushes  esi, edi
        mov     edx, [ecx+LENGTH]
        mov     ebp, [eax+LENGTH]
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, ebp
        bleu    ecx, edx, .shorter
        mov     ecx, edx
.shorter: shr     ecx, 1
        cmp     ecx, ecx
        repe cmpsb
        pops    edi, esi
        jne     .done
        beq     ebp, edx, .same
.done:  sbb     eax, eax
        or      eax, 1
        lea     eax, [eax+eax+1]
        NEXT
.same:  RESULT  1

# (%search byte x start): where the byte is in a string or bytevector from start on, or #f
op_search_byte:
        mov     edx, eax
        pops    eax, ebp
        push    eax
        call_ecx check_range, [ebp+LENGTH]
        pop     eax
        shr     eax, 1
        sub     ecx, edx
        shr     ecx, 1
        shr     edx, 1
        push    edi
        lea     edi, [ebp+edx+DATA]
        test    edi, edi                # clears the zero flag, for no bytes at all
        repne scasb
        lea     eax, [edi-DATA-1]
        pop     edi
        jne     false
        sub     eax, ebp
        lea     eax, [eax+eax+1]
        NEXT

# (string->symbol s), (symbol->string s)
op_string_to_symbol:
        call    check_string
        call    intern
        NEXT
op_symbol_to_string:
        bnz     al, 7, not_symbol
        bne     byte [eax], T_SYMBOL, not_symbol
        RESULT  [eax+SYMBOL_NAME]

# hash_bytes: edx = hash of the string or bytevector eax, a fixnum; changes ecx, ebp
hash_bytes:
        mov     ecx, [eax+LENGTH]
        mov     edx, ecx
        shr     ecx, 1
        lea     ebp, [eax+DATA]
        push    eax
        jecxz   .done
.byte:  movzx   eax, byte [ebp]
        imul    edx, edx, 0x01000193
        xor     edx, eax
        inc     ebp
        dec     ecx
        jne     .byte
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
.symbol: beq     ebp, NIL, .new
        mov     ecx, [ebp-4]
        mov     edx, [ecx+SYMBOL_HASH]
        bne     edx, [esp+4], .next
        mov     ecx, [ecx+SYMBOL_NAME]
        push    ebp
        call    same_bytes
        pop     ebp
        je      .found
.next:  mov     ebp, [ebp]
        jmp     .symbol
.found: mov     eax, [ebp-4]
        add     esp, 8
        ret
.new:   push    eax
        mov     ecx, [eax+LENGTH]       # the name is a copy
        shr     ecx, 1
        call_edx new_bytes, T_STRING
        push    eax
        mov     eax, [esp+4]
        pushes  esi, edi
        lea     esi, [eax+DATA]
        mov     edx, [esp+8]
        lea     edi, [edx+DATA]
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        call    move_bytes
        pops    edi, esi
        call_ecx allocate, 32           # the symbol and its pair
        pops    ecx, eax
        mov     dword [edx], T_SYMBOL + 4*256
        mov     dword [edx+SYMBOL_VALUE], UNBOUND
        mov     [edx+SYMBOL_NAME], ecx
        mov     dword [edx+SYMBOL_SYNTAX], FALSE
        pops    ecx, eax
        mov     [edx+SYMBOL_HASH], eax
        mov     eax, [symbols]
        add     ecx, eax
        mov     eax, [ecx]
        mov     [edx+24], edx
        mov     [edx+28], eax
        lea     eax, [edx+28]
        mov     [ecx], eax
        mov     eax, edx
        ret

# ----------------------------------------------------------------------
# Vectors, records and other objects
# ----------------------------------------------------------------------
# (%make-object type n value)
op_make_vector:
        pops    ecx, dword [kept_type]  # n
        xchg    eax, ecx
        FIXNUM  al, not_index
        bgtu    eax, 0xFFFFFF*2, too_large
        xchg    eax, ecx
        shr     ecx, 1
        mov     [kept_count], ecx
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call    allocate
        mov     ecx, [kept_count]
        mov     ebp, edi
        mov     edi, ecx
        shl     edi, 8
        mov     [edx], edi
        shr     dword [kept_type], 1
        mov     edi, [kept_type]
        or      [edx], edi
        lea     edi, [edx+4]
        rep stosd
        mov     edi, ebp
        RESULT  edx
prim_vector:
        call_edx vector_from_stack, T_VECTOR
        NEXT
prim_record:                            # (%record type field ...)
        call_edx vector_from_stack, T_RECORD
        NEXT
op_vector_length:
        bnz     al, 7, not_vector
        bne     byte [eax], T_VECTOR, not_vector
        mov     eax, [eax]
        shr     eax, 7
        or      eax, 1
        NEXT
op_vector_ref:                          # (vector-ref v k)
        pop     ecx
        bnz     cl, 7, not_vector_ecx
        mov     edx, [ecx]
        bne     dl, T_VECTOR, not_vector_ecx
        FIXNUM  al, not_index
        shr     eax, 1
        shr     edx, 8
        bgeu    eax, edx, out_of_range_raw
        RESULT  [ecx+eax*4+4]
op_vector_ref_const:                    # fixnum
        bnz     al, 7, not_vector
        mov     edx, [eax]
        bne     dl, T_VECTOR, not_vector
        mov     ecx, [esi]
        shr     ecx, 1
        shr     edx, 8
        bgeu    ecx, edx, .range
        RESULT1 [eax+ecx*4+4]
.range: jmp_eax out_of_range_raw, ecx
op_vector_set:                          # (vector-set! v k x)
        pops    edx, ecx
        bnz     cl, 7, not_vector_ecx
        mov     ebp, [ecx]
        xchg    eax, edx
        FIXNUM  al, not_index
        shr     eax, 1
        shr     ebp, 8
        bgeu    eax, ebp, out_of_range_raw
        bne     byte [ecx], T_VECTOR, not_vector_ecx
        mov     [ecx+eax*4+4], edx
        RESULT  UNSPECIFIED
# (%vector-copy! to at from start end): the ranges have been checked
op_copy_vector:
        shr     eax, 1
        pop     edx
        shr     edx, 1
        mov     ecx, eax
        sub     ecx, edx
        pop     ebp
        lea     ebp, [ebp+edx*4+4]      # ebp -> first
        pop     edx
        shr     edx, 1
        pop     eax
        lea     eax, [eax+edx*4+4]
        pushes  esi, edi
        mov     esi, ebp
        mov     edi, eax
        bleu    edi, esi, .up
        lea     esi, [esi+ecx*4-4]
        lea     edi, [edi+ecx*4-4]
        std
.up:    rep     movsd
        cld
        pops    edi, esi
        RESULT  UNSPECIFIED
# (%ref x k), (%set! x k value), (%type x): any object, unchecked
op_ref:
        pop     ecx
        RESULT  [ecx+eax*2+2]
op_set:
        pops    edx, ecx
        mov     [ecx+edx*2+2], eax
        RESULT  UNSPECIFIED

# Records: T_RECORD, type, fields. An accessor is a primitive whose data is the type,
# then the index; (%accessor type k name), (%modifier type k name), (%predicate type 0 name)
op_accessor:
        mov     ecx, 1
        mov     edx, record_get
        jmp     record_primitive
op_modifier:
        mov     ecx, 2
        mov     edx, record_put
        jmp     record_primitive
op_predicate:
        mov     ecx, 1
        mov     edx, record_is
record_primitive:
        pushes  edx, ecx
        call_ecx allocate, 32
        mov     dword [edx], T_PRIM + 7*256
        pop     ecx
        mov     [edx+PRIM_MIN], ecx
        mov     [edx+PRIM_MAX], ecx
        pop     dword [edx+PRIM_ENTRY]
        mov     [edx+PRIM_NAME], eax
        pop     eax
        mov     [edx+PRIM_DATA+4], eax
        pop     eax
        mov     [edx+PRIM_DATA], eax
        mov     dword [edx+PRIM_DATA+8], FALSE
        RESULT  edx
record_get:                             # ebp = the primitive
        bnz     al, 7, wrong_record
        bne     byte [eax], T_RECORD, wrong_record
        mov     edx, [ebp+PRIM_DATA]
        bne     edx, [eax+4], wrong_record
        mov     edx, [ebp+PRIM_DATA+4]
        RESULT  [eax+edx*2+2]
record_put:
        pop     ecx
        bnz     cl, 7, .wrong
        bne     byte [ecx], T_RECORD, .wrong
        mov     edx, [ebp+PRIM_DATA]
        bne     edx, [ecx+4], .wrong
        mov     edx, [ebp+PRIM_DATA+4]
        mov     [ecx+edx*2+2], eax
        RESULT  UNSPECIFIED
.wrong: jmp_eax wrong_record, ecx
record_is:
        bnz     al, 7, false
        bne     byte [eax], T_RECORD, false
        mov     edx, [ebp+PRIM_DATA]
        beq     edx, [eax+4], true
        jmp     false

# ----------------------------------------------------------------------
# Hash tables: buckets are lists of pairs (key . value). A key that is hashed by its
# address makes the table be built anew after a collection.
# ----------------------------------------------------------------------
TABLE_BUCKETS = 4                     # vector, its length a power of two
TABLE_COUNT = 8                       # fixnum
TABLE_EQUAL = 12                      # TRUE: keys are compared by equal?, else eqv?
TABLE_STAMP = 16                      # fixnum, number of collections when it was built
TABLE_MOVES = 20                      # TRUE if a key has been hashed by its address

# hash: edx = hash of eax for the table [kept_table], without the low bit; of a structure
# that of its first parts, [hash_parts] at most. Changes eax, ecx, ebp.
hash:
        bnz     al, 3, .word
        bnz     al, 4, .pair
        mov     edx, [eax]
        beq     dl, T_SYMBOL, .symbol
        beq     dl, T_POSITIVE, .digits
        beq     dl, T_NEGATIVE, .digits
        mov     ecx, [kept_table]
        bne     dword [ecx+TABLE_EQUAL], TRUE, .address
        bleu    dl, T_BYTES, hash_bytes
        bne     dl, T_VECTOR, .address
        shr     edx, 8
        je      .done
        push    edx
        mov     eax, [eax+4]            # of a vector the first element
        dec     dword [hash_parts]
        js      .enough
        call    hash
        pop     ecx
        lea     edx, [edx*4+ecx]
.done:  ret
.symbol: mov     edx, [eax+SYMBOL_HASH]
        ret
.digits: mov     edx, [eax+4]
        ret
.pair:  mov     ecx, [kept_table]
        bne     dword [ecx+TABLE_EQUAL], TRUE, .address
        push    dword [eax]
        mov     eax, [eax-4]
        dec     dword [hash_parts]
        js      .enough
        call    hash
        pop     eax
        push    edx
        call    hash
        pop     ecx
        imul    ecx, ecx, 31
        lea     edx, [edx+ecx+1]
        ret
.enough: pop     edx
        xor     edx, edx
        ret
.word:  mov     edx, eax
        shr     edx, 8
        add     edx, eax
        ret
.address: mov     ecx, [kept_table]
        mov     dword [ecx+TABLE_MOVES], TRUE
        mov     edx, eax
        shr     edx, 3
        ret

# bucket: edx = address of the bucket for the key eax in the table [kept_table]
bucket:
        push    eax
        mov     dword [hash_parts], 20
        call    hash
        mov     eax, edx
        shr     eax, 12
        xor     edx, eax
        follow  ecx, [kept_table], TABLE_BUCKETS
        mov     eax, [ecx]
        shr     eax, 8
        dec     eax
        shr     edx, 1
        and     edx, eax
        lea     edx, [ecx+edx*4+4]
        pop     eax
        ret

# (%table-find table key): its pair, or #f. (%table-cell table key): the same, but a new
# one with an unspecified value is added.
op_table_find:
        pop     ecx
        mov     [kept_table], ecx
        call    find
        je      .found
        RESULT  FALSE
.found: RESULT  ebp

# find: zero flag if ebp is the pair of the key eax; edx -> its bucket
find:
        mov     ecx, [kept_table]
        bnz     cl, 7, not_table
        bne     byte [ecx], T_TABLE, not_table
        beq     dword [ecx+TABLE_MOVES], FALSE, .built
        mov     edx, [collections]
        lea     edx, [edx+edx+1]
        beq     edx, [ecx+TABLE_STAMP], .built
        push    eax
        call_edx rebuild, [ecx+TABLE_BUCKETS]
        pop     eax
.built: call    bucket
        push    edx
        mov     ecx, [edx]
.entry: beq     ecx, NIL, .none         # ecx = the rest of the list
        mov     ebp, [ecx-4]
        beq     [ebp-4], eax, .done
        pushes  ecx, ebp, eax
        mov     ecx, [ebp-4]
        mov     edx, [kept_table]
        bne     dword [edx+TABLE_EQUAL], TRUE, .eqv
        call    equal
        jmp     .next
.eqv:   call    eqv
.next:  pops    eax, ebp, ecx
        je      .done
        mov     ecx, [ecx]
        jmp     .entry
.none:  test    esp, esp
.done:  pop     edx
        ret

# rebuild: puts the entries of the vector edx into the buckets of the table [kept_table],
# which may be the same vector. The pairs that link them are used again.
rebuild:
        pushes  esi, ebx
        mov     ecx, [kept_table]
        mov     eax, [collections]
        lea     eax, [eax+eax+1]
        mov     [ecx+TABLE_STAMP], eax
        mov     ebx, NIL                # all entries as one list
        mov     ecx, [edx]
        shr     ecx, 8
.bucket: mov     eax, [edx+ecx*4]
.link:  beq     eax, NIL, .linked
        mov     esi, [eax]
        mov     [eax], ebx
        mov     ebx, eax
        jmp_eax .link, esi
.linked: mov     dword [edx+ecx*4], NIL
        dec     ecx
        jne     .bucket
.entry: beq     ebx, NIL, .done
        mov     esi, [ebx]
        follow  eax, [ebx-4], -4
        call    bucket
        mov     eax, [edx]
        mov     [ebx], eax
        mov     [edx], ebx
        mov     ebx, esi
        jmp     .entry
.done:  pops    ebx, esi
        ret

op_table_cell:
        pop     ecx
        mov     [kept_table], ecx
        call    find
        jne     .new
        RESULT  ebp
.new:   push    eax
        mov     edx, [kept_table]
        follow  ecx, [edx+TABLE_BUCKETS], 0
        shr     ecx, 8
        lea     ecx, [ecx+ecx+1]
        bltu    [edx+TABLE_COUNT], ecx, .room
        lea     ecx, [ecx*4+4]          # twice as many buckets
        push    ecx
        call_eax allocate, NIL
        pop     ecx
        sub     ecx, 8
        mov     eax, ecx
        shl     eax, 6
        mov     al, T_VECTOR
        mov     [edx], eax
        push    edi
        lea     edi, [edx+4]
        shr     ecx, 2
        mov     eax, NIL
        rep stosd
        pop     edi
        mov     ecx, [kept_table]
        mov     eax, [ecx+TABLE_BUCKETS]
        mov     [ecx+TABLE_BUCKETS], edx
        call_edx rebuild, eax
.room:  mov     ecx, 16                 # (key . value), and the pair that links it
        call_eax allocate, NIL
        push    edx
        mov     eax, [esp+4]
        mov     [edx], eax
        mov     dword [edx+4], UNSPECIFIED
        mov     ecx, [kept_table]
        add     dword [ecx+TABLE_COUNT], 2
        beq     dword [ecx+TABLE_MOVES], FALSE, .bucket
        mov     edx, [collections]
        lea     edx, [edx+edx+1]
        beq     edx, [ecx+TABLE_STAMP], .bucket
        call_edx rebuild, [ecx+TABLE_BUCKETS]
        mov     eax, [esp+4]
.bucket: call    bucket
        mov     ecx, edx
        pop     edx
        add     esp, 4
        lea     eax, [edx+4]
        mov     [edx+8], eax
        mov     ebp, [ecx]
        mov     [edx+12], ebp
        lea     ebp, [edx+12]
        mov     [ecx], ebp
        mov     ecx, [collections]
        lea     ecx, [ecx+ecx+1]
        mov     edx, [kept_table]
        mov     [edx+TABLE_STAMP], ecx
        NEXT
# (%table-delete! table key)
op_table_delete:
        pop     ecx
        mov     [kept_table], ecx
        call    find
        jne     .done
        mov     ecx, edx                # ecx -> the word with the rest of the list
.entry: mov     edx, [ecx]
        beq     [edx-4], ebp, .found
        mov     ecx, edx
        jmp     .entry
.found: mov     edx, [edx]
        mov     [ecx], edx
        mov     edx, [kept_table]
        sub     dword [edx+TABLE_COUNT], 2
.done:  RESULT  UNSPECIFIED
