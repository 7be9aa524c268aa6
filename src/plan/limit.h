/*
 * The ceilings that --limit NAME=VALUE can inject, as one table.
 */
#ifndef BRINK_PLAN_LIMIT_H
#define BRINK_PLAN_LIMIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum limit_name {
	LIMIT_NOFILE_ACCEPTOR,
	LIMIT_NOFILE_CLIENT,
	LIMIT_PORTS,
	LIMIT_BACKLOG,
	LIMIT_SOMAXCONN,
	LIMIT_SYN_BACKLOG,
	LIMIT_TW_BUCKETS,
	LIMIT_COUNT
};

struct limit_spec {
	const char *name;
	int64_t min, max;
	const char
	    *sysctl; /* written inside the run's own namespace; NULL: not a sysctl */
	const char *scope; /* why a sysctl needs --isolate */
	const char *help;
};

/* Indexed by enum limit_name. A limit with a sysctl needs --isolate. */
extern const struct limit_spec limit_specs[LIMIT_COUNT];

/* The index of a name, or -1. */
int limit_find(const char *name, size_t length);

/*
 * Chooses a range of exactly that many ports, from 20000 up where it fits there, which
 * does not contain port and no privileged port: what net.ipv4.ip_local_port_range is set
 * to. 0, or -1 where there is no such range. connect(2) searches a range in steps of two
 * ports: one with an odd number of them is now and then met one short.
 */
int limit_port_range(int64_t ports, int64_t port, int *low, int *high);

#endif
