/*
 * Old runs out of the store, and their room back to the filesystem.
 */
#ifndef BRINK_STORE_PRUNE_H
#define BRINK_STORE_PRUNE_H

#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/* Which runs: those of the label (NULL: all) but the newest keep, or those that ended
 * before a time; -1: not by this. A run that has not ended is never one of them. */
struct prune {
	const char *label;
	int64_t keep, before_unix_us;
};

/* A statement that gives run_id, started_at, label, outcome and held_peak of each of the
 * runs, the oldest first; NULL on an error. The caller finishes it. */
struct db_statement *prune_list(struct db *db, const struct prune *prune);

/* Deletes those runs, one transaction a run, so that a recorder never waits long. Returns
 * how many, or -1 (see db_error). */
int64_t prune_delete(struct db *db, const struct prune *prune);

enum prune_room {
	PRUNE_GIVEN_BACK,
	PRUNE_RUNNING, /* not now: a run is writing */
	PRUNE_NO_ROOM, /* the filesystem has no room for the copy that VACUUM makes */
	PRUNE_FAILED   /* see db_error(); the database is as it was */
};

/* Gives free pages back to the filesystem by VACUUM. *bytes receives how much smaller the
 * file at path became, or, where there is no room, how much is needed. */
enum prune_room prune_compact(struct db *db, const char *path, int64_t *bytes);

#endif
