/*
 * The charts of several runs laid over each other.
 */
#ifndef BRINK_REPORT_CHART_COMPARE_H
#define BRINK_REPORT_CHART_COMPARE_H

#include <stddef.h>

#include "report/chart.h"
#include "report/findings.h"
#include "store/db.h"

/* The lines of the charts that stand for a run, 0 the first attempt of each. 0, or -1 (see
 * db_error); chart_set_free() in either case. */
int chart_set_compare(struct chart_set *set, struct db *db, const struct findings *runs,
		      size_t count);

#endif
