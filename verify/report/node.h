/*
 * What a page is made of: a tree of named nodes. A node with text is a value, one with nodes below
 * it is a part of the page; several of one name, side by side, are a list.
 */
#ifndef VERIFY_REPORT_NODE_H
#define VERIFY_REPORT_NODE_H

struct node {
    const char *name;
    char *text; /* null: none */
    struct node *above, *first, *last, *next;
};

/* Adds a node without text. `name` must live as long as the tree. */
struct node *node_add(struct node *above, const char *name);

/* Adds a value, as printf makes it. */
void node_put(struct node *above, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The first node below with this name, or null. */
struct node *node_find(const struct node *above, const char *name);

/* Frees all that is below. */
void node_free(struct node *above);

#endif
