/* A BIOS that is as bad with int 13h as CONTRACT.md section 1 allows. */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"
#include "verify/tests/boot/faulty_bios.h"

/* Reads and writes are 42h and 43h (for mini also 02h and 03h): all others pass. */
#define TRANSFERS_ONLY                                                                             \
    "push ax\n"                                                                                    \
    "and ah, 0xBE\n"                                                                               \
    "cmp ah, 2\n"                                                                                  \
    "pop ax\n"                                                                                     \
    "jne pass\n"

/* Every third transfer fails, and all after it until there was a reset. */
static const char RESETS[] = "test ah, ah\n"
                             "jnz .other\n"
                             "mov byte [cs:sick], 0\n"
                             "jmp pass\n"
                             ".other:\n" TRANSFERS_ONLY "inc byte [cs:calls]\n"
                             "cmp byte [cs:calls], 3\n"
                             "jb .well\n"
                             "mov byte [cs:calls], 0\n"
                             "mov byte [cs:sick], 1\n"
                             ".well:\n"
                             "cmp byte [cs:sick], 0\n"
                             "jne fail\n"
                             "jmp pass\n";

/* No transfer of more than 3 sectors works. */
static const char SMALL[] = TRANSFERS_ONLY "cmp word [si + 2], 3\n"
                                           "ja fail\n"
                                           "jmp pass\n";

/* A transfer of more than 5 sectors carries 5, and says so in the packet. */
static const char FEWER[] = TRANSFERS_ONLY "cmp word [si + 2], 5\n"
                                           "jbe pass\n"
                                           "mov word [si + 2], 5\n"
                                           "bios\n"
                                           "mov word [si + 2], 5\n"
                                           "retf 2\n";

/* Every third transfer fails, and says in the packet that no sector came. */
static const char NONE_AND_FAIL[] = TRANSFERS_ONLY "inc byte [cs:calls]\n"
                                                   "cmp byte [cs:calls], 3\n"
                                                   "jb pass\n"
                                                   "mov byte [cs:calls], 0\n"
                                                   "cmp ah, 0x42\n"
                                                   "jb fail\n"
                                                   "mov word [si + 2], 0\n"
                                                   "jmp fail\n";

/* Every third transfer of more than LEAST sectors carries nothing, and says so only in the packet.
 */
static const char NONE[] = TRANSFERS_ONLY "cmp ah, 0x42\n"
                                          "jb pass\n"
                                          "cmp word [si + 2], LEAST\n"
                                          "jbe pass\n"
                                          "inc byte [cs:calls]\n"
                                          "cmp byte [cs:calls], 3\n"
                                          "jb pass\n"
                                          "mov byte [cs:calls], 0\n"
                                          "mov word [si + 2], 0\n"
                                          "mov ah, 0\n"
                                          "clc\n"
                                          "retf 2\n";

/* The same, but it says that it failed. */
static const char FEWER_AND_FAIL[] = TRANSFERS_ONLY "cmp word [si + 2], 5\n"
                                                    "jbe pass\n"
                                                    "mov word [si + 2], 5\n"
                                                    "bios\n"
                                                    "mov word [si + 2], 5\n"
                                                    "jmp fail\n";

/* A transfer, after which no general register is as it was, but for ah and the carry flag. */
#define CLOBBERING                                                                                 \
    TRANSFERS_ONLY "bios\n"                                                                        \
                   "mov al, 0xA5\n"                                                                \
                   "mov bx, ax\n"                                                                  \
                   "sbb eax, eax\n" /* keeps the carry */                                          \
                   "mov ax, bx\n"                                                                  \
                   "mov ebx, 0xDEADBEEF\n"                                                         \
                   "mov ecx, ebx\n"                                                                \
                   "mov edx, ebx\n"                                                                \
                   "mov esi, ebx\n"                                                                \
                   "mov edi, ebx\n"                                                                \
                   "mov ebp, ebx\n"

static const char CLOBBER[] = CLOBBERING "retf 2\n";

/* The segments that point to no buffer of the call are others too. */
static const char CLOBBER_SEGMENTS[] = CLOBBERING "push word 0x1234\n"
                                                  "pop es\n"
                                                  "push word 0x5678\n"
                                                  "pop fs\n"
                                                  "push word 0x9ABC\n"
                                                  "pop gs\n"
                                                  "retf 2\n";

/* The flags are as they are, with interrupts off and the direction downwards. */
static const char CLOBBER_FLAGS[] = CLOBBERING "cli\n"
                                               "std\n"
                                               "retf 2\n";

/* Every call spoils what is no answer: general and segment registers, upper halves, the direction.
 * Of the transfers every third fails. */
#define SPOILING                                                                                   \
    "bios\n"                                                                                       \
    ".spoil:\n"                                                                                    \
    "mov al, 0xA5\n"                                                                               \
    "mov ebp, 0xDEADBEEF\n"                                                                        \
    "mov esi, ebp\n"                                                                               \
    "mov edi, ebp\n"                                                                               \
    "mov ds, bp\n"                                                                                 \
    "mov es, bp\n"                                                                                 \
    "mov fs, bp\n"                                                                                 \
    "mov gs, bp\n"                                                                                 \
    "pushf\n"                                                                                      \
    "cmp byte [cs:called], 0x41\n"                                                                 \
    "je .answered\n"                                                                               \
    "cmp byte [cs:called], 8\n"                                                                    \
    "je .answered\n"                                                                               \
    "mov ebx, ebp\n"                                                                               \
    "mov ecx, ebp\n"                                                                               \
    "mov edx, ebp\n"                                                                               \
    ".answered:\n"                                                                                 \
    "popf\n"                                                                                       \
    "std\n"                                                                                        \
    "retf 2\n"                                                                                     \
    "called: db 0\n"

#define THIRD_FAILS                                                                                \
    "mov [cs:called], ah\n"                                                                        \
    "push ax\n"                                                                                    \
    "and ah, 0xBE\n"                                                                               \
    "cmp ah, 2\n"                                                                                  \
    "pop ax\n"                                                                                     \
    "jne .pass\n"                                                                                  \
    "inc byte [cs:calls]\n"                                                                        \
    "cmp byte [cs:calls], 3\n"                                                                     \
    "jb .pass\n"                                                                                   \
    "mov byte [cs:calls], 0\n"                                                                     \
    "mov ah, 0x20\n"                                                                               \
    "stc\n"                                                                                        \
    "jmp .spoil\n"                                                                                 \
    ".pass:\n"

static const char CLOBBER_ALWAYS[] = THIRD_FAILS SPOILING;
static const char CLOBBER_PRINTING[] = SPOILING;
static const char CLOBBER_A20[] = "cmp ax, 0x2401\n"
                                  "jne pass\n" SPOILING;

/* The same without LBA. */
static const char CLOBBER_CHS[] = THIRD_FAILS "cmp ah, 0x41\n"
                                              "jb .chs\n"
                                              "cmp ah, 0x43\n"
                                              "ja .chs\n"
                                              "mov ah, 1\n"
                                              "stc\n"
                                              "jmp .spoil\n"
                                              ".chs:\n" SPOILING;

/* The BIOS knows no LBA: 41h to 43h fail. */
static const char NO_LBA[] = "cmp ah, 0x41\n"
                             "jb pass\n"
                             "cmp ah, 0x43\n"
                             "ja pass\n"
                             "mov ah, 1\n"
                             "stc\n"
                             "retf 2\n";

/* Without LBA, and without reading as well. */
static const char NO_READ[] = "cmp ah, 0x41\n"
                              "je fail\n"
                              "cmp ah, 2\n"
                              "je fail\n"
                              "jmp pass\n";

