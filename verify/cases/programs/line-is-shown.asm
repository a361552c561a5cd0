; What a program writes to the console is shown.
%include "elf.inc"
        print   text, 3
        exit    0
text:   db      'hi', 10
end:
