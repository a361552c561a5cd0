# ----------------------------------------------------------------------
# Ports: a buffer, and a file or nothing behind it
# ----------------------------------------------------------------------

# next_byte: edx = next byte of the port eax, or -1. peek_byte: the same, but it stays.
# Both keep eax.
next_byte:
        mov     ecx, [eax+PORT_NEXT]
        bgeu    ecx, [eax+PORT_END], .fill
.have:  inc     dword [eax+PORT_NEXT]
        mov     edx, [eax+PORT_BUFFER]
        movzx   edx, byte [edx+ecx+DATA]
        beq     edx, 10, .line
        ret
.line:  inc     dword [eax+PORT_LINE]
        ret
.fill:  call    read_more
        jc      end_of_file
        xor     ecx, ecx
        jmp     .have
peek_byte:
        mov     ecx, [eax+PORT_NEXT]
        bgeu    ecx, [eax+PORT_END], .fill
.have:  mov     edx, [eax+PORT_BUFFER]
        movzx   edx, byte [edx+ecx+DATA]
        ret
.fill:  call    read_more
        jc      end_of_file
        xor     ecx, ecx
        jmp     .have
end_of_file:
        mov     edx, -1
        ret

# read_more: reads into the empty buffer of the port eax, or carry at the end of the file
read_more:
        blt     dword [eax+PORT_FD], 0, .end
        jne     .read
        push    eax                     # who reads the terminal wants to see what was asked
        call_eax flush, [output]
        pop     eax
.read:  pushes  ebx, eax
        mov     ebx, [eax+PORT_FD]
        mov     ecx, [eax+PORT_BUFFER]
        mov     edx, [ecx+LENGTH]
        shr     edx, 1
        add     ecx, DATA
        mov     eax, SYS_READ
        int     0x80
        mov     edx, eax
        pops    eax, ebx
        bneg    edx, edx, cannot_read
        je      .end
        mov     [eax+PORT_END], edx
        mov     dword [eax+PORT_NEXT], 0
        ret
.end:   stc
        ret

# put_byte: writes dl to the port eax, which it keeps
put_byte:
        mov     ecx, [eax+PORT_NEXT]
        bgeu    ecx, [eax+PORT_END], .full
.room:  mov     ebp, [eax+PORT_BUFFER]
        mov     [ebp+ecx+DATA], dl
        inc     ecx
        mov     [eax+PORT_NEXT], ecx
        ret
.full:  push    edx                     # small
        call_ecx make_room, 1
        pop     edx
        mov     ecx, [eax+PORT_NEXT]
        bltu    ecx, [eax+PORT_END], .room
        mov     ebp, [eax+PORT_BUFFER]  # no buffer: at once
        mov     [ebp+DATA], dl
        mov     dword [eax+PORT_NEXT], 1
        jmp     flush

# make_room: for ecx bytes in the buffer of the port eax, or in a file port as many as there
# can be. Keeps eax, ecx.
make_room:
        bge     dword [eax+PORT_FD], 0, flush
        mov     edx, [eax+PORT_END]     # twice the size, and what is wanted
        lea     edx, [edx*2+ecx+64]
        bgeu    edx, PORT_LIMIT, too_large
        pushes  ecx, eax
        mov     ecx, edx
        follow  edx, [eax+PORT_BUFFER], 0
        call    new_bytes
        mov     edx, eax
        pop     eax
        pushes  esi, edi
        mov     esi, [eax+PORT_BUFFER]
        mov     [eax+PORT_BUFFER], edx
        add     esi, DATA
        lea     edi, [edx+DATA]
        mov     ecx, [edx+LENGTH]
        shr     ecx, 1
        mov     [eax+PORT_END], ecx
        call_ecx move_bytes, [eax+PORT_NEXT]
        pops    edi, esi, ecx
        ret

# flush: writes the buffer of the port eax to its file. Keeps eax, ecx.
flush:
        blt     dword [eax+PORT_FD], 0, .done
        push    ecx
        mov     edx, [eax+PORT_NEXT]
        mov     dword [eax+PORT_NEXT], 0
        mov     ecx, [eax+PORT_BUFFER]
        add     ecx, DATA
        call    write_all
        pop     ecx
.done:  ret

# write_all: edx bytes from ecx to the file of the port eax, which it keeps
write_all:
        pushes  ebx, eax
        mov     ebx, [eax+PORT_FD]
.more:  bz      edx, edx, .done
        mov     eax, SYS_WRITE
        int     0x80
        test    eax, eax
        jle     .error
        add     ecx, eax
        sub     edx, eax
        jmp     .more
.error: pops    eax, ebx
        jmp     cannot_write
.done:  pops    eax, ebx
        ret

# write_part: to the port eax the bytes from ebp to ecx of the string or bytevector edx
write_part:
        sub     ecx, ebp                # ecx = bytes
        push    edx
        mov     edx, [eax+PORT_END]
        sub     edx, [eax+PORT_NEXT]
        jb      .full                   # no buffer
        bleu    ecx, edx, .copy
.full:  lea     ebp, [ebp+ebp+1]        # a fixnum
        push    ebp
        call    make_room
        pop     ebp
        shr     ebp, 1
        bleu    ecx, [eax+PORT_END], .copy
        mov     edx, ecx                # more than the buffer holds: without it
        pop     ecx
        lea     ecx, [ecx+ebp+DATA]
        jmp     write_all
.copy:  pop     edx
        pushes  esi, edi
        lea     esi, [edx+ebp+DATA]
        mov     edi, [eax+PORT_BUFFER]
        mov     edx, [eax+PORT_NEXT]
        lea     edi, [edi+edx+DATA]
        add     [eax+PORT_NEXT], ecx
        call    move_bytes
        pops    edi, esi
        ret

# write_text: the ecx bytes at ebp, which are no object, to the port eax
write_text:
        movzx   edx, byte [ebp]
        pushes  ecx, ebp
        call    put_byte
        pops    ebp, ecx
        inc     ebp
        dec     ecx
        jne     write_text
        ret

# input_port: eax = the port on the stack under the return address if ecx is 1, else the
# current one; checked. output_port the same.
input_port:
        mov     eax, [input]
        jecxz   .check
        pops    edx, eax
        push    edx
.check: mov     dl, INPUT
check_port:                             # of the kind dl
        bnz     al, 7, not_port
        bne     byte [eax], T_PORT, not_port
        mov     dh, [eax+PORT_FLAGS]
        bnz     dh, CLOSED, port_closed
        bz      dh, dl, not_port
        ret
output_port:
        mov     eax, [output]
        jecxz   .check
        pops    edx, eax
        push    edx
.check: mov     dl, OUTPUT
        jmp     check_port

prim_read_char:
        call    input_port
        call    next_byte
byte_to_char:
        mov     eax, EOF
        bneg    edx, edx, .done
        mov     eax, edx
        shl     eax, 8
        mov     al, CHAR
.done:  NEXT
prim_peek_char:
        call    input_port
        call    peek_byte
        jmp     byte_to_char
prim_read_u8:
        call    input_port
        call    next_byte
byte_to_fixnum:
        mov     eax, EOF
        bneg    edx, edx, .done
        lea     eax, [edx+edx+1]
.done:  NEXT
prim_peek_u8:
        call    input_port
        call    peek_byte
        jmp     byte_to_fixnum

# (%read-part port k stop): the bytes that are in the buffer, at most k, up to the byte
# stop if it is not -1; #<eof> at the end of the file
op_read_part:
        mov     [kept_count], eax
        pops    ebp, eax                # k
        push    ebp
        mov     dl, INPUT
        call    check_port
        call    peek_byte
        pop     ebp
        bneg    edx, edx, .end
        shr     ebp, 1
        mov     ecx, [eax+PORT_END]
        sub     ecx, [eax+PORT_NEXT]
        bleu    ecx, ebp, .enough
        mov     ecx, ebp
.enough: beq     dword [kept_count], -1, .part # ecx = bytes
        mov     edx, [eax+PORT_BUFFER]
        add     edx, [eax+PORT_NEXT]
        pushes  edi, ecx, eax
        lea     edi, [edx+DATA]
        mov     eax, [kept_count]
        shr     eax, 1
        repne scasb
        pops    eax, ebp
        jne     .none
        inc     ecx
.none:  sub     ebp, ecx
        mov     ecx, ebp
        pop     edi
.part:  pushes  eax, ecx
        mov     edx, T_STRING
        bz      byte [eax+PORT_FLAGS], BINARY, .text
        mov     edx, T_BYTES
.text:  call    new_bytes
        mov     edx, eax
        pops    ecx, eax
        pushes  esi, edi
        mov     esi, [eax+PORT_BUFFER]
        mov     ebp, [eax+PORT_NEXT]
        lea     esi, [esi+ebp+DATA]
        lea     edi, [edx+DATA]
        add     [eax+PORT_NEXT], ecx
        call    copy_bytes_keeping_edx
        pops    edi, esi
        RESULT  edx
.end:   RESULT  EOF
copy_bytes_keeping_edx:
        push    edx
        call    move_bytes
        pop     edx
        ret

prim_write_char:
        dec     ecx
        call    output_port
        pop     edx
        bne     dl, CHAR, .wrong
        shr     edx, 8
        call    put_byte
        RESULT  UNSPECIFIED
.wrong: jmp_eax not_char, edx
prim_write_u8:
        dec     ecx
        call    output_port
        pop     edx
        bgtu    edx, 255*2+1, .wrong
        shr     edx, 1
        jnc     .wrong
        call    put_byte
        RESULT  UNSPECIFIED
.wrong: jmp_eax not_byte, edx
prim_newline:
        call    output_port
        mov     dl, 10
        call    put_byte
        RESULT  UNSPECIFIED
prim_flush:
        call    output_port
        call    flush
        RESULT  UNSPECIFIED
# (%write-part x port start end): bytes of a string or bytevector
op_write_part:
        mov     ecx, eax
        pops    edx, eax
        mov     ebp, [esp]
        push    eax
        call    check_range
        pop     eax
        push    edx
        mov     dl, OUTPUT
        call    check_port
        pops    ebp, edx
        shr     ecx, 1
        shr     ebp, 1
        call    write_part
        RESULT  UNSPECIFIED

# (%make-port fd flags buffer name); of an output port nothing is in the buffer
op_make_port:
        call_ecx allocate, 32
        mov     dword [edx], T_PORT + 7*256
        mov     [edx+PORT_NAME], eax
        pop     eax
        mov     [edx+PORT_BUFFER], eax
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        bgeu    ecx, PORT_LIMIT, too_large
        pop     eax
        shr     eax, 1
        mov     [edx+PORT_FLAGS], eax
        pop     ebp
        sar     ebp, 1
        mov     [edx+PORT_FD], ebp
        mov     dword [edx+PORT_NEXT], 0
        mov     dword [edx+PORT_LINE], 1
        js      .end
        bz      al, INPUT, .end
        xor     ecx, ecx                # not yet read
.end:   mov     [edx+PORT_END], ecx
        RESULT  edx
# (%port-content port): what has been written to a string port
op_port_content:
        push    eax
        mov     ecx, [eax+PORT_NEXT]
        follow  edx, [eax+PORT_BUFFER], 0
        push    ecx
        call    new_bytes
        pops    ecx, edx
        pushes  esi, edi
        mov     esi, [edx+PORT_BUFFER]
        add     esi, DATA
        lea     edi, [eax+DATA]
        call    move_bytes
        pops    edi, esi
        NEXT
# (%port-ref port k), (%port-set! port k n): words of a port that are numbers; k in bytes
op_port_ref:
        pop     ecx
        shr     eax, 1
        mov     eax, [ecx+eax]
        lea     eax, [eax+eax+1]
        NEXT
op_port_set:
        pops    edx, ecx
        sar     eax, 1
        shr     edx, 1
        mov     [ecx+edx], eax
        RESULT  UNSPECIFIED
# (%port k), (%set-port! k port): the current input, output
op_port:
        RESULT  [input+eax*2-2]
op_set_port:
        pop     ecx
        mov     [input+ecx*2-2], eax
        RESULT  UNSPECIFIED

# (%print x port write?): writes x if it is no structure: true if it has
op_print:
        pop     edx                     # port
        pop     ecx                     # x
        xchg    eax, edx
        push    edx
        mov     dl, OUTPUT
        push    ecx
        call    check_port
        pops    ecx, edx                # eax = port, ecx = x, edx = write?
        bnz     cl, 1, .fixnum
        bnz     cl, 2, .immediate
        bnz     cl, 4, false
        beq     byte [ecx], T_STRING, .string
        bne     byte [ecx], T_SYMBOL, false
        bne     edx, FALSE, false
        mov     ecx, [ecx+SYMBOL_NAME]
.string: bne     edx, FALSE, false
        mov     edx, ecx
        mov     ecx, [edx+LENGTH]
        shr     ecx, 1
        xor     ebp, ebp
        call    write_part
        jmp     true
.fixnum: push    eax
        mov     eax, ecx
        call_ecx fixnum_text, 10
        pop     eax
        call    write_text
        jmp     true
.immediate: beq     cl, CHAR, .char
        movzx   ecx, ch
        bgtu    ecx, 5, false
        mov     ebp, [immediate_names+ecx*8]
        call_ecx write_text, [immediate_names+ecx*8+4]
        jmp     true
.char:  bne     edx, FALSE, false
        mov     dl, ch
        call    put_byte
        jmp     true

# fixnum_text: ebp -> ecx characters of the fixnum eax in the radix ecx, at the end of
# [digits_end]
fixnum_text:
        sar     eax, 1
        mov     ebp, digits_end
        push    eax
        cdq
        xor     eax, edx
        sub     eax, edx
.digit: xor     edx, edx
        div     ecx
        add     dl, '0'
        bleu    dl, '9', .put
        add     dl, 'a'-'9'-1
.put:   dec     ebp
        mov     [ebp], dl
        bnz     eax, eax, .digit
        pop     eax
        bpos    eax, eax, .done
        dec     ebp
        mov     byte [ebp], '-'
.done:  mov     ecx, digits_end
        sub     ecx, ebp
        ret

# (%fixnum->string n radix)
op_fixnum_to_string:
        mov     ecx, eax
        shr     ecx, 1
        pop     eax
        call    fixnum_text
# falls into text_to_string

# text_to_string: eax = string of the ecx bytes at ebp, which are no object; then the next
text_to_string:
        call    text_string
        NEXT
text_string:
        pushes  ecx, ebp                # below the heap
        mov     edx, T_STRING
        call_eax new_bytes, NIL
        pops    ebp, ecx
        pushes  esi, edi
        mov     esi, ebp
        lea     edi, [eax+DATA]
        rep movsb
        pops    edi, esi
        ret

# ----------------------------------------------------------------------
# The system
# ----------------------------------------------------------------------
# (%system number a b c): a system call. A fixnum is a number, a string or bytevector the
# address of its bytes.
op_system:
        push    eax
        mov     [kept_value], ebx       # nothing is allocated meanwhile
        pop     eax
        call    system_word
        mov     edx, eax
        pop     eax
        call    system_word
        mov     ecx, eax
        pop     eax
        call    system_word
        mov     ebx, eax
        pop     eax
        sar     eax, 1
        int     0x80
        mov     ebx, [kept_value]
        call    integer
        NEXT
system_word:
        sar     eax, 1
        jc      .done
        lea     eax, [eax+eax+DATA]
.done:  ret

# (%spawn words): runs a program with these words, strings that end with NUL; the number of the
# process, or an error below 0. The builder copies the stack from esp on for a fork:
# it is given that of the start, which is short.
op_spawn:
        xor     ecx, ecx
        mov     edx, eax
.count: PAIR    edx, .counted
        mov     edx, [edx]
        inc     ecx
        jmp     .count
.counted: push    eax
        lea     ecx, [ecx*4+4]
        call_edx new_bytes, T_BYTES
        pop     ecx                     # eax -> room for the addresses, ecx = words
        mov     [kept_value], ebx
        lea     ebx, [eax+DATA]
        mov     [kept_edi], ebx
.word:  PAIR    ecx, .words
        mov     edx, [ecx-4]
        add     edx, DATA
        mov     [ebx], edx
        add     ebx, 4
        mov     ecx, [ecx]
        jmp     .word
.words: mov     dword [ebx], 0
        mov     [kept_ebp], esp
        mov     esp, [start_stack]
        mov     eax, SYS_FORK
        int     0x80
        bnz     eax, eax, .parent
        mov     ecx, [kept_edi]
        mov     ebx, [ecx]
        mov     edx, no_environment
        mov     eax, SYS_EXECVE
        int     0x80
        mov     ebx, 127
        mov     eax, SYS_EXIT
        int     0x80
.parent: mov     esp, [kept_ebp]
        mov     ebx, [kept_value]
        call    integer
        NEXT
op_exit:
        mov     ebx, eax
        shr     ebx, 1
        mov     eax, SYS_EXIT
        int     0x80

# (%arguments): the words of the command, the program's name first
op_arguments:
        mov     ebp, [start_stack]
        mov     ecx, [ebp]
        mov     eax, NIL
.word:  bz      ecx, ecx, .done
        pushes  ecx, eax                # small
        mov     edx, [start_stack]
        mov     ebp, [edx+ecx*4]
        mov     ecx, -1
.length: inc     ecx
        bne     byte [ebp+ecx], 0, .length
        mov     [kept_count], ebp       # the stack of the start is above the heap
        push    ecx
        mov     edx, T_STRING
        call_eax new_bytes, NIL
        pop     ecx
        pushes  esi, edi
        mov     esi, [kept_count]
        lea     edi, [eax+DATA]
        rep movsb
        pops    edi, esi
        push    eax
        call_eax cons, [esp+4]
        pops    ecx, ecx
        dec     ecx
        jmp     .word
.done:  NEXT

# cons: eax = pair of the word under the return address, which is taken off, and eax
cons:
        lea     edx, [edi+8]
        bgtu    edx, [heap_limit], .collect
.room:  mov     edx, [esp+4]
        mov     [edi], edx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        ret     4
.collect: call_ecx collect, 8
        jmp     .room

# (%list->vector list)
op_list_to_vector:
        mov     ecx, eax
        xor     edx, edx
.element: lea     ebp, [ecx-4]
        bnz     ebp, 7, .end
        inc     edx
        mov     ecx, [ecx]
        jmp     .element
.end:   bne     ecx, NIL, not_list
        bgtu    edx, 0xFFFFFF, too_large
        push    edx
        lea     ecx, [edx*4+11]
        and     ecx, -8
        call    allocate
        pop     ecx
        shl     ecx, 8
        mov     cl, T_VECTOR
        mov     [edx], ecx
        mov     ecx, edx
.copy:  beq     eax, NIL, .done
        add     ecx, 4
        mov     ebp, [eax-4]
        mov     [ecx], ebp
        jmp_eax .copy, [eax]
.done:  RESULT  edx
