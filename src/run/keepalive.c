#include "run/keepalive.h"

#include "base/clock.h"

/* Turns of such a time are given together, so that many connections do not wake a client
 * thousands of times a second. */
#define TOGETHER_US (20 * US_PER_MS)

int32_t
keepalive_turn(struct keepalive *keepalive, int64_t now_us, int32_t highest)
{
	int64_t passed_us = now_us - keepalive->seen_us;

	if (keepalive->every_us == 0 || highest < 0)
		return -1;
	if (passed_us > keepalive->every_us)
		passed_us = keepalive->every_us;
	keepalive->seen_us = now_us;
	keepalive->owed += passed_us * (highest + 1);
	if (keepalive->owed > keepalive->every_us * (highest + 1))
		keepalive->owed = keepalive->every_us * (highest + 1);
	if (keepalive->owed < keepalive->every_us)
		return -1;
	keepalive->owed -= keepalive->every_us;
	if (keepalive->next > highest)
		keepalive->next = 0;
	return keepalive->next++;
}

int64_t
keepalive_due_us(const struct keepalive *keepalive, int32_t highest)
{
	int64_t missing, wait_us;

	if (keepalive->every_us == 0 || highest < 0)
		return INT64_MAX;
	missing = keepalive->every_us - keepalive->owed;
	wait_us = missing > 0 ? (missing + highest) / (highest + 1) : 0;
	return keepalive->seen_us + (wait_us > TOGETHER_US ? wait_us : TOGETHER_US);
}
