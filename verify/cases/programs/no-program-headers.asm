; There is no program header.
%define ELF_PHNUM 0
%include "elf.inc"
        exit    0
end:
