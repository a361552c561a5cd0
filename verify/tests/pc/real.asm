; Runs generated cases in real mode and prints one line for each: the vector that ended it, CS:IP, and
; a digest of all that it left. The same disk boots on the PC, QEMU and Bochs.
;
;   7C00  the first sector     7E00  the rest of this program, then the cases
;   30000 results              40000 window: data of the cases     50000 their stack
;   60000 code of the running case
;
; A case: 32 bytes of code, EAX EBX ECX EDX ESI EDI, bits: 0 FS and GS reach 4 GiB (unreal mode), 1 DF.
; It begins at 6000:0000 with DS = ES = FS = GS = 4000, SS:SP = 5000:8000, and ends with an interrupt.
        org     0x7C00
        bits    16

RESULTS equ     0x30000
WINDOW  equ     0x4000                          ; segments
STACK   equ     0x5000
CODE    equ     0x6000
VECTORS equ     0x2000                          ; where those of the BIOS are kept

%include "verify/tests/pc/loader.inc"

        bits    32
protected:
        jmp     24:back

; Real mode for good, but for a moment in each case.
        bits    16
back:   mov     eax, 0x30
        mov     cr0, eax
        jmp     0:.real
.real:  xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0x7C00
        mov     ax, VECTORS
        mov     es, ax
        xor     si, si                          ; the BIOS's vectors, and then ours
        xor     di, di
        mov     cx, 0x100
        rep movsw
        mov     es, cx
        xor     di, di
        mov     ax, stubs
        mov     cx, 128
.vector:
        stosw
        add     ax, 8
        mov     word [di], 0
        scasw
        loop    .vector
        mov     si, vectors
        mov     di, 64 * 4
        mov     cx, 32 * 2
        rep movsw
next:   xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7C00
        mov     bp, [current]
        cmp     bp, cases_end
        jae     near over
        mov     bx, 32                          ; limits of FS and GS
        test    byte [bp + 56], 1
        jz      .limits
        mov     bl, 16
.limits:
        lgdt    [table]
        mov     eax, 0x31
        mov     cr0, eax
        jmp     short .on
.on:    mov     fs, bx
        mov     gs, bx
        mov     eax, 0x30
        mov     cr0, eax
        jmp     0:.off
.off:   mov     ax, WINDOW
        call    fill
        mov     ax, STACK
        call    fill
        mov     ax, CODE
        mov     es, ax
        mov     si, bp
        xor     di, di
        mov     cx, 16
        rep movsw
        mov     ax, WINDOW
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        mov     ax, STACK
        mov     ss, ax
        mov     sp, 0x8000
        mov     al, [bp + 56]
        and     ax, 2
        shl     ax, 9
        push    ax
        push    word CODE
        push    word 0
        mov     eax, [bp + 32]
        mov     ebx, [bp + 36]
        mov     ecx, [bp + 40]
        mov     edx, [bp + 44]
        mov     esi, [bp + 48]
        mov     edi, [bp + 52]
        push    word WINDOW
        pop     ds
        mov     ebp, 0x7000
        iret

; The segment in AX gets its pattern.
fill:   mov     es, ax
        xor     di, di
        mov     eax, 0x41234056
        mov     cx, 0x4000
.word:  stosd
        add     eax, 0x01010107
        and     eax, 0x0FFF0FFF                 ; each word a paragraph of the window
        or      eax, 0x40004000
        loop    .word
        ret

; SS:SP points to number, IP, CS, FLAGS.
stopped:
        pop     word [cs:number]
        pop     word [cs:where]
        pop     word [cs:where + 2]
        pop     word [cs:saved + 32]
        mov     [cs:saved], eax
        mov     [cs:saved + 4], ebx
        mov     [cs:saved + 8], ecx
        mov     [cs:saved + 12], edx
        mov     [cs:saved + 16], esi
        mov     [cs:saved + 20], edi
        mov     [cs:saved + 24], ebp
        mov     [cs:saved + 28], esp
        mov     [cs:saved + 34], ds
        mov     [cs:saved + 36], es
        mov     [cs:saved + 38], ss
        mov     [cs:saved + 40], fs
        mov     [cs:saved + 42], gs
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7C00
        cld
        and     word [saved + 32], 0xFC5        ; flags, without AF, PF and IOPL
        and     dword [saved + 28], 0xFFFF      ; who has pushed last is in the upper half
        mov     edx, [where]
        mov     si, saved
        mov     cx, 11
        call    mix
        mov     ax, WINDOW
        mov     ds, ax
        call    mix_all
        mov     ax, STACK
        mov     ds, ax
        call    mix_all
        xor     ax, ax
        mov     ds, ax
        mov     ax, RESULTS >> 4
        mov     es, ax
        mov     di, [result]
        movzx   eax, word [number]
        stosd
        mov     eax, [where]
        stosd
        mov     eax, edx
        stosd
        mov     [result], di
        add     word [current], CASE
        jmp     next

mix_all:
        xor     si, si
        mov     cx, 0x4000                      ; falls into mix
%include "verify/tests/pc/mix.inc"

over:   mov     ax, VECTORS
        mov     ds, ax
        xor     si, si
        mov     es, si
        xor     di, di
        mov     cx, 0x100
        rep movsw
        mov     ds, cx
        lgdt    [table]
        mov     eax, 0x31
        mov     cr0, eax
        jmp     8:finish

        bits    32
%include "verify/tests/pc/report.inc"

        align   8
gdt:    dq      0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF, 0x00009A000000FFFF, 0x000092000000FFFF
saved:  times   11 dd 0
where:  dd      0
number: dw      0
current: dw     cases
result: dw      0

        bits    16
        align   8
stubs:
%assign n 0
%rep 128
        push    byte n
        jmp     near stopped
        align   8
        %assign n n + 1
%endrep

vectors equ     tables
%include "verify/tests/pc/cases.inc"
