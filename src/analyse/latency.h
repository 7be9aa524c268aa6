/*
 * Latencies of a whole run. Quantiles do not add up; histograms do.
 */
#ifndef BRINK_ANALYSE_LATENCY_H
#define BRINK_ANALYSE_LATENCY_H

#include <stdint.h>

#include "store/db.h"

/* Adds all histograms of a kind to counts[HISTOGRAM_BUCKETS]. 0, or -1 where the store
 * cannot be read or a histogram is damaged. */
int latency_total(struct db *db, int64_t run_id, const char *kind, uint64_t *counts);

/* What the run is cut into for an interval. */
#define LATENCY_BATCHES 10

/*
 * The quantile of each of LATENCY_BATCHES stretches of the run with the same number of
 * seconds each, us. Of neighbouring seconds the latencies resemble each other; of
 * stretches that long much less, so that their spread says how far the quantile of the
 * run is certain (sectioning: Asmussen and Glynn 2007, III.5). 1; 0 where there are fewer
 * seconds than that, or too few values in one of the stretches; or -1.
 */
int latency_batches(struct db *db, int64_t run_id, const char *kind, double quantile,
		    double *values);

#endif
