/*
 * Findings from the store, read once.
 */
#ifndef BRINK_REPORT_FINDINGS_LOAD_H
#define BRINK_REPORT_FINDINGS_LOAD_H

#include <stdint.h>

#include "report/findings.h"
#include "store/db.h"

/* Reads a run. 0, or -1 where there is no such run or the store cannot be read (see
 * db_error); findings_free() in either case. */
int findings_load(struct findings *findings, struct db *db, int64_t run_id);

#endif
