/*
 * Brings an open file to the schema of this program, or says why it will not.
 */
#ifndef BRINK_STORE_SCHEMA_H
#define BRINK_STORE_SCHEMA_H

#include <stdio.h>

#include "store/db.h"

enum schema_result {
	SCHEMA_READY,
	SCHEMA_REFUSED, /* said on err; the file is as it was */
	SCHEMA_FAILED,  /* an error of SQLite, see db_error() */
};

/*
 * Refuses another program's file, a newer schema and a file that was cut short. For
 * DB_CREATE makes the schema where the file is empty; for DB_CREATE and DB_WRITE brings an
 * older schema here, and makes the views anew where their text is another than this
 * program's.
 */
enum schema_result schema_prepare(struct db *db, const char *path, enum db_mode mode,
				  FILE *err);

#endif
