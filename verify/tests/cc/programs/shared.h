/* What caller.c and callee.c both know. */
struct pair {
    int a, b;
};
struct odd {
    char c[5];
};
struct big {
    long long n;
    double d;
    char text[20];
    short s;
};
struct bits {
    unsigned a : 3;
    int b : 7;
    unsigned long long c : 40;
    char d;
    int e : 20;
    int : 0;
    short f : 9;
};
union mixed {
    float f;
    unsigned u;
    char c[7];
};

int add_small(char a, signed char b, unsigned char c, short d, unsigned short e, _Bool f);
signed char give_char(int n);
unsigned short give_short(int n);
_Bool give_bool(int n);
long long add_wide(int a, long long b, unsigned long long c, char d);
float add_float(float a, double b, long double c, int d);
double give_double(int n);
long double give_long_double(double x);
struct pair swap_pair(struct pair p);
struct odd turn(struct odd o, int by);
struct big grow(int before, struct big b, char after);
union mixed mix(union mixed m);
struct bits more_bits(struct bits b);
int sum_ints(int count, ...);
double sum_doubles(const char *kinds, ...);
int apply(int (*f)(int, void *), int n, void *what);
struct pair (*choose(int which))(struct pair);
extern struct big table[3];
extern const char *const names[];
extern int counter;
void keep_registers(int *out);
