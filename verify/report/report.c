/* build/reporter: writes build/report.html and build/provenance.json from what is under build/. */
#include "verify/report/report.h"

#include <stdlib.h>
#include <string.h>

static const char STYLE[] =
    ":root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--line:#ccd3da;--soft:#f2f5f8;"
    "--ok:#2e9e5b;--bad:#d43b3b;--off:#aab2bb;--accent:#2b6cb0}\n"
    "@media(prefers-color-scheme:dark){:root{--fg:#e4e8ec;--bg:#14181c;--line:#3a434c;"
    "--soft:#20262c;--ok:#3fb86f;--bad:#ef5b5b;--off:#5d6771;--accent:#6aaee8}}\n"
    "*{box-sizing:border-box}body{margin:0 auto;padding:1rem;max-width:72rem;background:var(--bg);"
    "color:var(--fg);font:16px/1.5 system-ui,sans-serif}h1{margin:.2em 0}h2{margin:2em 0 .4em;"
    "border-bottom:1px solid var(--line)}table{border-collapse:collapse;width:100%;"
    "font-size:.85rem}th,td{text-align:left;padding:.25em .5em;border-bottom:1px solid var(--line);"
    "vertical-align:top}td code{overflow-wrap:anywhere}.wide{overflow-x:auto}"
    "td.ok{color:var(--ok);font-weight:600}td.bad{color:var(--bad);font-weight:600}"
    "td.off,.none{color:var(--off)}pre{overflow-x:auto;background:var(--soft);padding:.6em}"
    ".two{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1rem 3rem}"
    ".two h2{margin-top:1em}svg{width:100%;max-width:30rem;display:block}\n"
    "svg text{fill:var(--fg);font:12px system-ui,sans-serif;text-anchor:middle}"
    "svg .strong{font-weight:600;font-size:14px}svg .left{text-anchor:start}"
    "svg .right{text-anchor:end}svg .hash{font:11px ui-monospace,monospace;fill:var(--accent)}"
    ".box{fill:var(--soft);stroke:var(--line)}.arrow{stroke:var(--accent);fill:none;stroke-width:2}"
    ".band{stroke:var(--line);fill:var(--bg)}.c1{fill:#4a90d933}.c2{fill:#3fb86f33}"
    ".c3{fill:#e0a03033}.c4{fill:#88888844}.c5{fill:#d43b3b33}\n"
    "i{display:inline-block;width:.55rem;height:.55rem;margin:1px;border:1px solid var(--off);"
    "vertical-align:middle}i.ok{background:var(--ok);border-color:var(--ok)}"
    "i.bad{background:var(--bad);border-color:var(--bad)}i.off{background:var(--off)}"
    ".grid span{display:block;white-space:nowrap;line-height:.7rem}.grid td{vertical-align:middle}"
    ".bench{font-size:.85rem;margin:.5em 0}.bench div{display:flex;align-items:center;gap:.5em;"
    "white-space:nowrap;font-size:.8rem}.bench b{display:block;height:.5rem;"
    "background:var(--accent)}.bench .p1{background:var(--ok)}.bench .p2{background:var(--off)}"
    "i.error{background:var(--accent);border-color:var(--accent)}td.error{color:var(--accent)}"
    ".counts{width:auto;margin-top:.8em}.counts td:first-child{text-align:right}"
    "td.hash code{display:inline-block;max-width:8ch;overflow:hidden;vertical-align:bottom;"
    "white-space:nowrap}\n"
    "@media(min-width:70rem){td.hash code{max-width:none}}\n"
    "@media(max-width:40rem){table{font-size:.8rem}th,td{padding:.2em .3em}"
    ".grid{font-size:.62rem}.grid td,.grid th{padding:.15em .1em}"
    ".grid i{width:.3rem;height:.3rem;margin:.5px}.grid span{line-height:.4rem}"
    ".numbers{font-size:.68rem}.numbers td:first-child{overflow-wrap:anywhere}}\n";

static const char *const ARTIFACTS[][2] = {
    {"build/mini.bin", "the smallest builder, one boot sector"},
    {"build/stage1.bin", "the boot sector that compiles the kernel"},
    {"build/seedbed.bin", "boot sector and kernel"},
};

static void artifacts_section(struct buffer *out) {
    buffer_printf(out, "<h2>What was built</h2>\n<table><tr><th>file<th>bytes<th>SHA-256</tr>\n");
    for (size_t i = 0; i < sizeof ARTIFACTS / sizeof ARTIFACTS[0]; i++) {
        struct digest d = digest_of(ARTIFACTS[i][0]);
        buffer_printf(out, "<tr><td>%s<br><small>%s</small><td>%zu<td><code>%s</code></tr>\n",
                      strrchr(ARTIFACTS[i][0], '/') + 1, ARTIFACTS[i][1], d.size,
                      d.hash[0] ? d.hash : "not built");
    }
    buffer_printf(out, "</table>\n");
}

static void tools_section(struct buffer *out) {
    buffer_printf(out, "<h2>Tools</h2>\n<table>\n");
    for (size_t i = 0; TOOLS[i]; i++) {
        char *version = first_line_of(TOOLS[i]);
        buffer_printf(out, "<tr><td>%.*s<td>", (int)strcspn(TOOLS[i], " "), TOOLS[i]);
        html_text(out, version[0] ? version : "not here");
        buffer_printf(out, "</tr>\n");
        free(version);
    }
    buffer_printf(out, "</table>\n");
}

int main(int argc, char **argv) {
    struct problem p;
    struct buffer out = {0};
    const char *page = argc > 1 ? argv[1] : "build/report.html";
    const char *statement = argc > 2 ? argv[2] : "build/provenance.json";
    char *commit = first_line_of("git describe --always --dirty 2>/dev/null");
    buffer_printf(&out,
                  "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                  "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                  "<title>Seedbed: the report</title>\n<style>%s</style></head><body>\n"
                  "<h1>Seedbed</h1>\n<p>A bare PC that rebuilds its own kernel from hex text. "
                  "Source: <code>%s</code></p>\n",
                  STYLE, commit[0] ? commit : "unknown");
    free(commit);
    artifacts_section(&out);
    buffer_printf(&out, "<div class=\"two\"><section><h2>The chain</h2>\n");
    chain_picture(&out);
    buffer_printf(&out, "</section><section><h2>Memory</h2>\n");
    memory_picture(&out);
    buffer_printf(&out, "</section></div>\n");
    routes_section(&out);
    audit_section(&out);
    matrix_section(&out);
    fuzz_section(&out);
    bench_section(&out);
    tools_section(&out);
    buffer_printf(&out, "</body></html>\n");
    int status = write_file(page, out.data, out.len, &p);
    if (status == 0)
        status = provenance_write(statement, &p);
    buffer_free(&out);
    return status == 0 ? 0 : problem_report(&p);
}
