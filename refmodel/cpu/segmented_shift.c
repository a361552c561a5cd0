/* The same for segmented code: see access.h. */
#define SEGMENTED
#include "refmodel/cpu/exec_shift.c"
