; Every call of the disk spoils what is no answer, every third transfer fails, and there is no LBA.
%include "spoil.inc"
%include "hook.inc"
        third_fails
        cmp     ah, 0x41
        jb      .chs
        cmp     ah, 0x43
        ja      .chs
        mov     ah, 1
        stc
        jmp     .spoil
.chs:   spoiling
hook_end
