/* Command line options, described by a table. */
#include "images/lib/options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Decimal digits, perhaps with a fraction. */
static bool seconds(const char *text, double *value) {
    size_t whole = strspn(text, "0123456789");
    size_t fraction = text[whole] == '.' ? strspn(text + whole + 1, "0123456789") : 0;
    size_t end = whole + (fraction ? 1 + fraction : 0);
    *value = whole ? strtod(text, NULL) : 0;
    return whole && text[end] == 0 && *value < 1e9;
}

/* MiB as a number, or with M or G. */
static bool mebibytes(const char *text, uint64_t limit, uint64_t *value) {
    if (number(text, false, limit, value))
        return true;
    char last = *text ? text[strlen(text) - 1] : 0;
    if (!strchr("MmGg", last) || !number(text, true, 0, value))
        return false;
    *value >>= 20;
    return limit == 0 || *value <= limit;
}

static bool mebibytes_or_file(const char *text, uint64_t limit, const struct option_mib *to) {
    if (mebibytes(text, limit, to->mib)) {
        *to->file = NULL;
        return true;
    }
    *to->file = text;
    return access(text, F_OK) == 0;
}

static void add_item(struct option_list *list, const char *text) {
    list->item = xrealloc(list->item, (list->count + 1) * sizeof *list->item);
    list->item[list->count++] = text;
}

static bool take(const struct option_spec *spec, const char *text) {
    switch (spec->kind) {
    case OPTION_FLAG:
        *(bool *)spec->value = true;
        return true;
    case OPTION_TEXT:
        *(const char **)spec->value = text;
        return true;
    case OPTION_LIST:
        add_item(spec->value, text);
        return true;
    case OPTION_NUMBER:
    case OPTION_SIZE:
        return number(text, spec->kind == OPTION_SIZE, spec->limit, spec->value);
    case OPTION_MIB:
        return mebibytes_or_file(text, spec->limit, spec->value);
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

/* Takes the option argv[i]. Returns the number of words it was, or 0 after a message. */
static int take_option(const struct option_spec *specs, int argc, char **argv, int i) {
    const char *text = NULL;
    const struct option_spec *spec = find(specs, argv[i], &text);
    bool flag = spec && spec->kind == OPTION_FLAG;
    int words = flag || text ? 1 : 2;
    if (!spec)
        usage_error(argv[0], "no option '%s'", argv[i]);
    else if (flag && text)
        usage_error(argv[0], "%s takes no argument", spec->name);
    else if (i + words > argc)
        usage_error(argv[0], "%s wants an argument", spec->name);
    else if (!take(spec, words == 2 ? argv[i + 1] : text))
        usage_error(argv[0], "%s cannot be '%s'", spec->name, words == 2 ? argv[i + 1] : text);
    else
        return words;
    return 0;
}

int options_read(const struct option_spec *specs, const char *help, int argc, char **argv,
                 int *operand) {
    char **operands = xrealloc(NULL, (size_t)argc * sizeof *operands);
    int count = 0;
    int status = -1;
    bool over = false;
    for (int i = 1; i < argc && status < 0;) {
        if (over || argv[i][0] != '-' || !argv[i][1]) {
            operands[count++] = argv[i++];
        } else if (strcmp(argv[i], "--") == 0) {
            over = true;
            i++;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(help, stdout);
            status = 0;
        } else {
            int words = take_option(specs, argc, argv, i);
            status = words ? -1 : 2;
            i += words;
        }
    }
    *operand = argc - count;
    memcpy(argv + *operand, operands, (size_t)count * sizeof *operands);
    free(operands);
    return status;
}
