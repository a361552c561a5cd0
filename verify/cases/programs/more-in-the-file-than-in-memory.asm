; p_filesz is greater than p_memsz.
%define ELF_MEMSZ end - $$ - 1
%include "elf.inc"
        exit    0
end:
