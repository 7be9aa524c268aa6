/*
 * Makes the runs of a sweep, one after another.
 */
#ifndef BRINK_CMD_SWEEP_RUNNER_H
#define BRINK_CMD_SWEEP_RUNNER_H

#include <stdbool.h>
#include <stdint.h>

struct sweep_job {
	int64_t sweep_id;
	const char *db; /* the store */
	int64_t for_us; /* begin no run that would end later than this; 0: all of them */
	bool force, reports, quiet;
};

/*
 * Makes all runs that the sweep has none for yet, each by a process of its own that does what
 * "brink run" does, and notes the sweep as ended behind the last. A run that fails is a result;
 * but where the first three of this call are refused before they begin, it stops, and they are
 * yet to be made. SIGINT and SIGTERM end the run that is going on as they end "brink run", and
 * with it this call; SIGHUP does not. Returns the exit code: 99 where a run had that.
 */
int sweep_make_runs(const struct sweep_job *job);

#endif
