/*
 * Levels of a resource: what it was before the load, at most, and at the end.
 */
#ifndef BRINK_ANALYSE_LEVELS_H
#define BRINK_ANALYSE_LEVELS_H

#include "analyse/series.h"

struct level {
	double base, peak, final, leaked;
	double
	    per_second; /* leaked, a second from the first attempt to the final sample */
};

/* Writes the run's rows of leak: every resource that is tracked, on every subject but
 * workers, listeners and processes; of these the acceptors. broke_us: slopes end there;
 * FACTS_NEVER where nothing broke. 0, or -1. */
int levels_store(const struct facts *facts, int64_t broke_us);

#endif
