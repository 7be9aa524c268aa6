/*
 * The ceilings that --limit NAME=VALUE can inject, as one table.
 */
#ifndef BRINK_PLAN_LIMIT_H
#define BRINK_PLAN_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/units.h"

enum limit_name {
	LIMIT_NOFILE_ACCEPTOR,
	LIMIT_NOFILE_ONE, /* of one acceptor: its number is part of the name */
	LIMIT_NOFILE_CLIENT,
	LIMIT_PORTS,
	LIMIT_BACKLOG,
	LIMIT_SOMAXCONN,
	LIMIT_SYN_BACKLOG,
	LIMIT_TW_BUCKETS,
	LIMIT_PIDS,
	LIMIT_MEMORY,
	LIMIT_NPROC,
	LIMIT_ADDRESS_SPACE,
	LIMIT_CONNTRACK,
	LIMIT_TCP_MEM,
	LIMIT_COUNT
};

/* What a name ends with where an acceptor's number belongs. */
#define LIMIT_NUMBERED ".K"

struct limit_spec {
	const char
	    *name; /* one that ends with LIMIT_NUMBERED is meant for one acceptor */
	enum unit unit;
	int64_t min, max;
	const char
	    *sysctl; /* written inside the run's own namespace; NULL: not a sysctl */
	const char *scope;   /* why it needs --isolate; NULL: it does not */
	const char *refused; /* why it cannot be injected at all; NULL: it can */
	const char *help;
};

/* Indexed by enum limit_name. */
extern const struct limit_spec limit_specs[LIMIT_COUNT];

/* The index of a name, or -1. Of a numbered one *number is the acceptor's, else -1. */
int limit_find(const char *name, size_t length, int64_t *number);

/*
 * Chooses a range of exactly that many ports, from 20000 up where it fits there, which
 * does not contain port and no privileged port: what net.ipv4.ip_local_port_range is set
 * to. 0, or -1 where there is no such range. connect(2) searches a range in steps of two
 * ports: one with an odd number of them is now and then met one short.
 */
int limit_port_range(int64_t ports, int64_t port, int *low, int *high);

#endif
