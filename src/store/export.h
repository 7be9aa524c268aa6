/*
 * Runs as a database of their own, to send and to keep.
 */
#ifndef BRINK_STORE_EXPORT_H
#define BRINK_STORE_EXPORT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "store/db.h"

/*
 * Makes the file at path a database with these runs, everything that belongs to them, and
 * the views. It is one file, without a log beside it, and is there whole or not at all; a
 * database of before is replaced, but not the one that db is, nor one that is in use, nor
 * what is no regular file, nor standard output by another name. All runs are read as of one
 * instant. 0, or -1 after one sentence on err.
 */
int export_runs(struct db *db, const int64_t *run_ids, size_t count, const char *path,
		FILE *err);

#endif
