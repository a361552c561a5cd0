; The call that opens the A20 gate spoils all.
%include "spoil.inc"
%include "hook.inc"
        cmp     ax, 0x2401
        jne     pass
        spoiling
hook_end
