/*
 * The supervisor: plans, forks, reaps, moves phases, decides that a run is broken. It
 * never samples and never touches SQLite: the sampler and the recorder are handed to it.
 */
#ifndef BRINK_RUN_SUPERVISOR_H
#define BRINK_RUN_SUPERVISOR_H

#include "run/worker.h"

struct supervisor_job {
	const struct plan *plan;
	struct ledger *ledger;
	const struct own_cgroup *cgroup; /* of the workers, NULL: none */
	worker_main *sampler;
	worker_main *recorder;
	void *recorder_extra; /* handed on as its context's extra */
	const char
	    *target_output; /* file for the output of the target's command; or NULL */
};

/*
 * The whole run, in the calling process. Returns once every process it started is gone:
 * 0, the signal number that ended it early (SIGINT, SIGTERM: the second of them), or -1
 * where brink itself failed (said on standard error). Signal dispositions and masks are as
 * before.
 */
int supervisor_run(const struct supervisor_job *job);

#endif
