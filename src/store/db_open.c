#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/db_handle.h"
#include "store/guard.h"
#include "store/location.h"
#include "store/packed.h"
#include "store/schema.h"

/*
 * Any number of processes may have the file open. Writers take turns by SQLite's own
 * locks, which the kernel drops when a process dies: each transaction waits for its turn
 * up to this long, then fails whole. Hence two runs at a time may write one file, and no
 * lock file is needed.
 */
#define BUSY_TIMEOUT_MS 5000

/* At the most, KiB: a history of thousands of runs is gone through once a figure. */
#define CACHE_SIZE "-32768"

/* "file:PATH?parameters" with everything escaped that a URI gives a meaning to. */
static char *
uri_of(const char *path, const char *parameters)
{
	char *uri = NULL;
	size_t size;
	FILE *out = open_memstream(&uri, &size);

	if (out == NULL)
		return NULL;
	/* The empty authority keeps "//x" a path. A relative one is marked as such, so that
	 * ":memory:" is a file too. */
	fputs(path[0] == '/' ? "file://" : "file:./", out);
	for (const char *p = path; *p != '\0'; p++)
		fprintf(out, strchr("%?#", *p) != NULL ? "%%%02X" : "%c",
			(unsigned char)*p);
	fprintf(out, "?%s", parameters);
	if (fclose(out) == 0)
		return uri;
	free(uri);
	return NULL;
}

/* Before anything of the file is looked at: it may be made to do harm. */
static void
configure(struct db *db)
{
	static const struct {
		int option, value;
	} options[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		/* brink's own views are temporary ones, which work nevertheless. */
		{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },
		{ SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
		{ SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
		/* Closing a file that is refused must not move its log into it. */
		{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },
	};

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		sqlite3_db_config(db->handle, options[i].option, options[i].value, NULL);
	guard_own(db);
}

static int
db_attach(struct db *db, const char *path, const char *parameters)
{
	char *uri = uri_of(path, parameters);
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
		    (db->writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
	int rc;

	if (uri == NULL)
		return -1;
	sqlite3_close(db->handle);
	db->handle = NULL;
	rc = sqlite3_open_v2(uri, &db->handle, flags, NULL);
	free(uri);
	if (db->handle == NULL)
		return -1;
	sqlite3_busy_timeout(db->handle, BUSY_TIMEOUT_MS);
	configure(db);
	/* Opening reads nothing yet: this does. */
	if (rc != SQLITE_OK || db_exec(db, "PRAGMA schema_version") == -1)
		return db_fail(db);
	return 0;
}

/* Reading a file in WAL mode needs its -shm, which cannot be made in a folder that may
 * not be written. Without a -wal there is nothing else to read, and nobody can write. */
static int
db_attach_any(struct db *db, const char *path)
{
	int rc = db_attach(db, path, db->writes ? "mode=rw" : "mode=ro");
	int primary = db->code & 0xff;

	if (rc == -1 && !db->writes &&
	    (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY) &&
	    !location_has(path, "-wal"))
		rc = db_attach(db, path, "mode=ro&immutable=1");
	return rc;
}

static void
say_why(const struct db *db, const char *path, FILE *err)
{
	static const struct {
		int code;
		const char *text;
	} reasons[] = {
		{ SQLITE_NOTADB, "is not a database" },
		{ SQLITE_CORRUPT, "is truncated or damaged" },
		{ SQLITE_BUSY, "is locked by another program" },
		{ SQLITE_READONLY, "is read-only" },
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].code == (db->code & 0xff)) {
			fprintf(err, "brink: %s %s\n", path, reasons[i].text);
			return;
		}
	fprintf(err, "brink: %s cannot be used as the database: %s\n", path,
		db->error[0] != '\0' ? db->error : strerror(ENOMEM));
}

/* Who may write nothing beside the store may be confined to that, and SQLite would not know
 * it: what is too large for the cache is sorted in memory then, but where its user names a
 * folder for it. */
static int
choose_temporary(struct db *db)
{
	char *folder = db_folder(db_path(db));
	int rc = 0;

	if (folder != NULL && access(folder, W_OK) == -1 &&
	    getenv("SQLITE_TMPDIR") == NULL)
		rc = db_exec(db, "PRAGMA temp_store = MEMORY");
	free(folder);
	return rc;
}

static struct db *
open_in_turn(const char *path, enum db_mode mode, FILE *err)
{
	struct db *db;

	db = calloc(1, sizeof(*db));
	if (db == NULL) {
		fprintf(err, "brink: %s cannot be opened: %s\n", path, strerror(errno));
		return NULL;
	}
	db->writes = mode != DB_READ;
	db->file = -1;
	if (db_attach_any(db, path) == -1) {
		say_why(db, path, err);
		goto fail;
	}
	if (db->writes && sqlite3_db_readonly(db->handle, "main") != 0) {
		fprintf(err, "brink: %s is read-only\n", path);
		goto fail;
	}
	switch (schema_prepare(db, path, mode, err)) {
	case SCHEMA_READY:
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
		if (choose_temporary(db) == 0 &&
		    db_exec(db, "PRAGMA cache_size = " CACHE_SIZE) == 0 &&
		    packed_install(db->handle, true) == SQLITE_OK)
			return db;
		db_fail(db);
		say_why(db, path, err);
		break;
	case SCHEMA_FAILED:
		say_why(db, path, err);
		break;
	case SCHEMA_REFUSED:
		break;
	}
fail:
	db_close(db);
	return NULL;
}

struct db *
db_open(const char *path, enum db_mode mode, FILE *err)
{
	struct db *db;
	int turn = -1;

	if (location_prepare(path, mode, err) == -1)
		return NULL;
	if (mode != DB_READ)
		turn = location_lock(path);
	db = open_in_turn(path, mode, err);
	if (turn >= 0)
		close(turn);
	return db;
}
