/*
 * Open-loop pacing: which connections a client starts, and when each is due.
 *
 * Connection k of a run belongs to forker k % forkers and is its connection k / forkers.
 * A ramp order says that connections [first, last) are due at at_us + (k - first) / rate,
 * whatever happened to the ones before.
 */
#ifndef BRINK_RUN_SCHEDULE_H
#define BRINK_RUN_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

#include "run/ledger.h"

struct schedule {
	int64_t forkers, forker;
	int64_t next, last; /* of the forker's connections, those of this client left */
	struct order ramp;  /* the newest; last == 0: none yet */
};

/* The run's number of the forker's connection i. */
int64_t schedule_connection(const struct schedule *schedule, int64_t i);

/* True where the ramp calls for the next connection, and then when: microseconds since
 * the run's start. */
bool schedule_due(const struct schedule *schedule, int64_t *due_us);

#endif
