/*
 * build/mutants: breaks each instruction of the kernel in turn, runs what of the quick suite
 * reaches it, and names the mutants that nobody has noticed. Those that are known stand in a list,
 * with the reason. --count writes what the suite runs of the kernel, as lines for
 * build/book-writer.
 */
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/options.h"
#include "images/lib/process.h"
#include "verify/mutants/cases.h"
#include "verify/mutants/mutate.h"
#include "verify/mutants/reasons.h"

static const char SOURCE[] = "hex0/kernel.hex0";

enum { TRIED_SURVIVED = 1, TRIED_NOTICED = 2, LEFT_OUT = 4 };
enum { MOST_JOBS = 64, TOO_LONG = 99, MOST_SECONDS = 100 };
enum verdict { KILLED, EQUAL, OPEN, SURVIVED, VERDICTS };

/* What the processes that share the work have in common. */
struct board {
    atomic_uint next; /* line of the listing to take */
    atomic_uint count[VERDICTS];
    atomic_bool failed;
    struct place {
        unsigned line; /* of the listing, from 1; 0: none */
        int kind;
    } at[MOST_JOBS];      /* what each process tries */
    atomic_uchar tried[]; /* KINDS for each reason: TRIED_ bits. Its text may stand there twice */
};

struct mutants {
    struct listing listing;
    struct buffer kernel;
    struct cases cases;
    struct decoders decoders;
    struct reasons reasons;
    struct board *board;
    unsigned sample;           /* only each so manieth instruction */
    struct option_list labels; /* only those behind one of these; none: all */
    uint64_t from;             /* only from this line of the source on */
    uint64_t least;            /* per cent of those that change something, to be killed */
    size_t last;               /* the case that has killed the last one */
    struct problem problem;
};

/* Whether a case comes to the instruction, while the kernel boots or later. */
static bool comes_booting(const struct cases *all, const struct mutant_case *c,
                          const struct line *line) {
    return c->looks_around && all->bench[c->bench]->boots[line->address - KERNEL];
}

static bool comes_later(const struct mutant_case *c, const struct line *line) {
    return c->reaches[line->address - KERNEL];
}

/* Most are seen once the kernel has booted, and that takes less time. 1: it differs; 0; -1. */
static int tried(struct mutants *m, size_t n, bool booted, const struct line *line,
                 const uint8_t *bytes) {
    struct mutant_case *c = &m->cases.of[n];
    if (booted ? !comes_later(c, line) : !comes_booting(&m->cases, c, line))
        return 0;
    return case_differs(&m->cases, c, booted, line->address, bytes, line->size, &m->problem);
}

/* Whether one of the cases from `first` on that cost less than `most` seconds sees the difference.
 */
static int seen_by(struct mutants *m, size_t *first, double most, const struct line *line,
                   const uint8_t *bytes) {
    int r = 0;
    size_t end = *first;
    while (end < m->cases.count && m->cases.of[end].cost < most)
        end++;
    for (int booted = 1; r == 0 && booted >= 0; booted--)
        for (size_t n = *first; r == 0 && n < end; n++)
            if ((r = tried(m, n, booted, line, bytes)) > 0)
                m->last = n;
    *first = end;
    return r;
}

/* Whether any case sees it: first the one that saw the last, then fast ones. 1: yes; 0; -1. */
static int is_killed(struct mutants *m, const struct line *line, const uint8_t *bytes) {
    static const double MOST[] = {0.005, 0.02, 1000};
    size_t first = 0;
    int r = tried(m, m->last, true, line, bytes);
    if (r == 0)
        r = tried(m, m->last, false, line, bytes);
    for (size_t n = 0; r == 0 && n < sizeof MOST / sizeof MOST[0]; n++)
        r = seen_by(m, &first, MOST[n], line, bytes);
    return r;
}

static bool is_reached(const struct mutants *m, const struct line *line) {
    for (size_t n = 0; n < m->cases.count; n++)
        if (comes_later(&m->cases.of[n], line) || comes_booting(&m->cases, &m->cases.of[n], line))
            return true;
    return false;
}

/* In one write, for several processes write at the same time. Frees the line. */
static void put_line(const struct mutants *m, char *text) {
    if (write(STDOUT_FILENO, text, strlen(text)) < 0)
        m->board->failed = true;
    free(text);
}

/* A survivor, and what its instruction has become. */
static void name_survivor(const struct mutants *m, const struct line *line, bool wide,
                          enum kind kind, const uint8_t *bytes) {
    cs_insn *insn = NULL;
    size_t n = cs_disasm(m->decoders.of[wide], bytes, line->size, line->address, 1, &insn);
    put_line(m, xprintf("%s:%u: %s | %s | %s: %s%s%s%s\n", SOURCE, line->number, line->near,
                        line->code, KIND_NAMES[kind], n ? insn->mnemonic : "no instruction",
                        n && *insn->op_str ? " " : "", n ? insn->op_str : "",
                        is_reached(m, line) ? "" : " | no case comes there"));
    cs_free(insn, n);
}

/* 0, or -1 with m->problem. */
static int try_mutant(struct mutants *m, const struct line *line, bool wide, enum kind kind) {
    uint8_t bytes[16];
    const uint8_t *right = m->kernel.data + (line->address - KERNEL);
    memcpy(bytes, right, line->size);
    if (!mutate(&m->decoders, line, wide, kind, bytes) || memcmp(bytes, right, line->size) == 0)
        return 0;
    int killed = is_killed(m, line, bytes);
    if (killed < 0)
        return -1;
    long reason = reasons_find(&m->reasons, line, kind);
    enum verdict v = killed                        ? KILLED
                     : reason < 0                  ? SURVIVED
                     : m->reasons.of[reason].equal ? EQUAL
                                                   : OPEN;
    if (reason >= 0)
        m->board->tried[(size_t)reason * KINDS + kind] |= killed ? TRIED_NOTICED : TRIED_SURVIVED;
    m->board->count[v]++;
    if (v == SURVIVED)
        name_survivor(m, line, wide, kind, bytes);
    return 0;
}

/* Nothing is known of the reasons for an instruction that is not in the sample, or perhaps for
   another one with the same text. */
static void leave_out(const struct mutants *m, const struct line *line) {
    for (size_t kind = 0; kind < KINDS; kind++) {
        long reason = reasons_find(&m->reasons, line, (enum kind)kind);
        if (reason >= 0)
            m->board->tried[(size_t)reason * KINDS + kind] |= LEFT_OUT;
    }
}

/* Whether its label is one of those that are asked for. */
static bool is_wanted(const struct mutants *m, const struct line *line) {
    bool found = m->labels.count == 0;
    for (unsigned n = 0; n < m->labels.count; n++)
        found |= strcmp(m->labels.item[n], line->near) == 0;
    return found;
}

/*
 * A repeated string instruction is one instruction, however long it takes: a mutant that strings
 * such ones together has no end by their number. What the kernel does ends, so that is noticed. The
 * machine cannot be put back from within an instruction: the process ends, and another goes on.
 */
static void too_long(int signal) {
    (void)signal;
    _exit(TOO_LONG);
}

static void limit_time(void) {
    const struct itimerval limit = {.it_value = {.tv_sec = MOST_SECONDS}};
    signal(SIGVTALRM, too_long);
    setitimer(ITIMER_VIRTUAL, &limit, NULL);
}

/* The mutants of a line from `kind` on. */
static int try_line(struct mutants *m, unsigned i, bool wide, int kind, struct place *at) {
    for (; kind < KINDS; kind++) {
        *at = (struct place){i + 1, kind};
        limit_time();
        if (try_mutant(m, &m->listing.lines[i], wide, (enum kind)kind) < 0)
            return -1;
    }
    return 0;
}

/* Takes lines until there are no more; first goes on behind what a process before it was ended at.
 */
static int work(struct mutants *m, struct place *place) {
    unsigned seen = 0, at = 0, i = place->line ? place->line - 1 : m->board->next++;
    int kind = place->line ? place->kind + 1 : 0;
    bool wide = false;
    for (; i < m->listing.count; i = m->board->next++, kind = 0) {
        for (; at <= i; at++) {
            const struct line *line = &m->listing.lines[at];
            if (strncmp(line->code, "bits", 4) == 0)
                wide = strstr(line->code, "32") != NULL;
            seen += line->instruction;
        }
        const struct line *line = &m->listing.lines[i];
        bool wanted = line->instruction && line->number >= m->from && seen % m->sample == 0 &&
                      is_wanted(m, line);
        if (line->instruction && !wanted)
            leave_out(m, line);
        if (wanted && try_line(m, i, wide, kind, place) < 0)
            return -1;
    }
    return 0;
}

static pid_t start_worker(struct mutants *m, struct place *place) {
    pid_t pid = process_fork(OUR_GROUP);
    if (pid < 0) {
        fprintf(stderr, "seedbed: no process for a part of the mutants\n");
        m->board->failed = true;
    }
    if (pid != 0)
        return pid;
    int r = work(m, place);
    if (r < 0)
        problem_report(&m->problem);
    _exit(r < 0);
}

/* The mutant there had no end. */
static void count_endless(struct mutants *m, const struct place *at) {
    long reason = reasons_find(&m->reasons, &m->listing.lines[at->line - 1], (enum kind)at->kind);
    if (reason >= 0)
        m->board->tried[(size_t)reason * KINDS + (size_t)at->kind] |= TRIED_NOTICED;
    m->board->count[KILLED]++;
}

static void work_together(struct mutants *m, unsigned jobs) {
    pid_t pids[MOST_JOBS], pid;
    int status;
    fflush(stdout);
    for (unsigned n = 0; n < jobs; n++)
        pids[n] = start_worker(m, &m->board->at[n]);
    while ((pid = wait(&status)) > 0) {
        unsigned n = 0;
        while (n < jobs && pids[n] != pid)
            n++;
        if (n < jobs && WIFEXITED(status) && WEXITSTATUS(status) == TOO_LONG) {
            count_endless(m, &m->board->at[n]);
            pids[n] = start_worker(m, &m->board->at[n]);
        } else if (status) {
            fprintf(stderr, "seedbed: a part of the mutants ended early (wait status %x)\n",
                    (unsigned)status);
            m->board->failed = true;
        }
    }
}

static int prepare(struct mutants *m, const char *reasons, struct problem *p) {
    if ((reasons && reasons_read(&m->reasons, reasons, p) < 0) ||
        listing_read(&m->listing, SOURCE, p) < 0 || home_compile(SOURCE, &m->kernel, p) < 0 ||
        cases_make(&m->cases, p) < 0 || decoders_open(&m->decoders, p) < 0)
        return -1;
    size_t size = sizeof *m->board + m->reasons.count * KINDS * sizeof m->board->tried[0];
    m->board = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return m->board != MAP_FAILED ? 0 : problem_set(p, "no memory");
}

static int write_counts(const struct cases *all, const char *path, struct problem *p) {
    struct buffer lines = {0};
    for (unsigned n = 0; n < KERNEL_ROOM; n++)
        if (all->runs[n])
            buffer_printf(&lines, "%s %X %llu %llu\n", SOURCE, KERNEL + n,
                          (unsigned long long)all->runs[n], (unsigned long long)all->taken[n]);
    int r = write_file(path, lines.data, lines.len, p);
    buffer_free(&lines);
    return r;
}

/* The reasons of which what they say is noticed, or is not there (`whole`: all has been tried). */
static unsigned name_stale(const struct mutants *m, bool whole) {
    unsigned stale = 0;
    for (size_t n = 0; n < m->reasons.count; n++) {
        const struct reason *r = &m->reasons.of[n];
        unsigned all = 0;
        for (size_t kind = 0; kind < KINDS; kind++) {
            unsigned tried = m->board->tried[n * KINDS + kind];
            all |= tried;
            if (tried == TRIED_NOTICED) {
                printf("%s:%u: %s: noticed\n", m->reasons.path, r->line, KIND_NAMES[kind]);
                stale++;
            }
        }
        if (whole && !all) {
            printf("%s:%u: the reason is not needed\n", m->reasons.path, r->line);
            stale++;
        }
    }
    return stale;
}

/* What came of it; the exit status. */
static int report(const struct mutants *m) {
    unsigned stale, count[VERDICTS], all = 0;
    for (int v = 0; v < VERDICTS; v++)
        all += count[v] = m->board->count[v];
    bool whole = m->sample == 1 && !m->labels.count && !m->from;
    stale = name_stale(m, whole);
    unsigned judged = all - count[EQUAL];
    printf("%u mutants: %u killed, %u that change nothing, %u that nobody notices with a reason, "
           "%u without one\n",
           all, count[KILLED], count[EQUAL], count[OPEN], count[SURVIVED]);
    printf("%.1f%% of those that change something are killed\n",
           judged ? 100.0 * count[KILLED] / judged : 100);
    return m->board->failed || stale || (whole && count[SURVIVED]) ||
           count[KILLED] * 100 < judged * m->least;
}

int main(int argc, char **argv) {
    static const char help[] =
        "usage: build/mutants [--jobs N] [--sample N] [--label NAME]... [--from LINE]\n"
        "                     [--least PERCENT] [--reasons FILE] [--count FILE]\n";
    static struct mutants m;
    struct problem p;
    uint64_t jobs = 1, sample = 1;
    const char *reasons = NULL, *counts = NULL;
    int i;
    struct option_spec specs[] = {
        {"--jobs", OPTION_NUMBER, &jobs, MOST_JOBS}, {"--sample", OPTION_NUMBER, &sample, 0},
        {"--label", OPTION_LIST, &m.labels, 0},      {"--from", OPTION_NUMBER, &m.from, 0},
        {"--least", OPTION_NUMBER, &m.least, 100},   {"--reasons", OPTION_TEXT, &reasons, 0},
        {"--count", OPTION_TEXT, &counts, 0},        {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    m.least = m.least ? m.least : 98;
    m.sample = sample ? (unsigned)sample : 1;
    if (prepare(&m, reasons, &p) < 0)
        return problem_report(&p);
    if (counts)
        return write_counts(&m.cases, counts, &p) < 0 ? problem_report(&p) : 0;
    work_together(&m, jobs ? (unsigned)jobs : 1);
    return report(&m);
}
