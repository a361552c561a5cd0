; kexec: takes the machine over as the kexec programs of bootstrap chains do, which come from a world
; without paging.
;
; argv[1] is the size of /initrd, 8 hex digits: it is made here, by this program. Then the new
; kernel is copied to 0x00100000 while this one is still called, and a trampoline to 0x001B0000,
; which enables interrupts, copies the file behind the new kernel, over all tables of the old one,
; and enters the new kernel where it is linked: at 0x80100000, with a GDT whose base is 0x80000000.
; There it maps itself by page tables of its own, sees whether all has come, takes a tick of the
; clock through an IDT of its own, says so through port E9h, and resets the machine.
        bits 32
        org 0x08048000

NAMES   equ 0x00200000
FILES   equ 0x01000000
LAST    equ 14335
KERNEL  equ 0x00100000
TRAMPOLINE equ 0x001B0000
INITRD  equ 0x001C6000
LINKED  equ 0x80000000
MARK    equ 0x4B52414D
TICKS   equ 3                           ; of the clock, with interrupts enabled: 110 ms and more
READS   equ 4000000                     ; of its counter at most: a machine may have none

        db 0x7F, "ELF", 1, 1, 1
        times 9 db 0
        dw 2, 3
        dd 1, start, 52, 0, 0
        dw 52, 32, 1, 0, 0, 0
        dd 1, 0, 0x08048000, 0, end - 0x08048000, end - 0x08048000, 7, 0x1000

; writes a text
%macro say 1
        mov     eax, 4
        mov     ebx, 1
        mov     ecx, %1
        mov     edx, %1_end - %1
        int     0x80
%endmacro

start:  mov     esi, [esp+8]            ; argv[1]
        mov     ecx, 8
.digit: lodsb
        sub     al, '0'
        cmp     al, 10
        jb      .decimal
        sub     al, 'A' - '0' - 10
.decimal:
        shl     dword [size], 4
        or      [size], al
        loop    .digit

; /initrd: a mark at its start, in its middle and at its end
        mov     eax, 5
        mov     ebx, name
        mov     ecx, 0x42               ; O_RDWR | O_CREAT
        int     0x80
        mov     ebp, eax
        xor     ecx, ecx
        call    mark
        mov     ecx, [size]
        shr     ecx, 1
        and     ecx, -4
        call    mark
        mov     ecx, [size]
        sub     ecx, 4
        call    mark

; its address and length, from the tables, the highest number first
        mov     edx, LAST
.file:  mov     edi, edx
        shl     edi, 10
        add     edi, NAMES
        mov     esi, name
        mov     ecx, name_end - name
        repe    cmpsb
        je      .found
        dec     edx
        jmp     .file
.found: shl     edx, 4
        mov     ebx, [edx + FILES + 4]
        mov     [initrd], ebx
        mov     eax, [edx + FILES + 8]
        cmp     eax, [size]
        mov     ebx, 2
        jne     fail

        mov     esi, kernel
        mov     edi, KERNEL
        mov     ecx, kernel_end - kernel
        rep     movsb
        say     copied
        mov     esi, trampoline
        mov     edi, TRAMPOLINE
        mov     ecx, trampoline_end - trampoline
        rep     movsb
        say     leaving
        mov     esi, [initrd]
        mov     ecx, [size]
        mov     eax, TRAMPOLINE
        jmp     eax

fail:   mov     eax, 1
        int     0x80

; the mark to offset ecx of /initrd
mark:   mov     eax, 19
        mov     ebx, ebp
        xor     edx, edx
        int     0x80
        mov     eax, 4
        mov     ecx, the_mark
        mov     edx, 4
        int     0x80
        cmp     eax, edx
        mov     ebx, 3
        jne     fail
        ret

; esi /initrd, ecx its size; runs at TRAMPOLINE
trampoline:
        sti
        mov     edi, INITRD
        mov     edx, ecx
        shr     ecx, 2
        rep     movsd
        mov     eax, [0]                ; who has no paging may read page 0
        mov     eax, [8]
        mov     ebx, TICKS
        mov     ecx, READS
        xor     ebp, ebp
