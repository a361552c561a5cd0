# The entry of every oracle program, and the two ways it has into the kernel.
#
# A program must see what the loader left, so the entry stores every register before it touches
# one; main then gets argc, argv and envp from the stack as System V i386 lays them out.

        .text
        .globl  _start
_start:
        movl    %eax, entry_state+0
        movl    %ebx, entry_state+4
        movl    %ecx, entry_state+8
        movl    %edx, entry_state+12
        movl    %esi, entry_state+16
        movl    %edi, entry_state+20
        movl    %ebp, entry_state+24
        movl    %esp, entry_state+28
        pushfl
        popl    entry_state+32
        fnstcw  entry_state+36
        fnstsw  entry_state+40

        movl    %esp, %eax
        movl    (%eax), %ecx                    # argc
        leal    4(%eax), %edx                   # argv
        leal    8(%eax,%ecx,4), %ebx            # envp, past argv and its null
        pushl   $0                              # the frame ends here for a reader of the stack
        pushl   %ebx
        pushl   %edx
        pushl   %ecx
        call    main
        movl    %eax, %ebx
        movl    $1, %eax
        int     $0x80

# int call(nr, ebx, ecx, edx, esi, edi): one system call, all of EAX as the number, through what
# call_gate leads to, or int 80h.
        .globl  call
call:
        pushl   %ebx
        pushl   %esi
        pushl   %edi
        movl    16(%esp), %eax
        movl    20(%esp), %ebx
        movl    24(%esp), %ecx
        movl    28(%esp), %edx
        movl    32(%esp), %esi
        movl    36(%esp), %edi
        cmpl    $0, call_gate
        jne     1f
        int     $0x80
        jmp     2f
1:      call    *call_gate
2:
        popl    %edi
        popl    %esi
        popl    %ebx
        ret

# void call_with(struct regs *r): one system call with every register and the flags taken from r
# (ESP apart), and every register and the flags put back into r afterwards.
        .globl  call_with
call_with:
        pushal
        movl    36(%esp), %eax
        pushl   %eax
        pushl   32(%eax)                        # flags, for the popf below
        movl    4(%eax), %ebx
        movl    8(%eax), %ecx
        movl    12(%eax), %edx
        movl    16(%eax), %esi
        movl    20(%eax), %edi
        movl    24(%eax), %ebp
        movl    0(%eax), %eax
        popfl
        int     $0x80
        pushfl
        cld
        xchgl   %eax, 4(%esp)                   # r comes, the result goes to its place
        movl    %ebx, 4(%eax)
        movl    %ecx, 8(%eax)
        movl    %edx, 12(%eax)
        movl    %esi, 16(%eax)
        movl    %edi, 20(%eax)
        movl    %ebp, 24(%eax)
        popl    32(%eax)
        popl    0(%eax)
        popal
        ret

# int call_below(nr, ebx, ecx, edx): one system call; how many of the bytes below the stack pointer
# it changed, of 2,048 and without the 44 that processor and kernel push.
        .globl  call_below
call_below:
        pushal
        leal    -2048(%esp), %edi
        movl    $2048, %ecx
        movb    $0x6B, %al
        cld
        rep stosb
        movl    36(%esp), %eax
        movl    40(%esp), %ebx
        movl    44(%esp), %ecx
        movl    48(%esp), %edx
        int     $0x80
        leal    -2048(%esp), %edi
        movl    $(2048 - 44), %ecx
        xorl    %edx, %edx
1:      cmpb    $0x6B, (%edi)
        je      2f
        incl    %edx
2:      incl    %edi
        loop    1b
        movl    %edx, 28(%esp)                  # popal takes it for eax
        popal
        ret

        .bss
        .globl  call_gate
        .align  4
call_gate:
        .long   0
        .globl  entry_state
        .align  4
entry_state:
        .skip   44

        .section .note.GNU-stack,"",@progbits
