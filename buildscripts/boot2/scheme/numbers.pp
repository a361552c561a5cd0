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
        bits    z, dl, 1, {otherwise}
%end

        INSTRUCTION op_add
        pop     ecx
        FIXNUMS .slow
        lea     edx, [ecx-1]
        add     edx, eax
        jo      .slow
        RESULT  edx
.slow:  ANSWER  call big_add
        INSTRUCTION op_subtract
        pop     ecx
        FIXNUMS .slow
        mov     edx, ecx
        sub     edx, eax
        jo      .slow
        ANSWER  lea eax, [edx+1]
.slow:  ANSWER  call big_subtract
        INSTRUCTION op_multiply
        pop     ecx
        FIXNUMS .slow
        mov     edx, ecx
        sar     edx, 1
        lea     ebp, [eax-1]
        imul    edx, ebp
        jo      .slow
        ANSWER  lea eax, [edx+1]
.slow:  ANSWER  call big_multiply
        FIXED   "quotient", op_quotient, ecx, eax
        ANSWER  call divide
        FIXED   "remainder", op_remainder, ecx, eax
        call    divide
        RESULT  edx
# check_integer: eax is an integer, or the error
check_integer:
        bits    nz, al, 1, .done
        bits    nz, al, 7, not_number
        on      e, byte [eax], T_POSITIVE, .done
        on      ne, byte [eax], T_NEGATIVE, not_number
.done:  ret

# compare: the flags tell how the integers ecx and eax compare, signed. Keeps all but
# edx, ebp.
compare:
        FIXNUMS .slow
        cmp     ecx, eax
        ret
.slow:  pushes  ecx, eax
        call    check_integer
        with    edx, b_sign, call describe
        with    eax, [esp+4], call check_integer
        with    edx, a_sign, call describe
        mov     eax, [b_sign]
        sub     eax, [a_sign]
        jne     .done
        call    compare_digits
        on      e, dword [a_sign], 0, .done
        neg     eax
.done:  mov     edx, eax
        pops    eax, ecx
        cmp     edx, 0
        ret

# describe: sign, count, address of the digits of the integer eax, into the three words
# at edx; the word behind them is the digit of a fixnum
describe:
        bits    z, al, 1, .big
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
# digits of both and one more; of a division two results
operands:
        call    check_integer
        push    eax
        xchg    eax, ecx
        call    check_integer
        push    eax
        with    edx, a_sign, call describe
        invoke  describe, ecx, -, b_sign
        mov     ecx, [a_count]
        add     ecx, [b_count]
        inc     ecx
        mov     [r_count], ecx
        on      a, ecx, 0xFFFFFF, number_too_large
        lea     ecx, [ecx*4+12+11]
        and     ecx, -8
        with    eax, NIL, call allocate
        mov     [r_object], edx
        add     edx, 4
        mov     [r_digits], edx
        pop     eax
        with    edx, a_sign, call describe
        pop     eax
        with    edx, b_sign, jmp describe

# normalise: eax = the integer with the sign eax and the digits of the result
normalise:
        load    edx, [r_digits],  ecx, [r_count]
.trim:  bits    z, ecx, ecx, .zero
        on      ne, dword [edx+ecx*4-4], 0, .top
        dec     ecx
        jmp     .trim
.top:   on      ne, ecx, 1, .big
        mov     ebp, [edx]
        on      a, ebp, 0x40000000, .big
        jb      .small
        bits    z, eax, eax, .big
.small: bits    z, eax, eax, .positive
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
.zero:  load    eax, 1,  edi, [r_object]
        ret

# integer: eax = the integer of the 32 bits of eax, signed
integer:
        mov     edx, eax
        add     eax, eax
        jo      .big
        inc     eax
        ret
.big:   mov     eax, edx
        xor     ebp, ebp
        bits    ns, eax, eax, .digit
        neg     eax
        inc     ebp
.digit: mov     [a_digit], eax          # magnitude, sign ebp
        invoke  allocate, NIL, 8
        lea     ecx, [ebp*8+T_POSITIVE+256]
        mov     [edx], ecx
        copy    [edx+4], [a_digit]
        return  edx

# big_add, big_subtract: eax = ecx + eax, ecx - eax
big_subtract:
        call    operands
        xor     dword [b_sign], 1
        jmp     add_signed
big_add:
        call    operands
add_signed:
        call    compare_digits
        bits    ns, eax, eax, .ordered
        call    exchange
