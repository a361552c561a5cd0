; The magic number is wrong.
%define ELF_MAGIC 0x464C457E
%include "elf.inc"
        exit    0
end:
