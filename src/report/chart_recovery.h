/*
 * The charts of what came back after each release.
 */
#ifndef BRINK_REPORT_CHART_RECOVERY_H
#define BRINK_REPORT_CHART_RECOVERY_H

#include "report/chart.h"
#include "report/findings.h"
#include "store/db.h"

/* Appends a chart a cycle, up to CHART_CYCLES, of what was still taken over the time
 * since the release, each over a frame that it appends. 0, or -1. */
int chart_add_recovery(struct chart_set *set, struct db *db, const struct findings *f);

#endif
