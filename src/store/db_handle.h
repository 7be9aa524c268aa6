/*
 * SQLite's own handle, for the few files of store/ that ask more of it than db.h gives.
 */
#ifndef BRINK_STORE_DB_HANDLE_H
#define BRINK_STORE_DB_HANDLE_H

#include <sqlite3.h>

#include "store/db.h"

/* Never NULL between db_open() and db_close(). */
sqlite3 *db_handle(struct db *db);

#endif
