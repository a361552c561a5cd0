#ifndef REFMODEL_FLOAT80_H
#define REFMODEL_FLOAT80_H
#include <stdint.h>
struct float80 {
    uint64_t significand;
    uint16_t top;
};
struct fpu;
void fpu_init(struct fpu *f);
#endif
