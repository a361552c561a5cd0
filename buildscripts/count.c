/* count FILE OUT: counts the lines, words and bytes of a file. */
#include <ctype.h>
#include <stdio.h>

int main(int argc, char **argv) {
    unsigned long lines = 0, words = 0, bytes = 0;
    int c, in_word = 0;
    FILE *in = argc == 3 ? fopen(argv[1], "r") : NULL;
    FILE *out = in ? fopen(argv[2], "w") : NULL;
    if (!out) {
        perror("count");
        return 1;
    }
    while ((c = fgetc(in)) != EOF) {
        bytes++;
        lines += c == '\n';
        words += !in_word && !isspace(c);
        in_word = !isspace(c);
    }
    fprintf(out, "%lu %lu %lu\n", lines, words, bytes);
    return fclose(out) == 0 ? 0 : 1;
}
