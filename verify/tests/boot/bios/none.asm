; Every third transfer of more than LEAST sectors carries nothing, and says so only in the packet.
%include "hook.inc"
        transfers_only
        cmp     ah, 0x42
        jb      pass
        cmp     word [si + 2], LEAST
        jbe     pass
        inc     byte [cs:calls]
        cmp     byte [cs:calls], 3
        jb      pass
        mov     byte [cs:calls], 0
        mov     word [si + 2], 0
        mov     ah, 0
        clc
        retf    2
hook_end
