; In place of the kernel, SIZE bytes: prints in which state it was entered, and resets the machine:
;   CS SS DL CX SUM
; where SUM adds up its own bytes. What it calls may change any register but SS and SP.
        org 0x7E00
        bits 16
SIZE    equ 7 * 512

        mov     ax, ss
        mov     bx, cs
        cld
        xor     si, si
        mov     ds, si
        mov     ss, si
        mov     esp, 0x7000
        push    cx
        push    dx
        push    ax
        push    bx
        mov     si, 0x7E00
        mov     cx, SIZE
        xor     bx, bx
        xor     ax, ax
sum:    lodsb
        add     bx, ax
        loop    sum
        pop     ax
        call    word4
        pop     ax
        call    word4
        pop     dx
        mov     ah, dl
        mov     cx, 2
        call    digits
        pop     ax
        call    word4
        mov     ax, bx
        call    word4
        mov     al, 10
        call    out
        jmp     0xFFFF:0

; ax in four digits and a blank; the upper cx of them
word4:  mov     cx, 4
digits: rol     ax, 4
        push    ax
        and     al, 15
        cmp     al, 10
        sbb     al, 0x69
        das
        call    out
        pop     ax
        loop    digits
        mov     al, ' '
out:    pusha
        mov     ah, 0x0E
        mov     bx, 7
        int     0x10
        popa
        push    ss
        pop     ds
        cld
        ret

; No two of the sectors are alike.
%assign byte 1
%rep SIZE - ($ - $$)
        db      byte & 0xFF
%assign byte byte * 5 + ($ - $$ >> 9)
%assign byte byte & 0xFFFF
%endrep
