/*
 * Pages out of templates. A template is a file of text with
 *
 *   {{name}}              the value of that name, with <, >, & and " made harmless
 *   {{#name}}...{{/name}} once for each node of that name, whose values then come first
 *   {{^name}}...{{/name}} once if there is no node of that name
 *   {{>file}}             another file of the folder, as a template
 *
 * A name is looked for in the node itself, and then in those above it.
 */
#ifndef VERIFY_REPORT_TEMPLATE_H
#define VERIFY_REPORT_TEMPLATE_H

#include "images/lib/util.h"
#include "verify/report/node.h"

/*
 * Appends FOLDER/FILE, filled with what the tree has, to *out. Returns 0, or -1 with *p filled
 * where a file cannot be read, a part has no end, or a value is nowhere.
 */
int template_fill(const char *folder, const char *file, const struct node *data, struct buffer *out,
                  struct problem *p);

#endif
