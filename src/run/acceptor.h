/*
 * An acceptor of the built-in server: accepts, answers, holds, and never closes first.
 */
#ifndef BRINK_RUN_ACCEPTOR_H
#define BRINK_RUN_ACCEPTOR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "run/spawn.h"

/* context->listener is the shared one; where it is -1 the acceptor binds its own into the
 * SO_REUSEPORT group. Returns on ORDER_QUIT_WORKERS. */
int acceptor_main(const struct worker_context *context);

/*
 * Refuses an address space in which an acceptor could not begin: that of this process, of
 * which it will be a copy, and what the run maps. 0, or -1 after one sentence on err.
 */
int acceptor_check(const struct plan *plan, FILE *err);

/*
 * Which acceptor alone empties a shared accept queue that fills as fast as it is emptied.
 *
 * An acceptor that sleeps until the next connection is there is woken for each one, which
 * costs more than the accepting. So an acceptor that found the queue empty rests, and lets
 * some gather. The others must not be woken in its place: they leave the queue alone while it
 * has the lease, which ends by itself where it is stopped, dead or too slow.
 */
struct lease {
	_Atomic int64_t *until_us; /* of all acceptors of the queue; 0 at first */
	int64_t own_us;            /* what this one wrote there last */
};

/* Begins or prolongs this acceptor's lease, from now on, microseconds since the run's start;
 * false while it is another's. Never waits. */
bool accept_lease_take(struct lease *lease, int64_t now_us);

#endif
