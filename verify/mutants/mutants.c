/*
 * build/mutants: breaks each instruction of the kernel in turn, runs what of the quick suite
 * reaches it, and names the mutants that nobody has noticed. What is known to change nothing stands
 * in a list, with the reason.
 */
#include <capstone/capstone.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/hexfmt/listing.h"
#include "images/lib/home.h"
#include "images/lib/options.h"
#include "verify/mutants/cases.h"

static const char SOURCE[] = "hex0/kernel.hex0";

enum kind { DROPPED, INVERTED, ONE_MORE, ONE_LESS, REGISTER, FLIPPED, KINDS };
static const char *const KIND_NAMES[KINDS] = {"dropped",         "condition inverted",
                                              "constant plus 1", "constant minus 1",
                                              "register",        "bit flipped"};

enum { SLACK = 3, LEAST = 3000000 }; /* how much longer a mutant may run */

struct mutants {
    struct listing listing;
    struct buffer kernel;
    struct cases cases;
    csh decoder[2]; /* 16 and 32 bits */
    struct buffer reasons;
    unsigned share, shares; /* of several processes */
    unsigned sample;        /* only each so manieth instruction */
    unsigned made, killed, unreached, excused;
};

/* Makes one byte of the mutant another; false: there is none of this kind. */
static bool mutate(const struct mutants *m, const struct line *line, bool wide, enum kind kind,
                   uint8_t *bytes) {
    cs_insn *insn = NULL;
    size_t n = cs_disasm(m->decoder[wide], bytes, line->size, line->address, 1, &insn);
    if (n != 1 || !insn->detail) {
        cs_free(insn, n);
        return false;
    }
    const cs_x86_encoding e = insn->detail->x86.encoding;
    bool jump = line->condition, done = true;
    unsigned constant = e.imm_offset ? e.imm_offset : e.disp_offset;
    cs_free(insn, n);
    unsigned op = bytes[0] == 0x66 || bytes[0] == 0x67 ? 1 : 0;
    switch (kind) {
    case DROPPED:
        memset(bytes, 0x90, line->size);
        break;
    case INVERTED:
        done = jump && (bytes[op] & 0xF0) == 0x70;
        if (done)
            bytes[op] ^= 1;
        else if (jump && bytes[op] == 0x0F)
            done = bytes[op + 1] ^= 1;
        break;
    case ONE_MORE:
    case ONE_LESS:
        done = constant && constant < line->size;
        if (done)
            bytes[constant] += kind == ONE_MORE ? 1 : 0xFF;
        break;
    case REGISTER:
        done = e.modrm_offset && e.modrm_offset < line->size;
        if (done)
            bytes[e.modrm_offset] ^= 8;
        else if ((done = (bytes[op] >= 0x40 && bytes[op] < 0x60) || (bytes[op] & 0xF0) == 0xB0))
            bytes[op] ^= 1;
        break;
    default:
        bytes[line->address * 7 % line->size] ^= (uint8_t)(1u << line->address % 8);
        break;
    }
    return done;
}

/* Whether any case that reaches the instruction sees the difference. */
static bool is_killed(const struct mutants *m, const struct line *line,
                      const struct buffer *kernel) {
    for (size_t n = 0; n < m->cases.count; n++) {
        const struct mutant_case *c = &m->cases.of[n];
        struct left left;
        if (!c->runs[line->address - KERNEL])
            continue;
        if (case_run(c, kernel, c->right.instructions * SLACK + LEAST, NULL, &left) < 0)
            return true;
        if (left.end != c->right.end || left.digest != c->right.digest)
            return true;
    }
    return false;
}

static bool is_reached(const struct mutants *m, const struct line *line) {
    for (size_t n = 0; n < m->cases.count; n++)
        if (m->cases.of[n].runs[line->address - KERNEL])
            return true;
    return false;
}

/* The reasons: lines that begin with what a survivor is called, then " | " and why. */
static bool is_excused(const struct mutants *m, const char *name) {
    const char *at = (const char *)m->reasons.data;
    size_t n = strlen(name);
    for (; *at; at += strcspn(at, "\n"), at += *at == '\n')
        if (strncmp(at, name, n) == 0 && strncmp(at + n, " | ", 3) == 0)
            return true;
    return false;
}

static void try_mutant(struct mutants *m, const struct line *line, bool wide, enum kind kind) {
    struct buffer kernel = {0};
    buffer_append(&kernel, m->kernel.data, m->kernel.len);
    uint8_t *bytes = kernel.data + (line->address - KERNEL);
    if (mutate(m, line, wide, kind, bytes) &&
        memcmp(bytes, m->kernel.data + (line->address - KERNEL), line->size) != 0) {
        char *name = xprintf("%s | %s | %s", line->near, line->code, KIND_NAMES[kind]);
        m->made++;
        if (is_excused(m, name))
            m->excused++;
        else if (!is_reached(m, line))
            m->unreached++;
        else if (is_killed(m, line, &kernel))
            m->killed++;
        else
            printf("%s:%u: %s | \n", SOURCE, line->number, name), fflush(stdout);
        free(name);
    }
    buffer_free(&kernel);
}

static void try_all(struct mutants *m) {
    bool wide = false;
    for (size_t i = 0, n = 0; i < m->listing.count; i++) {
        const struct line *line = &m->listing.lines[i];
        if (strncmp(line->code, "bits", 4) == 0)
            wide = strstr(line->code, "32") != NULL;
        if (!line->instruction || n++ % m->sample != 0 || n / m->sample % m->shares != m->share)
            continue;
        for (int kind = 0; kind < KINDS; kind++)
            try_mutant(m, line, wide, (enum kind)kind);
    }
}

static int by_length(const void *a, const void *b) {
    const struct mutant_case *x = a, *y = b;
    return (x->right.instructions > y->right.instructions) -
           (x->right.instructions < y->right.instructions);
}

/* What the kernel as it is leaves; the quickest cases come first. */
static int measure(struct mutants *m, struct problem *p) {
    enum { MOST = 60000000 };
    for (size_t n = 0; n < m->cases.count; n++) {
        struct mutant_case *c = &m->cases.of[n];
        c->runs = calloc(KERNEL_ROOM, sizeof *c->runs);
        if (case_run(c, &m->kernel, MOST, c->runs, &c->right) < 0)
            return problem_set(p, "no memory for a machine, free some");
        if (c->right.end == PC_RUNNING) { /* too long to be of use here */
            fprintf(stderr, "seedbed: the case `%s` is left out: it takes too long\n", c->name);
            memset(c->runs, 0, KERNEL_ROOM * sizeof *c->runs);
        }
    }
    qsort(m->cases.of, m->cases.count, sizeof *m->cases.of, by_length);
    return 0;
}

static int prepare(struct mutants *m, const char *reasons, struct problem *p) {
    if (listing_read(&m->listing, SOURCE, p) < 0 || home_compile(SOURCE, &m->kernel, p) < 0 ||
        cases_make(&m->cases, p) < 0 || measure(m, p) < 0 ||
        (reasons && read_file(reasons, &m->reasons, p) < 0))
        return -1;
    buffer_append(&m->reasons, "", 1);
    for (int n = 0; n < 2; n++) {
        if (cs_open(CS_ARCH_X86, n ? CS_MODE_32 : CS_MODE_16, &m->decoder[n]) != CS_ERR_OK)
            return problem_set(p, "Capstone does not start");
        cs_option(m->decoder[n], CS_OPT_DETAIL, CS_OPT_ON);
    }
    return 0;
}

/* A share of the mutants in a process of its own; its counts come through a pipe. */
static int share_out(struct mutants *m, unsigned jobs) {
    int ends[2];
    if (pipe(ends) < 0)
        return -1;
    fflush(stdout);
    m->shares = jobs;
    for (m->share = 0; m->share < jobs; m->share++)
        if (fork() == 0) {
            try_all(m);
            unsigned counts[4] = {m->made, m->killed, m->unreached, m->excused};
            fflush(stdout);
            _exit(write(ends[1], counts, sizeof counts) != sizeof counts);
        }
    close(ends[1]);
    unsigned counts[4];
    while (read(ends[0], counts, sizeof counts) == sizeof counts) {
        m->made += counts[0];
        m->killed += counts[1];
        m->unreached += counts[2];
        m->excused += counts[3];
    }
    while (wait(NULL) > 0)
        ;
    return 0;
}

int main(int argc, char **argv) {
    static const char help[] = "usage: build/mutants [--jobs N] [--sample N] [--reasons FILE]\n";
    struct mutants m = {0};
    struct problem p;
    uint64_t jobs = 1, sample = 1;
    const char *reasons = NULL;
    int i;
    struct option_spec specs[] = {{"--jobs", OPTION_NUMBER, &jobs, 64},
                                  {"--sample", OPTION_NUMBER, &sample, 0},
                                  {"--reasons", OPTION_TEXT, &reasons, 0},
                                  {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    m.sample = sample ? (unsigned)sample : 1;
    if (prepare(&m, reasons, &p) < 0 || share_out(&m, jobs ? (unsigned)jobs : 1) < 0)
        return problem_report(&p);
    unsigned judged = m.made - m.excused, survived = judged - m.killed;
    printf(
        "%u mutants: %u killed, %u survived (%u of them where no case comes), %u change nothing\n",
        m.made, m.killed, survived, m.unreached, m.excused);
    printf("%.1f%% of those that can be noticed are killed\n",
           judged ? 100.0 * m.killed / judged : 100);
    return judged && m.killed * 100 < judged * 98;
}
