; Eight bits of the status count.
%include "elf.inc"
        exit    256
end:
