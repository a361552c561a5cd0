/* Trees, see node.h. */
#include "verify/report/node.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/util.h"

struct node *node_add(struct node *above, const char *name) {
    struct node *n = xrealloc(NULL, sizeof *n);
    *n = (struct node){.name = name, .above = above};
    if (above->last)
        above->last->next = n;
    else
        above->first = n;
    above->last = n;
    return n;
}

void node_put(struct node *above, const char *name, const char *format, ...) {
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    node_add(above, name)->text = xstrdup(text);
}

struct node *node_find(const struct node *above, const char *name) {
    for (struct node *n = above->first; n; n = n->next)
        if (strcmp(n->name, name) == 0)
            return n;
    return NULL;
}

void node_free(struct node *above) {
    for (struct node *n = above->first; n;) {
        struct node *next = n->next;
        node_free(n);
        free(n->text);
        free(n);
        n = next;
    }
    above->first = above->last = NULL;
}
