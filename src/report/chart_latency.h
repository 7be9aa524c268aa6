/*
 * The chart of how long newcomers and messages waited.
 */
#ifndef BRINK_REPORT_CHART_LATENCY_H
#define BRINK_REPORT_CHART_LATENCY_H

#include <stddef.h>

#include "report/chart.h"
#include "report/findings.h"
#include "store/db.h"

/* Appends the chart, over a frame of its own. 0, or -1. */
int chart_add_latency(struct chart_set *set, struct db *db, const struct findings *f,
		      size_t frame);

#endif
