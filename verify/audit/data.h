/* The second reading of data: db, dw, dd, dq and align. */
#ifndef VERIFY_AUDIT_DATA_H
#define VERIFY_AUDIT_DATA_H

#include "verify/audit/source.h"

/*
 * Compares `size` bytes at `offset` in the image with what the data text of `item` means there.
 * Returns null if they agree, else what does not, as a line (allocated).
 */
char *audit_data(const struct source *source, const struct item *item, size_t offset, size_t size);

#endif
