; After the last entry the first again, for ever.
%include "answer.inc"
        answer
        cmp     si, table_end
        jb      .more
        mov     ebx, 0x80000000         ; bx = 0
.more:  done
table
hook_end
