/*
 * Running NASM on the asm column.
 *
 * The bytes come from the flat binary, which is exact where the listing abbreviates (`<rep 14h>`);
 * the listing gives the offset at which each line's bytes begin. Label values come from NASM's map
 * file. Listing and map are described in the NASM manual, sections 2.1.3 and 8.1.2.
 */
#include "images/hexfmt/hexfmt_nasm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images/lib/process.h"

enum {
    LIST_OFFSET = 7, /* columns of a listing line: "     5 00000000 6631C9 ... <1> text" */
    LIST_BYTES = 16,
    LIST_NESTING = 36,
};

/* The files of one run, in a folder of its own. */
struct workspace {
    char *dir;
    char *source;
    char *messages;
    char *listing;
    char *image;
    char *map;
};

static int workspace_open(struct workspace *w, struct problem *p) {
    const char *root = getenv("TMPDIR");
    w->dir = xprintf("%s/seedbed-hexfmt-XXXXXX", root && *root != '\0' ? root : "/tmp");
    if (!mkdtemp(w->dir)) {
        problem_set(p, "%s: %s", w->dir, strerror(errno));
        free(w->dir);
        return -1;
    }
    w->source = xprintf("%s/in.asm", w->dir);
    w->messages = xprintf("%s/messages", w->dir);
    w->listing = xprintf("%s/out.lst", w->dir);
    w->image = xprintf("%s/out.bin", w->dir);
    w->map = xprintf("%s/out.map", w->dir);
    return 0;
}

static void workspace_close(struct workspace *w) {
    char *const files[] = {w->source, w->messages, w->listing, w->image, w->map};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        unlink(files[i]);
        free(files[i]);
    }
    rmdir(w->dir);
    free(w->dir);
}

static int write_source(const struct hex_file *file, const char *path, struct problem *p) {
    struct buffer text = {0};
    for (size_t i = 0; i < file->count; i++)
        buffer_printf(&text, "%s\n", file->lines[i].text);
    buffer_printf(&text, "[map symbols segments out.map]\n");
    int result = write_file(path, text.data, text.len, p);
    buffer_free(&text);
    return result;
}

/* Runs NASM in folder `dir` on in.asm. Returns its exit status, or -1 if it cannot be run. */
static int run_nasm(const char *dir, struct problem *p) {
    /* resb among code would put bytes on no line; times ... db 0 says what it makes */
    char *argv[] = {"sh", "-c",
                    "cd \"$0\" && command -v nasm >/dev/null || exit 127; exec nasm -f bin "
                    "-Werror=zeroing -Z messages -l out.lst "
                    "-o out.bin in.asm",
                    (char *)dir, NULL};
    struct redirect none[] = {{-1, -1}};
    pid_t pid = process_start(argv, none, p);
    int status = pid < 0 ? -1 : process_wait(pid);
    if (status == 127)
        return problem_set(p, "nasm cannot be run; install the package nasm");
    return status;
}

/* Shows NASM's messages as messages about the hex0 file; returns how many there were. */
static size_t show_messages(const char *path, const char *name) {
    static const char SOURCE[] = "in.asm:";
    FILE *in = fopen(path, "r");
    size_t count = 0;
    char *line = NULL;
    size_t room = 0;
    while (in && getline(&line, &room, in) > 0) {
        bool located = strncmp(line, SOURCE, sizeof SOURCE - 1) == 0;
        fprintf(stderr, "seedbed: %s:%s%s", name, located ? "" : " ",
                line + (located ? sizeof SOURCE - 1 : 0));
        count++;
    }
    free(line);
    if (in)
        fclose(in);
    return count;
}

/* The offset that a line of the listing shows, if it makes bytes. */
static bool listing_offset(const char *line, size_t *offset) {
    /* no offset: no bytes, or a warning; `?` and `<res`: room in an absolute segment */
    if (strlen(line) <= LIST_BYTES || strspn(line + LIST_OFFSET, "0123456789ABCDEF") != 8 ||
        line[LIST_BYTES] == '?' || strncmp(line + LIST_BYTES, "<res", 4) == 0)
        return false;
    *offset = (size_t)strtoul(line + LIST_OFFSET, NULL, 16);
    return true;
}

/* Is this a line of a macro's body (marked <1>)? */
static bool is_nested(const char *line) {
    return strlen(line) > LIST_NESTING + 3 && line[LIST_NESTING - 1] == ' ' &&
           line[LIST_NESTING] == '<' && line[LIST_NESTING + 2] == '>';
}

/*
 * Reads the listing. A span's start is where its line first makes bytes, its end is where the next
 * one starts. The lines of a macro's body belong to the line that calls the macro.
 */
static int read_listing(FILE *in, size_t line_count, struct hex_assembly *assembly,
                        struct problem *p) {
    char *line = NULL;
    size_t room = 0;
    size_t owner = 0;
    size_t offset = 0;
    struct hex_span *last = NULL;
    int result = 0;
    while (result == 0 && getline(&line, &room, in) > 0) {
        if (!is_nested(line))
            owner = (size_t)strtoul(line, NULL, 10);
        if (!listing_offset(line, &offset))
            continue;
        if (owner == 0 || owner > line_count || offset > assembly->image.len ||
            (last && offset < last->start)) {
            result = problem_set(p, "%zu: bytes out of order; use one section", owner);
        } else if (last != &assembly->spans[owner - 1]) {
            if (last)
                last->size = offset - last->start;
            last = &assembly->spans[owner - 1];
            last->start = offset;
        }
    }
    if (last)
        last->size = assembly->image.len - last->start;
    free(line);
    return result;
}

/*
 * Reads the symbols of the map: lines that end in a value in hex and a name. Returns the length of
 * the section, from the line that ends in a length, "progbits" and the section's name.
 */
static size_t read_map(FILE *in, struct hex_assembly *assembly) {
    char *line = NULL;
    size_t line_room = 0;
    size_t room = 0;
    size_t section_length = 0;
    while (getline(&line, &line_room, in) > 0) {
        char *length = NULL;
        char *value = NULL;
        char *name = NULL;
        for (char *word = strtok(line, " \n"); word != NULL; word = strtok(NULL, " \n")) {
            length = value;
            value = name;
            name = word;
        }
        if (length && strcmp(value, "progbits") == 0)
            section_length = (size_t)strtoul(length, NULL, 16);
        char *end = value;
        unsigned long number = value ? strtoul(value, &end, 16) : 0;
        if (!value || *end != '\0')
            continue;
        if (assembly->label_count == room) {
            room = room * 2 + 64;
            assembly->labels = xrealloc(assembly->labels, room * sizeof *assembly->labels);
        }
        assembly->labels[assembly->label_count++] =
            (struct hex_label){.name = xstrdup(name), .value = number};
    }
    free(line);
    return section_length;
}

/* Reads what NASM has left in the workspace. */
static int read_results(const struct workspace *w, size_t line_count, struct hex_assembly *assembly,
                        struct problem *p) {
    FILE *listing = fopen(w->listing, "r");
    FILE *map = fopen(w->map, "r");
    int result = 0;
    if (!listing || !map)
        result = problem_set(p, "nasm left no listing or no map: %s", strerror(errno));
    else
        result = read_file(w->image, &assembly->image, p);
    if (result == 0) {
        result = read_listing(listing, line_count, assembly, p);
        size_t length = read_map(map, assembly);
        if (result == 0 && length != assembly->image.len) {
            result = problem_set(p, "an align asks for more than org has, so that nasm moves the "
                                    "first byte; correct one of them");
        }
    }
    if (listing)
        fclose(listing);
    if (map)
        fclose(map);
    return result;
}

int hex_assemble(const struct hex_file *file, struct hex_assembly *assembly, struct problem *p) {
    struct workspace w;
    *assembly = (struct hex_assembly){0};
    if (workspace_open(&w, p) != 0)
        return -1;
    size_t spans_size = (file->count + 1) * sizeof *assembly->spans;
    assembly->spans = xrealloc(NULL, spans_size);
    memset(assembly->spans, 0, spans_size);
    int result = write_source(file, w.source, p);
    if (result == 0) {
        result = run_nasm(w.dir, p);
        assembly->warnings = show_messages(w.messages, file->name);
    }
    if (result > 0)
        result = problem_set(p, "nasm refuses the asm column");
    else if (result == 0)
        result = read_results(&w, file->count, assembly, p);
    workspace_close(&w);
    if (result != 0)
        hex_assembly_free(assembly);
    return result;
}

void hex_assembly_free(struct hex_assembly *assembly) {
    for (size_t i = 0; i < assembly->label_count; i++)
        free(assembly->labels[i].name);
    free(assembly->labels);
    free(assembly->spans);
    buffer_free(&assembly->image);
    *assembly = (struct hex_assembly){0};
}

const struct hex_label *hex_find_label(const struct hex_assembly *assembly, const char *name) {
    for (size_t i = 0; i < assembly->label_count; i++)
        if (strcmp(assembly->labels[i].name, name) == 0)
            return &assembly->labels[i];
    return NULL;
}
