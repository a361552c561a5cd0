; A segment ends past the file: what is not there is zero.
%define ELF_FILESZ 0xE7 + end - $$
%define ELF_MEMSZ 0xE7 + end - $$
%include "elf.inc"
        mov     ecx, 0xE7
        mov     esi, end
.next:  lodsb
        test    al, al
        jnz     .wrong
        loop    .next
        exit    0
.wrong: exit    1
end:
