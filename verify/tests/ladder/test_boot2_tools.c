/* boot2's small tools against those of coreutils and diffutils. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "verify/tests/ladder/ladder.h"

/* Each command is run in a folder with the files of `prepare`, by our tools and by Debian's. */
static const char *const COMMANDS[] = {
    "cp a new",
    "cp a b",
    "cp a dir",
    "cp a dir/",
    "cp a b dir",
    "cp a dir/c new",
    "cp -t dir a b",
    "cp -T a dir/new",
    "cp -v a new",
    "cp -v a b dir",
    "cp -f a b",
    "cp --force a b",
    "cp --target-directory=dir a",
    "cp -vt dir a b",
    "cp -- -odd new",
    "cp none new",
    "cp none a dir",
    "cp a none/new",
    "cp a a",
    "cp a ./dir/../a",
    "cp a $PWD/a",
    "cp dir new",
    "cp a",
    "cp",
    "cp a b none",
    "cp a b c",
    "cp -q a b",
    "cp --what a b",
    "cp -T a b c",
    "cp dir/c .",
    "cp big new",
    "cp empty new",
    "cp a/ new",
    "cp ../x/dir/c new",
    "cmp a a",
    "cmp a b",
    "cmp a part",
    "cmp part a",
    "cmp a empty",
    "cmp empty a",
    "cmp empty empty",
    "cmp -s a b",
    "cmp -s a part",
    "cmp --silent a a",
    "cmp -l a b",
    "cmp -l a part",
    "cmp -l big big2",
    "cmp big big2",
    "cmp -n 3 a b",
    "cmp -n 0 a b",
    "cmp -n 100 a b",
    "cmp -i 1 a b",
    "cmp -i 1:2 a b",
    "cmp a b 1",
    "cmp a b 1 2",
    "cmp --bytes=2 a b",
    "cmp -i 100 a b",
    "cmp -ln 5 a b",
    "cmp a none",
    "cmp none a",
    "cmp -s none a",
    "cmp a -",
    "cmp a",
    "cmp -x a b",
    "cmp -ls a b",
    "cmp line line2",
    "cmp line a",
    "cmp big part",
    "cmp -l -n 70000 big big2",
    "cmp -i 65536 big big2",
    "mkdir new",
    "mkdir new1 new2",
    "mkdir dir",
    "mkdir a",
    "mkdir none/new",
    "mkdir -p none/new",
    "mkdir -p dir/x//y/z/",
    "mkdir -p dir",
    "mkdir -p a",
    "mkdir -p a/b",
    "mkdir -pv m/n/o dir/p",
    "mkdir -v new",
    "mkdir",
    "mkdir -p",
    "mkdir -m 700 new",
    "mkdir --parents $PWD/q/r",
    "mkdir -m 700 -p n/o",
    "mkdir -m 777 new",
    "mkdir -- -n",
    "mkdir --mode=711 new",
    "mkdir -z new",
    "rm a",
    "rm a b",
    "rm none",
    "rm -f none",
    "rm -f none a",
    "rm none a",
    "rm -v a b",
    "rm dir",
    "rm -f",
    "rm",
    "rm a/b",
    "rm -f a/b",
    "rm --force --verbose a",
    "rm -- -odd",
    "rm -q a",
    "rm ''",
    "chmod 755 a",
    "chmod u+x a b",

    "chmod none",
    "chmod",
    "chmod 755 none",
    "chmod 755 none a",
    "chmod -f 755 none",
    "chmod -R 755 dir",
    "sha256sum a",
    "sha256sum a b big empty",
    "sha256sum none a",
    "sha256sum -b a",
    "sha256sum -t a",
    "sha256sum --binary a",
    "sha256sum dir",
    "sha256sum < a",
    "sha256sum - < a",
    "sha256sum 55 56 63 64 65",
    "sha256sum 'a\\b' 'n\nl' c*",
    "sha256sum -c sums",
    "sha256sum -c --quiet sums",
    "sha256sum -c none",
    "sha256sum -c --status sums",
    "sha256sum -c bad-sums",
    "sha256sum -c --strict bad-sums",
    "sha256sum -c a",
    "sha256sum -c good-sums",
    "sha256sum -c good-sums sums",
    "sha256sum -c < good-sums",
    "sha256sum -c - < good-sums",
    "sha256sum --check good-sums",

    "sha256sum -c empty",
};

/* The files, in an empty folder x; umask 022. */
static const char PREPARE[] =
    "rm -rf x && mkdir x && cd x && umask 022 && mkdir dir && printf 'abc\\ndef' >a && "
    "printf 'abc\\ndeg' >b && printf 'abc\\nd' >part && printf 'abc\\n' >line && "
    "printf 'abc\\nx' >line2 && : >empty && printf c >dir/c && printf odd >./-odd && "
    "yes 0123456789 | head -c 200001 >big && { head -c 66000 big; yes 012345678x; } | "
    "head -c 200001 >big2 && for n in 55 56 63 64 65; do head -c $n big >$n; done && "
    "chmod 755 -- * dir/c && printf 1 >'a\\b' && printf 2 >'n\nl' && printf 3 >'c\rr' && "
    "/usr/bin/sha256sum a b part >good-sums && { cat good-sums; "
    "/usr/bin/sha256sum big 'a\\b' | sed 's/0/1/'; echo 0000 none; } >bad-sums && "
    "{ cat good-sums; /usr/bin/sha256sum -b line 'n\nl' 'c\rr'; "
    "/usr/bin/sha256sum big | sed s/big/none/; /usr/bin/sha256sum line2 | tr 0-8 1-9; } >sums";

/* What is in the folder afterwards: names, modes, contents. */
static const char RESULT[] = "find . -printf '%p %y %m\\n' | sort; find . -type f -print0 | sort "
                             "-z | xargs -0 /usr/bin/sha256sum";

/* Runs the command with the tools of `path`: stdout, the first line of stderr, status, files. */
static struct buffer run_with(struct test *t, const char *path, const char *command) {
    char *script =
        xprintf("{ %s; } || exit 9; (PATH=%s; export PATH LC_ALL=C; set +e; exec </dev/null; "
                "%s >../out 2>../err; echo status $? >../status); "
                "cat ../out ../status; head -n 1 ../err; %s",
                PREPARE, path, command, RESULT);
    return test_run(t, 0, "sh", "-c", script, NULL);
}

TEST_WITHIN(180, small_tools_do_what_coreutils_do) {
    boot2_build_tools(t);
    char *ours = xprintf("%s:/nowhere", t->dir);
    struct buffer differ = {0};
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        struct buffer got, want;
        if (chdir(t->dir) != 0)
            test_fail(t, "cannot change to %s", t->dir);
        got = run_with(t, ours, COMMANDS[i]);
        want = run_with(t, "/usr/bin:/bin", COMMANDS[i]);
        if (strcmp((const char *)got.data, (const char *)want.data) != 0) {
            buffer_printf(&differ, "%s; ", COMMANDS[i]);
            test_write(t, test_path(t, "got"), got.data, got.len);
            test_write(t, test_path(t, "want"), want.data, want.len);
        }
        buffer_free(&got);
        buffer_free(&want);
    }
    if (differ.len > 0) {
        struct buffer got = test_read(t, test_path(t, "got"));
        buffer_append(&got, "", 1);
        struct buffer want = test_read(t, test_path(t, "want"));
        buffer_append(&want, "", 1);
        expect_text(t, (const char *)differ.data, (const char *)got.data, (const char *)want.data);
    }
}

TEST(catm_joins_files_and_says_where_lines_come_from) {
    boot2_build_tools(t);
    char *script =
        xprintf("cd %s && printf 'a\\nb' >1 && printf 'c\\n' >2 && : >3 && ./catm out 1 2 3 && "
                "cat out && echo -- && ./catm --lines out 1 3 2 && cat out; ./catm out none; "
                "./catm none/out 1; ./catm; ./catm /dev/full 1",
                t->dir);
    struct buffer said = test_run(t, 1, "sh", "-c", script, NULL);
    expect_text(t, "catm", (const char *)said.data,
                "a\nbc\n--\n#%line 1 1\na\nb\n#%line 1 3\n#%line 1 2\nc\n"
                "catm: cannot read 'none': No such file or directory\n"
                "catm: cannot write 'none/out': No such file or directory\n"
                "usage: catm [--lines] OUT IN...\n"
                "catm: cannot write '/dev/full': No space left on device\n");
}

/* Every size around that of a block, of two blocks, and of the buffer. */
TEST(sha256sum_takes_every_size) {
    boot2_build_tools(t);
    char *script =
        xprintf("cd %s && yes 'The quick brown fox' | head -c 140000 >all && "
                "for n in $(seq 0 130) 65535 65536 65537 131071 131072 131073; do "
                "head -c $n all >f$n; done && sha256sum f* >want && ./sha256sum f* >got && "
                "cmp got want",
                t->dir);
    test_run(t, 0, "sh", "-c", script, NULL);
}

TEST(small_tools_notice_a_full_disk) {
    boot2_build_tools(t);
    char *script =
        xprintf("cd %s && ./sha256sum catm >/dev/full; echo $?; ./cp catm /dev/full; "
                "echo $?; ./mkdir -v new >/dev/full; echo $?; ./cmp catm cp >/dev/full; echo $?",
                t->dir);
    struct buffer said = test_run(t, 0, "sh", "-c", script, NULL);
    expect_text(t, "a full disk", (const char *)said.data,
                "sha256sum: write error: 'standard output': No space left on device\n1\n"
                "cp: error writing '/dev/full': No space left on device\n1\n"
                "mkdir: write error: 'standard output': No space left on device\n1\n"
                "cmp: write error: 'standard output': No space left on device\n2\n");
}

/* The worked example of buildscripts/README.md, as it says to try it, against tr. */
TEST(the_worked_example_does_what_it_says) {
    char *script = xprintf(
        "export LC_ALL=C; B=buildscripts; I=$B/boot1/i386.pp; T=%s; "
        "build/pp-host $T/tool.link $I $B/boot2/system.pp $B/boot2/tool.pp && "
        "build/pp-host $T/upper.link $I $B/boot2/system.pp $B/example/upper.pp && "
        "build/link-host --symbols $T/upper $T/upper.link $T/tool.link && chmod +x $T/upper && "
        "$T/upper README.md $T/got && tr a-z A-Z <README.md >$T/want && cmp $T/got $T/want",
        t->dir);
    test_run(t, 0, "sh", "-c", script, NULL);
}
