; faults: one processor exception, chosen by the first word's first letter, at a known address.
;
; A flat ELF file: header, the choice, and from 0x08049000 on one slot of 16 bytes for each fault,
; a to z in order. The faulting instruction is the first of its slot, from l to r the second.
SLOTS   equ 0x08049000
PAST_RAM equ 0xF0000000
STACK   equ 0x07800000          ; the lowest byte of the stack

%include "elf.inc"

; Any words after the first: the fault happens in a child's child, and in a line half written.
        mov     esi, [esp+8]            ; argv[1]
        cmp     dword [esp], 2
        jbe     .here
        call    fork_twice
        mov     eax, 4
        mov     ebx, 1
        mov     ecx, half
        mov     edx, half_end - half
        int     0x80
.here:  movzx   eax, byte [esi]
        sub     eax, 'a'
        shl     eax, 4
        add     eax, SLOTS
        mov     edx, eax                ; a slot finds 0 in ecx, an address past RAM in edi,
                                        ; and in ebp a selector that no one has
        mov     eax, 0xFFFF
        xor     ecx, ecx
        mov     ebx, 42
        mov     ebp, 0xFFF8
        mov     edi, PAST_RAM
        jmp     edx

; Goes on in the grandchild; its parents wait and end with their child's status.
fork_twice:
        mov     edi, 2
.again: mov     eax, 2
        int     0x80
        test    eax, eax
        jnz     .parent
        dec     edi
        jnz     .again
        ret
.parent:
        mov     ebx, eax
        mov     eax, 7
        mov     ecx, status
        xor     edx, edx
        int     0x80
        movzx   ebx, byte [status+1]
        mov     eax, 1
        int     0x80

half:   db "half a line"
half_end:
status: dd 0

; A slot of its own for each.
%macro slot 0
        align 16, nop
%endmacro

        times SLOTS - 0x08048000 - ($ - $$) db 0

        slot                            ; a: division by zero
        div     ecx
        slot                            ; b: undefined opcode
        ud2
        slot                            ; c: breakpoint, a trap: the address is the next one's
        int3
        slot                            ; d: a selector that is none
        mov     ds, ebp
        slot                            ; e: a far jump to no code
        jmp     0x1234:0
        slot                            ; f: an interrupt that nobody has
        int     0xF0
        slot                            ; g: quotient too large
        div     byte [one]
        slot                            ; h: a bound exceeded
        bound   ebx, [bounds]
        slot                            ; i: a write past RAM
        mov     [edi], ecx
        slot                            ; j: a read past RAM
        mov     ecx, [edi]
        slot                            ; k: a jump past RAM
        jmp     edi
        slot                            ; l: a push past RAM
        mov     esp, edi
        push    ecx
        slot                            ; m: exit(42), no fault
        xor     eax, eax
        inc     eax
        int     0x80

        slot                            ; n: a system call with a stack past RAM
        mov     esp, edi
        int     0x80
        slot                            ; o: another exception with such a stack
        mov     esp, edi
        ud2
        slot                            ; p: one with a stack at 0
        xor     esp, esp
        div     ecx
        slot                            ; q: a push below the stack
        mov     esp, STACK
        push    ecx
        slot                            ; r: a system call whose registers find no room
        mov     esp, STACK + 16
        int     0x80
        slot                            ; s: the number of an exception, by an interrupt
        int     30
        slot                            ; t: the last one, whose selector the builder uses itself
        int     31
        slot                            ; u: that of the FPU that is not there, and exit(42)
        int     7
        mov     eax, 1
        int     0x80

        align 16
one:    db 1
bounds: dd 0, 1
end:
