/*
 * The engines: machines that boot a disk. One table has them all. A new engine is a file that
 * defines `const struct engine engine_NAME`, and a row of ENGINES.
 */
#ifndef IMAGES_MACHINE_ENGINE_H
#define IMAGES_MACHINE_ENGINE_H

#include "images/machine/run.h"

/* In the order in which `auto` tries them. */
#define ENGINES(ROW)                                                                               \
    ROW(qemu_kvm)                                                                                  \
    ROW(pc)                                                                                        \
    ROW(qemu_tcg)                                                                                  \
    ROW(bochs)                                                                                     \
    ROW(model)

struct engine {
    const char *name;
    const char *what; /* for the help text, in a few words */
    /* It runs the script alone: what stands before that on the disk has no say. */
    bool script_only;
    /* It is QEMU, whose machines can be chosen: --machine, --disk, --cpu, --console, --sample. */
    bool machines;
    /* It cannot hand out the files of its machine. */
    bool no_files;
    /* Whether it can be counted on here; *why becomes a new string with the reason. Null: always.
     */
    bool (*works)(char **why);
    /*
     * Runs the machine on the disk request->image (never null here) up to its end. *result is all
     * zero before, apart from the descriptor of the disk. Returns 0 however the run ended, -1 with
     * *p filled where the engine itself failed.
     */
    int (*run)(const struct run_request *request, struct run_result *result, struct problem *p);
};

#define DECLARE_ENGINE(NAME) extern const struct engine engine_##NAME;
ENGINES(DECLARE_ENGINE)

/*
 * The engine called `name`; `auto` or null is the first of the table that works here. *why, if it
 * is not null, becomes a new string that says why it is this one. Returns null with *p filled where
 * there is no such engine.
 */
const struct engine *engine_choose(const char *name, char **why, struct problem *p);

/* The engine of row i of the table, from 0 on; null past the last. */
const struct engine *engine_at(size_t i);

/* The names of all engines (allocated), with ", " between them. */
char *engine_names(void);

#endif
