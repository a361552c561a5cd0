/*
 * What compilers call without being asked: long long division and conversions from floating point.
 * The names and meanings are those of libgcc, so that objects of cc.scm, tcc and gcc all find them
 * here.
 */
typedef unsigned int word;
typedef unsigned long long wide;

/* wide __divide_step(word high, word low, word by, word *rest): (high:low) / by for high < by; the
 * quotient is one word */
__asm__("__divide_step:\n"
        ".byte 0x8B,0x54,0x24,0x04      # mov edx, [esp+4]\n"
        ".byte 0x8B,0x44,0x24,0x08      # mov eax, [esp+8]\n"
        ".byte 0xF7,0x74,0x24,0x0C      # div dword [esp+12]\n"
        ".byte 0x8B,0x4C,0x24,0x10      # mov ecx, [esp+16]\n"
        ".byte 0x89,0x11                # mov [ecx], edx\n"
        ".byte 0xC3                     # ret\n"
        ".globl __divide_step\n");
word __divide_step(word high, word low, word by, word *rest);

/* a / b and, through rest, a % b. By a word: two steps. By more: the quotient is one word, found by
 * subtraction of shifted b. */
static wide divide(wide a, wide b, wide *rest) {
    if (b >> 32 == 0) {
        word by = (word)b, left;
        word high = (word)(a >> 32) / by;
        word low = __divide_step((word)(a >> 32) % by, (word)a, by, &left);
        *rest = left;
        return (wide)high << 32 | low;
    }
    word quotient = 0, bit = 1;
    while (!(b >> 63) && b < a) {
        b <<= 1;
        bit <<= 1;
    }
    for (; bit != 0; bit >>= 1, b >>= 1)
        if (a >= b) {
            a -= b;
            quotient |= bit;
        }
    *rest = a;
    return quotient;
}

wide __udivdi3(wide a, wide b) {
    wide rest;
    return divide(a, b, &rest);
}

wide __umoddi3(wide a, wide b) {
    wide rest;
    divide(a, b, &rest);
    return rest;
}

static wide magnitude(long long n) {
    return n < 0 ? -(wide)n : (wide)n;
}

long long __divdi3(long long a, long long b) {
    wide rest, quotient = divide(magnitude(a), magnitude(b), &rest);
    return (a < 0) != (b < 0) ? -quotient : quotient;
}

long long __moddi3(long long a, long long b) {
    wide rest;
    divide(magnitude(a), magnitude(b), &rest);
    return a < 0 ? -rest : rest;
}

/* Shifts of long long: tcc calls these. The count is below 64. */
union halves {
    wide whole;
    struct {
        word low, high;
    } part;
};

long long __ashldi3(long long n, int count) {
    union halves x;
    x.whole = n;
    if (count >= 32) {
        x.part.high = x.part.low << (count - 32);
        x.part.low = 0;
    } else if (count > 0) {
        x.part.high = x.part.high << count | x.part.low >> (32 - count);
        x.part.low <<= count;
    }
    return x.whole;
}

wide __lshrdi3(wide n, int count) {
    union halves x;
    x.whole = n;
    if (count >= 32) {
        x.part.low = x.part.high >> (count - 32);
        x.part.high = 0;
    } else if (count > 0) {
        x.part.low = x.part.low >> count | x.part.high << (32 - count);
        x.part.high >>= count;
    }
    return x.whole;
}

long long __ashrdi3(long long n, int count) {
    union halves x;
    x.whole = n;
    if (count >= 32) {
        x.part.low = (int)x.part.high >> (count - 32);
        x.part.high = (int)x.part.high >> 31;
    } else if (count > 0) {
        x.part.low = x.part.low >> count | x.part.high << (32 - count);
        x.part.high = (int)x.part.high >> count;
    }
    return x.whole;
}

/* An x87 number: 64 bits of mantissa, sign and exponent biased by 16383. */
union extended {
    long double number;
    struct {
        wide mantissa;
        unsigned short sign_exponent;
    } part;
};

/* Towards zero; what does not fit is not defined (C99 6.3.1.4). */
wide __fixunsxfdi(long double x) {
    union extended u;
    u.number = x;
    int exponent = (u.part.sign_exponent & 0x7FFF) - 16383;
    wide n = exponent < 0 || exponent > 63 ? 0 : __lshrdi3(u.part.mantissa, 63 - exponent);
    return u.part.sign_exponent & 0x8000 ? -n : n;
}

wide __fixunsdfdi(double x) {
    return __fixunsxfdi(x);
}

wide __fixunssfdi(float x) {
    return __fixunsxfdi(x);
}

long long __fixxfdi(long double x) {
    return __fixunsxfdi(x);
}

long long __fixdfdi(double x) {
    return __fixunsxfdi(x);
}

long long __fixsfdi(float x) {
    return __fixunsxfdi(x);
}

/* From unsigned long long: the signed conversion is the processor's; 2^64 is added to what it took
 * for negative. */
long double __floatundixf(wide n) {
    long double x = (long double)(long long)n;
    return (long long)n < 0 ? x + 0x1p64L : x;
}

double __floatundidf(wide n) {
    return (double)__floatundixf(n);
}

float __floatundisf(wide n) {
    return (float)__floatundixf(n);
}
