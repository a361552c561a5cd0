/* A worse BIOS, see hook.h. */
#include "verify/tests/boot/faulty_bios.h"

#include <stdlib.h>
#include <string.h>

/* The part that is always there; what the interrupt does comes after it. */
static const char HOOK[] =
    "org 0\n"
    "bits 16\n"
    "        cli\n"
    "        cld\n"
    "        xor ax, ax\n"
    "        mov ds, ax\n"
    "        mov ss, ax\n"
    "        mov sp, 0x7000\n"
    "        sti\n"
    "        mov ax, 0x9E00\n"
    "        mov es, ax\n"
    "        mov si, 0x7C00\n"
    "        xor di, di\n"
    "        mov cx, 256\n"
    "        rep movsw\n"
    "        jmp 0x9E00:load\n"
    "load:   mov eax, [VECTOR * 4]\n"
    "        mov [cs:old], eax\n"
    "        mov ds, [cs:here]\n"
    "        mov si, packet\n"
    "        mov ah, 0x42\n"
    "        int 0x13\n"
    "        jc $\n"
    "        xor ax, ax\n"
    "        mov ds, ax\n"
    "        mov word [VECTOR * 4], hook\n"
    "        mov [VECTOR * 4 + 2], cs\n"
    "%ifdef OTHER_CS\n"
    "        jmp 0x7C0:0\n"
    "%else\n"
    "        jmp 0:0x7C00\n"
    "%endif\n"
    "packet: dw 16, 1, 0x7C00, 0\n"
    "        dq SECTOR\n"
    "here:   dw 0x9E00\n"
    "old:    dd 0\n"
    "calls:  db 0\n"
    "sick:   db 0\n"
    /* A call of the BIOS, and the answers. CF goes back in the flags as they are. */
    "%macro bios 0\n"
    "        pushf\n"
    "        call far [cs:old]\n"
    "%endmacro\n"
    "pass:   jmp far [cs:old]\n"
    "fail:   mov ah, 0x20\n"
    "        stc\n"
    "        retf 2\n"
    "hook:\n";

static const char HOOK_END[] = "\ntimes 510 - ($ - $$) db 0\ndw 0xAA55\n";

void hook_disk(struct test *t, struct buffer *disk, unsigned vector, const char *spoil,
               const char *option) {
    char *source = test_path(t, "hook.asm");
    char *out = test_path(t, "hook.bin");
    char *text = xprintf("%s%s%s", HOOK, spoil, HOOK_END);
    uint8_t *last = disk->data + disk->len - SECTOR;
    test_write(t, source, text, strlen(text));
    test_run(t, 0, "nasm", "-f", "bin", xprintf("-DSECTOR=%zu", disk->len / SECTOR - 1),
             xprintf("-DVECTOR=%u", vector), option, "-o", out, source, NULL);
    struct buffer hook = test_read(t, out);
    if (hook.len != SECTOR)
        test_fail(t, "the hook has %zu bytes", hook.len);
    memcpy(last, disk->data, SECTOR);
    memcpy(disk->data, hook.data, SECTOR);
    buffer_free(&hook);
    free(text);
    free(out);
    free(source);
}
