#include "run/accept_lease.h"

#include "base/clock.h"

/* Long enough to gather dozens, short beside what a newcomer then waits for a CPU. */
#define REST_US 250
/* A rest, and what the acceptor may then wait for a CPU. */
#define ACCEPT_LEASE_US 5000

bool
accept_lease_take(struct lease *lease, int64_t now_us)
{
	int64_t until_us = atomic_load_explicit(lease->until_us, memory_order_relaxed);

	if (until_us > now_us && until_us != lease->own_us)
		return false;
	/* Where two take it at once, both rest: the one that wrote last has it. */
	lease->own_us = now_us + ACCEPT_LEASE_US;
	atomic_store_explicit(lease->until_us, lease->own_us, memory_order_relaxed);
	return true;
}

void
accept_lease_rest(void)
{
	struct timespec rest = clock_timespec(REST_US);

	clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
}
