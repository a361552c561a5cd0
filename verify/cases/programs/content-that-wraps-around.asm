; The end of a segment in the file wraps around.
%define ELF_OFFSET 0xFFFFFFF0
%include "elf.inc"
        exit    0
end:
