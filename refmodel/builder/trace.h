/* What the trace sees of the model. */
#ifndef REFMODEL_BUILDER_TRACE_H
#define REFMODEL_BUILDER_TRACE_H

#include "refmodel/builder/process.h"

/* One line a call, if somebody listens. */
void trace_init(struct seedbed *s);
void trace_enter(struct seedbed *s, const struct process *caller, uint32_t number,
                 const uint32_t *argument);
void trace_leave(struct seedbed *s, uint32_t number, const uint32_t *argument, uint32_t result);

#endif
