/*
 * The SQLite module "brink_sample": a sample table with those of its rows that are packed.
 *
 * CREATE VIRTUAL TABLE temp.KIND_sample USING brink_sample(KIND) has the columns of
 * main.KIND_sample. The rows of that table come first, then those of its blocks in
 * main.packed. It may only be read; run, tick and subject are looked up as by the table's
 * own key (see "Virtual Table" in the SQLite documentation). A damaged block is an error
 * of the statement that comes upon it.
 */
#ifndef BRINK_STORE_PACKED_TABLE_H
#define BRINK_STORE_PACKED_TABLE_H

struct sqlite3;

/* The kinds of the sample tables that can be packed, ended by NULL. */
extern const char *const packed_kinds[];

/* Makes the module known to this connection. Returns a code of SQLite. */
int packed_table_register(struct sqlite3 *db);
void packed_table_unregister(struct sqlite3 *db);

#endif
