/*
 * What the shell says about programs, and what programs do to the script and the disk. The
 * programs are NASM text, assembled here; the system calls in them are those of i386 Linux.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/harness/boot.h"

/* An ELF file whose header fields NASM's -D may spoil; `start` follows. */
static const char HEADER[] =
    "bits 32\n"
    "%ifndef BASE\n"
    "%define BASE 0x08048000\n"
    "%endif\n"
    "org 0x08048000\n"
    "%macro field 3\n" /* name, letter of its size, value unless NASM has a -DSET_name */
    "%ifdef SET_%1\n"
    "d%2 SET_%1\n"
    "%else\n"
    "d%2 %3\n"
    "%endif\n"
    "%endmacro\n"
    "field MAGIC, d, 0x464C457F\n"
    "field CLASS, b, 1\n"
    "field DATA, b, 1\n"
    "db 1, 0, 0, 0, 0, 0, 0, 0, 0, 0\n"
    "field TYPE, w, 2\n"
    "field MACHINE, w, 3\n"
    "dd 1\n"
    "field ENTRY, d, start\n"
    "field PHOFF, d, 52\n"
    "dd 0, 0\n"
    "dw 52\n"
    "field PHENTSIZE, w, 32\n"
    "field PHNUM, w, 1\n"
    "dw 0, 0, 0\n"
    "field PTYPE, d, 1\n"
    "field OFFSET, d, 0\n"
    "dd BASE, BASE\n"
    "field FILESZ, d, end - $$\n"
    "field MEMSZ, d, end - $$\n"
    "dd 7, 4096\n"
    "start:\n";

/* Assembles a program; `option` is one -D for NASM or null. */
static struct buffer assemble(struct test *t, const char *body, const char *option) {
    char *source = test_path(t, "program.asm");
    char *out = test_path(t, "program");
    char *text = xprintf("%s%s\nend:\n", HEADER, body);
    test_write(t, source, text, strlen(text));
    test_run(t, 0, "nasm", "-f", "bin", option ? option : "-DNONE", "-o", out, source, NULL);
    free(text);
    return test_read(t, out);
}

#define EXIT(code) "mov eax, 1\nmov ebx, " code "\nint 0x80\n"
/* write(1, address, length) */
#define PRINT(address, length)                                                                     \
    "mov eax, 4\nmov ebx, 1\nmov ecx, " address "\nmov edx, " length "\nint 0x80\n"

/* A program that the shell runs once, as `p`, after /dev/hda has been made. */
struct program_case {
    const char *name;
    const char *body;
    const char *option;
    const char *log; /* after the lines that make the files; an ERROR leaves the disk alone */
};

#define ENDS_WELL "Build finished.\n00000004\n"
#define GOOD "p\n" ENDS_WELL
#define BROKEN "p\nERROR: p: not a program\n"

#define X50 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"

static const struct program_case CASES[] = {
    {"exit-0-goes-on", EXIT("0"), NULL, GOOD},
    {"exit-256-is-exit-0", EXIT("256"), NULL, GOOD},
    {"exit-1", EXIT("1"), NULL, "p\nERROR: p: exit 01\n"},
    {"exit-255", EXIT("-1"), NULL, "p\nERROR: p: exit FF\n"},
    {"exit-0x1A2", EXIT("0x1A2"), NULL, "p\nERROR: p: exit A2\n"},
    {"line-is-shown", PRINT("text", "3") EXIT("0") "text: db 'hi', 10", NULL, "p\nhi\n" ENDS_WELL},
    {"half-a-line-is-ended-before-the-end", PRINT("text", "2") EXIT("0") "text: db 'hi'", NULL,
     "p\nhi\n" ENDS_WELL},
    {"half-a-line-is-ended-before-an-error", PRINT("text", "2") EXIT("3") "text: db 'hi'", NULL,
     "p\nhi\nERROR: p: exit 03\n"},
    {"half-a-line-that-fills-the-console-is-ended",
     PRINT("text", "250") EXIT("0") "text: times 250 db 'x'", NULL,
     "p\n" X50 X50 X50 X50 X50 "\n" ENDS_WELL},
    {"float-error-that-is-not-masked",
     "fninit\npush dword 0x37B\nfldcw [esp]\nfld1\nfldz\nfdivp\nfwait", NULL,
     "p\nERROR: fault 10 at 08048064\n"},
    {"undefined-instruction", "ud2", NULL, "p\nERROR: fault 06 at 08048054\n"},

    {"magic", EXIT("0"), "-DSET_MAGIC=0x464C457E", BROKEN},
    {"object-file", EXIT("0"), "-DSET_TYPE=1", BROKEN},
    {"shared-object", EXIT("0"), "-DSET_TYPE=3", BROKEN},
    {"other-machine", EXIT("0"), "-DSET_MACHINE=62", BROKEN},
    {"no-program-headers", EXIT("0"), "-DSET_PHNUM=0", BROKEN},
    {"more-program-headers-than-file", EXIT("0"), "-DSET_PHNUM=65535", BROKEN},
    {"program-headers-past-the-file", EXIT("0"), "-DSET_PHOFF=0x10000", BROKEN},
    {"program-headers-at-the-end-of-the-addresses", EXIT("0"), "-DSET_PHOFF=0xFFFFFFF0", BROKEN},
    {"nothing-to-load", EXIT("0"), "-DSET_PTYPE=4", BROKEN},
    {"content-past-the-file", EXIT("0"), "-DSET_OFFSET=1", BROKEN},
    {"content-that-wraps-around", EXIT("0"), "-DSET_OFFSET=0xFFFFFFF0", BROKEN},
    {"more-in-the-file-than-in-memory", EXIT("0"), "-DSET_MEMSZ=end-$$-1", BROKEN},
    {"more-in-memory-than-in-the-file", EXIT("0"), "-DSET_MEMSZ=end-$$+100000", GOOD},
    {"image-below-the-program-area", EXIT("0"), "-DBASE=0x07FFF000", BROKEN},
    {"image-of-4-gib", EXIT("0"), "-DSET_MEMSZ=0xF7FB7000", "p\nERROR: p: no memory\n"},
    {"image-of-half-the-memory", EXIT("0"), "-DSET_MEMSZ=0x20000000", "p\nERROR: p: no memory\n"},
};

static const char PREFIX[] = "src 0 /dev\nsrc 4 /dev/hda\n";

/* A script that makes /dev/hda and /p, and what the console shows of that. */
static struct buffer program_script(const struct buffer *program, char **shown) {
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/dev/hda", "SEED", 4);
    add_src(&script, "/p", program->data, program->len);
    *shown = xprintf("%ssrc %zu /p\n", PREFIX, program->len);
    return script;
}

static void run_case(struct test *t, const void *argument) {
    const struct program_case *c = argument;
    struct buffer image;
    char *shown = NULL;
    struct buffer program = assemble(t, c->body, c->option);
    struct buffer script = program_script(&program, &shown);
    buffer_printf(&script, "p\n");
    struct aftermath a = boot_script(t, &script, NULL, &image);
    const char *error = strstr(c->log, "ERROR");
    if (error)
        expect_error(t, "end", &a, xprintf("%.*s", (int)strcspn(error, "\n"), error), &image);
    else
        expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "log", a.log, xprintf("%s%s", shown, c->log));
}

/* Ten bytes that a program reads from descriptor 0, one a call, are no commands. */
TEST(program_reads_the_script) {
    static const char BODY[] = "mov esi, 10\n"
                               ".next:\n"
                               "mov eax, 3\nxor ebx, ebx\nmov ecx, buffer\nmov edx, 100\nint 0x80\n"
                               "cmp eax, 1\njne .wrong\n"
                               "inc dword [.place]\n"
                               "mov eax, 4\nmov ebx, 1\nmov ecx, buffer\nmov edx, 1\nint 0x80\n"
                               "dec esi\njnz .next\n" EXIT("0") ".wrong:\n" EXIT(
                                   "9") ".place: dd 0\nbuffer: times 100 db 0\n";
    char *shown = NULL;
    struct buffer program = assemble(t, BODY, NULL);
    struct buffer script = program_script(&program, &shown);
    buffer_printf(&script, "p\n#ab\ncd src\nsrc 0 /x\np\n\nnosuch\nx\nsrc 0 /y\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(
        t, "log", a.log,
        xprintf("%sp\n#ab\ncd src\nsrc 0 /x\np\n\nnosuch\nx\nsrc 0 /y\n%s", shown, ENDS_WELL));
}

/* A program that makes /dev/hda of `text` at PLACE, with a hole before it. */
static const char WRITER[] = "mov eax, 5\nmov ebx, name\nmov ecx, 0x241\nmov edx, 0x1A4\nint 0x80\n"
                             "mov ebx, eax\n"
                             "mov eax, 19\nmov ecx, PLACE\nxor edx, edx\nint 0x80\n"
                             "mov eax, 4\nmov ecx, text\nmov edx, end - text\nint 0x80\n" EXIT(
                                 "0") "name: db '/dev/hda', 0\n";

/* The disk has `sectors`; /dev/hda has more. */
TEST(disk_smaller_than_hda_fails) {
    struct buffer program = assemble(t, xprintf("%stext: db 'x'\n", WRITER), "-DPLACE=0x180000");
    struct buffer script = {0};
    buffer_printf(&script, "src 0 /dev\n");
    add_src(&script, "/p", program.data, program.len);
    buffer_printf(&script, "p\n");
    struct buffer image;
    struct aftermath a = boot_script(t, &script, NULL, &image);
    char *line = xprintf("ERROR: disk: %08zX", image.len / SECTOR);
    if (a.end != RUN_ERROR)
        test_fail(t, "should end with `%s`: %s", line, a.message);
    expect_text(t, "end", last_line(a.log), line);
}

/*
 * After `f` the script is read from the disk as it is then: where the old disk goes on with
 * `nosuch`, /dev/hda has other commands. argument: bytes that the command after `f`, a src, takes
 * from the new disk, so that the new commands stand in a sector read before, or far behind.
 */
static void f_reads_the_script_anew(struct test *t, const void *argument) {
    size_t taken = *(const size_t *)argument;
    char *body = xprintf("%stext: times %zu db 'z'\n"
                         "db 'src 4 /dev/hda', 10, 'NEW!', 0\n",
                         WRITER, taken);
    struct buffer system = full_system(t);
    struct buffer script = {0};
    size_t place = 1 << 24; /* of as many digits as the true one, so that the sizes stay */
    for (int round = 0; round < 2; round++) {
        struct buffer program = assemble(t, body, xprintf("-DPLACE=%zu", place));
        script.len = 0;
        buffer_printf(&script, "src 0 /dev\n");
        add_src(&script, "/p", program.data, program.len);
        buffer_printf(&script, "p\nf\nsrc %zu /x\n", taken);
        place = system.len + script.len;
        buffer_free(&program);
    }
    add_filler(&script, taken);
    buffer_printf(&script, "\nnosuch\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "NEW!", 4);
}

/* Arguments reach a program as the words of the line: it prints all of them, from argv[0] on. */
TEST(program_has_the_words_of_the_line_as_arguments) {
    static const char BODY[] = "mov edi, [esp]\nlea ebp, [esp+4]\n"
                               ".next:\n"
                               "mov ecx, [ebp]\nxor edx, edx\n"
                               ".length:\n"
                               "inc edx\ncmp byte [ecx+edx-1], 0\njne .length\n"
                               "mov byte [ecx+edx-1], 10\n"
                               "mov eax, 4\nmov ebx, 1\nint 0x80\n"
                               "add ebp, 4\ndec edi\njnz .next\n"
                               "cmp dword [ebp], 0\njne .wrong\n"   /* the end of argv */
                               "cmp dword [ebp+4], 0\njne .wrong\n" /* an empty envp */
                               "test esp, 15\njnz .wrong\n" EXIT("0") ".wrong:\n" EXIT("9");
    char *shown = NULL;
    struct buffer program = assemble(t, BODY, NULL);
    struct buffer script = program_script(&program, &shown);
    buffer_printf(&script, "/p a #b src\tx --opt=1\n../p\n");
    struct aftermath a = boot_script(t, &script, NULL, NULL);
    expect_artifact(t, "/dev/hda", &a, "SEED", 4);
    expect_text(t, "log", a.log,
                xprintf("%s/p a #b src\tx --opt=1\n/p\na\n#b\nsrc\tx\n--opt=1\n../p\n../p\n%s",
                        shown, ENDS_WELL));
}

TESTS(programs_tests) {
    static const size_t TAKEN[] = {1, 100000};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        suite_add(s, xprintf("program-%s", CASES[i].name), run_case, &CASES[i]);
    suite_add(s, "shell-f-then-the-script-as-it-is-on-the-disk", f_reads_the_script_anew,
              &TAKEN[0]);
    suite_add(s, "shell-f-then-the-script-far-behind-as-it-is-on-the-disk", f_reads_the_script_anew,
              &TAKEN[1]);
}
