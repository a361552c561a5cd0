; give FILE...: copies the files, joined, to /dev/hda, as a build does that ends here.
%define ELF_MEMSZ memory_end - $$
%include "elf.inc"

        lea     ebp, [esp+8]            ; argv[1]
        mov     ebx, hda
        mov     ecx, 0x241              ; O_WRONLY | O_CREAT | O_TRUNC
        call    open
        mov     edi, eax
.file:  mov     ebx, [ebp]
        add     ebp, 4
        xor     ecx, ecx
        mov     eax, ebx
        test    ebx, ebx
        jz      quit
        call    open
        mov     esi, eax
.next:  mov     eax, 3
        mov     ebx, esi
        mov     ecx, end
        mov     edx, memory_end - end
        int     0x80
        test    eax, eax
        jz      .file
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
        js      quit
        ret

; ends with 0, or with the errno in eax
quit:   neg     eax
        mov     ebx, eax
        mov     eax, 1
        int     0x80

hda:    db "/dev/hda", 0
end:
memory_end equ end + 4096
