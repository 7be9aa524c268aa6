/*
 * The history of each plan: figures run after run, and where their level moved.
 */
#ifndef BRINK_ANALYSE_PLAN_HISTORY_H
#define BRINK_ANALYSE_PLAN_HISTORY_H

#include "analyse/change.h"
#include "analyse/compare.h"

/* A change of a figure's level. */
struct plan_change {
	const struct figure *figure;
	int64_t run_id; /* the first run of the new level */
	double before, after, p;
	enum judgement judgement; /* JUDGED_WORSE or JUDGED_BETTER */
};

/* The runs of one plan under one label on one host, oldest first. */
struct plan_history {
	char *label;      /* NULL: none */
	char *host, *key; /* key: compare_plan_key() */
	int64_t *runs;
	size_t run_count;
	struct plan_change *changes; /* by run, then in the order of the figures */
	size_t change_count;
};

struct plan_histories {
	struct plan_history *histories; /* by their first run */
	size_t count;
};

/*
 * Looks at all runs that came to their end, or those of a label; two have the same plan
 * where compare_plan_key() is the same. Changes of level below COMPARE_MATTERS are left
 * out. 0, or -1 (see db_error); plan_histories_free() in either case.
 */
int plan_histories_load(struct plan_histories *list, struct db *db, const char *label);
void plan_histories_free(struct plan_histories *list);

/* The known values of a figure over the runs: how many; values and runs have room for
 * run_count. -1 where the store cannot be read. */
int64_t plan_history_values(struct db *db, const struct plan_history *history,
			    const struct figure *figure, double *values, int64_t *runs);

#endif
