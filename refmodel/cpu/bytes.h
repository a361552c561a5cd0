/* Pages, and little-endian numbers in bytes. */
#ifndef REFMODEL_CPU_BYTES_H
#define REFMODEL_CPU_BYTES_H

#include <stdint.h>

enum { PAGE_SHIFT = 12, PAGE_SIZE = 4096, PAGE_MASK = 4095, PAGES = 1 << 20 };

static inline uint32_t get8(const uint8_t *p) {
    return *p;
}

static inline void put8(uint8_t *p, uint32_t v) {
    *p = (uint8_t)v;
}

static inline uint32_t get16(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static inline uint32_t get32(const uint8_t *p) {
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline void put16(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
}

static inline void put32(uint8_t *p, uint32_t v) {
    p[0] = (uint8_t)v;
    p[1] = (uint8_t)(v >> 8);
    p[2] = (uint8_t)(v >> 16);
    p[3] = (uint8_t)(v >> 24);
}

#endif
