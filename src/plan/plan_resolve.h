/*
 * A plan made complete for a host, and held against what the host allows.
 */
#ifndef BRINK_PLAN_PLAN_RESOLVE_H
#define BRINK_PLAN_PLAN_RESOLVE_H

#include <stdio.h>

#include "plan/host.h"
#include "plan/plan.h"

/*
 * Replaces every "auto" by what this host calls for (CPUs, RLIMIT_NOFILE, port range),
 * and refuses what contradicts itself or cannot work here. To be called before isolating.
 * 0, or -1 after one sentence on err.
 */
int plan_resolve(struct plan *plan, FILE *err);
/* The same for a host that was read before. */
int plan_resolve_on(struct plan *plan, const struct host *host, FILE *err);
/* Its first half, before anything is checked against what the host allows: the plan is
 * complete then. */
int plan_settle(struct plan *plan, const struct host *host, FILE *err);
/* The other half. */
int plan_check(struct plan *plan, const struct host *host, FILE *err);

#endif
