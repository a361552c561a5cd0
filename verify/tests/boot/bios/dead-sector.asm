; Sector 123 cannot be transferred by call CALL, nor any transfer with it.
%include "hook.inc"
        cmp     ah, CALL
        jne     pass
        push    eax
        mov     eax, 123
        sub     eax, [si + 8]           ; below the count: it is among them
        jb      .other
        cmp     ax, [si + 2]
        jae     .other
        pop     eax
        jmp     fail
.other: pop     eax
        jmp     pass
hook_end
