/* Block devices of the host. */
#include "images/lib/device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* The first line of a file of /sys, without blanks at its end; empty if there is none. */
static char *line_of(const char *folder, const char *name) {
    struct problem p;
    struct buffer text = {0};
    char *path = xprintf("%s/%s", folder, name);
    if (read_file(path, &text, &p) < 0)
        text.len = 0;
    free(path);
    buffer_append(&text, "", 1);
    size_t n = strcspn((char *)text.data, "\n");
    while (n && text.data[n - 1] == ' ')
        n--;
    text.data[n] = 0;
    return (char *)text.data;
}

static void add_word(struct buffer *list, const char *word, size_t n) {
    if (list->len)
        list->len--; /* the NUL */
    buffer_append(list, " ", 1);
    buffer_append(list, word, n);
    buffer_append(list, "", 1);
}

/* Whether the block device `number` is the one in that folder of /sys, or a partition of it. */
static bool belongs(const char *folder, const char *name, dev_t number) {
    char *want = xprintf("%u:%u", major(number), minor(number));
    char *own = line_of(folder, "dev");
    char *child = xprintf("%s/%s", folder, name);
    char *part = line_of(child, "dev");
    bool same = strcmp(own, want) == 0 || strcmp(part, want) == 0;
    free(part);
    free(child);
    free(own);
    free(want);
    return same;
}

/* Notes a use of `source`, which is told as `where`, if it is the device or a part of it. */
static void note_use(struct device *d, const char *folder, const char *source, const char *where) {
    struct stat st;
    const char *slash = strrchr(source, '/');
    if (slash && stat(source, &st) == 0 && S_ISBLK(st.st_mode) &&
        belongs(folder, slash + 1, st.st_rdev))
        add_word(&d->mounts, where, strlen(where));
}

/* /proc/self/mounts has the source and the place of each mount, /proc/swaps the source first. */
static void find_uses(struct device *d, const char *folder, const char *list, bool swap) {
    struct problem p;
    struct buffer text = {0};
    if (read_file(list, &text, &p) < 0)
        text.len = 0;
    buffer_append(&text, "", 1);
    char *save = NULL;
    for (char *line = strtok_r((char *)text.data, "\n", &save); line;
         line = strtok_r(NULL, "\n", &save)) {
        char *words = NULL;
        const char *source = strtok_r(line, " \t", &words);
        const char *where = swap ? "swap" : strtok_r(NULL, " \t", &words);
        if (source && where)
            note_use(d, folder, source, where);
    }
    buffer_free(&text);
}

static void find_parts(struct device *d, const char *folder, const char *name) {
    DIR *list = opendir(folder);
    if (!list)
        return;
    for (struct dirent *e = readdir(list); e; e = readdir(list))
        if (strncmp(e->d_name, name, strlen(name)) == 0)
            add_word(&d->parts, e->d_name, strlen(e->d_name));
    closedir(list);
}

static void describe(struct device *d, const char *folder) {
    const char *name = strrchr(folder, '/') + 1;
    char *real = realpath(folder, NULL);
    char *vendor = line_of(folder, "device/vendor");
    char *model = line_of(folder, "device/model");
    char *removable = line_of(folder, "removable");
    char *partition = line_of(folder, "partition");
    snprintf(d->model, sizeof d->model, "%s%s%s", vendor, *vendor && *model ? " " : "", model);
    d->whole = !*partition;
    d->removable = *removable == '1' || (real && strstr(real, "/usb"));
    find_parts(d, folder, real ? strrchr(real, '/') + 1 : name);
    find_uses(d, folder, "/proc/self/mounts", false);
    find_uses(d, folder, "/proc/swaps", true);
    free(partition);
    free(removable);
    free(model);
    free(vendor);
    free(real);
}

int device_look(struct device *d, const char *path, struct problem *p) {
    struct stat st;
    *d = (struct device){0};
    if (stat(path, &st) < 0)
        return problem_set(p, "%s: %s", path, strerror(errno));
    if (S_ISREG(st.st_mode))
        return 0;
    if (!S_ISBLK(st.st_mode))
        return problem_set(p, "%s: neither a block device nor a plain file", path);
    d->block = true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return problem_set(p, "%s: cannot open: %s", path, strerror(errno));
    off_t size = lseek(fd, 0, SEEK_END);
    d->size = size > 0 ? (uint64_t)size : 0;
    close(fd);
    char *folder = xprintf("/sys/dev/block/%u:%u", major(st.st_rdev), minor(st.st_rdev));
    char *real = realpath(folder, NULL);
    describe(d, real ? real : folder);
    free(real);
    free(folder);
    /* What Linux itself knows, also where /sys is missing or the mount is in another namespace:
       O_EXCL without O_CREAT fails on a device that is in use (open(2)). */
    fd = open(path, O_RDONLY | O_EXCL | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    else if (errno == EBUSY && d->mounts.len == 0)
        add_word(&d->mounts, "here", strlen("here"));
    return 0;
}

void device_free(struct device *d) {
    buffer_free(&d->parts);
    buffer_free(&d->mounts);
}
