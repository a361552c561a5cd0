; The files of a build have the numbers 4, 5, 6 ... in the order in which they were made.
%include "elf.inc"
NAME_4  equ 0x00200000 + 4 * 1024
        cmp     word [NAME_4], '/'
        jne     .wrong
        cmp     dword [NAME_4 + 1024], '/e82'
        jne     .wrong
        cmp     dword [NAME_4 + 2 * 1024], '/dev'
        jne     .wrong
        cmp     word [NAME_4 + 4 * 1024], '/p'
        jne     .wrong
        exit    0
.wrong: exit    1
end:
