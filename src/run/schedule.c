#include "run/schedule.h"

#include "base/clock.h"

int64_t
schedule_connection(const struct schedule *schedule, int64_t i)
{
	return i * schedule->forkers + schedule->forker;
}

bool
schedule_due(const struct schedule *schedule, int64_t *due_us)
{
	const struct order *ramp = &schedule->ramp;
	int64_t k = schedule_connection(schedule, schedule->next);

	if (schedule->next >= schedule->last || k >= ramp->last)
		return false;
	*due_us = ramp->at_us;
	if (ramp->rate > 0 && k > ramp->first)
		*due_us += (k - ramp->first) * US_PER_S / ramp->rate;
	return true;
}
