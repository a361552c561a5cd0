/*
 * Where a program begins and ends, the one gate to the kernel, and setjmp: what C cannot say.
 *
 * The machine code stands as bytes, so that cc.scm, tcc and gcc all can read it; each line has its
 * instruction.
 */
#include <stdlib.h>
#include <unistd.h>

/* start: esp -> argc, argv..., 0, envp..., 0. link enters at start, tcc and ld at _start. */
__asm__(".globl start\n"
        ".globl _start\n"
        "start:\n"
        "_start:\n"
        ".byte 0x31,0xED                # xor ebp, ebp\n"
        ".byte 0x89,0xE0                # mov eax, esp\n"
        ".byte 0x83,0xE4,0xF0           # and esp, -16\n"
        ".byte 0x83,0xEC,0x0C           # sub esp, 12\n"
        ".byte 0x50                     # push eax\n"
        "call __begin\n");

/* int __system_call(int number, int a, int b, int c, int d): what the kernel returns, errors
 * negative */
__asm__(".globl __system_call\n"
        "__system_call:\n"
        ".byte 0x53                     # push ebx\n"
        ".byte 0x56                     # push esi\n"
        ".byte 0x8B,0x44,0x24,0x0C      # mov eax, [esp+12]\n"
        ".byte 0x8B,0x5C,0x24,0x10      # mov ebx, [esp+16]\n"
        ".byte 0x8B,0x4C,0x24,0x14      # mov ecx, [esp+20]\n"
        ".byte 0x8B,0x54,0x24,0x18      # mov edx, [esp+24]\n"
        ".byte 0x8B,0x74,0x24,0x1C      # mov esi, [esp+28]\n"
        ".byte 0xCD,0x80                # int 0x80\n"
        ".byte 0x5E                     # pop esi\n"
        ".byte 0x5B                     # pop ebx\n"
        ".byte 0xC3                     # ret\n");

/* The buffer of setjmp: ebx, esi, edi, ebp, esp as it is after the return, eip. */
__asm__(".globl setjmp\n"
        ".globl _setjmp\n"
        "setjmp:\n"
        "_setjmp:\n"
        ".byte 0x8B,0x44,0x24,0x04      # mov eax, [esp+4]\n"
        ".byte 0x89,0x18                # mov [eax], ebx\n"
        ".byte 0x89,0x70,0x04           # mov [eax+4], esi\n"
        ".byte 0x89,0x78,0x08           # mov [eax+8], edi\n"
        ".byte 0x89,0x68,0x0C           # mov [eax+12], ebp\n"
        ".byte 0x8D,0x4C,0x24,0x04      # lea ecx, [esp+4]\n"
        ".byte 0x89,0x48,0x10           # mov [eax+16], ecx\n"
        ".byte 0x8B,0x0C,0x24           # mov ecx, [esp]\n"
        ".byte 0x89,0x48,0x14           # mov [eax+20], ecx\n"
        ".byte 0x31,0xC0                # xor eax, eax\n"
        ".byte 0xC3                     # ret\n"
        ".globl longjmp\n"
        "longjmp:\n"
        ".byte 0x8B,0x4C,0x24,0x04      # mov ecx, [esp+4]\n"
        ".byte 0x8B,0x44,0x24,0x08      # mov eax, [esp+8]\n"
        ".byte 0x83,0xF8,0x01           # cmp eax, 1\n"
        ".byte 0x83,0xD0,0x00           # adc eax, 0    (0 becomes 1)\n"
        ".byte 0x8B,0x19                # mov ebx, [ecx]\n"
        ".byte 0x8B,0x71,0x04           # mov esi, [ecx+4]\n"
        ".byte 0x8B,0x79,0x08           # mov edi, [ecx+8]\n"
        ".byte 0x8B,0x69,0x0C           # mov ebp, [ecx+12]\n"
        ".byte 0x8B,0x61,0x10           # mov esp, [ecx+16]\n"
        ".byte 0xFF,0x61,0x14           # jmp [ecx+20]\n");

int main(int argc, char **argv, char **envp);
int __flush_all(void);

char **environ;

enum { MAX_AT_EXIT = 64 };
static void (*at_exit[MAX_AT_EXIT])(void);
static int at_exit_count;

int atexit(void (*function)(void)) {
    if (at_exit_count == MAX_AT_EXIT)
        return -1;
    at_exit[at_exit_count++] = function;
    return 0;
}

#ifdef __TINYC__ /* its linker gathers what has the attributes constructor and destructor */
typedef void constructor(int argc, char **argv, char **envp);
typedef void destructor(void);
extern constructor *__init_array_start[], *__init_array_end[];
extern destructor *__fini_array_start[], *__fini_array_end[];

static void construct(int argc, char **argv) {
    for (constructor **c = __init_array_start; c < __init_array_end; c++)
        (*c)(argc, argv, environ);
}

static void destruct(void) {
    for (destructor **d = __fini_array_end; d > __fini_array_start;)
        (*--d)();
}
#else
static void construct(int argc, char **argv) {
    (void)argc;
    (void)argv;
}

static void destruct(void) {
}
#endif

void exit(int status) {
    while (at_exit_count > 0)
        at_exit[--at_exit_count]();
    destruct();
    __flush_all();
    _exit(status);
}

void __begin(int *stack) {
    int argc = stack[0];
    char **argv = (char **)(stack + 1);
    environ = argv + argc + 1;
    construct(argc, argv);
    exit(main(argc, argv, environ));
}
