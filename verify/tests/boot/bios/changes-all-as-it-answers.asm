; Every call spoils what is no answer.
%include "spoil.inc"
%include "hook.inc"
        spoiling
hook_end
