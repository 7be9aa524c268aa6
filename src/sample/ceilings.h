/*
 * The configured ceilings of what is sampled: a RECORD_LIMIT for each, and where it was
 * read. What is unlimited has none.
 */
#ifndef BRINK_SAMPLE_CEILINGS_H
#define BRINK_SAMPLE_CEILINGS_H

#include <sys/types.h>

#include "run/ledger.h"
#include "sample/cgroup.h"

/* Those of the host, the network namespace, and the clients' ephemeral ports. */
void ceilings_of_host(struct ledger *ledger);

/* Those of a process, by its index in the ledger: once it has taken its own limits. */
void ceilings_of_process(struct ledger *ledger, int32_t index, pid_t pid);

/* Those of the workers' cgroup, its ancestors included. */
void ceilings_of_cgroup(struct ledger *ledger, const struct cgroup_map *map);

/* The queue of a listener whose backlog is known: it holds one more. */
void ceilings_of_listener(struct ledger *ledger, uint32_t index, int64_t backlog);

#endif
