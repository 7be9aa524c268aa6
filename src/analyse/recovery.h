/*
 * What comes back after the release, and how fast.
 */
#ifndef BRINK_ANALYSE_RECOVERY_H
#define BRINK_ANALYSE_RECOVERY_H

#include "analyse/series.h"

struct comeback {
	double base, peak, residual;
	bool taken;       /* there was something to give back */
	double recovered; /* at the end of the data, 0 to 1: all of it */
	/* Since the release, us; -1: not reached. */
	int64_t t50_us, t90_us, t99_us, settled_us;
};

/*
 * peak is the highest value of the whole run: sockets in TIME_WAIT are born by the
 * release itself, and their times count from the release too. Settled is the first instant
 * after which the value stays within max(1 % of what was taken, resolution) of the base
 * for 3 s, or to the end of the data. residual is the settled level over the base: the
 * median of the last 3 s.
 */
void recovery_measure(struct comeback *comeback, const struct facts *facts,
		      const struct series *series, double resolution);

/* Writes the run's rows of recovery; none where nothing was released. 0, or -1. */
int recovery_store(const struct facts *facts);

#endif
