/* A first program in C on the ladder; hello-c.build compiles it on the machine. */
#include <stdio.h>

int main(int argc, char **argv) {
    FILE *out = argc == 2 ? fopen(argv[1], "w") : stdout;
    if (!out) {
        perror(argv[1]);
        return 1;
    }
    for (int i = 1; i <= 3; i++)
        fprintf(out, "Hello, world, %d! A third is %.17g.\n", i, 1.0 / 3);
    return fclose(out) == 0 ? 0 : 1;
}
