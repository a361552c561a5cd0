/* headers: program files with headers made at random; what execve makes of each is compared with
 * what CONTRACT.md 5.3 and 5.4 say, which this file says once more.
 *
 *     headers COUNT SEED
 *
 * The program in each file sums up what lies where its segments are. On Linux those run that are
 * programs for both: their segments share no page, lie in the file and as the pages do. */
#include "verify/guest/rt.h"

enum { AREA = 0x08000000, HEADER = 52, SEGMENT = 32, SEGMENTS = 8, FILE_MOST = 20000 };
enum { PT_LOAD = 1, PT_INTERP = 3, PAGE = 4096, LOOKED_AT = 9000, SUM_CODE = 40 };

struct segment {
    u32 type, offset, vaddr, paddr, filesz, memsz, flags, align;
};

/* The case that is being tried. */
struct attempt {
    u32 random;
    u8 file[FILE_MOST];
    u32 length; /* of the file */
    u32 phoff;
    u32 count; /* of segments, 1 to SEGMENTS */
    u32 code;  /* which one has the program */
    u32 entry;
    struct segment segment[SEGMENTS];
};

/* Sums up the ranges of a table behind it (address, length; a length of 0 ends it), and exits. */
static const u8 SUM[SUM_CODE] = {
    0xBF, 0,    0,    0,    0,    /* mov edi, table */
    0x31, 0xDB,                   /* xor ebx, ebx */
    0x8B, 0x37, 0x8B, 0x4F, 0x04, /* mov esi, [edi]; mov ecx, [edi + 4] */
    0x83, 0xC7, 0x08, 0xE3, 0x09, /* add edi, 8; jecxz out */
    0xAC, 0x01, 0xC3, 0xD1, 0xC3, /* lodsb; add ebx, eax; rol ebx, 1 */
    0xE2, 0xF9, 0xEB, 0xED,       /* loop the last three; jmp the next range */
    0x89, 0xD8, 0xC1, 0xE8, 0x10, /* out: mov eax, ebx; shr eax, 16 */
    0x01, 0xC3, 0x31, 0xC0, 0x40, /* add ebx, eax; xor eax, eax; inc eax */
    0xCD, 0x80,                   /* exit(bl) */
};
enum { RANGES = 2 * SEGMENTS, PROGRAM = SUM_CODE + 8 * (RANGES + 1) };

static u32 below(struct attempt *a, u32 n) {
    return next_random(&a->random) % n;
}

static int one_in(struct attempt *a, u32 n) {
    return below(a, n) == 0;
}

static void put16(u8 *p, u32 v) {
    p[0] = (u8)v;
    p[1] = (u8)(v >> 8);
}

/* A segment that is to be loaded, behind *end; now and then it has something wrong. */
static void make_load(struct attempt *a, struct segment *s, u32 *end) {
    u32 gap = one_in(a, 3) ? below(a, 64) : one_in(a, 2) ? below(a, 0x3000) : PAGE;
    s->type = PT_LOAD;
    s->offset = one_in(a, 8) ? a->length - below(a, 100) : below(a, a->length);
    s->filesz = one_in(a, 4) ? 0 : below(a, 6000);
    s->memsz = s->filesz + (one_in(a, 2) ? 0 : below(a, one_in(a, 20) ? 3000000 : 9000));
    s->vaddr = *end + gap;
    if (one_in(a, 2)) /* as pages have it */
        s->vaddr += (s->offset - s->vaddr) & (PAGE - 1);
    switch (below(a, 70)) {
    case 0:
        s->filesz = s->memsz + 1 + below(a, 100);
        break;
    case 1:
        s->vaddr = AREA - below(a, 20000);
        break;
    case 2:
        s->vaddr -= below(a, 20000);
        break;
    case 3:
        s->vaddr = 0 - below(a, 20000);
        break;
    case 4:
        s->memsz = 0xE0000000 + below(a, 0x20000000);
        break;
    case 5:
        s->memsz = 0 - s->vaddr;
        break;
    case 6:
    case 7:
        s->offset = a->length + below(a, 3) * below(a, 50000);
        break;
    case 8:
        s->offset = 0 - below(a, 20000);
        break;
    case 9:
    case 10:
    case 11: /* empty, anywhere */
        s->filesz = s->memsz = 0;
        s->offset = next_random(&a->random);
        s->vaddr = next_random(&a->random);
        break;
    case 12:
        s->memsz = 0;
        break;
    default:
        break;
    }
    if (s->memsz && s->vaddr >= *end && s->vaddr + s->memsz > s->vaddr)
        *end = s->vaddr + s->memsz;
}

