; There is no such call.
%include "hook.inc"
        cmp     ax, 0xE820
        jne     pass
        mov     ah, 0x86
        stc
        retf    2
hook_end
