/*
 * Settings of the host, the namespace and this process that explain a run: sysctls,
 * resource limits and the like.
 */
#ifndef BRINK_SAMPLE_SETTINGS_H
#define BRINK_SAMPLE_SETTINGS_H

#include <sys/types.h>

#include "run/ledger.h"

/* The name of what settings_record_worker() pushes. */
#define SETTING_WORKER_PROCESSES "RLIMIT_NPROC of workers"
/* Whose processes /proc shows: those of the host, or of this process namespace or user. */
#define SETTING_PROCESSES_SEEN "processes seen"
#define SETTING_PROCESSES_ALL  "all of the host"
/* Processors that the run may use. */
#define SETTING_PROCESSORS "processors allowed"

/* Ephemeral ports that others have bound, or the server itself: see host_bound_ports(). */
#define SETTING_PORTS_BOUND "ephemeral ports bound"

/* The period of a cgroup's CPU quota. */
#define SETTING_QUOTA_PERIOD "CPU quota period, us"

/* Where the workers' own cgroup is, below its hierarchy's root: of version 2, or "cgroup of
 * pids" and the like of version 1. */
#define SETTING_CGROUP "cgroup"

/* Records where the workers' own cgroup is; hierarchy is NULL of version 2. */
void settings_record_cgroup(struct ledger *ledger, const char *hierarchy,
			    const char *path);

/* Records the period of the quota of the cgroup of that number. */
void settings_record_quota(struct ledger *ledger, uint32_t cgroup, int64_t period_us);

/* Pushes a RECORD_SETTING for everything that can be read. */
void settings_record(struct ledger *ledger);

/* Records a worker's RLIMIT_NPROC, for all workers: they have the same. For root, whom the
 * kernel does not hold to it, it is "not enforced" (getrlimit(2)). */
void settings_record_worker(struct ledger *ledger, pid_t pid);

#endif
