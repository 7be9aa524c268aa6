/*
 * What brink makes, and nothing else: the tables and indexes of a store held against the
 * text that made them. SQL that somebody else put into a file (generated columns, CHECK
 * constraints, triggers, virtual tables, indexes on expressions) is then never run.
 */
#ifndef BRINK_STORE_OWN_SCHEMA_H
#define BRINK_STORE_OWN_SCHEMA_H

#include <stdint.h>
#include <stdio.h>

#include "base/embed.h"
#include "store/db.h"

/* The text of a new store of a version; and that of the very first version with what leads
 * from there to each later one. */
struct own_schema {
	const char *latest, *first;
	const struct embedded_file *migrations;
	int64_t version; /* of latest */
};

/*
 * Compares what sqlite_schema lists with brink's own schema of a version. Comments and spaces
 * do not count. Views are not looked at: those of the file are never run. 0 where it is
 * brink's own; -1 where it is not, after one sentence on err, or where it cannot be read (see
 * db_error).
 */
int own_schema_check(struct db *db, const char *path, const struct own_schema *own,
		     int64_t version, FILE *err);

#endif
