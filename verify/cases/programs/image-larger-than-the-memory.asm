; A segment ends past the program area.
%define ELF_MEMSZ 0xB0000000
%include "elf.inc"
        exit    0
end:
