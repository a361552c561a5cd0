/* A run that is killed at any moment, and gone on with, ends with the same disk. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "images/lib/process.h"
#include "verify/harness/boot.h"

enum { BIG = 300000, TEXT = 400000, MOST_KILLS = 400 };

/* A build that writes to the disk in between, and reads on behind what it has written. */
static struct buffer make_disk(struct test *t) {
    struct buffer disk = full_system(t), text = {0};
    uint8_t *content = random_bytes(23, BIG);
    buffer_printf(&disk, "src 0 /dev\n");
    add_src(&disk, "/dev/hda", content, BIG);
    add_filler(&disk, BIG);
    buffer_printf(&disk, "f\n");
    for (size_t i = 0; i < TEXT / 3; i++)
        buffer_printf(&text, "%02X ", content[i]);
    add_src(&disk, "/text", text.data, text.len);
    for (int n = 0; n < 26; n++)
        buffer_printf(&disk, "hex0 /text /out%d\nf\n", n);
    buffer_printf(&disk, "hex0 /text /dev/hda\n");
    end_disk(&disk);
    free(content);
    buffer_free(&text);
    return disk;
}

/* On a machine with a hole where contents of files are. */
static int run_for(struct test *t, const char *image, const char *option, double seconds) {
    static const char MAP[] = "0 0x9e000 1\n0x100000 0x1400000 1\n0x1600000 0xe000000 1\n";
    struct problem p;
    char *map = test_path(t, "map");
    char *argv[] = {"build/seedbed", "run",    "--quiet",      "--engine",    "pc", "--mem", map,
                    "--every",       "0.0002", (char *)option, (char *)image, NULL};
    test_write(t, map, MAP, strlen(MAP));
    int nothing = open("/dev/null", O_WRONLY);
    const struct redirect quiet[] = {{nothing, 1}, {nothing, 2}, {-1, -1}};
    pid_t pid = process_start(argv, quiet, &p);
    if (pid < 0)
        test_fail(t, "%s", p.text);
    close(nothing);
    if (seconds > 0) {
        nanosleep(&(struct timespec){.tv_nsec = (long)(seconds * 1e9)}, NULL);
        process_kill(pid);
        return -1;
    }
    return process_wait(pid);
}

TEST(checkpoint_a_run_that_is_killed_again_and_again_ends_with_the_same_disk) {
    struct buffer disk = make_disk(t);
    char *whole = test_path(t, "whole"), *cut = test_path(t, "cut"), *saved = test_path(t, "saved");
    char *first = xprintf("--checkpoint=%s", saved), *again = xprintf("--resume=%s", saved);
    uint32_t state = 5;
    unsigned kills = 0, resumed = 0;
    test_write(t, whole, disk.data, disk.len);
    test_write(t, cut, disk.data, disk.len);
    if (run_for(t, whole, "--plain", 0) != 0)
        test_fail(t, "the run that nobody cuts fails");
    while (access(saved, F_OK) < 0 && kills++ < MOST_KILLS)
        run_for(t, cut, first, 0.005 + test_random(&state) % 30 / 1000.0);
    while (access(saved, F_OK) == 0 && kills++ < MOST_KILLS) {
        run_for(t, cut, again, 0.01 + test_random(&state) % 40 / 1000.0);
        resumed++;
        if (resumed >= 12 && access(saved, F_OK) == 0 && run_for(t, cut, again, 0) != 0)
            test_fail(t, "the resumed run fails");
    }
    struct buffer a = test_read(t, whole), b = test_read(t, cut);
    expect_same(t, "the disk of the run that was cut", b.data, b.len, a.data, a.len);
    if (resumed < 2)
        test_fail(t, "it was gone on with only %u times", resumed);
}

TEST(checkpoint_of_another_machine_is_refused) {
    struct buffer disk = make_disk(t);
    char *image = test_path(t, "image"), *saved = test_path(t, "saved");
    test_write(t, image, disk.data, disk.len);
    test_write(t, saved, "SEEDBED CHECKPOINT 1\n0123456701234567", 37);
    struct buffer said = test_run(t, 3, "build/seedbed", "run", "--quiet", "--engine", "pc",
                                  "--resume", saved, image, NULL);
    buffer_append(&said, "", 1);
    if (!strstr((char *)said.data, "no checkpoint of a machine with this memory and disk"))
        test_fail(t, "it says: %s", (char *)said.data);
}

/* What is no plain file stays what it is: a checkpoint goes away when the run ends. */
TEST(checkpoint_is_a_plain_file) {
    struct buffer disk = make_disk(t);
    char *image = test_path(t, "image"), *pipe = test_path(t, "pipe");
    test_write(t, image, disk.data, disk.len);
    if (mkfifo(pipe, 0666) != 0)
        test_fail(t, "no fifo");
    const char *const places[] = {pipe, t->dir};
    for (size_t i = 0; i < 2; i++) {
        struct buffer said = test_run(t, 3, "build/seedbed", "run", "--engine", "pc",
                                      xprintf("--checkpoint=%s", places[i]), image, NULL);
        buffer_append(&said, "", 1);
        struct stat st;
        if (!strstr((const char *)said.data, "a checkpoint has to be a plain file") ||
            stat(places[i], &st) != 0 || S_ISREG(st.st_mode))
            test_fail(t, "%s: %s", places[i], (const char *)said.data);
    }
}
