; A program for x86-64 is none for i386.
%define ELF_MACHINE 62
%include "elf.inc"
        exit    0
end:
