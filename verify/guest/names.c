/* names: as many files as the contract promises, the tables that other programs read by address,
 * and names that come and go. For the builder only. */
#include "verify/guest/file_table.h"

enum {
    PROMISED = LIMIT_NAMES,
    MOST = LAST_FILE - FIRST_FILE + 1,
    BEFORE = 7, /* / /e820 /dev /dev/hda /bin /bin/names /names */
};

static const char *name_of(u32 i) {
    return numbered("/names/", i);
}

/* Each file holds its own number, three times. */
static int make(u32 i) {
    u32 content[3] = {i, i, i};
    int fd = sys_open(name_of(i), O_WRONLY | O_CREAT | O_EXCL);
    if (fd < 0)
        return fd;
    int n = sys_write(fd, content, sizeof content);
    sys_close(fd);
    return n == sizeof content ? 0 : -1;
}

static int is_right(u32 i) {
    u32 content[4];
    return get_file(name_of(i), content, sizeof content) == 12 && content[0] == i &&
           content[2] == i;
}

/* Every file is in the table once, at a number of its own, with its content at its address. */
static void tables(u32 count) {
    static u8 seen[MOST];
    u32 wrong = 0, strays = 0;
    memset(seen, 0, sizeof seen);
    for (u32 n = FIRST_FILE; n <= LAST_FILE; n++) {
        const char *name = name_in_table(n);
        if (name[0] != '/')
            continue;
        if (memcmp(name, "/names/", 7) != 0) {
            strays++;
            continue;
        }
        u32 i = 0;
        for (const char *digit = name + 7; *digit; digit++)
            i = i * 10 + (u32)(*digit - '0');
        const struct descriptor *d = descriptor_in_table(n);
        const u32 *content = (const u32 *)d->address;
        wrong += i >= count || seen[i] || d->length != 12 || content[0] != i || content[2] != i;
        seen[i < MOST ? i : 0] = 1;
    }
    for (u32 i = 0; i < count; i++)
        wrong += !seen[i];
    must("0 wrong", "tables, %s files: %d wrong", count > 1000 ? "all" : "few", wrong);
    must("yes", "and the others: %s", strays == BEFORE || strays == BEFORE - 1 ? "yes" : "no");
}

static void e820(void) {
    static u8 map[2048];
    int n = get_file("/e820", map, sizeof map);
    u32 number = look_up("/e820");
    must("yes", "/e820 is in the table: %s", number > 1 ? "yes" : "no");
    const struct descriptor *d = descriptor_in_table(number);
    must("1", "and the same: %d",
         d->length == (u32)n && memcmp((void *)d->address, map, (u32)n) == 0);
}

/* What is made later has the higher number, also where numbers below have become free. */
static void order(void) {
    u32 before = look_up("/names"), wrong = 0;
    for (u32 i = 0; i < 40; i++) {
        make(i);
        if (i % 4 == 3)
            sys_unlink(name_of(i - 2));
    }
    sys_unlink(name_of(0));
    sys_mkdir("/names/folder");
    sys_mkdir("/names/folder/in");
    for (u32 i = 2; i < 40; i++) {
        u32 number = look_up(name_of(i));
        if (i % 4 == 1)
            continue;
        wrong += number <= before;
        before = number;
    }
    wrong += look_up("/names/folder") <= before;
    wrong += look_up("/names/folder/in") <= look_up("/names/folder");
    wrong += descriptor_in_table(look_up("/names/folder/in"))->address != 0;
    must("0 wrong", "numbers grow: %d wrong", wrong);
    sys_unlink("/names/folder/in");
    sys_unlink("/names/folder");
    for (u32 i = 0; i < 40; i++)
        sys_unlink(name_of(i));
}

static u32 make_all(void) {
    u32 count = 0;
    while (count < MOST && make(count) == 0)
        count++;
    return count;
}

static void all(void) {
    u32 count = make_all();
    must("yes", "14,332 files in all: %s", count + BEFORE >= PROMISED ? "yes" : "no");
    must("ENOSPC", "one more: %e", make(99999));
    must("ENOSPC", "one more directory: %e", sys_mkdir("/names/d"));
    must("EEXIST", "one that exists: %e", sys_open(name_of(5), O_CREAT | O_EXCL));
    must("ENOENT", "one without a parent: %e", sys_open("/none/x", O_CREAT | O_WRONLY));
    u32 wrong = 0;
    for (u32 i = 0; i < count; i++)
        wrong += !is_right(i);
    must("0 wrong", "read back: %d wrong", wrong);
    tables(count);
    sys_unlink(name_of(1234));
    must("ENOENT", "one gone: %e", sys_access(name_of(1234), 0));
    must("0", "its place is taken: %e", make(1234));
    must("ENOSPC", "and one more: %e", make(99999));
    for (u32 i = 0; i < count; i++)
        wrong += sys_unlink(name_of(i)) != 0;
    must("0 wrong", "all gone: %d wrong", wrong);
    must("yes", "all made again: %s", make_all() == count ? "yes" : "no");
    tables(count);
}

/* Every third goes and comes back under another name, in several rounds. */
static void coming_and_going(void) {
    u32 wrong = 0;
    for (u32 round = 0; round < 3; round++) {
        for (u32 i = round; i < 9000; i += 3)
            wrong += sys_unlink(name_of(i)) != 0;
        for (u32 i = round; i < 9000; i += 3)
            wrong += make(20000 + round * 9000 + i) != 0;
    }
    for (u32 i = 0; i < 9000; i++) {
        wrong += sys_access(name_of(i), 0) != -ENOENT;
        wrong += !is_right(20000 + i % 3 * 9000 + i);
    }
    must("0 wrong", "9,000 renamed: %d wrong", wrong);
    for (u32 i = 0; i < 9000; i++)
        sys_unlink(name_of(20000 + i % 3 * 9000 + i));
    for (u32 i = 9000; i < MOST; i++)
        sys_unlink(name_of(i));
}

int main(void) {
    say("== names: 1");
    sys_mkdir("/names");
    e820();
    for (u32 i = 0; i < 100; i++)
        make(i);
    tables(100);
    must("0", "a missing file in the table: %d", (int)look_up("/names/none"));
    for (u32 i = 0; i < 100; i++)
        sys_unlink(name_of(i));
    tables(0);
    order();
    all();
    coming_and_going();
    tables(0);
    return 0;
}
