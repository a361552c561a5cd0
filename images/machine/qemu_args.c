/* The command line of QEMU for a request: a bare machine that boots as fast as it can. */
#include "images/machine/qemu_args.h"

#include <stdlib.h>
#include <string.h>

/* The ways to attach the disk. AHCI moves data by DMA; the BIOS drives IDE by single port reads,
   which is some thirty times slower. */
struct attachment {
    const char *name;
    const char *controller;     /* on pc, if any */
    const char *controller_q35; /* on q35, if another */
    const char *device;
    const char *device_q35;
};

static const struct attachment attachments[] = {
    {"ahci", "ich9-ahci,id=ahci", NULL, "ide-hd,bus=ahci.0", "ide-hd,bus=ide.0"},
    {"ide", NULL, "piix3-ide,id=pata", "ide-hd,bus=ide.0", "ide-hd,bus=pata.0"},
    {"virtio", NULL, NULL, "virtio-blk-pci", NULL},
    {"usb", "qemu-xhci", "qemu-xhci", "usb-storage", NULL},
    {"scsi", "lsi53c895a", "lsi53c895a", "scsi-hd", NULL},
    {"virtio-scsi", "virtio-scsi-pci", "virtio-scsi-pci", "scsi-hd", NULL},
    {"nvme", NULL, NULL, "nvme,serial=seedbed", NULL},
};

/* What differs between QEMU's machines. */
enum board { PC, Q35, ISAPC };

static enum board board_of(const char *machine) {
    if (strncmp(machine, "q35", 3) == 0 || strncmp(machine, "pc-q35", 6) == 0)
        return Q35;
    return strcmp(machine, "isapc") == 0 ? ISAPC : PC;
}

static void add(struct qemu_args *args, char *text) {
    args->argv[args->argc++] = text;
    args->argv[args->argc] = NULL;
}

static void add_pair(struct qemu_args *args, const char *option, char *value) {
    add(args, xstrdup(option));
    add(args, value);
}

static int add_disk(struct qemu_args *args, const struct run_request *request, enum board board,
                    struct problem *p) {
    const char *name = request->disk ? request->disk : board == ISAPC ? "ide" : "ahci";
    if (board == ISAPC && strcmp(name, "ide") != 0)
        return problem_set(p, "isapc has no bus for a disk '%s', take ide", name);
    for (size_t i = 0; i < sizeof attachments / sizeof attachments[0]; i++) {
        const struct attachment *a = &attachments[i];
        if (strcmp(a->name, name) != 0)
            continue;
        const char *controller = board == Q35 ? a->controller_q35 : a->controller;
        const char *device = board == Q35 && a->device_q35 ? a->device_q35 : a->device;
        if (controller)
            add_pair(args, "-device", xstrdup(controller));
        add_pair(args, "-drive",
                 xprintf("file=/dev/fd/%d,format=raw,if=none,id=disk,cache=unsafe", FD_IMAGE));
        add_pair(args, "-device",
                 xprintf("%s,drive=disk%s", device, board == ISAPC ? "" : ",bootindex=0"));
        return 0;
    }
    return problem_set(
        p, "no disk '%s', take one of ahci, ide, virtio, virtio-scsi, usb, scsi, nvme", name);
}

static int add_console(struct qemu_args *args, const char *name, struct problem *p) {
    add_pair(args, "-chardev", xprintf("file,id=console,path=/dev/fd/%d", FD_CONSOLE));
    if (!name || strcmp(name, "port") == 0) {
        add_pair(args, "-device", xstrdup("isa-debugcon,iobase=0xe9,chardev=console"));
        add_pair(args, "-option-rom", xprintf("/dev/fd/%d", FD_ROM));
    } else if (strcmp(name, "serial") == 0) {
        add_pair(args, "-machine", xstrdup("graphics=off"));
        add_pair(args, "-serial", xstrdup("chardev:console"));
    } else {
        return problem_set(p, "no console '%s', take one of port, serial", name);
    }
    return 0;
}

const char *qemu_program(const struct run_request *request) {
    const char *given = getenv("QEMU");
    return request->qemu ? request->qemu : given && *given ? given : "qemu-system-i386";
}

int qemu_args_make(struct qemu_args *args, const char *accel, const struct run_request *request,
                   struct problem *p) {
    *args = (struct qemu_args){.argc = 0};
    const char *machine = request->machine ? request->machine : "pc";
    enum board board = board_of(machine);
    add(args, xstrdup(qemu_program(request)));
    add_pair(args, "-accel", xstrdup(accel));
    add_pair(args, "-machine", xstrdup(machine));
    add_pair(args, "-m",
             xprintf("%llu", (unsigned long long)(request->mem_mib ? request->mem_mib : 1024)));
    if (request->gdb) {
        add_pair(args, "-gdb", xprintf("tcp:127.0.0.1:%llu", (unsigned long long)request->gdb));
        add(args, xstrdup("-S"));
    }
    if (request->cpu)
        add_pair(args, "-cpu", xstrdup(request->cpu));
    add(args, xstrdup("-nodefaults"));
    add(args, xstrdup("-no-user-config"));
    /* A reset stops the machine, so that it can be looked at as it is then. */
    add(args, xstrdup("-no-reboot"));
    add(args, xstrdup("-no-shutdown"));
    add_pair(args, "-display", xstrdup("none"));
    /* A disk that does not boot ends the run, in place of a BIOS that waits for another one. On a
       machine without PCI it does not find its disk in the boot order. */
    add_pair(args, "-boot",
             xprintf("menu=off,strict=%s,reboot-timeout=1", board == ISAPC ? "off" : "on"));
    add_pair(args, "-chardev", xprintf("socket,id=monitor,fd=%d", FD_MONITOR));
    add_pair(args, "-mon", xstrdup("chardev=monitor,mode=control"));
    if (add_console(args, request->console, p) == 0 && add_disk(args, request, board, p) == 0)
        return 0;
    qemu_args_free(args);
    return -1;
}

void qemu_args_free(struct qemu_args *args) {
    while (args->argc)
        free(args->argv[--args->argc]);
}
