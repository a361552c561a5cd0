; Of a large status the lower eight bits are shown.
%include "elf.inc"
        exit    0x1A2
end:
