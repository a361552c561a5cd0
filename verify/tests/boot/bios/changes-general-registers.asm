; No general register survives a transfer.
%include "clobber.inc"
        retf    2
hook_end
