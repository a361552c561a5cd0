/* edges: what programs seldom do, one thing for each word. What the kernel does then is compared
 * with what another kernel does. */
#include "verify/guest/file_table.h"

enum { FIRST_TAKEN = 0x00100000, LAST_TAKEN = 0x001FFFFF };

static void touch(u32 address) {
    *(volatile u8 *)address = 1;
}

static u32 word_at(u32 address) {
    u32 value;
    __asm__ volatile("mov (%1), %0" : "=r"(value) : "r"(address));
    return value;
}

static void write_line(const char *text) {
    sys_write(1, text, strlen(text));
    sys_write(1, "\n", 1);
}

/* Page 0 is there once the machine is taken over, and stays so. */
static void take_over(u32 address) {
    touch(address);
    say("page 0: %x", word_at(0) ^ word_at(0));
    write_line("a line");
    say("page 0 behind a line: %x", word_at(0) ^ word_at(0));
    say("fork: %e", sys_fork());
    say("brk: %x", sys_brk(sys_brk(0) + 5));
    say("open: %e", sys_open("/nosuch", O_RDONLY));
}

static void take_over_first(void) {
    take_over(FIRST_TAKEN);
}

static void take_over_last(void) {
    take_over(LAST_TAKEN);
}

/* An error of the FPU is a fault, also behind a take-over. */
static void divide_by_zero(void) {
    static const u16 CONTROL = 0x37B;
    __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp; fwait" : : "m"(CONTROL));
}

static void take_over_and_divide(void) {
    touch(FIRST_TAKEN);
    divide_by_zero();
}

/* A page fault behind a line of the console: a switch of tasks loads all segments. */
static void fault_behind_a_line(void) {
    static volatile u32 page[2048];
    write_line("a line");
    int pid = sys_fork();
    if (pid == 0) {
        page[1000]++;
        write_line("another");
        page[2000]++;
        sys_exit((int)page[1000]);
    }
    int status = 0;
    sys_waitpid(pid, &status);
    say("status %x, %d %d", (u32)status, (int)page[1000], (int)page[2000]);
}

/* A name from a number. */
static const char *name_of(const char *folder, u32 n) {
    static char name[32];
    u32 at = strlen(folder);
    memcpy(name, folder, at);
    for (int shift = 12; shift >= 0; shift -= 4)
        name[at++] = "0123456789abcdef"[n >> shift & 15];
    name[at] = 0;
    return name;
}

static u32 count_there(u32 from, u32 to) {
    u32 there = 0;
    for (u32 n = from; n < to; n++)
        there += sys_access(name_of("/m/", n), 0) == 0;
    return there;
}

/* Many files with one hash: each is found, also when those before it in its chain are gone. */
static void many_files(void) {
    enum { MANY = 3000 };
    static const char OTHER[] = {'/', (char)0x9F, '0', 0};
    sys_mkdir("/m");
    for (u32 n = 0; n < MANY; n++)
        sys_close(sys_open(name_of("/m/", n), O_WRONLY | O_CREAT));
    say("there: %d", (int)count_there(0, MANY));
    for (u32 n = 0; n < MANY; n += 3)
        sys_unlink(name_of("/m/", n));
    say("left: %d", (int)count_there(0, MANY));
    for (u32 n = 0; n < MANY; n += 2)
        sys_close(sys_open(name_of("/m/", n), O_WRONLY | O_CREAT));
    say("there again: %d, %d", (int)count_there(0, MANY), (int)count_there(MANY, MANY + 100));
    /* the names of two have one hash as well, and their first characters differ by 94: signed, an
       overflow */
    sys_close(sys_open("/Av", O_WRONLY | O_CREAT));
    say("another: %e", sys_open(OTHER, O_WRONLY | O_CREAT));
}

static struct descriptor *descriptor_of(const char *path) {
    return descriptor_in_table(look_up(path));
}

/* Gives a file all that is free: there is no room for that, and what there is stays its own. */
static int claim_all(int fd) {
    enum { FAR = 0x7FFFFF00 };
    sys_lseek(fd, FAR, SEEK_SET);
    return sys_write(fd, "x", 1);
}

/* When all numbers have been given those that are free are given again. */
static void numbers_again(void) {
    enum { NUMBERS = 14340, LAST = 40 };
    put_file("/early", "early", 5);
    int large = sys_open("/large", O_RDWR | O_CREAT);
    sys_write(large, "large", 5);
    sys_unlink("/early");
    say("far: %e", claim_all(large)); /* what nobody refers to has no place any more */
    int kept = sys_open("/kept", O_RDWR | O_CREAT), gone = sys_open("/gone", O_RDWR | O_CREAT);
    sys_write(kept, "kept", 4);
    sys_write(gone, "gone", 4);
    sys_unlink("/gone");
    for (u32 n = 0; n < NUMBERS; n++) {
        const char *name = n < NUMBERS - LAST ? "/again" : name_of("/again", n);
        int fd = sys_open(name, O_RDWR | O_CREAT | O_EXCL);
        if (sys_lseek(fd, 0, SEEK_END) != 0)
            say("file %d has %d bytes", (int)n, sys_lseek(fd, 0, SEEK_END));
        if (n % 256 == 0 || n >= NUMBERS - LAST)
            sys_write(fd, "again", 5);
        sys_close(fd);
        if (n < NUMBERS - LAST)
            sys_unlink(name);
    }
    char text[8] = "";
    sys_lseek(kept, 0, SEEK_SET);
    say("kept: %e, %s", sys_read(kept, text, 4), text);
    sys_lseek(gone, 0, SEEK_SET);
    say("gone: %e, %s", sys_read(gone, text, 4), text);
    sys_lseek(large, 0, SEEK_SET);
    say("large: %e, %s", sys_read(large, text, 5), text);
    say("names: %e %e %e", sys_access("/kept", 0), sys_access("/gone", 0), sys_access("/again", 0));
}

/* The last bytes of a file, and some around a place. */
static u32 sum_around(int fd, u32 at) {
    u8 bytes[64];
    sys_lseek(fd, (int)at, SEEK_SET);
    int n = sys_read(fd, bytes, sizeof bytes);
    return n > 0 ? fnv(FNV_START, bytes, (u32)n) : (u32)n;
}

/* Files that grow by turns where the zone of contents ends; `room`: of the program's heap. */
static void grow_by_turns(u32 room) {
    enum { FILES = 4, LARGE = 30 << 20, TURNS = 24, STEP = 0x5123 };
    int fd[FILES];
    u32 end[FILES];
    if (room)
        say("break: %x", sys_brk(sys_brk(0) + room));
    for (u32 n = 0; n < FILES; n++) {
        fd[n] = sys_open(name_of("/g", n), O_RDWR | O_CREAT | O_TRUNC);
        end[n] = LARGE + n * STEP;
        sys_lseek(fd[n], (int)end[n], SEEK_SET);
        say("file %d: %e", (int)n, sys_write(fd[n], name_of("/here", n), 9));
    }
    for (u32 turn = 0; turn < TURNS; turn++) {
        u32 n = turn % FILES;
        if (turn == 9) {
            sys_unlink(name_of("/g", 1));
            sys_close(fd[1]);
            fd[1] = sys_open(name_of("/g", 9), O_RDWR | O_CREAT);
            end[1] = 0;
        }
        end[n] += (turn % 3 + 1) * STEP * (turn == 13 ? 1500 : 1);
        sys_lseek(fd[n], (int)end[n], SEEK_SET);
        say("turn %d: %e, %x", (int)turn, sys_write(fd[n], name_of("/turn", turn), 9),
            sum_around(fd[n], end[n] - 20));
    }
    for (u32 n = 0; n < FILES; n++)
        say("file %d: %x %x %d", (int)n, sum_around(fd[n], LARGE + n * STEP - 5),
            sum_around(fd[n], end[n] - 20), sys_lseek(fd[n], 0, SEEK_END));
}

static void grow(void) {
    grow_by_turns(0);
}

/* The log has records when it moves: the parent finds its pages as they were. */
static void grow_in_a_child(void) {
    static u32 mine[4096];
    for (u32 n = 0; n < 4096; n++)
        mine[n] = n;
    int pid = sys_fork();
    if (pid == 0) {
        memset(mine, 1, sizeof mine);
        grow_by_turns(0);
        sys_exit(3);
    }
    say("status: %d, sum %x", wait_for(pid), fnv(FNV_START, mine, sizeof mine));
}

/* A child ends with an error of the FPU that nobody has seen. */
static void pending_error(void) {
    static const u16 CONTROL = 0x37B;
    int pid = sys_fork();
    if (pid == 0) {
        __asm__ volatile("fninit; fldcw %0; fld1; fldz; fdivrp" : : "m"(CONTROL));
        sys_exit(5);
    }
    say("status: %d", wait_for(pid));
}

/* Flags of open that mean nothing, and some that do not mean what is near them. */
static void other_flags(void) {
    put_file("/text", "text", 4);
    for (u32 flag = 4; flag < 0x00100000; flag <<= 1)
        if (flag != O_TRUNC) {
            int fd = sys_open("/text", (int)flag), end = sys_lseek(fd, 0, SEEK_END);
            say("flag %x: %d, %d bytes", flag, fd, end);
            sys_close(fd);
        }
    say("flags BF: %e", sys_open("/text", 0xBF));
}

/* No file is longer than 2 GiB less one byte. One that says it is nearly so long, the content of
 * which is a buffer here. */
static void last_position(void) {
    enum { LAST = 0x7FFFFFFE };
    static char buffer[16];
    int fd = sys_open("/long", O_RDWR | O_CREAT);
    struct descriptor *e = descriptor_of("/long"), before = *e;
    *e = (struct descriptor){e->references, ptr(buffer) - LAST, LAST, 0x90000000u};
    sys_lseek(fd, LAST, SEEK_SET);
    int written = sys_write(fd, "ab", 2);
    say("two bytes: %e, then at %x", written, (u32)sys_lseek(fd, 0, SEEK_CUR));
    say("more: %e", sys_write(fd, "cd", 2));
    *e = before;
    say("%s", buffer);
}

/* Nothing is left, neither behind the contents nor for a larger area of them: one file is the
 * longest there can be, and then a little less. */
static void nothing_left(void) {
    enum { LEFT = 0x1800 };
    static char buffer[4 * LEFT];
    int large = sys_open("/large", O_RDWR | O_CREAT), small = sys_open("/small", O_RDWR | O_CREAT);
    struct descriptor *e = descriptor_of("/large");
    int far = claim_all(large);
    e->length = e->space;
    int none = sys_write(small, buffer, sizeof buffer);
    e->length = e->space - LEFT;
    sys_lseek(large, 0, SEEK_END);
    int some = sys_write(large, buffer, sizeof buffer);
    e->length = 0; /* what is said takes room as well */
    say("far: %e, nothing left: %e, something: %e", far, none, some);
}

/* A file with 256 references, one the name and the rest open descriptors, keeps its content when
 * all that has some moves together. */
static void many_references(void) {
    enum { OPENED = 127 };
    char text[8] = "";
    put_file("/first", "first", 5);
    put_file("/second", "second", 6);
    int fd = 0;
    for (u32 n = 0; n < OPENED; n++)
        fd = sys_open("/first", O_RDONLY);
    int pid = sys_fork();
    if (pid == 0) {
        fd = sys_open("/first", O_RDONLY);
        int far = claim_all(sys_open("/large", O_RDWR | O_CREAT));
        int n = sys_read(fd, text, 5);
        say("far: %e, with %d references", far, (int)descriptor_of("/first")->references & 0xFFFF);
        say("%e, %s", n, text);
        sys_exit(0);
    }
    say("status: %d", wait_for(pid));
}

/* Without paging the bytes of a content move, the first and the last as well. */
static void move_taken(void) {
    enum { PAGE = 4096 };
    static u8 page[PAGE];
    touch(FIRST_TAKEN);
    int low = sys_open("/low", O_RDWR | O_CREAT), moved = sys_open("/moved", O_RDWR | O_CREAT);
    memset(page, 'a', PAGE);
    sys_write(low, page, PAGE);
    memset(page, 'b', PAGE);
    sys_write(moved, page, PAGE);
    sys_write(low, "x", 1);
    sys_lseek(moved, 0, SEEK_SET);
    int n = sys_read(moved, page, PAGE);
    say("moved: %e, %x", n, fnv(FNV_START, page, PAGE));
}

static u32 get_cr0(void) {
    u32 value;
    __asm__ volatile("mov %%cr0, %0" : "=r"(value));
    return value;
}

static void set_cr0(u32 value) {
    __asm__ volatile("mov %0, %%cr0" : : "r"(value) : "memory");
}

/* A call leaves CR0 as it is while there is paging. */
static void clear_wp(void) {
    enum { WP = 1 << 16 };
    u32 before = get_cr0();
    set_cr0(before & ~(u32)WP);
    sys_access("/", 0);
    u32 after = get_cr0();
    set_cr0(before);
    say("CR0: %x, behind a call without WP %x", before, after);
}

/* A bad pointer takes no byte from the script, and a good one gets one byte. */
static void read_the_script(void) {
    for (u32 n = 0; n < 4; n++) {
        u8 text[4] = {0x55, 0x55, 0x55, 0x55};
        int bad = call(NR_READ, 0, NOWHERE, 1, 0, 0), good = sys_read(0, text, 1 + n);
        say("%e, %e: %x %x %x", bad, good, text[0], text[1], text[2]);
    }
}

/* Sources that begin or end, or have a page, where nothing is: an empty file stays so. */
static void lost_sources(void) {
    enum { GUARD = 0x077FF000, STACK = 0x07800000, PAGE = 4096 };
    int fd = sys_open("/empty", O_RDWR | O_CREAT);
    for (u32 n = 1; n < 4; n++)
        say("%e, %e", call(NR_WRITE, (u32)fd, STACK - n, 2 * n, 0, 0),
            call(NR_WRITE, (u32)fd, GUARD - n, 2 * n, 0, 0));
    say("%e", call(NR_WRITE, (u32)fd, GUARD - PAGE, 3 * PAGE, 0, 0));
    say("%e", call(NR_WRITE, 1, STACK - 1, 2, 0, 0));
    say("in /empty: %d, at %x", (int)descriptor_of("/empty")->length,
        descriptor_of("/empty")->address);
}

/* Copies of the console and the script: over a file, over each other, and over what they were. */
static void copy_streams(void) {
    int fd = sys_open("/copied", O_RDWR | O_CREAT);
    u32 used = descriptor_of("/copied")->references;
    say("%e, %e", sys_dup2(1, fd), sys_write(fd, "a line\n", 7));
    say("%e, %e", sys_dup2(0, fd), sys_write(fd, "", 0));
    say("%e, %e", sys_dup2(fd, fd), sys_lseek(fd, 0, SEEK_CUR));
    say("%e, %e", sys_close(fd), sys_dup2(fd, 256));
    say("given up: %d", (int)(used - descriptor_of("/copied")->references));
}

static void grow_with_heap(void) {

    grow_by_turns(12 << 20);
}

/* What the FPU holds, all of it; it holds the same then. */
static void say_fpu(const char *when) {
    u32 image[27];
    __asm__ volatile("fnsave %0; frstor %0" : "=m"(image));
    say("FPU %s: %x %x %x, %x", when, image[0], image[1], image[2],
        fnv(FNV_START, image, sizeof image));
}

/* Takes all that brk gives, or little less. */
static void take_all(void) {
    u32 low = sys_brk(0);
    for (u32 step = 0x80000000u; step >= 4096; step >>= 1)
        if (low + step > low && sys_brk(low + step) == low + step)
            low += step;
}

/* The state of the FPU is the process's: a fork keeps it, also one that fails; exec begins anew. */
static void keep_fpu(void) {
    static const u16 MINE = 0xE7F, OTHER = 0x77F;
    static char *words[] = {"edges", "entered", 0};
    __asm__ volatile("fninit; fldcw %0; fldpi; fldl2e" : : "m"(MINE));
    say_fpu("before");
    int pid = sys_fork();
    if (pid == 0) {
        say_fpu("of the child");
        __asm__ volatile("fninit; fldcw %0; fldln2; fld1; fldz" : : "m"(OTHER));
        sys_exit(1);
    }
    say_fpu("of the parent");
    wait_for(pid);
    pid = sys_fork();
    if (pid == 0)
        sys_execve("/bin/edges", words, 0);
    say_fpu("of the parent again");
    take_all();
    say("fork: %e", sys_fork());
    say_fpu("behind a fork that fails");
    sys_execve("/bin/edges", words, 0);
}

static void entered(void) {
    u32 at = sys_brk(0);
    say_fpu("at the start");
    say("at the break: %x", word_at(at));
    touch(at);
}

/* New pages are zeros, whatever the other registers hold; also that of the break itself. */
static void move_the_break(void) {
    static char *words[] = {"edges", "entered", 0};
    u32 at = sys_brk(0);
    touch(at + 0x2000);
    say("break: %d", (int)((u32)call(NR_BRK, at + 0x3000, 0x10000, 0, 0, 0) - at));
    say("new: %x %x", word_at(at), word_at(at + 0x2000));
    touch(at);
    sys_execve("/bin/edges", words, 0);
}

static u8 mask(void) {
    u8 value;
    __asm__ volatile("inb $0x21, %0" : "=a"(value));
    return value;
}

/* Registers that a call takes nothing from. */
static void other_registers(void) {
    put_file("/text", "text", 4);
    say("unlink: %e", call(NR_UNLINK, ptr("/text"), '/', 0, 0, 0));
    say("chdir: %e", call(NR_CHDIR, ptr("/bin"), 5, 0, 0, 0));
    u8 before = mask();
    int result = call(NR_CHDIR, ptr("/nosuch"), 0, 0x21, 0, 0);
    say("chdir: %e, %x", result, (u32)(mask() ^ before));
    result = call(NR_EXECVE, ptr("/nosuch"), 0, 0x21, 0, 0);
    say("execve: %e, %x", result, (u32)(mask() ^ before));
}

/* A child whose stack is no page of programs, and that leaves no room for a record: what it has
 * written before a child of its own is read-only again. Nobody puts that stack back, so they have
 * their own. */
static void exit_without_room(void) {
    static u32 page[2048];
    int pid = sys_fork();
    if (pid == 0) {
        page[1024] = 1;
        __asm__ volatile("mov $0x5000, %esp\n"
                         "mov $2, %eax; int $0x80; test %eax, %eax; jz 3f\n"
                         "mov $45, %eax; xor %ebx, %ebx; int $0x80; mov %eax, %edi\n"
                         "mov $0x80000000, %esi\n"
                         "1: lea (%edi,%esi), %ebx; mov $45, %eax; int $0x80\n"
                         "cmp %ebx, %eax; jne 2f; mov %eax, %edi\n"
                         "2: shr %esi; cmp $4096, %esi; jae 1b\n"
                         "mov $3, %ebx\n"
                         "3: mov $0x4800, %esp; mov $1, %eax; int $0x80\n");
    }
    say("status: %d, %x", wait_for(pid), page[1024]);
}

static const struct edge {
    const char *name;
    void (*run)(void);
} EDGES[] = {
    {"first", take_over_first},
    {"last", take_over_last},
    {"line", fault_behind_a_line},
    {"many", many_files},
    {"numbers", numbers_again},
    {"grow", grow},
    {"heap", grow_with_heap},
    {"child", grow_in_a_child},
    {"flags", other_flags},
    {"pending", pending_error},
    {"divide", take_over_and_divide},
    {"fpu", keep_fpu},
    {"entered", entered},
    {"break", move_the_break},
    {"registers", other_registers},
    {"room", exit_without_room},
    {"position", last_position},
    {"left", nothing_left},
    {"references", many_references},
    {"cr0", clear_wp},
    {"moved", move_taken},
    {"script", read_the_script},
    {"sources", lost_sources},
    {"streams", copy_streams},
};

int main(int argc, char **argv) {
    for (u32 n = 0; argc == 2 && n < sizeof EDGES / sizeof EDGES[0]; n++)
        if (streq(argv[1], EDGES[n].name))
            EDGES[n].run();
    return 0;
}
