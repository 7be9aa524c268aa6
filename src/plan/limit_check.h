/*
 * Are the injected limits ones that a run can be made under?
 */
#ifndef BRINK_PLAN_LIMIT_CHECK_H
#define BRINK_PLAN_LIMIT_CHECK_H

#include <stdio.h>

#include "plan/limit_check.h"
#include "plan/plan.h"

/*
 * Memory that is charged to a worker's cgroup before its first connection: page tables,
 * stack, and what it writes to of its memory. Measured: 300 KiB to 450 KiB.
 */
#define LIMIT_WORKER_BYTES (INT64_C(512) << 10)

/*
 * Refuses a limit that this host does not let brink set, that contradicts the plan, or
 * under which brink's own workers would find no place. The workers are resolved. 0, or -1
 * after one sentence on err.
 */
int limit_check(const struct plan *plan, const struct host *host, FILE *err);

/*
 * Chooses a range of exactly that many ports, from 20000 up where it fits there, which
 * does not contain port and no privileged port: what net.ipv4.ip_local_port_range is set
 * to. 0, or -1 where there is no such range. connect(2) searches a range in steps of two
 * ports: one with an odd number of them is now and then met one short.
 */
int limit_port_range(int64_t ports, int64_t port, int *low, int *high);

#endif
