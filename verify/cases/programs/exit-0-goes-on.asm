; The status 0 is success.
%include "elf.inc"
        exit    0
end:
