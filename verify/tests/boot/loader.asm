; Loads COUNT sectors of the kernel's binary from sector FIRST on, and hands over without saying
; where the script is.
        org 0x7C00
        bits 16
        xor     ax, ax
        mov     ds, ax
        mov     ss, ax
        mov     sp, 0x7000
        push    dx
        mov     si, packet
        mov     ah, 0x42
        int     0x13
        jc      $
        pop     dx
        xor     cx, cx
        jmp     0:0x7E00
packet: dw      16, COUNT, 0x7E00, 0
        dq      FIRST
        times 510 - ($ - $$) db 0
        dw      0xAA55
