/*
 * What the run itself takes of a resource: usage = base + cost * connections. Of what all
 * programs of the host share, only brink's own part moves with connections; the rest, as it
 * was last, is in the base.
 */
#ifndef BRINK_ANALYSE_FORECAST_LINE_H
#define BRINK_ANALYSE_FORECAST_LINE_H

#include "analyse/series.h"

struct forecast_line {
	double base;
	double cost, low, high; /* of a connection, and the interval of it */
	double step;            /* taken at once, ahead of its use; 0: nothing is */
	double per_second; /* where time moves it, not connections: by so much; else 0 */
};

/* The line through what was sampled before until_us; usage is the resource's own series.
 * False where connections are not seen to move it, or time moves it as much: then no number
 * of connections meets its limit, but a time does. */
bool forecast_line(struct forecast_line *line, const struct facts *facts,
		   const char *kind, int64_t subject, const char *resource,
		   const struct series *usage, int64_t until_us);

/* Likewise the line through the private memory of all processes of the run. */
bool forecast_memory(struct forecast_line *line, const struct facts *facts,
		     int64_t until_us);

#endif
