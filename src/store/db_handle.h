/*
 * What is behind struct db, for db.c, and for guard.c, which asks more than db.h gives.
 */
#ifndef BRINK_STORE_DB_HANDLE_H
#define BRINK_STORE_DB_HANDLE_H

#include <sqlite3.h>

#include "store/db.h"

/* Statements that are kept. */
#define DB_KEPT 8

struct db {
	sqlite3 *handle;
	int depth;        /* of transactions begun */
	int code;         /* of the last error, extended */
	int system_errno; /* of the last error, 0: none */
	bool writes;
	int file;    /* db_file(), -1: not asked for yet */
	bool copies; /* VACUUM is under way, which attaches a file of its own */
	char error[256];
	struct db_statement *kept[DB_KEPT]; /* by their last use, the latest first */
};

/* Finishes what is kept. */
void db_forget_kept(struct db *db);

/* Never NULL between db_open() and db_close(). */
sqlite3 *db_handle(struct db *db);

/* Notes SQLite's error as the last one, before later calls replace it. Always -1. */
int db_fail(struct db *db);

#endif
