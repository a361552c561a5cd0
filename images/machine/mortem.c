/* The files that a machine had in memory. */
#include "images/machine/mortem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    NAMES = 0x00200000,
    NAME_SIZE = 1024,
    DESCRIPTORS = 0x01000000,
    DESCRIPTOR_SIZE = 16,
    FIRST = 4,
    LAST = 14335,
    COUNT = LAST + 1 - FIRST
};
static const uint32_t LAST_PAGE = 0xFFFFF000;

bool mortem_wanted(const struct run_request *request) {
    return request->files || request->file.count;
}

void mortem_begin(struct mortem *m, const struct run_request *request) {
    const struct option_list *file = &request->file;
    *m = (struct mortem){.request = request, .count = file->count};
    m->wanted = xrealloc(NULL, (m->count + 1) * sizeof *m->wanted);
    for (unsigned n = 0; n < m->count; n++) {
        const char *equals = strrchr(file->item[n], '=');
        m->wanted[n].path = xprintf("%.*s", (int)(equals - file->item[n]), file->item[n]);
        m->wanted[n].out = equals + 1;
        m->wanted[n].found = false;
    }
}

static void fail(struct mortem *m, const struct problem *p) {
    if (!m->failed)
        m->first = *p;
    m->failed = true;
}

/* A name that leads nowhere but below the folder. */
static bool is_plain(const char *name) {
    return name[0] == '/' && name[1] && !strstr(name, "//") && !strstr(name, "/../") &&
           !strstr(name, "/./") && strcmp(name + strlen(name) - 1, "/") != 0 &&
           (strlen(name) < 3 || strcmp(name + strlen(name) - 3, "/..") != 0);
}

/*
 * Makes the folders above a path (allocated), which has room for more. An empty file becomes a
 * folder as soon as a file lies in it; where the builder has files below one with content, that
 * stays, and they go to a folder whose name ends with ~.
 */
static int make_parents(char *path, size_t below, struct problem *p) {
    for (char *slash = strchr(path + below + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        struct stat s;
        *slash = 0;
        bool plain = stat(path, &s) == 0 && S_ISREG(s.st_mode);
        *slash = '/';
        if (plain && s.st_size) {
            memmove(slash + 1, slash, strlen(slash) + 1);
            *slash++ = '~';
        }
        *slash = 0;
        if (plain && !s.st_size)
            remove(path);
        int r = mkdir(path, 0777);
        int error = errno;
        if (r < 0 && error != EEXIST)
            return problem_set(p, "%s: cannot make the folder: %s", path, strerror(error));
        *slash = '/';
    }
    return 0;
}

static void save(struct mortem *m, const char *name, const uint8_t *bytes, size_t n) {
    struct problem p;
    struct stat s;
    size_t below = strlen(m->request->files);
    char *path = xrealloc(NULL, below + 2 * strlen(name) + 1);
    sprintf(path, "%s%s", m->request->files, name);
    int r =
        mkdir(m->request->files, 0777) < 0 && errno != EEXIST
            ? problem_set(&p, "%s: cannot make the folder: %s", m->request->files, strerror(errno))
            : make_parents(path, below, &p);
    bool folder = n == 0 && stat(path, &s) == 0 && S_ISDIR(s.st_mode);
    if (r == 0 && !folder)
        r = write_file(path, bytes, n, &p);
    if (r < 0)
        fail(m, &p);
    free(path);
}

void mortem_file(struct mortem *m, const char *name, const uint8_t *bytes, size_t n) {
    struct problem p;
    for (unsigned k = 0; k < m->count; k++) {
        struct mortem_wanted *w = &m->wanted[k];
        if (strcmp(name, w->path) != 0)
            continue;
        w->found = true;
        if (write_file(w->out, bytes, n, &p) < 0)
            fail(m, &p);
    }
    if (m->request->files && is_plain(name))
        save(m, name, bytes, n);
}

int mortem_end(struct mortem *m, struct problem *p) {
    for (unsigned k = 0; k < m->count; k++) {
        struct problem none;
        if (!m->wanted[k].found) {
            problem_set(&none, "the machine has no file %s", m->wanted[k].path);
            fail(m, &none);
        }
        free(m->wanted[k].path);
    }
    free(m->wanted);
    if (m->failed)
        *p = m->first;
    return m->failed ? -1 : 0;
}

/* A file of the tables; a null name is none. */
struct entry {
    const char *name;
    uint32_t address, length;
};

static struct entry entry_of(const uint8_t *names, const uint8_t *descriptors, uint32_t n) {
    const char *name = (const char *)names + (size_t)n * NAME_SIZE;
    const uint8_t *d = descriptors + (size_t)n * DESCRIPTOR_SIZE;
    struct entry e = {name, little32(d + 4), little32(d + 8)};
    if (name[0] != '/' || !memchr(name, 0, NAME_SIZE) || e.address > LAST_PAGE - e.length)
        e.name = NULL;
    return e;
}

static int read_files(struct mortem *m, struct paged *paged, const uint8_t *names,
                      const uint8_t *descriptors, struct problem *p) {
    uint32_t end = 0;
    for (uint32_t n = 0; n < COUNT; n++) {
        struct entry e = entry_of(names, descriptors, n);
        if (e.name && e.length && e.address + e.length > end)
            end = e.address + e.length;
    }
    int r = paged_fetch(paged, 0, end, p);
    for (uint32_t n = 0; r == 0 && n < COUNT; n++) {
        struct entry e = entry_of(names, descriptors, n);
        if (!e.name)
            continue;
        struct buffer content = {0};
        r = paged_read(paged, e.address, buffer_room(&content, e.length ? e.length : 1), e.length,
                       p);
        if (r == 0)
            mortem_file(m, e.name, content.data, e.length);
        buffer_free(&content);
    }
    return r;
}

int mortem_memory(const struct run_request *request, const struct physical_memory *memory,
                  struct problem *p) {
    struct mortem m;
    struct paged paged = {.memory = memory};
    uint8_t *names = xrealloc(NULL, COUNT * NAME_SIZE);
    uint8_t *descriptors = xrealloc(NULL, COUNT * DESCRIPTOR_SIZE);
    mortem_begin(&m, request);
    int r = memory->read(memory->arg, NAMES + FIRST * NAME_SIZE, names, COUNT * NAME_SIZE, p);
    if (r == 0)
        r = memory->read(memory->arg, DESCRIPTORS + FIRST * DESCRIPTOR_SIZE, descriptors,
                         COUNT * DESCRIPTOR_SIZE, p);
    if (r == 0)
        r = read_files(&m, &paged, names, descriptors, p);
    paged_free(&paged);
    free(names);
    free(descriptors);
    struct problem q;
    int saved = mortem_end(&m, r == 0 ? p : &q);
    return r == 0 ? saved : r;
}
