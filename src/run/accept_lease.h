/*
 * Whose turn it is to empty a shared accept queue that fills as fast as it is emptied.
 *
 * An acceptor that sleeps until the next connection is there is woken for each one, which
 * costs more than the accepting. So an acceptor that found the queue empty rests, and lets
 * some gather. The others must not be woken in its place: they leave the queue alone while it
 * has its turn, which ends by itself where it is stopped, dead or too slow.
 */
#ifndef BRINK_RUN_ACCEPT_LEASE_H
#define BRINK_RUN_ACCEPT_LEASE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct lease {
	_Atomic int64_t *until_us; /* of all acceptors of the queue; 0 at first */
	int64_t own_us;            /* what this one wrote there last */
};

/* Begins or prolongs this acceptor's turn, from now on, microseconds since the run's start;
 * false while it is another's. Never waits. */
bool accept_lease_take(struct lease *lease, int64_t now_us);

/* Sleeps while connections gather: a quarter of a millisecond, which a canary that comes in
 * it waits too. */
void accept_lease_rest(void);

#endif
