# ----------------------------------------------------------------------
# The reader: machine code that runs Scheme only for what is rare, ebx = 0
#
# [source] is the port, [text] a string port in which a token is collected. While [lines] is a list,
# (pair . line) goes in front of it for each pair that begins a list. What is neither a list, a string,
# a symbol, a small number in decimal nor #t, #f, #\x is made by the library, of the token.
# ----------------------------------------------------------------------
CLOSING     = 0x702             # what read_datum returns for ) and .
DOT         = 0x802

# read: eax = the next datum of [source], or EOF
read:
        call    read_datum
        switch  eax, CLOSING, read, DOT, bad_dot      # one ) too many, as in most readers
        ret

# read_inner: the same inside of something that has to end
read_inner:
        call    read_datum
        switch  eax, EOF, unexpected_end, CLOSING, unexpected_closing, DOT, bad_dot
        ret

read_datum:
        on      b, esp, [stack_limit], too_deep
        with    eax, [source], call next_byte
        mov     eax, EOF
        bits    s, edx, edx, .end
        mov     ecx, READ_OTHER
        on      a, edx, 127, .action
        movzx   ecx, byte [read_table+edx]
.action: mov    [read_byte], edx
        jmp     [read_actions+ecx*4]
.end:   ret
read_close:
        return  CLOSING
read_comment:
        mov     eax, [source]
.byte:  call    next_byte
        on      e, edx, 10, read_datum
        bits    ns, edx, edx, .byte
        jmp     read_datum

read_quote:
        with    ecx, [symbol_quote], jmp read_prefixed
read_quasiquote:
        with    ecx, [symbol_quasiquote], jmp read_prefixed
read_unquote:
        with    eax, [source], call peek_byte
        mov     ecx, [symbol_unquote]
        on      ne, edx, '@', read_prefixed
        call    next_byte
        mov     ecx, [symbol_unquote_splicing]
read_prefixed:                          # (symbol datum)
        push    ecx
        call    begin_list
        push    eax
        call    read_inner
        cons_of eax, NIL
        pop     ecx
        xchg    ecx, [esp]
        keep    ecx, call cons
        jmp     end_list

# begin_list: eax = (#f . line) in [lines], for the list that begins here, or FALSE; end_list: ecx = that, and
# eax = its first pair, which it keeps
begin_list:
        mov     eax, [lines]
        on      e, eax, FALSE, .done
        follow  eax, [source], PORT_LINE
        lea     eax, [eax+eax+1]
        push    FALSE
        call    cons
        pushes  eax, eax
        with    eax, [lines], call cons
        mov     [lines], eax
        pop     eax
.done:  ret
end_list:
        on      e, ecx, FALSE, .done
        mov     [ecx-4], eax
.done:  ret

# read_list: the elements as they come, then the pairs from the last to the first
read_list:
        call    begin_list
        pushes  eax, 0                  # number of elements
.element: call  read_datum
        switch  eax, CLOSING, .end, EOF, unexpected_end, DOT, .dot
        xchg    eax, [esp]              # the count stays on top
        inc     eax
        push    eax
        jmp     .element
.dot:   on      e, dword [esp], 0, bad_dot
        call    read_inner
        push    eax
        call    read_datum
        on      ne, eax, CLOSING, bad_dot
        pop     eax
        jmp     .last
.end:   mov     eax, NIL
.last:  pop     ecx
        shl     ecx, 3
        jecxz   .empty
        call    allocate
.pair:  pop     dword [edx]
        mov     [edx+4], eax
        lea     eax, [edx+4]
        add     edx, 8
        on      ne, edx, edi, .pair
        pop     ecx
        jmp     end_list
.empty: pop     ecx
        ret

# read_hash: what begins with #
read_hash:
        with    eax, [source], call next_byte
        on      e, edx, '(', .vector
        switch  edx, '!', read_comment, ';', .datum  # #!/usr/bin/scheme, #!fold-case: the line is skipped
        keep    edx, call start_token
        call    put_byte
        on      e, edx, '|', library_token # a comment
        on      ne, edx, '\\', .token
        with    eax, [source], call next_byte
        bits    s, edx, edx, unexpected_end
        with    eax, [text], call put_byte
.token: call    rest_of_token
        mov     edx, [ebp]              # its first bytes
        on      e, ecx, 3, .character
        on      ne, ecx, 2, library_token
        mov     eax, TRUE
        on      e, dh, 't', .done
        mov     eax, FALSE
        on      ne, dh, 'f', library_token
.done:  ret
.character: on      ne, dh, '\\', library_token
        shr     edx, 16
        movzx   edx, dl
        BYTE_TO_CHAR
        ret
.vector: call   read_list
        with    ecx, eax, call list_length
        on      ne, ecx, NIL, bad_dot
        jmp     list_to_vector
.datum: call    read_inner
        jmp     read_datum

# library_token: eax = what the library makes of [text]; the port itself is nothing
library_token:
        call    new_text
        with    edx, hook_token, call call_library
        on      e, eax, [source], read_datum
        ret

# call_library: eax = what the procedure [edx] of the library makes of eax and [source]
call_library:
        pushes  dword [source], dword [read_byte], .back
        pushes  eax, dword [source]
        goto    call_scheme, [edx], 2
.back:  pops    dword [read_byte], dword [source]
        ret

# start_token: [text] = the byte [read_byte]; eax = [text]
start_token:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
        with    edx, [read_byte], jmp put_byte

# rest_of_token: adds what follows up to a delimiter; ebp -> the ecx bytes of [text]
rest_of_token:
        with    eax, [source], call peek_byte
        bits    s, edx, edx, .done
        on      a, edx, 127, .add
        movzx   ecx, byte [read_table+edx]
        on      b, ecx, READ_DELIMITERS, .done
.add:   inc     dword [eax+PORT_NEXT]
        with    eax, [text], call put_byte
        jmp     rest_of_token
.done:  load    eax, [text],  ecx, [eax+PORT_NEXT],  ebp, [eax+PORT_BUFFER]
        add     ebp, DATA
        ret

# new_text: eax = string with the bytes of [text]
new_text:
        load    eax, [text],  ecx, [eax+PORT_NEXT]
        xor     ebp, ebp
        goto    new_part, [eax+PORT_BUFFER], -, T_STRING

read_other:
        call    start_token
        call    rest_of_token
        movzx   edx, byte [ebp]
        on      a, edx, '9', .symbol       # could it be a number?
        on      b, edx, '+', .symbol
        on      e, ecx, 1, .single
        on      a, ecx, 9, .number
        mov     esi, edx
        on      e, edx, '-', .sign
        on      b, edx, '0', .number
.decimal: xor   eax, eax                # up to nine digits
.digit: movzx   edx, byte [ebp]
        sub     edx, '0'
        on      a, edx, 9, .number
        lea     eax, [eax+eax*4]
        lea     eax, [edx+eax*2]
        inc     ebp
        count   ne, ecx, .digit
        on      ne, esi, '-', .positive
        neg     eax
.positive: lea  eax, [eax+eax+1]
        ret
.sign:  inc     ebp
        dec     ecx
        jmp     .decimal
.single: mov    esi, edx
        on      a, edx, '/', .decimal
        on      ne, edx, '.', .symbol
        return  DOT
.number: on      ne, dword [hook_token], FALSE, library_token
.symbol: call   new_text
        jmp     intern

# read_string, read_bar: up to the byte [read_byte], " or |
read_bar:
        push    intern
        jmp     read_string
read_string:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
.byte:  with    eax, [source], call next_byte
        on      e, edx, [read_byte], new_text
        bits    s, edx, edx, unexpected_end
        on      e, edx, '\\', .escape
.put:   with    eax, [text], call put_byte
        jmp     .byte
.escape: call   next_byte
        mov     ecx, escapes
.find:  on      e, dl, [ecx], .found
        add     ecx, 2
        on      ne, byte [ecx], 0, .find
        mov     eax, edx                # any other
        BYTE_TO_CHAR
        with    edx, hook_escape, call call_library
        on      ne, al, CHAR, .byte
        movzx   edx, ah
        jmp     .put
.found: with    dl, [ecx+1], jmp .put

# (%read port whole?): the next datum. If it is a whole one, [lines] are brought into their order.
        FIXED   "%read", op_read, -, eax
        push    eax
        mov     dl, INPUT
        with    eax, [esp+4], call check_port
        pops    ecx, edx
        ENTER_NATIVE
        mov     [source], eax
        keep    ecx, call read
        on      e, ecx, FALSE, .done
        push    eax
        mov     eax, [lines]
        on      e, eax, FALSE, .none
        call    turn
        mov     [lines], eax
        mov     [lines_next], eax
.none:  pop     eax
.done:  LEAVE_NATIVE
        NEXT
