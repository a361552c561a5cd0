; A segment lies past the file.
%define ELF_OFFSET 0x10000
%include "elf.inc"
        exit    0
end:
