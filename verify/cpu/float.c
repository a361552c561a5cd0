/* x87: values before, what counts after. */
#include "verify/cpu/cpu.h"

enum { CONTROL = 0, STATUS = 4, TAGS = 8, POINTERS = 12, REGISTERS = 28 };
enum { C0 = 0x100, C1 = 0x200, C2 = 0x400, C3 = 0x4000 };

static void put_float(u8 *to, u32 top, u32 high, u32 low) {
    for (u32 n = 0; n < 4; n++) {
        to[n] = (u8)(low >> 8 * n);
        to[4 + n] = (u8)(high >> 8 * n);
    }
    to[8] = (u8)top;
    to[9] = (u8)(top >> 8);
}

/* Numbers of all kinds: ordinary ones near each other, integers, edges, NaNs, denormals. */
static void choose_float(u8 *to, u32 *random) {
    u32 kind = next_random(random) >> 5, sign = kind & 0x8000;
    u32 high = next_random(random), low = next_random(random);
    switch (kind & 15) {
    case 0:
        put_float(to, sign, 0, 0); /* zero */
        break;
    case 1:
        put_float(to, sign | 0x7FFF, 0x80000000u, 0); /* infinity */
        break;
    case 2:
        put_float(to, sign | 0x7FFF, 0x80000000u | high, low); /* NaN */
        break;
    case 3:
        put_float(to, sign, high >> (kind >> 16 & 31), low); /* denormal or nearly */
        break;
    case 4:
        put_float(to, sign | (kind >> 16 & 63), high | 0x80000000u, low); /* small */
        break;
    case 5:
        put_float(to, sign | (0x7FFE - (kind >> 16 & 63)), high | 0x80000000u, low);
        break;
    case 6:
        put_float(to, sign | (high >> 16 & 0x7FFF), high, low); /* anything, also invalid */
        break;
    case 7:
    case 8: /* an integer */
        put_float(to, sign | (0x3FFF + (kind >> 16 & 63)), 0x80000000u, 0);
        break;
    case 9:
    case 10: /* short significands: results are exact, or halfway */
        put_float(to, sign | (0x3FF0 + (kind >> 16 & 31)), 0x80000000u | (high & 0xFFF00000u), 0);
        break;
    case 11: /* a single's or double's edge */
        put_float(to, sign | (kind & 0x10000 ? 0x3FFF + 127 : 0x3FFF - 126 - (kind >> 17 & 31)),
                  0x80000000u | high, low);
        break;
    case 12:
        put_float(to, sign | (kind & 0x10000 ? 0x3FFF + 1023 : 0x3FFF - 1022 - (kind >> 17 & 63)),
                  0x80000000u | high, low);
        break;
    default:
        put_float(to, sign | (0x3FE0 + (kind >> 16 & 63)), 0x80000000u | high, low);
        break;
    }
}

/* Exceptions stay masked; rounding and precision are any that is defined. */
void choose_floats(u32 *random) {
    static const u8 precision[4] = {3, 3, 2, 0};
    u32 v = next_random(random) >> 7;
    float_control = (u16)(0x7F | (u32)precision[v & 3] << 8 | (v >> 2 & 3) << 10);
    for (u32 n = 0; n < 8; n++)
        choose_float(float_in[n], random);
    /* memory operands: a float80, and what its bits are as other formats */
    choose_float(scratch + MIDDLE, random);
    if (v & 0x100) { /* singles and doubles of ordinary size */
        scratch[MIDDLE + 3] = (u8)((scratch[MIDDLE + 3] & 0x80) | 0x3F);
        scratch[MIDDLE + 7] = (u8)((scratch[MIDDLE + 7] & 0x80) | 0x40);
    }
}

/* Instruction pointers are the machine's own, and so is what `undefined` names of C0 to C3. */
void mask_float_state(const struct form *f) {
    for (u32 n = POINTERS; n < REGISTERS; n++)
        float_out[n] = 0;
    float_out[2] = float_out[3] = float_out[6] = float_out[7] = float_out[10] = float_out[11] = 0;
    u32 conditions = (f->undefined & 1 ? C0 : 0u) | (f->undefined & 2 ? C1 : 0u) |
                     (f->undefined & 4 ? C2 : 0u) | (f->undefined & 8 ? C3 : 0u);
    float_out[STATUS + 1] &= (u8) ~(conditions >> 8);
}
