; p_memsz is greater than p_filesz: the rest is zero.
%define ELF_MEMSZ end - $$ + 100000
%include "elf.inc"
        exit    0
end:
