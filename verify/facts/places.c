/* Where each number stands; the contract comes first. */
#include "verify/facts/facts.h"

#define CONTRACT "CONTRACT.md"
#define KERNEL "hex0/kernel.hex0"
#define MODEL "refmodel/builder/*.h"
#define NUMBERS "refmodel/strace/*.h"
#define TAKEOVER "verify/guest/takeover.asm"
#define LIMITS "verify/guest/limits.h"
#define MORTEM "images/machine/mortem.c"
#define PICTURE "verify/report/memory.c"
#define LINUX "/usr/include/"

enum { KIB = 1 << 10, MIB = 1 << 20, SECTOR = 512 };

/* A limit of 7.3, a constant of the kernel, one of C. */
#define LIMIT_ROW(words) "^\\| " words "[^|]*\\| ([0-9,]+)"
#define EQU(name) "; " name " +equ ([0-9A-Fx]+)"
#define C(name) "[ {]" name " = ([0-9A-Fx<+* -]*[0-9A-F])"

/* A line of a table of CONTRACT.md section 6. */
#define CALL_ROW "^\\| ([0-9]+) \\| [a-z0-9_]+\\("

/* clang-format off */
const struct place PLACES[] = {
    /* limits */
    {"the size of the kernel", CONTRACT, LIMIT_ROW("the kernel"), 0, 0},
    {"the size of the kernel", "images/*/*.h", C("KERNEL_MAX"), 0, 0},
    {"the size of the kernel", "verify/tests/boot/test_rebuild.c", C("KERNEL_LIMIT"), 0, 0},
    {"the size of the kernel", "hex0/boot.hex0", EQU("KERNEL_SECTORS"), SECTOR, 0},

    {"the number of names", CONTRACT, LIMIT_ROW("files and directories"), 0, 0},
    {"the number of names", CONTRACT, "<= n <= ([0-9]+)", 0, 3},
    {"the number of names", KERNEL, EQU("NUMBERS"), 0, 0},
    {"the number of names", KERNEL, "files have the numbers 4 to ([0-9]+)", 0, 3},
    {"the number of names", "refmodel/builder/*.[hc]", C("FILE_LAST"), 0, 3},
    {"the number of names", "images/*/*.h", C("TARGETS_MAX"), 0, -2},
    {"the number of names", TAKEOVER, "LAST +equ ([0-9]+)", 0, 3},
    {"the number of names", LIMITS, C("LIMIT_NAMES"), 0, 0},
    {"the number of names", MORTEM, C("LAST"), 0, 3},

    {"the number of the first file", CONTRACT, "\\(([0-9]+) <= n <=", 0, 0},
    {"the number of the first file", KERNEL, "files have the numbers ([0-9]+) to", 0, 0},
    {"the number of the first file", KERNEL, EQU("FIRST_FILE"), 0, 0},
    {"the number of the first file", "refmodel/builder/*.[hc]", C("FILE_FIRST"), 0, 0},
    {"the number of the first file", TAKEOVER, "FIRST +equ ([0-9]+)", 0, 0},
    {"the number of the first file", LIMITS, C("FIRST_FILE"), 0, 0},
    {"the number of the first file", MORTEM, C("FIRST"), 0, 0},

    {"the length of a path", CONTRACT, LIMIT_ROW("a path"), 0, 0},
    {"the length of a path", KERNEL, EQU("PATH_MAX"), 0, 0},
    {"the length of a path", "refmodel/builder/*.[hc]", C("PATH_LONGEST"), 0, 0},
    {"the length of a path", "images/*/*.h", C("TARGET_LENGTH_MAX"), 0, 0},
    {"the length of a path", "images/*/*.c", "longer than ([0-9]+) bytes", 0, 0},
    {"the length of a path", LIMITS, C("LIMIT_PATH"), 0, 0},

    {"the number of open files", CONTRACT, LIMIT_ROW("open files"), 0, 0},
    {"the number of open files", KERNEL, EQU("FDS_MAX"), 0, 3},
    {"the number of open files", MODEL, C("DESCRIPTORS"), 0, 0},
    {"the number of open files", LIMITS, C("LIMIT_OPEN"), 0, 0},

    {"the size of arguments", CONTRACT, LIMIT_ROW("argv and envp"), 0, 0},
    {"the size of arguments", KERNEL, "; ARGS +equ 0x[0-9A-F]+ +# (0x[0-9A-F]+) bytes", 0, 0},
    {"the size of arguments", MODEL, C("ARGUMENT_BYTES"), 0, 0},
    {"the size of arguments", "images/*/*.h", C("SCRIPT_WORDS_MAX"), 0, 0},
    {"the size of arguments", LIMITS, C("LIMIT_ARGUMENTS"), 0, 0},

    {"the number of children", CONTRACT, LIMIT_ROW("children not waited for"), 0, 0},
    {"the number of children", KERNEL, EQU("CHILDREN_MAX"), 0, 0},
    {"the number of children", MODEL, C("CHILDREN"), 0, 0},
    {"the number of children", LIMITS, C("LIMIT_CHILDREN"), 0, 0},

    {"the largest position", CONTRACT, "most (0x[0-9A-F]+), else EINVAL", 0, 0},
    {"the largest position", "refmodel/builder/*.[hc]", C("FILE_LARGEST"), 0, 0},

    {"the sectors of a transfer", CONTRACT, "A transfer is at most ([0-9]+) sectors", 0, 0},
    {"the sectors of a transfer", KERNEL, EQU("DISK_SECTORS"), 0, 0},
    {"the sectors of a transfer", KERNEL, "disk buffer, ([0-9]+) sectors", 0, 0},
    {"the sectors of a transfer", PICTURE, "disk buffer, ([0-9]+) sectors", 0, 0},

    {"the number of calls", CONTRACT, CALL_ROW, COUNT, 0},
    {"the number of calls", KERNEL, "with ([a-z-]+) of the system calls", 0, 0},
    {"the number of calls", "images/install/seedbed-build.5", "the ([a-z-]+) system calls", 0, 0},
    {"the number of calls", "images/*/*.c", "than the ([a-z-]+) calls", 0, 0},

    /* memory */
    {"where programs are", CONTRACT, "\\| (0x[0-9A-F]+) \\| the end of RAM", 0, 0},
    {"where programs are", KERNEL, EQU("PROGRAMS"), 0, 0},
    {"where programs are", KERNEL, "^#   (0x[0-9A-F]+) +programs", 0, 0},
    {"where programs are", MODEL, C("PROGRAM_AREA"), 0, 0},
    {"where programs are", PICTURE, "(0x[0-9A-F]+), \"programs", 0, 0},

    {"the page below the stack", CONTRACT, "\\| (0x[0-9A-F]+) \\| 0x[0-9A-F]+ \\| a page that is not", 0, 0},
    {"the page below the stack", KERNEL, "up to the page (0x[0-9A-F]+)", 0, 0},
    {"the page below the stack", MODEL, C("GUARD"), 0, 0},

    {"where the stack begins", CONTRACT, "\\| (0x[0-9A-F]+) \\| 0x[0-9A-F]+ \\| the stack of", 0, 0},
    {"where the stack begins", KERNEL, "^#   (0x[0-9A-F]+) +stack of programs", 0, 0},
    {"where the stack begins", MODEL, C("STACK_AREA"), 0, 0},
    {"where the stack begins", PICTURE, "(0x[0-9A-F]+), \"stack of the program", 0, 0},

    {"the bytes of a record", CONTRACT, "A record of the log takes ([0-9,]+) bytes", 0, 0},
    {"the bytes of a record", MODEL, C("RECORD_BYTES"), 0, 0},

    {"the least RAM", CONTRACT, "memory ends below ([0-9]+) MiB", MIB, 0},
    {"the least RAM", KERNEL, EQU("LEAST"), 0, 0},
    {"the least RAM", MODEL, C("LEAST_MEMORY"), 0, 0},

    {"the stack of a program", CONTRACT, "stack of the program, ([0-9]+) MiB", MIB, 0},
    {"the stack of a program", KERNEL, EQU("STACK_SIZE"), 0, 0},
    {"the stack of a program", "verify/harness/native.c", C("STACK_BYTES"), 0, 0},
    {"the stack of a program", PICTURE, "stack of the program: ([0-9]+) MiB", MIB, 0},

    {"the zeros before the break", CONTRACT, "at least ([0-9]+) KiB past", KIB, 0},
    {"the zeros before the break", KERNEL, EQU("SLACK"), 0, 0},
    {"the zeros before the break", MODEL, C("BREAK_GAP"), 0, 0},

    {"where the page tables are", CONTRACT, "page tables \\(at (0x[0-9A-F]+)", 0, 0},
    {"where the page tables are", KERNEL, "^#   (0x[0-9A-F]+) page tables", 0, 0},
    {"where the page tables are", MODEL, C("LOW_FILE_AREA"), 0, 0},
    {"where the page tables are", CONTRACT, "entry at (0x[0-9A-F]+) \\+", 0, 0},
    {"where the page tables are", "images/machine/paged.c", C("PAGE_TABLES"), 0, 0},
    {"where the page tables are", PICTURE, "(0x[0-9A-F]+), \"page tables", 0, 0},

    {"where the names are", CONTRACT, "path at (0x[0-9A-F]+) \\+", 0, 0},
    {"where the names are", KERNEL, EQU("NAMES"), 0, 0},
    {"where the names are", KERNEL, "^#   (0x[0-9A-F]+) +page directory; names", 0, 0},
    {"where the names are", MODEL, C("NAME_TABLE"), 0, 0},
    {"where the names are", TAKEOVER, "NAMES +equ (0x[0-9A-F]+)", 0, 0},
    {"where the names are", LIMITS, C("NAMES_AT"), 0, 0},
    {"where the names are", MORTEM, C("NAMES"), 0, 0},
    {"where the names are", PICTURE, "(0x[0-9A-F]+), \"page directory, names", 0, 0},

    {"the bytes of a name", CONTRACT, "\\+ ([0-9]+) n; the name", 0, 0},
    {"the bytes of a name", KERNEL, "names of the files 4 and up, ([0-9]+) bytes", 0, 0},
    {"the bytes of a name", KERNEL, EQU("NAME_SIZE"), 0, 0},
    {"the bytes of a name", "refmodel/builder/*.[hc]", C("NAME_BYTES"), 0, 0},
    {"the bytes of a name", LIMITS, C("NAME_BYTES"), 0, 0},
    {"the bytes of a name", MORTEM, C("NAME_SIZE"), 0, 0},

    {"where the descriptors are", CONTRACT, "descriptor at (0x[0-9A-F]+) \\+", 0, 0},
    {"where the descriptors are", KERNEL, EQU("FILES"), 0, 0},
    {"where the descriptors are", KERNEL, "^#   (0x[0-9A-F]+) +descriptors", 0, 0},
    {"where the descriptors are", MODEL, C("DESCRIPTOR_TABLE"), 0, 0},
    {"where the descriptors are", TAKEOVER, "DESCRIPTORS +equ (0x[0-9A-F]+)", 0, 0},
    {"where the descriptors are", LIMITS, C("DESCRIPTORS_AT"), 0, 0},
    {"where the descriptors are", MORTEM, C("DESCRIPTORS"), 0, 0},
    {"where the descriptors are", PICTURE, "(0x[0-9A-F]+), \"descriptors", 0, 0},

    {"the bytes of a descriptor", CONTRACT, "descriptor at 0x[0-9A-F]+ \\+ ([0-9]+) n", 0, 0},
    {"the bytes of a descriptor", KERNEL, "descriptors of the files, ([0-9]+) bytes", 0, 0},
    {"the bytes of a descriptor", "refmodel/builder/*.[hc]", C("DESCRIPTOR_BYTES"), 0, 0},
    {"the bytes of a descriptor", LIMITS, C("DESCRIPTOR_BYTES"), 0, 0},
    {"the bytes of a descriptor", MORTEM, C("DESCRIPTOR_SIZE"), 0, 0},
    {"the bytes of a descriptor", PICTURE, "descriptors of the files, ([0-9]+) bytes", 0, 0},

    {"where the kernel is", CONTRACT, "put the kernel at linear (0x[0-9A-F]+)", 0, 0},
    {"where the kernel is", KERNEL, "; +org +(0x[0-9A-F]+)", 0, 0},
    {"where the kernel is", KERNEL, "^#   (0x[0-9A-F]+) +this program", 0, 0},
    {"where the kernel is", "hex0/boot.hex0", EQU("KERNEL"), 0, 0},
    {"where the kernel is", "stage1/stage1.hex0", EQU("KERNEL"), 0, 0},
    {"where the kernel is", "verify/guest/liar.asm", "^KERNEL +equ (0x[0-9A-F]+)", 0, 0},
    {"where the kernel is", PICTURE, "(0x[0-9A-F]+), \"the kernel", 0, 0},

    /* the map at the head of the kernel */
    {"where the variables are", KERNEL, EQU("VARIABLES"), 0, 0},
    {"where the variables are", KERNEL, "^#   (0x[0-9A-F]+) +VARIABLES:", 0, 0},
    {"the stack of exceptions", KERNEL, EQU("FAULT_STACK"), 0, 0},
    {"the stack of exceptions", KERNEL, "^#   (0x[0-9A-F]+) +top of the stack of the handler", 0, 0},
    {"where the console's line is", KERNEL, EQU("CONSOLE"), 0, 0},
    {"where the console's line is", KERNEL, "^#   (0x[0-9A-F]+) +the line of the console", 0, 0},
    {"where the heads are", KERNEL, EQU("HEADS"), 0, 0},
    {"where the heads are", KERNEL, "^#   (0x[0-9A-F]+) +HEADS:", 0, 0},
    {"where the IDT is", KERNEL, EQU("IDT"), 0, 0},
    {"where the IDT is", KERNEL, "^#   (0x[0-9A-F]+) +IDT:", 0, 0},
    {"where the GDT is", KERNEL, EQU("GDT"), 0, 0},
    {"where the GDT is", KERNEL, "^#   (0x[0-9A-F]+) +GDT,", 0, 0},
    {"where the disk buffer is", KERNEL, EQU("DISK"), 0, 0},
    {"where the disk buffer is", KERNEL, "^#   (0x[0-9A-F]+) +disk buffer", 0, 0},
    {"where the disk buffer is", PICTURE, "(0x[0-9A-F]+), \"disk buffer", 0, 0},
    {"where the arguments are", KERNEL, EQU("ARGS"), 0, 0},
    {"where the arguments are", KERNEL, "^#   (0x[0-9A-F]+) +strings of argv", 0, 0},
    {"where the arguments are", PICTURE, "(0x[0-9A-F]+), \"argv and envp", 0, 0},
    {"where the path is", KERNEL, EQU("PATH"), 0, 0},
    {"where the path is", KERNEL, "^#   (0x[0-9A-F]+) +the path that search", 0, 0},
    {"where the path is", PICTURE, "(0x[0-9A-F]+), \"a resolved path", 0, 0},
    {"where the command line is", KERNEL, EQU("LINE"), 0, 0},
    {"where the command line is", KERNEL, "^#   (0x[0-9A-F]+) +command line", 0, 0},
    {"where the command line is", PICTURE, "(0x[0-9A-F]+), \"command line", 0, 0},

    /* tries of a transfer */
    {"the tries of the kernel", KERNEL, EQU("TRIES"), 0, 0},
    {"the tries of the kernel", "docs/HARDWARE.md", "sectors each time, ([0-9]+) times", 0, 0},
    {"the tries of a boot sector", CONTRACT, "a sector at a time, up to ([a-z]+) times", 0, 0},
    {"the tries of a boot sector", "hex0/boot.hex0", EQU("TRIES"), 0, 0},
    {"the tries of a boot sector", "docs/HARDWARE.md", "the boot sectors ([0-9]+) times", 0, 0},

    /* entries of the memory map: the last that there is room for is one too many */
    {"the entries of a memory map", CONTRACT, "more than ([0-9]+) entries", 0, 0},
    {"the entries of a memory map", KERNEL, "; E820 +equ 0x10000 - ([0-9]+) \\* 24", 0, 1},
    {"the entries of a memory map", "docs/HARDWARE.md", "more than ([0-9]+) entries", 0, 0},

    {"the selector of code", CONTRACT, "code selector (0x[0-9A-F]+)", 0, 0},
    {"the selector of code", KERNEL, EQU("CODE"), 0, 0},
    {"the selector of code", "refmodel/builder/*.[hc]", C("CODE_SELECTOR"), 0, 0},
    {"the selector of data", CONTRACT, "data selector (0x[0-9A-F]+)", 0, 0},
    {"the selector of data", KERNEL, EQU("DATA"), 0, 0},
    {"the selector of data", "refmodel/builder/*.[hc]", C("DATA_SELECTOR"), 0, 0},

    {"the RAM of a machine", "images/*/*.h", "RAM; 0: ([0-9]+)", 0, 0},
    {"the RAM of a machine", "images/*/*.c", "RAM in MiB.*otherwise ([0-9]+)", 0, 0},
    {"the RAM of a machine", "images/*/*.c", "mem_mib : ([0-9]+)", 0, 0},
    {"the RAM of a machine", "images/*.c", "RAM of the machine \\(([0-9]+)\\)", 0, 0},
    {"the RAM of a machine", "refmodel/builder/*.[hc]", C("DEFAULT_MIB"), 0, 0},
    {"the RAM of a machine", "refmodel/seedbed.h", "a machine with ([0-9]+) MiB", 0, 0},
    {"the RAM of a machine", "refmodel/seedbed.h", "-m would give; 0 is ([0-9]+)", 0, 0},

    /* flags of open; Linux knows best */
    {"O_CREAT", LINUX "asm-generic/fcntl.h", "define O_CREAT[ \t]+([0-9]+)", 0, 0},
    {"O_CREAT", KERNEL, EQU("O_CREAT"), 0, 0},
    {"O_CREAT", NUMBERS, C("O_CREATE"), 0, 0},
    {"O_CREAT", "verify/guest/rt.h", C("O_CREAT"), 0, 0},
    {"O_CREAT", "buildscripts/boot2/*.pp", "^O_CREAT = (0o[0-7]+)", 0, 0},
    {"O_CREAT", "buildscripts/libc/include/fcntl.h", "define O_CREAT ([0-9A-Fx]+)", 0, 0},
    {"O_CREAT", "buildscripts/boot0/defs.M1", "DEFINE O_CREATE ([0-9A-F]{8})", 0, 0x201},
    {"O_EXCL", LINUX "asm-generic/fcntl.h", "define O_EXCL[ \t]+([0-9]+)", 0, 0},
    {"O_EXCL", KERNEL, EQU("O_EXCL"), 0, 0},
    {"O_EXCL", NUMBERS, C("O_EXCLUSIVE"), 0, 0},
    {"O_EXCL", "verify/guest/rt.h", C("O_EXCL"), 0, 0},
    {"O_EXCL", "buildscripts/boot2/*.pp", "^O_EXCL = (0o[0-7]+)", 0, 0},
    {"O_EXCL", "buildscripts/libc/include/fcntl.h", "define O_EXCL ([0-9A-Fx]+)", 0, 0},
    {"O_TRUNC", LINUX "asm-generic/fcntl.h", "define O_TRUNC[ \t]+([0-9]+)", 0, 0},
    {"O_TRUNC", KERNEL, EQU("O_TRUNC"), 0, 0},
    {"O_TRUNC", NUMBERS, C("O_TRUNCATE"), 0, 0},
    {"O_TRUNC", "verify/guest/rt.h", C("O_TRUNC"), 0, 0},
    {"O_TRUNC", "buildscripts/boot2/*.pp", "^O_TRUNC = (0o[0-7]+)", 0, 0},
    {"O_TRUNC", "buildscripts/libc/include/fcntl.h", "define O_TRUNC ([0-9A-Fx]+)", 0, 0},
    {"O_APPEND", LINUX "asm-generic/fcntl.h", "define O_APPEND[ \t]+([0-9]+)", 0, 0},
    {"O_APPEND", KERNEL, EQU("O_APPEND"), 0, 0},
    {"O_APPEND", NUMBERS, C("O_ADD"), 0, 0},
    {"O_APPEND", "verify/guest/rt.h", C("O_APPEND"), 0, 0},
    {"O_APPEND", "buildscripts/boot2/*.pp", "^O_APPEND = (0o[0-7]+)", 0, 0},
    {"O_APPEND", "buildscripts/libc/include/fcntl.h", "define O_APPEND ([0-9A-Fx]+)", 0, 0},
    {"O_APPEND", "buildscripts/boot0/defs.M1", "DEFINE O_APPEND ([0-9A-F]{8})", 0, 0x41},
    {NULL, NULL, NULL, 0, 0},
};

#define ERRNO_ROW CALL_ROW "|^\\| [^|]+\\| [0-9,]+[^|]*\\| E|gives E[A-Z]+"

const struct listing LISTINGS[] = {
    {"call", CONTRACT, CALL_ROW, "^\\| ([0-9]+) \\| ([a-z0-9_]+)", ALL},
    {"call", KERNEL, "; +db +(0|call_[a-z0-9]+ - call[a-z0-9_]+), [1-9]",
     "([0-9]+) \\+ 1 +# ([a-z0-9_]+)$", ALL},
    {"call", NUMBERS, NULL, "SYS_([A-Z0-9_]+) = ([0-9]+)", ALL},
    {"call", "verify/guest/rt.h", NULL, "NR_([A-Z0-9_]+) = ([0-9]+)", ALL},
    {"call", "buildscripts/boot0/defs.M1", NULL, "DEFINE SYS_([A-Z0-9]+) ([0-9A-F]{8})", SOME},
    {"call", LINUX "x86_64-linux-gnu/asm/unistd_32.h", NULL, "__NR_([a-z0-9_]+) ([0-9]+)$", ALIKE},

    {"errno", KERNEL, NULL, "; +E2?([A-Z]+) +equ ([0-9]+)$", ALL},
    {"errno", CONTRACT, ERRNO_ROW, "E2?([A-QS-Z][A-Z]{2,}|R[A-QS-Z][A-Z]+)", ALL},
    {"errno", NUMBERS, NULL, "^    E_([A-Z]+) = ([0-9]+)", ALL},
    {"errno", "verify/guest/rt.h", NULL, "^    E2?([A-Z]+) = ([0-9]+)", ALL},
    {"errno", LINUX "asm-generic/errno-base.h " LINUX "asm-generic/errno.h", NULL,
     "define[ \t]+E2?([A-Z]+)[ \t]+([0-9]+)", ALIKE},

    {"call of Linux", LINUX "x86_64-linux-gnu/asm/unistd_32.h", NULL,
     "__NR_([a-z0-9_]+) ([0-9]+)$", ALL},
    {"call of Linux", "buildscripts/*/*.pp buildscripts/*/*/*.pp", NULL,
     "^SYS_([A-Z0-9]+) += ([0-9]+)", SOME},
    {"call of Linux", "buildscripts/libc/*.c", NULL, "^    SYS_([A-Z0-9]+) = ([0-9]+)", SOME},

    {"errno of Linux", LINUX "asm-generic/errno-base.h " LINUX "asm-generic/errno.h", NULL,
     "define[ \t]+E2?([A-Z]+)[ \t]+([0-9]+)", ALL},
    {"errno of Linux", "buildscripts/boot2/*.pp", NULL,
     "^E2?([A-Z]+) += ([0-9]+)", SOME},
    {"errno of Linux", "buildscripts/libc/include/errno.h", NULL,
     "define E2?([A-Z]+) ([0-9]+)", SOME},

    {"line", CONTRACT, "^\\| `ERROR: [^A]", "`ERROR: ([^`]+)`", ALL},
    {"line", "refmodel/*.c refmodel/builder/*.c", NULL,
     "build_error\\(s, \"([^\"]+)\"", ALL},
    {"text of a line", CONTRACT, "^\\| `ERROR", "ERROR: [A-Z]+: ([a-z ]+)`", ALL},
    {"text of a line", KERNEL, "; +db +-[A-Z0-9_]+, .[a-z ]+.$", "'([a-z ]+)'", ALL},
    {"word of a line", CONTRACT, "^\\| `ERROR: [a-z]", "ERROR: ([a-z !]+)[`:]", ALL},
    {"word of a line", KERNEL, "; +db +'[a-z]+: '", "'([a-z !]+): ', 8", ALL},
    {"word before a number", CONTRACT, "^\\| `ERROR", "([a-z]+) [NX]{2}", ALL},
    {"word before a number", KERNEL, NULL, "; +db .*['\"]([a-z]+) ['\"], 2", ALL},
    {NULL, NULL, NULL, NULL, SOME},
};
/* clang-format on */
