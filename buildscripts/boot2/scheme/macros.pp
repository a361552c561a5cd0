# ----------------------------------------------------------------------
# Macros: what is written often, on one line
# ----------------------------------------------------------------------

# A jump if a comparison of a and b has the condition: e, ne, b, a, l...; if a and b have bits in common (nz) or
# none (z), or on the sign of what they have in common (s, ns)
%macro on condition, a, b, label
        cmp     {a}, {b}
        j{condition} {label}
%end
%macro bits condition, a, b, label
        test    {a}, {b}
        j{condition} {label}
%end
# count condition, a, label: a less one, and a jump if what is left has the condition: ne or s
%macro count condition, a, label
        dec     {a}
        j{condition} {label}
%end
# load register, value...: several registers, or words of memory, one after the other
%macro load to, value, *rest
        mov     {to}, {value}
%if "{rest}" != ""
        load    {rest}
%end
%end
# store value, place, place...: a register into several words
%macro store value, place, *rest
        mov     {place}, {value}
%if "{rest}" != ""
        store   {value}, {rest}
%end
%end
# bytes_of register, object: the length of a string or bytevector as a number
%macro bytes_of register, object
        mov     {register}, [{object}+LENGTH]
        shr     {register}, 1
%end
# keep register, statement: what the register has is on the stack meanwhile; keep2: two registers
%macro keep register, *statement
        push    {register}
        {statement}
        pop     {register}
%end
%macro keep2 a, b, *statement
        pushes  {a}, {b}
        {statement}
        pops    {b}, {a}
%end
# unstack register: to the register goes what eax has, to eax the word on top of the stack
%macro unstack register
        mov     {register}, eax
        pop     eax
%end
# cons_of head, tail: eax = new pair of them
%macro cons_of head, tail
        push    {head}
        with    eax, {tail}, call cons
%end
%macro system number                    # a system call
        mov     eax, {number}
        int     0x80
%end
# switch value, constant, label...: a jump to the label behind the constant that the value is
%macro switch value, constant, label, *rest
        cmp     {value}, {constant}
        je      {label}
%if "{rest}" != ""
        switch  {value}, {rest}
%end
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
# with register, value, statement: the statement with the register set before, a call for the most part
%macro with register, value, *statement
        mov     {register}, {value}
        {statement}
%end
# invoke label, eax, ecx, edx: a call with these values in the registers, goto: a jump; - leaves a register as it
# is. The last one is set first.
%macro arguments eax_value, ecx_value, *edx_value
%if "{edx_value}" != ""
        mov     edx, {edx_value}
%end
%if "{ecx_value}" != "-"
        mov     ecx, {ecx_value}
%end
%if "{eax_value}" != "-"
        mov     eax, {eax_value}
%end
%end
%macro invoke label, *values
        arguments {values}
        call    {label}
%end
%macro goto label, *values
        arguments {values}
        jmp     {label}
%end
# Of instructions of the machine: their value, and on to the next
%macro RESULT value
        mov     eax, {value}
        NEXT
%end
%macro RESULT_FIXNUM number
        lea     eax, [{number}+{number}+1]
        NEXT
%end
%macro ANSWER *statement                # the last one, which leaves the value in eax
        {statement}
        NEXT
%end
%macro EFFECT *statement                # the last one; the value is unspecified
        {statement}
        RESULT  UNSPECIFIED
%end
# return: the value in eax
%macro return value
        mov     eax, {value}
        ret
%end
# copy to, from: of a word in memory
%macro copy to, from
        push    dword {from}
        pop     dword {to}
%end
# words object, offset, value...: into the object's words from the offset on; the value pop comes
# from the stack
%macro words object, offset, value, *rest
%if "{value}" == "pop"
        pop     dword [{object}+{offset}]
%else
        mov     dword [{object}+{offset}], {value}
%end
%if "{rest}" != ""
        words   {object}, {offset}+4, {rest}
%end
%end
# new type, size, value...: edx = object of size words with these values, allocated
%macro new type, size, *values
        with    ecx, {size}*4+11 & -8, call allocate
        mov     dword [edx], {type} + {size}*256
        words   edx, 4, {values}
%end
# Checks of what a register has
%macro PAIR value, otherwise            # register with a value, jump if it is no pair
        lea     edx, [{value}-4]
        bits    nz, dl, 7, {otherwise}
%end
%macro OBJECT register, type, otherwise # jump if it is no object of the type
        bits    nz, {register}, 7, {otherwise}
        on      ne, byte [{register}], {type}, {otherwise}
%end
%macro FIXNUM value, otherwise          # register, jump if it is none
        bits    z, {value}, 1, {otherwise}
%end
%macro make_pair head, tail             # eax = new pair, for which there is room
        mov     dword [edi], {head}
        mov     dword [edi+4], {tail}
        lea     eax, [edi+4]
        add     edi, 8
%end
# Primitives: their entry in the table, and their label. FIXED takes for each argument the place it goes to, - if it
# stays on the stack; the others take any number from the least on, or one between two limits.
%macro BETWEEN text, label, least, most
        INSTRUCTION {label}
        entry   {text}, {label}, {least}, {most}
%end
%macro entry text, label, least, most
section data
        dd      {label}
        db      {least}, {most}, {text}, 0
section text
%end
%macro FIXED text, label, *places
        INSTRUCTION {label}
%set taken = 0
%if "{places}" != ""
        take    {places}
%end
        entry   {text}, {label}, taken, taken
%end
%macro take place, *rest
%set taken = taken + 1
%if "{rest}" != ""
        take    {rest}
%if "{place}" != "-"
        pop     {place}
%end
%elif "{place}" != "eax"
        mov     {place}, eax
%end
%end
%macro VARIADIC text, label, least
        BETWEEN {text}, {label}, {least}, 255
%end
# A special form: its name, and its label; it has 255 as the least number
%macro SPECIAL text, label
{label}:
        entry   {text}, {label}, 255, 0
%end
section data
primitives:
section text
