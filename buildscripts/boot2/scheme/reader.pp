# ----------------------------------------------------------------------
# The reader: machine code that does not run Scheme, ebx = 0
#
# [source] is the port, [text] a string port in which a token is collected. While
# [lines] is a vector, it gets each pair that begins a list, and its line.
# ----------------------------------------------------------------------
CLOSING     = 0x702             # what read_datum returns for ) and .
DOT         = 0x802

# read: eax = the next datum of [source], or EOF
read:
        call    read_datum
        beq     eax, CLOSING, read      # one ) too many, as in most readers
        beq     eax, DOT, bad_dot
        ret

# read_inner: the same inside of something that has to end
read_inner:
        call    read_datum
        beq     eax, EOF, unexpected_end
        beq     eax, CLOSING, unexpected_closing
        beq     eax, DOT, bad_dot
        ret

read_datum:
        bltu    esp, [stack_limit], too_deep
        call_eax next_byte, [source]
        mov     eax, EOF
        bneg    edx, edx, .end
        bgtu    edx, 127, read_token
        movzx   ecx, byte [read_table+edx]
        mov     [read_byte], edx
        jmp     [read_actions+ecx*4]
.end:   ret
read_close:
        mov     eax, CLOSING
        ret
read_comment:
        mov     eax, [source]
.byte:  call    next_byte
        beq     edx, 10, read_datum
        bpos    edx, edx, .byte
        jmp     read_datum

read_quote:
        mov     ecx, [symbol_quote]
        jmp     read_prefixed
read_quasiquote:
        mov     ecx, [symbol_quasiquote]
        jmp     read_prefixed
read_unquote:
        call_eax peek_byte, [source]
        mov     ecx, [symbol_unquote]
        bne     edx, '@', read_prefixed
        call    next_byte
        mov     ecx, [symbol_unquote_splicing]
read_prefixed:                          # (symbol datum)
        push    ecx
        call    begin_list
        push    eax
        call    read_inner
        push    eax
        call_eax cons, NIL
        pop     ecx
        push    ecx
        mov     edx, [esp+4]
        push    edx
        call    cons
        pops    ecx, edx
        jmp     end_list

# begin_list: eax = (#f . line) in [lines], for the list that begins here, or FALSE; end_list: ecx = that, and
# eax = its first pair, which it keeps
begin_list:
        mov     eax, [lines]
        beq     eax, FALSE, .done
        follow  eax, [source], PORT_LINE
        lea     eax, [eax+eax+1]
        push    FALSE
        call    cons
        pushes  eax, eax
        call_eax cons, [lines]
        mov     [lines], eax
        pop     eax
.done:  ret
end_list:
        beq     ecx, FALSE, .done
        mov     [ecx-4], eax
.done:  ret

# read_list: the elements as they come, then the pairs from the last to the first
read_list:
        call    begin_list
        push    eax
        push    0                       # number of elements, a fixnum less one
.element: call    read_datum
        beq     eax, CLOSING, .end
        beq     eax, EOF, unexpected_end
        beq     eax, DOT, .dot
        mov     ecx, [esp]              # the count stays on top
        mov     [esp], eax
        add     ecx, 2
        push    ecx
        jmp     .element
.dot:   beq     dword [esp], 0, bad_dot
        call    read_inner
        push    eax
        call    read_datum
        bne     eax, CLOSING, bad_dot
        pop     eax
        jmp     .last
.end:   mov     eax, NIL
.last:  mov     esi, [esp]
        add     esp, 4
        mov     ecx, esi
        shl     ecx, 2                  # 8 bytes for each
        jecxz   .empty
        call    allocate
.pair:  pop     ecx
        mov     [edx], ecx
        mov     [edx+4], eax
        lea     eax, [edx+4]
        add     edx, 8
        sub     esi, 2
        jne     .pair
        pop     ecx
        jmp     end_list
.empty: pop     ecx
        ret

read_vector:
        call    read_list
        call_ecx list_length, eax
        bne     ecx, NIL, bad_dot
        jmp     list_to_vector

# read_hash: what begins with #
read_hash:
        call_eax next_byte, [source]
        beq     edx, '(', read_vector
        beq     edx, '\\', read_character
        beq     edx, ';', .datum
        beq     edx, '|', .block
        beq     edx, '!', .directive
        mov     byte [read_byte], '#'
        push    edx
        call    start_token
        pop     edx
        call    put_byte
        call    rest_of_token
        mov     ebp, [text]             # ebp -> the token with its #
        mov     ecx, [ebp+PORT_NEXT]
        mov     ebp, [ebp+PORT_BUFFER]
        mov     edx, [ebp+DATA]
        beq     ecx, 2, .letter
        beq     edx, '#tru', .true
        beq     edx, '#fal', .false
        and     edx, 0xFFFFFF
        beq     edx, '#u8', .bytes
        jmp     .number
.letter: beq     dh, 't', .true
        beq     dh, 'f', .false
        jmp     bad_token
.true:  mov     eax, TRUE
        ret
.false: mov     eax, FALSE
        ret
.bytes: bne     ecx, 3, bad_token
        call_eax next_byte, [source]
        bne     edx, '(', bad_token
        jmp     read_bytes
.number: mov     dl, [ebp+DATA+1]       # #x1F and the like
        or      dl, 0x20
        mov     eax, 16
        beq     dl, 'x', .radix
        mov     eax, 10
        beq     dl, 'd', .radix
        beq     dl, 'e', .radix
        mov     eax, 8
        beq     dl, 'o', .radix
        mov     eax, 2
        bne     dl, 'b', bad_token
.radix: call_edx parse_number, 2
        beq     eax, FALSE, bad_token
        ret
.datum: call    read_inner
        jmp     read_datum
.directive: jmp     read_comment        # #!/usr/bin/scheme, #!fold-case: the line is skipped
.block: push    1                       # depth
.byte:  call_eax next_byte, [source]
.have:  bneg    edx, edx, unexpected_end
        beq     edx, '|', .bar
        bne     edx, '#', .byte
        call    next_byte
        bne     edx, '|', .have
        inc     dword [esp]
        jmp     .byte
.bar:   call    next_byte
        bne     edx, '#', .have
        dec     dword [esp]
        jne     .byte
        pop     eax
        jmp     read_datum

read_bytes:
        call    read_list
        push    eax
        call_ecx list_length, eax
        mov     ecx, edx
        call_edx new_bytes, T_BYTES
        pop     ecx
        lea     ebp, [eax+DATA]
.byte:  beq     ecx, NIL, .done
        mov     edx, [ecx-4]
        bgtu    edx, 255*2+1, .wrong
        shr     edx, 1
        jnc     .wrong
        mov     [ebp], dl
        inc     ebp
        mov     ecx, [ecx]
        jmp     .byte
.done:  ret
.wrong: jmp_eax not_byte, [ecx-4]

# start_token: [text] = the byte [read_byte]; eax = [text]
start_token:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
        mov     edx, [read_byte]
        jmp     put_byte

# rest_of_token: adds what follows up to a delimiter; eax = [text]
rest_of_token:
        call_eax peek_byte, [source]
        bneg    edx, edx, .done
        bgtu    edx, 127, .add
        movzx   ecx, byte [read_table+edx]
        bltu    ecx, READ_DELIMITERS, .done
.add:   call    next_byte
        call_eax put_byte, [text]
        jmp     rest_of_token
.done:  mov     eax, [text]
        ret

# new_text: eax = object of type edx with the bytes of [text]
new_text:
        mov     eax, [text]
        mov     ecx, [eax+PORT_NEXT]
        xor     ebp, ebp
        jmp_eax new_part, [eax+PORT_BUFFER]

read_token:
        mov     [read_byte], edx
read_other:
        call    start_token
        call    rest_of_token
        mov     ecx, [eax+PORT_NEXT]
        mov     ebp, [eax+PORT_BUFFER]
        movzx   edx, byte [ebp+DATA]
        bne     ecx, 1, .long
        beq     edx, '.', .dot
.long:  bgtu    edx, '9', .symbol       # could it be a number?
        bltu    edx, '+', .symbol
        mov     eax, 10
        xor     edx, edx
        call    parse_number
        beq     eax, FALSE, .other
        ret
.other: call    looks_like_number
        je      no_such_number
.symbol: call_edx new_text, T_STRING
        jmp     intern
.dot:   mov     eax, DOT
        ret

# looks_like_number: zero flag if [text] is written as a number of another kind: digits, with
# any of . e / among them
looks_like_number:
        mov     eax, [text]
        mov     ecx, [eax+PORT_NEXT]
        mov     ebp, [eax+PORT_BUFFER]
        add     ebp, DATA
        xor     edx, edx                # dl: digits, dh: others
.byte:  mov     al, [ebp]
        inc     ebp
        bltu    al, '0', .sign
        bgtu    al, '9', .letter
        inc     dl
        jmp     .next
.letter: or      al, 0x20
        bne     al, 'e', .no
        bz      dl, dl, .no
        mov     dh, 1
        jmp     .next
.sign:  beq     al, '+', .next
        beq     al, '-', .next
        beq     al, '.', .mark
        bne     al, '/', .no
.mark:  mov     dh, 1
.next:  dec     ecx
        jne     .byte
        bz      dl, dl, .no
        cmp     dh, 1
        ret
.no:    test    esp, esp
        ret

# parse_number: eax = the integer in [text] from byte edx on, radix eax; or FALSE
parse_number:
        mov     [radix], eax
        mov     [parse_index], edx
        mov     dword [parse_sign], 0
        call    parse_byte
        js      .none
        beq     eax, '-', .minus
        beq     eax, '+', .plus
        jmp     .first
.minus: inc     dword [parse_sign]
.plus:  call    parse_byte
        js      .none
.first: push    1                       # the value
.digit: or      eax, 0x20
        sub     eax, '0'
        bleu    eax, 9, .have
        sub     eax, 'a'-'0'
        js      .wrong
        add     eax, 10
.have:  bgeu    eax, [radix], .wrong
        mov     ecx, [esp]
        bz      cl, 1, .big
        mov     edx, ecx
        add     edx, 0x02000000
        bgeu    edx, 0x04000000, .big
        dec     ecx
        imul    ecx, [radix]
        lea     ecx, [ecx+eax*2+1]
        mov     [esp], ecx
        jmp     .next
.big:   push    eax
        mov     eax, [radix]
        lea     eax, [eax+eax+1]
        call    big_multiply
        mov     ecx, eax
        pop     eax
        lea     eax, [eax+eax+1]
        call    big_add
        mov     [esp], eax
.next:  call    parse_byte
        jns     .digit
        pop     eax
        beq     dword [parse_sign], 0, .done
        mov     ecx, 1
        jmp     big_subtract
.done:  ret
.wrong: pop     eax
.none:  mov     eax, FALSE
        ret

# parse_byte: eax = the next byte, or sign flag
parse_byte:
        mov     eax, [text]
        mov     ecx, [parse_index]
        bgeu    ecx, [eax+PORT_NEXT], .end
        inc     dword [parse_index]
        mov     eax, [eax+PORT_BUFFER]
        movzx   eax, byte [eax+ecx+DATA]
        test    eax, eax
        ret
.end:   mov     eax, -1
        test    eax, eax
        ret

# (%string->number s radix)
        FIXED   "%string->number", op_string_to_number, 2
        mov     ecx, eax
        pop     eax
        call    check_string
        ENTER_NATIVE
        shr     ecx, 1
        push    ecx
        mov     edx, eax
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
        mov     ecx, [edx+LENGTH]
        shr     ecx, 1
        xor     ebp, ebp
        call    write_part
        pop     eax
        xor     edx, edx
        call    parse_number
        LEAVE_NATIVE
        NEXT

# read_string, read_bar: up to the byte [read_byte], " or |
read_string:
        call    read_quoted
        mov     edx, T_STRING
        jmp     new_text
read_bar:
        call    read_quoted
        call_edx new_text, T_STRING
        jmp     intern
read_quoted:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
.byte:  call_eax next_byte, [source]
        beq     edx, [read_byte], .done
        bneg    edx, edx, unexpected_end
        beq     edx, '\\', .escape
.put:   call_eax put_byte, [text]
        jmp     .byte
.done:  ret
.escape: call    next_byte
        mov     ecx, escapes
.find:  beq     dl, [ecx], .found
        add     ecx, 2
        bne     byte [ecx], 0, .find
        beq     dl, 'x', .hex
        beq     dl, '\\', .put
        beq     dl, '"', .put
        beq     dl, '|', .put
.blank: beq     dl, 10, .newline        # blanks, a newline, blanks
        call    is_blank
        jne     bad_escape
        call    next_byte
        jmp     .blank
.newline: call    peek_byte
        call    is_blank
        jne     .byte
        call    next_byte
        jmp     .newline
.found: mov     dl, [ecx+1]
        jmp     .put
.hex:   xor     ebp, ebp                # \x41;
.digit: call    next_byte
        beq     dl, ';', .code
        call    hex_digit
        jc      bad_escape
        shl     ebp, 4
        add     ebp, edx
        bgtu    ebp, 255, bad_escape
        jmp     .digit
.code:  mov     edx, ebp
        jmp     .put
is_blank:
        beq     dl, ' ', .done
        cmp     dl, 9
.done:  ret
hex_digit:                              # edx = value of the digit dl, or carry
        or      dl, 0x20
        sub     dl, '0'
        bleu    dl, 9, .done
        sub     dl, 'a'-'0'
        bgtu    dl, 5, .no
        add     dl, 10
.done:  clc
        ret
.no:    stc
        ret

read_character:
        call_eax next_byte, [source]
        bneg    edx, edx, unexpected_end
        mov     [read_byte], edx
        call    start_token
        call    rest_of_token
        mov     ebp, [eax+PORT_BUFFER]
        add     ebp, DATA
        mov     ecx, [eax+PORT_NEXT]
        movzx   eax, byte [ebp]
        beq     ecx, 1, .char
        beq     al, 'x', .hex
.name:  mov     edx, character_names
.entry: beq     byte [edx+1], 0, bad_token # code, length, name
        bne     cl, [edx+1], .next
        pushes  esi, edi, ecx
        mov     esi, ebp
        lea     edi, [edx+2]
        repe cmpsb
        pops    ecx, edi, esi
        je      .named
.next:  movzx   eax, byte [edx+1]
        lea     edx, [edx+eax+2]
        jmp     .entry
.named: movzx   eax, byte [edx]
.char:  shl     eax, 8
        mov     al, CHAR
        ret
.hex:   xor     eax, eax
.digit: inc     ebp
        dec     ecx
        je      .char
        movzx   edx, byte [ebp]
        call    hex_digit
        jc      bad_token
        shl     eax, 4
        add     eax, edx
        bgtu    eax, 255, bad_token
        jmp     .digit

# (%read port): the next datum
        FIXED   "%read", op_read, 1
        mov     dl, INPUT
        call    check_port
        ENTER_NATIVE
        mov     [source], eax
        call    read
        push    eax
        mov     eax, [lines]            # in their order
        beq     eax, FALSE, .done
        call    turn
        mov     [lines], eax
        mov     [lines_next], eax
.done:  pop     eax
        LEAVE_NATIVE
        NEXT
