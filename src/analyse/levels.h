/*
 * Levels of a resource, what a connection costs, and what grows with time alone.
 */
#ifndef BRINK_ANALYSE_LEVELS_H
#define BRINK_ANALYSE_LEVELS_H

#include "analyse/series.h"

struct level {
	double base, peak, final, leaked, per_second;
	bool has_over_time, has_per_connection;
	struct slope over_time;      /* a second, connections held still */
	struct slope per_connection; /* what grows with time taken out */
};

/* The median over the baseline after its first second; where that leaves nothing, over
 * all of it, and else the first value. The series must not be empty. *noise, if not NULL,
 * receives the median absolute deviation. */
double level_base(const struct facts *facts, const struct series *series, double *noise);

/*
 * Slopes from the samples before until_us. over_time is the Theil-Sen slope on time over
 * the longest still stretch. per_connection is that on the connections held, over ramps
 * and plateaus, after over_time was taken out where it is significant: its interval does
 * not touch 0 and the growth over the stretch exceeds three times the resolution and the
 * noise of the base. Connections and time grow together on a ramp: without this a leak
 * over time would pass for a cost of connections.
 */
void level_slopes(struct level *level, const struct facts *facts,
		  const struct series *series, double resolution, int64_t until_us);

/* True where over_time is significant, as said above. */
bool level_grows(const struct level *level, double span_s, double resolution,
		 double noise);

/* Writes the run's rows of leak: every resource that is followed, on every subject but
 * workers, listeners and processes; of these the acceptors. broke_us: slopes end there;
 * FACTS_NEVER where nothing broke. 0, or -1. */
int levels_store(const struct facts *facts, int64_t broke_us);

#endif
