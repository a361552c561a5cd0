; Writes its arguments, from argv[0] on, a line each; checks their end and the stack.
%include "elf.inc"
        mov     edi, [esp]
        lea     ebp, [esp + 4]
.next:  mov     ecx, [ebp]
        xor     edx, edx
.length:
        inc     edx
        cmp     byte [ecx + edx - 1], 0
        jne     .length
        mov     byte [ecx + edx - 1], 10
        mov     eax, 4
        mov     ebx, 1
        int     0x80
        add     ebp, 4
        dec     edi
        jnz     .next
        cmp     dword [ebp], 0          ; the end of argv
        jne     .wrong
        cmp     dword [ebp + 4], 0      ; an empty envp
        jne     .wrong
        test    esp, 15
        jnz     .wrong
        exit    0
.wrong: exit    9
end:
