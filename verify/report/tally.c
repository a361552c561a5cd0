/* How often things were counted, as a table. */
#include <string.h>

#include "verify/report/report.h"

void tally_add(struct tally *tally, const char *what, unsigned long long n) {
    size_t i = 0;
    while (i < tally->used && strcmp(tally->count[i].what, what) != 0)
        i++;
    if (i < MOST_COUNTS) {
        tally->used += i == tally->used;
        tally->count[i].what = what;
        tally->count[i].sum += n;
    }
}

void tally_put(const struct tally *tally, struct buffer *out) {
    buffer_printf(out, "<table class=\"counts\">\n");
    for (size_t i = 0; i < tally->used; i++) {
        buffer_printf(out, "<tr><td>%llu<td>", tally->count[i].sum);
        html_text(out, tally->count[i].what);
        buffer_printf(out, "</tr>\n");
    }
    buffer_printf(out, "</table>\n");
}
