# ----------------------------------------------------------------------
# Ports: a buffer, and a file or nothing behind it
# ----------------------------------------------------------------------

# next_byte: edx = next byte of the port eax, or -1. peek_byte: the same, but it stays.
# Both keep eax.
next_byte:
        mov     ecx, [eax+PORT_NEXT]
        cmp     ecx, [eax+PORT_END]
        jae     .fill
.have:
        inc     dword [eax+PORT_NEXT]
        mov     edx, [eax+PORT_BUFFER]
        movzx   edx, byte [edx+ecx+DATA]
        cmp     edx, 10
        je      .line
        ret
.line:
        inc     dword [eax+PORT_LINE]
        ret
.fill:
        call    read_more
        jc      end_of_file
        xor     ecx, ecx
        jmp     .have
peek_byte:
        mov     ecx, [eax+PORT_NEXT]
        cmp     ecx, [eax+PORT_END]
        jae     .fill
.have:
        mov     edx, [eax+PORT_BUFFER]
        movzx   edx, byte [edx+ecx+DATA]
        ret
.fill:
        call    read_more
        jc      end_of_file
        xor     ecx, ecx
        jmp     .have
end_of_file:
        mov     edx, -1
        ret

# read_more: reads into the empty buffer of the port eax, or carry at the end of the file
read_more:
        cmp     dword [eax+PORT_FD], 0
        jl      .end
        jne     .read
        push    eax                     # who reads the terminal wants to see what was asked
        mov     eax, [output]
        call    flush
        pop     eax
.read:
        push    ebx
        push    eax
        mov     ebx, [eax+PORT_FD]
        mov     ecx, [eax+PORT_BUFFER]
        mov     edx, [ecx+LENGTH]
        shr     edx, 1
        add     ecx, DATA
        mov     eax, SYS_READ
        int     0x80
        mov     edx, eax
        pop     eax
        pop     ebx
        test    edx, edx
        js      cannot_read
        je      .end
        mov     [eax+PORT_END], edx
        mov     dword [eax+PORT_NEXT], 0
        ret
.end:
        stc
        ret

# put_byte: writes dl to the port eax, which it keeps
put_byte:
        mov     ecx, [eax+PORT_NEXT]
        cmp     ecx, [eax+PORT_END]
        jae     .full
.room:
        mov     ebp, [eax+PORT_BUFFER]
        mov     [ebp+ecx+DATA], dl
        inc     ecx
        mov     [eax+PORT_NEXT], ecx
        ret
.full:
        push    edx                     # small
        mov     ecx, 1
        call    make_room
        pop     edx
        mov     ecx, [eax+PORT_NEXT]
        cmp     ecx, [eax+PORT_END]
        jb      .room
        mov     ebp, [eax+PORT_BUFFER]  # no buffer: at once
        mov     [ebp+DATA], dl
        mov     dword [eax+PORT_NEXT], 1
        jmp     flush

# make_room: for ecx bytes in the buffer of the port eax, or in a file port as many as there
# can be. Keeps eax, ecx.
make_room:
        cmp     dword [eax+PORT_FD], 0
        jge     flush
        mov     edx, [eax+PORT_END]     # twice the size, and what is wanted
        lea     edx, [edx*2+ecx+64]
        cmp     edx, 0x3FFFFFF0
        jae     too_large
        push    ecx
        push    eax
        mov     ecx, edx
        mov     edx, [eax+PORT_BUFFER]
        mov     edx, [edx]
        call    new_bytes
        mov     edx, eax
        pop     eax
        push    esi
        push    edi
        mov     esi, [eax+PORT_BUFFER]
        mov     [eax+PORT_BUFFER], edx
        add     esi, DATA
        lea     edi, [edx+DATA]
        mov     ecx, [edx+LENGTH]
        shr     ecx, 1
        mov     [eax+PORT_END], ecx
        mov     ecx, [eax+PORT_NEXT]
        call    copy_bytes
        pop     edi
        pop     esi
        pop     ecx
        ret

# flush: writes the buffer of the port eax to its file. Keeps eax, ecx.
flush:
        cmp     dword [eax+PORT_FD], 0
        jl      .done
        push    ecx
        mov     edx, [eax+PORT_NEXT]
        mov     dword [eax+PORT_NEXT], 0
        mov     ecx, [eax+PORT_BUFFER]
        add     ecx, DATA
        call    write_all
        pop     ecx
.done:
        ret

# write_all: edx bytes from ecx to the file of the port eax, which it keeps
write_all:
        push    ebx
        push    eax
        mov     ebx, [eax+PORT_FD]
.more:
        test    edx, edx
        je      .done
        mov     eax, SYS_WRITE
        int     0x80
        test    eax, eax
        jle     .error
        add     ecx, eax
        sub     edx, eax
        jmp     .more
.error:
        pop     eax
        pop     ebx
        jmp     cannot_write
.done:
        pop     eax
        pop     ebx
        ret

# write_part: to the port eax the bytes from ebp to ecx of the string or bytevector edx
write_part:
        sub     ecx, ebp                # ecx = bytes
        push    edx
        mov     edx, [eax+PORT_END]
        sub     edx, [eax+PORT_NEXT]
        jb      .full                   # no buffer
        cmp     ecx, edx
        jbe     .copy
.full:
        push    ebp                     # small
        call    make_room
        pop     ebp
        cmp     ecx, [eax+PORT_END]
        jbe     .copy
        mov     edx, ecx                # more than the buffer holds: without it
        pop     ecx
        lea     ecx, [ecx+ebp+DATA]
        jmp     write_all
.copy:
        pop     edx
        push    esi
        push    edi
        lea     esi, [edx+ebp+DATA]
        mov     edi, [eax+PORT_BUFFER]
        mov     edx, [eax+PORT_NEXT]
        lea     edi, [edi+edx+DATA]
        add     [eax+PORT_NEXT], ecx
        call    copy_bytes
        pop     edi
        pop     esi
        ret

# write_text: the ecx bytes at ebp, which are no object, to the port eax
write_text:
        movzx   edx, byte [ebp]
        push    ecx
        push    ebp
        call    put_byte
        pop     ebp
        pop     ecx
        inc     ebp
        dec     ecx
        jne     write_text
        ret

# input_port: eax = the port on the stack under the return address if ecx is 1, else the
# current one; checked. output_port the same.
input_port:
        mov     eax, [input]
        jecxz   .check
        pop     edx
        pop     eax
        push    edx
.check:
        mov     dl, INPUT
check_port:                             # of the kind dl
        test    al, 7
        jne     not_port
        cmp     byte [eax], T_PORT
        jne     not_port
        mov     dh, [eax+PORT_FLAGS]
        test    dh, CLOSED
        jne     port_closed
        test    dh, dl
        je      not_port
        ret
output_port:
        mov     eax, [output]
        jecxz   .check
        pop     edx
        pop     eax
        push    edx
.check:
        mov     dl, OUTPUT
        jmp     check_port

prim_read_char:
        call    input_port
        call    next_byte
byte_to_char:
        mov     eax, EOF
        test    edx, edx
        js      .done
        mov     eax, edx
        shl     eax, 8
        mov     al, CHAR
.done:
        NEXT
prim_peek_char:
        call    input_port
        call    peek_byte
        jmp     byte_to_char
prim_read_u8:
        call    input_port
        call    next_byte
byte_to_fixnum:
        mov     eax, EOF
        test    edx, edx
        js      .done
        lea     eax, [edx+edx+1]
.done:
        NEXT
prim_peek_u8:
        call    input_port
        call    peek_byte
        jmp     byte_to_fixnum

# (%read-part port k stop): the bytes that are in the buffer, at most k, up to the byte
# stop if it is not -1; #<eof> at the end of the file
op_read_part:
        mov     [kept_count], eax
        pop     ebp                     # k
        pop     eax
        push    ebp
        mov     dl, INPUT
        call    check_port
        call    peek_byte
        pop     ebp
        test    edx, edx
        js      .end
        shr     ebp, 1
        mov     ecx, [eax+PORT_END]
        sub     ecx, [eax+PORT_NEXT]
        cmp     ecx, ebp
        jbe     .enough
        mov     ecx, ebp
.enough:                                # ecx = bytes
        cmp     dword [kept_count], -1
        je      .part
        mov     edx, [eax+PORT_BUFFER]
        add     edx, [eax+PORT_NEXT]
        push    edi
        push    ecx
        push    eax
        lea     edi, [edx+DATA]
        mov     eax, [kept_count]
        shr     eax, 1
        repne scasb
        pop     eax
        pop     ebp
        jne     .none
        inc     ecx
.none:
        sub     ebp, ecx
        mov     ecx, ebp
        pop     edi
.part:
        push    eax
        push    ecx
        mov     edx, T_STRING
        test    byte [eax+PORT_FLAGS], BINARY
        je      .text
        mov     edx, T_BYTES
.text:
        call    new_bytes
        mov     edx, eax
        pop     ecx
        pop     eax
        push    esi
        push    edi
        mov     esi, [eax+PORT_BUFFER]
        mov     ebp, [eax+PORT_NEXT]
        lea     esi, [esi+ebp+DATA]
        lea     edi, [edx+DATA]
        add     [eax+PORT_NEXT], ecx
        call    copy_bytes_keeping_edx
        pop     edi
        pop     esi
        mov     eax, edx
        NEXT
.end:
        mov     eax, EOF
        NEXT
copy_bytes_keeping_edx:
        push    edx
        call    copy_bytes
        pop     edx
        ret

prim_write_char:
        dec     ecx
        call    output_port
        pop     edx
        cmp     dl, CHAR
        jne     .wrong
        shr     edx, 8
        call    put_byte
        mov     eax, UNSPECIFIED
        NEXT
.wrong:
        mov     eax, edx
        jmp     not_char
prim_write_u8:
        dec     ecx
        call    output_port
        pop     edx
        cmp     edx, 255*2+1
        ja      .wrong
        shr     edx, 1
        jnc     .wrong
        call    put_byte
        mov     eax, UNSPECIFIED
        NEXT
.wrong:
        mov     eax, edx
        jmp     not_byte
prim_newline:
        call    output_port
        mov     dl, 10
        call    put_byte
        mov     eax, UNSPECIFIED
        NEXT
prim_flush:
        call    output_port
        call    flush
        mov     eax, UNSPECIFIED
        NEXT
# (%write-part x port start end): bytes of a string or bytevector
op_write_part:
        mov     ecx, eax
        pop     edx
        pop     eax
        mov     ebp, [esp]
        push    eax
        call    check_range
        pop     eax
        push    edx
        mov     dl, OUTPUT
        call    check_port
        pop     ebp
        pop     edx
        shr     ecx, 1
        shr     ebp, 1
        call    write_part
        mov     eax, UNSPECIFIED
        NEXT

# (%make-port fd flags buffer name); of an output port nothing is in the buffer
op_make_port:
        mov     ecx, 32
        call    allocate
        mov     dword [edx], T_PORT + 7*256
        mov     [edx+PORT_NAME], eax
        pop     eax
        mov     [edx+PORT_BUFFER], eax
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        pop     eax
        shr     eax, 1
        mov     [edx+PORT_FLAGS], eax
        pop     ebp
        sar     ebp, 1
        mov     [edx+PORT_FD], ebp
        mov     dword [edx+PORT_NEXT], 0
        mov     dword [edx+PORT_LINE], 1
        js      .end
        test    al, INPUT
        je      .end
        xor     ecx, ecx                # not yet read
.end:
        mov     [edx+PORT_END], ecx
        mov     eax, edx
        NEXT
# (%port-content port): what has been written to a string port
op_port_content:
        push    eax
        mov     ecx, [eax+PORT_NEXT]
        mov     edx, [eax+PORT_BUFFER]
        mov     edx, [edx]
        push    ecx
        call    new_bytes
        pop     ecx
        pop     edx
        push    esi
        push    edi
        mov     esi, [edx+PORT_BUFFER]
        add     esi, DATA
        lea     edi, [eax+DATA]
        call    copy_bytes
        pop     edi
        pop     esi
        NEXT
# (%port-ref port k), (%port-set! port k n): words of a port that are numbers; k in bytes
op_port_ref:
        pop     ecx
        shr     eax, 1
        mov     eax, [ecx+eax]
        lea     eax, [eax+eax+1]
        NEXT
op_port_set:
        pop     edx
        pop     ecx
        sar     eax, 1
        shr     edx, 1
        mov     [ecx+edx], eax
        mov     eax, UNSPECIFIED
        NEXT
# (%port k), (%set-port! k port): the current input, output
op_port:
        mov     eax, [input+eax*2-2]
        NEXT
op_set_port:
        pop     ecx
        mov     [input+ecx*2-2], eax
        mov     eax, UNSPECIFIED
        NEXT

# (%print x port write?): writes x if it is no structure: true if it has
op_print:
        pop     edx                     # port
        pop     ecx                     # x
        xchg    eax, edx
        push    edx
        mov     dl, OUTPUT
        push    ecx
        call    check_port
        pop     ecx
        pop     edx                     # eax = port, ecx = x, edx = write?
        test    cl, 1
        jne     .fixnum
        test    cl, 2
        jne     .immediate
        test    cl, 4
        jne     false
        cmp     byte [ecx], T_STRING
        je      .string
        cmp     byte [ecx], T_SYMBOL
        jne     false
        cmp     edx, FALSE
        jne     false
        mov     ecx, [ecx+SYMBOL_NAME]
.string:
        cmp     edx, FALSE
        jne     false
        mov     edx, ecx
        mov     ecx, [edx+LENGTH]
        shr     ecx, 1
        xor     ebp, ebp
        call    write_part
        jmp     true
.fixnum:
        push    eax
        mov     eax, ecx
        mov     ecx, 10
        call    fixnum_text
        pop     eax
        call    write_text
        jmp     true
.immediate:
        cmp     cl, CHAR
        je      .char
        movzx   ecx, ch
        cmp     ecx, 5
        ja      false
        mov     ebp, [immediate_names+ecx*8]
        mov     ecx, [immediate_names+ecx*8+4]
        call    write_text
        jmp     true
.char:
        cmp     edx, FALSE
        jne     false
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
.digit:
        xor     edx, edx
        div     ecx
        add     dl, '0'
        cmp     dl, '9'
        jbe     .put
        add     dl, 'a'-'9'-1
.put:
        dec     ebp
        mov     [ebp], dl
        test    eax, eax
        jne     .digit
        pop     eax
        test    eax, eax
        jns     .done
        dec     ebp
        mov     byte [ebp], '-'
.done:
        mov     ecx, digits_end
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
        push    ecx
        push    ebp                     # below the heap
        mov     edx, T_STRING
        mov     eax, NIL
        call    new_bytes
        pop     ebp
        pop     ecx
        push    esi
        push    edi
        mov     esi, ebp
        lea     edi, [eax+DATA]
        rep movsb
        pop     edi
        pop     esi
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
.done:
        ret

# (%spawn words): runs a program with these words, strings that end with NUL; the number of the
# process, or an error below 0. The builder copies the stack from esp on for a fork:
# it is given that of the start, which is short.
op_spawn:
        xor     ecx, ecx
        mov     edx, eax
.count:
        PAIR    edx, .counted
        mov     edx, [edx]
        inc     ecx
        jmp     .count
.counted:
        push    eax
        lea     ecx, [ecx*4+4]
        mov     edx, T_BYTES
        call    new_bytes
        pop     ecx                     # eax -> room for the addresses, ecx = words
        mov     [kept_value], ebx
        lea     ebx, [eax+DATA]
        mov     [kept_edi], ebx
.word:
        PAIR    ecx, .words
        mov     edx, [ecx-4]
        add     edx, DATA
        mov     [ebx], edx
        add     ebx, 4
        mov     ecx, [ecx]
        jmp     .word
.words:
        mov     dword [ebx], 0
        mov     [kept_ebp], esp
        mov     esp, [start_stack]
        mov     eax, SYS_FORK
        int     0x80
        test    eax, eax
        jne     .parent
        mov     ecx, [kept_edi]
        mov     ebx, [ecx]
        mov     edx, no_environment
        mov     eax, SYS_EXECVE
        int     0x80
        mov     ebx, 127
        mov     eax, SYS_EXIT
        int     0x80
.parent:
        mov     esp, [kept_ebp]
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
.word:
        test    ecx, ecx
        je      .done
        push    ecx                     # small
        push    eax
        mov     edx, [start_stack]
        mov     ebp, [edx+ecx*4]
        mov     ecx, -1
.length:
        inc     ecx
        cmp     byte [ebp+ecx], 0
        jne     .length
        mov     [kept_count], ebp       # the stack of the start is above the heap
        push    ecx
        mov     edx, T_STRING
        mov     eax, NIL
        call    new_bytes
        pop     ecx
        push    esi
        push    edi
        mov     esi, [kept_count]
        lea     edi, [eax+DATA]
        rep movsb
        pop     edi
        pop     esi
        push    eax
        mov     eax, [esp+4]
        call    cons
        pop     ecx
        pop     ecx
        dec     ecx
        jmp     .word
.done:
        NEXT

# cons: eax = pair of the word under the return address, which is taken off, and eax
cons:
        lea     edx, [edi+8]
        cmp     edx, [heap_limit]
        ja      .collect
.room:
        mov     edx, [esp+4]
        mov     [edi], edx
        mov     [edi+4], eax
        lea     eax, [edi+4]
        add     edi, 8
        ret     4
.collect:
        mov     ecx, 8
        call    collect
        jmp     .room

# (%list->vector list)
op_list_to_vector:
        mov     ecx, eax
        xor     edx, edx
.element:
        lea     ebp, [ecx-4]
        test    ebp, 7
        jne     .end
        inc     edx
        mov     ecx, [ecx]
        jmp     .element
.end:
        cmp     ecx, NIL
        jne     not_list
        cmp     edx, 0xFFFFFF
        ja      too_large
        push    edx
        lea     ecx, [edx*4+11]
        and     ecx, -8
        call    allocate
        pop     ecx
        shl     ecx, 8
        mov     cl, T_VECTOR
        mov     [edx], ecx
        mov     ecx, edx
.copy:
        cmp     eax, NIL
        je      .done
        add     ecx, 4
        mov     ebp, [eax-4]
        mov     [ecx], ebp
        mov     eax, [eax]
        jmp     .copy
.done:
        mov     eax, edx
        NEXT
