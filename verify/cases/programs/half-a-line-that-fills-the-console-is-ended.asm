; The same with more than the console takes at once.
%include "elf.inc"
        print   text, 250
        exit    0
text:   times 250 db 'x'
end:
