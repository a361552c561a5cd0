; A shared object (ET_DYN) is no program.
%define ELF_TYPE 3
%include "elf.inc"
        exit    0
end:
