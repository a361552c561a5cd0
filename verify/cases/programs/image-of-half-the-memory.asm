; A segment ends past the program area.
%define ELF_MEMSZ 0x20000000
%include "elf.inc"
        exit    0
end:
