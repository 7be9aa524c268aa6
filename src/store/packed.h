/*
 * Packed runs made readable: an SQLite module that shows the rows of a KIND_sample table and
 * those that are packed as one table, and temporary views over it in the place of brink's.
 *
 * This is part of the program, and all of the loadable extension for other programs.
 */
#ifndef BRINK_STORE_PACKED_H
#define BRINK_STORE_PACKED_H

#include <stdbool.h>

struct sqlite3;

/*
 * Where the database has packed runs: shadows its sample tables and brink's views for this
 * connection by temporary ones that read both. Where it has none, and always is set, only
 * the views, which then read the tables alone. Nothing of what is made comes from the
 * database. Returns a code of SQLite.
 */
int packed_install(struct sqlite3 *handle, bool always);

struct sqlite3;

/* The kinds of the sample tables that can be packed, ended by NULL. */
extern const char *const packed_kinds[];

/* Makes the module known to this connection. Returns a code of SQLite. */
int packed_table_register(struct sqlite3 *db);
void packed_table_unregister(struct sqlite3 *db);

#endif
