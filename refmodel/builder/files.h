/*
 * The files: everything in memory, every name absolute (CONTRACT.md section 4). A file has a
 * number as long as it has a name or somebody has it open.
 */
#ifndef REFMODEL_BUILDER_FILES_H
#define REFMODEL_BUILDER_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILE_FIRST = 4, FILE_LAST = 14335, FILE_NUMBERS = FILE_LAST + 1 };
enum { FILE_LARGEST = 0x7FFFFFFF }; /* bytes */
enum { CONTENT_UNIT = 4096 };       /* bytes: a content takes whole pages */

struct file {
    char *name; /* null when it was unlinked */
    uint8_t *data;
    uint32_t size;
    uint32_t room;
    uint32_t opens; /* descriptors, in all processes */
    uint32_t number;
    uint32_t address; /* of the content, when the tables are looked at */
    uint32_t next;    /* number of the next file of the same hash, 0 at the end */
};

enum { FILE_HASHES = 4096 };

struct files {
    struct file *of[FILE_NUMBERS]; /* null: the number is free */
    uint32_t hash[FILE_HASHES];
    uint32_t last; /* the number that was given last */
    uint64_t area; /* bytes that contents may take, in whole pages */
    uint64_t used; /* bytes that they take */
    /* Called where the area is too small for `total` bytes; makes it larger if that can be. */
    bool (*enlarge)(void *owner, uint64_t total);
    void *owner;
    bool changed;   /* a name or a content has changed since this was last cleared */
    bool exhausted; /* the host has no memory left */
};

/* What a content of `size` bytes takes of the area. */
uint64_t files_footprint(uint32_t size);

/* Makes `/` and the area of `area` bytes. False: no host memory. */
bool files_init(struct files *fs, uint64_t area);
void files_free(struct files *fs);

/* The file of a resolved name, or null. */
struct file *files_find(const struct files *fs, const char *name);

/* Whether the parent of a resolved name exists. */
bool files_has_parent(const struct files *fs, const char *name);

/* Makes an empty file. Null: no number is free (or no host memory: `exhausted`). */
struct file *files_create(struct files *fs, const char *name);

/* Takes the name away; the file is gone once nobody has it open. */
void files_unlink(struct files *fs, struct file *f);

/* Counts descriptors. */
void files_opened(struct file *f);
void files_closed(struct files *fs, struct file *f);

/* Makes the file empty. */
void files_truncate(struct files *fs, struct file *f);

/* Whether there is room for the file if it had `size` bytes. */
bool files_fit(struct files *fs, const struct file *f, uint64_t size);

/* How many of n bytes files_write would write. */
uint32_t files_room(struct files *fs, const struct file *f, uint32_t at, uint32_t n);

/*
 * Writes n bytes at a position, the gap before it becomes zeros. Returns the number of bytes
 * written, less than n where the area is full. If not even the gap fits nothing changes.
 */
uint32_t files_write(struct files *fs, struct file *f, uint32_t at, const uint8_t *from,
                     uint32_t n);

/* Makes a file of n bytes and returns them to be filled in; null: they do not fit. */
uint8_t *files_fill(struct files *fs, struct file *f, uint32_t n);

#endif