.ordered: mov   eax, [a_sign]
        on      e, eax, [b_sign], add_digits
        jmp     subtract_digits

# exchange: a and b
exchange:
        load    ecx, 3,  edx, a_sign
.word:  mov     eax, [edx]
        xchg    eax, [edx+b_sign-a_sign]
        mov     [edx], eax
        add     edx, 4
        count   ne, ecx, .word
        ret

# compare_digits: eax = -1, 0, 1 as a is less than, equal to, greater than b
compare_digits:
        push    esi
        mov     ecx, [a_count]
        on      ne, ecx, [b_count], .done
        load    esi, [a_digits],  edx, [b_digits]
.digit: mov     eax, [esi+ecx*4-4]
        on      ne, eax, [edx+ecx*4-4], .done
        count   ne, ecx, .digit
        xor     eax, eax
        jmp     .end
.done:  sbb     eax, eax
        or      eax, 1
.end:   pop     esi
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
        count   ne, ecx, .both{}
        mov     ecx, ebp
        jecxz   .end{}
.rest{}:
        mov     eax, [esi+edx*4]
        {carry} eax, 0
        mov     [edi+edx*4], eax
        inc     edx
        count   ne, ecx, .rest{}
.end{}:
%end

# add_digits, subtract_digits: eax = the sum or difference of the digits of a and b, with the sign of a; a is not less
%macro digits_of_both name, carry
{name}:
        pushes  esi, ebx, edi
        load    esi, [a_digits],  ebx, [b_digits],  edi, [r_digits]
        load    ecx, [b_count],  ebp, [a_count]
        sub     ebp, ecx
        xor     edx, edx
        combine_digits {carry}
        mov     eax, 0                  # of a sum a digit more, 0 of a difference
        adc     eax, eax
        mov     [edi+edx*4], eax
        inc     edx
        mov     [r_count], edx
        pops    edi, ebx, esi
        with    eax, [a_sign], jmp normalise
%end
        digits_of_both add_digits, adc
        digits_of_both subtract_digits, sbb

# big_multiply: eax = ecx * eax
big_multiply:
        call    operands
        pushes  esi, ebx, edi
        load    edi, [r_digits],  ecx, [r_count]
        xor     eax, eax
        rep stosd
        load    edi, [r_digits],  esi, [a_digits]
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
        count   ne, ecx, .digit
        mov     [edi], ebp
        pop     edi
        add     edi, 4
        add     esi, 4
        count   ne, dword [a_count], .row
        pops    edi, ebx, esi
        mov     eax, [a_sign]
        xor     eax, [b_sign]
        jmp     normalise

# divide: eax = quotient, edx = remainder of ecx and eax, truncated
divide:
        FIXNUMS .big
        on      e, eax, 1, divided_by_zero
        mov     ebp, eax
        sar     ebp, 1
        mov     eax, ecx
        sar     eax, 1
        cdq
        idiv    ebp
        lea     edx, [edx+edx+1]
        keep    edx, call integer       # the least fixnum by -1 is too large for one
        ret
.big:   on      e, eax, 1, divided_by_zero
        push    ecx
        call    operands
        call    compare_digits
        pop     ecx
        bits    s, eax, eax, .less
        pushes  esi, ebx
        load    eax, [a_count],  edx, [r_digits]
        lea     edx, [edx+eax*4+12]     # the remainder's digits: its object will come below them
        mov     [u_digits], edx
        on      e, dword [b_count], 1, .short
        call    long_division
        jmp     .results
.short: load    esi, [a_digits],  ebx, [b_digits],  edi, [r_digits]
        mov     ecx, [a_count]
        mov     [r_count], ecx
        xor     edx, edx
.digit: mov     eax, [esi+ecx*4-4]
        div     dword [ebx]
        mov     [edi+ecx*4-4], eax
        count   ne, ecx, .digit
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
        load    esi, [u_digits],  ecx, [u_count]
        mov     [r_count], ecx
        rep movsd
        with    eax, [a_sign], call normalise
        mov     edx, eax
        pops    eax, ebx, esi
        ret
.less:  load    edx, ecx,  edi, [r_object] # a < b: 0, a
        return  1

# long_division: r = a / b, u = remainder; bit by bit: u takes the next bit of a, and gives b back if it can
long_division:
        load    edi, [r_digits],  ecx, [a_count]
        mov     [r_count], ecx
        mov     ebp, ecx
        shl     ebp, 5                  # ebp = bits to go
        xor     eax, eax
        rep stosd
        load    edi, [u_digits],  ecx, [b_count]
        inc     ecx
        mov     [u_count], ecx
        rep stosd
.bit:   count   s, ebp, .done
        load    eax, [a_digits],  edi, [u_digits],  ecx, [u_count]
        bt      [eax], ebp
.shift: rcl     dword [edi], 1
        lea     edi, [edi+4]
        count   ne, ecx, .shift
        push    ebp
        load    ebp, 1,  esi, [u_digits],  edi, esi
        load    ebx, [b_digits],  ecx, [b_count]
        xor     edx, edx
        combine_digits sbb
        jnc     .one
        mov     ecx, [b_count]
        xor     edx, edx
        combine_digits adc
        pop     ebp
        jmp     .bit
.one:   pop     ebp
        mov     eax, [r_digits]
        bts     [eax], ebp
        jmp     .bit
.done:  ret

# Comparisons. For each the instruction, and a branch that jumps when it does not hold, with both operands or
# with a constant
%macro COMPARE                          # the flags of ecx and eax
        mov     edx, eax
        and     edx, ecx
        bits    nz, dl, 1, .fixnums{}
        call    compare
        jmp     .compared{}
.fixnums{}: cmp ecx, eax
.compared{}:
%end
%macro COMPARISON name, holds, fails    # name, jump if it holds, if not
        INSTRUCTION op_{name}
        pop     ecx
        COMPARE
        {holds} true
        jmp     false
        INSTRUCTION br_{name}
        pop     ecx
        COMPARE
        BRANCH_IF {fails}
%end
        COMPARISON less, jl, jge
        COMPARISON greater, jg, jle
        COMPARISON not_less, jge, jl
        COMPARISON not_greater, jle, jg
        COMPARISON equal, je, jne
        COMPARISON not_equal, jne, je

# As values, and for another number of arguments than two: procedures of the library
%macro GENERAL text, name, least
        VARIADIC {text}, prim_{name}, {least}
        with    edx, hook_{name}, jmp call_hook
%end
        GENERAL "+", add, 0
        GENERAL "*", multiply, 0
        GENERAL "-", subtract, 1
        GENERAL "<", less, 1
        GENERAL ">", greater, 1
        GENERAL "<=", not_greater, 1
        GENERAL ">=", not_less, 1
        GENERAL "=", equal, 1

        FIXED   "exact-integer?", op_is_integer, eax
        bits    nz, al, 1, true
        bits    nz, al, 7, false
        switch  byte [eax], T_POSITIVE, true, T_NEGATIVE, true
        jmp     false
        FIXED   "%fixnum?", op_is_fixnum, eax
        bits    nz, al, 1, true
        jmp     false

# Bits of fixnums; what is larger, and shifts that do not fit, are done in Scheme.
%macro BITS instruction
        FIXED   "%bit-{instruction}", op_bit_{instruction}, ecx, eax
        FIXNUMS .slow
        {instruction} eax, ecx
        ANSWER  or eax, 1
.slow:  with    edx, hook_{instruction}, jmp call_hook2
%end
        BITS    and
        BITS    or
        BITS    xor
        FIXED   "arithmetic-shift", op_shift, ecx, eax # number, count
        FIXNUMS .slow
        xchg    eax, ecx
        on      ns, ecx, 1, .left
        sar     ecx, 1
        neg     ecx
        on      be, ecx, 31, .count
        mov     ecx, 31
.count: sar     eax, cl
        or      eax, 1
.done:  NEXT
.left:  on      a, ecx, 29*2+1, .large
        shr     ecx, 1
        lea     ebp, [eax-1]
        mov     edx, ebp
        shl     edx, cl
        mov     eax, edx
        inc     eax
        sar     edx, cl
        on      e, edx, ebp, .done
        lea     eax, [ebp+1]
        lea     ecx, [ecx+ecx+1]
.large: xchg    eax, ecx
.slow:  mov     edx, hook_shift
# falls into call_hook2: calls the procedure [edx] of the library with ecx and eax; call_hook with the ecx
# arguments on the stack
call_hook2:
        pushes  ecx, eax
        mov     ecx, 2
call_hook:
        with    eax, [edx], jmp call_from_primitive

        FIXED   "%set-hook!", op_set_hook, ecx, eax # (%set-hook! n procedure)
        EFFECT  mov [hooks+ecx*2-2], eax

true:
        RESULT  TRUE
false:
        RESULT  FALSE
