/*
 * Parts of a set of charts, for chart.c and chart_compare.c.
 */
#ifndef BRINK_REPORT_CHART_FILL_H
#define BRINK_REPORT_CHART_FILL_H

#include "report/chart.h"

/* Appends a series, where there is room for it. */
void chart_add_series(struct chart *chart, const char *label, size_t frame, size_t column,
		      double scale, unsigned slot, bool spans);

/* Appends a limit, where there is room and it is not there yet with the same value. */
void chart_add_limit(struct chart *chart, const struct findings_limit *limit);

/* True where the subject is one of the count whose level of the line's resource has the
 * highest peak, or nothing is known of their levels. */
bool chart_is_among(const struct findings *f, const struct chart_line *line,
		    const char *subject, size_t count);

/* When the connections were let go, or the end of the run. */
int64_t chart_release_us(const struct findings *f);

/* The chart of latencies, over a frame of its own. 0, or -1. */
int chart_add_latency(struct chart_set *set, struct db *db, const struct findings *f,
		      size_t frame);

/* A chart a cycle, up to CHART_CYCLES, of what was still taken over the time since the
 * release, each over a frame that it appends. 0, or -1. */
int chart_add_recovery(struct chart_set *set, struct db *db, const struct findings *f);

/* Phases as bands, with the range of the x axis; breaking point and first failures. */
void chart_add_bands(struct chart_set *set, const struct findings *f);
void chart_add_marks(struct chart_set *set, const struct findings *f);

#endif
