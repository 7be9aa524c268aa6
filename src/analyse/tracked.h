/*
 * The resources that are tracked, from the start to the end of recovery.
 */
#ifndef BRINK_ANALYSE_TRACKED_H
#define BRINK_ANALYSE_TRACKED_H

#include "model/resource.h"
#include "analyse/series.h"

struct tracked {
	const struct resource *resource;
	const char *kind;
	int64_t subject;
	char name[FACTS_NAME]; /* the subject's */
};

/*
 * Calls each() with every resource of the table that has a resolution, on every subject
 * of the run that has values of it: host, network namespace, cgroup, groups, and the
 * acceptors one by one. The series is only lent. Ends at the first that is not 0, which is
 * returned; -1 where the store cannot be read.
 */
int tracked_each(const struct facts *facts,
		 int (*each)(const struct facts *facts, const struct tracked *tracked,
			     const struct series *series, void *arg),
		 void *arg);

#endif
