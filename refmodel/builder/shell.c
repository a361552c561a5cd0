/* The shell: reads commands from the script and runs them (CONTRACT.md section 2). */
#include "refmodel/builder/shell.h"

#include <stdio.h>
#include <string.h>

#include "refmodel/builder/console.h"
#include "refmodel/builder/machine.h"
#include "refmodel/builder/path.h"
#include "refmodel/builder/run.h"
#include "refmodel/builder/tables.h"
#include "refmodel/hex0.h"
#include "refmodel/strace/linux.h"

/* A command line: its text, and its words with a NUL each. */
struct line {
    struct text text;
    struct arguments words;
    bool too_long;
};

static void line_free(struct line *l) {
    text_free(&l->text);
    text_free(&l->words.strings);
}

/* The n-th word, from 0. */
static const char *word(const struct line *l, uint32_t n) {
    const char *p = l->words.strings.bytes;
    while (n--)
        p += strlen(p) + 1;
    return p;
}

static bool is_comment(const struct line *l) {
    return l->words.argc == 0 || l->words.strings.bytes[0] == '#';
}

/* Whether a blank belongs to the path of `src N PATH`, which is all behind the blank after N. */
static bool is_in_path(const struct line *l, bool in_word) {
    const struct arguments *w = &l->words;
    return (w->argc == 3 || (w->argc == 2 && !in_word)) && strcmp(word(l, 0), "src") == 0;
}

/* Adds a byte to the words. */
static bool add_to_words(struct line *l, char c, bool *in_word) {
    struct arguments *w = &l->words;
    if (c == ' ' && !is_in_path(l, *in_word)) {
        if (*in_word && !text_add(&w->strings, "", 1))
            return false;
        *in_word = false;
        return true;
    }
    if (!*in_word)
        w->argc++;
    *in_word = true;
    return text_add(&w->strings, &c, 1);
}

/* A line whose words do not fit is what has come of it before the last byte. */
static bool cut_off(struct line *l) {
    struct text *words = &l->words.strings;
    l->text.bytes[--l->text.length] = 0;
    words->bytes[--words->length] = 0;
    return true;
}

/*
 * Reads one line, without its newline. A NUL ends it too, and is read again. False: there is no
 * line but a NUL, or the build has ended.
 */
static bool read_line(struct seedbed *s, struct line *l) {
    bool in_word = false, ok = true;
    *l = (struct line){0};
    for (;;) {
        uint8_t c = disk_next(s);
        if (!c && (l->text.length || in_word))
            disk_back(s);
        if (!c && !l->text.length)
            return false;
        if (!c || c == '\n')
            break;
        if (c != ' ' || l->text.length)
            ok = ok && text_add(&l->text, (const char *)&c, 1);
        if (l->too_long || (l->words.argc && is_comment(l)))
            continue;
        ok = ok && add_to_words(l, (char)c, &in_word);
        l->too_long = l->words.strings.length + in_word > ARGUMENT_BYTES;
        if (!ok || (l->too_long && !is_comment(l)))
            return ok && cut_off(l);
    }
    if (in_word)
        ok = ok && text_add(&l->words.strings, "", 1);
    if (!ok)
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left for a command line");
    return ok;
}

/* The next line that is a command, which the log shows. False: there is none, or an end. */
static bool next_command(struct seedbed *s, struct line *l) {
    while (read_line(s, l)) {
        if (!is_comment(l)) {
            console_message(s, l->text.bytes, l->text.length);
            return true;
        }
        line_free(l);
    }
    line_free(l);
    return false;
}

/* The file that a command makes, empty, its parent checked. Null: the build has ended. */
static struct file *make_file(struct seedbed *s, const char *name) {
    struct path p;
    if (!path_resolve(&p, "/", name)) {
        build_error(s, "%s: too long", name);
        return NULL;
    }
    struct file *f = files_find(&s->files, p.name);
    if (f) {
        files_truncate(&s->files, f);
        return f;
    }
    if (!files_has_parent(&s->files, p.name)) {
        build_error(s, "%s: not found", name);
        return NULL;
    }
    f = files_create(&s->files, p.name);
    if (!f)
        build_error(s, "%s: no space", name);
    return f;
}

/* Decimal digits, below 2^31. */
static bool number(const char *text, uint32_t *n) {
    uint64_t value = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && value <= FILE_LARGEST; p++)
        value = value * 10 + (uint64_t)(*p - '0');
    *n = (uint32_t)value;
    return p != text && !*p && value <= FILE_LARGEST;
}

static void fill_file(struct seedbed *s, struct file *f, const uint8_t *bytes, uint32_t n,
                      const char *name) {
    uint8_t *to = files_fill(&s->files, f, n);
    if (!to)
        build_error(s, "%s: no space", name);
    else if (n)
        memcpy(to, bytes, n);
}

static void run_src(struct seedbed *s, const struct line *l) {
    uint32_t n;
    if (l->words.argc != 3) {
        build_error(s, "%s: bad operand", word(l, 0));
        return;
    }
    const char *name = word(l, 2);
    if (!number(word(l, 1), &n)) {
        build_error(s, "%s: bad operand", word(l, 1));
        return;
    }
    struct file *f = make_file(s, name);
    if (!f)
        return;
    if (!files_fit(&s->files, f, n)) {
        build_error(s, "%s: no space", name);
        return;
    }
    const uint8_t *bytes = disk_take(s, n);
    if (bytes)
        fill_file(s, f, bytes, n, name);
}

static int compile(const struct file *f, struct text *bytes, size_t *made) {
    struct hex0_error error;
    return hex0_compile(f->data, f->size, false, (uint8_t *)bytes->bytes, made, &error);
}

static void run_hex0(struct seedbed *s, const struct line *l) {
    struct path p;
    if (l->words.argc != 3) {
        build_error(s, "%s: bad operand", word(l, 0));
        return;
    }
    const char *in = word(l, 1), *out = word(l, 2);
    if (!path_resolve(&p, "/", in)) {
        build_error(s, "%s: too long", in);
        return;
    }
    const struct file *f = files_find(&s->files, p.name);
    if (!f) {
        build_error(s, "%s: not found", in);
        return;
    }
    struct text bytes = {0};
    size_t made = 0;
    size_t most = hex0_bound(f->size);
    if (!text_reserve(&bytes, most)) {
        s->memory.exhausted = true;
        return;
    }
    int bad = compile(f, &bytes, &made);
    struct file *to = make_file(s, out); /* it may be the input: that is compiled already */
    if (to && !files_fit(&s->files, to, most))
        build_error(s, "%s: no space", out);
    else if (to && bad)
        build_error(s, "%s: odd digit", in);
    else if (to)
        fill_file(s, to, (const uint8_t *)bytes.bytes, (uint32_t)made, out);
    text_free(&bytes);
}

static void run_program(struct seedbed *s, const struct line *l) {
    struct path p;
    const char *name = word(l, 0);
    if (!path_resolve(&p, "/", name)) {
        build_error(s, "%s: too long", name);
        return;
    }
    s->command = name;
    switch (proc_start(s, p.name, &l->words)) {
    case 0:
        run_programs(s);
        if (!s->ended && s->exit_status)
            build_error(s, "%s: exit %02X", name, (unsigned)s->exit_status);
        break;
    case E_NOENT:
        build_error(s, "%s: not found", name);
        break;
    case E_NOMEM:
        build_error(s, "%s: no memory", name);
        break;
    default:
        build_error(s, "%s: not a program", name);
        break;
    }
}

static bool is_flush(const struct line *l) {
    return strcmp(word(l, 0), "f") == 0;
}

static void run_command(struct seedbed *s, const struct line *l) {
    if (l->too_long) {
        build_error(s, "%s: too long", word(l, 0));
        return;
    }
    if (is_flush(l))
        return;
    if (strcmp(word(l, 0), "src") == 0)
        run_src(s, l);
    else if (strcmp(word(l, 0), "hex0") == 0)
        run_hex0(s, l);
    else
        run_program(s, l);
    tables_changed(s);
    if (s->memory.exhausted || s->files.exhausted)
        build_stop(s, SEEDBED_NO_MEMORY, "the host has no memory left");
}

/* The end of the script: what the build was for goes to the disk. */
static void finish(struct seedbed *s) {
    char length[16];
    const struct file *hda = files_find(&s->files, "/dev/hda");
    if (!hda) {
        build_error(s, "%s: not found", "/dev/hda");
        return;
    }
    if (!disk_flush(s))
        return;
    console_message(s, "Build finished.", strlen("Build finished."));
    snprintf(length, sizeof length, "%08lX", (unsigned long)hda->size);
    console_message(s, length, strlen(length));
    s->ended = true;
    s->end = SEEDBED_FINISHED;
}

void shell_run(struct seedbed *s) {
    struct line line = {0};
    bool more = next_command(s, &line);
    while (more && !s->ended) {
        bool flush = !line.too_long && is_flush(&line);
        run_command(s, &line);
        line_free(&line);
        if (s->ended)
            return;
        more = next_command(s, &line);
        if (flush && !disk_flush(s))
            break;
    }
    line_free(&line);
    if (!s->ended)
        finish(s);
}
