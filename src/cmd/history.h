/*
 * The database of past runs, as the commands that read it open it.
 */
#ifndef BRINK_CMD_HISTORY_H
#define BRINK_CMD_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

struct history {
	struct db *db;
	char *path;
	bool writable;
};

/*
 * Opens path, or the default database where it is NULL. Where it may be written, runs
 * whose supervisor died are ended and analysed first. 0, or -1 after one sentence on
 * standard error; history_close() in either case.
 */
int history_open(struct history *history, const char *path);
void history_close(struct history *history);

/* Analyses a run whose recording has ended, and gives up its reserve of disk before. 0, or
 * -1 (see db_error). */
int history_analyse(struct db *db, int64_t run_id);

/* Analyses a run that was recorded to its end, or to the death of its supervisor, but that
 * nobody analysed, where the database may be written. */
void history_analyse_late(const struct history *history, int64_t run_id);

/* Ends and analyses the runs that lost their supervisor. 0, or -1 (see db_error). */
int history_reap(struct db *db);

#endif
