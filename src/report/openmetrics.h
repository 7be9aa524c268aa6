/*
 * Runs as metrics, for a collector that reads text files.
 */
#ifndef BRINK_REPORT_OPENMETRICS_H
#define BRINK_REPORT_OPENMETRICS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/*
 * Writes the figures of the runs in the text format of OpenMetrics 1.0
 * (https://prometheus.io/docs/specs/om/open_metrics_spec/), in which they are also valid
 * for a Prometheus text file collector: gauges without timestamps. Every sample has the
 * labels run and label. 0, or -1 (see db_error).
 */
int openmetrics_write(struct db *db, const int64_t *run_ids, size_t count, FILE *out);

#endif
