# ----------------------------------------------------------------------
# Numbers: exact integers
#
# What does not fit into a fixnum is an object with 32-bit digits, its magnitude; the
# type has the sign. Arithmetic looks for fixnums first and falls back on digits.
# ----------------------------------------------------------------------

# Two fixnums ecx and eax, or a jump; changes edx.
%macro FIXNUMS otherwise
        mov     edx, eax
        and     edx, ecx
        test    dl, 1
        je      {otherwise}
%end

op_add:
        pop     ecx
        FIXNUMS .slow
        lea     edx, [ecx-1]
        add     edx, eax
        jo      .slow
        mov     eax, edx
        NEXT
.slow:
        call    big_add
        NEXT
op_add_const:                           # fixnum
        test    al, 1
        je      .slow
        mov     edx, [esi]
        dec     edx
        add     edx, eax
        jo      .slow
        mov     eax, edx
        NEXT1
.slow:
        mov     ecx, [esi]
        call    big_add
        NEXT1
op_subtract:
        pop     ecx
        FIXNUMS .slow
        mov     edx, ecx
        sub     edx, eax
        jo      .slow
        lea     eax, [edx+1]
        NEXT
.slow:
        call    big_subtract
        NEXT
op_subtract_const:                      # fixnum
        test    al, 1
        je      .slow
        mov     edx, eax
        sub     edx, [esi]
        jo      .slow
        lea     eax, [edx+1]
        NEXT1
.slow:
        mov     ecx, eax
        mov     eax, [esi]
        call    big_subtract
        NEXT1
op_multiply:
        pop     ecx
        FIXNUMS .slow
        mov     edx, ecx
        sar     edx, 1
        lea     ebp, [eax-1]
        imul    edx, ebp
        jo      .slow
        lea     eax, [edx+1]
        NEXT
.slow:
        call    big_multiply
        NEXT
op_quotient:
        pop     ecx
        call    divide
        NEXT
op_remainder:
        pop     ecx
        call    divide
        mov     eax, edx
        NEXT
op_modulo:                              # with the sign of the divisor
        pop     ecx
        push    eax
        call    divide
        pop     ecx                     # divisor
        cmp     edx, 1
        je      .done
        mov     eax, edx
        call    sign
        push    edx
        xchg    eax, ecx
        call    sign
        xchg    eax, ecx
        pop     ebp
        xor     edx, ebp
        mov     edx, eax
        jns     .done
        call    big_add
        NEXT
.done:
        mov     eax, edx
        NEXT
op_floor_quotient:
        pop     ecx
        push    eax
        call    divide
        pop     ecx
        cmp     edx, 1
        je      .done
        push    eax
        mov     eax, edx
        call    sign
        push    edx
        mov     eax, ecx
        call    sign
        pop     ecx
        pop     eax
        xor     edx, ecx
        jns     .done
        mov     ecx, -1                 # the fixnum -1
        call    big_add
.done:
        NEXT

# sign: edx < 0 if the integer eax is
sign:
        mov     edx, eax
        test    al, 1
        jne     .done
        movzx   edx, byte [eax]
        neg     edx
        add     edx, T_POSITIVE         # 0 or below
.done:
        ret

# check_integer: eax is an integer, or the error
check_integer:
        test    al, 1
        jne     .done
        test    al, 7
        jne     not_number
        cmp     byte [eax], T_POSITIVE
        je      .done
        cmp     byte [eax], T_NEGATIVE
        jne     not_number
.done:
        ret

# compare: the flags tell how the integers ecx and eax compare, signed. Keeps all but
# edx, ebp.
compare:
        FIXNUMS .slow
        cmp     ecx, eax
        ret
.slow:
        push    ecx
        push    eax
        call    check_integer
        mov     edx, b_sign
        call    describe
        mov     eax, [esp+4]
        call    check_integer
        mov     edx, a_sign
        call    describe
        mov     eax, [b_sign]
        sub     eax, [a_sign]
        jne     .done
        call    compare_digits
        cmp     dword [a_sign], 0
        je      .done
        neg     eax
.done:
        mov     edx, eax
        pop     eax
        pop     ecx
        cmp     edx, 0
        ret

# describe: sign, count, address of the digits of the integer eax, into the three words
# at edx; the word behind them is the digit of a fixnum
describe:
        test    al, 1
        je      .big
        sar     eax, 1
        mov     ebp, eax
        sar     ebp, 31
        xor     eax, ebp
        sub     eax, ebp
        neg     ebp
        mov     [edx], ebp
        mov     dword [edx+4], 1
        mov     [edx+12], eax
        lea     eax, [edx+12]
        mov     [edx+8], eax
        ret
.big:
        movzx   ebp, byte [eax]
        sub     ebp, T_POSITIVE
        shr     ebp, 3
        mov     [edx], ebp
        mov     ebp, [eax]
        shr     ebp, 8
        mov     [edx+4], ebp
        add     eax, 4
        mov     [edx+8], eax
        ret

# operands: room for the result of the integers ecx and eax, which become a and b: the
# digits of both and one more
operands:
        call    check_integer
        push    eax
        xchg    eax, ecx
        call    check_integer
        push    eax
        mov     edx, a_sign
        call    describe
        mov     eax, ecx
        mov     edx, b_sign
        call    describe
        mov     ecx, [a_count]
        add     ecx, [b_count]
        inc     ecx
        mov     [r_count], ecx
        cmp     ecx, 0xFFFFFF
        ja      number_too_large
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        mov     eax, NIL
        call    allocate
        mov     [r_object], edx
        add     edx, 4
        mov     [r_digits], edx
        pop     eax
        mov     edx, a_sign
        call    describe
        pop     eax
        mov     edx, b_sign
        jmp     describe

# normalise: eax = the integer with the sign eax and the digits of the result
normalise:
        mov     edx, [r_digits]
        mov     ecx, [r_count]
.trim:
        test    ecx, ecx
        je      .zero
        cmp     dword [edx+ecx*4-4], 0
        jne     .top
        dec     ecx
        jmp     .trim
.top:
        cmp     ecx, 1
        jne     .big
        mov     ebp, [edx]
        cmp     ebp, 0x40000000
        ja      .big
        jb      .small
        test    eax, eax
        je      .big
.small:
        test    eax, eax
        je      .positive
        neg     ebp
.positive:
        lea     eax, [ebp+ebp+1]
        mov     edi, [r_object]
        ret
.big:
        mov     ebp, ecx
        shl     ebp, 8
        lea     eax, [ebp+eax*8+T_POSITIVE]
        mov     ebp, [r_object]
        mov     [ebp], eax
        lea     edi, [ebp+ecx*4+11]
        and     edi, -8
        mov     eax, ebp
        ret
.zero:
        mov     eax, 1
        mov     edi, [r_object]
        ret

# integer: eax = the integer of the 32 bits of eax, signed; unsigned for unsigned_integer
integer:
        mov     edx, eax
        add     eax, eax
        jo      .big
        inc     eax
        ret
.big:
        mov     eax, edx
        xor     ebp, ebp
        test    eax, eax
        jns     big_digit
        neg     eax
        inc     ebp
        jmp     big_digit
unsigned_integer:
        xor     ebp, ebp
        cmp     eax, 0x3FFFFFFF
        ja      big_digit
        lea     eax, [eax+eax+1]
        ret
big_digit:                              # magnitude eax, sign ebp
        push    eax
        mov     ecx, 8
        mov     eax, NIL
        call    allocate
        pop     dword [edx+4]
        mov     eax, edx
        lea     edx, [ebp*8+T_POSITIVE+256]
        mov     [eax], edx
        ret

# big_add, big_subtract: eax = ecx + eax, ecx - eax
big_subtract:
        call    operands
        xor     dword [b_sign], 1
        jmp     add_signed
big_add:
        call    operands
add_signed:
        mov     eax, [a_sign]
        cmp     eax, [b_sign]
        jne     .different
        mov     ecx, [a_count]
        cmp     ecx, [b_count]
        jae     .longer
        call    exchange
.longer:
        call    add_digits
        mov     eax, [a_sign]
        jmp     normalise
.different:
        call    compare_digits
        test    eax, eax
        jns     .greater
        call    exchange
.greater:
        call    subtract_digits
        mov     eax, [a_sign]
        jmp     normalise

# exchange: a and b
exchange:
        mov     ecx, 3
        mov     edx, a_sign
.word:
        mov     eax, [edx]
        xchg    eax, [edx+b_sign-a_sign]
        mov     [edx], eax
        add     edx, 4
        dec     ecx
        jne     .word
        ret

# compare_digits: eax = -1, 0, 1 as a is less than, equal to, greater than b
compare_digits:
        push    esi
        mov     ecx, [a_count]
        cmp     ecx, [b_count]
        jne     .done
        mov     esi, [a_digits]
        mov     edx, [b_digits]
.digit:
        mov     eax, [esi+ecx*4-4]
        cmp     eax, [edx+ecx*4-4]
        jne     .done
        dec     ecx
        jne     .digit
        xor     eax, eax
        pop     esi
        ret
.done:
        sbb     eax, eax
        or      eax, 1
        pop     esi
        ret

# add_digits: r = a + b; a has not fewer digits
add_digits:
        push    esi
        push    ebx
        push    edi
        mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [b_count]
        mov     ebp, [a_count]
        sub     ebp, ecx
        xor     edx, edx
.both:
        mov     eax, [esi+edx*4]
        adc     eax, [ebx+edx*4]
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .both
        mov     ecx, ebp
        jecxz   .top
.rest:
        mov     eax, [esi+edx*4]
        adc     eax, 0
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .rest
.top:
        mov     eax, 0
        adc     eax, eax
        mov     [edi+edx*4], eax
        inc     edx
        mov     [r_count], edx
        pop     edi
        pop     ebx
        pop     esi
        ret

# subtract_digits: r = a - b; a is not less
subtract_digits:
        push    esi
        push    ebx
        push    edi
        mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [b_count]
        mov     ebp, [a_count]
        mov     [r_count], ebp
        sub     ebp, ecx
        xor     edx, edx
.both:
        mov     eax, [esi+edx*4]
        sbb     eax, [ebx+edx*4]
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .both
        mov     ecx, ebp
        jecxz   .done
.rest:
        mov     eax, [esi+edx*4]
        sbb     eax, 0
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .rest
.done:
        pop     edi
        pop     ebx
        pop     esi
        ret

# big_multiply: eax = ecx * eax
big_multiply:
        call    operands
        push    esi
        push    ebx
        push    edi
        mov     edi, [r_digits]
        mov     ecx, [r_count]
        xor     eax, eax
        rep stosd
        mov     edi, [r_digits]
        mov     esi, [a_digits]
.row:                                   # r += b * [esi], from [edi] on
        mov     ebx, [b_digits]
        mov     ecx, [b_count]
        push    edi
        xor     ebp, ebp                # carry
.digit:
        mov     eax, [ebx]
        mul     dword [esi]
        add     eax, ebp
        adc     edx, 0
        add     [edi], eax
        adc     edx, 0
        mov     ebp, edx
        add     ebx, 4
        add     edi, 4
        dec     ecx
        jne     .digit
        mov     [edi], ebp
        pop     edi
        add     edi, 4
        add     esi, 4
        dec     dword [a_count]
        jne     .row
        pop     edi
        pop     ebx
        pop     esi
        mov     eax, [a_sign]
        xor     eax, [b_sign]
        jmp     normalise

# divide: eax = quotient, edx = remainder of ecx and eax, truncated
divide:
        FIXNUMS .big
        cmp     eax, 1
        je      divided_by_zero
        mov     ebp, eax
        sar     ebp, 1
        mov     eax, ecx
        sar     eax, 1
        cdq
        idiv    ebp
        lea     edx, [edx+edx+1]
        push    edx
        call    integer                 # the least fixnum by -1 is too large for one
        pop     edx
        ret
.big:
        cmp     eax, 1
        je      divided_by_zero
        push    eax
        push    ecx
        call    operands                # only to see that they are integers and b is not
        mov     edi, [r_object]         # longer than a
        call    compare_digits
        pop     ecx
        test    eax, eax
        pop     eax
        js      .less
        push    eax
        push    ecx
        mov     ecx, [a_count]          # quotient, remainder, divisor
        lea     ecx, [ecx*8+32]
        mov     edx, [b_count]
        lea     ecx, [ecx+edx*4+8]
        and     ecx, -8
        call    allocate
        mov     [r_object], edx
        pop     eax
        add     edx, 4
        mov     [r_digits], edx
        mov     edx, a_sign
        call    describe
        pop     eax
        mov     edx, b_sign
        call    describe
        push    esi
        push    ebx
        mov     eax, [a_count]
        mov     edx, [r_digits]
        lea     edx, [edx+eax*4+4]
        mov     [u_digits], edx
        lea     edx, [edx+eax*4+4]
        mov     [v_digits], edx
        cmp     dword [b_count], 1
        je      .short
        call    long_division
        jmp     .results
.short:
        mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [a_count]
        mov     [r_count], ecx
        xor     edx, edx
.digit:
        mov     eax, [esi+ecx*4-4]
        div     dword [ebx]
        mov     [edi+ecx*4-4], eax
        dec     ecx
        jne     .digit
        mov     eax, [u_digits]
        mov     [eax], edx
        mov     dword [u_count], 1
.results:
        mov     eax, [a_sign]
        xor     eax, [b_sign]
        call    normalise
        push    eax
        mov     [r_object], edi         # the remainder goes behind the quotient
        add     edi, 4
        mov     [r_digits], edi
        mov     esi, [u_digits]
        mov     ecx, [u_count]
        mov     [r_count], ecx
        rep movsd
        mov     eax, [a_sign]
        call    normalise
        mov     edx, eax
        pop     eax
        pop     ebx
        pop     esi
        ret
.less:                                  # a < b: 0, a
        mov     edx, ecx
        mov     eax, 1
        ret

# long_division: r = a / b, u = remainder; b has two digits or more, and a is not less
# (Knuth, The Art of Computer Programming, 4.3.1, algorithm D)
long_division:
        mov     edx, [b_count]
        mov     esi, [b_digits]
        bsr     ecx, [esi+edx*4-4]
        xor     ecx, 31
        mov     [bits_shifted], ecx
        mov     edi, [v_digits]
        call    shift_left              # v = b shifted until its top bit is set
        mov     edx, [a_count]
        mov     esi, [a_digits]
        mov     edi, [u_digits]
        call    shift_left              # u = a shifted as far, with a digit more
        mov     eax, [a_count]
        sub     eax, [b_count]
        mov     [step], eax
        inc     eax
        mov     [r_count], eax
.step:                                  # one digit of the quotient
        mov     eax, [step]
        mov     esi, [u_digits]
        lea     esi, [esi+eax*4]        # esi -> u[j]
        mov     edi, [v_digits]
        mov     ecx, [b_count]
        mov     edx, [esi+ecx*4]
        mov     eax, [esi+ecx*4-4]
        mov     ebx, [edi+ecx*4-4]
        cmp     edx, ebx
        jb      .estimate
        mov     ebp, -1                 # the estimate would need more than a digit
        mov     edx, eax
        add     edx, ebx
        jc      .estimated
        jmp     .check
.estimate:
        div     ebx
        mov     ebp, eax                # ebp = estimate, edx = what remains of two digits
.check:                                 # with the third digit it is one too large at most
        mov     ebx, edx
        mov     eax, [edi+ecx*4-8]
        mul     ebp
        cmp     edx, ebx
        jb      .estimated
        ja      .smaller
        cmp     eax, [esi+ecx*4-8]
        jbe     .estimated
.smaller:
        dec     ebp
        mov     edx, ebx
        add     edx, [edi+ecx*4-4]
        jnc     .check
.estimated:
        xor     ebx, ebx                # u[j...] -= estimate * v
        xor     ecx, ecx
.subtract:
        mov     eax, [edi+ecx*4]
        mul     ebp
        add     eax, ebx
        adc     edx, 0
        mov     ebx, edx
        sub     [esi+ecx*4], eax
        adc     ebx, 0
        inc     ecx
        cmp     ecx, [b_count]
        jb      .subtract
        sub     [esi+ecx*4], ebx
        jnc     .digit
        dec     ebp                     # it was one too large after all
        xor     ecx, ecx
        mov     ebx, [b_count]
        clc
.add:
        mov     eax, [edi+ecx*4]
        adc     [esi+ecx*4], eax
        inc     ecx
        dec     ebx
        jne     .add
        adc     dword [esi+ecx*4], 0
.digit:
        mov     eax, [step]
        mov     edx, [r_digits]
        mov     [edx+eax*4], ebp
        dec     dword [step]
        jns     .step
        mov     esi, [u_digits]         # the remainder, shifted back
        mov     edx, [b_count]
        mov     [u_count], edx
        mov     ecx, [bits_shifted]
        jecxz   .done
.right:
        mov     eax, [esi+4]
        shrd    [esi], eax, cl
        add     esi, 4
        dec     edx
        jne     .right
.done:
        ret

# shift_left: edi = the edx digits at esi shifted by cl bits, and a digit for what goes
# beyond
shift_left:
        xor     ebx, ebx
.digit:
        mov     eax, [esi]
        mov     ebp, eax
        shld    ebp, ebx, cl
        mov     ebx, eax
        mov     [edi], ebp
        add     esi, 4
        add     edi, 4
        dec     edx
        jne     .digit
        xor     eax, eax
        shld    eax, ebx, cl
        mov     [edi], eax
        ret

# Comparisons. For each a branch that jumps when it does not hold, with both operands or
# with a constant, and a primitive of any number of arguments.
%macro COMPARISON name, holds, fails                     # name, jump if it holds, if not
op_{name}:
        pop     ecx
        FIXNUMS .slow
        cmp     ecx, eax
        {holds} true
        jmp     false
.slow:
        call    compare
        {holds} true
        jmp     false
br_{name}:                                  # target
        pop     ecx
        FIXNUMS .slow
        cmp     ecx, eax
.decide:
        {fails}      .jump
        NEXT1
.jump:
        add     esi, [esi]
        jmp     [esi-4]
.slow:
        call    compare
        jmp     .decide
bri_{name}:                                 # fixnum, target
        test    al, 1
        je      .slow
        cmp     eax, [esi]
.decide:
        {fails}      .jump
        NEXT2
.jump:
        add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]
.slow:
        mov     ecx, eax
        mov     eax, [esi]
        call    compare
        jmp     .decide
%end
%macro COMPARE_ALL name, fails                    # name, jump if it does not hold
prim_{name}:
        mov     [kept_count], ecx
        lea     ebp, [esp+ecx*4-4]
        mov     [kept_args], ecx
        mov     ecx, [ebp]
        mov     eax, ecx
        push    ebp
        call    compare                 # that the first is a number
        pop     ebp
.next:
        dec     dword [kept_count]
        je      .true
        mov     ecx, [ebp]
        mov     eax, [ebp-4]
        sub     ebp, 4
        push    ebp
        call    compare
        pop     ebp
        {fails}      .false
        jmp     .next
.false:
        mov     eax, FALSE
        jmp     drop_arguments
.true:
        mov     eax, TRUE
        jmp     drop_arguments
%end
        COMPARISON less, jl, jge
        COMPARISON greater, jg, jle
        COMPARISON not_less, jge, jl
        COMPARISON not_greater, jle, jg
        COMPARISON equal, je, jne
        COMPARISON not_equal, jne, je
        COMPARE_ALL less, jge
        COMPARE_ALL greater, jle
        COMPARE_ALL not_less, jl
        COMPARE_ALL not_greater, jg
        COMPARE_ALL equal, jne

# drop_arguments: takes [kept_args] words from the stack
drop_arguments:
        mov     ecx, [kept_args]
        lea     esp, [esp+ecx*4]
        NEXT

op_is_zero:
        mov     ecx, 1
        call    compare
        je      true
        jmp     false
br_zero:                                # target
        test    al, 1
        je      .slow
        cmp     eax, 1
.decide:
        BRANCH_IF jne
.slow:
        mov     ecx, 1
        call    compare
        jmp     .decide
br_not_zero:
        test    al, 1
        je      .slow
        cmp     eax, 1
.decide:
        BRANCH_IF je
.slow:
        mov     ecx, 1
        call    compare
        jmp     .decide

# (+ n ...), (* n ...), (- n m ...) as values
prim_add:
        mov     edx, big_add
        mov     eax, 1
        jmp     fold
prim_multiply:
        mov     edx, big_multiply
        mov     eax, 3
        jmp     fold
prim_subtract:
        mov     edx, big_subtract
        mov     eax, 1
        cmp     ecx, 1
        je      fold
        mov     eax, [esp+ecx*4-4]
        mov     [kept_args], ecx
        dec     ecx
        jmp     fold_from
fold:                                   # eax = edx applied to eax and each argument
        mov     [kept_args], ecx
fold_from:
        mov     [kept_count], ecx
        mov     [kept_entry], edx
.next:
        mov     edx, [kept_count]
        dec     edx
        js      drop_arguments
        mov     [kept_count], edx
        mov     ecx, eax
        mov     eax, [esp+edx*4]
        call    [kept_entry]
        jmp     .next

# (exact-integer? x), (%fixnum? x), (%bignum-digits x)
op_is_integer:
        test    al, 1
        jne     true
        test    al, 7
        jne     false
        cmp     byte [eax], T_POSITIVE
        je      true
        cmp     byte [eax], T_NEGATIVE
        je      true
        jmp     false
op_is_fixnum:
        test    al, 1
        jne     true
        jmp     false

# Bits of fixnums; what is larger, and shifts that do not fit, are done in Scheme.
%macro BITS name, instruction, hook                           # name, instruction, hook
op_bit_{name}:
        pop     ecx
        FIXNUMS .slow
        {instruction}      eax, ecx
        or      eax, 1
        NEXT
.slow:
        mov     edx, {hook}
        jmp     call_hook
%end
        BITS and, and, hook_and
        BITS or, or, hook_or
        BITS xor, xor, hook_xor
op_shift:                               # (arithmetic-shift n count)
        pop     ecx
        FIXNUMS .slow
        cmp     eax, 1
        js      .right
        cmp     eax, 29*2+1
        ja      .slow
        mov     edx, ecx
        mov     ecx, eax
        mov     eax, edx
        shr     ecx, 1
        dec     eax
        mov     ebp, eax
        shl     eax, cl
        mov     edx, eax
        sar     edx, cl
        cmp     edx, ebp
        jne     .large
        inc     eax
        NEXT
.large:
        lea     eax, [ecx+ecx+1]
        lea     ecx, [ebp+1]
.slow:
        mov     edx, hook_shift
        jmp     call_hook
.right:
        sar     eax, 1
        neg     eax
        cmp     eax, 31
        jbe     .count
        mov     eax, 31
.count:
        xchg    eax, ecx
        sar     eax, cl
        or      eax, 1
        NEXT

# call_hook: calls the Scheme procedure in [edx] with ecx and eax
call_hook:
        push    ecx
        push    eax
        mov     eax, [edx]
        mov     ecx, 2
        jmp     call_from_primitive

# (%set-hook! n procedure)
op_set_hook:
        pop     ecx
        mov     [hooks+ecx*2-2], eax
        NEXT

true:
        mov     eax, TRUE
        NEXT
false:
        mov     eax, FALSE
        NEXT
