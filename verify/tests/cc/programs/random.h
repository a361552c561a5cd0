/* Generated numbers, the same in every run (xorshift32). */
#include <stdint.h>

static uint32_t state = 2463534242u; /* never 0 */
static uint32_t next(void) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}
static uint64_t next64(void) {
    uint64_t high = next();
    return high << 32 | next();
}
static int below(int n) {
    return next() % n;
}

/* A number of any size: few bits are as likely as many. */
static uint64_t any_integer(void) {
    uint64_t n = next64();
    return n >> below(64);
}

/* A negative one as often. */
static uint64_t any_signed(void) {
    uint64_t n = any_integer();
    return below(2) ? n : -n;
}
