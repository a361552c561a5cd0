/* build/reporter: fills the templates of verify/report from what is under build/. */
#include "verify/report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images/lib/home.h"
#include "verify/report/template.h"

static void add_artifacts(struct node *page) {
    static const char *const ARTIFACTS[][2] = {
        {"mini.bin", "the smallest builder, one boot sector"},
        {"stage1.bin", "the boot sector that compiles the kernel"},
        {"seedbed.bin", "boot sector and kernel"},
    };
    for (size_t i = 0; i < sizeof ARTIFACTS / sizeof ARTIFACTS[0]; i++) {
        struct node *n = node_add(page, "artifact");
        char *path = xprintf("build/%s", ARTIFACTS[i][0]);
        struct digest d = digest_of(path);
        node_put(n, "file", "%s", ARTIFACTS[i][0]);
        node_put(n, "what", "%s", ARTIFACTS[i][1]);
        node_put(n, "bytes", "%zu", d.size);
        node_put(n, "hash", "%s", d.hash[0] ? d.hash : "not built");
        free(path);
    }
}

/* The versions of the tools, one a line: name, tab, version. */
static void add_tools(struct node *page, const char *script) {
    struct buffer content = {0};
    char *command = xprintf("sh '%s'", script);
    FILE *lines = popen(command, "r");
    char line[512];
    while (lines && fgets(line, sizeof line, lines)) {
        char *rest = line;
        struct node *n = node_add(page, "tool");
        line[strcspn(line, "\n")] = '\0';
        node_put(n, "name", "%s", next_field(&rest, '\t'));
        node_put(n, "version", "%s", *rest ? rest : "not here");
    }
    if (lines)
        pclose(lines);
    buffer_free(&content);
    free(command);
}

/* When, where and from what. */
static void add_circumstances(struct node *page) {
    static const char *const FACTS[][2] = {
        {"date", "date -u '+%Y-%m-%d %H:%M UTC'"},
        {"host", "echo \"$(uname -srm), $(nproc) processors\""},
        {"source", "git rev-parse HEAD 2>/dev/null"},
        {"changed", "git status --porcelain 2>/dev/null | wc -l"},
    };
    for (size_t i = 0; i < sizeof FACTS / sizeof FACTS[0]; i++) {
        char *text = first_line_of(FACTS[i][1]);
        if (strcmp(FACTS[i][0], "changed") != 0)
            node_put(page, FACTS[i][0], "%s", *text ? text : "unknown");
        else if (strtoul(text, NULL, 10) == 0)
            node_put(page, "tree", "as it was committed");
        else
            node_put(page, "tree", "CHANGED since: %s files", text);
        free(text);
    }
}

int main(int argc, char **argv) {
    struct problem p;
    struct buffer out = {0};
    struct node page = {.name = "page"};
    char *folder = home_path("verify/report");
    char *tools = home_path("verify/report/tools.sh");
    add_circumstances(&page);
    add_artifacts(&page);
    add_chain(&page);
    add_memory(&page);
    add_loop(&page);
    add_routes(&page);
    add_audit(&page);
    add_machines(&page);
    add_fuzz(&page);
    add_bench(&page);
    add_tools(&page, tools);
    add_verdict(&page);
    int status = template_fill(folder, "page.html", &page, &out, &p);
    if (status == 0)
        status = write_file(argc > 1 ? argv[1] : "build/report.html", out.data, out.len, &p);
    node_free(&page);
    buffer_free(&out);
    free(tools);
    free(folder);
    return status == 0 ? 0 : problem_report(&p);
}
