#include "store/packed.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#ifdef BRINK_EXTENSION
#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1
#else
#include <sqlite3.h>
#endif

#include "base/embed.h"
#include "store/packed_table.h"
#include "store/sample_schema.h"

/* Whatever the file has under that name, only a table is asked: anything else might run for
 * ever. An older schema has none: then nothing is packed. */
static bool
has_packed(sqlite3 *db)
{
	static const char *const questions[] = {
		"SELECT 1 FROM main.sqlite_schema WHERE name = 'packed'"
		" AND sql GLOB 'CREATE TABLE packed (*'",
		"SELECT 1 FROM main.packed LIMIT 1",
	};
	bool has = true;

	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]) && has; i++) {
		sqlite3_stmt *s;

		has = sqlite3_prepare_v2(db, questions[i], -1, &s, NULL) == SQLITE_OK &&
		      sqlite3_step(s) == SQLITE_ROW;
		sqlite3_finalize(s);
	}
	return has;
}

static int
execute(sqlite3 *db, char *sql)
{
	int rc = sql == NULL ? SQLITE_NOMEM : sqlite3_exec(db, sql, NULL, NULL, NULL);

	sqlite3_free(sql);
	return rc;
}

/* Temporary objects come first in the search for a name. */
static int
shadow_tables(sqlite3 *db)
{
	int rc = SQLITE_OK;

	for (const char *const *kind = packed_kinds; *kind != NULL && rc == SQLITE_OK;
	     kind++)
		rc = execute(
		    db,
		    sqlite3_mprintf(
			"CREATE VIRTUAL TABLE temp.\"%w_sample\" USING brink_sample(%w)",
			*kind, *kind));
	return rc;
}

/* The ';' that ends the statement, not one in a comment or in a text; NULL: none. */
static const char *
statement_end(const char *p)
{
	while ((p = strpbrk(p, ";-'")) != NULL && *p != ';') {
		if (*p == '\'')
			p = strchr(p + 1, '\'');
		else if (p[1] == '-')
			p = strchr(p, '\n');
		if (p == NULL)
			break;
		p++;
	}
	return p;
}

/* A view of the file sees only its own tables, and nobody knows what is in it: each of
 * brink's has a temporary double, made from brink's own text. */
static int
shadow_views(sqlite3 *db)
{
	static const char create[] = "CREATE VIEW ";
	char *views = sample_schema_expand(embedded_sql_views);
	const char *sql = views, *rest;
	int rc = SQLITE_OK;

	if (views == NULL)
		return SQLITE_NOMEM;
	while (rc == SQLITE_OK && (sql = strstr(sql, create)) != NULL) {
		rest = statement_end(sql);
		if (rest == NULL) {
			rc = SQLITE_ERROR;
			break;
		}
		sql += strlen(create);
		rc = execute(
		    db, sqlite3_mprintf("CREATE TEMP VIEW %.*s", (int)(rest - sql), sql));
		sql = rest;
	}
	free(views);
	return rc;
}

int
packed_install(sqlite3 *db, bool always)
{
	int rc = packed_table_register(db);
	bool packed = has_packed(db);

	if (rc == SQLITE_OK && packed)
		rc = shadow_tables(db);
	if (rc == SQLITE_OK && (packed || always))
		rc = shadow_views(db);
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
	rc = packed_install(db, false);
	if (rc != SQLITE_OK)
		*error = sqlite3_mprintf("%s", sqlite3_errmsg(db));
	return rc;
}
#endif
