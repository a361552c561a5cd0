/* broken: execve of ELF files with one thing wrong each, and of unusual ones that are right.
 *
 * The file is made here: a header, two program headers and code that exits with status 7. Linux
 * notices some faults only once the old program is gone, and kills; the builder answers first. */
#include "verify/guest/rt.h"

enum { BASE = 0x08048000, HEADERS = 52 + 2 * 32, PT_LOAD = 1, PT_NOTE = 4 };

struct program_header {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

struct elf {
    u8 magic[4], class, data, ident_version, rest[9];
    u16 type, machine;
    u32 version, entry, phoff, shoff, flags;
    u16 ehsize, phentsize, phnum, shentsize, shnum, shstrndx;
    struct program_header ph[2];
    u8 code[32];
};

/* A right one: the first PT_LOAD is the whole file, the second is 100 bytes of zeros. */
static struct elf right(void) {
    return (struct elf){
        .magic = {0x7F, 'E', 'L', 'F'},
        .class = 1,
        .data = 1,
        .ident_version = 1,
        .type = 2,
        .machine = 3,
        .version = 1,
        .entry = BASE + HEADERS,
        .phoff = 52,
        .ehsize = 52,
        .phentsize = 32,
        .phnum = 2,
        .ph = {{PT_LOAD, 0, BASE, 0, sizeof(struct elf), sizeof(struct elf), 7, 4096},
               {PT_LOAD, 0, BASE + 0x10000, 0, 0, 100, 6, 4096}},
        /* mov eax, 1; mov ebx, 7; int 80h */
        .code = {0xB8, 1, 0, 0, 0, 0xBB, 7, 0, 0, 0, 0xCD, 0x80},
    };
}

static const char *run(const void *file, u32 n) {
    sys_unlink("/broken/x");
    put_file("/broken/x", file, n);
    int pid = sys_fork();
    if (pid == 0)
        sys_exit(100 - sys_execve("/broken/x", (char *[]){"x", 0}, (char *[]){0}));
    int code = wait_for(pid);
    return code == 7 ? "ran" : code >= 1000 ? "killed" : code > 100 ? outcome(100 - code) : "odd";
}

static void same(const char *name, const struct elf *e) {
    say("%s: %s", name, run(e, sizeof *e));
}

static void other(const char *name, const struct elf *e, const char *linux_value,
                  const char *seedbed_value, const char *why) {
    differs(linux_value, seedbed_value, why, "%s: %s", name, run(e, sizeof *e));
}

/* Wrong in two ways: the contract leaves open which of its two errors is answered. */
static void refused(const char *name, const struct elf *e, const char *why) {
    const char *got = run(e, sizeof *e);
    int is = streq(got, "ENOEXEC") || streq(got, "ENOMEM");
    differs("killed", "refused", why, "%s: %s", name, is ? "refused" : got);
}

static void headers(void) {
    struct elf e = right();
    same("right", &e);
    for (int i = 0; i < 4; i++) {
        e = right();
        e.magic[i] ^= 1;
        say("magic byte %d: %s", i, run(&e, sizeof e));
    }
    e = right(), e.type = 1;
    same("type 1, relocatable", &e);
    e = right(), e.type = 4;
    same("type 4, core", &e);
    e = right(), e.type = 3;
    other("type 3, shared", &e, "ran", "ENOEXEC", "only ET_EXEC is loaded");
    e = right(), e.machine = 62;
    same("machine 62", &e);
    e = right(), e.machine = 0;
    same("machine 0", &e);
    e = right(), e.phentsize = 33;
    same("program headers of 33 bytes", &e);
    e = right(), e.phentsize = 32 + 256;
    same("program headers of 288 bytes", &e);
    e = right(), e.phnum = 0;
    same("no program headers", &e);
    e = right(), e.phnum = 1;
    same("one program header", &e);
    e = right(), e.ph[0].type = PT_NOTE, e.ph[1].type = PT_NOTE;
    other("no PT_LOAD", &e, "killed", "ENOEXEC", "there must be a PT_LOAD");
}

static void truncated(void) {
    struct elf e = right();
    static const u32 lengths[] = {1, 3, 4, 16, 51};
    for (u32 i = 0; i < sizeof lengths / sizeof *lengths; i++)
        say("the first %d bytes: %s", lengths[i], run(&e, lengths[i]));
    const char *why = "headers and segments must lie in the file";
    say("cut in the program headers: %s", run(&e, 100));
    e = right(), e.phoff = 100000;
    same("program headers past the file", &e);
    e = right(), e.phoff = 0xFFFFFFF0;
    same("program headers at FFFFFFF0", &e);
    e = right(), e.ph[0].offset = 0x10000;
    other("a segment past the file", &e, "killed", "ENOEXEC", why);
    e = right(), e.ph[1].offset = 0x10000, e.ph[1].filesz = 4;
    other("the second one past the file", &e, "killed", "ENOEXEC", why);
    e = right(), e.ph[0].filesz++, e.ph[0].memsz++;
    same("a segment one byte too long", &e);
    e = right(), e.ph[0].filesz = 0xE7 + sizeof e, e.ph[0].memsz = e.ph[0].filesz;
    same("a segment of some bytes too many", &e);
    e = right(), e.ph[1].offset = 0xFFFFF000, e.ph[1].filesz = 100;
    other("offset and size that wrap", &e, "ran", "ENOEXEC", why);
    e = right(), e.ph[1].filesz = 0xFFFFFFFF, e.ph[1].memsz = 0xFFFFFFFF;
    refused("a size of FFFFFFFF", &e, why);
}

static void sizes_and_places(void) {
    struct elf e = right();
    e.ph[0].memsz--;
    other("filesz above memsz", &e, "killed", "ENOEXEC", "Linux notices too late");
    e = right(), e.ph[1].memsz = 0xE0000000;
    other("3.5 GiB of zeros", &e, "killed", "ENOMEM", "Linux notices too late");
    e = right(), e.ph[1].vaddr = 0xFFFFF000, e.ph[1].memsz = 0x2000;
    refused("a segment that wraps", &e, "Linux notices too late");
    e = right(), e.ph[0].vaddr = 0x00200000, e.entry = 0x00200000 + HEADERS;
    other("below the program area", &e, "ran", "ENOEXEC", "section 7: programs are at 128 MiB");
    e = right(), e.ph[1].vaddr = 0x07FFF000, e.ph[1].memsz = 0x2000;
    other("half below the program area", &e, "ran", "ENOEXEC", "programs are above 128 MiB");
}

/*
 * Segments of which the file has a part: the program sums up its second segment, whose header and
 * file are made at random. On Linux the page with the end of the file is zero behind it, and what
 * lies in later pages is not there: no segment goes so far.
 */
static void cut(void) {
    static u8 file[sizeof(struct elf) + 6000];
    static const u8 sum[] = {0xBE, 0,    0,    0,    0,
                             0xB9, 0,    0,    0,    0,     /* mov esi, 0; mov ecx, 0 */
                             0x31, 0xDB,                    /* xor ebx, ebx */
                             0xAC, 0xD1, 0xC3, 0x30, 0xC3,  /* lodsb; rol ebx, 1; xor bl, al */
                             0xE2, 0xF9,                    /* loop the last three */
                             0x83, 0xE3, 0x3F,              /* and ebx, 3Fh */
                             0x31, 0xC0, 0x40, 0xCD, 0x80}; /* eax = 1; int 80h */
    u32 state = 4711;
    for (u32 i = 0; i < 200; i++) {
        struct elf e = right();
        u32 length = sizeof e + next_random(&state) % 6000;
        u32 offset = next_random(&state) % length;
        u32 most = ((length + 4095) & ~4095u) - offset;
        u32 filesz = 1 + next_random(&state) % most;
        u32 memsz = filesz + next_random(&state) % 3 * (next_random(&state) % 9000);
        u32 vaddr = BASE + 0x10000 + offset;
        e.ph[1] = (struct program_header){PT_LOAD, offset, vaddr, 0, filesz, memsz, 7, 4096};
        memcpy(e.code, sum, sizeof sum);
        memcpy(e.code + 1, &vaddr, 4);
        memcpy(e.code + 6, &memsz, 4);
        for (u32 k = 0; k < sizeof file; k++)
            file[k] = (u8)next_random(&state);
        memcpy(file, &e, sizeof e);
        sys_unlink("/broken/x");
        put_file("/broken/x", file, length);
        int pid = sys_fork();
        if (pid == 0)
            sys_exit(100 - sys_execve("/broken/x", (char *[]){"x", 0}, (char *[]){0}));
        say("cut %d, a file of %d, %d + %d of %d: %d", i, length, offset, filesz, memsz,
            wait_for(pid));
    }
}

/* Unusual, but right. */
static void unusual(void) {
    struct elf e = right();
    e.ph[1].type = 0x6474E551, e.ph[1].offset = 0xFFFFFFF0, e.ph[1].filesz = 0xFFFFFFFF;
    same("a header of another type with wild numbers", &e);
    e = right(), e.ph[1].memsz = 0;
    same("an empty second segment", &e);
    e = right(), e.ph[0].memsz = 200000, e.phnum = 1;
    same("one segment with zeros behind", &e);
    e = right(), e.shoff = 0x7FFFFFFF, e.shnum = 99, e.flags = 0x1234, e.ehsize = 0;
    same("section headers nowhere", &e);
    e = right(), e.ph[0].align = 0, e.ph[0].flags = 7, e.ph[0].paddr = 0xFFFFFFFF;
    same("no alignment, wild physical address", &e);
}

int main(void) {
    say("== broken: 1");
    sys_mkdir("/broken");
    headers();
    truncated();
    sizes_and_places();
    unusual();
    cut();
    return 0;
}
