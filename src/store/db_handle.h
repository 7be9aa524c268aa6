/*
 * What is behind struct db, for the few files of store/ that ask more than db.h gives:
 * SQLite's own handle, and the last error.
 */
#ifndef BRINK_STORE_DB_HANDLE_H
#define BRINK_STORE_DB_HANDLE_H

#include <sqlite3.h>

#include "store/db.h"

/* For db.c and db_open.c only. */
struct db {
	sqlite3 *handle;
	int depth;        /* of transactions begun */
	int code;         /* of the last error, extended */
	int system_errno; /* of the last error, 0: none */
	bool writes;
	int file; /* db_file(), -1: not asked for yet */
	bool copies; /* VACUUM is under way, which attaches a file of its own */
	char error[256];
};

/* Never NULL between db_open() and db_close(). */
sqlite3 *db_handle(struct db *db);

/* Notes SQLite's error as the last one, before later calls replace it. Always -1. */
int db_fail(struct db *db);

#endif
