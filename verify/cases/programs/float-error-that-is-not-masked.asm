; A division by zero in the FPU that is not masked shows at the next instruction that waits.
%include "elf.inc"
        fninit
        push    dword 0x37B
        fldcw   [esp]
        fld1
        fldz
        fdivp
        fwait
end:
