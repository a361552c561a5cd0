; Runs generated cases of hardware task switches and prints one line for each: which vector ended it,
; the error code, and a digest of all that it left. The same disk boots on the PC, QEMU and Bochs.
;
;   7C00  the first sector     7E00  the rest of this program, then the cases     20000 see paged.inc
;   22000 eight TSS for the case             26000 TSS of the ends: each vector is a task
;   25000 another page table, with the window's pages turned by one   29000 and its directory
;
; A case: 32 bytes of code, and at 56 which task it begins in: of ring 0, of ring 3, of 16 bits; tasks
; enter its code at END. Where FIX is 1, in images of odd seeds, a page fault of the window makes its
; page present and writable, and the case goes on.
        org     0x7C00
        bits    16

%assign FIX SEED & 1
TURNED  equ     0x25000
ENDS    equ     0x26000
OTHER   equ     0x29000
VECTORS equ     20                              ; the last: INT 7Fh
FIRST   equ     40                              ; descriptor of the first end
tasks   equ     pages + 64

%include "verify/tests/pc/loader.inc"
%include "verify/tests/pc/paged.inc"

protected:
        mov     ax, 16
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, STACK
        mov     edi, TABLE
        call    flat_table
        call    flat_table                      ; TURNED
        xor     eax, eax
        mov     edi, DIR
        mov     ecx, 1024
        rep stosd
        mov     edi, OTHER
        mov     ecx, 1024
        rep stosd
        mov     dword [DIR], TABLE + 7
        mov     dword [OTHER], TURNED + 7
        mov     eax, DIR
        mov     cr3, eax
        lidt    [idt]
next:   mov     esp, STACK
        push    dword 2                         ; no NT
        popfd
        mov     ebp, [current]
        cmp     ebp, cases_end
        jae     near finish
        call    fresh
        mov     eax, 0x80010031                 ; PG, WP, NE, ET, PE
        mov     cr0, eax
        movzx   eax, byte [ebp + 56]
        mov     ecx, eax
        shl     ecx, 7
        sub     dword [TSS + ecx + 32], END
        lea     eax, [eax * 8 + 0x40]
        mov     [first + 4], ax
        jmp     short .first                    ; QEMU mixes the new flags with those of `sub` otherwise
.first: jmp     far [first]

; Fresh tables, tasks, window and code.
fresh:  call    fresh_case
        copy    tasks, TSS, 8 * 32
        mov     edi, TURNED + WINDOW / 1024
        mov     ecx, 15
.turn:  mov     eax, [pages + ecx * 4]
        stosd
        loop    .turn
        mov     eax, [pages]
        stosd
        mov     dword [fixed], 0
        mov     edi, ENDS                       ; the tasks of the ends, and their gates
        mov     ecx, (VECTORS + 2) * 32
        xor     eax, eax
        rep stosd
        mov     edi, ENDS
        mov     ebx, GDT + FIRST * 8
        mov     edx, ends
.end:   mov     dword [ebx], 103
        mov     [ebx + 2], edi
        mov     byte [ebx + 5], 0x89
        mov     dword [edi + 28], DIR
        mov     [edi + 32], edx
        mov     dword [edi + 36], 2
        mov     dword [edi + 56], STACK
        mov     byte [edi + 72], 16
        mov     byte [edi + 76], 8
        mov     byte [edi + 80], 16
        mov     byte [edi + 84], 16
        mov     eax, ecx
        shl     eax, 3
        add     eax, FIRST * 8
        mov     [IDT + ecx * 8 + 2], ax
        mov     dword [IDT + ecx * 8 + 4], 0x8500
        add     edi, 128
        add     ebx, 8
        add     edx, 16
        inc     ecx
        cmp     cl, VECTORS + 2
        jb      .end
        mov     dword [IDT + 127 * 8], (FIRST + VECTORS - 1) * 8 << 16
        mov     dword [IDT + 127 * 8 + 4], 0xE500
%if FIX
        mov     dword [IDT + 14 * 8], (FIRST + VECTORS) * 8 << 16
        mov     dword [ENDS + VECTORS * 128 + 32], fix
%endif
        mov     ax, (FIRST + VECTORS + 1) * 8   ; where nobody looks
        ltr     ax
        ret

%if FIX
; The task of page faults. ESP points to the error code.
fix:    pop     eax
        rol     dword [fixed], 7
        xor     [fixed], eax
        mov     eax, cr2
        xor     [fixed], eax
        shr     eax, 12
        sub     eax, WINDOW >> 12
        cmp     eax, 16
        jae     .stop
        or      dword [TABLE + WINDOW / 1024 + eax * 4], 7
        or      dword [TURNED + WINDOW / 1024 + eax * 4], 7
        iretd
        jmp     fix
.stop:  push    eax
        push    byte 14
        jmp     stopped
%endif

; All that a case has left, as one number. The stack: number, error code.
stopped:
        mov     eax, cr2
        mov     ebx, eax
        mov     eax, 0x31                       ; paging off: everything can be looked at
        mov     cr0, eax
        mov     edx, [fixed]
        xor     edx, ebx
        mov     edi, TSS                        ; of EFLAGS: what is defined for all
        mov     ecx, 8
.flags: and     dword [edi + 36], 0x7740
%if !STRICT                                     ; QEMU reports faults in a new task at an EIP of the old one
        cmp     byte [esp], 10
        jb      .kept
        cmp     byte [esp], 14
        ja      .kept
        mov     dword [edi + 32], 0
        mov     word [edi + 14], 0
.kept:
%endif
        add     edi, 128
        loop    .flags
        digest  TSS, 8 * 32
        pop     ebx
        pop     ebp
        jmp     record

        align   4
first:  dd      0, 0
fixed:  dd      0

        entries ends, VECTORS

%include "verify/tests/pc/cases.inc"
