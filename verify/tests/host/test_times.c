/* seedbed build --times: the console's lines with their times. */
#include <string.h>

#include "images/machine/engine.h"
#include "verify/harness/boot.h"

TEST_ON(QUICK_ENGINES, build_writes_the_lines_of_the_log_behind_their_times) {
    static const char build[] = "@file /a a\nhex0 /a /b\n@dir /dev\nhex0 /a /dev/hda\n";
    test_write(t, test_path(t, "a"), "41 42", 5);
    test_write(t, test_path(t, "a.build"), build, sizeof build - 1);
    const char *log = test_path(t, "log"), *times = test_path(t, "times");
    struct buffer said =
        test_run(t, 0, "build/seedbed", "build", "--engine", t->engine->name, "--quiet", "--log",
                 log, "--times", times, "-o", test_path(t, "out"), test_path(t, "a.build"), NULL);
    struct buffer lines = test_read(t, times), want = test_read(t, log), got = {0};
    double last = 0;
    unsigned long long most = 0;
    buffer_append(&lines, "", 1);
    for (char *line = (char *)lines.data; *line;) {
        double seconds;
        unsigned long long count;
        int n = 0;
        if (sscanf(line, "%lf\t%llu%n", &seconds, &count, &n) != 2 || line[n] != '\t')
            test_fail(t, "no times before the line %s", line);
        if (seconds < last || count < most)
            test_fail(t, "the time goes back at the line %s", line);
        last = seconds;
        most = count;
        size_t length = strcspn(line + n + 1, "\n") + 1;
        buffer_append(&got, line + n + 1, length);
        line += n + 1 + length;
    }
    expect_same(t, "the lines", got.data, got.len, want.data, want.len);
    bool counts = strcmp(t->engine->name, "pc") == 0;
    if (counts != (most > 0))
        test_fail(t, "%llu instructions on %s", most, t->engine->name);
    buffer_free(&said);
    buffer_free(&got);
    buffer_free(&want);
    buffer_free(&lines);
}
