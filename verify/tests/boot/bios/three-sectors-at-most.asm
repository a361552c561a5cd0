; No transfer of more than 3 sectors works.
%include "hook.inc"
        transfers_only
        cmp     word [si + 2], 3
        ja      fail
        jmp     pass
hook_end
