/* The entry: notes where argc is, and calls the program. */
        .globl _start
        .text
_start: mov     %esp, arguments
        xor     %ebp, %ebp
        call    run
        .section .note.GNU-stack,"",@progbits
