; The BIOS knows no LBA: 41h to 43h fail.
%include "hook.inc"
        cmp     ah, 0x41
        jb      pass
        cmp     ah, 0x43
        ja      pass
        mov     ah, 1
        stc
        retf    2
hook_end
