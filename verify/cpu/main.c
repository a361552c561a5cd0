/* Runs all forms and prints their checksums. */
#include "verify/cpu/cpu.h"

enum { ROUNDS = 16, VALUES = 64, SEED = 0x5EEDBED };

/* What the command line asks for; set once. */
static struct {
    u32 rounds;
    const char *only;
    u32 cases;
} run_state;

static u32 mix(u32 sum, u32 v) {
    sum = (sum ^ v) * 0x9E3779B1u;
    return sum ^ sum >> 15;
}

static u32 mix_bytes(u32 sum, const u8 *p, u32 n) {
    for (u32 k = 0; k < n; k += 4)
        sum = mix(sum, *(const u32 *)(p + k));
    return sum;
}

static void print_state(const char *name, const struct state *s) {
    print(name);
    for (u32 n = 0; n < 8; n++) {
        print(" ");
        print_hex(s->r[n]);
    }
    print(" flags ");
    print_hex(s->flags);
    print("\n");
}

static void print_bytes(const char *name, const u8 *p, u32 n) {
    print(name);
    while (n--) {
        static const char digits[] = "0123456789ABCDEF";
        const char text[3] = {digits[*p >> 4], digits[*p & 15], 0};
        print(text);
        p++;
    }
    print("\n");
}

static void show_case(const struct encoding *e, int is_float) {
    print_bytes("code ", e->code, e->length);
    print_state("  before", &before);
    print_state("  after ", &after);
    print_bytes("  memory ", scratch + WINDOW, WINDOW_BYTES);
    if (is_float) {
        print("  control ");
        print_hex(float_control);
        print("\n");
        for (u32 n = 0; n < 8; n++)
            print_bytes("  in ", float_in[n], 10);
        print_bytes("  environment ", float_out, 28);
        for (u32 n = 0; n < 8; n++)
            print_bytes("  out ", float_out + 28 + 10 * n, 10);
    }
}

static u32 run_case(const struct form *f, const struct encoding *e, u32 *random, u32 sum) {
    int whole = f->special == STRING || f->parts & STACK;
    choose_values(f, e, random);
    if (f->special == FLOAT)
        choose_floats(random);
    u32 mask = defined_flags(f, e);
    run_stub();
    after.flags &= mask & (ARITHMETIC | DF);
    if (f->special == FLOAT)
        mask_float_state(f);
    if (run_state.only)
        show_case(e, f->special == FLOAT);
    for (u32 n = 0; n < 8; n++)
        sum = mix(sum, after.r[n]);
    sum = mix(sum, after.flags);
    if (f->special == FLOAT)
        sum = mix_bytes(sum, float_out, sizeof float_out);
    run_state.cases++;
    return whole ? mix_bytes(sum, scratch, SCRATCH_BYTES)
                 : mix_bytes(sum, scratch + WINDOW, WINDOW_BYTES);
}

/* The name asked for; blanks are written as underscores. */
static int wanted(const char *only, const char *name) {
    while (*name && (*only == *name || (*only == '_' && *name == ' '))) {
        only++;
        name++;
    }
    return *only == *name;
}

static void run_form(const struct form *f) {
    u32 sum = 0, random = SEED;
    if (run_state.only && !wanted(run_state.only, f->name))
        return;
    for (const char *p = f->name; *p; p++)
        random = mix(random, (u8)*p);
    random |= 1;
    for (u32 round = 0; round < run_state.rounds; round++) {
        struct encoding e;
        place(round);
        encode(f, &random, &e);
        for (u32 n = 0; n < SCRATCH_BYTES; n++)
            scratch[n] = (u8)(n * 7);
        make_stub(e.code, e.length, f->special == FLOAT, 6);
        for (u32 n = 0; n < VALUES; n++)
            sum = run_case(f, &e, &random, sum);
        sum = mix_bytes(sum, scratch, SCRATCH_BYTES);
    }
    print_hex(sum);
    print(" ");
    print(f->name);
    print("\n");
}

static u32 number(const char *text) {
    u32 v = 0;
    while (*text >= '0' && *text <= '9')
        v = v * 10 + (u32)(*text++ - '0');
    return v;
}

/* Called by start.S. */
void run(void) {
    const u32 *words = (const u32 *)arguments;
    run_state.rounds = words[0] > 1 ? number((const char *)words[2]) : ROUNDS;
    run_state.only = words[0] > 2 ? (const char *)words[3] : 0;
    integer_forms(run_form);
    sequence_forms(run_form);
    fused_forms(run_form);
    float_forms(run_form);
    print_number(run_state.cases);
    print(" cases\n");
    leave(run_state.cases == 0);
}
