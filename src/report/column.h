/*
 * Columns of a statement's row as members of a struct.
 */
#ifndef BRINK_REPORT_COLUMN_H
#define BRINK_REPORT_COLUMN_H

#include <stdint.h>
#include <string.h>

#include "base/units.h"
#include "store/db.h"

/* The value, or fallback where it is NULL. */
int64_t column_int(struct db_statement *s, int column, int64_t fallback);
double column_real(struct db_statement *s, int column, double fallback);

/* A text that the caller frees, or NULL where it is NULL. */
char *column_copy(struct db_statement *s, int column);

/* A text into an array, cut where it is longer; "" where it is NULL. */
#define COLUMN_TEXT(s, column, member) \
	db_text_copy((s), (column), (member), sizeof(member))

/* The unit of a resource by its name in the store; what has none is counted. */
enum unit column_unit(const char *name);

#endif
