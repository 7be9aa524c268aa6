/*
 * Runs in the store: made, found, ended.
 */
#ifndef BRINK_STORE_RUN_H
#define BRINK_STORE_RUN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "plan/plan.h"
#include "store/db.h"

/*
 * Inserts the run (state 'running') and its host, and the resource table where it
 * changed. argv is stored quoted for a shell. Returns the run's id, or -1 after one
 * sentence on err.
 */
int64_t run_create(struct db *db, const struct plan *plan, int argc, char **argv,
		   int64_t started_unix_us, pid_t supervisor, FILE *err);

/* Takes a run back that was not begun. 0, or -1 (see db_error). */
int run_forget(struct db *db, int64_t run_id);

/*
 * The id that an operand means: an id, a unique prefix of an id, a label (the newest run
 * with it), "last", "last-N". Returns -1 after one sentence on err.
 */
int64_t run_find(struct db *db, const char *operand, FILE *err);

/*
 * Marks every run that is 'running' under a supervisor that is gone (its pid is dead, or
 * the machine was booted since) as 'interrupted', ended at its last sample. Calls
 * each(db, run_id, arg) for every one, in order. 0, or -1.
 */
int run_reap(struct db *db, int (*each)(struct db *db, int64_t run_id, void *arg),
	     void *arg);

/* True while a run is 'running' under a supervisor that is there. */
bool run_is_live(struct db *db, int64_t run_id);

/* Notes in the run's row the most connections that it held at a tick. 0, or -1. */
int run_store_peak(struct db *db, int64_t run_id);

#endif
