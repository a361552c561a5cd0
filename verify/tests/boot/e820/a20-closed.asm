; The A20 gate cannot be opened, and is closed, by port 92h.
%include "answer.inc"
        cmp     ax, 0x2401
        jne     pass
        in      al, 0x92
        and     al, 0xFC
        out     0x92, al
        jmp     fail
table
hook_end
