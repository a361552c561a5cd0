/* The pieces of the report: facts that other targets left under build/, as parts of one page. */
#ifndef VERIFY_REPORT_REPORT_H
#define VERIFY_REPORT_REPORT_H

#include "images/lib/util.h"

/* What a file is known by. */
struct digest {
    char hash[65]; /* SHA-256, lower-case hex; "" if the file is not there */
    size_t size;
};

/* Digest of a file by sha256sum. */
struct digest digest_of(const char *path);

/* The first line of what a shell command says (allocated), "" if it fails. */
char *first_line_of(const char *command);

/* The tools whose versions are told, as shell commands; the last is null. */
extern const char *const TOOLS[];

/* Appends text with <, >, & and " made harmless. */
void html_text(struct buffer *out, const char *text);

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

/* Appends a table: a row for each thing, in the order of their first counts. */
void tally_put(const struct tally *tally, struct buffer *out);

/* Takes the next field of a line up to `mark` or the end, and moves *line behind it. */
char *next_field(char **line, char mark);

/* Pictures, as inline SVG. */
void chain_picture(struct buffer *out);
void memory_picture(struct buffer *out);

/* Sections, each with its heading; what was not run is said to be so. */
void audit_section(struct buffer *out);
void routes_section(struct buffer *out);
void matrix_section(struct buffer *out);
void fuzz_section(struct buffer *out);
void bench_section(struct buffer *out);

/* Writes an in-toto statement of the build (SLSA provenance v1). Returns -1 with *p filled. */
int provenance_write(const char *path, struct problem *p);

#endif
