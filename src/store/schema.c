#include "store/schema.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/embed.h"
#include "base/log.h"
#include "store/location.h"
#include "store/migrate.h"
#include "store/own_schema.h"
#include "store/sample_schema.h"

#define TEXT_OF(number)    #number
#define SQL_NUMBER(number) TEXT_OF(number)

/* Tables, indexes and views of the file; -1 where it cannot be read. */
static int64_t
object_count(struct db *db)
{
	return db_query_int(db, "SELECT count(*) FROM sqlite_schema", 0, -1);
}

/* A file without a -wal holds all of its pages, unless it was cut short. SQLite itself
 * sees only whole pages that are missing. */
static bool
is_truncated(struct db *db, const char *path)
{
	int64_t bytes = db_query_int(
	    db, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
	    0, 0);
	struct stat st;

	return !location_has(path, "-wal") && stat(path, &st) == 0 && st.st_size < bytes;
}

/* A text of the schema with what follows from the resource table. */
static char *
expand(const char *sql)
{
	char *text = sample_schema_expand(sql);

	if (text == NULL)
		fatal("cannot hold the schema");
	return text;
}

static int
own_check(struct db *db, const char *path, int64_t version, FILE *err)
{
	char *latest = expand(embedded_sql_schema);
	const struct own_schema own = {
		.latest = latest,
		.first = embedded_sql_schema_first,
		.migrations = embedded_migrations,
		.version = DB_SCHEMA_VERSION,
	};
	int rc = own_schema_check(db, path, &own, version, err);

	free(latest);
	return rc;
}

/* Whose file it is, before anything is written. */
static enum schema_result
schema_check(struct db *db, const char *path, enum db_mode mode, FILE *err)
{
	int64_t application = db_query_int(db, "PRAGMA application_id", 0, 0);
	int64_t version = db_query_int(db, "PRAGMA user_version", 0, 0);
	int64_t objects = object_count(db);

	if (objects == -1)
		return SCHEMA_FAILED;
	if (is_truncated(db, path))
		fprintf(err, "brink: %s is truncated: pages at its end are missing\n",
			path);
	else if (objects == 0 && mode >= DB_CREATE)
		return SCHEMA_READY;
	else if (objects == 0)
		fprintf(err, "brink: %s is empty: \"brink run\" makes it a database\n",
			path);
	else if (application != DB_APPLICATION_ID)
		fprintf(err, "brink: %s is the database of another program\n", path);
	else if (version < 1)
		fprintf(err, "brink: %s has schema version %lld, which no brink made\n",
			path, (long long)version);
	else if (version > DB_SCHEMA_VERSION)
		fprintf(err,
			"brink: %s has schema version %lld; this brink knows up to %d\n",
			path, (long long)version, DB_SCHEMA_VERSION);
	else if (version < DB_SCHEMA_VERSION && mode == DB_READ)
		fprintf(err,
			"brink: %s has schema version %lld; \"brink check\" brings it to "
			"%d\n",
			path, (long long)version, DB_SCHEMA_VERSION);
	else if (own_check(db, path, version, err) == 0)
		return SCHEMA_READY;
	return SCHEMA_REFUSED;
}

/* Where a file may be that is on a network filesystem: as its user once said. */
static int
check_network(struct db *db, const char *path, enum db_mode mode, FILE *err)
{
	const char *network =
	    mode != DB_CREATE_ANYWHERE ? location_on_network(path) : NULL;

	if (network == NULL ||
	    db_query_int(db, "SELECT value FROM meta WHERE name = 'anywhere'", 0, 0) == 1)
		return 0;
	location_refuse_network(path, network, err);
	return -1;
}

static int
tables_make(struct db *db)
{
	char *schema = expand(embedded_sql_schema);
	int rc = db_exec(db, schema);

	free(schema);
	return rc;
}

/* Another process may be doing the same: the lock is taken first, then looked again. */
static int
schema_make(struct db *db)
{
	if (db_begin(db) == -1)
		return -1;
	if (object_count(db) == 0 &&
	    (tables_make(db) == -1 ||
	     db_exec(db, "PRAGMA application_id = " SQL_NUMBER(DB_APPLICATION_ID)) ==
		 -1 ||
	     db_exec(db, "PRAGMA user_version = " SQL_NUMBER(DB_SCHEMA_VERSION)) == -1))
		goto fail;
	if (db_commit(db) == 0)
		return 0;
fail:
	db_rollback(db);
	return -1;
}

static int64_t
checksum(const char *text)
{
	return (int64_t)crc32(0, (const Bytef *)text, (uInt)strlen(text));
}

static bool
views_current(struct db *db, const char *views)
{
	return db_query_int(db, "SELECT value = ?1 FROM meta WHERE name = 'views_crc32'",
			    checksum(views), 0) == 1;
}

static int
views_note(struct db *db, const char *views)
{
	struct db_statement *s =
	    db_prepare(db, "INSERT INTO meta (name, value) VALUES ('views_crc32', ?1)"
			   " ON CONFLICT DO UPDATE SET value = excluded.value");
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, checksum(views));
	rc = db_run(s);
	db_finish(s);
	return rc;
}

static int
views_make_from(struct db *db, const char *views)
{
	if (views_current(db, views))
		return 0;
	if (db_begin(db) == -1)
		return -1;
	if (db_exec(db, views) == 0 && views_note(db, views) == 0 && db_commit(db) == 0)
		return 0;
	db_rollback(db);
	return -1;
}

static int
views_make(struct db *db)
{
	char *views = expand(embedded_sql_views);
	int rc = views_make_from(db, views);

	free(views);
	return rc;
}

/* Whoever opens it later need not be told again. */
static int
anywhere_note(struct db *db)
{
	return db_exec(db, "INSERT INTO meta (name, value) VALUES ('anywhere', 1)"
			   " ON CONFLICT DO NOTHING");
}

/* synchronous=NORMAL: a commit survives the death of the process; a power cut may take
 * the last of them, never the file. */
static int
writer_set(struct db *db)
{
	if (db_exec(db, "PRAGMA journal_mode = WAL") == -1)
		return -1;
	return db_exec(db, "PRAGMA synchronous = NORMAL");
}

enum schema_result
schema_prepare(struct db *db, const char *path, enum db_mode mode, FILE *err)
{
	enum schema_result result = schema_check(db, path, mode, err);

	if (result == SCHEMA_READY && check_network(db, path, mode, err) == -1)
		result = SCHEMA_REFUSED;
	if (result != SCHEMA_READY || mode == DB_READ)
		return result;
	if (writer_set(db) == -1 || (mode >= DB_CREATE && schema_make(db) == -1))
		return SCHEMA_FAILED;
	/* The file that was empty may have been made by someone else meanwhile. */
	result = schema_check(db, path, DB_WRITE, err);
	if (result == SCHEMA_READY &&
	    migrate(db, embedded_migrations, DB_SCHEMA_VERSION, err) == -1)
		return SCHEMA_REFUSED;
	if (result == SCHEMA_READY &&
	    (views_make(db) == -1 ||
	     (mode == DB_CREATE_ANYWHERE && anywhere_note(db) == -1)))
		return SCHEMA_FAILED;
	return result;
}
