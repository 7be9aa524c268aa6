/*
 * Plans from a command line, for tests.
 */
#ifndef BRINK_TEST_PLAN_TRY_H
#define BRINK_TEST_PLAN_TRY_H

#include "plan/plan.h"

/* A host of 2 CPUs, 20,000 descriptors a process, 28,232 ports, 16 GiB and room for
 * everything. */
extern const struct host plan_try_host;

/*
 * plan_parse() on "run" and the words of line (see words.h). *sentence
 * receives what was written to err, "" if nothing; the caller frees it.
 */
int plan_try_parse(struct plan *plan, const char *line, char **sentence);

/* The same, then plan_resolve_on() for the host. */
int plan_try_resolve(struct plan *plan, const char *line, const struct host *host,
		     char **sentence);

/* A resolved plan; the test fails where it is refused. */
void plan_try_good(struct plan *plan, const char *line);

#endif
