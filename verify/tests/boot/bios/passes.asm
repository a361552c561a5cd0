; Nothing is worse.
%include "hook.inc"
        jmp     pass
hook_end
