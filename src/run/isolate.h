/*
 * A network namespace of the run's own, and the ceilings injected into it.
 */
#ifndef BRINK_RUN_ISOLATE_H
#define BRINK_RUN_ISOLATE_H

#include <stdio.h>

#include "plan/plan.h"

/*
 * With plan->isolate, moves this process into a new network namespace (as a plain user:
 * with a user namespace around it, where the system permits), brings lo up and writes the
 * plan's sysctl limits there; without it does nothing. All of it ends with the last
 * process of the run. 0, or -1 after one sentence on err.
 */
int isolate(const struct plan *plan, FILE *err);

#endif
