; A transfer of more than 5 sectors carries 5, and says so in the packet.
%include "hook.inc"
        transfers_only
        cmp     word [si + 2], 5
        jbe     pass
        mov     word [si + 2], 5
        bios
        mov     word [si + 2], 5
        retf    2
hook_end
