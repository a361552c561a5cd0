; Any other status ends the build.
%include "elf.inc"
        exit    1
end:
