#include "store/db.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/db_handle.h"
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

struct db {
	sqlite3 *handle;
	int depth;        /* of transactions begun */
	int code;         /* of the last error, extended */
	int system_errno; /* of the last error, 0: none */
	bool writes;
	char error[256];
};

int
db_fail(struct db *db)
{
	db->code = sqlite3_extended_errcode(db->handle);
	db->system_errno = sqlite3_system_errno(db->handle);
	strlcpy(db->error, sqlite3_errmsg(db->handle), sizeof(db->error));
	return -1;
}

int
db_refuse(struct db *db, const char *text)
{
	db->code = SQLITE_MISUSE;
	db->system_errno = 0;
	strlcpy(db->error, text, sizeof(db->error));
	return -1;
}

sqlite3 *
db_handle(struct db *db)
{
	return db->handle;
}

const char *
db_path(const struct db *db)
{
	return sqlite3_db_filename(db->handle, "main");
}

const char *
db_error(const struct db *db)
{
	return db->error;
}

bool
db_is_full(const struct db *db)
{
	int primary = db->code & 0xff;

	return primary == SQLITE_FULL ||
	       (primary == SQLITE_IOERR &&
		(db->system_errno == ENOSPC || db->system_errno == EDQUOT));
}

bool
db_is_moved(const struct db *db)
{
	int moved = 0;

	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

/* "file:PATH?parameters" with everything escaped that a URI gives a meaning to. */
static char *
uri_of(const char *path, const char *parameters)
{
	char *uri = NULL;
	size_t size;
	FILE *out = open_memstream(&uri, &size);

	if (out == NULL)
		return NULL;
	/* A relative path is marked as one, so that ":memory:" is a file too. */
	fputs(path[0] == '/' ? "file:" : "file:./", out);
	for (const char *p = path; *p != '\0'; p++)
		fprintf(out, strchr("%?#", *p) != NULL ? "%%%02X" : "%c",
			(unsigned char)*p);
	fprintf(out, "?%s", parameters);
	if (fclose(out) == 0)
		return uri;
	free(uri);
	return NULL;
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
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	/* Closing a file that is refused must not move its log into it. */
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
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
	if (db_attach_any(db, path) == -1) {
		say_why(db, path, err);
		goto fail;
	}
	if (db->writes && sqlite3_db_readonly(db->handle, "main") != 0) {
		fprintf(err, "brink: %s is read-only\n", path);
		goto fail;
	}
	if (check_network(db, path, mode, err) == -1)
		goto fail;
	switch (schema_prepare(db, path, mode, err)) {
	case SCHEMA_READY:
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
		if (packed_install(db->handle) == SQLITE_OK)
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

void
db_close(struct db *db)
{
	sqlite3_stmt *s;

	if (db == NULL)
		return;
	while (db->handle != NULL && (s = sqlite3_next_stmt(db->handle, NULL)) != NULL) {
		log_warnx("statement left open: %s", sqlite3_sql(s));
		sqlite3_finalize(s);
	}
	sqlite3_close(db->handle);
	free(db);
}

int
db_exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									    : db_fail(db);
}

int
db_begin(struct db *db)
{
	/* A writer takes its lock at once: waiting for it later, with a snapshot in hand,
	 * could only fail. */
	if (db->depth == 0 && db_exec(db, db->writes ? "BEGIN IMMEDIATE" : "BEGIN") == -1)
		return -1;
	db->depth++;
	return 0;
}

int
db_commit(struct db *db)
{
	if (db->depth == 0)
		return db_refuse(db, "the transaction was rolled back");
	if (db->depth == 1 && db_exec(db, "COMMIT") == -1)
		return -1;
	db->depth--;
	return 0;
}

void
db_rollback(struct db *db)
{
	db->depth = 0;
	/* After a full disk SQLite may have rolled back by itself. The error that led here
	 * is kept. */
	if (sqlite3_get_autocommit(db->handle) == 0)
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int64_t
db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}
