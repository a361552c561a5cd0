/* SHA-256 (FIPS 180-4). */
#ifndef IMAGES_LIB_SHA256_H
#define IMAGES_LIB_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct sha256 {
    uint32_t h[8];
    uint64_t length; /* bytes so far */
    uint8_t block[64];
};

void sha256_open(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *bytes, size_t n);

/* Writes the digest as 64 lower-case hex digits and a NUL. */
void sha256_close(struct sha256 *s, char hex[65]);

/* The whole of the above for bytes in memory. */
void sha256_hex(const void *bytes, size_t n, char hex[65]);

#endif
