/* Command line options, described by a table. */
#include "images/lib/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

/* A decimal number, with a unit if `units`. Returns false where the text is anything else. */
static bool number(const char *text, bool units, uint64_t limit, uint64_t *value) {
    char *end;
    if (!isdigit((unsigned char)text[0]))
        return false;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    unsigned shift = 0;
    if (units && *end) {
        const char *unit = strchr("KMG", toupper((unsigned char)*end));
        shift = unit ? 10 * (unsigned)(1 + (unit - "KMG")) : 0;
        shift = shift > 30 ? 0 : shift;
        end += shift ? 1 : 0;
    }
    if (*end || errno || n > (UINT64_MAX >> 1) >> shift)
        return false;
    *value = (uint64_t)n << shift;
    return limit == 0 || *value <= limit;
}

static bool seconds(const char *text, double *value) {
    char *end;
    *value = strtod(text, &end);
    return end != text && *end == 0 && *value >= 0 && *value < 1e9;
}

static bool take(const struct option_spec *spec, const char *text) {
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->value = true;
        return true;
    case OPTION_TEXT:
        *(const char **)spec->value = text;
        return true;
    case OPTION_NUMBER:
    case OPTION_SIZE:
        return number(text, spec->kind == OPTION_SIZE, spec->limit, spec->value);
    case OPTION_SECONDS:
        return seconds(text, spec->value);
    }
    return false;
}

/* The option that the word names; *text is what follows its `=`, or null. */
static const struct option_spec *find(const struct option_spec *specs, const char *word,
                                      const char **text) {
    for (; specs->name; specs++) {
        size_t n = strlen(specs->name);
        if (strncmp(word, specs->name, n) != 0 || (word[n] != 0 && word[n] != '='))
            continue;
        *text = word[n] ? word + n + 1 : NULL;
        return specs;
    }
    return NULL;
}

int options_read(const struct option_spec *specs, const char *help, int argc, char **argv,
                 int *operand) {
    int i = 1;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        const char *text = NULL;
        if (strcmp(argv[i], "--") == 0) {
            i++;
            break;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            return 0;
        }
        const struct option_spec *spec = find(specs, argv[i], &text);
        if (!spec)
            return usage_error(argv[0], "no option '%s'", argv[i]);
        if (spec->kind == OPTION_FLAG && text)
            return usage_error(argv[0], "%s takes no argument", spec->name);
        if (spec->kind != OPTION_FLAG && !text && ++i == argc)
            return usage_error(argv[0], "%s wants an argument", spec->name);
        if (spec->kind != OPTION_FLAG && !text)
            text = argv[i];
        if (!take(spec, text))
            return usage_error(argv[0], "%s cannot be '%s'", spec->name, text);
    }
    *operand = i;
    return -1;
}
