/* The builder's script as the host sees it. */
#include "images/script/script.h"

#include <string.h>
#include <unistd.h>

bool script_word(const char *line, size_t n, size_t *at, struct script_word *word) {
    while (*at < n && line[*at] == ' ')
        ++*at;
    word->text = line + *at;
    while (*at < n && line[*at] != ' ')
        ++*at;
    word->length = (size_t)(line + *at - word->text);
    return word->length != 0;
}

bool script_word_is(const struct script_word *word, const char *text) {
    return word->length == strlen(text) && memcmp(word->text, text, word->length) == 0;
}

bool script_number(const struct script_word *word, uint32_t *value) {
    uint64_t n = 0;
    for (size_t i = 0; i < word->length; i++) {
        char c = word->text[i];
        if (c < '0' || c > '9')
            return false;
        n = n * 10 + (uint64_t)(c - '0');
        if (n > UINT32_MAX)
            return false;
    }
    *value = (uint32_t)n;
    return word->length != 0;
}

/* Reads a line without its end into `line` and moves past it; at most `size` bytes are kept.
   Returns its length, or -1 at the end of the script. */
static long read_line(struct script_walk *walk, char *line, size_t size) {
    char piece[4096];
    size_t kept = 0;
    bool any = false;
    for (;;) {
        ssize_t n = pread(walk->fd, piece, sizeof piece, (off_t)walk->pos);
        if (n <= 0)
            return any ? (long)kept : -1;
        size_t length = 0;
        while (length < (size_t)n && piece[length] != '\n' && piece[length] != 0)
            length++;
        bool ended = length < (size_t)n;
        if (ended && piece[length] == 0 && length == 0 && !any)
            return -1;
        any = true;
        size_t take = length < size - kept ? length : size - kept;
        memcpy(line + kept, piece, take);
        kept += take;
        /* A NUL ends a line and is found again where the next command should begin. */
        walk->pos += length + (ended && piece[length] == '\n');
        if (ended)
            return (long)kept;
    }
}

size_t script_next(struct script_walk *walk, char *line, size_t size) {
    for (;;) {
        long n = read_line(walk, line, size);
        if (n < 0)
            return 0;
        size_t at = 0;
        struct script_word word;
        if (!script_word(line, (size_t)n, &at, &word) || word.text[0] == '#')
            continue;
        uint32_t length;
        if (script_word_is(&word, "src") && script_word(line, (size_t)n, &at, &word) &&
            script_number(&word, &length))
            walk->pos += length;
        return (size_t)n;
    }
}
