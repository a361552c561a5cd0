/* The table of the routes. `make` takes those at its beginning. */
#include "images/routes/routes.h"

#define MAKE .make = true
/* The PC as a program of its own, on a disk made here. */
#define PC(RUN)                                                                                    \
    "{ cat build/seeds/seedbed.bin \"$SCRIPT\"; head -c 65536 /dev/zero; } >\"$OUT.img\" && " RUN  \
    " \"$OUT.img\" \"$OUT\" >\"$OUT.log\""

/* clang-format off */
const struct route ROUTES[] = {
    {"sed-printf-mini", "mini by sed and printf", MINI, BY_SEED, MAKE},
    {"sed-printf-stage1", "stage1 by sed and printf", STAGE1, BY_SEED, MAKE},
    {"sed-printf", "seedbed by sed and printf", FULL, BY_SEED, MAKE},
    {"hex0-mini", "mini by seedbed hex0", MINI, BY_HEX0, MAKE},
    {"hex0-stage1", "stage1 by seedbed hex0", STAGE1, BY_HEX0, MAKE},
    {"hex0", "seedbed by seedbed hex0", FULL, BY_HEX0, MAKE},
    {"mini-mini", "mini by the mini seed", MINI, BY_MINI, MAKE},
    {"mini-mini-mini", "mini by that mini", MINI, BY_MINI, MAKE, .with = "mini-mini"},
    {"mini-stage1", "stage1 by mini", STAGE1, BY_MINI, MAKE, .with = "mini-mini-mini"},
    {"mini", "seedbed (boot sector and kernel) by mini", FULL, BY_MINI, MAKE,
     .with = "mini-mini-mini"},
    {"kernel", "seedbed by that seedbed", FULL, BY_KERNEL, MAKE, .with = "mini"},
    {"stage1", "seedbed by stage1 and the kernel's text", FULL, BY_STAGE1, MAKE,
     .with = "mini-stage1"},
    {"kernel-stage1", "stage1 by seedbed", STAGE1, BY_KERNEL, MAKE, .with = "mini"},
    {"kernel-mini", "mini by seedbed", MINI, BY_KERNEL, MAKE, .with = "mini"},
    {"model", "seedbed by the model", FULL, BY_KERNEL, MAKE, .engine = "model"},
    {"model-stage1", "stage1 by the model", STAGE1, BY_KERNEL, MAKE, .engine = "model"},
    {"model-mini", "mini by the model", MINI, BY_KERNEL, MAKE, .engine = "model"},

    {"cut-xxd", "cut and xxd", FULL, BY_SHELL, .tools = "cut xxd", .shell =
     "cat $SOURCES | cut -d'#' -f1 | cut -d';' -f1 | xxd -r -p >\"$OUT\""},
    {"awk", "awk", FULL, BY_SHELL, .tools = "awk", .shell =
     "LC_ALL=C awk '{ sub(/[#;].*/, \"\"); gsub(/[^0-9A-Fa-f]/, \"\"); $0 = toupper($0);"
     " for (i = 1; i < length($0); i += 2)"
     " printf \"%c\", (index(d, substr($0, i, 1)) - 1) * 16 + index(d, substr($0, i + 1, 1)) - 1 }'"
     " d=0123456789ABCDEF \"$TEXT\" >\"$OUT\""},
    {"hex2", "hex2 of mescc-tools", FULL, BY_SHELL, .tools = "hex2", .shell =
     "hex2 --architecture x86 --little-endian --base-address 0 -f \"$TEXT\" -o \"$OUT\""
     " 2>\"$OUT.log\" || { cat \"$OUT.log\" >&2; exit 1; }"},
    {"nasm", "nasm, from the asm column alone", FULL, BY_SHELL, .tools = "nasm sed", .shell =
     "for f in $SOURCES; do sed -n 's/^[^#;]*;//p' \"$f\" | sed 's/ #.*//' >\"$OUT.asm\" &&"
     " nasm -f bin -o \"$OUT.part\" \"$OUT.asm\" && cat \"$OUT.part\" >>\"$OUT\" || exit 1; done"},
    {"boot0", "hex0 of buildscripts/boot0 on Linux", FULL, BY_SHELL,
     .tools = "build/boot0/hex0-seed", .shell = "build/boot0/hex0-seed \"$TEXT\" \"$OUT\""},
    {"model-gcc", "the model, built by gcc", FULL, BY_SHELL, .tools = "build/routes/model-gcc",
     .shell = "build/routes/model-gcc \"$SCRIPT\" \"$OUT\""},
    {"model-clang", "the model, built by clang", FULL, BY_SHELL,
     .tools = "build/routes/model-clang",
     .shell = "build/routes/model-clang \"$SCRIPT\" \"$OUT\""},
    {"model-tcc", "the model, built by tcc", FULL, BY_SHELL, .tools = "build/routes/model-tcc",
     .shell = "build/routes/model-tcc \"$SCRIPT\" \"$OUT\""},
    {"model-s390x", "the model on s390x (big-endian)", FULL, BY_SHELL,
     .tools = "qemu-s390x build/routes/model-s390x",
     .shell = "qemu-s390x build/routes/model-s390x \"$SCRIPT\" \"$OUT\""},
    {"model-riscv64", "the model on riscv64", FULL, BY_SHELL,
     .tools = "qemu-riscv64 build/routes/model-riscv64",
     .shell = "qemu-riscv64 build/routes/model-riscv64 \"$SCRIPT\" \"$OUT\""},
    {"model-aarch64", "the model on aarch64", FULL, BY_SHELL,
     .tools = "qemu-aarch64 build/routes/model-aarch64",
     .shell = "qemu-aarch64 build/routes/model-aarch64 \"$SCRIPT\" \"$OUT\""},

    {"pc-mini", "mini in the PC of refmodel/pc", FULL, BY_MINI, .engine = "pc"},
    {"pc-kernel", "the kernel in that PC", FULL, BY_KERNEL, .engine = "pc"},
    {"pc-stage1", "stage1 and the kernel's text in that PC", FULL, BY_STAGE1, .engine = "pc"},
    {"pc-gcc", "the kernel in the PC, built by gcc", FULL, BY_SHELL,
     .tools = "build/routes/pc-gcc",
     .shell = PC("build/routes/pc-gcc")},
    {"pc-clang", "the kernel in the PC, built by clang", FULL, BY_SHELL,
     .tools = "build/routes/pc-clang",
     .shell = PC("build/routes/pc-clang")},
    {"pc-tcc", "the kernel in the PC, built by tcc", FULL, BY_SHELL,
     .tools = "build/routes/pc-tcc",
     .shell = PC("build/routes/pc-tcc")},
    {"pc-m32", "the kernel in the PC, as 32-bit code", FULL, BY_SHELL,
     .tools = "build/routes/pc-m32",
     .shell = PC("build/routes/pc-m32")},
    {"pc-sanitized", "the kernel in the PC, under ASan and UBSan", FULL, BY_SHELL,
     .tools = "build/routes/pc-sanitized",
     .shell = PC("build/routes/pc-sanitized")},
    {"pc-s390x", "the kernel in the PC, on s390x (big-endian)", FULL, BY_SHELL,
     .tools = "qemu-s390x build/routes/pc-s390x",
     .shell = PC("qemu-s390x build/routes/pc-s390x")},
    {"pc-riscv64", "the kernel in the PC, on riscv64", FULL, BY_SHELL,
     .tools = "qemu-riscv64 build/routes/pc-riscv64",
     .shell = PC("qemu-riscv64 build/routes/pc-riscv64")},
    {"pc-aarch64", "the kernel in the PC, on aarch64", FULL, BY_SHELL,
     .tools = "qemu-aarch64 build/routes/pc-aarch64",
     .shell = PC("qemu-aarch64 build/routes/pc-aarch64")},
    {"qemu-mini", "mini in QEMU", FULL, BY_MINI, .tools = "qemu-system-i386",
     .engine = "qemu-tcg"},
    {"qemu-kernel", "the kernel in QEMU", FULL, BY_KERNEL, .tools = "qemu-system-i386",
     .engine = "qemu-tcg"},
    {"qemu-stage1", "stage1 and the kernel's text in QEMU", FULL, BY_STAGE1,
     .tools = "qemu-system-i386", .engine = "qemu-tcg"},
    {"bochs-mini", "mini in Bochs", FULL, BY_MINI, .tools = "bochs", .engine = "bochs"},
    {"bochs-kernel", "the kernel in Bochs", FULL, BY_KERNEL, .tools = "bochs", .engine = "bochs"},
    {"bochs-stage1", "stage1 and the kernel's text in Bochs", FULL, BY_STAGE1, .tools = "bochs",
     .engine = "bochs"},
    {"kvm-mini", "mini in QEMU with KVM", FULL, BY_MINI, .tools = "qemu-system-i386",
     .engine = "qemu-kvm"},
    {"kvm-kernel", "the kernel in QEMU with KVM", FULL, BY_KERNEL, .tools = "qemu-system-i386",
     .engine = "qemu-kvm"},
    {"kvm-stage1", "stage1 and the kernel's text in KVM", FULL, BY_STAGE1,
     .tools = "qemu-system-i386", .engine = "qemu-kvm"},
    {.name = NULL},
};
/* clang-format on */
