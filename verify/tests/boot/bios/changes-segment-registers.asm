; The segment registers that point to no buffer of the call change as well.
%include "clobber.inc"
        push    word 0x1234
        pop     es
        push    word 0x5678
        pop     fs
        push    word 0x9ABC
        pop     gs
        retf    2
hook_end
