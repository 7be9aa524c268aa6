/*
 * What --expect asked for, held against what the run came to.
 */
#ifndef BRINK_ANALYSE_EXPECTED_H
#define BRINK_ANALYSE_EXPECTED_H

#include <stdint.h>

#include "store/db.h"

/* Writes the run's rows of expectation, from its plan and what the analysis stored. What
 * is not known did not pass. 0, or -1. */
int expected_store(struct db *db, int64_t run_id);

#endif
