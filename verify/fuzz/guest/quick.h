/* What the fuzzer's programs do most, a word at a time. */
#ifndef VERIFY_FUZZ_GUEST_QUICK_H
#define VERIFY_FUZZ_GUEST_QUICK_H

#include "verify/guest/rt.h"

typedef u32 __attribute__((may_alias, aligned(1))) any_word;

/* Goes on with a checksum over n bytes. */
static inline u32 digest(u32 sum, const void *bytes, u32 n) {
    const u8 *b = bytes;
    for (; n >= 4; n -= 4, b += 4) {
        sum = (sum ^ *(const any_word *)b) * 16777619u;
        sum = sum << 13 | sum >> 19;
    }
    return fnv(sum, b, n);
}

/* n bytes that depend on the seed; up to three behind them change, too. */
static inline void fill_from(u8 *to, u32 n, u32 seed) {
    u32 word = seed * 0x01010101u;
    for (u32 i = 0; i < n; i += 4, word = word * 5 + 0x03070D1Du)
        *(any_word *)(to + i) = word;
}

#endif
