/* The end of a run in words. */
#ifndef IMAGES_SESSION_TELL_H
#define IMAGES_SESSION_TELL_H

#include "images/session/progress.h"
#include "images/session/session.h"

/* Where the processor spent its time. */
void tell_samples(const struct run_samples *s);

/* Says what went wrong, where, and what can be done about it. */
void tell_failure(const struct session *s, const struct run_result *result,
                  const struct progress *g, bool shown);

/* One sentence about what was made. */
int tell_success(struct session *s, const struct run_result *result, struct problem *p);

#endif
