/*
 * Sweeps in the store: begun, gone on with, ended.
 */
#ifndef BRINK_STORE_SWEEP_H
#define BRINK_STORE_SWEEP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "plan/plan.h"
#include "plan/sweep_plan.h"
#include "store/db.h"

/* A run of a sweep that is being made, for the run to say whose it is. */
struct sweep_place {
	int64_t sweep_id, position;
};

/* What a sweep is begun with. */
struct sweep_begin {
	const struct sweep_plan *points;
	int64_t repeats, seed;
	const char *command; /* quoted for a shell */
	int argc;            /* of "brink run", that all points share, without its name */
	char **argv;         /* options; then, where there is a command, "--" and that */
	const struct plan *plan; /* what these come to */
};

/* Stores the sweep with all runs that are to be made, in the order of its seed. Its id, or -1
 * (see db_error). */
int64_t sweep_create(struct db *db, const struct sweep_begin *begin);

/* True where the operand of a command that takes runs too names a sweep, "s3": not where a run
 * has that label. */
bool sweep_is_meant(struct db *db, const char *operand);

/* The id of the sweep that the operand names, or -1 after one sentence on err. */
int64_t sweep_find(struct db *db, const char *operand, FILE *err);

/* The newest sweep that has not ended, or -1. */
int64_t sweep_newest_open(struct db *db);

/* The next run that is not made: where it stands, and how many are done before it. */
struct sweep_next {
	struct sweep_place place;
	int64_t point, repeat, done, runs;
};

/* 1 where there is a next run, 0 where all are made, -1 on an error. */
int sweep_next(struct db *db, int64_t sweep_id, struct sweep_next *next);

/* "acceptors=4 limit.nofile.acceptor=512" of a point, to be freed; NULL on an error. */
char *sweep_setting_text(struct db *db, int64_t sweep_id, int64_t point);

/* The arguments of "brink run" for a point, with its name before, the options of more (ended by
 * NULL) behind those of the point, and NULL at the end; NULL on an error. point -1: those that
 * all points share alone. */
char **sweep_arguments(struct db *db, int64_t sweep_id, int64_t point,
		       const char *const *more, int *argc);
void sweep_arguments_free(char **argv);

/* The plan that the shared arguments came to when the sweep was begun, as JSON, to be freed;
 * NULL on an error. */
char *sweep_plan_text(struct db *db, int64_t sweep_id);

/* Notes that the run is made for this place: in the transaction that makes the run. 0, or -1. */
int sweep_link(struct db *db, const struct sweep_place *place, int64_t run_id);

/* Notes that its run has ended, or was refused before it began. 0, or -1. */
int sweep_note_exit(struct db *db, const struct sweep_place *place, int exit_code);

/* What a run exits with that was refused before it began. */
#define SWEEP_REFUSED 2

/* Makes the runs that were refused before they began ones that are yet to be made. 0, or -1. */
int sweep_forget_refused(struct db *db, int64_t sweep_id);

/* Notes that all of its runs are made. 0, or -1. */
int sweep_end(struct db *db, int64_t sweep_id);

#endif
