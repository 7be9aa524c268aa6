/*
 * A reserve of disk beside the database, for as long as a run goes on.
 *
 * Where the disk becomes full, the reserve is given up, so that the run can be ended,
 * analysed and closed in order in the room that it took.
 */
#ifndef BRINK_STORE_DISK_RESERVE_H
#define BRINK_STORE_DISK_RESERVE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define DISK_RESERVE_BYTES (INT64_C(64) << 20)

/* Takes the reserve of a run whose database is at db_path(): a file of its own, never one
 * that a link leads to. 0, or -1 after one sentence on err where something is in the way or
 * the disk has not so much. */
int disk_reserve_take(const char *db_path, int64_t run_id, FILE *err);

/* Gives it up: true where there was one. */
bool disk_reserve_drop(const char *db_path, int64_t run_id);

/* The same where the database was taken at db_path and is at now_at: the reserve went with
 * the folder, or it did not. */
bool disk_reserve_drop_moved(const char *db_path, const char *now_at, int64_t run_id);

#endif
