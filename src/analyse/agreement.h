/*
 * No two sentences of one report contradict each other: all findings of a run, held against
 * each other and against what was recorded.
 */
#ifndef BRINK_ANALYSE_AGREEMENT_H
#define BRINK_ANALYSE_AGREEMENT_H

#include "store/db.h"

/*
 * Finds the first finding of the run that something stronger contradicts: a verdict or a
 * consequence, a failed call, a process that ended, its own figures. Writes which and by what
 * to why. Returns its finding_id, 0 where all agree, -1 where the store cannot be read.
 */
int64_t agreement_find(struct db *db, int64_t run_id, char *why, size_t size);

/* Takes back every finding that is contradicted. Within a transaction. 0, or -1. */
int agreement_settle(struct db *db, int64_t run_id);

#endif
