; Runs generated cases in protected mode with paging and prints one line for each: what stopped it,
; the error code, and a digest of all that it left. The same disk boots on the PC, QEMU and Bochs.
;
;   7C00  the first sector     7E00  the rest of this program, then the cases     20000 see paged.inc
;
; A case: 32 bytes of code, EAX EBX ECX EDX ESI EDI, the mode (0 ring 0, 1 ring 3, 2 16 bits,
; 3 virtual-8086 mode), IOPL, whether alignment is checked.
        org     0x7C00
        bits    16

%include "verify/tests/pc/loader.inc"
%include "verify/tests/pc/paged.inc"

LOW     equ     0x2A000                         ; where the first pages are kept
LOW_WORDS equ   0x800

protected:
        mov     ax, 16
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     esp, STACK
        copy    0, LOW, LOW_WORDS               ; cases may read there what only the BIOS knows
        xor     eax, eax
        xor     edi, edi
        mov     ecx, LOW_WORDS
        rep stosd
        mov     edi, TABLE
        call    flat_table
        mov     dword [DIR], TABLE + 7
        mov     eax, DIR
        mov     cr3, eax
        mov     edi, IDT                        ; exceptions, gates of the cases, the end of a case
        mov     eax, stubs
        mov     ecx, 128
.gate:  mov     [edi], ax
        mov     dword [edi + 2], 8
        mov     dword [edi + 4], 0x8E00
        add     eax, 16
        add     edi, 8
        loop    .gate
        mov     byte [IDT + 127 * 8 + 5], 0xEE
        mov     dword [TSS + 4], STACK
        mov     dword [TSS + 8], 16
        mov     dword [TSS + 100], 104 << 16
        lidt    [idt]
next:   mov     ebp, [current]
        cmp     ebp, cases_end
        jae     near over
        call    fresh_case
        xor     eax, eax
        mov     fs, ax
        mov     gs, ax
        mov     al, 0x28
        ltr     ax
        mov     eax, 0x80050031                 ; PG, AM, WP, NE, ET, PE
        mov     cr0, eax
        movzx   eax, byte [ebp + 56]
        mov     ebx, [frames + eax * 8]         ; CS
        mov     ecx, [frames + eax * 8 + 4]     ; SS
        mov     esp, STACK
        cmp     al, 3
        je      near virtual
        cmp     al, 1
        jne     .inner
        push    ecx
        push    dword STACK3
.inner: movzx   edx, byte [ebp + 58]
        shl     edx, 18
        or      dl, 2
        push    edx
        push    ebx
        mov     edx, CODE
        cmp     al, 2
        jne     .wide
        xor     edx, edx
.wide:  push    edx
        mov     ds, ecx
        mov     es, ecx
.go:    mov     eax, [ss:ebp + 32]
        mov     ebx, [ss:ebp + 36]
        mov     ecx, [ss:ebp + 40]
        mov     edx, [ss:ebp + 44]
        mov     esi, [ss:ebp + 48]
        mov     edi, [ss:ebp + 52]
        iretd

over:   copy    LOW, 0, LOW_WORDS
        jmp     finish

virtual:
        mov     edx, WINDOW >> 4
        push    edx                             ; GS FS DS ES
        push    edx
        push    edx
        push    edx
        push    dword STACK3 >> 16 << 12        ; SS ESP
        push    dword STACK3 & 0xFFFF
        movzx   eax, byte [ebp + 57]
        shl     eax, 12
        or      eax, 0x20002
        push    eax
        push    dword CODE >> 4
        push    dword 0
        jmp     next.go

; All that a case has left, as one number. The stack: registers, DS ES FS GS, number, error code,
; EIP, CS, EFLAGS, for ring 3 ESP and SS, for virtual-8086 mode also ES DS FS GS.
stopped:
        push    gs
        push    fs
        push    es
        push    ds
        pushad
        mov     ax, 16
        mov     ds, ax
        mov     es, ax
        xor     eax, eax
        mov     dr7, eax
        mov     eax, dr6
        and     eax, 0xE00F
        ror     eax, 4
        mov     ebx, cr2
        xor     ebx, eax
        mov     eax, 0xFFFF0FF0
        mov     dr6, eax
        mov     eax, 0x31                       ; paging off: everything can be looked at
        mov     cr0, eax
        mov     ecx, 17                         ; as far as EFLAGS
        bt      dword [esp + 48 + 16], 17
        jnc     .same
        mov     cl, 23
.same:  and     dword [esp + 48 + 16], 0x7740   ; of EFLAGS: what is defined for all
        mov     word [esp + 34], 0              ; upper halves of what segments were pushed as
        mov     word [esp + 38], 0
        mov     word [esp + 42], 0
        mov     word [esp + 46], 0
        mov     dword [esp + 12], 0             ; ESP of pushad says nothing
        mov     edx, ebx
        mov     esi, esp
        call    mix
        mov     ebx, [esp + 48]
        mov     ebp, [esp + 52]
        jmp     record

        align   4
frames: dd      8, 16, 0x1B, 0x23, 0x30, 16

        entries stubs, 128

%include "verify/tests/pc/cases.inc"
