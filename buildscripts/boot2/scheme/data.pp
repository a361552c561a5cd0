# ----------------------------------------------------------------------
# Pairs and lists
# ----------------------------------------------------------------------
%macro PAIR value, otherwise                           # register with a value, jump if it is no pair
        lea     edx, [{value}-4]
        test    dl, 7
        jne     {otherwise}
%end

op_cons:
        lea     edx, [edi+8]
        cmp     edx, [heap_limit]
        ja      .collect
.room:
        pop     ecx
        mov     [edi], ecx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        NEXT
.collect:
        mov     ecx, 8
        call    collect
        jmp     .room
op_car:
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        NEXT
op_cdr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        NEXT
op_car_local:                           # k
        mov     edx, [esi]
        mov     eax, [esp+edx]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        NEXT1
op_cdr_local:                           # k
        mov     edx, [esi]
        mov     eax, [esp+edx]
        PAIR    eax, not_pair
        mov     eax, [eax]
        NEXT1
op_cadr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        NEXT
op_cddr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        mov     eax, [eax]
        NEXT
op_caar:
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        NEXT
op_cdar:
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        PAIR    eax, not_pair
        mov     eax, [eax]
        NEXT
op_caddr:
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        mov     eax, [eax]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        NEXT
op_set_car:
        pop     ecx
        PAIR    ecx, not_pair_ecx
        mov     [ecx-4], eax
        mov     eax, UNSPECIFIED
        NEXT
op_set_cdr:
        pop     ecx
        PAIR    ecx, not_pair_ecx
        mov     [ecx], eax
        mov     eax, UNSPECIFIED
        NEXT

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
        cmp     eax, [esi]
        jne     .jump
        NEXT2
.jump:
        add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]
bri_not_eq:
        cmp     eax, [esi]
        je      .jump
        NEXT2
.jump:
        add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]

op_is_pair:
        PAIR    eax, false
        jmp     true
op_is_null:
        cmp     eax, NIL
        je      true
        jmp     false
op_not:
        cmp     eax, FALSE
        je      true
        jmp     false
op_is_eq:
        pop     ecx
        cmp     ecx, eax
        je      true
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
        cmp     al, CHAR
        je      true
        jmp     false
op_is_procedure:
        test    al, 7
        jne     false
        cmp     byte [eax], T_CLOSURE
        je      true
        cmp     byte [eax], T_PRIM
        je      true
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
        test    al, 7
        jne     false
        cmp     [eax], cl
        je      true
        jmp     false

# eqv: zero flag if ecx and eax are the same value. Keeps eax, ecx.
eqv:
        cmp     ecx, eax
        je      .done
        mov     edx, eax
        or      edx, ecx
        test    dl, 7
        jne     .done                   # not both objects: the flag is clear
        mov     edx, [eax]
        cmp     edx, [ecx]
        jne     .done
        cmp     dl, T_POSITIVE
        je      same_digits
        cmp     dl, T_NEGATIVE
        je      same_digits
        test    esp, esp                # clears the flag
.done:
        ret

# same_digits: zero flag if the integers eax and ecx with the header edx are equal
same_digits:
        shr     edx, 8
.digit:
        mov     ebp, [eax+edx*4]
        cmp     ebp, [ecx+edx*4]
        jne     .done
        dec     edx
        jne     .digit
.done:
        ret

# equal: zero flag if ecx and eax are equal?
equal:
        call    eqv
        je      .done
        cmp     esp, [stack_limit]
        jb      too_deep
        mov     edx, eax
        xor     edx, ecx
        test    dl, 7
        jne     .done
        test    al, 3
        jne     .done                   # fixnums, immediates: the flag is clear
        test    al, 4
        je      .objects
        push    dword [eax]
        push    dword [ecx]
        mov     eax, [eax-4]
        mov     ecx, [ecx-4]
        call    equal
        pop     ecx
        pop     eax
        je      equal
.done:
        ret
.objects:
        mov     edx, [eax]
        cmp     edx, [ecx]
        jne     .done
        cmp     dl, T_BYTES
        jbe     same_bytes
        cmp     dl, T_VECTOR
        jne     .done
        shr     edx, 8
.element:
        dec     edx
        js      .equal
        push    eax
        push    ecx
        push    edx
        mov     eax, [eax+edx*4+4]
        mov     ecx, [ecx+edx*4+4]
        call    equal
        pop     edx
        pop     ecx
        pop     eax
        je      .element
        ret
.equal:
        xor     edx, edx
        ret

# same_bytes: zero flag if the strings or bytevectors eax and ecx are equal. Keeps them.
same_bytes:
        push    ecx
        mov     edx, [eax+LENGTH]
        cmp     edx, [ecx+LENGTH]
        jne     .done
        shr     edx, 1
        push    esi
        push    edi
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, edx
        cmp     ecx, ecx
        repe cmpsb
        pop     edi
        pop     esi
.done:
        pop     ecx
        ret

op_length:
        mov     ecx, 1
        mov     ebp, eax
.pair:
        PAIR    ebp, .end
        mov     ebp, [ebp]
        add     ecx, 2
        jns     .pair                   # beyond memory: the list is circular
        jmp     not_list
.end:
        cmp     ebp, NIL
        jne     not_list
        mov     eax, ecx
        NEXT
op_is_list:
        mov     ecx, eax                # goes twice as fast
.pair:
        PAIR    ecx, .end
        mov     ecx, [ecx]
        PAIR    ecx, .end
        mov     ecx, [ecx]
        mov     eax, [eax]
        cmp     ecx, eax
        jne     .pair
        jmp     false
.end:
        cmp     ecx, NIL
        je      true
        jmp     false
op_reverse:
        push    eax
        mov     eax, NIL
.pair:                                  # the rest is on the stack
        lea     edx, [edi+8]
        cmp     edx, [heap_limit]
        ja      .collect
.room:
        mov     ecx, [esp]
        PAIR    ecx, .end
        mov     edx, [ecx-4]
        mov     ecx, [ecx]
        mov     [esp], ecx
        mov     [edi], edx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        jmp     .pair
.end:
        pop     ecx
        cmp     ecx, NIL
        jne     not_list
        NEXT
.collect:
        mov     ecx, 8
        call    collect
        jmp     .room
op_list_tail:                           # (list-tail list k)
        pop     ecx
        test    al, 1
        je      not_index
        xchg    eax, ecx
        mov     ebp, ecx
.pair:
        sub     ebp, 2
        js      .done
        PAIR    eax, not_pair
        mov     eax, [eax]
        jmp     .pair
.done:
        NEXT
prim_list:
        mov     ebp, ecx
        shl     ecx, 3
        lea     edx, [edi+ecx]
        cmp     edx, [heap_limit]
        jbe     .room
        call    collect
.room:
        mov     eax, NIL
.cons:
        dec     ebp
        js      .done
        pop     dword [edi]
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        jmp     .cons
.done:
        NEXT
# (append2 a b): a copied in front of b
op_append:
        push    eax                     # [esp] = b, [esp+4] = a
        mov     ecx, [esp+4]
        xor     ebp, ebp
.count:
        PAIR    ecx, .counted
        mov     ecx, [ecx]
        add     ebp, 8
        jns     .count
.counted:
        cmp     ecx, NIL
        jne     .bad
        mov     ecx, ebp
        mov     eax, NIL
        call    allocate
        pop     eax
        pop     ecx
        jmp     .test
.copy:                                  # edx -> next pair
        mov     ebp, [ecx-4]
        mov     [edx], ebp
        lea     ebp, [edx+12]
        mov     [edx+4], ebp
        mov     ecx, [ecx]
        add     edx, 8
        cmp     edx, edi
        jne     .copy
        mov     [edx-4], eax
        sub     edx, [kept_count]
        lea     eax, [edx+4]
        NEXT
.test:
        cmp     edx, edi
        je      .empty
        mov     ebp, edi
        sub     ebp, edx
        mov     [kept_count], ebp
        jmp     .copy
.empty:
        NEXT
.bad:
        mov     eax, [esp+4]
        jmp     not_list

%macro MEMBER name, compare                         # name, comparison of ecx and eax
op_mem{name}:                               # (x list)
        pop     ecx
        mov     ebp, eax
.pair:
        PAIR    ebp, .end
        mov     eax, [ebp-4]
        {compare}
        je      .found
        mov     ebp, [ebp]
        jmp     .pair
.found:
        mov     eax, ebp
        NEXT
.end:
        mov     eax, ebp
        cmp     eax, NIL
        jne     not_list
        mov     eax, FALSE
        NEXT
op_ass{name}:
        pop     ecx
        mov     ebp, eax
.entry:
        PAIR    ebp, .none
        mov     eax, [ebp-4]
        PAIR    eax, not_pair
        mov     eax, [eax-4]
        {compare}
        je      .have
        mov     ebp, [ebp]
        jmp     .entry
.have:
        mov     eax, [ebp-4]
        NEXT
.none:
        mov     eax, ebp
        cmp     eax, NIL
        jne     not_list
        mov     eax, FALSE
        NEXT
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
        push    ebp
        push    ecx
        call    equal
        pop     ecx
        pop     ebp
%end
        MEMBER q, COMPARE_EQ
        MEMBER v, COMPARE_EQV
        MEMBER _equal, COMPARE_EQUAL

# ----------------------------------------------------------------------
# Characters, strings, bytevectors
# ----------------------------------------------------------------------
%macro FIXNUM value, otherwise                         # register, jump if it is none
        test    {value}, 1
        je      {otherwise}
%end
op_char_to_integer:
        cmp     al, CHAR
        jne     not_char
        shr     eax, 7
        or      eax, 1
        NEXT
op_integer_to_char:
        FIXNUM  al, not_char_code
        cmp     eax, 255*2+1
        ja      not_char_code
        dec     eax
        shl     eax, 7
        mov     al, CHAR
        NEXT

# check_string, check_bytes: eax is one, or the error
check_string:
        test    al, 7
        jne     not_string
        cmp     byte [eax], T_STRING
        jne     not_string
        ret
check_bytes:
        test    al, 7
        jne     not_bytes
        cmp     byte [eax], T_BYTES
        jne     not_bytes
        ret

op_string_length:
        call    check_string
        mov     eax, [eax+LENGTH]
        NEXT
op_bytes_length:
        call    check_bytes
        mov     eax, [eax+LENGTH]
        NEXT
op_string_ref:                          # (string-ref s k)
        pop     ecx
        test    cl, 7
        jne     not_string_ecx
        cmp     byte [ecx], T_STRING
        jne     not_string_ecx
        FIXNUM  al, not_index
        cmp     eax, [ecx+LENGTH]
        jae     out_of_range
        shr     eax, 1
        movzx   eax, byte [ecx+eax+DATA]
        shl     eax, 8
        mov     al, CHAR
        NEXT
op_bytes_ref:
        pop     ecx
        test    cl, 7
        jne     not_bytes_ecx
        cmp     byte [ecx], T_BYTES
        jne     not_bytes_ecx
        FIXNUM  al, not_index
        cmp     eax, [ecx+LENGTH]
        jae     out_of_range
        shr     eax, 1
        movzx   eax, byte [ecx+eax+DATA]
        lea     eax, [eax+eax+1]
        NEXT
op_string_set:                          # (string-set! s k char)
        pop     edx
        pop     ecx
        test    cl, 7
        jne     not_string_ecx
        cmp     byte [ecx], T_STRING
        jne     not_string_ecx
        cmp     al, CHAR
        jne     not_char
        xchg    eax, edx
        FIXNUM  al, not_index
        cmp     eax, [ecx+LENGTH]
        jae     out_of_range
        shr     eax, 1
        mov     [ecx+eax+DATA], dh
        mov     eax, UNSPECIFIED
        NEXT
op_bytes_set:
        pop     edx
        pop     ecx
        test    cl, 7
        jne     not_bytes_ecx
        cmp     byte [ecx], T_BYTES
        jne     not_bytes_ecx
        FIXNUM  al, not_byte
        cmp     eax, 255*2+1
        ja      not_byte
        xchg    eax, edx
        FIXNUM  al, not_index
        cmp     eax, [ecx+LENGTH]
        jae     out_of_range
        shr     eax, 1
        shr     edx, 1
        mov     [ecx+eax+DATA], dl
        mov     eax, UNSPECIFIED
        NEXT

# new_bytes: eax = object of type dl with ecx bytes, which are not set; keeps nothing.
new_bytes:
        cmp     ecx, 0x3FFFFFF0
        jae     too_large
        push    edx                     # small
        lea     edx, [ecx+ecx+1]
        push    edx
        add     ecx, 15
        and     ecx, -8
        call    allocate
        mov     eax, edx
        pop     dword [eax+LENGTH]
        pop     edx
        mov     [eax], edx
        ret

# (%make-string n char), (%make-bytes n byte)
op_make_string:
        cmp     al, CHAR
        jne     not_char
        pop     ecx
        mov     edx, T_STRING
        movzx   eax, ah
        jmp     make_bytes
op_make_bytes:
        FIXNUM  al, not_byte
        cmp     eax, 255*2+1
        ja      not_byte
        pop     ecx
        mov     edx, T_BYTES
        shr     eax, 1
make_bytes:
        xchg    eax, ecx
        FIXNUM  al, not_index
        test    eax, eax
        js      not_index
        xchg    eax, ecx
        push    eax                     # small
        shr     ecx, 1
        push    ecx
        mov     eax, NIL
        call    new_bytes
        mov     ebp, edi
        lea     edi, [eax+DATA]
        mov     edx, eax
        pop     ecx
        pop     eax
        rep stosb
        mov     edi, ebp
        mov     eax, edx
        NEXT

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
        test    eax, eax
        js      out_of_range
        add     eax, ecx
        sub     eax, edx                # where it ends, in to
        jo      out_of_range
        push    ebx
        mov     ebx, [kept_value]
        cmp     eax, [ebx+LENGTH]
        ja      .range
        sub     ecx, edx
        shr     ecx, 1                  # ecx = bytes
        shr     edx, 1
        push    esi
        push    edi
        lea     esi, [ebp+edx+DATA]
        mov     eax, [kept_count]
        shr     eax, 1
        lea     edi, [ebx+eax+DATA]
        cmp     edi, esi
        jbe     .up
        lea     esi, [esi+ecx-1]
        lea     edi, [edi+ecx-1]
        std
        rep movsb
        cld
        jmp     .done
.up:
        rep movsb
.done:
        pop     edi
        pop     esi
        pop     ebx
        mov     eax, UNSPECIFIED
        NEXT
.range:
        pop     ebx
        jmp     out_of_range

# check_range: edx <= ecx are indices of the string or bytevector ebp, as fixnums
check_range:
        mov     eax, edx
        FIXNUM  al, not_index
        mov     eax, ecx
        FIXNUM  al, not_index
        cmp     eax, [ebp+LENGTH]
        ja      out_of_range
        mov     eax, edx
        cmp     eax, ecx
        ja      out_of_range
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
        pop     edx
        pop     ebp
        shr     edx, 1
        push    esi
        push    edi
        lea     esi, [ebp+edx+DATA]
        lea     edi, [eax+DATA]
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        call    copy_bytes
        pop     edi
        pop     esi
        NEXT

# copy_bytes: ecx bytes from esi to edi
copy_bytes:
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
.length:
        dec     ecx
        js      .room
        mov     eax, [esp+ecx*4]
        call    [kept_entry]
        mov     eax, [eax+LENGTH]
        shr     eax, 1
        add     ebp, eax
        js      too_large
        jmp     .length
.room:
        mov     ecx, ebp
        mov     edx, [kept_type]
        mov     eax, NIL
        call    new_bytes
        push    esi
        push    edi
        push    eax
        lea     edi, [eax+DATA]
        mov     ebp, [kept_args]
.copy:
        dec     ebp
        js      .done
        mov     esi, [esp+ebp*4+12]
        mov     ecx, [esi+LENGTH]
        shr     ecx, 1
        add     esi, DATA
        call    copy_bytes
        jmp     .copy
.done:
        pop     eax
        pop     edi
        pop     esi
        jmp     drop_arguments

# (%compare a b): -1, 0, 1 as the string a comes before b, is the same, comes after it
op_compare_strings:
        call    check_string
        mov     ecx, eax
        pop     eax
        call    check_string
        push    esi
        push    edi
        mov     edx, [ecx+LENGTH]
        mov     ebp, [eax+LENGTH]
        lea     esi, [eax+DATA]
        lea     edi, [ecx+DATA]
        mov     ecx, ebp
        cmp     ecx, edx
        jbe     .shorter
        mov     ecx, edx
.shorter:
        shr     ecx, 1
        cmp     ecx, ecx
        repe cmpsb
        pop     edi
        pop     esi
        jne     .done
        cmp     ebp, edx
        je      .same
.done:
        sbb     eax, eax
        or      eax, 1
        lea     eax, [eax+eax+1]
        NEXT
.same:
        mov     eax, 1
        NEXT

# (%search byte x start): where the byte is in a string or bytevector from start on, or #f
op_search_byte:
        mov     edx, eax
        pop     eax
        pop     ebp
        push    eax
        mov     ecx, [ebp+LENGTH]
        call    check_range
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
        test    al, 7
        jne     not_symbol
        cmp     byte [eax], T_SYMBOL
        jne     not_symbol
        mov     eax, [eax+SYMBOL_NAME]
        NEXT

# hash_bytes: edx = hash of the string or bytevector eax, a fixnum; changes ecx, ebp
hash_bytes:
        mov     ecx, [eax+LENGTH]
        mov     edx, ecx
        shr     ecx, 1
        lea     ebp, [eax+DATA]
        push    eax
        jecxz   .done
.byte:
        movzx   eax, byte [ebp]
        imul    edx, edx, 0x01000193
        xor     edx, eax
        inc     ebp
        dec     ecx
        jne     .byte
.done:
        mov     eax, edx
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
.symbol:
        cmp     ebp, NIL
        je      .new
        mov     ecx, [ebp-4]
        mov     edx, [ecx+SYMBOL_HASH]
        cmp     edx, [esp+4]
        jne     .next
        mov     ecx, [ecx+SYMBOL_NAME]
        push    ebp
        call    same_bytes
        pop     ebp
        je      .found
.next:
        mov     ebp, [ebp]
        jmp     .symbol
.found:
        mov     eax, [ebp-4]
        add     esp, 8
        ret
.new:
        push    eax
        mov     ecx, [eax+LENGTH]       # the name is a copy
        shr     ecx, 1
        mov     edx, T_STRING
        call    new_bytes
        push    eax
        mov     eax, [esp+4]
        push    esi
        push    edi
        lea     esi, [eax+DATA]
        mov     edx, [esp+8]
        lea     edi, [edx+DATA]
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        call    copy_bytes
        pop     edi
        pop     esi
        mov     ecx, 32                 # the symbol and its pair
        call    allocate
        pop     ecx
        pop     eax
        mov     dword [edx], T_SYMBOL + 4*256
        mov     dword [edx+SYMBOL_VALUE], UNBOUND
        mov     [edx+SYMBOL_NAME], ecx
        mov     dword [edx+SYMBOL_SYNTAX], FALSE
        pop     ecx
        pop     eax
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
        pop     ecx                     # n
        pop     dword [kept_type]
        xchg    eax, ecx
        FIXNUM  al, not_index
        cmp     eax, 0xFFFFFF*2
        ja      too_large
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
        mov     eax, edx
        NEXT
prim_vector:
        mov     edx, T_VECTOR
        call    vector_from_stack
        NEXT
prim_record:                            # (%record type field ...)
        mov     edx, T_RECORD
        call    vector_from_stack
        NEXT
op_vector_length:
        test    al, 7
        jne     not_vector
        cmp     byte [eax], T_VECTOR
        jne     not_vector
        mov     eax, [eax]
        shr     eax, 7
        or      eax, 1
        NEXT
op_vector_ref:                          # (vector-ref v k)
        pop     ecx
        test    cl, 7
        jne     not_vector_ecx
        mov     edx, [ecx]
        cmp     dl, T_VECTOR
        jne     not_vector_ecx
        FIXNUM  al, not_index
        shr     eax, 1
        shr     edx, 8
        cmp     eax, edx
        jae     out_of_range_raw
        mov     eax, [ecx+eax*4+4]
        NEXT
op_vector_ref_const:                    # fixnum
        test    al, 7
        jne     not_vector
        mov     edx, [eax]
        cmp     dl, T_VECTOR
        jne     not_vector
        mov     ecx, [esi]
        shr     ecx, 1
        shr     edx, 8
        cmp     ecx, edx
        jae     .range
        mov     eax, [eax+ecx*4+4]
        NEXT1
.range:
        mov     eax, ecx
        jmp     out_of_range_raw
op_vector_set:                          # (vector-set! v k x)
        pop     edx
        pop     ecx
        test    cl, 7
        jne     not_vector_ecx
        mov     ebp, [ecx]
        xchg    eax, edx
        FIXNUM  al, not_index
        shr     eax, 1
        shr     ebp, 8
        cmp     eax, ebp
        jae     out_of_range_raw
        cmp     byte [ecx], T_VECTOR
        jne     not_vector_ecx
        mov     [ecx+eax*4+4], edx
        mov     eax, UNSPECIFIED
        NEXT
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
        push    esi
        push    edi
        mov     esi, ebp
        mov     edi, eax
        cmp     edi, esi
        jbe     .up
        lea     esi, [esi+ecx*4-4]
        lea     edi, [edi+ecx*4-4]
        std
.up:
        rep movsd
        cld
        pop     edi
        pop     esi
        mov     eax, UNSPECIFIED
        NEXT
# (%ref x k), (%set! x k value), (%type x): any object, unchecked
op_ref:
        pop     ecx
        mov     eax, [ecx+eax*2+2]
        NEXT
op_set:
        pop     edx
        pop     ecx
        mov     [ecx+edx*2+2], eax
        mov     eax, UNSPECIFIED
        NEXT

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
        push    edx
        push    ecx
        mov     ecx, 32
        call    allocate
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
        mov     eax, edx
        NEXT
record_get:                             # ebp = the primitive
        test    al, 7
        jne     wrong_record
        cmp     byte [eax], T_RECORD
        jne     wrong_record
        mov     edx, [ebp+PRIM_DATA]
        cmp     edx, [eax+4]
        jne     wrong_record
        mov     edx, [ebp+PRIM_DATA+4]
        mov     eax, [eax+edx*2+2]
        NEXT
record_put:
        pop     ecx
        test    cl, 7
        jne     .wrong
        cmp     byte [ecx], T_RECORD
        jne     .wrong
        mov     edx, [ebp+PRIM_DATA]
        cmp     edx, [ecx+4]
        jne     .wrong
        mov     edx, [ebp+PRIM_DATA+4]
        mov     [ecx+edx*2+2], eax
        mov     eax, UNSPECIFIED
        NEXT
.wrong:
        mov     eax, ecx
        jmp     wrong_record
record_is:
        test    al, 7
        jne     false
        cmp     byte [eax], T_RECORD
        jne     false
        mov     edx, [ebp+PRIM_DATA]
        cmp     edx, [eax+4]
        je      true
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
        test    al, 3
        jne     .word
        test    al, 4
        jne     .pair
        mov     edx, [eax]
        cmp     dl, T_SYMBOL
        je      .symbol
        cmp     dl, T_POSITIVE
        je      .digits
        cmp     dl, T_NEGATIVE
        je      .digits
        mov     ecx, [kept_table]
        cmp     dword [ecx+TABLE_EQUAL], TRUE
        jne     .address
        cmp     dl, T_BYTES
        jbe     hash_bytes
        cmp     dl, T_VECTOR
        jne     .address
        shr     edx, 8
        je      .done
        push    edx
        mov     eax, [eax+4]            # of a vector the first element
        dec     dword [hash_parts]
        js      .enough
        call    hash
        pop     ecx
        lea     edx, [edx*4+ecx]
.done:
        ret
.symbol:
        mov     edx, [eax+SYMBOL_HASH]
        ret
.digits:
        mov     edx, [eax+4]
        ret
.pair:
        mov     ecx, [kept_table]
        cmp     dword [ecx+TABLE_EQUAL], TRUE
        jne     .address
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
.enough:
        pop     edx
        xor     edx, edx
        ret
.word:
        mov     edx, eax
        shr     edx, 8
        add     edx, eax
        ret
.address:
        mov     ecx, [kept_table]
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
        mov     ecx, [kept_table]
        mov     ecx, [ecx+TABLE_BUCKETS]
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
        mov     eax, FALSE
        NEXT
.found:
        mov     eax, ebp
        NEXT

