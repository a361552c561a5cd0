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

/* The bytes from walk->pos on that are at hand; *n becomes their number, 0 at the end. */
static const char *bytes_at(struct script_walk *walk, size_t *n) {
    if (walk->pos < walk->piece_at || walk->pos >= walk->piece_at + walk->piece_size) {
        ssize_t got = pread(walk->fd, walk->piece, sizeof walk->piece, (off_t)walk->pos);
        walk->piece_at = walk->pos;
        walk->piece_size = got > 0 ? (size_t)got : 0;
    }
    size_t from = (size_t)(walk->pos - walk->piece_at);
    *n = walk->piece_size - from;
    return walk->piece + from;
}

/* Reads a line without its end into `line` and moves past it; at most `size` bytes are kept.
   Returns its length, or -1 at the end of the script. */
static long read_line(struct script_walk *walk, char *line, size_t size) {
    size_t kept = 0, n;
    bool any = false;
    for (;;) {
        const char *bytes = bytes_at(walk, &n);
        if (n == 0)
            return any ? (long)kept : -1;
        size_t length = 0;
        while (length < n && bytes[length] != '\n' && bytes[length] != 0)
            length++;
        bool ended = length < n;
        if (ended && bytes[length] == 0 && length == 0 && !any)
            return -1;
        any = true;
        size_t take = length < size - kept ? length : size - kept;
        memcpy(line + kept, bytes, take);
        kept += take;
        /* A NUL ends a line and is found again where the next command should begin. */
        walk->pos += length + (ended && bytes[length] == '\n');
        if (ended)
            return (long)kept;
    }
}

size_t script_next(struct script_walk *walk, char *line, size_t size) {
    for (;;) {
        walk->at = walk->pos;
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
