/*
 * How a ceiling is raised: the commands, and how long each of them lasts.
 */
#ifndef BRINK_PLAN_REMEDY_H
#define BRINK_PLAN_REMEDY_H

#include <stddef.h>
#include <stdint.h>

#include "plan/ceiling.h"

#define REMEDY_MAX 3

struct remedy {
	char command[192];
	const char *lasts; /* "until the next boot" */
};

/*
 * What raises a ceiling of the plan (see plan/ceiling.h) to value, the quickest first: where
 * the ceiling is injected or belongs to the run's own namespace, the option that does. file
 * is that of a cgroup's limit, "" elsewhere. Returns how many there are; 0 where no command
 * helps.
 */
size_t remedy_list(const struct plan *plan, const struct ceiling *ceiling, int64_t value,
		   const char *file, struct remedy list[REMEDY_MAX]);

#endif
