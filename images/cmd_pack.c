/* seedbed pack: a script from a build file. */
#include <stdlib.h>
#include <string.h>

#include "images/commands.h"
#include "images/lib/options.h"
#include "images/lib/outfile.h"
#include "images/script/plan.h"

static const char help[] =
    "usage: seedbed pack [-o OUT.src] BUILD\n\n"
    "Turns a build file with its sources into a script for the builder's shell (`-` is stdin or\n"
    "stdout). Without -o, NAME.build makes NAME.src beside it.\n\n"
    "A build file is a script of the builder's shell, whose lines are kept as they are, plus\n\n"
    "  @file TARGET SOURCE...  a file made of the sources, joined\n"
    "  @tree TARGET DIR        a folder with all that is in it, apart from .git\n"
    "  @dir TARGET             a directory\n\n"
    "A word with blanks in it is put in double quotes, where \\\" and \\\\ stand for \" and \\.\n"
    "Sources are relative to the build file's folder. Parents of targets are made once.\n";

/* NAME.build or NAME gives NAME.src. */
static char *default_output(const char *build) {
    static const char suffix[] = ".build";
    size_t n = strlen(build);
    if (strcmp(build, "-") == 0)
        return xstrdup("-");
    if (n > strlen(suffix) && strcmp(build + n - strlen(suffix), suffix) == 0)
        n -= strlen(suffix);
    return xprintf("%.*s.src", (int)n, build);
}

static int pack(const char *build, const char *out, struct problem *p) {
    struct plan plan;
    struct outfile o;
    int r = plan_load(&plan, build, p);
    if (r == 0)
        r = plan_spares(&plan, out, p);
    if (r == 0)
        r = outfile_open(&o, out, p);
    if (r == 0 && (r = plan_write(&plan, o.fd, out, p)) < 0)
        outfile_abandon(&o);
    else if (r == 0)
        r = outfile_commit(&o, p);
    plan_free(&plan);
    return r;
}

int cmd_pack(int argc, char **argv) {
    struct problem p;
    const char *out = NULL;
    int i;
    struct option_spec specs[] = {{"-o", OPTION_TEXT, &out, 0}, {0}};
    int status = options_read(specs, help, argc, argv, &i);
    if (status >= 0)
        return status;
    if (argc - i != 1)
        return usage_error(argv[0], "one BUILD is wanted");
    char *path = out ? xstrdup(out) : default_output(argv[i]);
    int r = pack(argv[i], path, &p);
    free(path);
    return r < 0 ? problem_report(&p) : 0;
}
