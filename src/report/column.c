#include "report/column.h"

#include <string.h>

#include "base/log.h"

int64_t
column_int(struct db_statement *s, int column, int64_t fallback)
{
	return db_is_null(s, column) ? fallback : db_int(s, column);
}

double
column_real(struct db_statement *s, int column, double fallback)
{
	return db_is_null(s, column) ? fallback : db_real(s, column);
}

char *
column_copy(struct db_statement *s, int column)
{
	char *text;

	if (db_is_null(s, column))
		return NULL;
	text = strdup(db_text(s, column));
	if (text == NULL)
		fatal("cannot hold a text of the report");
	return text;
}

enum unit
column_unit(const char *name)
{
	if (strcmp(name, "bytes") == 0)
		return UNIT_BYTES;
	return strcmp(name, "us") == 0 ? UNIT_US : UNIT_COUNT;
}
