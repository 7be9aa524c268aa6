/*
 * What a sweep runs: the points of the grid that its --vary span.
 */
#ifndef BRINK_PLAN_SWEEP_PLAN_H
#define BRINK_PLAN_SWEEP_PLAN_H

#include "plan/vary.h"

#define SWEEP_POINTS_MAX 10000

/* Zeroed: nothing varies, and there is one point. */
struct sweep_plan {
	struct vary *varies;
	size_t count;
};

/* An option that a point sets; both texts are the plan's. */
struct sweep_setting {
	const char *name, *value;
	size_t axis; /* those of one change together */
};

/* Adds what vary_parse() reads of text. 0, or -1 after writing to why what is wrong, without
 * a full stop: also where an option varies already, or the points become too many. */
int sweep_plan_add(struct sweep_plan *plan, const struct option_table *table,
		   const char *text, FILE *why);
void sweep_plan_free(struct sweep_plan *plan);

/* The points: every combination of the values. */
size_t sweep_plan_points(const struct sweep_plan *plan);

/* How many options each point sets. */
size_t sweep_plan_settings(const struct sweep_plan *plan);

/* One of them; what was given last changes first from point to point. */
struct sweep_setting sweep_plan_setting(const struct sweep_plan *plan, size_t point,
					size_t seq);

/* The argument of "brink run" that a setting is, "--acceptors=4" or
 * "--limit=nofile.acceptor=512". The caller frees it; NULL without memory. */
char *sweep_setting_argument(const char *name, const char *value);

#endif
