/* Tests of the report, in a folder that holds only what they put there. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/harness/harness.h"

/* Runs a shell command in the test's folder, with the project's as $TOP; returns what it says. */
static char *in_folder(struct test *t, const char *command) {
    char top[4096];
    if (!getcwd(top, sizeof top))
        test_fail(t, "no current directory");
    setenv("TOP", top, 1);
    char *line = xprintf("cd '%s' && %s", t->dir, command);
    struct buffer out = test_run(t, 0, "sh", "-c", line, NULL);
    free(line);
    return (char *)out.data;
}

/* A folder in which the programs are built, and nothing was run. */
static void lay_out(struct test *t) {
    in_folder(t,
              "mkdir build && cp $TOP/build/seeds/*.bin build/ && ln -s $TOP/hex0 $TOP/stage1 .");
}

/* Writes the report and returns the page. */
static char *report(struct test *t) {
    in_folder(t, "$TOP/build/reporter page.html");
    struct buffer page = test_read(t, test_path(t, "page.html"));
    buffer_append(&page, "", 1);
    return (char *)page.data;
}

static void expect_in(struct test *t, const char *page, const char *text) {
    if (!strstr(page, text))
        test_fail(t, "the page does not hold `%s`", text);
}

TEST(report_is_one_page_without_a_network) {
    static const char *const OUTSIDE[] = {"http:", "https:", "src=", "<link", "@import", "url("};
    lay_out(t);
    const char *page = report(t);
    for (size_t i = 0; i < sizeof OUTSIDE / sizeof OUTSIDE[0]; i++)
        if (strstr(page, OUTSIDE[i]))
            test_fail(t, "the page holds `%s`", OUTSIDE[i]);
    expect_in(t, page, "</html>");
}

TEST(report_says_what_was_not_run) {
    static const char *const TARGETS[] = {"audit", "routes", "matrix", "fuzz",
                                          "bench", "loop",   "ddc"};
    lay_out(t);
    const char *page = report(t);
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++)
        expect_in(t, page, xprintf("not run (<code>make %s", TARGETS[i]));
}

TEST(report_shows_what_failed) {
    static const char ROUTES[] = "a\tby <a>\tabc\t0.10\tsame\nb\tby b\tdef\t0.20\tDIFFERENT\n";
    static const char CELLS[] = "q35\tnvme\t1G\tmax\tself\t0.20\tFAILED: another artifact\n";
    lay_out(t);
    in_folder(t, "mkdir build/routes build/matrix");
    test_write(t, test_path(t, "build/routes/routes.tsv"), ROUTES, strlen(ROUTES));
    test_write(t, test_path(t, "build/matrix/results.tsv"), CELLS, strlen(CELLS));
    const char *page = report(t);
    expect_in(t, page, "<td>by &lt;a&gt;");
    expect_in(t, page, "class=\"ok\">same");
    expect_in(t, page, "class=\"bad\">DIFFERENT");
    expect_in(t, page, "<i class=\"bad\" title=\"max, self: FAILED: another artifact\">");
}

/* The loop: its picture has what was made on the arrows, and a product that differs is a
 * difference. */
TEST(report_shows_the_loop) {
    static const char TABLE[] = "product bytes sha256 native pc\nout/tcc3 3 abc same OTHER\n";
    static const char TIMES[] = "stage native,s pc,s M-instr\nboot0 0.1 2.0 9\n";
    lay_out(t);
    in_folder(t, "mkdir -p build/loop/made/out && printf abc >build/loop/made/out/tcc3");
    test_write(t, test_path(t, "build/loop/summary.txt"), TABLE, strlen(TABLE));
    test_write(t, test_path(t, "build/loop/times.txt"), TIMES, strlen(TIMES));
    const char *page = report(t);
    expect_in(t, page, "ba7816bf8f01cfea414140de5dae2223...");
    expect_in(t, page, "1 products of the loop differ between machines");
    expect_in(t, page, "M-instr");
}

/* At the top stands what it all comes to, and from what it was made. */
TEST(report_begins_with_a_verdict) {
    lay_out(t);
    const char *page = report(t);
    expect_in(t, page, "<span class=\"off\">What was run is all the same; not all was run</span>");
    expect_in(t, page, "not run (.ci/run)");
    expect_in(t, page, "0 of ");
    expect_in(t, page, "<tr><th>commit<td><code>");
    static const char ROUTES[] = "a\tby a\tabc\t0.10\tsame\nb\tby b\tdef\t0.20\tDIFFERENT\n";
    in_folder(t, "mkdir build/routes; echo '3 passed, 2 failed' >build/test.log");
    test_write(t, test_path(t, "build/routes/routes.tsv"), ROUTES, strlen(ROUTES));
    page = report(t);
    expect_in(t, page, "<span class=\"bad\">There are differences</span>");
    expect_in(t, page, "2 tests failed");
    expect_in(t, page, "1 routes lead elsewhere");
    for (const char *at = page; (at = strstr(at, "href=\"#")); at++) {
        char *id = xprintf("id=\"%.*s\"", (int)strcspn(at + 7, "\""), at + 7);
        expect_in(t, page, id);
        free(id);
    }
}

TEST(report_adds_up_the_runs_of_the_fuzzer) {
    static const char RUNS[] = "5\tscripts\n0\tdifferences\n7\tscripts\n1\tdifferences\n";
    lay_out(t);
    test_write(t, test_path(t, "build/fuzz.txt"), RUNS, strlen(RUNS));
    const char *page = report(t);
    expect_in(t, page, "<td>12<td>scripts");
    expect_in(t, page, "<td>1<td>differences");
    if (strstr(page, "run before"))
        test_fail(t, "what is new is called old");
}

TEST(report_says_what_is_older_than_the_kernel) {
    lay_out(t);
    in_folder(t, "echo '5\tscripts' >build/fuzz.txt && touch -d 2001-01-01 build/fuzz.txt");
    expect_in(t, report(t), "run before <code>hex0/kernel.hex0</code> was changed");
}

TEST(report_provenance_names_the_bytes) {
    test_needs(t, "jq", NULL);
    lay_out(t);
    in_folder(t, "sh $TOP/verify/report/provenance.sh >provenance.json");
    in_folder(t, "jq -e -f $TOP/verify/tests/checks/provenance-required.jq provenance.json");
    const char *outputs =
        in_folder(t, "jq -r '.subject[] | .digest.sha256 + \"  build/\" + .name' provenance.json |"
                     " sha256sum -c --status && jq '.subject | length' provenance.json");
    expect_text(t, "subjects", outputs, "3\n");
    const char *inputs = in_folder(
        t, "jq -r '.predicate.buildDefinition.resolvedDependencies[] | select(.digest.sha256) |"
           " .digest.sha256 + \"  \" + .name' provenance.json | sha256sum -c | wc -l");
    if (strtoul(inputs, NULL, 10) < 4)
        test_fail(t, "only %s inputs are named", inputs);
}

/* It is signed and checked with openssl; a changed source or statement is found, and so is a tree
   that is not as it was committed. */
TEST(report_provenance_is_signed_and_checked) {
    test_needs(t, "jq", NULL);
    test_needs(t, "openssl", "openssl");
    test_needs(t, "git", "git");
    in_folder(t, "mkdir build hex0 && cp $TOP/build/seeds/*.bin build/ && echo 00 >hex0/a.hex0 && "
                 "echo build >.gitignore && git init -q . && git add . && "
                 "git -c user.name=a -c user.email=a@b commit -qm a");
    const char *const make = "sh $TOP/verify/report/provenance.sh >build/p.json";
    in_folder(t, make);
    in_folder(t,
              "jq -e '.predicate.buildDefinition.internalParameters.changed == []' build/p.json");
    in_folder(
        t, "openssl genpkey -algorithm ed25519 -out build/key 2>&1 && "
           "openssl pkey -in build/key -pubout -out build/public && "
           "openssl pkeyutl -sign -inkey build/key -rawin -in build/p.json -out build/p.json.sig");
    in_folder(t, "sh $TOP/verify/report/verify.sh build/p.json build/public");
    in_folder(t,
              "echo 01 >hex0/a.hex0; ! sh $TOP/verify/report/verify.sh build/p.json build/public");
    in_folder(t, make);
    in_folder(
        t,
        "jq -e '.predicate.buildDefinition.internalParameters.changed | length == 1' build/p.json");
    in_folder(
        t, "sh $TOP/verify/report/verify.sh build/p.json | grep '1 files were not as committed'");
    in_folder(t, "! sh $TOP/verify/report/verify.sh build/p.json build/public");
}

/* Part of the light that a channel of sRGB gives, 0 to 1 (WCAG 2.1, relative luminance). */
static double channel(unsigned value) {
    double c = value / 255.0;
    if (c <= 0.03928)
        return c / 12.92;
    double x = (c + 0.055) / 1.055;
    double root =
        1; /* the fifth root of x squared, by Newton: x ^ 2.4 = x ^ 2 * (x ^ 2) ^ (1 / 5) */
    for (int i = 0; i < 60; i++)
        root -= (root * root * root * root * root - x * x) / (5 * root * root * root * root);
    return x * x * root;
}

/* The luminance of the color that the n-th setting of a variable of the style gives, from 0 on. */
static double luminance(struct test *t, const char *style, const char *name, int n) {
    char *setting = xprintf("    --%s: #", name);
    const char *at = style - 1;
    for (int i = 0; i <= n; i++)
        if (!(at = strstr(at + 1, setting)))
            test_fail(t, "the style does not set --%s", name);
    at += strlen(setting);
    unsigned rgb = (unsigned)strtoul(at, NULL, 16);
    if (strspn(at, "0123456789abcdef") == 3) /* #abc is #aabbcc */
        rgb = (rgb >> 8) * 0x110000 + (rgb >> 4 & 15) * 0x1100 + (rgb & 15) * 0x11;
    free(setting);
    return 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8 & 255) +
           0.0722 * channel(rgb & 255);
}

TEST(report_has_a_contrast_of_4_5_in_light_and_dark) {
    static const char *const TEXTS[] = {"fg", "ok", "bad", "off", "accent"};
    static const char *const GROUNDS[] = {"bg", "soft"};
    struct buffer style = test_read(t, "verify/report/style.css");
    buffer_append(&style, "", 1);
    for (int theme = 0; theme < 2; theme++)
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < 2; j++) {
                double text = luminance(t, (char *)style.data, TEXTS[i], theme);
                double ground = luminance(t, (char *)style.data, GROUNDS[j], theme);
                double ratio = (text > ground ? text + 0.05 : ground + 0.05) /
                               (text > ground ? ground + 0.05 : text + 0.05);
                if (ratio < 4.5)
                    test_fail(t, "theme %d: %s on %s: a contrast of %.2f", theme, TEXTS[i],
                              GROUNDS[j], ratio);
            }
    buffer_free(&style);
}

/* The bars of the memory chart are as long as the areas are large. */
TEST(report_draws_memory_to_scale) {
    lay_out(t);
    char *page = report(t);
    expect_in(t, page, "All memory, of a machine with 512 MiB");
    expect_in(t, page, "0x08000000, 384 MiB");
    double sum = 0, programs = 0;
    const char *end = strstr(page, "Its first mebibyte");
    for (const char *at = page; (at = strstr(at, "class=\"band")) && at < end; at++) {
        double tall = strtod(strstr(at, "height=\"") + 8, NULL);
        programs = programs == 0 ? tall : programs;
        sum += tall;
    }
    if (programs / sum < 0.749 || programs / sum > 0.751)
        test_fail(t, "384 of 512 MiB are %.3f of the bar", programs / sum);
}
