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
        invoke  filled, NIL, -, T_VECTOR
        mov     [symbols], eax
        invoke  filled, -, 1024, T_VECTOR
        mov     [code_buffer], eax
        with    edx, op_native, call machine_closure
        mov     [native_closure], eax
        with    edx, op_underflow, call machine_closure
        mov     [underflow_closure], eax
        invoke  new_bytes, -, 4096, T_STRING
        call    new_port
        mov     [text], eax

        mov     esi, primitives         # entry, least, most arguments, name, 0
.entry: lea     ebp, [esi+6]
        call    symbol
        mov     edx, [esi]
        movzx   ebp, byte [esi+4]
        on      e, ebp, 255, .special
        push    edx
        new     T_PRIM, 5, pop, ebp, 0, eax, FALSE
        movzx   ecx, byte [esi+5]
        mov     [edx+PRIM_MAX], ecx
        mov     [eax+SYMBOL_VALUE], edx
        jmp     .name
.special: lea   edx, [edx+edx+1]
        mov     [eax+SYMBOL_SYNTAX], edx
.name:  inc     esi
        on      ne, byte [esi+5], 0, .name
        add     esi, 6
        on      b, esi, primitives_end, .entry

        with    esi, library, call unpack
        call    new_port
        mov     [source], eax
.form:  load    eax, [source],  ecx, [eax+PORT_LINE]
        mov     [line], ecx
        call    read
        on      e, eax, EOF, .main
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
        mov     eax, [hook_main]
        xor     ecx, ecx
        jmp     call_scheme

# unpack: eax = string of what pack has made, at esi
unpack:
        mov     ecx, [esi]
        invoke  new_bytes, NIL, -, T_STRING
        pushes  eax, edi
        lea     edi, [eax+DATA]
        mov     ebp, [esi]
        add     ebp, edi                # its end
        add     esi, 4
.part:  on      e, edi, ebp, .done
        lodsb
        movzx   ecx, al
        bits    s, al, al, .match
        inc     ecx
        rep movsb
        jmp     .part
.match: sub     ecx, 0x80-4
        movzx   eax, word [esi]
        add     esi, 2
        load    edx, esi,  esi, edi
        sub     esi, eax
        rep movsb
        with    esi, edx, jmp .part
.done:  pops    edi, eax
        ret

# symbol: eax = symbol with the name at ebp, which ends with a zero
symbol:
        call    text_object
        jmp     intern

# machine_closure: eax = closure whose code is the instruction edx
machine_closure:
        push    edx
        new     T_CODE, 3, 0, FALSE, pop
        with    eax, edx, jmp new_closure

        INSTRUCTION op_count            # n, primitive: with n arguments on the stack
        mov     ecx, [esi]
        add     esi, 8
        jmp     [esi-4]
        INSTRUCTION op_object           # a primitive with data
        mov     ebp, [esi]
        add     esi, 4
        jmp     [ebp+PRIM_ENTRY]
