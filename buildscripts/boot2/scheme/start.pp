# ----------------------------------------------------------------------
# The start: memory, symbols, primitives; then the part of the library that is written in
# Scheme, which is in this program as text, is read and run, form by form
# ----------------------------------------------------------------------
start:
        cld
        jmp     start_memory

memory_ready:
        xor     ebx, ebx
        mov     ecx, SYMBOL_BUCKETS
        call_edx new_vector, NIL
        mov     [symbols], eax
        mov     ecx, 1024
        call_edx new_vector, FALSE
        mov     [code_buffer], eax
        call_edx machine_closure, op_native
        mov     [native_closure], eax
        call_edx machine_closure, op_underflow
        mov     [underflow_closure], eax
        mov     ecx, 4096
        call_edx new_bytes, T_STRING
        call    string_port
        mov     [text], eax
        mov     eax, [native_closure]   # no port yet
        mov     dword [lines], FALSE

        mov     esi, primitives
.primitive: lea     ebp, [esi+6]        # entry, least, most arguments, name, 0
        call    symbol
        push    eax
        call_ecx allocate, 24
        mov     dword [edx], T_PRIM + 5*256
        mov     ecx, [esi]
        mov     [edx+PRIM_ENTRY], ecx
        movzx   ecx, byte [esi+4]
        mov     [edx+PRIM_MIN], ecx
        movzx   ecx, byte [esi+5]
        mov     [edx+PRIM_MAX], ecx
        pop     eax
        mov     [edx+PRIM_NAME], eax
        mov     dword [edx+PRIM_DATA], FALSE
        mov     [eax+SYMBOL_VALUE], edx
        add     esi, 6
        call    skip_name
        bltu    esi, primitives_end, .primitive

        mov     esi, special_names
        push    3                       # the fixnum 1
.special: mov     ebp, esi
        call    symbol
        pop     ecx
        mov     [eax+SYMBOL_SYNTAX], ecx
        add     ecx, 2
        push    ecx
        call    skip_name
        bne     byte [esi], 0, .special
        pop     ecx

        mov     ebp, text_quote
        call    symbol
        mov     [symbol_quote], eax
        mov     ebp, text_quasiquote
        call    symbol
        mov     [symbol_quasiquote], eax
        mov     ebp, text_unquote
        call    symbol
        mov     [symbol_unquote], eax
        mov     ebp, text_unquote_splicing
        call    symbol
        mov     [symbol_unquote_splicing], eax
        mov     ebp, text_lambda
        call    symbol
        call_ecx allocate, 16
        mov     dword [edx], T_ALIAS + 2*256
        mov     [edx+ALIAS_ID], eax
        mov     dword [edx+ALIAS_ENV], NIL
        mov     [alias_lambda], edx

        mov     esi, library
        call    unpack
        call    string_port
        follow  ecx, [eax+PORT_BUFFER], LENGTH
        shr     ecx, 1
        mov     [eax+PORT_END], ecx
        mov     [source], eax
.form:  mov     eax, [source]
        mov     ecx, [eax+PORT_LINE]
        mov     [line], ecx
        call    read
        beq     eax, EOF, .main
        push    dword [source]
        call    compile_form
        push    .ran
        xor     ecx, ecx
        jmp     call_scheme
.ran:   pop     dword [source]
        jmp     .form
.main:
%if STRESS
        mov     dword [heap_limit], 0
%end
        push    .form
        mov     ebp, text_main
        call    symbol
        mov     eax, [eax+SYMBOL_VALUE]
        xor     ecx, ecx
        jmp     call_scheme

# unpack: eax = string of what pack has made, at esi
unpack:
        mov     ecx, [esi]
        mov     edx, T_STRING
        call_eax new_bytes, NIL
        pushes  eax, edi
        lea     edi, [eax+DATA]
        mov     ebp, [esi]
        add     ebp, edi                # its end
        add     esi, 4
.part:  beq     edi, ebp, .done
        lodsb
        movzx   ecx, al
        bneg    al, al, .match
        inc     ecx
        rep movsb
        jmp     .part
.match: sub     ecx, 0x80-4
        movzx   eax, word [esi]
        add     esi, 2
        mov     edx, esi
        mov     esi, edi
        sub     esi, eax
        rep movsb
        mov     esi, edx
        jmp     .part
.done:  pops    edi, eax
        ret

# symbol: eax = symbol with the name at ebp, which ends with a zero
symbol:
        call_eax text_object, NIL
        jmp     intern
skip_name:
        inc     esi
        bne     byte [esi-1], 0, skip_name
        ret

# new_vector: eax = vector of ecx times edx, which is immediate
new_vector:
        pushes  ecx, edx
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call_eax allocate, NIL
        pops    eax, ecx
        pushes  ecx, edi
        lea     edi, [edx+4]
        rep stosd
        pops    edi, ecx
        shl     ecx, 8
        mov     cl, T_VECTOR
        mov     [edx], ecx
        mov     eax, edx
        ret

# machine_closure: eax = closure whose code is the instruction edx
machine_closure:
        push    edx
        call_ecx allocate, 24
        mov     dword [edx], T_CODE + 3*256
        mov     dword [edx+CODE_ARGS], 0
        mov     dword [edx+CODE_INFO], FALSE
        pop     dword [edx+CODE_START]
        mov     dword [edx+16], T_CLOSURE + 256
        mov     [edx+20], edx
        lea     eax, [edx+16]
        ret

# string_port: eax = port with the buffer eax, empty, for both directions
string_port:
        call_ecx allocate, 32
        mov     dword [edx], T_PORT + 7*256
        mov     dword [edx+PORT_FD], -1
        mov     [edx+PORT_BUFFER], eax
        mov     dword [edx+PORT_NEXT], 0
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        mov     [edx+PORT_END], ecx
        mov     dword [edx+PORT_FLAGS], INPUT | OUTPUT
        mov     dword [edx+PORT_LINE], 1
        mov     dword [edx+PORT_NAME], FALSE
        mov     eax, edx
        ret

op_count:                               # n, primitive: with n arguments on the stack
        mov     ecx, [esi]
        add     esi, 8
        jmp     [esi-4]
op_object:                              # a primitive with data
        mov     ebp, [esi]
        add     esi, 4
        jmp     [ebp+PRIM_ENTRY]
