/*
 * The processors that this process may run on.
 */
#ifndef BRINK_BASE_PROCESSORS_H
#define BRINK_BASE_PROCESSORS_H

#include <stdint.h>

/* How many of those that are online taskset(1) or a cpuset leaves it, sched_getaffinity(2);
 * all that are online where it cannot be told. */
int64_t processors_allowed(void);

#endif
