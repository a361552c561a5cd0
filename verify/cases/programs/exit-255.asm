; The greatest status.
%include "elf.inc"
        exit    -1
end:
