/* Choices of the fuzzer's makers. */
#ifndef VERIFY_FUZZ_FUZZ_RANDOM_H
#define VERIFY_FUZZ_FUZZ_RANDOM_H

#include <stdint.h>

/* Starts a generator (splitmix32), whatever the seed. */
static inline uint32_t fuzz_next(uint32_t *state) {
    uint32_t z = *state += 0x9E3779B9u;
    z = (z ^ z >> 16) * 0x21F0AAADu;
    z = (z ^ z >> 15) * 0x735A2D97u;
    return z ^ z >> 15;
}

/* A number below `limit`. */
static inline uint32_t fuzz_below(uint32_t *state, uint32_t limit) {
    return (uint32_t)((uint64_t)fuzz_next(state) * limit >> 32);
}

/* True once in n times. */
static inline int fuzz_one_in(uint32_t *state, uint32_t n) {
    return fuzz_below(state, n) == 0;
}

#define FUZZ_PICK(state, list) ((list)[fuzz_below((state), sizeof(list) / sizeof(list)[0])])

#endif
