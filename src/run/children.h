/*
 * The supervisor's own children, by pid.
 */
#ifndef BRINK_RUN_CHILDREN_H
#define BRINK_RUN_CHILDREN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "run/ledger.h"

struct child {
	pid_t pid; /* 0: gone */
	enum role role;
	int32_t slot;
};

struct children {
	struct child *child;
	int32_t count, capacity;
};

/* Room for capacity children alive at once. 0, or -1. children_free() frees it. */
int children_init(struct children *children, int32_t capacity);
void children_free(struct children *children);

void children_add(struct children *children, pid_t pid, enum role role, int32_t slot);

/* Takes a dead child out: true and *child, or false where it is none of ours. */
bool children_take(struct children *children, pid_t pid, struct child *child);

/* Alive, of a role; ROLE_NONE: of every role but sampler and recorder. */
int32_t children_alive(const struct children *children, enum role role);

/* SIGKILL to each that children_alive(role) counts. */
void children_kill(const struct children *children, enum role role);

#endif
