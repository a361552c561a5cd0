/* The table of the routes, and those that are a command of this system. */
#include "verify/routes/routes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"

/* clang-format off */
const struct route ROUTES[] = {
    {"cut-xxd", "cut and xxd", "cut xxd",
     "cut -d'#' -f1 \"$TEXT\" | cut -d';' -f1 | xxd -r -p >\"$OUT\"", NULL, 0},
    {"sed-printf", "sed and printf", "sed tr env",
     "env printf \"$(sed 's/[#;].*//; s/[^0-9A-Fa-f]//g; s/../\\\\x&/g' \"$TEXT\" | tr -d '\\n')\" "
     ">\"$OUT\"", NULL, 0},
    {"awk", "awk", "awk",
     "LC_ALL=C awk '{ sub(/[#;].*/, \"\"); gsub(/[^0-9A-Fa-f]/, \"\"); $0 = toupper($0);"
     " for (i = 1; i < length($0); i += 2)"
     " printf \"%c\", (index(d, substr($0, i, 1)) - 1) * 16 + index(d, substr($0, i + 1, 1)) - 1 }'"
     " d=0123456789ABCDEF \"$TEXT\" >\"$OUT\"", NULL, 0},
    {"hex2", "hex2 of mescc-tools", "hex2",
     "hex2 --architecture x86 --little-endian --base-address 0 -f \"$TEXT\" -o \"$OUT\" 2>\"$OUT.log\" || { cat \"$OUT.log\" >&2; exit 1; }",
     NULL, 0},
    {"nasm", "nasm, from the asm column alone", "nasm sed",
     "for f in boot kernel; do sed -n 's/^[^#;]*;//p' \"$TEXT.$f\" | sed 's/ #.*//' >\"$OUT.asm\" &&"
     " nasm -f bin -o \"$OUT.$f\" \"$OUT.asm\" || exit 1; done;"
     " cat \"$OUT.boot\" \"$OUT.kernel\" >\"$OUT\"", NULL, 0},
    {"boot0", "hex0 of buildscripts/boot0 on Linux", "build/boot0/hex0-seed",
     "build/boot0/hex0-seed \"$TEXT\" \"$OUT\"", NULL, 0},
    {"model-gcc", "the model, built by gcc", "build/routes/model-gcc",
     "build/routes/model-gcc \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"model-clang", "the model, built by clang", "build/routes/model-clang",
     "build/routes/model-clang \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"model-tcc", "the model, built by tcc", "build/routes/model-tcc",
     "build/routes/model-tcc \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"model-s390x", "the model on s390x (big-endian)", "qemu-s390x build/routes/model-s390x",
     "qemu-s390x build/routes/model-s390x \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"model-riscv64", "the model on riscv64", "qemu-riscv64 build/routes/model-riscv64",
     "qemu-riscv64 build/routes/model-riscv64 \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"model-aarch64", "the model on aarch64", "qemu-aarch64 build/routes/model-aarch64",
     "qemu-aarch64 build/routes/model-aarch64 \"$SCRIPT\" \"$OUT\"", NULL, 0},
    {"qemu-mini", "mini in QEMU", "qemu-system-i386", NULL, "qemu-tcg", BY_MINI},
    {"qemu-kernel", "the kernel in QEMU", "qemu-system-i386", NULL, "qemu-tcg", BY_KERNEL},
    {"qemu-stage1", "stage1 and the kernel's text in QEMU", "qemu-system-i386", NULL, "qemu-tcg",
     BY_STAGE1},
    {"bochs-mini", "mini in Bochs", "bochs", NULL, "bochs", BY_MINI},
    {"bochs-kernel", "the kernel in Bochs", "bochs", NULL, "bochs", BY_KERNEL},
    {"bochs-stage1", "stage1 and the kernel's text in Bochs", "bochs", NULL, "bochs", BY_STAGE1},
    {"kvm-mini", "mini in QEMU with KVM", "qemu-system-i386", NULL, "qemu-kvm", BY_MINI},
    {"kvm-kernel", "the kernel in QEMU with KVM", "qemu-system-i386", NULL, "qemu-kvm", BY_KERNEL},
    {"kvm-stage1", "stage1 and the kernel's text in KVM", "qemu-system-i386", NULL, "qemu-kvm",
     BY_STAGE1},
    {NULL, NULL, NULL, NULL, NULL, 0},
};
/* clang-format on */

/* The first of the tools that is not here (allocated), or null. */
static char *missing_tool(const char *tools) {
    char *list = xstrdup(tools);
    char *missing = NULL;
    for (char *word = strtok(list, " "); word && !missing; word = strtok(NULL, " ")) {
        struct problem p;
        struct buffer output = {0};
        char *argv[] = {"sh", "-c", "command -v \"$0\"", word, NULL};
        if (process_output(argv, &output, &p) != 0)
            missing = xstrdup(word);
        buffer_free(&output);
    }
    free(list);
    return missing;
}

static int take_by_shell(const struct route *route, const struct ground *ground,
                         struct buffer *made, struct problem *p) {
    char *text = xprintf("%s/text.hex0", ground->folder);
    char *script = xprintf("%s/script", ground->folder);
    char *out = xprintf("%s/%s.bin", ground->folder, route->name);
    struct buffer output = {0};
    char *argv[] = {"sh", "-c", (char *)route->shell, NULL};
    setenv("TEXT", text, 1);
    setenv("SCRIPT", script, 1);
    setenv("OUT", out, 1);
    unlink(out);
    int status = process_output(argv, &output, p);
    if (status == 0)
        status = read_file(out, made, p);
    buffer_free(&output);
    free(out);
    free(script);
    free(text);
    return status;
}

int route_take(const struct route *route, const struct ground *ground, struct buffer *made,
               struct problem *p) {
    char *missing = missing_tool(route->tools);
    if (missing) {
        problem_set(p, "no %s here", missing);
        free(missing);
        return 1;
    }
    if (!route->engine)
        return take_by_shell(route, ground, made, p);
    return route_boot(route, ground, made, p);
}
