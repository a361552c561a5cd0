/* The two kinds of functions, each as one. */
#include "refmodel/cpu/exec.h"

#define ALL(kind)                                                                                  \
    {                                                                                              \
        .alu = &alu_##kind, .unary = &unary_##kind, .shift = &shift_##kind, .bit = &bit_##kind,    \
        .muldiv = &muldiv_##kind, .move = &move_##kind, .stack = &stack_##kind,                    \
        .flow = &flow_##kind, .string = &string_##kind                                             \
    }

const struct run_set run_flat = ALL(flat);
const struct run_set run_segmented = ALL(segmented);
