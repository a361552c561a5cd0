/* Numbers as people write them, see number.h. */
#include "verify/facts/number.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 64, EIGHT = 8 };

static bool read_word(const char *text, long long *value) {
    static const char *const WORDS[] = {
        "none",        "one",         "two",        "three",        "four",         "five",
        "six",         "seven",       "eight",      "nine",         "ten",          "eleven",
        "twelve",      "thirteen",    "fourteen",   "fifteen",      "sixteen",      "seventeen",
        "eighteen",    "nineteen",    "twenty",     "twenty-one",   "twenty-two",   "twenty-three",
        "twenty-four", "twenty-five", "twenty-six", "twenty-seven", "twenty-eight", "twenty-nine",
        "thirty"};
    for (size_t i = 0; i < sizeof WORDS / sizeof WORDS[0]; i++)
        if (strcmp(text, WORDS[i]) == 0) {
            *value = (long long)i;
            return true;
        }
    return false;
}

/* The bytes of a word, the lowest first. */
static long long swapped(unsigned long word) {
    return (long long)((word & 0xFF) << 24 | (word & 0xFF00) << 8 | (word >> 8 & 0xFF00) |
                       word >> 24);
}

/* One number without a sign at *text, which moves past it. */
static bool read_term(const char **text, bool little_endian, long long *value) {
    char *end;
    size_t digits = strspn(*text, "0123456789ABCDEFabcdef");
    if (!isdigit((unsigned char)**text) && !(digits == EIGHT && little_endian))
        return false;
    if ((*text)[0] == '0' && (*text)[1] == 'o')
        *value = strtoll(*text + 2, &end, 8);
    else if (digits == EIGHT && little_endian)
        *value = swapped(strtoul(*text, &end, 16));
    else
        *value = strtoll(*text, &end, 0);
    *text = end + strspn(end, " ");
    return true;
}

static long long combined(char sign, long long a, long long b) {
    return sign == '+' ? a + b : sign == '-' ? a - b : sign == '*' ? a * b : a << b;
}

bool number_read(const char *text, size_t size, bool little_endian, long long *value) {
    char plain[LONGEST];
    size_t n = 0;
    for (size_t i = 0; i < size && n + 1 < LONGEST; i++)
        if (text[i] != ',')
            plain[n++] = text[i];
    plain[n] = '\0';
    if (read_word(plain, value))
        return true;
    const char *at = plain;
    if (!read_term(&at, little_endian, value))
        return false;
    while (*at && strchr("+-*<", *at)) {
        char sign = *at;
        long long next;
        at += sign == '<' ? 2 : 1;
        at += strspn(at, " ");
        if (!read_term(&at, little_endian, &next))
            return false;
        *value = combined(sign, *value, next);
    }
    return !*at;
}
