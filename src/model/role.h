/*
 * The roles of brink's processes, and the groups that processes are summed up in.
 */
#ifndef BRINK_MODEL_ROLE_H
#define BRINK_MODEL_ROLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum role {
	ROLE_NONE,
	ROLE_SUPERVISOR,
	ROLE_SAMPLER,
	ROLE_RECORDER,
	ROLE_ACCEPTOR,
	ROLE_HANDLER,
	ROLE_FORKER,
	ROLE_CLIENT,
	ROLE_CANARY,
	ROLE_TARGET, /* a process of a server that is not brink's own */
	ROLE_COUNT
};

/* Processes seen together. Sums over all their members, exact or extrapolated. */
enum role_group {
	GROUP_ACCEPTORS,
	GROUP_HANDLERS,
	GROUP_FORKERS,
	GROUP_CLIENTS,
	GROUP_OBSERVERS, /* supervisor, sampler, recorder, canary */
	GROUP_TARGET,    /* in place of acceptors and handlers: plan_is_external() */
	GROUP_COUNT
};

/* Of a run against brink's own server: all but the target's. */
#define GROUPS_BUILT_IN GROUP_TARGET

/* "acceptor", "client", …; "none" of ROLE_NONE. */
const char *role_name(enum role role);

/* The role of a name, ROLE_NONE where there is none. */
enum role role_find(const char *name);

/* The group that processes of a role belong to. */
enum role_group role_group(enum role role);

/* Writes what a worker or process is called: "acceptor 2"; a role that a run has one of
 * carries no number: "canary". */
void role_format(enum role role, int32_t slot, char *buf, size_t size);

/* "acceptors", "clients", … */
const char *group_name(enum role_group group);

/* The role of all members of a group, or ROLE_NONE where there are several. */
enum role group_role(enum role_group group);

#endif
