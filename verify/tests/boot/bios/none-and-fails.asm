; Every third transfer fails, and says in the packet that no sector came.
%include "hook.inc"
        transfers_only
        inc     byte [cs:calls]
        cmp     byte [cs:calls], 3
        jb      pass
        mov     byte [cs:calls], 0
        cmp     ah, 0x42
        jb      fail
        mov     word [si + 2], 0
        jmp     fail
hook_end
