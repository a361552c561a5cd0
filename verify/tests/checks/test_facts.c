/* What stands in several places is the same in all of them, and make facts would say if it were
 * not. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "verify/facts/facts.h"
#include "verify/harness/harness.h"

TEST(facts_are_the_same_everywhere) {
    struct buffer complaints = {0};
    size_t count = facts_check(".", NULL, &complaints);
    if (count > 0)
        test_fail(t, "%zu disagree:\n%.*s", count, (int)complaints.len,
                  (const char *)complaints.data);
}

/* Which byte of a match to change: the last digit, or a letter of what does not vary. */
static size_t weak_spot(const struct match *m, const uint8_t *text) {
    size_t at = m->counted ? m->size - 1 : 0;
    for (size_t i = 1; !m->counted && i < m->size; i++)
        if (islower(text[i]) && islower(text[i - 1]))
            at = i;
    return at;
}

/* Changes the place in the copy of its file. */
static void spoil(struct test *t, const struct match *m) {
    struct buffer content = test_read(t, m->file);
    uint8_t *byte = content.data + m->at + weak_spot(m, content.data + m->at);
    if (m->counted)
        *byte = *byte == '1' ? '2' : '1';
    else
        *byte = islower(*byte) ? 'q' : 'Q';
    test_write(t, test_path(t, m->file), content.data, content.len);
    buffer_free(&content);
}

static void restore(struct test *t, const struct match *m) {
    struct buffer content = test_read(t, m->file);
    test_write(t, test_path(t, m->file), content.data, content.len);
    buffer_free(&content);
}

/* Whether the number is a word: another would be no match. */
static bool is_word(struct test *t, const struct match *m) {
    struct buffer content = test_read(t, m->file);
    bool word = false;
    for (size_t i = 0; i < m->size; i++)
        word |= isalpha(content.data[m->at + i]) && !isxdigit(content.data[m->at + i]) &&
                !strchr("xo", content.data[m->at + i]);
    buffer_free(&content);
    return word;
}

/* Spoils each of the matches, one after another; a complaint must name its file and line. */
static size_t plant(struct test *t, const char *fact, struct matches matches) {
    size_t planted = 0;
    for (size_t i = 0; i < matches.count; i++) {
        const struct match *m = &matches.all[i];
        struct buffer complaints = {0};
        if (*m->file == '/' || (m->counted && is_word(t, m)))
            continue;
        spoil(t, m);
        size_t count = facts_check(t->dir, fact, &complaints);
        buffer_append(&complaints, "", 1);
        char *where = xprintf("%s:%u", m->file, m->line);
        if (count == 0 || !strstr((const char *)complaints.data, where))
            test_fail(t, "%s: a difference at %s is not named: %s", fact, where,
                      (const char *)complaints.data);
        restore(t, m);
        buffer_free(&complaints);
        free(where);
        planted++;
    }
    matches_free(&matches);
    return planted;
}

/* Copies the files of the table into the test's folder. */
static void copy(struct test *t, const char *files) {
    if (*files != '/')
        test_run(t, 0, "sh", "-c", xprintf("cp --parents %s '%s'", files, t->dir), NULL);
}

TEST_WITHIN(120, facts_that_differ_are_named_with_file_and_line) {
    size_t planted = 0;
    for (const struct place *p = PLACES; p->fact; p++)
        copy(t, p->file);
    for (const struct listing *l = LISTINGS; l->list; l++)
        copy(t, l->file);
    for (const struct place *p = PLACES; p->fact; p++)
        if (p->unit != COUNT)
            planted += plant(t, p->fact, facts_find(t->dir, p->file, NULL, p->line));
    for (const struct listing *l = LISTINGS; l->list; l++)
        if (l->extent != ALIKE)
            planted += plant(t, l->list, facts_find(t->dir, l->file, l->only, l->entry));
    if (planted < 200)
        test_fail(t, "only %zu differences were planted", planted);
}

/* A call that the contract has and others have not leads whoever adds it to all the others. */
TEST(facts_a_new_call_is_missed_in_kernel_model_and_guests) {
    struct buffer complaints = {0};
    for (const struct listing *l = LISTINGS; l->list; l++)
        copy(t, l->file);
    test_run(
        t, 0, "sh", "-c",
        xprintf("sed -i '/^| 183 | getcwd/a | 162 | nanosleep(a, b) | |' '%s/CONTRACT.md'", t->dir),
        NULL);
    facts_check(t->dir, "call", &complaints);
    buffer_append(&complaints, "", 1);
    static const char *const WHERE[] = {"hex0/kernel.hex0", "refmodel/strace/*.h",
                                        "verify/guest/rt.h"};
    for (size_t i = 0; i < sizeof WHERE / sizeof WHERE[0]; i++)
        if (!strstr((const char *)complaints.data,
                    xprintf("%s: no call `nanosleep`, which is at CONTRACT.md:", WHERE[i])))
            test_fail(t, "nothing about %s: %s", WHERE[i], (const char *)complaints.data);
}

static const char *const BOOT_SECTORS[] = {"hex0/boot.hex0", "stage1/stage1.hex0",
                                           "hex0/mini.hex0"};

/* Changes the last character that is not blank of line `number` (from 1). */
static void change_line(struct test *t, const char *file, unsigned number) {
    struct buffer content = test_read(t, file);
    size_t at = 0;
    for (unsigned n = 1; n < number; n++)
        at += strcspn((char *)content.data + at, "\n") + 1;
    size_t end = at + strcspn((char *)content.data + at, "\n");
    content.data[end - 1] = content.data[end - 1] == 'x' ? 'y' : 'x';
    test_write(t, test_path(t, file), content.data, content.len);
    buffer_free(&content);
}

/* Every line of a shared part that has an instruction or prose, changed in one file alone. */
static size_t plant_in(struct test *t, const char *file) {
    struct buffer content = test_read(t, file);
    size_t planted = 0, parts;
    unsigned number = 1;
    bool shared = false;
    buffer_append(&content, "", 1);
    for (const char *at = (char *)content.data; *at; number++) {
        size_t n = strcspn(at, "\n");
        bool label = n > 6 && at[n - 6] == '#' && at[n - 5] == ' '; /* an address is no text */
        bool edge = strncmp(at, "# Shared by ", 12) == 0 || strncmp(at, "# End of ", 9) == 0;
        if (edge)
            shared = at[2] == 'S';
        if (shared && !edge && !label && n > 0 && at[n - 1] != ';' && n > 20) {
            struct buffer complaints = {0};
            change_line(t, file, number);
            size_t count = facts_shared(t->dir, &complaints, &parts);
            buffer_append(&complaints, "", 1);
            char *where = xprintf("%s:%u", file, number);
            if (count == 0 || !strstr((const char *)complaints.data, where))
                test_fail(t, "a line changed at %s is not named: %s", where,
                          (const char *)complaints.data);
            free(where);
            buffer_free(&complaints);
            planted++;
        }
        at += n + (at[n] == '\n');
    }
    test_write(t, test_path(t, file), content.data, content.len - 1);
    buffer_free(&content);
    return planted;
}

TEST(facts_boot_sectors_that_drift_apart_are_named) {
    struct buffer complaints = {0};
    size_t parts, planted = 0;
    for (size_t i = 0; i < 3; i++)
        copy(t, BOOT_SECTORS[i]);
    if (facts_shared(t->dir, &complaints, &parts) != 0 || parts < 20)
        test_fail(t, "%zu pairs of parts: %.*s", parts, (int)complaints.len,
                  (const char *)complaints.data);
    for (size_t i = 0; i < 3; i++)
        planted += plant_in(t, BOOT_SECTORS[i]);
    if (planted < 250)
        test_fail(t, "only %zu differences were planted", planted);
}
