# pack: makes a file part of a program, smaller
#
#   pack OUT LABEL IN
#
# OUT is text for link: in rodata, between LABEL and LABEL.end, the number of bytes of IN (four
# bytes), then its bytes, packed: a byte c below 0x80 and c + 1 bytes as they are; or c from 0x80
# on and a distance of two bytes: c - 0x80 + 4 bytes that are equal to those so far back.
# IN has at most LIMIT bytes.
#
# The search (as in LZ77): [heads] has for each hash of four bytes the last place where
# it was seen, [links] for each place the one before it with the same hash. At most TRIES
# places are looked at.
#
# Registers in the search
#   esi  place in IN        ebp  end of IN        edi  in OUT's text
LIMIT       = 0x40000
TRIES       = 64
HASHES      = 0x4000
FURTHEST    = 0xFFFF
LONGEST     = 0x7F + 4

section text
start:
        pop     eax
        cmp     eax, 4
        jne     usage
        pop     eax
        pop     dword [out_name]
        pop     dword [label]
        pop     ebx
        mov     dword [culprit], ebx
        mov     eax, 5                  # open(IN, O_RDONLY)
        xor     ecx, ecx
        int     0x80
        test    eax, eax
        js      cannot_read
        mov     ebx, eax
        mov     esi, input
.read:
        mov     eax, 3
        mov     ecx, esi
        mov     edx, input + LIMIT + 1
        sub     edx, ecx
        je      too_long
        int     0x80
        test    eax, eax
        js      cannot_read
        je      .all
        add     esi, eax
        jmp     .read
.all:
        mov     ebp, esi
        mov     edi, output
        mov     esi, head_text
        call    put_text
        mov     esi, [label]
        call    put_text
        mov     al, 10
        stosb
        mov     eax, ebp
        sub     eax, input
        mov     ecx, 4
.length:
        call    put_byte
        shr     eax, 8
        dec     ecx
        jne     .length
        mov     esi, input
        mov     [literals], esi

.place:                                 # the longest match from esi on
        lea     eax, [esi+4]
        cmp     eax, ebp
        ja      .literal
        call    hash
        mov     ebx, [heads+eax*4]      # ebx = place + 1, 0: none
        mov     dword [best], 3
        mov     dword [tries], TRIES
.candidate:
        test    ebx, ebx
        je      .found
        lea     ecx, [ebx+input-1]
        mov     edx, esi
        sub     edx, ecx
        cmp     edx, FURTHEST
        ja      .found
        xor     eax, eax                # eax = equal bytes
.equal:
        lea     edx, [esi+eax]
        cmp     edx, ebp
        je      .compared
        cmp     eax, LONGEST
        je      .compared
        mov     dl, [ecx+eax]
        cmp     dl, [esi+eax]
        jne     .compared
        inc     eax
        jmp     .equal
.compared:
        cmp     eax, [best]
        jbe     .next
        mov     [best], eax
        mov     edx, esi
        sub     edx, ecx
        mov     [distance], edx
.next:
        mov     ebx, [links+ebx*4-4]
        dec     dword [tries]
        jne     .candidate
.found:
        cmp     dword [best], 4
        jae     .match
.literal:
        cmp     esi, ebp
        je      .end
        call    note
        inc     esi
        jmp     .place
.match:
        call    put_literals
        mov     ecx, [best]
        lea     eax, [ecx+0x80-4]
        call    put_byte
        mov     eax, [distance]
        call    put_byte
        mov     al, ah
        call    put_byte
.skip:
        call    note
        inc     esi
        dec     ecx
        jne     .skip
        mov     [literals], esi
        jmp     .place
.end:
        call    put_literals
        mov     esi, end_text
        call    put_text
        mov     esi, [label]
        call    put_text
        mov     esi, end_suffix
        call    put_text

        mov     ebx, [out_name]
        mov     [culprit], ebx
        mov     eax, 5                  # open(OUT, O_WRONLY | O_CREAT | O_TRUNC, 0755)
        mov     ecx, 0x241
        mov     edx, 0o755
        int     0x80
        test    eax, eax
        js      cannot_write
        mov     ebx, eax
        mov     ecx, output
.write:
        mov     edx, edi
        sub     edx, ecx
        je      .done
        mov     eax, 4
        int     0x80
        test    eax, eax
        jle     cannot_write
        add     ecx, eax
        jmp     .write
.done:
        xor     ebx, ebx
        mov     eax, 1
        int     0x80

# hash: eax = hash of the four bytes at esi
hash:
        mov     eax, [esi]
        imul    eax, eax, 0x9E3779B1
        shr     eax, 18
        ret

# note: notes the place esi, if four bytes are left. Changes eax, edx.
note:
        lea     eax, [esi+4]
        cmp     eax, ebp
        ja      .done
        call    hash
        mov     edx, [heads+eax*4]
        push    edx
        mov     edx, esi
        sub     edx, input
        pop     dword [links+edx*4]
        inc     edx
        mov     [heads+eax*4], edx
.done:  ret

# put_literals: the bytes from [literals] to esi. Changes eax, ecx, edx.
put_literals:
        mov     edx, [literals]
.run:
        mov     ecx, esi
        sub     ecx, edx
        je      .done
        cmp     ecx, 0x80
        jbe     .count
        mov     ecx, 0x80
.count:
        lea     eax, [ecx-1]
        call    put_byte
.byte:
        mov     al, [edx]
        call    put_byte
        inc     edx
        dec     ecx
        jne     .byte
        jmp     .run
.done:  ret

# put_byte: al as two digits, and a newline now and then. Keeps all.
put_byte:
        push    eax
        mov     ah, al
        shr     al, 4
        call    .digit
        mov     al, ah
        and     al, 15
        call    .digit
        inc     dword [column]
        test    dword [column], 31
        jne     .done
        mov     al, 10
        stosb
.done:  pop     eax
        ret
.digit: cmp     al, 10
        jb      .put
        add     al, 'A'-'0'-10
.put:   add     al, '0'
        stosb
        ret

# put_text: the text at esi up to a zero
put_text:
        lodsb
        test    al, al
        je      .done
        stosb
        jmp     put_text
.done:  ret

# The errors: one line, exit status 1
usage:  mov     esi, usage_text
        mov     dword [culprit], no_name
        jmp     report
too_long:
        mov     esi, too_long_text
        jmp     report
cannot_read:
        mov     esi, cannot_read_text
        jmp     report
cannot_write:
        mov     esi, cannot_write_text
report: push    esi
        mov     edi, output
        mov     esi, program
        call    put_text
        mov     esi, [culprit]
        call    put_text
        pop     esi
        call    put_text
        mov     ecx, output
        mov     edx, edi
        sub     edx, ecx
        mov     ebx, 2
        mov     eax, 4
        int     0x80
        mov     ebx, 1
        mov     eax, 1
        int     0x80

section rodata
head_text:      db ".rodata\n:", 0
end_text:       db "\n:", 0
end_suffix:     db ".end\n", 0
no_name:        db 0
program:        db "pack: ", 0
usage_text:     db "usage: pack OUT LABEL IN\n", 0
too_long_text:  db ": too long\n", 0
cannot_read_text: db ": cannot be read\n", 0
cannot_write_text: db ": cannot be written\n", 0

section bss
align 4
out_name:       space 4
label:          space 4
culprit:        space 4
literals:       space 4                 # first byte that is not yet in OUT
best:           space 4
distance:       space 4
tries:          space 4
column:         space 4
heads:          space HASHES * 4
links:          space LIMIT * 4
input:          space LIMIT + 4
output:         space LIMIT * 3
