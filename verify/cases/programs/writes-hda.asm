; Makes /dev/hda of the text below at PLACE, with a hole before it. The text is FILL bytes and a
; command that makes /dev/hda of NEW!.
%include "elf.inc"
        mov     eax, 5                  ; open for writing, created and emptied
        mov     ebx, name
        mov     ecx, 0x241
        mov     edx, 0x1A4
        int     0x80
        mov     ebx, eax
        mov     eax, 19                 ; lseek
        mov     ecx, PLACE
        xor     edx, edx
        int     0x80
        mov     eax, 4                  ; write
        mov     ecx, text
        mov     edx, end - text
        int     0x80
        exit    0
name:   db      '/dev/hda', 0
text:   times FILL db 'z'
        db      'src 4 /dev/hda', 10, 'NEW!', 0
end:
