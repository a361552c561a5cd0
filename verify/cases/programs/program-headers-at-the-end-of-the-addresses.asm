; The end of the program headers wraps around.
%define ELF_PHOFF 0xFFFFFFF0
%include "elf.inc"
        exit    0
end:
