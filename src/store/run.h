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

/* The arguments as a POSIX shell reads them back, to be freed; NULL without memory. */
char *run_command_line(int argc, char **argv);

/*
 * The run's plan as it was stored: the only reader of it in C. An option that was not there yet
 * when it was stored has its default. 0, or -1 where there is no such run or the store cannot be
 * read; plan_free() in either case.
 */
int run_plan(struct db *db, int64_t run_id, struct plan *plan);

/* Takes a run back that was not begun. 0, or -1 (see db_error). */
int run_forget(struct db *db, int64_t run_id);

/*
 * The id that an operand means: an id, a unique prefix of an id, a label (the newest run
 * with it), "last", "last-N". Returns -1 after one sentence on err.
 */
int64_t run_find(struct db *db, const char *operand, FILE *err);

/*
 * Holds the run for this process, by a lock on the store's file that the kernel drops when
 * the process is gone, and notes it in the run's row: to be called in the transaction that
 * makes the run. Returns a descriptor that is to be open as long as the run goes on and to
 * be closed with no store open in this process, or -1 where the filesystem has no locks.
 */
int run_hold(struct db *db, int64_t run_id);

/* True while a process holds the run, here or in another namespace or container. */
bool run_is_held(struct db *db, int64_t run_id);

/*
 * Marks every run that is 'running' but not live, see below, as 'interrupted', ended at
 * its last sample. Calls each(db, run_id, arg) for every one, in order. 0, or -1.
 */
int run_reap(struct db *db, int (*each)(struct db *db, int64_t run_id, void *arg),
	     void *arg);

/*
 * True while a run is 'running' under a supervisor that is there: the only judge of that.
 * Its lock decides (run_hold()). For runs without: its boot, pid and start, and where these
 * are of another pid namespace, or of one that is not known, whether samples come.
 */
bool run_is_live(struct db *db, int64_t run_id);

/* Notes in the run's row the most connections that it held at a tick. 0, or -1. */
int run_store_peak(struct db *db, int64_t run_id);

#endif