/* A header that is none of a segment to load. */
static void make_other(struct attempt *a, struct segment *s) {
    static const u32 types[] = {0, 2, 4, 5, 6, 7, 0x6474E551, 0x80000001, 0x101, 0xFFFFFFFF};
    for (u32 n = 0; n < sizeof *s / 4; n++)
        ((u32 *)s)[n] = next_random(&a->random);
    s->type = one_in(a, 8) ? PT_INTERP : types[below(a, sizeof types / sizeof *types)];
}

static void make_segments(struct attempt *a) {
    u32 end = AREA + (one_in(a, 4) ? 0 : 0x48000 + below(a, 0x1000));
    for (u32 n = 0; n < a->count; n++) {
        struct segment *s = &a->segment[n];
        *s = (struct segment){0};
        if (n == a->code) {
            u32 at = (a->length - PROGRAM) & ~3u;
            u32 vaddr = (end + PAGE - 1) & ~(PAGE - 1u);
            vaddr += at & (PAGE - 1);
            *s = (struct segment){PT_LOAD, at, vaddr, 0, PROGRAM, PROGRAM, 7, PAGE};
            if (one_in(a, 4))
                s->memsz += below(a, 9000);
            a->entry = vaddr;
            end = vaddr + s->memsz;
        } else if (one_in(a, 4)) {
            make_other(a, s);
        } else {
            make_load(a, s, &end);
            s->flags = 7, s->align = PAGE;
        }
    }
}

/* Empty segments count no further. */
static int counts(const struct segment *s) {
    return s->type == PT_LOAD && s->memsz;
}

/* The table of what the program is to sum up: both ends of each segment. */
static void make_table(struct attempt *a, u8 *table) {
    u32 word[2 * (RANGES + 1)] = {0}, used = 0;
    for (u32 n = 0; n < a->count; n++) {
        const struct segment *s = &a->segment[n];
        if (!counts(s) || n == a->code)
            continue;
        u32 k = s->memsz < LOOKED_AT ? s->memsz : LOOKED_AT;
        word[used++] = s->vaddr;
        word[used++] = k;
        word[used++] = s->vaddr + s->memsz - k;
        word[used++] = k;
    }
    memcpy(table, word, sizeof word);
}

static void make_file(struct attempt *a) {
    u32 program, number;
    a->count = 1 + below(a, one_in(a, 3) ? SEGMENTS : 3);
    a->code = below(a, a->count);
    a->length = 1024 + PROGRAM + below(a, FILE_MOST - 2000);
    a->phoff = one_in(a, 2) ? HEADER : HEADER + below(a, 200);
    make_segments(a);
    for (u32 n = 0; n < a->length; n++)
        a->file[n] = (u8)next_random(&a->random);
    memset(a->file, 0, HEADER);
    memcpy(a->file,
           "\x7F"
           "ELF\1\1\1",
           7);
    put16(a->file + 16, 2);
    put16(a->file + 18, 3);
    a->file[20] = 1;
    memcpy(a->file + 24, &a->entry, 4);
    memcpy(a->file + 28, &a->phoff, 4);
    put16(a->file + 40, HEADER);
    put16(a->file + 42, SEGMENT);
    put16(a->file + 44, a->count);
    program = a->segment[a->code].offset;
    number = a->entry + SUM_CODE;
    memcpy(a->file + program, SUM, SUM_CODE);
    memcpy(a->file + program + 1, &number, 4);
    make_table(a, a->file + program + SUM_CODE);
    memcpy(a->file + a->phoff, a->segment, a->count * SEGMENT);
}

/* Something wrong with the first 52 bytes, or with the end of the file. */
static void spoil(struct attempt *a) {
    static const u8 places[] = {0, 1, 2, 3, 16, 17, 18, 19, 28, 29, 30, 31, 42, 43, 44, 45};
    if (one_in(a, 3))
        a->length = below(a, one_in(a, 2) ? HEADER + 8 : a->phoff + a->count * SEGMENT + 8);
    else
        a->file[places[below(a, sizeof places)]] ^= (u8)(1u << below(a, 8));
}

static u32 get16(const u8 *p) {
    return p[0] + 256u * p[1];
}

static u32 get32(const u8 *p) {
    return get16(p) + 65536u * get16(p + 2);
}

/* CONTRACT 5.3: 0, ENOEXEC or ENOMEM. */
static u32 contract(const struct attempt *a) {
    const u8 *f = a->file;
    u32 end = AREA, phoff = get32(f + 28), count = get16(f + 44);
    if (a->length < HEADER || memcmp(f,
                                     "\x7F"
                                     "ELF",
                                     4) != 0)
        return ENOEXEC;
    if (get16(f + 16) != 2 || get16(f + 18) != 3 || get16(f + 42) != SEGMENT)
        return ENOEXEC;
    if (phoff > a->length || (a->length - phoff) / SEGMENT < count)
        return ENOEXEC;
    for (u32 n = 0; n < count; n++) {
        struct segment s;
        memcpy(&s, f + phoff + n * SEGMENT, SEGMENT);
        if (s.type == PT_INTERP)
            return ENOEXEC;
        if (s.type != PT_LOAD)
            continue;
        if (s.filesz > s.memsz || (s.filesz && s.offset >= a->length))
            return ENOEXEC;
        if (!s.memsz)
            continue;
        if (s.vaddr < end)
            return ENOEXEC;
        if (s.vaddr + s.memsz < s.vaddr)
            return ENOMEM;
        end = s.vaddr + s.memsz;
    }
    return end == AREA ? ENOEXEC : end > 0xC0000000 ? ENOMEM : 0;
}

/* CONTRACT 5.4: what the program finds, as it sums it up. */
static u32 expected_sum(const struct attempt *a) {
    u32 sum = 0;
    for (u32 n = 0; n < a->count; n++) {
        const struct segment *s = &a->segment[n];
        u32 k = s->memsz < LOOKED_AT ? s->memsz : LOOKED_AT;
        if (!counts(s) || n == a->code)
            continue;
        for (u32 i = 0; i < 2 * k; i++) {
            u32 at = i < k ? i : s->memsz - k + (i - k);
            u32 byte = at < s->filesz && s->offset + at < a->length ? a->file[s->offset + at] : 0;
            sum += byte;
            sum = sum << 1 | sum >> 31;
        }
    }
    return (sum + (sum >> 16)) & 0xFF;
}

/* Whether Linux must find the same in a right one. */
static int linux_too(const struct attempt *a) {
    u32 page = AREA;
    for (u32 n = 0; n < a->count; n++) {
        const struct segment *s = &a->segment[n];
        if (s->type == PT_LOAD &&
            (!s->memsz || s->vaddr < page || (s->vaddr - s->offset) % PAGE ||
             s->offset > a->length || s->filesz > a->length - s->offset || !s->filesz))
            return 0;
        if (s->type == PT_LOAD)
            page = (s->vaddr + s->memsz + PAGE - 1) & ~(PAGE - 1u);
    }
    return 1;
}

static const char *run(const struct attempt *a, int *status) {
    put_file("/headers/x", a->file, a->length);
    int pid = sys_fork();
    if (pid == 0) {
        int error = sys_execve("/headers/x", (char *[]){"x", 0}, (char *[]){0});
        put_file("/headers/error", &error, sizeof error);
        sys_exit(0);
    }
    *status = wait_for(pid);
    int error = 0;
    get_file("/headers/error", &error, sizeof error);
    sys_unlink("/headers/error");
    sys_unlink("/headers/x");
    return error ? outcome(error) : "ran";
}

int main(int argc, char **argv) {
    static struct attempt a;
    u32 count = argc > 1 ? parse_number(argv[1]) : 300, differing = 0, ran = 0;
    int on_linux = sys_access("/e820", 0) != 0, status;
    say("== headers: %s", argc > 2 ? argv[2] : "1");
    sys_mkdir("/headers");
    for (u32 n = 0; n < count; n++) {
        a.random = (argc > 2 ? parse_number(argv[2]) : 1) * 1000003 + n * 7919 + 1;
        for (u32 i = 0; i < 8; i++)
            next_random(&a.random);
        make_file(&a);
        int spoiled = one_in(&a, 6);
        if (spoiled)
            spoil(&a);
        u32 want = contract(&a), sum = want ? 0 : expected_sum(&a);
        if (spoiled && !want)
            continue; /* nobody knows what it would do */
        if (!want && linux_too(&a))
            ran++;
        if (on_linux && (want || !linux_too(&a)))
            continue;
        const char *got = run(&a, &status);
        if (streq(got, want ? outcome(-(int)want) : "ran") && status == (int)sum)
            continue;
        differing++;
        say("case %d: %s, status %d, and the contract says %s, %d", n, got, status,
            want ? outcome(-(int)want) : "ran", sum);
    }
    say("on Linux too ran: %d", ran);
    must("0", "differ from the contract: %d", differing);
    return 0;
}