.wait:  xor     eax, eax                ; latch the counter of the clock
        out     0x43, al
        in      al, 0x40
        mov     ah, al
        in      al, 0x40
        xchg    al, ah
        cmp     eax, ebp                ; it counts down: up is a tick
        mov     ebp, eax
        jbe     .same
        dec     ebx
        jz      .over
.same:  loop    .wait
.over:  lgdt    [TRAMPOLINE + table - trampoline]
        mov     eax, 0x20
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
        jmp     0x18:LINKED + KERNEL
        align   8
gdt:    dq      0, 0, 0
        dw      0xFFFF, 0, 0x9A00, 0x80CF
        dw      0xFFFF, 0, 0x9200, 0x80CF
table:  dw      5 * 8 - 1
        dd      TRAMPOLINE + gdt - trampoline
trampoline_end:

; The new kernel. edx is the size of the initrd. Where it stands it is linked to LINKED + KERNEL,
; and the segments have the base LINKED, so that its first addresses are right without paging.
%define at(label) (LINKED + KERNEL + (label) - kernel)
PAGES   equ 0x00080000                  ; its page tables, and below them its stack
kernel: mov     esp, LINKED + PAGES
        xor     esi, esi
        cmp     dword [LINKED + INITRD], MARK
        jne     .bad
        lea     eax, [edx - 4]
        cmp     dword [LINKED + INITRD + eax], MARK
        jne     .bad
        mov     eax, edx
        shr     eax, 1
        and     eax, -4
        cmp     dword [LINKED + INITRD + eax], MARK
        je      .all
.bad:   inc     esi
; the first 4 MiB where they are and at LINKED; a directory and one table
.all:   mov     edi, LINKED + PAGES
        mov     ecx, 1024
        xor     eax, eax
        rep     stosd
        mov     dword [LINKED + PAGES], PAGES + 0x1003
        mov     dword [LINKED + PAGES + (LINKED >> 20)], PAGES + 0x1003
        mov     ecx, 1024
        mov     eax, 3
.page:  stosd
        add     eax, 0x1000
        loop    .page
        mov     eax, PAGES
        mov     cr3, eax
        mov     eax, cr0
        or      eax, 0x80000000
        mov     cr0, eax
        lgdt    [at(flat_table)]        ; the segment still has its base
        jmp     0x08:at(.flat)
.flat:  mov     eax, 0x10
        mov     ds, eax
        mov     es, eax
        mov     ss, eax
; IRQ 0 to vector 32
        mov     edi, LINKED + PAGES + 0x3000
        mov     dword [edi + 32 * 8], 0x00080000 + (at(tick) & 0xFFFF)
        mov     dword [edi + 32 * 8 + 4], (at(tick) & 0xFFFF0000) + 0x8E00
        cli
        lidt    [at(idt_table)]
        mov     ebx, at(init)
        mov     ecx, 6
.port:  movzx   edx, byte [ebx]
        mov     al, [ebx+1]
        out     dx, al
        add     ebx, 2
        loop    .port
        sti
        hlt                                     ; until the tick
        cli
        mov     ebx, at(well)
        test    esi, esi
        jz      .print
        mov     ebx, at(ill)
.print: mov     al, [ebx]
        inc     ebx
        test    al, al
        jz      .reset
        out     0xE9, al
        jmp     .print
.reset: lidt    [at(no_idt)]
        int3

tick:   mov     al, 0x20
        out     0x20, al
        iret

; ports of the first 8259: to vector 32, only the clock
init:   db      0x20, 0x11, 0x21, 0x20, 0x21, 0x04, 0x21, 0x01, 0x21, 0xFE, 0x20, 0x20
well:   db      "taken over", 10, 0
ill:    db      "the initrd is not there", 10, 0
        align   8
flat:   dq      0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF
flat_table:
        dw      3 * 8 - 1
        dd      at(flat)
idt_table:
        dw      33 * 8 - 1
        dd      LINKED + PAGES + 0x3000
no_idt: dw      0
        dd      0
kernel_end:

name:   db      "/initrd", 0
name_end:
the_mark: dd    MARK
size:   dd      0
initrd: dd      0
copied: db      "the new kernel is in place", 10
copied_end:
leaving: db     "leaving", 10
leaving_end:
end:
