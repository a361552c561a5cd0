; A segment ends one byte past the file.
%define ELF_OFFSET 1
%include "elf.inc"
        exit    0
end:
