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
        cmp     eax, CLOSING
        je      read                    # one ) too many, as in most readers
        cmp     eax, DOT
        je      bad_dot
        ret

# read_inner: the same inside of something that has to end
read_inner:
        call    read_datum
        cmp     eax, EOF
        je      unexpected_end
        cmp     eax, CLOSING
        je      unexpected_closing
        cmp     eax, DOT
        je      bad_dot
        ret

read_datum:
        cmp     esp, [stack_limit]
        jb      too_deep
        mov     eax, [source]
        call    next_byte
        mov     eax, EOF
        test    edx, edx
        js      .end
        cmp     edx, 127
        ja      read_token
        movzx   ecx, byte [read_table+edx]
        mov     [read_byte], edx
        jmp     [read_actions+ecx*4]
.end:
        ret
read_close:
        mov     eax, CLOSING
        ret
read_comment:
        mov     eax, [source]
.byte:
        call    next_byte
        cmp     edx, 10
        je      read_datum
        test    edx, edx
        jns     .byte
        jmp     read_datum

read_quote:
        mov     ecx, [symbol_quote]
        jmp     read_prefixed
read_quasiquote:
        mov     ecx, [symbol_quasiquote]
        jmp     read_prefixed
read_unquote:
        mov     eax, [source]
        call    peek_byte
        mov     ecx, [symbol_unquote]
        cmp     edx, '@'
        jne     read_prefixed
        call    next_byte
        mov     ecx, [symbol_unquote_splicing]
read_prefixed:                          # (symbol datum)
        push    ecx
        mov     eax, [source]
        mov     eax, [eax+PORT_LINE]
        push    eax                     # small
        call    read_inner
        push    eax
        mov     eax, NIL
        call    cons
        pop     ecx
        push    ecx
        mov     edx, [esp+4]
        push    edx
        call    cons
        pop     ecx
        pop     edx
        jmp     note_line

# note_line: records that the pair eax is in the line ecx. Keeps eax.
note_line:
        mov     edx, [lines]
        cmp     edx, FALSE
        je      .done
        mov     ebp, [lines_count]
        push    ecx
        mov     ecx, [edx]
        shr     ecx, 8
        cmp     ebp, ecx
        jb      .room
        push    eax                     # twice as long
        lea     ecx, [ecx*8+8]
        mov     eax, NIL
        call    allocate
        mov     eax, ecx
        sub     eax, 8
        shl     eax, 6
        mov     al, T_VECTOR
        mov     [edx], eax
        push    esi
        push    edi
        mov     esi, [lines]
        mov     ebp, [esi]
        shr     ebp, 8
        add     esi, 4
        lea     edi, [edx+4]
        sub     ecx, 8
        shr     ecx, 2
        push    ecx
        mov     ecx, ebp
        rep movsd
        pop     ecx
        sub     ecx, ebp
        mov     eax, FALSE
        rep stosd
        pop     edi
        pop     esi
        mov     [lines], edx
        pop     eax
.room:
        pop     ecx
        lea     edx, [edx+ebp*4+4]
        mov     [edx], eax
        lea     ecx, [ecx+ecx+1]
        mov     [edx+4], ecx
        add     dword [lines_count], 2
.done:
        ret

# read_list: the elements as they come, then the pairs from the last to the first
read_list:
        mov     eax, [source]
        push    dword [eax+PORT_LINE]   # small
        push    0                       # number of elements, a fixnum less one
.element:
        call    read_datum
        cmp     eax, CLOSING
        je      .end
        cmp     eax, EOF
        je      unexpected_end
        cmp     eax, DOT
        je      .dot
        mov     ecx, [esp]              # the count stays on top
        mov     [esp], eax
        add     ecx, 2
        push    ecx
        jmp     .element
.dot:
        cmp     dword [esp], 0
        je      bad_dot
        call    read_inner
        push    eax
        call    read_datum
        cmp     eax, CLOSING
        jne     bad_dot
        pop     eax
        jmp     .last
.end:
        mov     eax, NIL
.last:
        mov     esi, [esp]
        add     esp, 4
        mov     ecx, esi
        shl     ecx, 2                  # 8 bytes for each
        jecxz   .empty
        call    allocate
.pair:
        pop     ecx
        mov     [edx], ecx
        mov     [edx+4], eax
        lea     eax, [edx+4]
        add     edx, 8
        sub     esi, 2
        jne     .pair
        pop     ecx
        jmp     note_line
.empty:
        pop     ecx
        ret

read_vector:
        call    read_list
        mov     ebp, eax
        xor     ecx, ecx
.count:
        PAIR    ebp, .counted
        mov     ebp, [ebp]
        inc     ecx
        jmp     .count
.counted:
        cmp     ebp, NIL
        jne     bad_dot
        push    ecx
        lea     ecx, [ecx*4+11]
        and     ecx, -8
        call    allocate
        pop     ecx
        shl     ecx, 8
        mov     cl, T_VECTOR
        mov     [edx], ecx
        mov     ecx, edx
.element:
        cmp     eax, NIL
        je      .done
        add     ecx, 4
        mov     ebp, [eax-4]
        mov     [ecx], ebp
        mov     eax, [eax]
        jmp     .element
.done:
        mov     eax, edx
        ret

# read_hash: what begins with #
read_hash:
        mov     eax, [source]
        call    next_byte
        cmp     edx, '('
        je      read_vector
        cmp     edx, '\\'
        je      read_character
        cmp     edx, ';'
        je      .datum
        cmp     edx, '|'
        je      .block
        cmp     edx, '!'
        je      .directive
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
        cmp     ecx, 2
        je      .letter
        cmp     edx, '#tru'
        je      .true
        cmp     edx, '#fal'
        je      .false
        and     edx, 0xFFFFFF
        cmp     edx, '#u8'
        je      .bytes
        jmp     .number
.letter:
        cmp     dh, 't'
        je      .true
        cmp     dh, 'f'
        je      .false
        jmp     bad_token
.true:
        mov     eax, TRUE
        ret
.false:
        mov     eax, FALSE
        ret
.bytes:
        cmp     ecx, 3
        jne     bad_token
        mov     eax, [source]
        call    next_byte
        cmp     edx, '('
        jne     bad_token
        jmp     read_bytes
.number:                                # #x1F and the like
        mov     dl, [ebp+DATA+1]
        or      dl, 0x20
        mov     eax, 16
        cmp     dl, 'x'
        je      .radix
        mov     eax, 10
        cmp     dl, 'd'
        je      .radix
        cmp     dl, 'e'
        je      .radix
        mov     eax, 8
        cmp     dl, 'o'
        je      .radix
        mov     eax, 2
        cmp     dl, 'b'
        jne     bad_token
.radix:
        mov     edx, 2
        call    parse_number
        cmp     eax, FALSE
        je      bad_token
        ret
.datum:
        call    read_inner
        jmp     read_datum
.directive:                             # #!/usr/bin/scheme, #!fold-case: the line is skipped
        jmp     read_comment
.block:
        push    1                       # depth
.byte:
        mov     eax, [source]
        call    next_byte
.have:
        test    edx, edx
        js      unexpected_end
        cmp     edx, '|'
        je      .bar
        cmp     edx, '#'
        jne     .byte
        call    next_byte
        cmp     edx, '|'
        jne     .have
        inc     dword [esp]
        jmp     .byte
.bar:
        call    next_byte
        cmp     edx, '#'
        jne     .have
        dec     dword [esp]
        jne     .byte
        pop     eax
        jmp     read_datum

read_bytes:
        call    read_list
        push    eax
        mov     ecx, 0
.count:
        PAIR    eax, .counted
        mov     eax, [eax]
        inc     ecx
        jmp     .count
.counted:
        mov     edx, T_BYTES
        mov     eax, NIL
        call    new_bytes
        pop     ecx
        lea     ebp, [eax+DATA]
.byte:
        cmp     ecx, NIL
        je      .done
        mov     edx, [ecx-4]
        cmp     edx, 255*2+1
        ja      .wrong
        shr     edx, 1
        jnc     .wrong
        mov     [ebp], dl
        inc     ebp
        mov     ecx, [ecx]
        jmp     .byte
.done:
        ret
.wrong:
        mov     eax, [ecx-4]
        jmp     not_byte

# start_token: [text] = the byte [read_byte]; eax = [text]
start_token:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
        mov     edx, [read_byte]
        jmp     put_byte

# rest_of_token: adds what follows up to a delimiter; eax = [text]
rest_of_token:
        mov     eax, [source]
        call    peek_byte
        test    edx, edx
        js      .done
        cmp     edx, 127
        ja      .add
        movzx   ecx, byte [read_table+edx]
        cmp     ecx, READ_DELIMITERS
        jb      .done
.add:
        call    next_byte
        mov     eax, [text]
        call    put_byte
        jmp     rest_of_token
.done:
        mov     eax, [text]
        ret

# new_text: eax = object of type edx with the bytes of [text]
new_text:
        mov     eax, [text]
        mov     ecx, [eax+PORT_NEXT]
        call    new_bytes
        push    esi
        push    edi
        mov     ecx, [eax+LENGTH]
        shr     ecx, 1
        mov     esi, [text]
        mov     esi, [esi+PORT_BUFFER]
        add     esi, DATA
        lea     edi, [eax+DATA]
        call    copy_bytes
        pop     edi
        pop     esi
        ret

read_token:
        mov     [read_byte], edx
read_other:
        call    start_token
        call    rest_of_token
        mov     ecx, [eax+PORT_NEXT]
        mov     ebp, [eax+PORT_BUFFER]
        movzx   edx, byte [ebp+DATA]
        cmp     ecx, 1
        jne     .long
        cmp     edx, '.'
        je      .dot
.long:
        cmp     edx, '9'                # could it be a number?
        ja      .symbol
        cmp     edx, '+'
        jb      .symbol
        mov     eax, 10
        xor     edx, edx
        call    parse_number
        cmp     eax, FALSE
        je      .other
        ret
.other:
        call    looks_like_number
        je      no_such_number
.symbol:
        mov     edx, T_STRING
        call    new_text
        jmp     intern
.dot:
        mov     eax, DOT
        ret

# looks_like_number: zero flag if [text] is written as a number of another kind: digits, with
# any of . e / among them
looks_like_number:
        mov     eax, [text]
        mov     ecx, [eax+PORT_NEXT]
        mov     ebp, [eax+PORT_BUFFER]
        add     ebp, DATA
        xor     edx, edx                # dl: digits, dh: others
.byte:
        mov     al, [ebp]
        inc     ebp
        cmp     al, '0'
        jb      .sign
        cmp     al, '9'
        ja      .letter
        inc     dl
        jmp     .next
.letter:
        or      al, 0x20
        cmp     al, 'e'
        jne     .no
        test    dl, dl
        je      .no
        mov     dh, 1
        jmp     .next
.sign:
        cmp     al, '+'
        je      .next
        cmp     al, '-'
        je      .next
        cmp     al, '.'
        je      .mark
        cmp     al, '/'
        jne     .no
.mark:
        mov     dh, 1
.next:
        dec     ecx
        jne     .byte
        test    dl, dl
        je      .no
        cmp     dh, 1
        ret
.no:
        test    esp, esp
        ret

# parse_number: eax = the integer in [text] from byte edx on, radix eax; or FALSE
parse_number:
        mov     [radix], eax
        mov     [parse_index], edx
        mov     dword [parse_sign], 0
        call    parse_byte
        js      .none
        cmp     eax, '-'
        je      .minus
        cmp     eax, '+'
        je      .plus
        jmp     .first
.minus:
        inc     dword [parse_sign]
.plus:
        call    parse_byte
        js      .none
.first:
        push    1                       # the value
.digit:
        or      eax, 0x20
        sub     eax, '0'
        cmp     eax, 9
        jbe     .have
        sub     eax, 'a'-'0'
        js      .wrong
        add     eax, 10
.have:
        cmp     eax, [radix]
        jae     .wrong
        mov     ecx, [esp]
        test    cl, 1
        je      .big
        mov     edx, ecx
        add     edx, 0x02000000
        cmp     edx, 0x04000000
        jae     .big
        dec     ecx
        imul    ecx, [radix]
        lea     ecx, [ecx+eax*2+1]
        mov     [esp], ecx
        jmp     .next
.big:
        push    eax
        mov     eax, [radix]
        lea     eax, [eax+eax+1]
        call    big_multiply
        mov     ecx, eax
        pop     eax
        lea     eax, [eax+eax+1]
        call    big_add
        mov     [esp], eax
.next:
        call    parse_byte
        jns     .digit
        pop     eax
        cmp     dword [parse_sign], 0
        je      .done
        mov     ecx, 1
        jmp     big_subtract
.done:
        ret
.wrong:
        pop     eax
.none:
        mov     eax, FALSE
        ret

# parse_byte: eax = the next byte, or sign flag
parse_byte:
        mov     eax, [text]
        mov     ecx, [parse_index]
        cmp     ecx, [eax+PORT_NEXT]
        jae     .end
        inc     dword [parse_index]
        mov     eax, [eax+PORT_BUFFER]
        movzx   eax, byte [eax+ecx+DATA]
        test    eax, eax
        ret
.end:
        mov     eax, -1
        test    eax, eax
        ret

# (%string->number s radix)
op_string_to_number:
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
        mov     edx, T_STRING
        call    new_text
        jmp     intern
read_quoted:
        mov     eax, [text]
        mov     dword [eax+PORT_NEXT], 0
.byte:
        mov     eax, [source]
        call    next_byte
        cmp     edx, [read_byte]
        je      .done
        test    edx, edx
        js      unexpected_end
        cmp     edx, '\\'
        je      .escape
.put:
        mov     eax, [text]
        call    put_byte
        jmp     .byte
.done:
        ret
.escape:
        call    next_byte
        mov     ecx, escapes
.find:
        cmp     dl, [ecx]
        je      .found
        add     ecx, 2
        cmp     byte [ecx], 0
        jne     .find
        cmp     dl, 'x'
        je      .hex
        cmp     dl, '\\'
        je      .put
        cmp     dl, '"'
        je      .put
        cmp     dl, '|'
        je      .put
.blank:                                 # blanks, a newline, blanks
        cmp     dl, 10
        je      .newline
        call    is_blank
        jne     bad_escape
        call    next_byte
        jmp     .blank
.newline:
        call    peek_byte
        call    is_blank
        jne     .byte
        call    next_byte
        jmp     .newline
.found:
        mov     dl, [ecx+1]
        jmp     .put
.hex:                                   # \x41;
        xor     ebp, ebp
.digit:
        call    next_byte
        cmp     dl, ';'
        je      .code
        call    hex_digit
        jc      bad_escape
        shl     ebp, 4
        add     ebp, edx
        cmp     ebp, 255
        ja      bad_escape
        jmp     .digit
.code:
        mov     edx, ebp
        jmp     .put
is_blank:
        cmp     dl, ' '
        je      .done
        cmp     dl, 9
.done:
        ret
hex_digit:                              # edx = value of the digit dl, or carry
        or      dl, 0x20
        sub     dl, '0'
        cmp     dl, 9
        jbe     .done
        sub     dl, 'a'-'0'
        cmp     dl, 5
        ja      .no
        add     dl, 10
.done:
        clc
        ret
.no:
        stc
        ret

read_character:
        mov     eax, [source]
        call    next_byte
        test    edx, edx
        js      unexpected_end
        mov     [read_byte], edx
        call    start_token
        call    rest_of_token
        mov     ebp, [eax+PORT_BUFFER]
        add     ebp, DATA
        mov     ecx, [eax+PORT_NEXT]
        movzx   eax, byte [ebp]
        cmp     ecx, 1
        je      .char
        cmp     al, 'x'
        je      .hex
.name:
        mov     edx, character_names
.entry:                                 # code, length, name
        cmp     byte [edx+1], 0
        je      bad_token
        cmp     cl, [edx+1]
        jne     .next
        push    esi
        push    edi
        push    ecx
        mov     esi, ebp
        lea     edi, [edx+2]
        repe cmpsb
        pop     ecx
        pop     edi
        pop     esi
        je      .named
.next:
        movzx   eax, byte [edx+1]
        lea     edx, [edx+eax+2]
        jmp     .entry
.named:
        movzx   eax, byte [edx]
.char:
        shl     eax, 8
        mov     al, CHAR
        ret
.hex:
        xor     eax, eax
.digit:
        inc     ebp
        dec     ecx
        je      .char
        movzx   edx, byte [ebp]
        call    hex_digit
        jc      bad_token
        shl     eax, 4
        add     eax, edx
        cmp     eax, 255
        ja      bad_token
        jmp     .digit

# (%read port): the next datum
op_read:
        mov     dl, INPUT
        call    check_port
        ENTER_NATIVE
        mov     [source], eax
        call    read
        LEAVE_NATIVE
        NEXT
