/*
 * A CD whose catalogue has a boot sector as an image without emulation (El Torito 1.0): sectors of
 * the drive that it is started from have 2048 bytes. It must say so.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "verify/harness/boot.h"

enum { CD_SECTOR = 2048, DESCRIPTORS = 16, CATALOGUE = 19, IMAGE = 20 };

struct cd {
    const char *name;
    const char *source;
    bool hybrid; /* the disk image stands at the start of the CD, too */
};

static const struct cd CDS[] = {
    {"boot", "hex0/boot.hex0", false},
    {"boot-and-a-hybrid-image", "hex0/boot.hex0", true},
    {"stage1", "stage1/stage1.hex0", false},
    {"stage1-and-a-hybrid-image", "stage1/stage1.hex0", true},
    {"mini", "hex0/mini.hex0", false},
    {"mini-and-a-hybrid-image", "hex0/mini.hex0", true},
};

/* QEMU under the same name, with a CD drive in place of the disk. */
static void put_cd_drive(struct test *t) {
    test_needs(t, "qemu-system-i386", NULL);
    char *bin = test_path(t, "bin"), *wrapper = test_path(t, "bin/qemu-system-i386");
    char *text = xprintf("#!/bin/sh\n"
                         "for a; do\n"
                         "    shift\n"
                         "    case $a in\n"
                         "    file=/dev/fd/*) a=\"$a,media=cdrom,readonly=on\" ;;\n"
                         "    ide-hd,*) a=\"ide-cd,${a#ide-hd,}\" ;;\n"
                         "    esac\n"
                         "    set -- \"$@\" \"$a\"\n"
                         "done\n"
                         "PATH='%s' exec qemu-system-i386 \"$@\"\n",
                         getenv("PATH"));
    if (mkdir(bin, 0755) != 0)
        test_fail(t, "%s cannot be made", bin);
    test_write(t, wrapper, text, strlen(text));
    chmod(wrapper, 0755);
    setenv("PATH", xprintf("%s:%s", bin, getenv("PATH")), 1);
}

/* The CD: what stands before sector 16 is nobody's; volume descriptors, catalogue, image. */
static struct buffer make_cd(const struct buffer *disk, bool hybrid) {
    struct buffer cd = {0};
    static const char *const volumes[] = {"\1CD001\1", "\0CD001\1EL TORITO SPECIFICATION",
                                          "\377CD001\1"};
    static const size_t sizes[] = {7, 30, 7};
    add_zeros(&cd, IMAGE * CD_SECTOR + disk->len);
    if (hybrid)
        memcpy(cd.data, disk->data, DESCRIPTORS * CD_SECTOR);
    for (size_t i = 0; i < 3; i++)
        memcpy(cd.data + (DESCRIPTORS + i) * CD_SECTOR, volumes[i], sizes[i]);
    cd.data[(DESCRIPTORS + 1) * CD_SECTOR + 0x47] = CATALOGUE;
    /* header 1, x86, 55 AA, of which 16-bit words add up to 0; then bootable, no emulation, 4
       sectors of 512 bytes */
    static const uint8_t entries[64] = {[0] = 1,     [28] = 0xAA, [29] = 0x55, [30] = 0x55,
                                        [31] = 0xAA, [32] = 0x88, [38] = 4,    [40] = IMAGE};
    memcpy(cd.data + CATALOGUE * CD_SECTOR, entries, sizeof entries);
    memcpy(cd.data + IMAGE * CD_SECTOR, disk->data, disk->len);
    pad_sectors(&cd);
    return cd;
}

static void says_so(struct test *t, const void *argument) {
    const struct cd *c = argument;
    struct buffer disk = compile_source(t, c->source);
    while (disk.len < DESCRIPTORS * CD_SECTOR)
        buffer_printf(&disk, "B0 4B B4 0E CD 10 F4 # not what follows the boot sector\n");
    add_zeros(&disk, 1);
    pad_sectors(&disk);
    struct buffer cd = make_cd(&disk, c->hybrid);
    put_cd_drive(t);
    const struct run_request how = {.timeout = BOOT_SECONDS};
    struct aftermath a = boot_image_on(t, &engine_qemu_tcg, &cd, &how);
    expect_error(t, c->name, &a, "ERROR: disk", &cd);
}

TESTS(cd) {
    for (size_t i = 0; i < sizeof CDS / sizeof CDS[0]; i++)
        suite_add(s, xprintf("cd-without-emulation-is-an-error-of-%s", CDS[i].name), says_so,
                  &CDS[i]);
}
