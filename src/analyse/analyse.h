/*
 * Numbers into findings: reads what a run left in the store and writes what it means.
 */
#ifndef BRINK_ANALYSE_ANALYSE_H
#define BRINK_ANALYSE_ANALYSE_H

#include <stdint.h>

#include "store/db.h"

/*
 * Analyses a run whose recording has ended. In one transaction, deletes and makes anew the
 * run's rows in finding, evidence, breaking_point, leak, forecast, recovery and expectation, sets
 * its outcome, and its state to 'done'; an 'interrupted' run stays so. The same samples give
 * the same rows, however often it is called. 0, or -1 (see db_error) with nothing changed.
 */
int analyse_run(struct db *db, int64_t run_id);

#endif
