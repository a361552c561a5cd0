; No segment is PT_LOAD.
%define ELF_PTYPE 4
%include "elf.inc"
        exit    0
end:
