; A line without its newline is ended before an ERROR.
%include "elf.inc"
        print   text, 2
        exit    3
text:   db      'hi'
end:
