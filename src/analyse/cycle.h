/*
 * A cycle as a whole: is the server back, and what is different from cycle to cycle.
 */
#ifndef BRINK_ANALYSE_CYCLE_H
#define BRINK_ANALYSE_CYCLE_H

#include "analyse/facts.h"

/*
 * Writes the cycle's row of cycle; reads its recovery. Back is full where everything that
 * was taken settled at its base; none where nothing that is counted came back; else
 * partial, and what is left is listed. Resources of the whole host do not count, nor
 * brink's own, nor ports in TIME_WAIT, which have a time of their own. Service is recovered at the canary's first success after the release, and
 * its latency at the first second whose median is within twice that before the load. 0,
 * or -1.
 */
int cycle_store(const struct facts *cycle);

/*
 * Writes the run's rows of cycle_trend; reads its recovery and cycles, and needs two of
 * them. What was kept after the first cycle and not after the others is a high-water mark;
 * what grows in every cycle is a leak, for which three cycles are needed. Its rate is the
 * mean of what each left, whether it broke or not, from the least to the most; without the
 * first where that left more than any other. Of the run as a
 * whole: the connections at the break, and the time until all was back, rising or falling.
 * 0, or -1.
 */
int cycle_trends_store(const struct facts *run);

#endif
