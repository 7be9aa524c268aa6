#include "run/turn.h"

#include "base/clock.h"

/* Long enough to gather dozens, short beside what a newcomer then waits for a CPU. */
#define REST_US 250
/* A rest, and what the acceptor may then wait for a CPU. */
#define TURN_US 5000

bool
turn_take(struct turn *turn, int64_t now_us)
{
	int64_t until_us = atomic_load_explicit(turn->until_us, memory_order_relaxed);

	if (until_us > now_us && until_us != turn->own_us)
		return false;
	/* Where two take it at once, both rest: the one that wrote last has it. */
	turn->own_us = now_us + TURN_US;
	atomic_store_explicit(turn->until_us, turn->own_us, memory_order_relaxed);
	return true;
}

void
turn_rest(void)
{
	struct timespec rest = clock_timespec(REST_US);

	clock_nanosleep(CLOCK_MONOTONIC, 0, &rest, NULL);
}
