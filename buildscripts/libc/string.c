/* Strings and bytes of memory (C99 7.21), classes of characters (7.4). */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

/* ---- memory
 * -------------------------------------------------------------------------------------------------------
 */

void *memcpy(void *to, const void *from, size_t n) {
    char *t = to;
    const char *f = from;
    for (; n >= 4; n -= 4) {
        *(int *)t = *(const int *)f;
        t += 4;
        f += 4;
    }
    while (n-- > 0)
        *t++ = *f++;
    return to;
}

void *memmove(void *to, const void *from, size_t n) {
    char *t = to;
    const char *f = from;
    if (t <= f || t >= f + n)
        return memcpy(to, from, n);
    while (n-- > 0)
        t[n] = f[n];
    return to;
}

void *memset(void *to, int c, size_t n) {
    char *t = to;
    int word = (unsigned char)c * 0x01010101;
    for (; n >= 4; n -= 4) {
        *(int *)t = word;
        t += 4;
    }
    while (n-- > 0)
        *t++ = c;
    return to;
}

int memcmp(const void *a, const void *b, size_t n) {
    const unsigned char *x = a, *y = b;
    for (; n > 0; n--, x++, y++)
        if (*x != *y)
            return *x - *y;
    return 0;
}

void *memchr(const void *s, int c, size_t n) {
    for (const unsigned char *p = s; n > 0; n--, p++)
        if (*p == (unsigned char)c)
            return (void *)p;
    return NULL;
}

/* ---- strings
 * ------------------------------------------------------------------------------------------------------
 */

size_t strlen(const char *s) {
    const char *p = s;
    while (*p)
        p++;
    return p - s;
}

size_t strnlen(const char *s, size_t n) {
    size_t i = 0;
    while (i < n && s[i])
        i++;
    return i;
}

char *strcpy(char *to, const char *from) {
    char *t = to;
    while ((*t++ = *from++))
        ;
    return to;
}

char *strncpy(char *to, const char *from, size_t n) {
    size_t i = 0;
    for (; i < n && from[i]; i++)
        to[i] = from[i];
    for (; i < n; i++)
        to[i] = 0;
    return to;
}

char *strcat(char *to, const char *from) {
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *to, const char *from, size_t n) {
    char *t = to + strlen(to);
    while (n-- > 0 && *from)
        *t++ = *from++;
    *t = 0;
    return to;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b) {
        a++;
        b++;
    }
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, size_t n) {
    for (; n > 0; n--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

int strcoll(const char *a, const char *b) {
    return strcmp(a, b);
}

size_t strxfrm(char *to, const char *from, size_t n) {
    size_t length = strlen(from);
    if (length < n)
        strcpy(to, from);
    return length;
}

int strcasecmp(const char *a, const char *b) {
    return strncasecmp(a, b, (size_t)-1);
}

int strncasecmp(const char *a, const char *b, size_t n) {
    for (; n > 0; n--, a++, b++) {
        int x = tolower((unsigned char)*a), y = tolower((unsigned char)*b);
        if (x != y || !x)
            return x - y;
    }
    return 0;
}

char *strchr(const char *s, int c) {
    for (;; s++) {
        if (*s == (char)c)
            return (char *)s;
        if (!*s)
            return NULL;
    }
}

char *strrchr(const char *s, int c) {
    const char *found = NULL;
    for (;; s++) {
        if (*s == (char)c)
            found = s;
        if (!*s)
            return (char *)found;
    }
}

/* length of the prefix whose characters are in the set, or are not */
static size_t span(const char *s, const char *set, int in) {
    size_t n = 0;
    while (s[n] && (strchr(set, s[n]) != NULL) == in)
        n++;
    return n;
}

size_t strspn(const char *s, const char *set) {
    return span(s, set, 1);
}

size_t strcspn(const char *s, const char *set) {
    return span(s, set, 0);
}

char *strpbrk(const char *s, const char *set) {
    s += strcspn(s, set);
    return *s ? (char *)s : NULL;
}

char *strstr(const char *s, const char *part) {
    size_t n = strlen(part);
    for (; *s || n == 0; s++)
        if (strncmp(s, part, n) == 0)
            return (char *)s;
    return NULL;
}

char *strtok(char *s, const char *set) {
    static char *next;
    if (s)
        next = s;
    if (!next)
        return NULL;
    char *word = next + strspn(next, set);
    if (!*word) {
        next = NULL;
        return NULL;
    }
    char *end = word + strcspn(word, set);
    next = *end ? end + 1 : NULL;
    *end = 0;
    return word;
}

char *strdup(const char *s) {
    return strndup(s, strlen(s));
}

char *strndup(const char *s, size_t n) {
    size_t length = strnlen(s, n);
    char *copy = malloc(length + 1);
    if (copy) {
        memcpy(copy, s, length);
        copy[length] = 0;
    }
    return copy;
}

char *strerror(int error) {
    static const struct {
        int number;
        const char *text;
    } texts[] = {
        {0, "Success"},
        {ENOENT, "No such file or directory"},
        {E2BIG, "Argument list too long"},
        {ENOEXEC, "Exec format error"},
        {EBADF, "Bad file descriptor"},
        {ECHILD, "No child processes"},
        {EAGAIN, "Resource temporarily unavailable"},
        {ENOMEM, "Cannot allocate memory"},
        {EACCES, "Permission denied"},
        {EFAULT, "Bad address"},
        {EEXIST, "File exists"},
        {ENOTDIR, "Not a directory"},
        {EISDIR, "Is a directory"},
        {EINVAL, "Invalid argument"},
        {ENFILE, "Too many open files in system"},
        {EMFILE, "Too many open files"},
        {ENOTTY, "Inappropriate ioctl for device"},
        {ENOSPC, "No space left on device"},
        {ESPIPE, "Illegal seek"},
        {EDOM, "Numerical argument out of domain"},
        {ERANGE, "Numerical result out of range"},
        {ENAMETOOLONG, "File name too long"},
        {ENOSYS, "Function not implemented"},
        {EPERM, "Operation not permitted"},
    };
    for (unsigned i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i].number == error)
            return (char *)texts[i].text;
    return "Unknown error";
}

/* ---- characters
 * ---------------------------------------------------------------------------------------------------
 */

int isdigit(int c) {
    return c >= '0' && c <= '9';
}

int islower(int c) {
    return c >= 'a' && c <= 'z';
}

int isupper(int c) {
    return c >= 'A' && c <= 'Z';
}

int isalpha(int c) {
    return islower(c) || isupper(c);
}

int isalnum(int c) {
    return isalpha(c) || isdigit(c);
}

int isxdigit(int c) {
    return isdigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

int isblank(int c) {
    return c == ' ' || c == '\t';
}

int isspace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

int iscntrl(int c) {
    return (c >= 0 && c < ' ') || c == 127;
}

int isprint(int c) {
    return c >= ' ' && c < 127;
}

int isgraph(int c) {
    return c > ' ' && c < 127;
}

int ispunct(int c) {
    return isgraph(c) && !isalnum(c);
}

int tolower(int c) {
    return isupper(c) ? c + 32 : c;
}

int toupper(int c) {
    return islower(c) ? c - 32 : c;
}

/* ---- wide characters --------------------------------------------------------------------------
 */

size_t wcslen(const wchar_t *string) {
    size_t n = 0;
    while (string[n])
        n++;
    return n;
}

int wcscmp(const wchar_t *a, const wchar_t *b) {
    while (*a && *a == *b)
        a++, b++;
    return *a < *b ? -1 : *a > *b;
}

wchar_t *wcscpy(wchar_t *to, const wchar_t *from) {
    for (wchar_t *t = to; (*t = *from); t++)
        from++;
    return to;
}

wchar_t *wcschr(const wchar_t *string, wchar_t c) {
    for (; *string != c; string++)
        if (!*string)
            return NULL;
    return (wchar_t *)string;
}
