; Registers that the interface does not promise to keep change; the length is ACPI 3's.
%include "answer.inc"
        answer
        last_is_zero
        pop     di
        pop     si
        mov     eax, 0x534D4150
        mov     ecx, 24
        mov     edx, 0xDEADBEEF
        mov     esi, edx
        mov     ebp, edx
        clc
        retf    2
.none:  jmp     fail
table
hook_end
