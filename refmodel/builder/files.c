/* The files. */
#include "refmodel/builder/files.h"

#include <stdlib.h>
#include <string.h>

#include "refmodel/builder/path.h"

uint64_t files_footprint(uint32_t size) {
    return ((uint64_t)size + CONTENT_UNIT - 1) & ~(uint64_t)(CONTENT_UNIT - 1);
}

static uint32_t hash_of(const char *name) {
    uint32_t h = 2166136261u; /* FNV-1a */
    while (*name)
        h = (h ^ (uint8_t)*name++) * 16777619u;
    return h % FILE_HASHES;
}

bool files_init(struct files *fs, uint64_t area) {
    memset(fs, 0, sizeof *fs);
    fs->area = area;
    fs->last = FILE_FIRST - 1;
    return files_create(fs, "/") != NULL;
}

static void free_file(struct files *fs, struct file *f) {
    fs->used -= files_footprint(f->size);
    fs->of[f->number] = NULL;
    free(f->name);
    free(f->data);
    free(f);
}

void files_free(struct files *fs) {
    for (uint32_t n = FILE_FIRST; n < FILE_NUMBERS; n++)
        if (fs->of[n])
            free_file(fs, fs->of[n]);
}

struct file *files_find(const struct files *fs, const char *name) {
    uint32_t n = fs->hash[hash_of(name)];
    while (n && strcmp(fs->of[n]->name, name) != 0)
        n = fs->of[n]->next;
    return n ? fs->of[n] : NULL;
}

bool files_has_parent(const struct files *fs, const char *name) {
    char parent[PATH_LONGEST + 1];
    size_t n = path_parent(name);
    if (n == 0)
        return true;
    memcpy(parent, name, n);
    parent[n] = 0;
    return files_find(fs, parent) != NULL;
}

/* The next number that is free behind the last one given, or 0. */
static uint32_t next_number(const struct files *fs) {
    uint32_t n = fs->last;
    do {
        n = n < FILE_LAST ? n + 1 : FILE_FIRST;
        if (!fs->of[n])
            return n;
    } while (n != fs->last);
    return 0;
}

struct file *files_create(struct files *fs, const char *name) {
    uint32_t number = next_number(fs);
    if (!number)
        return NULL;
    size_t n = strlen(name) + 1;
    struct file *f = calloc(1, sizeof *f);
    char *copy = malloc(n);
    if (!f || !copy) {
        fs->exhausted = true;
        free(f);
        free(copy);
        return NULL;
    }
    uint32_t *head = &fs->hash[hash_of(name)];
    f->name = memcpy(copy, name, n);
    f->number = fs->last = number;
    f->next = *head;
    *head = f->number;
    fs->of[f->number] = f;
    fs->changed = true;
    return f;
}

void files_unlink(struct files *fs, struct file *f) {
    uint32_t *link = &fs->hash[hash_of(f->name)];
    while (*link != f->number)
        link = &fs->of[*link]->next;
    *link = f->next;
    free(f->name);
    f->name = NULL;
    fs->changed = true;
    if (!f->opens)
        free_file(fs, f);
}

void files_opened(struct file *f) {
    f->opens++;
}

void files_closed(struct files *fs, struct file *f) {
    if (--f->opens == 0 && !f->name)
        free_file(fs, f);
}

void files_truncate(struct files *fs, struct file *f) {
    fs->used -= files_footprint(f->size);
    free(f->data);
    f->data = NULL;
    f->size = f->room = 0;
    fs->changed = true;
}

/* What the file can have at most as the area is. */
static uint64_t capacity(const struct files *fs, const struct file *f) {
    return fs->area - (fs->used - files_footprint(f->size));
}

/* Makes the area larger if the file does not fit with so many bytes, FILE_LARGEST at most. */
static void make_room(struct files *fs, const struct file *f, uint64_t size) {
    if (size > capacity(fs, f))
        fs->enlarge(fs->owner,
                    fs->used - files_footprint(f->size) + files_footprint((uint32_t)size));
}

bool files_fit(struct files *fs, const struct file *f, uint64_t size) {
    if (size > FILE_LARGEST)
        return false;
    make_room(fs, f, size);
    return size <= capacity(fs, f);
}

/* Grows the host's buffer, generously where it has grown before. */
static bool grow(struct files *fs, struct file *f, uint32_t size) {
    if (size <= f->room)
        return true;
    uint64_t room = f->room ? (uint64_t)f->room * 2 : 0;
    if (room < size)
        room = size;
    if (room > FILE_LARGEST)
        room = FILE_LARGEST;
    uint8_t *data = realloc(f->data, (size_t)room);
    if (!data && room > size)
        data = realloc(f->data, (size_t)(room = size));
    if (!data) {
        fs->exhausted = true;
        return false;
    }
    f->data = data;
    f->room = (uint32_t)room;
    return true;
}

static void set_size(struct files *fs, struct file *f, uint32_t size) {
    fs->used += files_footprint(size) - files_footprint(f->size);
    f->size = size;
}

uint32_t files_room(struct files *fs, const struct file *f, uint32_t at, uint32_t n) {
    uint64_t end = (uint64_t)at + n;
    if (end > FILE_LARGEST)
        end = FILE_LARGEST;
    if (end > f->size)
        make_room(fs, f, end);
    uint64_t largest = capacity(fs, f); /* in whole pages, and not below its size */
    if (end > largest)
        end = largest;
    return end <= at ? 0 : (uint32_t)(end - at);
}

uint32_t files_write(struct files *fs, struct file *f, uint32_t at, const uint8_t *from,
                     uint32_t n) {
    n = files_room(fs, f, at, n);
    if (!n)
        return 0;
    uint64_t end = (uint64_t)at + n;
    if (end > f->size) {
        if (!grow(fs, f, (uint32_t)end))
            return 0;
        if (at > f->size)
            memset(f->data + f->size, 0, at - f->size);
        set_size(fs, f, (uint32_t)end);
    }
    memcpy(f->data + at, from, n);
    fs->changed = true;
    return n;
}

uint8_t *files_fill(struct files *fs, struct file *f, uint32_t n) {
    files_truncate(fs, f);
    if (!files_fit(fs, f, n) || !grow(fs, f, n ? n : 1))
        return NULL;
    set_size(fs, f, n);
    return f->data;
}
