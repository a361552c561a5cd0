; The A20 gate cannot be opened, and is open all the same.
%include "answer.inc"
        cmp     ax, 0x2401
        je      fail
        answer
        last_is_zero
        done
table
hook_end
