; takeover: the last program of a build takes the machine over, as a kexec would.
;
; It finds the file /next/system through the tables of CONTRACT.md section 7, checks /e820,
; overwrites all that such a program may, calls the kernel once more, copies the file's content to
; 0x00100000 and jumps there. That content is the second half of this source (payload): it knows
; nothing of the kernel, goes back to real mode, prints a line through the BIOS and resets.
NAMES           equ 0x00200000
DESCRIPTORS     equ 0x01000000
FIRST           equ 4
LAST            equ 14335
TARGET          equ 0x00100000
LOW             equ 0x9800          ; where the payload's real mode part goes: free to overwrite

%include "elf.inc"

        call    make_file
        mov     esi, name
        call    find
        mov     [payload_descriptor], ebx
        mov     esi, [ebx+4]
        cmp     dword [ebx+8], payload_end - payload
        mov     ebx, 2
        jne     fail
        mov     edi, payload
        mov     ecx, payload_end - payload
        repe cmpsb
        jne     fail

; /e820: entries of 24 bytes, the first of them usable memory from 0.
        mov     esi, e820
        call    find
        mov     esi, [ebx+4]
        mov     eax, [ebx+8]
        xor     edx, edx
        mov     ecx, 24
        div     ecx
        mov     ebx, 3
        test    edx, edx
        jnz     fail
        cmp     eax, 3
        jb      fail
        cmp     dword [esi], 20
        jne     fail
        cmp     dword [esi+4], 0
        jne     fail
        cmp     dword [esi+20], 1
        jne     fail

; All that may be overwritten is.
        mov     al, 0xCC
        mov     edi, 0x4000
        mov     ecx, 0x1000
        rep stosb
        mov     edi, 0x9800
        mov     ecx, 0x1800
        rep stosb
        mov     edi, 0x00100000
        mov     ecx, 0x00100000
        rep stosb

; And the kernel still works: console, files, processes.
        mov     esi, overwritten
        mov     edx, overwritten_end - overwritten
        call    show
        mov     eax, 5                  ; open
        mov     ebx, name
        xor     ecx, ecx
        int     0x80
        mov     ebx, 4
        test    eax, eax
        js      fail
        mov     ebx, eax
        mov     eax, 3                  ; read
        mov     ecx, buffer
        mov     edx, 16
        int     0x80
        mov     ebx, 5
        cmp     eax, 16
        jne     fail
        mov     eax, 2                  ; fork: nothing could be put back without paging
        int     0x80
        mov     ebx, 6
        cmp     eax, -11                ; EAGAIN
        jne     fail
        mov     esi, leaving
        mov     edx, leaving_end - leaving
        call    show

        mov     ebx, [payload_descriptor]
        mov     esi, [ebx+4]
        mov     ecx, [ebx+8]
        mov     edi, TARGET
        rep movsb
        mov     eax, TARGET
        jmp     eax

; esi text, edx its length
show:
        mov     eax, 4
        mov     ebx, 1
        mov     ecx, esi
        int     0x80
        ret

; ebx exit status
fail:
        mov     eax, 1
        int     0x80

; The file, made through the kernel. Its directory, too.
make_file:
        mov     eax, 39                 ; mkdir
        mov     ebx, directory
        mov     ecx, 0x1FF
        int     0x80
        mov     eax, 5                  ; open
        mov     ebx, name
        mov     ecx, 0x41               ; O_WRONLY | O_CREAT
        mov     edx, 0x1FF
        int     0x80
        mov     ebx, eax
        mov     eax, 4                  ; write
        mov     ecx, payload
        mov     edx, payload_end - payload
        int     0x80
        mov     eax, 6                  ; close
        int     0x80
        ret

; esi a name; ebx its descriptor. No such name: exit(1)
find:
        mov     edx, FIRST
.next:  mov     edi, edx
        shl     edi, 10
        add     edi, NAMES
        push    esi
.compare:
        lodsb
        scasb
        jne     .other
        test    al, al
        jnz     .compare
        pop     esi
        mov     ebx, edx
        shl     ebx, 4
        add     ebx, DESCRIPTORS
        ret
.other: pop     esi
        inc     edx
        cmp     edx, LAST
        jbe     .next
        mov     ebx, 1
        jmp     fail

directory: db "/next", 0
name:   db "/next/system", 0
e820:   db "/e820", 0
overwritten: db "overwritten", 10
overwritten_end:
leaving: db "leaving the kernel", 10
leaving_end:
payload_descriptor: dd 0
buffer: times 16 db 0

; The new system, at 0x00100000 in flat 32 bit mode; position-independent up to the jump.
payload:
        mov     esi, TARGET + low - payload
        mov     edi, LOW
        mov     ecx, low_end - low
        cld
        rep movsb
        lgdt    [LOW + gdt_pointer - low]
        jmp     0x18:LOW + sixteen - low

low:
        bits 16
sixteen:
        mov     ax, 0x20
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        lidt    [LOW + real_idt - low]
        mov     eax, cr0
        and     eax, 0x7FFFFFFE         ; paging goes with it (SDM 3A, 9.9.2)
        mov     cr0, eax
        jmp     0:LOW + real - low
real:
        xor     ax, ax
        mov     ds, ax
        mov     es, ax
        mov     ss, ax
        mov     sp, 0xB000
        mov     si, LOW + text - low
.next:  lodsb
        test    al, al
        jz      .reset
        mov     ah, 0x0E
        mov     bx, 7
        push    si
        int     0x10
        pop     si
        jmp     .next
.reset: lidt    [LOW + no_idt - low]    ; an exception without a handler resets the processor
        ud2

text:   db "taken over", 13, 10, 0
        align 8
; Also the kernel's selectors, for whoever reads them before the first load.
gdt:    dq 0, 0x00CF9A000000FFFF, 0x00CF92000000FFFF, 0x00009A000000FFFF, 0x000092000000FFFF
gdt_pointer:
        dw 5 * 8 - 1
        dd LOW + gdt - low
real_idt:
        dw 0x3FF
        dd 0
no_idt: dw 0
        dd 0
low_end:
payload_end:
end:
