/*
 * The charts of one run.
 */
#ifndef BRINK_REPORT_CHART_LOAD_H
#define BRINK_REPORT_CHART_LOAD_H

#include "report/chart.h"
#include "report/findings.h"
#include "store/db.h"

/* The charts of a run that have something to show. 0, or -1 (see db_error);
 * chart_set_free() in either case. */
int chart_set_load(struct chart_set *set, struct db *db, const struct findings *f);

#endif
