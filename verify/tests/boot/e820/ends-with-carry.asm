; The end shows as a failure of the call after the last entry.
%include "answer.inc"
        answer
        done
table
hook_end
