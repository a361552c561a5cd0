/* scanf (C99 7.19.6.2): numbers, words, sets; widths and * as well. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"

struct input {
    FILE *file;       /* or */
    const char *text; /* what is left of a string */
    int count;        /* characters taken */
};

static int take(struct input *in) {
    int c = in->file ? fgetc(in->file) : *in->text ? (unsigned char)*in->text++ : EOF;
    if (c != EOF)
        in->count++;
    return c;
}

static void give_back(struct input *in, int c) {
    if (c == EOF)
        return;
    in->count--;
    if (in->file)
        ungetc(c, in->file);
    else
        in->text--;
}

static int skip_space(struct input *in) /* the next character, given back */
{
    int c;
    while (isspace(c = take(in)))
        ;
    give_back(in, c);
    return c;
}

/* ---- numbers
 * ------------------------------------------------------------------------------------------------------
 */

enum { LONGEST = 512 };

/* The longest prefix that can begin a number: sign, 0x, digits. Its length, 0 if there is no digit.
 */
static int take_integer(struct input *in, char *to, int width, int base) {
    int n = 0, digits = 0, c = take(in);
    if (n < width && (c == '-' || c == '+')) {
        to[n++] = c;
        c = take(in);
    }
    if (n < width && c == '0') {
        to[n++] = c;
        digits++;
        c = take(in);
        if (n < width && (c | 32) == 'x' && (base == 0 || base == 16)) {
            to[n++] = c;
            digits = 0;
            base = 16;
            c = take(in);
        } else if (base == 0)
            base = 8;
    } else if (base == 0)
        base = 10;
    while (n < width && (base == 16 ? isxdigit(c) : isdigit(c) && c - '0' < base)) {
        to[n++] = c;
        digits++;
        c = take(in);
    }
    give_back(in, c);
    to[n] = 0;
    return digits ? n : 0;
}

static int take_float(struct input *in, char *to, int width) {
    int n = 0, digits = 0, point = 0, hex = 0, exponent = 0, c = take(in);
    if (n < width && (c == '-' || c == '+')) {
        to[n++] = c;
        c = take(in);
    }
    if (isalpha(c)) { /* inf, infinity, nan */
        while (n < width && n < 9 && isalpha(c)) {
            to[n++] = c;
            c = take(in);
        }
        digits = 1;
    } else
        for (; n < width; c = take(in)) {
            if (isdigit(c) || (hex && !exponent && isxdigit(c)))
                digits = 1;
            else if (c == '.' && !point && !exponent)
                point = 1;
            else if ((c | 32) == 'x' && !hex && n > 0 && to[n - 1] == '0' && !point) {
                hex = 1;
                digits = 0;
            } else if ((c | 32) == (hex ? 'p' : 'e') && digits && !exponent)
                exponent = 1;
            else if (!((c == '-' || c == '+') && exponent && (to[n - 1] | 32) == (hex ? 'p' : 'e')))
                break;
            to[n++] = c;
        }
    give_back(in, c);
    to[n] = 0;
    char *end;
    if (digits)
        strtold(to, &end);
    return digits && *end == 0 ? n : 0;
}

/* What does not fit is the largest or smallest number of the argument's size, as of strtol. */
static unsigned long long number_of(const char *text, char kind, int base, char size) {
    int wide = size == 'L' || size == 'j';
    if (kind == 'd' || kind == 'i')
        return wide ? strtoll(text, NULL, base) : strtol(text, NULL, base);
    return wide ? strtoull(text, NULL, base) : strtoul(text, NULL, base);
}

static void store_float(void *to, const char *text, char size) {
    switch (size) {
    case 'D':
        *(long double *)to = strtold(text, NULL);
        break;
    case 'l':
        *(double *)to = strtod(text, NULL);
        break;
    default:
        *(float *)to = strtof(text, NULL);
        break;
    }
}

/* ---- one conversion
 * -----------------------------------------------------------------------------------------------
 */

struct conversion {
    int width, skipped; /* width 0: none given; skipped: no argument */
    char size;
    const char *set, *set_end; /* of [: the characters between the brackets */
    int inverted;
};

static int in_set(const struct conversion *v, int c) {
    int found = 0;
    for (const char *s = v->set; s < v->set_end; s++)
        if (s + 2 < v->set_end && s[1] == '-') {
            found |= c >= (unsigned char)s[0] && c <= (unsigned char)s[2];
            s += 2;
        } else
            found |= c == (unsigned char)*s;
    return found != v->inverted;
}

/* c, s and [: 1 if something was read, 0 if it did not match, EOF at the end */
static int take_text(struct input *in, const struct conversion *v, char kind, char *to) {
    int n = 0, width = v->width ? v->width : kind == 'c' ? 1 : 0x7FFFFFFF, c = 0;
    while (n < width) {
        c = take(in);
        if (c == EOF || (kind == 's' && isspace(c)) || (kind == '[' && !in_set(v, c))) {
            give_back(in, c);
            break;
        }
        if (to)
            to[n] = c;
        n++;
    }
    if (n == 0 || (kind == 'c' && n < width))
        return c == EOF ? EOF : 0;
    if (to && kind != 'c')
        to[n] = 0;
    return 1;
}

static int convert(struct input *in, const struct conversion *v, char kind, void *to) {
    static char number[LONGEST + 1];
    int width = v->width && v->width < LONGEST ? v->width : LONGEST;
    if (kind != 'c' && kind != '[' && kind != 'n' && skip_space(in) == EOF)
        return EOF;
    switch (kind) {
    case 'd':
    case 'u':
    case 'i':
    case 'o':
    case 'x':
    case 'X':
    case 'p': {
        int base = kind == 'i' ? 0 : kind == 'o' ? 8 : kind == 'd' || kind == 'u' ? 10 : 16;
        if (!take_integer(in, number, width, base))
            return 0;
        if (to)
            __store_integer(to, number_of(number, kind, base, v->size), v->size);
        return 1;
    }
    case 'e':
    case 'f':
    case 'g':
    case 'a':
    case 'E':
    case 'G':
        if (!take_float(in, number, width))
            return 0;
        if (to)
            store_float(to, number, v->size);
        return 1;
    case 'n':
        if (to)
            __store_integer(to, in->count, v->size);
        return 1;
    default:
        return take_text(in, v, kind, to);
    }
}

static const char *read_conversion(const char *f, struct conversion *v) {
    v->inverted = 0;
    v->set = v->set_end = f;
    v->skipped = *f == '*';
    f += v->skipped;
    v->width = 0;
    for (; isdigit((unsigned char)*f); f++)
        v->width = v->width * 10 + (*f - '0');
    for (v->size = 0; *f && strchr("hlLjztq", *f); f++)
        v->size = *f == 'h'   ? (v->size == 'h' ? 'H' : 'h')
                  : *f == 'l' ? (v->size == 'l' ? 'L' : 'l')
                  : *f == 'L' ? 'D'
                  : *f == 'q' ? 'L'
                              : *f;
    if (*f == '[') {
        v->inverted = f[1] == '^';
        v->set = f + 1 + v->inverted;
        const char *end = *v->set ? strchr(v->set + 1, ']') : NULL; /* ] first is a member */
        v->set_end = end ? end : v->set;
    }
    return f;
}

static int scan(struct input *in, const char *f, va_list arguments) {
    int done = 0;
    for (; *f; f++) {
        if (isspace((unsigned char)*f)) {
            skip_space(in);
            continue;
        }
        if (*f != '%' || f[1] == '%') {
            f += *f == '%';
            if (*f == '%')
                skip_space(in);
            int c = take(in);
            if (c != (unsigned char)*f) {
                give_back(in, c);
                return c == EOF && done == 0 ? EOF : done;
            }
            continue;
        }
        struct conversion v;
        f = read_conversion(f + 1, &v);
        char kind = *f;
        if (kind == '[')
            f = v.set_end;
        void *to = v.skipped ? NULL : va_arg(arguments, void *);
        int status = convert(in, &v, kind, to);
        if (status != 1)
            return status == EOF && done == 0 ? EOF : done;
        done += !v.skipped && kind != 'n';
    }
    return done;
}

/* ---- the family
 * ---------------------------------------------------------------------------------------------------
 */

int vfscanf(FILE *file, const char *format, va_list arguments) {
    struct input in = {file, NULL, 0};
    return scan(&in, format, arguments);
}

int vsscanf(const char *text, const char *format, va_list arguments) {
    struct input in = {NULL, text, 0};
    return scan(&in, format, arguments);
}

int scanf(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vfscanf(stdin, format, arguments);
    va_end(arguments);
    return n;
}

int fscanf(FILE *file, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vfscanf(file, format, arguments);
    va_end(arguments);
    return n;
}

int sscanf(const char *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsscanf(text, format, arguments);
    va_end(arguments);
    return n;
}
