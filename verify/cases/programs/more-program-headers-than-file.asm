; The program headers are longer than the file.
%define ELF_PHNUM 65535
%include "elf.inc"
        exit    0
end:
