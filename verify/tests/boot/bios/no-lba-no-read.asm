; The BIOS knows no LBA, and does not read either.
%include "hook.inc"
        cmp     ah, 0x41
        je      fail
        cmp     ah, 2
        je      fail
        jmp     pass
hook_end
