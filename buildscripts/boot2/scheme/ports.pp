# ----------------------------------------------------------------------
# Ports: a buffer, and a file or nothing behind it
# ----------------------------------------------------------------------

# next_byte: edx = next byte of the port eax, or -1. peek_byte: the same, but it stays.
# Both keep eax.
next_byte:
        call    peek_byte
        bits    s, edx, edx, .done
        inc     dword [eax+PORT_NEXT]
        on      ne, edx, 10, .done
        inc     dword [eax+PORT_LINE]
.done:  ret
peek_byte:
        mov     ecx, [eax+PORT_NEXT]
        on      ae, ecx, [eax+PORT_END], .fill
.have:  mov     edx, [eax+PORT_BUFFER]
        movzx   edx, byte [edx+ecx+DATA]
        ret
.fill:  call    read_more
        mov     ecx, 0
        jnc     .have
        mov     edx, -1
        ret

# read_more: reads into the empty buffer of the port eax, or carry at the end of the file
read_more:
        on      l, dword [eax+PORT_FD], 0, .end
        jne     .read
        keep    eax, with    eax, [output], call flush # who reads the terminal wants to see what was asked
.read:  pushes  ebx, eax
        load    ebx, [eax+PORT_FD],  ecx, [eax+PORT_BUFFER]
        bytes_of edx, ecx
        add     ecx, DATA
        system  SYS_READ
        mov     edx, eax
        pops    eax, ebx
        bits    s, edx, edx, cannot_read
        je      .end
        mov     [eax+PORT_END], edx
        mov     dword [eax+PORT_NEXT], 0
        ret
.end:   stc
        ret

# put_byte: writes dl to the port eax, which it keeps
put_byte:
        mov     ecx, [eax+PORT_NEXT]
        on      ae, ecx, [eax+PORT_END], .full
.room:  mov     ebp, [eax+PORT_BUFFER]
        mov     [ebp+ecx+DATA], dl
        inc     ecx
        mov     [eax+PORT_NEXT], ecx
        ret
.full:  keep    edx, with    ecx, 1, call make_room # small
        mov     ecx, [eax+PORT_NEXT]
        on      b, ecx, [eax+PORT_END], .room
        mov     ebp, [eax+PORT_BUFFER]  # no buffer: at once
        mov     [ebp+DATA], dl
        mov     dword [eax+PORT_NEXT], 1
        jmp     flush

# make_room: for ecx bytes in the buffer of the port eax, or in a file port as many as there
# can be. Keeps eax, ecx.
make_room:
        on      ge, dword [eax+PORT_FD], 0, flush
        mov     edx, [eax+PORT_END]     # twice the size, and what is wanted
        lea     edx, [edx*2+ecx+64]
        on      ae, edx, PORT_LIMIT, too_large
        pushes  ecx, eax
        mov     ecx, edx
        follow  edx, [eax+PORT_BUFFER], 0
        call    new_bytes
        pop     ecx
        mov     ebp, [ecx+PORT_BUFFER]
        mov     [ecx+PORT_BUFFER], eax
        bytes_of edx, eax
        mov     [ecx+PORT_END], edx
        lea     edx, [eax+DATA]
        mov     eax, ecx
        add     ebp, DATA
        with    ecx, [eax+PORT_NEXT], call copy_bytes
        pop     ecx
        ret

# flush: writes the buffer of the port eax to its file. Keeps eax, ecx.
flush:
        on      l, dword [eax+PORT_FD], 0, .done
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
.more:  bits    z, edx, edx, .done
        system  SYS_WRITE
        bits    le, eax, eax, .error
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
        on      be, ecx, edx, .copy
.full:  lea     ebp, [ebp+ebp+1]        # a fixnum
        keep    ebp, call make_room
        shr     ebp, 1
        on      be, ecx, [eax+PORT_END], .copy
        mov     edx, ecx                # more than the buffer holds: without it
        pop     ecx
        lea     ecx, [ecx+ebp+DATA]
        jmp     write_all
.copy:  pop     edx
        lea     ebp, [edx+ebp+DATA]
        mov     edx, [eax+PORT_BUFFER]
        add     edx, [eax+PORT_NEXT]
        add     edx, DATA
        add     [eax+PORT_NEXT], ecx
        jmp     copy_bytes

# input_port: eax = the port on the stack under the return address if ecx is 1, else the
# current one; checked. output_port the same.
output_port:
        mov     eax, [output]
        with    dl, OUTPUT, jmp optional_port
input_port:
        mov     eax, [input]
        mov     dl, INPUT
optional_port:
        jecxz   check_port
        pops    ecx, eax
        push    ecx
check_port:                             # eax is one of the kind dl, or the error
        OBJECT  eax, T_PORT, not_port
        mov     dh, [eax+PORT_FLAGS]
        bits    nz, dh, CLOSED, port_closed
        bits    z, dh, dl, not_port
        ret

%macro READER text, name, get, convert  # reads an element of a port: convert makes it of the byte edx
        BETWEEN {text}, prim_{name}, 0, 1
        call    input_port
        call    {get}
        bits    s, edx, edx, at_end
        ANSWER  {convert}
%end
        READER  "read-char", read_char, next_byte, BYTE_TO_CHAR
        READER  "peek-char", peek_char, peek_byte, BYTE_TO_CHAR
        READER  "read-u8", read_u8, next_byte, BYTE_TO_FIXNUM
        READER  "peek-u8", peek_u8, peek_byte, BYTE_TO_FIXNUM
at_end:
        RESULT  EOF

# (%read-part port k stop): the bytes that are in the buffer, at most k, up to the byte
# stop if it is not -1; #<eof> at the end of the file
        FIXED   "%read-part", op_read_part, eax, ebp, dword [kept_count]
        push    ebp                     # k
        with    dl, INPUT, call check_port
        call    peek_byte
        pop     ebp
        bits    s, edx, edx, at_end
        shr     ebp, 1
        mov     ecx, [eax+PORT_END]
        sub     ecx, [eax+PORT_NEXT]
        on      be, ecx, ebp, .enough
        mov     ecx, ebp
.enough: mov    ebp, ecx                # bytes
        mov     edx, [eax+PORT_BUFFER]
        add     edx, [eax+PORT_NEXT]
        pushes  edi, eax
        lea     edi, [edx+DATA]
        mov     eax, [kept_count]
        sar     eax, 1
        js      .all
        repne scasb
        jne     .all
        sub     ebp, ecx
        dec     ebp
.all:   pops    eax, edi
        mov     edx, T_STRING
        bits    z, byte [eax+PORT_FLAGS], BINARY, .text
        mov     edx, T_BYTES
.text:  load    ecx, ebp,  ebp, [eax+PORT_NEXT]
        add     [eax+PORT_NEXT], ecx
        ANSWER  with    eax, [eax+PORT_BUFFER], call new_part

%macro WRITER text, name, to_byte       # writes an element to a port
        BETWEEN {text}, prim_{name}, 1, 2
        dec     ecx
        call    output_port
        xchg    eax, [esp]
        {to_byte}
        mov     edx, ecx
        pop     eax
        EFFECT  call put_byte
%end
        WRITER  "write-char", write_char, CHAR_TO_BYTE
        WRITER  "write-u8", write_u8, FIXNUM_TO_BYTE
        BETWEEN "newline", prim_newline, 0, 1
        call    output_port
        mov     dl, 10
        EFFECT  call put_byte
        BETWEEN "flush-output-port", prim_flush, 0, 1
        call    output_port
        EFFECT  call flush
# (%write-part x port start end): bytes of a string or bytevector
        FIXED   "%write-part", op_write_part, -, eax, edx, ecx
        mov     ebp, [esp]
        keep    eax, call check_range
        push    edx
        with    dl, OUTPUT, call check_port
        pops    ebp, edx
        shr     ecx, 1
        shr     ebp, 1
        EFFECT  call write_part

# (%make-port fd flags buffer name): without anything in the buffer
        FIXED   "%make-port", op_make_port, -, -, ecx, eax
        push    eax
        with    eax, ecx, call new_port
        pops    dword [eax+PORT_NAME], ecx, edx
        shr     ecx, 1
        mov     [eax+PORT_FLAGS], ecx
        sar     edx, 1
        mov     [eax+PORT_FD], edx
        js      .done
        bits    z, cl, INPUT, .done
        mov     dword [eax+PORT_END], 0 # not yet read
.done:  NEXT
# new_port: eax = port with the buffer eax, empty, for both directions
new_port:
        bytes_of ebp, eax
        on      ae, ebp, PORT_LIMIT, too_large
        new     T_PORT, 7, -1, eax, 0, ebp, INPUT | OUTPUT, 1, FALSE
        return  edx
# (%port-content port): what has been written to a string port
        FIXED   "%port-content", op_port_content, eax
        load    ecx, [eax+PORT_NEXT],  eax, [eax+PORT_BUFFER]
        movzx   edx, byte [eax]
        xor     ebp, ebp
        ANSWER  call new_part
# (%port-ref port k), (%port-set! port k n): words of a port that are numbers; k in bytes
        FIXED   "%port-ref", op_port_ref, ecx, eax
        shr     eax, 1
        mov     eax, [ecx+eax]
        RESULT_FIXNUM eax
        FIXED   "%port-set!", op_port_set, ecx, edx, eax
        sar     eax, 1
        shr     edx, 1
        EFFECT  mov [ecx+edx], eax
# (%port k), (%set-port! k port): the current input, output
        FIXED   "%port", op_port, eax
        RESULT  [input+eax*2-2]
        FIXED   "%set-port!", op_set_port, ecx, eax
        EFFECT  mov [input+ecx*2-2], eax

        FIXED   "%fixnum->string", op_fixnum_to_string, eax, ecx # number, radix
        shr     ecx, 1
        sar     eax, 1
        mov     ebp, digits_end
        push    eax
        cdq
        xor     eax, edx
        sub     eax, edx
.digit: xor     edx, edx
        div     ecx
        add     dl, '0'
        on      be, dl, '9', .put
        add     dl, 'a'-'9'-1
.put:   dec     ebp
        mov     [ebp], dl
        bits    nz, eax, eax, .digit
        pop     eax
        bits    ns, eax, eax, .done
        dec     ebp
        mov     byte [ebp], '-'
.done:  mov     ecx, digits_end
        sub     ecx, ebp
        ANSWER  call text_string

# text_string: eax = string of the ecx bytes at ebp, which are no object
text_string:
        lea     eax, [ebp-DATA]
        xor     ebp, ebp
        with    edx, T_STRING, jmp new_part

# ----------------------------------------------------------------------
# The system
# ----------------------------------------------------------------------
# (%system number a b c): a system call. A fixnum is a number, a string or bytevector the
# address of its bytes.
        FIXED   "%system", op_system, -, -, -, eax
        mov     [kept_value], ebx       # nothing is allocated meanwhile
        call    system_word
        unstack edx
        call    system_word
        unstack ecx
        call    system_word
        unstack ebx
        sar     eax, 1
        int     0x80
        mov     ebx, [kept_value]
        ANSWER  call integer
system_word:
        sar     eax, 1
        jc      .done
        lea     eax, [eax+eax+DATA]
.done:  ret

# (%spawn words): runs a program with these words, strings that end with NUL; the number of the
# process, or an error below 0. The builder copies the stack from esp on for a fork:
# it is given that of the start, which is short.
        FIXED   "%spawn", op_spawn, eax
        with    ecx, eax, call list_length
        push    eax
        lea     ecx, [edx*4+4]
        with    edx, T_BYTES, call new_bytes
        pop     ecx                     # eax -> room for the addresses, ecx = words
        mov     [kept_value], ebx
        lea     ebx, [eax+DATA]
        mov     [kept_edi], ebx
.word:  PAIR    ecx, .words
        mov     edx, [ecx-4]
        add     edx, DATA
        mov     [ebx], edx
        add     ebx, 4
        with    ecx, [ecx], jmp .word
.words: mov     dword [ebx], 0
        mov     [kept_ebp], esp
        with    esp, [start_stack], system SYS_FORK
        bits    nz, eax, eax, .parent
        load    ecx, [kept_edi],  ebx, [ecx],  edx, no_environment
        system  SYS_EXECVE
        with    ebx, 127, system SYS_EXIT
.parent: mov     esp, [kept_ebp]
        mov     ebx, [kept_value]
        ANSWER  call integer
        FIXED   "%exit", op_exit, eax
        mov     ebx, eax
        shr     ebx, 1
        system  SYS_EXIT

# (%arguments): the words of the command, the program's name first
        FIXED   "%arguments", op_arguments
        mov     eax, NIL
        follow  ecx, [start_stack], 0
.word:  pushes  ecx, eax                # small
        load    edx, [start_stack],  ebp, [edx+ecx*4]
        call    text_object
        cons_of eax, [esp+4]
        pops    ecx, ecx
        count   ne, ecx, .word
        NEXT
