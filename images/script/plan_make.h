/* How a plan grows; for the files that read build files into plans. */
#ifndef IMAGES_SCRIPT_PLAN_MAKE_H
#define IMAGES_SCRIPT_PLAN_MAKE_H

#include "images/script/plan.h"

/* Fills *p with "BUILD:LINE: " and the text and returns -1. */
int plan_problem(const struct plan *plan, unsigned line, struct problem *p, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void plan_add_text(struct plan *plan, unsigned line, const void *text, size_t n);
void plan_add_source(struct plan *plan, unsigned line, const char *source, uint64_t size);

/* Makes the directory `name` (resolved) and its parents, unless the plan has made them before. */
int plan_add_directory(struct plan *plan, unsigned line, const char *name, struct problem *p);

/* Makes the file `name` (resolved) of `count` host files, and its parents. */
int plan_add_file(struct plan *plan, unsigned line, const char *name, char *const *sources,
                  size_t count, struct problem *p);

/* @tree: makes `name` (resolved) like the host folder. */
int plan_add_tree(struct plan *plan, unsigned line, const char *name, const char *folder,
                  struct problem *p);

/* Takes note of a name that a shell line makes. */
int plan_note_by_hand(struct plan *plan, unsigned line, const char *name, struct problem *p);

#endif
