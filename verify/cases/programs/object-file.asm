; An object file (ET_REL) is no program.
%define ELF_TYPE 1
%include "elf.inc"
        exit    0
end:
