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
        bz      dl, 1, {otherwise}
%end

op_add:
        pop     ecx
        FIXNUMS .slow
        lea     edx, [ecx-1]
        add     edx, eax
        jo      .slow
        RESULT  edx
.slow:  call    big_add
        NEXT
op_add_const:                           # fixnum
        bz      al, 1, .slow
        mov     edx, [esi]
        dec     edx
        add     edx, eax
        jo      .slow
        RESULT1 edx
.slow:  call_ecx big_add, [esi]
        NEXT1
op_subtract:
        pop     ecx
        FIXNUMS .slow
        mov     edx, ecx
        sub     edx, eax
        jo      .slow
        lea     eax, [edx+1]
        NEXT
.slow:  call    big_subtract
        NEXT
op_subtract_const:                      # fixnum
        bz      al, 1, .slow
        mov     edx, eax
        sub     edx, [esi]
        jo      .slow
        lea     eax, [edx+1]
        NEXT1
.slow:  mov     ecx, eax
        call_eax big_subtract, [esi]
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
.slow:  call    big_multiply
        NEXT
op_quotient:
        pop     ecx
        call    divide
        NEXT
op_remainder:
        pop     ecx
        call    divide
        RESULT  edx
op_modulo:                              # with the sign of the divisor
        pop     ecx
        push    eax
        call    divide
        pop     ecx                     # divisor
        beq     edx, 1, .done
        call_eax sign, edx
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
.done:  RESULT  edx
op_floor_quotient:
        pop     ecx
        push    eax
        call    divide
        pop     ecx
        beq     edx, 1, .done
        push    eax
        call_eax sign, edx
        push    edx
        call_eax sign, ecx
        pops    ecx, eax
        xor     edx, ecx
        jns     .done
        call_ecx big_add, -1            # the fixnum -1
.done:  NEXT

# sign: edx < 0 if the integer eax is
sign:
        mov     edx, eax
        bnz     al, 1, .done
        movzx   edx, byte [eax]
        neg     edx
        add     edx, T_POSITIVE         # 0 or below
.done:  ret

# check_integer: eax is an integer, or the error
check_integer:
        bnz     al, 1, .done
        bnz     al, 7, not_number
        beq     byte [eax], T_POSITIVE, .done
        bne     byte [eax], T_NEGATIVE, not_number
.done:  ret

# compare: the flags tell how the integers ecx and eax compare, signed. Keeps all but
# edx, ebp.
compare:
        FIXNUMS .slow
        cmp     ecx, eax
        ret
.slow:  pushes  ecx, eax
        call    check_integer
        call_edx describe, b_sign
        call_eax check_integer, [esp+4]
        call_edx describe, a_sign
        mov     eax, [b_sign]
        sub     eax, [a_sign]
        jne     .done
        call    compare_digits
        beq     dword [a_sign], 0, .done
        neg     eax
.done:  mov     edx, eax
        pops    eax, ecx
        cmp     edx, 0
        ret

# describe: sign, count, address of the digits of the integer eax, into the three words
# at edx; the word behind them is the digit of a fixnum
describe:
        bz      al, 1, .big
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
.big:   movzx   ebp, byte [eax]
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
        call_edx describe, a_sign
        mov     eax, ecx
        call_edx describe, b_sign
        mov     ecx, [a_count]
        add     ecx, [b_count]
        inc     ecx
        mov     [r_count], ecx
        bgtu    ecx, 0xFFFFFF, number_too_large
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call_eax allocate, NIL
        mov     [r_object], edx
        add     edx, 4
        mov     [r_digits], edx
        pop     eax
        call_edx describe, a_sign
        pop     eax
        mov     edx, b_sign
        jmp     describe

# normalise: eax = the integer with the sign eax and the digits of the result
normalise:
        mov     edx, [r_digits]
        mov     ecx, [r_count]
.trim:  bz      ecx, ecx, .zero
        bne     dword [edx+ecx*4-4], 0, .top
        dec     ecx
        jmp     .trim
.top:   bne     ecx, 1, .big
        mov     ebp, [edx]
        bgtu    ebp, 0x40000000, .big
        jb      .small
        bz      eax, eax, .big
.small: bz      eax, eax, .positive
        neg     ebp
.positive: lea     eax, [ebp+ebp+1]
        mov     edi, [r_object]
        ret
.big:   mov     ebp, ecx
        shl     ebp, 8
        lea     eax, [ebp+eax*8+T_POSITIVE]
        mov     ebp, [r_object]
        mov     [ebp], eax
        lea     edi, [ebp+ecx*4+11]
        and     edi, -8
        mov     eax, ebp
        ret
.zero:  mov     eax, 1
        mov     edi, [r_object]
        ret

# integer: eax = the integer of the 32 bits of eax, signed; unsigned for unsigned_integer
integer:
        mov     edx, eax
        add     eax, eax
        jo      .big
        inc     eax
        ret
.big:   mov     eax, edx
        xor     ebp, ebp
        bpos    eax, eax, big_digit
        neg     eax
        inc     ebp
        jmp     big_digit
unsigned_integer:
        xor     ebp, ebp
        bgtu    eax, 0x3FFFFFFF, big_digit
        lea     eax, [eax+eax+1]
        ret
big_digit:                              # magnitude eax, sign ebp
        mov     [a_digit], eax
        mov     ecx, 8
        call_eax allocate, NIL
        mov     ecx, [a_digit]
        mov     [edx+4], ecx
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
        bne     eax, [b_sign], .different
        mov     ecx, [a_count]
        bgeu    ecx, [b_count], .longer
        call    exchange
.longer: call    add_digits
        jmp_eax normalise, [a_sign]
.different: call    compare_digits
        bpos    eax, eax, .greater
        call    exchange
.greater: call    subtract_digits
        jmp_eax normalise, [a_sign]

# exchange: a and b
exchange:
        mov     ecx, 3
        mov     edx, a_sign
.word:  mov     eax, [edx]
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
        bne     ecx, [b_count], .done
        mov     esi, [a_digits]
        mov     edx, [b_digits]
.digit: mov     eax, [esi+ecx*4-4]
        bne     eax, [edx+ecx*4-4], .done
        dec     ecx
        jne     .digit
        xor     eax, eax
        pop     esi
        ret
.done:  sbb     eax, eax
        or      eax, 1
        pop     esi
        ret

# combine_digits: the digits of the longer number a with those of b, and then with the carry alone
#   in   esi  a, ebx  b, edi  the result; ecx  digits of b, at least one, ebp  how many more a has;
#        edx  0, CF = 0
#   out  edx  digits of a, CF  the carry; uses eax, ecx
%macro combine_digits carry
.both{}:
        mov     eax, [esi+edx*4]
        {carry} eax, [ebx+edx*4]
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .both{}
        mov     ecx, ebp
        jecxz   .end{}
.rest{}:
        mov     eax, [esi+edx*4]
        {carry} eax, 0
        mov     [edi+edx*4], eax
        inc     edx
        dec     ecx
        jne     .rest{}
.end{}:
%end

# add_digits: r = a + b; a has not fewer digits
add_digits:
        pushes  esi, ebx, edi
        mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [b_count]
        mov     ebp, [a_count]
        sub     ebp, ecx
        xor     edx, edx
        combine_digits adc
        mov     eax, 0
        adc     eax, eax
        mov     [edi+edx*4], eax
        inc     edx
        mov     [r_count], edx
        pops    edi, ebx, esi
        ret

# subtract_digits: r = a - b; a is not less
subtract_digits:
        pushes  esi, ebx, edi
        mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [b_count]
        mov     ebp, [a_count]
        mov     [r_count], ebp
        sub     ebp, ecx
        xor     edx, edx
        combine_digits sbb
        pops    edi, ebx, esi
        ret

# big_multiply: eax = ecx * eax
big_multiply:
        call    operands
        pushes  esi, ebx, edi
        mov     edi, [r_digits]
        mov     ecx, [r_count]
        xor     eax, eax
        rep stosd
        mov     edi, [r_digits]
        mov     esi, [a_digits]
.row:   mov     ebx, [b_digits]         # r += b * [esi], from [edi] on
        mov     ecx, [b_count]
        push    edi
        xor     ebp, ebp                # carry
.digit: mov     eax, [ebx]
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
        pops    edi, ebx, esi
        mov     eax, [a_sign]
        xor     eax, [b_sign]
        jmp     normalise

# divide: eax = quotient, edx = remainder of ecx and eax, truncated
divide:
        FIXNUMS .big
        beq     eax, 1, divided_by_zero
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
.big:   beq     eax, 1, divided_by_zero
        pushes  eax, ecx
        call    operands                # only to see that they are integers and b is not
        mov     edi, [r_object]         # longer than a
        call    compare_digits
        pop     ecx
        test    eax, eax
        pop     eax
        js      .less
        pushes  eax, ecx
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
        call_edx describe, a_sign
        pop     eax
        call_edx describe, b_sign
        pushes  esi, ebx
        mov     eax, [a_count]
        mov     edx, [r_digits]
        lea     edx, [edx+eax*4+4]
        mov     [u_digits], edx
        lea     edx, [edx+eax*4+4]
        mov     [v_digits], edx
        beq     dword [b_count], 1, .short
        call    long_division
        jmp     .results
.short: mov     esi, [a_digits]
        mov     ebx, [b_digits]
        mov     edi, [r_digits]
        mov     ecx, [a_count]
        mov     [r_count], ecx
        xor     edx, edx
.digit: mov     eax, [esi+ecx*4-4]
        div     dword [ebx]
        mov     [edi+ecx*4-4], eax
        dec     ecx
        jne     .digit
        mov     eax, [u_digits]
        mov     [eax], edx
        mov     dword [u_count], 1
.results: mov     eax, [a_sign]
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
        call_eax normalise, [a_sign]
        mov     edx, eax
        pops    eax, ebx, esi
        ret
.less:  mov     edx, ecx                # a < b: 0, a
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
.step:  mov     eax, [step]             # one digit of the quotient
        mov     esi, [u_digits]
        lea     esi, [esi+eax*4]        # esi -> u[j]
        mov     edi, [v_digits]
        mov     ecx, [b_count]
        mov     edx, [esi+ecx*4]
        mov     eax, [esi+ecx*4-4]
        mov     ebx, [edi+ecx*4-4]
        bltu    edx, ebx, .estimate
        mov     ebp, -1                 # the estimate would need more than a digit
        mov     edx, eax
        add     edx, ebx
        jc      .estimated
        jmp     .check
.estimate: div     ebx
        mov     ebp, eax                # ebp = estimate, edx = what remains of two digits
.check: mov     ebx, edx                # with the third digit it is one too large at most
        mov     eax, [edi+ecx*4-8]
        mul     ebp
        bltu    edx, ebx, .estimated
        ja      .smaller
        bleu    eax, [esi+ecx*4-8], .estimated
.smaller: dec     ebp
        mov     edx, ebx
        add     edx, [edi+ecx*4-4]
        jnc     .check
.estimated: xor     ebx, ebx            # u[j...] -= estimate * v
        xor     ecx, ecx
.subtract: mov     eax, [edi+ecx*4]
        mul     ebp
        add     eax, ebx
        adc     edx, 0
        mov     ebx, edx
        sub     [esi+ecx*4], eax
        adc     ebx, 0
        inc     ecx
        bltu    ecx, [b_count], .subtract
        sub     [esi+ecx*4], ebx
        jnc     .digit
        dec     ebp                     # it was one too large after all
        xor     ecx, ecx
        mov     ebx, [b_count]
        clc
.add:   mov     eax, [edi+ecx*4]
        adc     [esi+ecx*4], eax
        inc     ecx
        dec     ebx
        jne     .add
        adc     dword [esi+ecx*4], 0
.digit: mov     eax, [step]
        mov     edx, [r_digits]
        mov     [edx+eax*4], ebp
        dec     dword [step]
        jns     .step
        mov     esi, [u_digits]         # the remainder, shifted back
        mov     edx, [b_count]
        mov     [u_count], edx
        mov     ecx, [bits_shifted]
        jecxz   .done
.right: mov     eax, [esi+4]
        shrd    [esi], eax, cl
        add     esi, 4
        dec     edx
        jne     .right
.done:  ret

# shift_left: edi = the edx digits at esi shifted by cl bits, and a digit for what goes
# beyond
shift_left:
        xor     ebx, ebx
.digit: mov     eax, [esi]
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
.slow:  call    compare
        {holds} true
        jmp     false
br_{name}:                                  # target
        pop     ecx
        FIXNUMS .slow
        cmp     ecx, eax
.decide: {fails} .jump
        NEXT1
.jump:  add     esi, [esi]
        jmp     [esi-4]
.slow:  call    compare
        jmp     .decide
bri_{name}:                                 # fixnum, target
        bz      al, 1, .slow
        cmp     eax, [esi]
.decide: {fails} .jump
        NEXT2
.jump:  add     esi, 4
        add     esi, [esi]
        jmp     [esi-4]
.slow:  mov     ecx, eax
        call_eax compare, [esi]
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
.next:  dec     dword [kept_count]
        je      .true
        mov     ecx, [ebp]
        mov     eax, [ebp-4]
        sub     ebp, 4
        push    ebp
        call    compare
        pop     ebp
        {fails}      .false
        jmp     .next
.false: jmp_eax drop_arguments, FALSE
.true:  jmp_eax drop_arguments, TRUE
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
        call_ecx compare, 1
        je      true
        jmp     false
br_zero:                                # target
        bz      al, 1, .slow
        cmp     eax, 1
.decide: BRANCH_IF jne
.slow:  call_ecx compare, 1
        jmp     .decide
br_not_zero:
        bz      al, 1, .slow
        cmp     eax, 1
.decide: BRANCH_IF je
.slow:  call_ecx compare, 1
        jmp     .decide

# (+ n ...), (* n ...), (- n m ...) as values
prim_add:
        mov     edx, big_add
        jmp_eax fold, 1
prim_multiply:
        mov     edx, big_multiply
        jmp_eax fold, 3
prim_subtract:
        mov     edx, big_subtract
        mov     eax, 1
        beq     ecx, 1, fold
        mov     eax, [esp+ecx*4-4]
        mov     [kept_args], ecx
        dec     ecx
        jmp     fold_from
fold:                                   # eax = edx applied to eax and each argument
        mov     [kept_args], ecx
fold_from:
        mov     [kept_count], ecx
        mov     [kept_entry], edx
.next:  mov     edx, [kept_count]
        dec     edx
        js      drop_arguments
        mov     [kept_count], edx
        mov     ecx, eax
        mov     eax, [esp+edx*4]
        call    [kept_entry]
        jmp     .next

# (exact-integer? x), (%fixnum? x), (%bignum-digits x)
op_is_integer:
        bnz     al, 1, true
        bnz     al, 7, false
        beq     byte [eax], T_POSITIVE, true
        beq     byte [eax], T_NEGATIVE, true
        jmp     false
op_is_fixnum:
        bnz     al, 1, true
        jmp     false

# Bits of fixnums; what is larger, and shifts that do not fit, are done in Scheme.
%macro BITS name, instruction, hook                           # name, instruction, hook
op_bit_{name}:
        pop     ecx
        FIXNUMS .slow
        {instruction}      eax, ecx
        or      eax, 1
        NEXT
.slow:  mov     edx, {hook}
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
        bgtu    eax, 29*2+1, .slow
        mov     edx, ecx
        mov     ecx, eax
        mov     eax, edx
        shr     ecx, 1
        dec     eax
        mov     ebp, eax
        shl     eax, cl
        mov     edx, eax
        sar     edx, cl
        bne     edx, ebp, .large
        inc     eax
        NEXT
.large: lea     eax, [ecx+ecx+1]
        lea     ecx, [ebp+1]
.slow:  mov     edx, hook_shift
        jmp     call_hook
.right: sar     eax, 1
        neg     eax
        bleu    eax, 31, .count
        mov     eax, 31
.count: xchg    eax, ecx
        sar     eax, cl
        or      eax, 1
        NEXT

# call_hook: calls the Scheme procedure in [edx] with ecx and eax
call_hook:
        pushes  ecx, eax
        mov     eax, [edx]
        mov     ecx, 2
        jmp     call_from_primitive

# (%set-hook! n procedure)
op_set_hook:
        pop     ecx
        mov     [hooks+ecx*2-2], eax
        NEXT

true:
        RESULT  TRUE
false:
        RESULT  FALSE
