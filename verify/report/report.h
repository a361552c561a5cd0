/* The pieces of the report: what other targets have left under build/, as parts of a tree. */
#ifndef VERIFY_REPORT_REPORT_H
#define VERIFY_REPORT_REPORT_H

#include "images/lib/util.h"
#include "verify/report/node.h"

/* What a file is known by. */
struct digest {
    char hash[65]; /* SHA-256, lower-case hex; "" if the file is not there */
    size_t size;
};

/* Digest of a file by sha256sum. */
struct digest digest_of(const char *path);

/* The first line of what a shell command says (allocated), "" if it fails. */
char *first_line_of(const char *command);

/* Takes the next field of a line up to `mark` or the end, and moves *line behind it. */
char *next_field(char **line, char mark);

/*
 * Begins the part `name` with what a target has left in a file: `missing` says that there is none,
 * `old` that the builder has changed since, both with `target` and `source`. *content becomes the
 * file with a NUL at its end, or is empty. The part of a file that is there has a node `here`.
 */
struct node *part_open(struct node *page, const char *name, const char *path, const char *target,
                       struct buffer *content);

/* The class of a verdict, which is its color: ok, error, off or bad. */
const char *class_of(const char *verdict);

/* How often each of a few things was counted. */
enum { MOST_COUNTS = 32 };
struct tally {
    struct {
        const char *what;
        unsigned long long sum;
    } count[MOST_COUNTS];
    size_t used;
};

/* Counts `what`, which must live as long as the tally, n times more. */
void tally_add(struct tally *tally, const char *what, unsigned long long n);

/* Adds a node `count` (n, what) for each thing, in the order of their first counts. */
void tally_put(const struct tally *tally, struct node *part);

/* The parts of the page. */
void add_chain(struct node *page);
void add_loop_picture(struct node *page);
void add_loop(struct node *page);
void add_memory(struct node *page);
void add_audit(struct node *page);
void add_routes(struct node *page);
void add_machines(struct node *page);
void add_fuzz(struct node *page);
void add_bench(struct node *page);

/* What the parts come to; added last. */
void add_verdict(struct node *page);

#endif
