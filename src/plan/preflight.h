/*
 * What can be known to fail before anything is started.
 */
#ifndef BRINK_PLAN_PREFLIGHT_H
#define BRINK_PLAN_PREFLIGHT_H

#include <stdio.h>

#include "plan/plan.h"

/*
 * Raises the soft RLIMIT_NOFILE of this process to the hard one, or to fs.nr_open where that
 * is less, then checks, inside the
 * namespace the run will use, that the port can be listened on, and that the memory guard
 * and the host's open files leave room for the run (both only with a guard). 0, or -1 after
 * one sentence on err that names the thing, its value and what is needed.
 */
int preflight(const struct plan *plan, FILE *err);
/* What of it a dry run can tell without a namespace of the run's own: with --isolate all but
 * the port. */
int preflight_dry(const struct plan *plan, FILE *err);

/* The same for a host that was read before. */
int preflight_on(const struct plan *plan, const struct host *host, FILE *err);

#endif
