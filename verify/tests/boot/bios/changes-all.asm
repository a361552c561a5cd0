; Every call of the disk spoils what is no answer, and every third transfer fails.
%include "spoil.inc"
%include "hook.inc"
        third_fails
        spoiling
hook_end
