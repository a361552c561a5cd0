/* in-toto Statement v1 with the SLSA provenance v1 predicate (slsa.dev/spec/v1.0/provenance). */
#include <stdlib.h>
#include <string.h>

#include "verify/report/report.h"

static const char *const OUTPUTS[] = {"build/mini.bin", "build/stage1.bin", "build/seedbed.bin"};
static const char *const INPUTS[] = {"hex0/mini.hex0", "hex0/boot.hex0", "hex0/kernel.hex0",
                                     "stage1/stage1.hex0"};

/* Appends text as a JSON string. */
static void json_string(struct buffer *out, const char *text) {
    buffer_printf(out, "\"");
    for (; *text; text++)
        if (*text == '"' || *text == '\\')
            buffer_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < ' ')
            buffer_printf(out, "\\u%04x", (unsigned char)*text);
        else
            buffer_printf(out, "%c", *text);
    buffer_printf(out, "\"");
}

static int put_subjects(struct buffer *out, struct problem *p) {
    size_t count = sizeof OUTPUTS / sizeof OUTPUTS[0];
    for (size_t i = 0; i < count; i++) {
        struct digest d = digest_of(OUTPUTS[i]);
        if (!d.hash[0])
            return problem_set(p, "%s: not built, run make", OUTPUTS[i]);
        buffer_printf(out, "    { \"name\": \"%s\", \"digest\": { \"sha256\": \"%s\" } }%s\n",
                      strrchr(OUTPUTS[i], '/') + 1, d.hash, i + 1 < count ? "," : "");
    }
    return 0;
}

static void put_inputs(struct buffer *out) {
    size_t count = sizeof INPUTS / sizeof INPUTS[0];
    char *commit = first_line_of("git rev-parse HEAD 2>/dev/null");
    if (commit[0]) {
        buffer_printf(out,
                      "        { \"name\": \"source\", \"digest\": { \"gitCommit\": \"%s\" } },\n",
                      commit);
    }
    free(commit);
    for (size_t i = 0; i < count; i++) {
        struct digest d = digest_of(INPUTS[i]);
        buffer_printf(out, "        { \"name\": \"%s\", \"digest\": { \"sha256\": \"%s\" } }%s\n",
                      INPUTS[i], d.hash, i + 1 < count ? "," : "");
    }
}

/* Versions of the tools, which the builder's bytes do not depend on. */
static void put_tools(struct buffer *out) {
    for (size_t i = 0; TOOLS[i]; i++) {
        char *version = first_line_of(TOOLS[i]);
        buffer_printf(out, "          \"%.*s\": ", (int)strcspn(TOOLS[i], " "), TOOLS[i]);
        json_string(out, version);
        buffer_printf(out, "%s\n", TOOLS[i + 1] ? "," : "");
        free(version);
    }
}

int provenance_write(const char *path, struct problem *p) {
    struct buffer out = {0};
    buffer_printf(&out, "{\n  \"_type\": \"https://in-toto.io/Statement/v1\",\n  \"subject\": [\n");
    int status = put_subjects(&out, p);
    if (status == 0) {
        char *finished = first_line_of("date -u -r build/seedbed.bin +%Y-%m-%dT%H:%M:%SZ");
        buffer_printf(&out, "  ],\n  \"predicateType\": \"https://slsa.dev/provenance/v1\",\n"
                            "  \"predicate\": {\n    \"buildDefinition\": {\n"
                            "      \"buildType\": \"urn:seedbed:rebuild-chain:v1\",\n"
                            "      \"externalParameters\": { \"target\": \"chain\" },\n"
                            "      \"internalParameters\": {},\n"
                            "      \"resolvedDependencies\": [\n");
        put_inputs(&out);
        buffer_printf(&out, "      ]\n    },\n    \"runDetails\": {\n      \"builder\": {\n"
                            "        \"id\": \"urn:seedbed:make\",\n        \"version\": {\n");
        put_tools(&out);
        buffer_printf(&out,
                      "        }\n      },\n      \"metadata\": { \"finishedOn\": \"%s\" }\n    }\n"
                      "  }\n}\n",
                      finished);
        free(finished);
        status = write_file(path, out.data, out.len, p);
    }
    buffer_free(&out);
    return status;
}
