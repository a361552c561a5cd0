; An exception names its vector and its address.
%include "elf.inc"
        ud2
end:
