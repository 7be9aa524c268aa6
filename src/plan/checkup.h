/*
 * The checkup behind "brink doctor": every limit of this host and user, with what a plan
 * would make of it.
 */
#ifndef BRINK_PLAN_CHECKUP_H
#define BRINK_PLAN_CHECKUP_H

#include "plan/ceiling.h"
#include "plan/host_net.h"

#define CHECKUP_MAX (CEILING_MAX + 20)

struct checkup {
	struct ceiling list[CHECKUP_MAX];
	size_t count;
};

/* Those that held connections would meet first, by their number; then the others by id.
 * The plan is settled (see plan_settle()), net is of the namespace that the run would be
 * in, disk of the file system that its results would be on. */
void checkup_make(const struct plan *plan, const struct host *host,
		  const struct host_net *net, const struct host_ceiling *disk,
		  struct checkup *checkup);

/* The first of a list in that order that held connections would meet, or NULL. */
const struct ceiling *checkup_first(const struct ceiling *list, size_t count);

/* A value to raise it to: what the plan's target needs, or where it is not in its way,
 * twice what it is. */
int64_t checkup_raise_to(const struct plan *plan, const struct ceiling *row);

/* Writes "first would be met: ephemeral ports (ephemeral-ports), at 28,232 connections;
 * beyond the target of 20,000", or that none would (first is NULL). */
void checkup_first_line(const struct plan *plan, const struct ceiling *first, char *buf,
			size_t size);

#endif
