; The table, and ebx = 0 with its last entry.
%include "answer.inc"
        answer
        last_is_zero
        done
table
hook_end
