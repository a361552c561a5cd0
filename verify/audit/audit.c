/*
 * build/hexaudit: a second reading of hex0 sources. NASM (hexfmt --check) makes bytes from the asm
 * column; this goes the other way, with another decoder (Capstone) and no assembler: the bytes of
 * each instruction are decoded, and what they mean is compared with what the text means.
 */
#include <stdlib.h>
#include <string.h>

#include "verify/audit/data.h"
#include "verify/audit/decode.h"
#include "verify/audit/source.h"

struct totals {
    size_t instructions;
    size_t data;       /* bytes */
    size_t unverified; /* bytes */
};

/* What the audit says about one item, for the listing. */
struct finding {
    char *reading; /* of the first instruction, or null */
    int64_t target;
    bool bad;
};

static void print_bytes(FILE *out, const struct source *source, size_t offset, size_t size) {
    enum { PER_LINE = 8 };
    for (size_t i = 0; i < PER_LINE; i++)
        if (i < size)
            fprintf(out, "%02X ", source->image.data[offset + i]);
        else
            fputs("   ", out);
    fputs(size > PER_LINE ? "..  " : "    ", out);
}

/* One item of the listing: address, bytes, what the bytes mean, where they lead, the source. */
static void print_item(FILE *out, const struct source *source, const struct item *item,
                       const struct finding *finding) {
    const struct hex_line *line = &source->file.lines[item->line];
    if (item->size == 0) {
        if (line->verbatim) {
            fprintf(out, "%s\n", line->raw);
        } else {
            const char *label =
                symbols_at(&source->symbols, source->origin + (int64_t)item->offset);
            bool stands = label && strchr(line->text, ':');
            fprintf(out, "%08llX  %*s; %s%s%s\n", (unsigned long long)source->origin + item->offset,
                    28, "", line->text, stands && line->text[0] == '.' ? "   = " : "",
                    stands && line->text[0] == '.' ? label : "");
        }
        return;
    }
    fprintf(out, "%08llX  ", (unsigned long long)source->origin + item->offset);
    print_bytes(out, source, item->offset, item->size);
    const char *label = finding->target >= 0 ? symbols_at(&source->symbols, finding->target) : NULL;
    char *reading = xprintf("%s%s%s", finding->reading ? finding->reading : "data",
                            label ? " -> " : "", label ? label : "");
    fprintf(out, "%-44s ; %s%s%s\n", reading, line->text, line->prose ? "  #" : "",
            line->prose ? line->prose : "");
    if (finding->bad)
        fprintf(out, "          ^^ NOT VERIFIED\n");
    free(reading);
}

/* Reports bytes that disagree with their text. */
static void reject(const struct source *source, const struct item *item, size_t size,
                   const char *why, struct totals *totals) {
    source_locate(source, item->line);
    fprintf(stderr, "%s; the text is `%s`\n", why, item->text);
    totals->unverified += size;
}

static struct finding audit_item(struct decoder *decoder, const struct source *source,
                                 const struct item *item, struct totals *totals) {
    struct finding finding = {.target = -1};
    size_t repeat = (size_t)(item->repeat > 0 ? item->repeat : 0);
    if (item->kind == ITEM_NOTHING || repeat == 0 || item->size % repeat != 0) {
        if (item->size > 0 || (item->kind != ITEM_NOTHING && repeat > 0)) {
            reject(source, item, item->size, "bytes that no text explains", totals);
            finding.bad = true;
        }
        return finding;
    }
    size_t size = item->size / repeat;
    for (size_t i = 0; i < repeat; i++) {
        size_t offset = item->offset + i * size;
        char *why;
        if (item->kind == ITEM_DATA) {
            why = audit_data(source, item, offset, size);
            totals->data += size;
        } else {
            free(finding.reading);
            why = audit_instruction(decoder, source, item, offset, size, &finding.reading,
                                    &finding.target);
            totals->instructions++;
        }
        if (why) {
            reject(source, item, size, why, totals);
            /* A line without bytes is an error that bytes cannot count. */
            totals->unverified += size == 0;
            finding.bad = true;
        }
        free(why);
    }
    return finding;
}

/* Opens FOLDER/NAME.lst, NAME being the source's without its folder and ending. */
static FILE *open_listing(const char *folder, const char *source) {
    const char *slash = strrchr(source, '/');
    const char *name = slash ? slash + 1 : source;
    const char *dot = strrchr(name, '.');
    int length = dot ? (int)(dot - name) : (int)strlen(name);
    char *path = xprintf("%s/%.*s.lst", folder, length, name);
    FILE *out = fopen(path, "w");
    if (!out)
        fprintf(stderr, "seedbed: %s: cannot be written; is the folder there?\n", path);
    free(path);
    return out;
}

/* Audits one file; returns whether every byte of it is verified. */
static bool audit(struct decoder *decoder, const char *folder, const char *name) {
    struct problem p;
    struct source source;
    if (source_read(name, &source, &p) != 0) {
        problem_report(&p);
        return false;
    }
    FILE *listing = folder ? open_listing(folder, name) : NULL;
    bool good = !folder || listing;
    struct totals totals = {0};
    for (size_t i = 0; i < source.count; i++) {
        struct finding finding = audit_item(decoder, &source, &source.items[i], &totals);
        if (listing)
            print_item(listing, &source, &source.items[i], &finding);
        free(finding.reading);
    }
    printf("%-32s%7zu%7zu%14zu%7zu%12zu\n", name, source.file.count, source.image.len,
           totals.instructions, totals.data, totals.unverified);
    if (listing && fclose(listing) != 0) {
        fprintf(stderr, "seedbed: %s: its listing cannot be written\n", name);
        good = false;
    }
    good = good && totals.unverified == 0 && source.problems == 0;
    source_free(&source);
    return good;
}

int main(int argc, char **argv) {
    const char *folder = NULL;
    int first = 1;
    if (argc > 2 && strcmp(argv[1], "--listing") == 0) {
        folder = argv[2];
        first = 3;
    }
    if (first >= argc || argv[first][0] == '-') {
        fprintf(stderr, "usage: build/hexaudit [--listing FOLDER] FILE...\n"
                        "Decodes every instruction of hex0 sources and compares with the text.\n");
        return 2;
    }
    struct decoder *decoder = decoder_open();
    if (!decoder) {
        fprintf(stderr, "seedbed: hexaudit: Capstone does not open; is it built for x86?\n");
        return 1;
    }
    printf("%-32s%7s%7s%14s%7s%12s\n", "file", "lines", "bytes", "instructions", "data",
           "unverified");
    bool good = true;
    for (int i = first; i < argc; i++)
        good = audit(decoder, folder, argv[i]) && good;
    decoder_close(decoder);
    return good ? 0 : 1;
}
