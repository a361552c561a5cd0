/*
 * pp-forms TABLE OUT: an instruction for every form of the table with every register, many
 * addresses and the numbers at the limits of each size, in lines that both pp and NASM read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify/ladder/pp.h"

enum { CHOICES = 64, TEXT = 64 };

/* What an operand of a form can be. */
struct choices {
    int count;
    char text[CHOICES][TEXT];
};

static void add(struct choices *c, const char *size, const char *text) {
    snprintf(c->text[c->count++], TEXT, "%s%s", size, text);
}

static const char *const REGISTERS[4][8] = {
    {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"},
    {"ax", "cx", "dx", "bx", "sp", "bp", "si", "di"},
    {"al", "cl", "dl", "bl", "ah", "ch", "dh", "bh"},
    {"st0", "st1", "st2", "st3", "st4", "st5", "st6", "st7"}};

static const char *const ADDRESSES[] = {
    "[eax]",          "[ebp]",         "[esp+4]",          "[edi-128]",   "[esi+0x12345678]",
    "[0x12345]",      "[away]",        "[away+ebx*4+2]",   "[ebx+esi*8]", "[ebp+edi*2-129]",
    "[away-there+1]", "[ecx+edx+127]", "[esp+eax*2+away]",
};

static const char *size_word(char size) {
    return size == 'b'   ? "byte "
           : size == 'w' ? "word "
           : size == 'd' ? "dword "
           : size == 'q' ? "qword "
           : size == 't' ? "tword "
                         : "";
}

static void registers(struct choices *c, char size) {
    int class = size == 'b' ? CLASS_BYTE : size == 'w' ? CLASS_WORD : CLASS_DWORD;
    for (int i = 0; i < 8; i++)
        add(c, "", REGISTERS[class][i]);
}

static void addresses(struct choices *c, const char *size) {
    for (size_t i = 0; i < sizeof ADDRESSES / sizeof ADDRESSES[0]; i++)
        add(c, size, ADDRESSES[i]);
}

static void numbers(struct choices *c, char size) {
    static const char *const ALL[] = {
        "0",      "1",          "-1",         "127",        "128",   "-128",      "255",
        "-129",   "256",        "-32768",     "32767",      "65535", "'a'",       "65536",
        "-32769", "0x7FFFFFFF", "0x80000000", "0xFFFFFFFF", "away",  "away-there"};
    size_t count = size == 's' ? 6 : size == 'b' ? 7 : size == 'w' ? 13 : 20;
    for (size_t i = 0; i < count; i++)
        add(c, "", ALL[i]);
}

/* What operand `i` of the form can be, with v in place of that size. */
static struct choices choose(const struct form *form, int i, char v) {
    struct choices c = {0};
    char size = form->size[i] == 'v' ? v : form->size[i];
    switch (form->operand[i]) {
    case 'E':
        registers(&c, size);
        addresses(&c, size_word(size));
        break;
    case 'G':
    case 'Z':
        registers(&c, size);
        break;
    case 'A':
        add(&c, "",
            REGISTERS[size == 'b'   ? CLASS_BYTE
                      : size == 'w' ? CLASS_WORD
                                    : CLASS_DWORD][0]);
        break;
    case 'M':
        addresses(&c, size_word(size));
        break;
    case 'O':
        add(&c, "", "[0x12345]");
        add(&c, "", "[away]");
        break;
    case 'I':
        numbers(&c, size);
        break;
    case 'J':
        add(&c, size == 'b' ? "short " : "", size == 'd' ? "away" : "there");
        break;
    case 'C':
        add(&c, "", "cl");
        break;
    case 'D':
        add(&c, "", "dx");
        break;
    case '1':
        add(&c, "", "1");
        break;
    case 'F':
        for (int n = 0; n < 8; n++)
            add(&c, "", REGISTERS[CLASS_FLOAT][n]);
        break;
    default:
        add(&c, "", "st0");
        break;
    }
    return c;
}

static void write_form(FILE *out, struct slice name, const struct form *form, char v) {
    struct choices c[3] = {{.count = 1}, {.count = 1}, {.count = 1}};
    bool close = false;
    for (int i = 0; i < form->count; i++) {
        c[i] = choose(form, i, v);
        close |= form->operand[i] == 'J' && form->size[i] != 'd';
    }
    for (int i = 0; i < c[0].count; i++) {
        for (int j = 0; j < c[1].count; j++) {
            for (int k = 0; k < c[2].count; k++) {
                const char *text[3] = {c[0].text[i], c[1].text[j], c[2].text[k]};
                fprintf(out, "\t%.*s", (int)name.length, name.at);
                for (int n = 0; n < form->count; n++) {
                    if (close) {
                        static int label;
                        fprintf(out, " %sthere%d\nthere%d:", form->size[n] == 'b' ? "short " : "",
                                label, label);
                        label++;
                    } else {
                        fprintf(out, "%s%s", n == 0 ? " " : ", ", text[n]);
                    }
                }
                fputc('\n', out);
            }
        }
    }
}

/* Every address that there is, by lea. */
static void write_addresses(FILE *out) {
    static const char *const ENDS[] = {"", "+1", "-128", "+128", "+away"};
    for (int base = 0; base <= 8; base++) {
        for (int index = 0; index <= 8; index++) {
            for (int scale = 1; scale <= 9; scale++) {
                bool good = scale == 1 || scale == 2 || scale == 4 || scale == 8 || base == 8;
                bool none = index == 8 || index == 4;
                if (!good || scale == 6 || scale == 7 || (none && (index == 4 || scale > 1)))
                    continue;
                for (size_t end = 0; end < sizeof ENDS / sizeof ENDS[0]; end++) {
                    fputs("\tlea ecx, [", out);
                    fprintf(out, "%s", base < 8 ? REGISTERS[0][base] : "");
                    if (index < 8 && base < 8)
                        fputs("+", out);
                    if (index < 8)
                        fprintf(out, scale > 1 ? "%s*%d" : "%s", REGISTERS[0][index], scale);
                    fprintf(out, "%s%s]\n", base == 8 && index == 8 ? "5" : "", ENDS[end]);
                }
            }
        }
    }
}

int main(int argc, char **argv) {
    struct pp *pp = allocate(sizeof *pp);
    FILE *out = argc == 3 ? fopen(argv[2], "w") : NULL;
    if (!out) {
        fputs("usage: pp-forms TABLE OUT\n", stderr);
        return 2;
    }
    add_directives(pp);
    read_file(pp, argv[1]);
    fputs("away:\n", out);
    for (int i = 0; i < 60; i++)
        fputs("\tlea eax, [ebx+0x12345678]\n", out);
    fputs("there:\n", out);
    write_addresses(out);
    for (size_t i = 0; i < sizeof pp->bucket / sizeof pp->bucket[0]; i++) {
        for (struct symbol *s = pp->bucket[i]; s != NULL; s = s->next) {
            if (s->kind == PREFIX)
                fprintf(out, "\t%.*s\n\tnop\n", (int)s->name.length, s->name.at);
            for (const struct form *form = s->kind == INSTRUCTION ? s->forms : NULL; form != NULL;
                 form = form->next) {
                bool v = memchr(form->size, 'v', sizeof form->size) != NULL;
                write_form(out, s->name, form, 'd');
                if (v)
                    write_form(out, s->name, form, 'w');
            }
        }
    }
    return fclose(out) != 0;
}
