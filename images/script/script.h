/* The builder's script as the host sees it: lines, words, and where its commands stand. */
#ifndef IMAGES_SCRIPT_SCRIPT_H
#define IMAGES_SCRIPT_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All words of a line, each with its NUL. */
enum { SCRIPT_WORDS_MAX = 131072 };

struct script_word {
    const char *text;
    size_t length;
};

/*
 * The next word of the n bytes at `line`, from *at on; words are separated by spaces. Returns
 * false at the end of the line.
 */
bool script_word(const char *line, size_t n, size_t *at, struct script_word *word);

bool script_word_is(const struct script_word *word, const char *text);

/* Decimal digits below 2^32. */
bool script_number(const struct script_word *word, uint32_t *value);

/* A script inside a file, walked from command to command. */
struct script_walk {
    int fd;
    uint64_t pos; /* of the next line, from the start of the file */
    uint64_t at;  /* of the command that was read last */
    /* The piece of the file that was read last. */
    uint64_t piece_at;
    size_t piece_size;
    char piece[1 << 16];
};

/*
 * Reads the next command (comments and empty lines are passed over) and moves past it and past
 * the bytes that a `src` takes. `line` has room for `size` bytes; a longer command is cut. Returns
 * the length of the command, 0 at the end of the script (a NUL, or the end of the file).
 */
size_t script_next(struct script_walk *walk, char *line, size_t size);

#endif
