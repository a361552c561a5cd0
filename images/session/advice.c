/* What to do about an ERROR line of the machine (CONTRACT.md 2.5). */
#include "images/session/advice.h"

#include <stdlib.h>
#include <string.h>

#include "images/machine/image.h"
#include "images/script/check.h"
#include "images/script/script.h"

/* Memory in MiB that one may ask for: files have what lies below the stack of programs; what is
   above 128 MiB programs share with forks, and with files that need more (CONTRACT.md 7.2). */
static const unsigned choices[] = {64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072};
enum { CHOICES = sizeof choices / sizeof choices[0], TABLES = 17, STACK = 120, PROGRAMS = 128 };

static uint64_t room_for_programs(uint64_t mem) {
    return mem > PROGRAMS ? mem - PROGRAMS : 0;
}

static uint64_t room_for_files(uint64_t mem) {
    uint64_t low = (mem < STACK ? mem : STACK) - TABLES, high = room_for_programs(mem);
    return low > high ? low : high;
}

/* The least memory that gives clearly more room than now, and at least `wanted` MiB; 0: none. */
static unsigned larger(uint64_t (*room)(uint64_t), uint64_t mem, uint64_t wanted) {
    for (unsigned i = 0; i < CHOICES; i++)
        if (room(choices[i]) > room(mem) * 5 / 4 && room(choices[i]) >= wanted)
            return choices[i];
    return 0;
}

static char *more_memory(const struct failure *f, bool files) {
    uint64_t mib = f->plan ? f->plan->size >> 20 : 0;
    unsigned mem = files ? larger(room_for_files, f->mem_mib, mib + mib / 8)
                         : larger(room_for_programs, f->mem_mib, 0);
    const char *what = files ? "files" : "programs";
    if (!f->mem_mib)
        return xprintf(
            "the memory map of --mem has too little room for %s, or a hole where a program that "
            "takes the machine over has something (CONTRACT.md section 7)",
            what);
    uint64_t now = files ? room_for_files(f->mem_mib) : room_for_programs(f->mem_mib);
    if (!mem)
        return xprintf("%s had at most %llu MiB, and no --mem gives them much more", what,
                       (unsigned long long)now);
    return xprintf("%s had at most %llu MiB; --mem %u gives them %llu", what,
                   (unsigned long long)now, mem,
                   (unsigned long long)(files ? room_for_files(mem) : room_for_programs(mem)));
}

/* The word number `i` of the command, as a string of its own. */
static char *word_of(const struct failure *f, unsigned i) {
    struct script_word word = {"", 0};
    size_t at = 0, n = strlen(f->command);
    do
        if (!script_word(f->command, n, &at, &word))
            return xstrdup("");
    while (i--);
    return xprintf("%.*s", (int)word.length, word.text);
}

static char *not_found(const struct failure *f, const char *name) {
    char *first = word_of(f, 0), *second = word_of(f, 1);
    const char *slash = strrchr(name, '/');
    bool makes = strcmp(first, "src") == 0 || (strcmp(first, "hex0") == 0 && strcmp(second, name));
    char *text;
    if (strcmp(name, "/dev/hda") == 0 && !strstr(f->command, name))
        text = xstrdup("a build is for what it leaves in /dev/hda, and nothing has made that file");
    else if (makes && slash && slash > name)
        text = xprintf("a file is made in a folder that is there: put `@dir %.*s` before this line",
                       (int)(slash - name), name);
    else if (strcmp(first, name) == 0)
        text = xstrdup("there is no program of that name: paths are absolute or start at /");
    else
        text = xstrdup("nothing before this line has made that file");
    free(first);
    free(second);
    return text;
}

static char *odd_digit(const struct failure *f, const char *name) {
    char resolved[TARGET_LENGTH_MAX + 1];
    char *where = f->plan && !target_resolve(name, strlen(name), resolved)
                      ? plan_odd_digit(f->plan, resolved)
                      : NULL;
    char *text = where ? xprintf("the digit is at %s", where)
                       : xstrdup("two hex digits make a byte; `seedbed hex0 FILE -` says where the "
                                 "last one is alone");
    free(where);
    return text;
}

/* The host file that the program of the command was made of, or null. */
static const char *program_file(const struct failure *f) {
    char name[TARGET_LENGTH_MAX + 1];
    char *word = word_of(f, 0);
    const struct target *file = NULL;
    if (f->plan && !target_resolve(word, strlen(word), name))
        file = targets_find(&f->plan->targets, name);
    free(word);
    return file && file->parts == 1 ? f->plan->parts[file->part].source : NULL;
}

static char *not_a_program(const struct failure *f) {
    const char *file = program_file(f);
    const char *wrong = file ? elf_wrong(file) : NULL;
    return wrong ? xprintf("%s is %s", file, wrong)
                 : xstrdup("a program is a static ELF file for i386 with fixed addresses from "
                           "0x08000000 on (gcc -m32 -static -no-pie -nostdlib)");
}

/* Whether the program carries the storage for threads that the C libraries want of Linux. */
static bool has_libc(const char *file) {
    struct buffer elf = {0};
    struct problem p;
    bool found = false;
    enum { PHOFF = 28, PHNUM = 44, PHENTSIZE = 32, PT_TLS = 7 };
    if (read_file(file, &elf, &p) == 0 && elf.len > 52) {
        size_t at = elf.data[PHOFF] | (size_t)elf.data[PHOFF + 1] << 8;
        for (unsigned i = elf.data[PHNUM]; i && at + PHENTSIZE <= elf.len; i--, at += PHENTSIZE)
            found = found || elf.data[at] == PT_TLS;
    }
    buffer_free(&elf);
    return found;
}

static char *libc(const struct failure *f) {
    const char *file = program_file(f);
    if (!file || !has_libc(file))
        return NULL;
    return xprintf(
        "%s is linked with a C library that wants more of Linux than the twenty-four calls "
        "there are (CONTRACT.md 6.3), such as threads: use a smaller one",
        file);
}

/* A program that goes on without the memory that it has asked for. */
static char *refused(const struct failure *f) {
    char *memory = more_memory(f, false);
    char *text = xprintf("brk was refused before; try --mem: %s", memory);
    free(memory);
    return text;
}

static char *fault(const struct failure *f, const char *text) {
    static const char *const names[] = {[0] = "division by zero, or a quotient too large",
                                        [3] = "a breakpoint",
                                        [4] = "an overflow",
                                        [5] = "a bound exceeded",
                                        [6] = "an instruction that the processor does not have",
                                        [13] = "a segment, or an interrupt, that is not there",
                                        [14] = "an access past the end of memory, or through a "
                                               "null pointer",
                                        [16] = "a floating point error that is not masked"};
    unsigned long vector = strtoul(text, NULL, 16);
    char *known = f->brk_refused ? refused(f) : libc(f);
    if (known)
        return known;
    const char *name = vector < sizeof names / sizeof names[0] ? names[vector] : NULL;
    return xprintf("%s%s`seedbed model --trace FILE` shows the calls before it", name ? name : "",
                   name ? "; " : "");
}

static char *disk(const struct failure *f, const char *text) {
    uint64_t lba = strtoull(text, NULL, 16);
    if (f->disk && lba >= f->disk / SECTOR)
        return xprintf("the disk ends there, after %llu bytes: it is smaller than the artifact "
                       "(--size makes it larger), or the script ends inside a `src`",
                       (unsigned long long)f->disk);
    return xstrdup("that sector of the disk cannot be read or written");
}

static bool ends_with(const char *text, const char *end) {
    size_t n = strlen(text), k = strlen(end);
    return n >= k && strcmp(text + n - k, end) == 0;
}

char *advice(const struct failure *f) {
    const char *text = f->error + strlen("ERROR: ");
    const char *colon = strstr(text, ": ");
    char *name = xprintf("%.*s", colon ? (int)(colon - text) : 0, text);
    char *made = NULL;
    if (strncmp(text, "disk: ", 6) == 0)
        made = disk(f, text + 6);
    else if (strncmp(text, "fault ", 6) == 0)
        made = fault(f, text + 6);
    else if (ends_with(text, ": not found"))
        made = not_found(f, name);
    else if (ends_with(text, ": no space"))
        made = more_memory(f, true);
    else if (ends_with(text, ": no memory") && strcmp(name, "/") != 0)
        made = more_memory(f, false);
    else if (strcmp(name, "/") == 0 && ends_with(text, ": no memory"))
        made = xstrdup("the kernel needs 21 MiB that the BIOS calls usable, without a hole");
    else if (ends_with(text, ": not a program"))
        made = not_a_program(f);
    else if (ends_with(text, ": odd digit"))
        made = odd_digit(f, name);
    else if (ends_with(text, ": bad operand"))
        made = xstrdup("it is `src N PATH`, with a decimal N below 2^31, and `hex0 IN OUT`");
    else if (ends_with(text, ": too many"))
        made = xstrdup("there can be 14,330 files and folders");
    else if (strstr(text, ": exit "))
        made = f->brk_refused ? refused(f) : libc(f);
    free(name);
    return made;
}
