/*
 * Was it the kernel, for want of memory, that killed a process? A signal 9 alone does not
 * tell; the counter of such kills does.
 */
#ifndef BRINK_RUN_OOM_H
#define BRINK_RUN_OOM_H

#include <stdbool.h>

#include "run/ledger.h"
#include "run/own_cgroup.h"

/* Counts from now on: in the run's own cgroup, else on the whole host (/proc/vmstat). To be
 * called before the first worker is started. */
void oom_watch(struct ledger *ledger, const struct own_cgroup *own);

/* True where more processes have been killed than were claimed so far; claims one. To be
 * called for a process that signal 9 ended although brink did not send it. */
bool oom_claim(struct ledger *ledger);

#endif
