; Reads ten bytes of the script from descriptor 0, one a call, and shows them.
%include "elf.inc"
        mov     esi, 10
.next:  mov     eax, 3
        xor     ebx, ebx
        mov     ecx, buffer
        mov     edx, 100
        int     0x80
        cmp     eax, 1
        jne     .wrong
        print   buffer, 1
        dec     esi
        jnz     .next
        exit    0
.wrong: exit    9
buffer: times 100 db 0
end:
