; A segment begins below the program area.
%define ELF_BASE 0x07FFF000
%include "elf.inc"
        exit    0
end:
