/*
 * Facts that stand in several places, because kernel, model, guest programs and contract check each
 * other: whether all places agree, and the file and line of each that does not.
 */
#ifndef VERIFY_FACTS_FACTS_H
#define VERIFY_FACTS_FACTS_H

#include <stddef.h>

#include "images/lib/util.h"

enum { COUNT = -1 };

/*
 * A number and a place where it stands. What stands there, times `unit`, less `more`, is the
 * number; the first place of a fact in the table is what the others are held to.
 */
struct place {
    const char *fact; /* in words, for messages */
    const char *file; /* from the top folder, or absolute; * and ? as in a shell */
    const char *line; /* extended regular expression; its group is the number (see number.h) */
    long long unit;   /* 0: 1; COUNT: the number is how many lines are like that */
    long long more;
};

/* How much of a list a file has. */
enum extent {
    ALL,   /* all of it, and nothing else */
    SOME,  /* a part, and nothing else */
    ALIKE, /* some of it, perhaps, and others: what is in both has the same number */
};

/*
 * A list of entries with a name, a number or both, and a file that has it. The first file of a list
 * in the table is what the others are held to.
 */
struct listing {
    const char *list;  /* what an entry is called, for messages */
    const char *file;  /* or several, with blanks between them; * and ? as in a shell */
    const char *only;  /* lines to look at: a regular expression, or null for all */
    const char *entry; /* groups: name and number; in any order; or one of them */
    enum extent extent;
};

/* The tables; the last row is all null. */
extern const struct place PLACES[];
extern const struct listing LISTINGS[];

/*
 * Compares all places of a fact or list, or (null) of all, under the folder `root` and appends a
 * line for each that disagrees, or that has no such line any more, to *complaints. Returns their
 * number.
 */
size_t facts_check(const char *root, const char *fact, struct buffer *complaints);

/*
 * Compares the parts of boot sectors that stand between `# Shared by A, B and C: TITLE` and
 * `# End of TITLE` with those of the same title in the files that are named: instructions, remarks
 * and prose, without bytes and addresses. Complaints and count as above; *parts becomes how many
 * pairs there are. facts_check does it with all facts.
 */
size_t facts_shared(const char *root, struct buffer *complaints, size_t *parts);

/* A match of a place or listing. */
struct match {
    char *file;
    unsigned line;    /* from 1 */
    size_t at, size;  /* of the number, or else of the name, in the file */
    char *name;       /* null: none */
    bool counted;     /* whether there is a number */
    long long number; /* as it stands there */
};

struct matches {
    struct match *all;
    size_t count;
    bool missing; /* one of the files is not there */
};

/* All matches of `entry` in the lines of the files that `only` (or null) matches. */
struct matches facts_find(const char *root, const char *files, const char *only, const char *entry);
void matches_free(struct matches *m);

#endif
