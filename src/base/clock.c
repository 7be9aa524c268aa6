#include "base/clock.h"

static int64_t
clock_read(clockid_t id)
{
	struct timespec now;

	/* Fails only for an unknown clock or a bad address. */
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * US_PER_S + now.tv_nsec / 1000;
}

int64_t
clock_us(void)
{
	return clock_read(CLOCK_MONOTONIC);
}

int64_t
clock_boot_us(void)
{
	return clock_read(CLOCK_BOOTTIME);
}

int64_t
clock_unix_us(void)
{
	return clock_read(CLOCK_REALTIME);
}

struct timespec
clock_timespec(int64_t us)
{
	if (us < 0)
		us = 0;
	return (struct timespec){
		.tv_sec = us / US_PER_S,
		.tv_nsec = us % US_PER_S * 1000,
	};
}
