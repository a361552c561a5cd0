; Runs generated cases of hardware task switches and prints one line for each: which vector ended it,
; the error code, and a digest of all that it left. The same disk boots on the PC, QEMU and Bochs.
;
;   0500  packet     7C00  the first sector     7E00  the rest of this program, then the cases
;   20000 GDT in use   21000 IDT   22000 eight TSS for the case
;   23000 page directory   24000 page table in use   26000 TSS of the ends: each vector is a task
;   25000 another page table, with the window's pages turned by one   29000 and its directory
;   28000 stack        30000 results       40000 the window that cases work on, 16 pages
;   50000 ring 3 stack   60000 code of the running case
;
; A case: 32 bytes of code, and at 56 which task it begins in: of ring 0, of ring 3, of 16 bits. Where FIX is 1 a page fault of the
; window makes its page present and writable, and the case goes on.
        org     0x7C00
        bits    16

GDT     equ     0x20000
IDT     equ     0x21000
TSS     equ     0x22000
DIR     equ     0x23000
TABLE   equ     0x24000
TURNED  equ     0x25000
ENDS    equ     0x26000
OTHER   equ     0x29000
STACK   equ     0x28F00
RESULTS equ     0x30000
WINDOW  equ     0x40000
CODE    equ     0x60000
CASE    equ     64
END     equ     24                              ; where tasks enter the code of a case: INT 7Fh
LINE    equ     12
VECTORS equ     20                              ; the last: INT 7Fh
FIRST   equ     40                              ; descriptor of the first end

%include "verify/tests/pc/loader.inc"

; From here on sector 1 and behind.
        bits    32
protected:
        mov     ax, 16
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, STACK
        mov     edi, TABLE                      ; the first 4 MiB as they are, for all, twice
        mov     ebx, 2
.table: mov     eax, 7
.page:  stosd
        add     eax, 0x1000
        cmp     eax, 0x400007
        jb      .page
        dec     ebx
        jnz     .table
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
        mov     dword [current], cases
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
fresh:  mov     esi, gdt
        mov     edi, GDT
        mov     ecx, 128
        rep movsd
        mov     esi, idt_cases
        mov     edi, IDT + 64 * 8
        mov     ecx, 32 * 2
        rep movsd
        mov     esi, tasks
        mov     edi, TSS
        mov     ecx, 8 * 32
        rep movsd
        mov     esi, pages
        mov     edi, TABLE + WINDOW / 1024
        mov     ecx, 16
        rep movsd
        mov     edi, TURNED + WINDOW / 1024
        mov     ecx, 15
.turn:  mov     eax, [pages + ecx * 4]
        stosd
        loop    .turn
        mov     eax, [pages]
        stosd
        mov     edi, WINDOW
        mov     eax, 0x5EEDBED0
        mov     ecx, 16 * 1024
.fill:  stosd
        add     eax, 0x01010107
        loop    .fill
        mov     esi, ebp
        mov     edi, CODE
        mov     ecx, 8
        rep movsd
        mov     dword [fixed], 0
        mov     cr2, ecx
        lgdt    [own_gdt]
        lldt    cx
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
        mov     esi, TSS
        mov     ecx, 8 * 32
        call    mix
        mov     esi, GDT
        mov     ecx, 128
        call    mix
        mov     esi, TABLE + WINDOW / 1024
        mov     ecx, 16
        call    mix
        mov     esi, WINDOW
        mov     ecx, 16 * 1024
        call    mix
        mov     edi, [result]
        pop     eax
        stosd
        pop     eax
        stosd
        mov     eax, edx
        stosd
        mov     [result], edi
        add     dword [current], CASE
        jmp     next

mix:    lodsd
        xor     edx, eax
        rol     edx, 5
        imul    edx, edx, 0x9E3779B1
        loop    mix
        ret

%include "verify/tests/pc/report.inc"

        align   4
current: dd     0
first:  dd      0, 0
fixed:  dd      0
result: dd      RESULTS
own_gdt: dw     0x1FF
        dd      GDT
idt:    dw      128 * 8 - 1
        dd      IDT

        bits    32
        align   16
ends:
%assign n 0
%rep VECTORS
        %if !(n == 8 || (n >= 10 && n <= 14) || n == 17)
        push    byte 0
        %endif
        push    byte n
        jmp     near stopped
        align   16
        %assign n n + 1
%endrep

        times   0x1600 - ($ - $$) db 0
gdt:    times   512 db 0
idt_cases: times 256 db 0
pages:  times   64 db 0
tasks:  times   8 * 128 db 0
        times   0x1E00 - ($ - $$) db 0
cases:  times   COUNT * CASE db 0
cases_end:
SECTORS equ     (0x1C00 + COUNT * CASE + 511) / 512
        times   (SECTORS + 1) * 512 - ($ - $$) db 0
