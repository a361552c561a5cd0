# ----------------------------------------------------------------------
# Macros: what is written often, on one line
# ----------------------------------------------------------------------

# Branches on a comparison, as RISC machines have them; u: unsigned
%macro beq a, b, label
        cmp     {a}, {b}
        je      {label}
%end
%macro bne a, b, label
        cmp     {a}, {b}
        jne     {label}
%end
%macro bltu a, b, label
        cmp     {a}, {b}
        jb      {label}
%end
%macro bgeu a, b, label
        cmp     {a}, {b}
        jae     {label}
%end
%macro bgtu a, b, label
        cmp     {a}, {b}
        ja      {label}
%end
%macro bleu a, b, label
        cmp     {a}, {b}
        jbe     {label}
%end
%macro blt a, b, label
        cmp     {a}, {b}
        jl      {label}
%end
%macro bge a, b, label
        cmp     {a}, {b}
        jge     {label}
%end
%macro bgt a, b, label
        cmp     {a}, {b}
        jg      {label}
%end
%macro ble a, b, label
        cmp     {a}, {b}
        jle     {label}
%end
# On bits: bz if a and b have none in common, bnz if one; on the sign of a and b
%macro bz a, b, label
        test    {a}, {b}
        je      {label}
%end
%macro bnz a, b, label
        test    {a}, {b}
        jne     {label}
%end
%macro bneg a, b, label
        test    {a}, {b}
        js      {label}
%end
%macro bpos a, b, label
        test    {a}, {b}
        jns     {label}
%end
# Several words: the first is pushed, or popped, first
%macro pushes first, *rest
        push    {first}
%if "{rest}" != ""
        pushes  {rest}
%end
%end
%macro pops first, *rest
        pop     {first}
%if "{rest}" != ""
        pops    {rest}
%end
%end
# follow register, [from], offset...: from one object to the next
%macro follow register, from, *offsets
        mov     {register}, {from}
        follow_on {register}, {offsets}
%end
%macro follow_on register, offset, *rest
        mov     {register}, [{register}+{offset}]
%if "{rest}" != ""
        follow_on {register}, {rest}
%end
%end
# A call, or a jump, with one register set before
%macro call_eax label, value
        mov     eax, {value}
        call    {label}
%end
%macro call_ecx label, value
        mov     ecx, {value}
        call    {label}
%end
%macro call_edx label, value
        mov     edx, {value}
        call    {label}
%end
%macro jmp_eax label, value
        mov     eax, {value}
        jmp     {label}
%end
# Of the compiler: a node of three pushed words; one word of code; two
%macro node maker
        mov     edx, {maker}
        call    new_node
%end
%macro emit_word word
        mov     eax, {word}
        call    emit
%end
%macro emit_both first, second
        mov     eax, {first}
        mov     edx, {second}
        call    emit2
%end
# Of instructions of the machine: their value, and on to the next
%macro RESULT value
        mov     eax, {value}
        NEXT
%end
%macro RESULT1 value
        mov     eax, {value}
        NEXT1
%end
