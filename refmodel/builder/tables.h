/* What programs find by address. */
#ifndef REFMODEL_BUILDER_TABLES_H
#define REFMODEL_BUILDER_TABLES_H

#include "refmodel/seedbed.h"

/* From now on the tables are there. */
void tables_init(struct seedbed *s);

/* What programs have seen of them is no longer so. */
void tables_forget(struct seedbed *s);

/* To be called after files have changed. */
void tables_changed(struct seedbed *s);

#endif
