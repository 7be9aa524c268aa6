/*
 * Whether the machine slept or its clock was set between two ticks.
 *
 * A run is timed by CLOCK_MONOTONIC, which a suspend stops without a trace: CLOCK_BOOTTIME
 * goes on. CLOCK_REALTIME goes on too, and besides is set by people and by time servers;
 * what these do slowly, at most 500 ppm (adjtimex(2)), is no step.
 */
#ifndef BRINK_SAMPLE_CLOCKS_H
#define BRINK_SAMPLE_CLOCKS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ring.h"

/* Under this it may be the time between two readings, or slewing. */
#define CLOCKS_LEAST_US INT64_C(20000)

/* The three clocks at one instant, or nearly so. */
struct clocks {
	int64_t monotonic_us, boot_us, real_us;
};

/* What happened between two instants; 0: nothing. */
struct clocks_change {
	int64_t slept_us;
	int64_t stepped_us; /* forward, or back where negative */
};

void clocks_read(struct clocks *clocks);

/* True where something happened. */
bool clocks_compare(const struct clocks *before, const struct clocks *now,
		    struct clocks_change *change);

/* Pushes an event of kind "gap" for a sleep and one of kind "clock-step" for a step, as
 * seen at the tick. Their numbers follow from the tick's. */
void clocks_report(const struct clocks_change *change, int64_t tick, int64_t t_us,
		   struct ring *ring);

#endif
