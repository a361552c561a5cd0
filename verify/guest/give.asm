; give FILE: copies FILE to /dev/hda, as a build does that ends here.
        bits 32
        org 0x08048000

        db 0x7F, "ELF", 1, 1, 1
        times 9 db 0
        dw 2, 3
        dd 1, start, 52, 0, 0
        dw 52, 32, 1, 0, 0, 0
        dd 1, 0, 0x08048000, 0, end - 0x08048000, memory_end - 0x08048000, 7, 0x1000

start:  mov     ebx, [esp+8]            ; argv[1]
        xor     ecx, ecx
        call    open
        mov     esi, eax
        mov     ebx, hda
        mov     ecx, 0x241              ; O_WRONLY | O_CREAT | O_TRUNC
        call    open
        mov     edi, eax
.next:  mov     eax, 3
        mov     ebx, esi
        mov     ecx, end
        mov     edx, memory_end - end
        int     0x80
        test    eax, eax
        jz      exit
        mov     edx, eax
        mov     eax, 4
        mov     ebx, edi
        mov     ecx, end
        int     0x80
        jmp     .next

; ebx path, ecx flags -> eax descriptor; a failure ends the program
open:   mov     eax, 5
        mov     edx, 0x1A4
        int     0x80
        test    eax, eax
        js      exit
        ret

; ends with 0, or with the errno in eax
exit:   neg     eax
        mov     ebx, eax
        mov     eax, 1
        int     0x80

hda:    db "/dev/hda", 0
end:
memory_end equ end + 4096
