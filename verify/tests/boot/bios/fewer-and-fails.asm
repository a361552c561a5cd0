; A transfer of more than 5 sectors carries 5, says so in the packet, and that it failed.
%include "hook.inc"
        transfers_only
        cmp     word [si + 2], 5
        jbe     pass
        mov     word [si + 2], 5
        bios
        mov     word [si + 2], 5
        jmp     fail
hook_end
