/* Labels as values: an interpreter with a table of them, jumps to what was computed, also out of an
 * expression. */
#include <stdio.h>
static int interpret(const unsigned char *code) {
    static void *const operations[] = {&&push, &&add, &&multiply, &&print, &&stop};
    int stack[16], *top = stack, shown = 0;
#define NEXT goto *operations[*code++]
    NEXT;
push:
    *top++ = *code++;
    NEXT;
add:
    top--;
    top[-1] += top[0];
    NEXT;
multiply:
    top--;
    top[-1] *= top[0];
    NEXT;
print:
    printf("%d\n", top[-1]);
    shown++;
    NEXT;
stop:
    return shown;
}
static int unused(int n) {
    static void *const table[] = {&&a, &&b};
    goto *table[n];
a:
    return 1;
b:
    return 2;
}
static int choose(int n) {
    void *where = n > 3 ? &&large : &&small;
    int k = 7;
    goto *where;
small:
    k += 1;
    if (n == 2) {
        where = &&large;
        n = 0;
        goto *where;
    }
    return k;
large:
    return k * 100;
}
static int offsets(int n) {
    static const int distance[] = {0, 1, 2};
    void *p[3];
    p[0] = &&zero, p[1] = &&one, p[2] = &&two;
    int total = 0;
again:
    goto *p[distance[n]];
zero:
    return total;
one:
    total += 10;
    n--;
    goto again;
two:
    total += 100 + ({
                 if (total > 5)
                     goto *p[0];
                 1;
             });
    n--;
    goto again;
}
int main(void) {
    static const unsigned char code[] = {0, 5, 0, 7, 1, 3, 0, 3, 2, 3, 4};
    printf("%d\n", interpret(code));
    for (int i = 0; i < 6; i++)
        printf("%d ", choose(i));
    for (int i = 0; i < 3; i++)
        printf("%d ", offsets(i));
    printf("\n");
    __asm__ __volatile__("" : : : "memory");
    __asm__("");
    return 0;
}
