/*
 * The sampler: a process that reads every resource at each tick, into the ring to the
 * recorder. It opens and maps all it needs before the first connection, waits for nothing
 * but its clock and the supervisor's orders, and touches no disk.
 */
#ifndef BRINK_SAMPLE_SAMPLER_H
#define BRINK_SAMPLE_SAMPLER_H

#include "run/worker.h"

/*
 * The sampler's whole life: returns the exit status once ORDER_QUIT_SAMPLER is seen or the
 * supervisor is gone, after one last tick. A successor of one that was killed goes on with
 * the next tick.
 */
int sampler_main(const struct worker_context *context);

#endif
