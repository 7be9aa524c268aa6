#include "store/packed.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef BRINK_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
#else
#include <sqlite3.h>
#endif

#include "store/packed_table.h"

static bool
has_packed(sqlite3 *db)
{
	sqlite3_stmt *s;
	bool has = false;

	/* An older schema has no such table: then nothing is packed. */
	if (sqlite3_prepare_v2(db, "SELECT 1 FROM main.packed LIMIT 1", -1, &s, NULL) ==
	    SQLITE_OK)
		has = sqlite3_step(s) == SQLITE_ROW;
	sqlite3_finalize(s);
	return has;
}

/* Temporary objects come first in the search for a name, but a view of the main database
 * sees only that: so each has a temporary double. */
static const char shadows[] =
    "SELECT group_concat(sql, ';') FROM ("
    " SELECT printf('CREATE VIRTUAL TABLE temp.%s USING brink_sample(%s)', name,"
    "  substr(name, 1, length(name) - length('_sample'))) AS sql"
    " FROM main.sqlite_schema WHERE type = 'table' AND name GLOB '*_sample'"
    "  AND name <> 'gauge_sample'"
    " UNION ALL SELECT 'CREATE TEMP ' || substr(sql, length('CREATE ') + 1)"
    " FROM main.sqlite_schema WHERE type = 'view')";

static int
shadow_all(sqlite3 *db)
{
	sqlite3_stmt *s;
	char *sql = NULL;
	int rc = sqlite3_prepare_v2(db, shadows, -1, &s, NULL);

	/* The text outlives the statement: what it makes would end that. */
	if (rc == SQLITE_OK && sqlite3_step(s) == SQLITE_ROW)
		sql = sqlite3_mprintf("%s", sqlite3_column_text(s, 0));
	rc = sqlite3_finalize(s);
	if (rc == SQLITE_OK)
		rc = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(db, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc;
}

int
packed_install(sqlite3 *db)
{
	int rc = packed_table_register(db);

	if (rc != SQLITE_OK || !has_packed(db))
		return rc;
	rc = shadow_all(db);
	/* An extension that fails is unloaded, and its module with it. */
	if (rc != SQLITE_OK)
		packed_table_unregister(db);
	return rc;
}

#ifdef BRINK_EXTENSION
/* Named after the file, brink.so: sqlite3_load_extension() of the SQLite documentation. */
int sqlite3_brink_init(sqlite3 *db, char **error, const sqlite3_api_routines *api);

int
sqlite3_brink_init(sqlite3 *db, char **error, const sqlite3_api_routines *api)
{
	int rc;

	SQLITE_EXTENSION_INIT2(api);
	rc = packed_install(db);
	if (rc != SQLITE_OK)
		*error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
	return rc;
}
#endif
