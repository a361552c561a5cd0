/* Formatting or checking a hex0 source, see hexfmt.h. */
#include "images/hexfmt/hexfmt.h"

#include <stdlib.h>
#include <string.h>

#include "images/hexfmt/hexfmt_file.h"
#include "images/hexfmt/hexfmt_label.h"
#include "images/hexfmt/hexfmt_nasm.h"
#include "images/lib/util.h"

enum {
    NARROW_BYTES = 6, /* bytes on a line that has NASM text, in 18 columns */
    WIDE_BYTES = 16,  /* bytes on a continuation line of a long datum */
    WIDE_FROM = 24,   /* a line with more bytes than this is a long datum */
};

static size_t column_width(size_t bytes) {
    return bytes * 3;
}

/* Prints `seedbed: FILE:LINE: ` and leaves the rest of the message to the caller. */
static void locate(const struct hex_file *file, size_t line) {
    fprintf(stderr, "seedbed: %s:%zu: ", file->name, line + 1);
}

/* Reports the lines that cannot be read and the bytes that no NASM text explains. */
static size_t report_grammar(const struct hex_file *file) {
    size_t errors = 0;
    size_t group_end = 0;
    for (size_t i = 0; i < file->count; i++) {
        const struct hex_line *line = &file->lines[i];
        if (line->text[0] != '\0')
            group_end = hex_group_end(file, i);
        const char *problem = line->problem;
        if (!problem && line->has_asm && line->byte_count > 0 && i >= group_end)
            problem = "bytes stand without asm; write the instruction after the `;`";
        if (problem) {
            locate(file, i);
            fprintf(stderr, "%s\n", problem);
            errors++;
        }
    }
    return errors;
}

/* The prose of a line: its address remark made right, or added if it is a label without prose. */
static char *refresh_prose(const struct hex_line *line, const struct hex_label *label) {
    unsigned long old;
    if (!label)
        return line->prose ? xstrdup(line->prose) : NULL;
    if (!line->prose)
        return xprintf(" %04lX", label->value);
    size_t remark = hex_address_remark(line->prose, &old);
    if (remark == 0)
        return xstrdup(line->prose);
    return xprintf(" %04lX%s", label->value, line->prose + remark);
}

static const struct hex_label *label_of(const struct hex_line *line, struct hex_scope *scope,
                                        const struct hex_assembly *assembly) {
    char *name = hex_label_name(line->text, scope);
    const struct hex_label *label = name ? hex_find_label(assembly, name) : NULL;
    free(name);
    return label;
}

/* Writes the group of lines from `head` up to `end` with `size` bytes, on as many lines as needed.
 */
static void format_group(FILE *out, const struct hex_file *file, size_t head, size_t end,
                         const unsigned char *bytes, size_t size, const struct hex_label *label) {
    size_t done = 0;
    for (size_t i = head; i < end || done < size; i++) {
        const struct hex_line *line = i < end ? &file->lines[i] : NULL;
        bool wide = i > head && size > WIDE_FROM && done < size;
        size_t room = wide ? WIDE_BYTES : NARROW_BYTES;
        size_t count = size - done < room ? size - done : room;
        char *prose = line ? refresh_prose(line, i == head ? label : NULL) : NULL;
        if (i == head || count > 0 || prose) {
            hex_line_print(out, bytes + done, count, column_width(room),
                           i == head ? line->text : "", prose);
        }
        free(prose);
        done += count;
    }
}

static void format(FILE *out, const struct hex_file *file, const struct hex_assembly *assembly) {
    struct hex_scope scope = {0};
    for (size_t head = 0; head < file->count;) {
        const struct hex_line *line = &file->lines[head];
        size_t end = hex_group_end(file, head);
        if (line->verbatim) {
            fprintf(out, "%s\n", line->raw);
        } else {
            const struct hex_span *span = &assembly->spans[head];
            format_group(out, file, head, end, assembly->image.data + span->start, span->size,
                         label_of(line, &scope, assembly));
        }
        head = end;
    }
    free(scope.base);
}

/* Reports each line of a group whose bytes are not what NASM makes; returns how many there are. */
static size_t check_group(const struct hex_file *file, size_t head, size_t end,
                          const unsigned char *bytes, size_t size) {
    size_t done = 0;
    size_t errors = 0;
    for (size_t i = head; i < end; i++) {
        const struct hex_line *line = &file->lines[i];
        size_t left = done < size ? size - done : 0;
        size_t same = 0;
        while (same < line->byte_count && same < left && line->bytes[same] == bytes[done + same])
            same++;
        done += line->byte_count;
        if (same == line->byte_count && (i + 1 < end || done >= size))
            continue;
        locate(file, i);
        errors++;
        if (same == line->byte_count) {
            fprintf(stderr, "%zu bytes, the asm makes %zu; run seedbed hexfmt\n", done, size);
        } else if (same == left) {
            fprintf(stderr, "byte %02X too many: the asm makes %zu bytes\n", line->bytes[same],
                    size);
        } else {
            fprintf(stderr, "byte %zu is %02X, the asm makes %02X; run seedbed hexfmt\n", same + 1,
                    line->bytes[same], bytes[done - line->byte_count + same]);
        }
    }
    return errors;
}

static size_t check(const struct hex_file *file, const struct hex_assembly *assembly) {
    struct hex_scope scope = {0};
    size_t errors = assembly->warnings;
    for (size_t head = 0; head < file->count;) {
        const struct hex_line *line = &file->lines[head];
        size_t end = hex_group_end(file, head);
        const struct hex_label *label = label_of(line, &scope, assembly);
        unsigned long remark;
        if (line->text[0] != '\0') { /* other bytes report_grammar has seen */
            const struct hex_span *span = &assembly->spans[head];
            errors += check_group(file, head, end, assembly->image.data + span->start, span->size);
        }
        if (label && line->prose && hex_address_remark(line->prose, &remark) > 0 &&
            remark != label->value) {
            locate(file, head);
            fprintf(stderr, "the label stands at %04lX, not %04lX; run seedbed hexfmt\n",
                    label->value, remark);
            errors++;
        }
        head = end;
    }
    free(scope.base);
    return errors;
}

/* Writes the file anew unless it is as it should be already. */
static int reformat(const struct hex_file *file, const struct hex_assembly *assembly,
                    const struct buffer *content, struct problem *p) {
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return problem_set(p, "out of memory");
    format(out, file, assembly);
    fclose(out);
    int result = 0;
    if (size != content->len || memcmp(text, content->data, size) != 0)
        result = write_file(file->name, text, size, p);
    free(text);
    return result;
}

bool hexfmt(const char *name, bool check_only) {
    struct problem p;
    struct buffer content = {0};
    if (read_file(name, &content, &p) != 0) {
        problem_report(&p);
        return false;
    }
    struct hex_file file = hex_file_parse(name, (const char *)content.data, content.len);
    struct hex_assembly assembly = {0};
    size_t errors = report_grammar(&file);
    int result = 0;
    if (errors == 0 || check_only) {
        result = hex_assemble(&file, &assembly, &p);
        if (result == 0 && check_only)
            errors += check(&file, &assembly);
        else if (result == 0)
            result = reformat(&file, &assembly, &content, &p);
        if (result != 0)
            fprintf(stderr, "seedbed: %s: %s\n", name, p.text);
    }
    hex_assembly_free(&assembly);
    hex_file_free(&file);
    buffer_free(&content);
    return result == 0 && errors == 0;
}
