/* What `run` and `build` have in common. */
#include "images/session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "images/lib/home.h"
#include "images/lib/stop.h"
#include "images/machine/boot.h"
#include "images/machine/image.h"
#include "images/session/progress.h"
#include "images/session/tell.h"

/* Opens one of the outputs, unless it is not wanted. */
static int open_output(struct outfile *o, const char *path, struct problem *p) {
    return path ? outfile_open(o, path, p) : 0;
}

/* The last component of the subject, without a suffix. */
static char *short_name(const struct session *s) {
    const char *slash = strrchr(s->subject, '/');
    const char *name = slash ? slash + 1 : s->subject;
    return xprintf("%.*s", (int)strcspn(name, "."), name);
}

static int open_times(struct session *s, struct problem *p) {
    if (s->o->times && !(s->times = fopen(s->o->times, "w")))
        return problem_set(p, "%s: cannot create: %s", s->o->times, strerror(errno));
    return 0;
}

/* The log that --log asks for, or one that has no name unless the build fails. */
static int open_log(struct session *s, struct problem *p) {
    if (s->o->log) {
        s->log = fopen(s->o->log, "w");
        return s->log ? 0 : problem_set(p, "%s: cannot create: %s", s->o->log, strerror(errno));
    }
    char *name = short_name(s);
    char *path = xprintf("%s/seedbed-%s-%ld.log", temp_folder(), name, (long)getpid());
    int r = outfile_open(&s->aside, path, p);
    int fd = r == 0 ? dup(s->aside.fd) : -1;
    s->log = fd < 0 ? NULL : fdopen(fd, "w");
    free(path);
    free(name);
    return r;
}

/* What the options name to be written, null where they do not. */
enum { OUTPUTS = 6 };
struct outputs {
    const char *path[OUTPUTS];
};

static struct outputs outputs_of(const struct session_options *o) {
    return (struct outputs){
        {o->output, o->log, o->keep, o->times, o->request.trace, o->request.checkpoint}};
}

static int same_twice(const struct session_options *o, struct problem *p) {
    const struct outputs out = outputs_of(o);
    for (unsigned i = 0; i < OUTPUTS; i++)
        for (unsigned k = 0; k < i; k++)
            if (out.path[i] && out.path[k] &&
                (same_file(out.path[i], out.path[k]) ||
                 (strcmp(out.path[i], out.path[k]) == 0 && strcmp(out.path[i], "-") != 0)))
                return problem_set(p, "%s: two things cannot be written to one file", out.path[i]);
    return 0;
}

/* Whether this reason for an engine is another than the one that was told last. */
static bool is_news(const char *why) {
    struct problem p;
    struct buffer told = {0};
    char *folder = home_cache();
    char *path = xprintf("%s/engine-told", folder);
    size_t n = strlen(why);
    bool known = access(path, R_OK) == 0 && read_file(path, &told, &p) == 0 && told.len == n &&
                 memcmp(told.data, why, n) == 0;
    if (!known)
        write_file(path, why, n, &p);
    buffer_free(&told);
    free(path);
    free(folder);
    return !known;
}

int session_begin(struct session *s) {
    struct session_options *o = s->o;
    struct problem p;
    char *why = NULL;
    s->output.fd = s->kept.fd = s->aside.fd = -1;
    s->engine = engine_choose(o->engine, &why, &p);
    if (!s->engine || request_check(&o->request, s->engine, &p) < 0) {
        free(why);
        return usage_error(s->command, "%s", p.text);
    }
    if (o->engine || is_news(why))
        fprintf(stderr, "seedbed: engine %s: %s\n", s->engine->name, why);
    else
        fprintf(stderr, "seedbed: engine %s\n", s->engine->name);
    free(why);
    if (same_twice(o, &p) < 0 || open_output(&s->output, o->output, &p) < 0 ||
        open_output(&s->kept, o->keep, &p) < 0 || open_log(s, &p) < 0 || open_times(s, &p) < 0)
        return problem_report(&p);
    return -1;
}

int session_check_inputs(const struct session *s, const char *image) {
    const struct outputs out = outputs_of(s->o);
    struct problem p;
    for (unsigned i = 0; i < OUTPUTS; i++) {
        const char *path = out.path[i];
        if (path && ((s->plan && plan_spares(s->plan, path, &p) < 0) ||
                     (image && outfile_spares(path, image, &p) < 0)))
            return usage_error(s->command, "%s", p.text);
    }
    return -1;
}

static int status_of(enum run_end end) {
    return end == RUN_FINISHED      ? 0
           : end == RUN_TIMEOUT     ? STATUS_TIMEOUT
           : end == RUN_INTERRUPTED ? STOP_STATUS
                                    : STATUS_FAILED;
}

/* Writes the artifact; where that fails it is kept in the folder for temporary files. */
static int write_artifact(struct session *s, const struct run_result *result, struct problem *p) {
    struct outfile *o = &s->output;
    struct problem second;
    if (image_extract(result->disk, result->length, o, s->o->output, p) == 0)
        return 0;
    struct outfile kept;
    char *path = xprintf("%s/seedbed-artifact-%ld", temp_folder(), (long)getpid());
    size_t n = strlen(p->text);
    if (outfile_open(&kept, path, &second) == 0 &&
        image_extract(result->disk, result->length, &kept, path, &second) == 0)
        snprintf(p->text + n, sizeof p->text - n, "; the artifact is kept as %s", path);
    free(path);
    return -1;
}

/* Ends the log; that of a build that failed gets its name. */
static void close_log(struct session *s, int status) {
    struct problem p;
    bool written = fclose(s->log) == 0;
    s->log = NULL;
    if (s->o->log) {
        if (!written)
            fprintf(stderr, "seedbed: %s: cannot write: %s\n", s->o->log, strerror(errno));
        else if (status)
            fprintf(stderr, "seedbed: the log is in %s\n", s->o->log);
        return;
    }
    char *path = s->aside.path ? xstrdup(s->aside.path) : NULL;
    if (status && written && file_length(s->aside.fd) && outfile_commit(&s->aside, &p) == 0)
        fprintf(stderr, "seedbed: the log is in %s\n", path);
    free(path);
}

int session_run(struct session *s) {
    struct problem p;
    struct run_result result;
    struct progress progress;
    struct session_options *o = s->o;
    bool to_stdout = o->output && strcmp(o->output, "-") == 0;
    FILE *to = o->quiet ? NULL : to_stdout ? stderr : stdout;
    progress_open(&progress, &o->request, to, s->log, s->times, o->plain);
    int r = boot(s->engine, &o->request, &result, &p);
    int status = r < 0 ? STATUS_MACHINE : status_of(result.end);
    progress_close(&progress, r == 0 && result.end == RUN_ERROR);
    if (r == 0 && o->request.sample)
        tell_samples(&result.samples);
    if (r < 0)
        problem_report(&p);
    else if (status)
        tell_failure(s, &result, &progress, to && !progress.terminal);
    else if ((o->output && write_artifact(s, &result, &p) < 0) || tell_success(s, &result, &p) < 0)
        status = problem_report(&p) ? STATUS_MACHINE : 0;
    if (status && o->keep && result.disk > 0) {
        if (image_copy(result.disk, &s->kept, o->keep, &p) < 0)
            problem_report(&p);
        else
            fprintf(stderr, "seedbed: the disk image is %s\n", o->keep);
    }
    close_log(s, status);
    progress_free(&progress);
    run_result_free(&result);
    return status;
}

void session_end(struct session *s) {
    struct outfile *const all[] = {&s->output, &s->kept, &s->aside};
    for (unsigned i = 0; i < 3; i++)
        if (all[i]->fd >= 0)
            outfile_abandon(all[i]);
    if (s->log)
        fclose(s->log);
    if (s->times)
        fclose(s->times);
}
