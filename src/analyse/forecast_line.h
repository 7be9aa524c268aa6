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
};

/* The line through what was sampled before until_us; usage is the resource's own series.
 * False where connections are not seen to move it. */
bool forecast_line(struct forecast_line *line, const struct facts *facts,
		   const char *kind, int64_t subject, const char *resource,
		   const struct series *usage, int64_t until_us);

/* What a connection was seen to cost in private memory of all processes before until_us;
 * 0 where it was not. */
double forecast_memory(const struct facts *facts, int64_t until_us);

#endif