/* Sector 123 cannot be transferred by call CALL, nor any transfer with it. */
static const char DEAD[] = "cmp ah, CALL\n"
                           "jne pass\n"
                           "push eax\n"
                           "mov eax, 123\n"
                           "sub eax, [si + 8]\n" /* below the count: it is among them */
                           "jb .other\n"
                           "cmp ax, [si + 2]\n"
                           "jae .other\n"
                           "pop eax\n"
                           "jmp fail\n"
                           ".other:\n"
                           "pop eax\n"
                           "jmp pass\n";

enum { CONTENT = 200000 };

/* A script with a /dev/hda of CONTENT bytes, flushed in between as well. */
static void add_script(struct buffer *disk, const uint8_t *content) {
    buffer_printf(disk, "src 0 /dev\n");
    add_src(disk, "/dev/hda", content, CONTENT / 2);
    buffer_printf(disk, "f\n");
    add_src(disk, "/dev/hda", content, CONTENT);
}

struct spoiler {
    const char *name;
    const char *spoil;
    const char *option; /* or null */
    unsigned vector;
};

static const struct spoiler SPOILERS[] = {
    {"fails-until-reset", RESETS, NULL, 0x13},
    {"transfers-three-sectors-at-most", SMALL, NULL, 0x13},
    {"transfers-fewer-than-asked", FEWER, NULL, 0x13},
    {"transfers-fewer-than-asked-and-fails", FEWER_AND_FAIL, NULL, 0x13},
    {"transfers-none-and-fails", NONE_AND_FAIL, NULL, 0x13},
    {"transfers-none-of-many-and-says-so", NONE, "-DLEAST=1", 0x13},
    {"changes-general-registers", CLOBBER, NULL, 0x13},
    {"changes-segment-registers", CLOBBER_SEGMENTS, NULL, 0x13},
    {"changes-flags", CLOBBER_FLAGS, NULL, 0x13},
    {"changes-all", CLOBBER_ALWAYS, NULL, 0x13},
    {"changes-all-as-it-prints", CLOBBER_PRINTING, NULL, 0x10},
    {"changes-all-as-it-opens-a20", CLOBBER_A20, NULL, 0x15},
    {"starts-at-07c0-0000", "jmp pass\n", "-DOTHER_CS", 0x13},
};

/* Puts the worse BIOS before a disk. */
static void spoil(struct test *t, const struct spoiler *spoiler, struct buffer *disk) {
    hook_disk(t, disk, spoiler->vector, spoiler->spoil,
              spoiler->option ? spoiler->option : "-DNONE");
}

static void builds_in_spite(struct test *t, const struct spoiler *spoiler, struct buffer disk) {
    uint8_t *content = random_bytes(11, CONTENT);
    add_script(&disk, content);
    end_disk(&disk);
    spoil(t, spoiler, &disk);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_artifact(t, "/dev/hda", &a, content, CONTENT);
}

static void kernel_copes(struct test *t, const void *argument) {
    builds_in_spite(t, argument, full_system(t));
}

static void stage1_copes(struct test *t, const void *argument) {
    builds_in_spite(t, argument, staged_system(t));
}

static void mini_copes(struct test *t, const void *argument) {
    const struct spoiler *spoiler = argument;
    struct buffer disk = compile_source(t, "hex0/mini.hex0");
    struct buffer want = {0};
    uint32_t state = 12;
    for (size_t i = 0; i < 20000; i++) {
        uint8_t byte = (uint8_t)test_random(&state);
        buffer_printf(&disk, "%02X\n", byte);
        buffer_append(&want, &byte, 1);
    }
    end_disk(&disk);
    spoil(t, spoiler, &disk);
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_RESET)
        test_fail(t, "mini should end with a reset: %s", a.message);
    expect_same(t, "what mini compiled", a.disk.data, want.len, want.data, want.len);
}

/* A sector that cannot be read ends the build with its number, after all tries. */
TEST(bios_with_a_sector_that_cannot_be_read_ends_the_build) {
    uint8_t *content = random_bytes(11, CONTENT);
    struct buffer disk = full_system(t);
    add_script(&disk, content);
    end_disk(&disk);
    struct buffer image = {0};
    hook_disk(t, &disk, 0x13, DEAD, "-DCALL=0x42");
    buffer_append(&image, disk.data, disk.len);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, "ERROR: disk: 0000007B", &image);
}

TEST(bios_with_a_sector_that_cannot_be_written_ends_the_build) {
    uint8_t *content = random_bytes(11, CONTENT);
    struct buffer disk = full_system(t);
    add_script(&disk, content);
    end_disk(&disk);
    hook_disk(t, &disk, 0x13, DEAD, "-DCALL=0x43");
    struct aftermath a = boot_image(t, &disk, NULL);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with an ERROR: %s", a.message);
    expect_text(t, "end", last_line(a.log), "ERROR: disk: 0000007B");
    expect_same(t, "the sectors before the bad one", a.disk.data, 123 * SECTOR, content,
                123 * SECTOR);
}

/* mini with a sector that never works: it says so, and has written only what came before. */
struct stuck {
    const char *spoil;
    const char *option; /* of DEAD */
    size_t written;     /* sectors */
};

static void mini_is_stuck(struct test *t, const void *argument) {
    const struct stuck *stuck = argument;
    struct buffer disk = compile_source(t, "hex0/mini.hex0"), image = {0};
    while (disk.len < DISK_MIN)
        buffer_printf(&disk, "5A\n");
    end_disk(&disk);
    hook_disk(t, &disk, 0x13, stuck->spoil, stuck->option);
    buffer_append(&image, disk.data, disk.len);
    memset(image.data, 0x5A, stuck->written * SECTOR);
    struct aftermath a = boot_image(t, &disk, NULL);
    expect_error(t, "end", &a, "ERROR: disk", &image);
}

TESTS(bios_tests) {
    static const struct spoiler NOTHING = {"nothing", NONE, "-DLEAST=0", 0x13};
    static const struct spoiler CHS = {"chs", NO_LBA, NULL, 0x13};
    static const struct spoiler CHS_WORSE = {"chs", CLOBBER_CHS, NULL, 0x13};
    /* a sector of text is a third of one of bytes */
    static const struct stuck READ = {DEAD, "-DCALL=0x42", 122 / 3};
    static const struct stuck WRITE = {DEAD, "-DCALL=0x43", 123}, CHS_READ = {NO_READ, "-DNONE", 0};
    for (size_t i = 0; i < sizeof SPOILERS / sizeof SPOILERS[0]; i++) {
        const struct spoiler *spoiler = &SPOILERS[i];
        suite_add(s, xprintf("bios-%s-and-the-kernel-builds", spoiler->name), kernel_copes,
                  spoiler);
        suite_add(s, xprintf("bios-%s-and-stage1-builds", spoiler->name), stage1_copes, spoiler);
        suite_add(s, xprintf("bios-%s-and-mini-builds", spoiler->name), mini_copes, spoiler);
    }
    suite_add(s, "bios-transfers-none-and-says-so-and-the-kernel-builds", kernel_copes, &NOTHING);
    suite_add(s, "bios-transfers-none-and-says-so-and-stage1-builds", stage1_copes, &NOTHING);
    suite_add(s, "bios-without-lba-and-mini-builds", mini_copes, &CHS);
    suite_add(s, "bios-without-lba-that-changes-all-and-mini-builds", mini_copes, &CHS_WORSE);
    suite_add(s, "bios-with-a-sector-that-mini-cannot-read-ends-it", mini_is_stuck, &READ);
    suite_add(s, "bios-without-lba-that-reads-nothing-ends-mini", mini_is_stuck, &CHS_READ);
    suite_add(s, "bios-with-a-sector-that-mini-cannot-write-ends-it", mini_is_stuck, &WRITE);
}
