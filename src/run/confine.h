/*
 * What a worker is confined to before it begins: its cgroup, its limits, its user.
 */
#ifndef BRINK_RUN_CONFINE_H
#define BRINK_RUN_CONFINE_H

#include "run/worker.h"

/* Confines this process as the plan has it for the role and slot of the context. What a
 * child has from its parent is not done again. Does not return where it fails. The death
 * signal of prctl(2) is lost where the user changes. */
void confine(const struct worker_context *context);

#endif
