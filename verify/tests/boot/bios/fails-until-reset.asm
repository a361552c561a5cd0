; Every third transfer fails, and all after it until there was a reset.
%include "hook.inc"
        test    ah, ah
        jnz     .other
        mov     byte [cs:sick], 0
        jmp     pass
.other:
        transfers_only
        inc     byte [cs:calls]
        cmp     byte [cs:calls], 3
        jb      .well
        mov     byte [cs:calls], 0
        mov     byte [cs:sick], 1
.well:  cmp     byte [cs:sick], 0
        jne     fail
        jmp     pass
sick:   db      0
hook_end
