; The caller gets the flags as they are here: interrupts off, the direction downwards.
%include "clobber.inc"
        cli
        std
        retf    2
hook_end
