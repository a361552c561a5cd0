; liar: says that the build has finished, which it has not, and resets the machine in the way that
; the first word's first letter chooses. The second word is the address, 8 hex digits, of the
; instruction that the kernel itself resets the machine with.
PID     equ 0x3062                      ; the kernel's variable: the program that runs
KERNEL_STACK equ 0x2F7C
KERNEL  equ 0x7E00

%include "elf.inc"

        mov     esi, [esp+12]           ; argv[2]
        xor     ebp, ebp                ; becomes the address
        test    esi, esi
        jz      .say
.digit: movzx   eax, byte [esi]
        inc     esi
        test    eax, eax
        jz      .say
        cmp     al, '9'
        jbe     .low
        sub     al, 'A' - '9' - 1
.low:   sub     al, '0'
        shl     ebp, 4
        or      ebp, eax
        jmp     .digit
.say:   mov     eax, 4
        mov     ebx, 1
        mov     ecx, words
        mov     edx, words_end - words
        int     0x80
        mov     esi, [esp+8]
        movzx   eax, byte [esi]
        sub     eax, 'a'
        jmp     [ways + 4*eax]

; a: an exception that cannot be delivered, as the kernel does it
triple: lidt    [nothing]
        int3

; b: through the keyboard controller
keyboard:
        mov     al, 0xFE
        out     0x64, al
        jmp     $

; c: through the chipset
chipset:
        mov     dx, 0xCF9
        mov     al, 6
        out     dx, al
        jmp     $

; d: port 92h
fast:   in      al, 0x92
        or      al, 1
        out     0x92, al
        jmp     $

; e: with the kernel's own instruction, on the stack of the program
jump:   lidt    [nothing]
        jmp     ebp

; f: the same on the kernel's stack
jump_stack:
        mov     esp, KERNEL_STACK
        jmp     jump

; g: and no program runs, the kernel would say; but the script goes on
shell:  mov     dword [PID], 0
        jmp     jump_stack

; h: no program runs, but the reset is ours
ours:   mov     dword [PID], 0
        mov     esp, KERNEL_STACK
        jmp     triple

; i: as g, with the script read to its NUL; and the kernel is no longer what it was
changed:
        call    read_script
        mov     byte [KERNEL], 0x90
        jmp     shell

; j: no reset, but a halt for good
halt:   cli
        hlt
        jmp     halt

; k: the script is read, no program runs, the place is the kernel's, but not the stack
stack:  call    read_script
        mov     dword [PID], 0
        jmp     jump

; l: no lie: reads a line of the script and ends well
honest: mov     eax, 3
        xor     ebx, ebx
        mov     ecx, byte_
        mov     edx, 1
        int     0x80
        cmp     byte [byte_], 10
        jne     honest
        mov     eax, 1
        int     0x80

; Reads the script up to its NUL.
read_script:
        mov     eax, 3
        xor     ebx, ebx
        mov     ecx, byte_
        mov     edx, 1
        int     0x80
        cmp     byte [byte_], 0
        jne     read_script
        ret

words:  db "Build finished.", 10, "00000004", 10
words_end:
        align 4
ways:   dd triple, keyboard, chipset, fast, jump, jump_stack, shell, ours, changed, halt, stack, honest
nothing: dw 0, 0, 0
byte_:  db 1
end:
