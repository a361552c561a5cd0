; The end of a segment in memory wraps around, nearly.
%define ELF_MEMSZ 0xF7FB7000
%include "elf.inc"
        exit    0
end:
