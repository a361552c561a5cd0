/* The options of the commands that boot. */
#include "images/session/session_options.h"

#include <string.h>

static const char options_help[] =
    "  --mem N       RAM in MiB, or with M or G, otherwise 1024; files and programs share it\n"
    "  --mem FILE    pc: the memory map instead, one entry a line: BASE LENGTH TYPE, as the "
    "BIOS's\n"
    "                E820 has them (type 1 is RAM); # begins a comment\n"
    "  --timeout S   give up after S seconds, otherwise never\n"
    "  --log FILE    write the console's lines to FILE\n"
    "  --times FILE  the same behind the seconds since the start and, on pc and model, the\n"
    "                instructions executed by then, with tabs between them\n"
    "  --files DIR   at the end, also after an ERROR, write every file the machine has in memory\n"
    "                below DIR; not on bochs\n"
    "  --file P=OUT  the file P alone, to OUT; may be given again for another; not on bochs\n"
    "  --keep IMG    keep the disk image of a build that fails\n"
    "  --machine M   pc (the usual one), q35 or isapc\n"
    "  --disk D      ahci (the usual one), ide, virtio, virtio-scsi, usb, scsi, nvme\n"
    "  --cpu C       QEMU's -cpu\n"
    "  --console C   port (exact, the usual one) or serial (the BIOS's own, which breaks\n"
    "                lines at column 80)\n"
    "  --bios LIST   pc: what its firmware does wrong, NAME or NAME=N with commas; help lists all\n"
    "  --checkpoint FILE   pc: save the machine to FILE, at once, then every --every MIN minutes\n"
    "                (10) and at Ctrl-C\n"
    "  --resume FILE  pc: go on from there, with the same image; the disk goes back to then, too\n"
    "  --gdb PORT    pc, QEMU: wait for gdb (`target remote :PORT`); see `seedbed symbols`\n"
    "  --trace FILE  pc: one line per system call of a program, as strace writes it\n"
    "  --qemu PATH   the program to start as QEMU, otherwise $QEMU or qemu-system-i386\n"
    "  --sample      at the end say where the processor spent its time\n"
    "  --plain       lines in place of the status line, also on a terminal\n"
    "  --quiet       show neither\n\n"
    "Exit status: 0 done, 1 the build failed, 2 wrong usage, 3 the machine or the host failed,\n"
    "124 no end within --timeout, 130 interrupted.\n";

char *session_help(const char *first) {
    struct buffer text = {0};
    buffer_printf(&text, "%s  --engine E    auto, or one of\n", first);
    for (size_t i = 0; engine_at(i); i++)
        buffer_printf(&text, "                  %-10s%s\n", engine_at(i)->name, engine_at(i)->what);
    buffer_printf(&text, "                auto is the first that works here\n%s", options_help);
    return (char *)text.data;
}

void session_specs(struct session_options *o, struct option_spec *specs) {
    *o = (struct session_options){.memory = {&o->request.mem_mib, &o->request.mem_map}};
    const struct option_spec all[SESSION_SPECS] = {
        {"--engine", OPTION_TEXT, &o->engine, 0},
        {"-o", OPTION_TEXT, &o->output, 0},
        {"--files", OPTION_TEXT, &o->request.files, 0},
        {"--file", OPTION_LIST, &o->request.file, 0},
        {"--keep", OPTION_TEXT, &o->keep, 0},
        {"--mem", OPTION_MIB, &o->memory, 1 << 20},
        {"--timeout", OPTION_SECONDS, &o->request.timeout, 0},
        {"--log", OPTION_TEXT, &o->log, 0},
        {"--times", OPTION_TEXT, &o->times, 0},
        {"--machine", OPTION_TEXT, &o->request.machine, 0},
        {"--disk", OPTION_TEXT, &o->request.disk, 0},
        {"--cpu", OPTION_TEXT, &o->request.cpu, 0},
        {"--console", OPTION_TEXT, &o->request.console, 0},
        {"--bios", OPTION_TEXT, &o->request.bios, 0},
        {"--trace", OPTION_TEXT, &o->request.trace, 0},
        {"--checkpoint", OPTION_TEXT, &o->request.checkpoint, 0},
        {"--every", OPTION_SECONDS, &o->request.every, 0},
        {"--resume", OPTION_TEXT, &o->request.resume, 0},
        {"--gdb", OPTION_NUMBER, &o->request.gdb, 65535},
        {"--qemu", OPTION_TEXT, &o->request.qemu, 0},
        {"--sample", OPTION_FLAG, &o->request.sample, 0},
        {"--plain", OPTION_FLAG, &o->plain, 0},
        {"--quiet", OPTION_FLAG, &o->quiet, 0},
    };
    memcpy(specs, all, sizeof all);
}
