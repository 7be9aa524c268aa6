/*
 * The ceilings that are known before a start, and the connections at which each is met.
 */
#ifndef BRINK_PLAN_CEILING_H
#define BRINK_PLAN_CEILING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/plan.h"

/* Descriptors that an acceptor and a client have before their first connection. */
#define CEILING_ACCEPTOR_FDS 6
#define CEILING_CLIENT_FDS   5
/* Kernel memory of a pair of connected loopback sockets, with what goes with them. */
#define CEILING_PAIR_BYTES INT64_C(10240)

#define CEILING_MAX        16

struct ceiling {
	const char *id;         /* as "brink limits" names the cause: "acceptor-nofile" */
	const char *name;       /* "open files of the acceptors" */
	bool host;              /* of the whole host: everybody on it would feel it */
	enum unit unit;         /* of what follows */
	struct host_ceiling of; /* of one process, address or group that has it */
	int64_t cap;    /* what cuts it where it is raised by an option; 0: nothing */
	int64_t needed; /* what the ceiling had to be for the plan's target */
	/* Connections at which it is met: between these two. Where held connections do not
	 * meet it, -1. */
	int64_t low, high;
	char sum[96]; /* the arithmetic: "4 x (64 - 8)" */
};

/* Fills the list, lowest first; returns its length. The plan is resolved. */
size_t ceiling_list(const struct plan *plan, const struct host *host,
		    struct ceiling list[CEILING_MAX]);

/* Connections that the plan can come to: its target, or the lowest ceiling of the plan's
 * own (not of the host) where that is lower. */
int64_t ceiling_reach(const struct plan *plan, const struct host *host);

#endif
