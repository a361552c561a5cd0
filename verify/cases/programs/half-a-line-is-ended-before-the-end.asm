; A line without its newline is ended before the shell writes its own.
%include "elf.inc"
        print   text, 2
        exit    0
text:   db      'hi'
end:
