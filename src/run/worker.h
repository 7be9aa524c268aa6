/*
 * What every process that the supervisor starts is given.
 */
#ifndef BRINK_RUN_WORKER_H
#define BRINK_RUN_WORKER_H

#include <stdint.h>

#include "plan/plan.h"
#include "run/ledger.h"
#include "run/own_cgroup.h"

struct worker_context {
	const struct plan *plan;
	struct ledger *ledger;
	enum role role;
	int32_t slot; /* within the role */
	int orders;   /* read end of the order pipe, see run/control.h */
	const struct own_cgroup *cgroup; /* of the workers, NULL: none */
	int listener; /* shared listener of the acceptors, -1 elsewhere */
	void *extra;  /* what this role alone needs: its header says */
};

/* The main function of a role: runs in its own process, returns the exit status. */
typedef int worker_main(const struct worker_context *context);

#endif