# find: zero flag if ebp is the pair of the key eax; edx -> its bucket
find:
        mov     ecx, [kept_table]
        test    cl, 7
        jne     not_table
        cmp     byte [ecx], T_TABLE
        jne     not_table
        cmp     dword [ecx+TABLE_MOVES], FALSE
        je      .built
        mov     edx, [collections]
        lea     edx, [edx+edx+1]
        cmp     edx, [ecx+TABLE_STAMP]
        je      .built
        push    eax
        mov     edx, [ecx+TABLE_BUCKETS]
        call    rebuild
        pop     eax
.built:
        call    bucket
        push    edx
        mov     ecx, [edx]
.entry:                                 # ecx = the rest of the list
        cmp     ecx, NIL
        je      .none
        mov     ebp, [ecx-4]
        cmp     [ebp-4], eax
        je      .done
        push    ecx
        push    ebp
        push    eax
        mov     ecx, [ebp-4]
        mov     edx, [kept_table]
        cmp     dword [edx+TABLE_EQUAL], TRUE
        jne     .eqv
        call    equal
        jmp     .next
.eqv:
        call    eqv
.next:
        pop     eax
        pop     ebp
        pop     ecx
        je      .done
        mov     ecx, [ecx]
        jmp     .entry
.none:
        test    esp, esp
.done:
        pop     edx
        ret

# rebuild: puts the entries of the vector edx into the buckets of the table [kept_table],
# which may be the same vector. The pairs that link them are used again.
rebuild:
        push    esi
        push    ebx
        mov     ecx, [kept_table]
        mov     eax, [collections]
        lea     eax, [eax+eax+1]
        mov     [ecx+TABLE_STAMP], eax
        mov     ebx, NIL                # all entries as one list
        mov     ecx, [edx]
        shr     ecx, 8
.bucket:
        mov     eax, [edx+ecx*4]
.link:
        cmp     eax, NIL
        je      .linked
        mov     esi, [eax]
        mov     [eax], ebx
        mov     ebx, eax
        mov     eax, esi
        jmp     .link
.linked:
        mov     dword [edx+ecx*4], NIL
        dec     ecx
        jne     .bucket
.entry:
        cmp     ebx, NIL
        je      .done
        mov     esi, [ebx]
        mov     eax, [ebx-4]
        mov     eax, [eax-4]
        call    bucket
        mov     eax, [edx]
        mov     [ebx], eax
        mov     [edx], ebx
        mov     ebx, esi
        jmp     .entry
.done:
        pop     ebx
        pop     esi
        ret

op_table_cell:
        pop     ecx
        mov     [kept_table], ecx
        call    find
        jne     .new
        mov     eax, ebp
        NEXT
.new:
        push    eax
        mov     edx, [kept_table]
        mov     ecx, [edx+TABLE_BUCKETS]
        mov     ecx, [ecx]
        shr     ecx, 8
        lea     ecx, [ecx+ecx+1]
        cmp     [edx+TABLE_COUNT], ecx
        jb      .room
        lea     ecx, [ecx*4+4]          # twice as many buckets
        push    ecx
        mov     eax, NIL
        call    allocate
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
        mov     edx, eax
        call    rebuild
.room:
        mov     ecx, 16                 # (key . value), and the pair that links it
        mov     eax, NIL
        call    allocate
        push    edx
        mov     eax, [esp+4]
        mov     [edx], eax
        mov     dword [edx+4], UNSPECIFIED
        mov     ecx, [kept_table]
        add     dword [ecx+TABLE_COUNT], 2
        cmp     dword [ecx+TABLE_MOVES], FALSE
        je      .bucket
        mov     edx, [collections]
        lea     edx, [edx+edx+1]
        cmp     edx, [ecx+TABLE_STAMP]
        je      .bucket
        mov     edx, [ecx+TABLE_BUCKETS]
        call    rebuild
        mov     eax, [esp+4]
.bucket:
        call    bucket
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
.entry:
        mov     edx, [ecx]
        cmp     [edx-4], ebp
        je      .found
        mov     ecx, edx
        jmp     .entry
.found:
        mov     edx, [edx]
        mov     [ecx], edx
        mov     edx, [kept_table]
        sub     dword [edx+TABLE_COUNT], 2
.done:
        mov     eax, UNSPECIFIED
        NEXT
