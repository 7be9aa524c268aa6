#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/escape.h"
#include "base/log.h"
#include "store/db_handle.h"
#include "store/guard.h"
#include "store/location.h"
#include "store/packed.h"
#include "store/schema.h"

int
db_fail(struct db *db)
{
	db->code = sqlite3_extended_errcode(db->handle);
	db->system_errno = sqlite3_system_errno(db->handle);
	if (db->code == SQLITE_INTERRUPT && budget_is_spent())
		strlcpy(db->error, "it takes far longer than a database of its size may",
			sizeof(db->error));
	else
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

int
db_file(struct db *db)
{
	if (db->file == -1)
		db->file = open(db_path(db), O_RDONLY | O_CLOEXEC);
	return db->file;
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
		(db->system_errno == ENOSPC || db->system_errno == EDQUOT ||
		 db->system_errno == EFBIG));
}

bool
db_is_moved(const struct db *db)
{
	int moved = 0;

	sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved);
	return moved != 0;
}

bool
db_whereabouts(int file, char *path, size_t size)
{
	char link[64];
	struct stat st;
	ssize_t length;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	length = readlink(link, path, size);
	if (length <= 0 || length == (ssize_t)size || fstat(file, &st) == -1)
		return false;
	path[length] = '\0';
	return st.st_nlink > 0;
}

void
db_close(struct db *db)
{
	sqlite3_stmt *s;

	if (db == NULL)
		return;
	db_forget_kept(db);
	while (db->handle != NULL && (s = sqlite3_next_stmt(db->handle, NULL)) != NULL) {
		log_warnx("statement left open: %s", sqlite3_sql(s));
		sqlite3_finalize(s);
	}
	sqlite3_close(db->handle);
	if (db->file != -1)
		close(db->file);
	free(db);
}

void
db_limit_memory(int64_t bytes)
{
	sqlite3_hard_heap_limit64(bytes);
}

int
db_exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
									    : db_fail(db);
}

int
db_vacuum(struct db *db, const char *into)
{
	struct db_statement *s;
	int rc = -1;

	db->copies = true;
	s = db_prepare(db, into != NULL ? "VACUUM INTO ?1" : "VACUUM");
	if (s != NULL) {
		if (into != NULL)
			db_bind_text(s, 1, into);
		rc = db_run(s);
	}
	db_finish(s);
	db->copies = false;
	return rc;
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

int
db_begin_reading(struct db *db)
{
	if (db->depth == 0 && db_exec(db, "BEGIN") == -1)
		return -1;
	db->depth++;
	return 0;
}

void
db_end_reading(struct db *db)
{
	if (db->depth > 0 && --db->depth == 0)
		sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
}

int64_t
db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

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

struct db_statement {
	sqlite3_stmt *stmt;
	struct db *db;
	int bind_code;  /* first error of a bind since the last reset */
	char **escaped; /* by column, of the current row: what had to be made safe */
};

/* Texts of the row before are valid no more. */
static void
forget_escaped(struct db_statement *s)
{
	int columns = s->escaped != NULL ? sqlite3_column_count(s->stmt) : 0;

	for (int i = 0; i < columns; i++)
		free(s->escaped[i]);
	free(s->escaped);
	s->escaped = NULL;
}

/* text, or a copy that lives as long as the row. */
static const char *
escape(struct db_statement *s, int column, const char *text)
{
	if (escape_is_needless(text, "\n\t"))
		return text;
	if (s->escaped == NULL)
		s->escaped =
		    calloc((size_t)sqlite3_column_count(s->stmt), sizeof(*s->escaped));
	if (s->escaped == NULL)
		fatal("cannot hold a row");
	free(s->escaped[column]);
	s->escaped[column] = escape_lines(text);
	return s->escaped[column];
}

struct db_statement *
db_prepare(struct db *db, const char *sql)
{
	struct db_statement *s = calloc(1, sizeof(*s));

	if (s == NULL)
		return NULL;
	s->db = db;
	if (sqlite3_prepare_v3(db_handle(db), sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &s->stmt, NULL) == SQLITE_OK)
		return s;
	db_fail(db);
	free(s);
	return NULL;
}

struct db_statement *
db_prepare_kept(struct db *db, const char *sql)
{
	struct db_statement *s = NULL;
	size_t i = 0;

	while (i < DB_KEPT - 1 && db->kept[i] != NULL &&
	       strcmp(sqlite3_sql(db->kept[i]->stmt), sql) != 0)
		i++;
	if (db->kept[i] != NULL && strcmp(sqlite3_sql(db->kept[i]->stmt), sql) == 0) {
		s = db->kept[i];
		db_reset(s);
	} else {
		s = db_prepare(db, sql);
		if (s == NULL)
			return NULL;
		db_finish(db->kept[i]);
	}
	memmove(db->kept + 1, db->kept, i * sizeof(*db->kept));
	db->kept[0] = s;
	return s;
}

void
db_forget_kept(struct db *db)
{
	for (size_t i = 0; i < DB_KEPT; i++) {
		db_finish(db->kept[i]);
		db->kept[i] = NULL;
	}
}

/* True where text holds a statement: spaces and comments are none. Only the parser can
 * tell. */
static bool
holds_statement(struct db *db, const char *text)
{
	sqlite3_stmt *stmt = NULL;
	bool holds =
	    sqlite3_prepare_v2(db_handle(db), text, -1, &stmt, NULL) != SQLITE_OK ||
	    stmt != NULL;

	sqlite3_finalize(stmt);
	return holds;
}

struct db_statement *
db_prepare_one(struct db *db, const char *sql)
{
	struct db_statement *s = calloc(1, sizeof(*s));
	const char *rest;

	if (s == NULL)
		return NULL;
	s->db = db;
	if (sqlite3_prepare_v2(db_handle(db), sql, -1, &s->stmt, &rest) != SQLITE_OK)
		db_fail(db);
	else if (s->stmt == NULL)
		db_refuse(db, "there is no statement");
	else if (holds_statement(db, rest))
		db_refuse(db, "there is more than one statement");
	else
		return s;
	db_finish(s);
	return NULL;
}

void
db_finish(struct db_statement *s)
{
	if (s == NULL)
		return;
	forget_escaped(s);
	sqlite3_finalize(s->stmt);
	free(s);
}

static void
note_bind(struct db_statement *s, int rc)
{
	if (rc == SQLITE_OK || s->bind_code != SQLITE_OK)
		return;
	s->bind_code = rc;
	db_fail(s->db);
}

void
db_bind_int(struct db_statement *s, int parameter, int64_t value)
{
	note_bind(s, sqlite3_bind_int64(s->stmt, parameter, value));
}

void
db_bind_real(struct db_statement *s, int parameter, double value)
{
	note_bind(s, sqlite3_bind_double(s->stmt, parameter, value));
}

void
db_bind_text(struct db_statement *s, int parameter, const char *text)
{
	note_bind(s, sqlite3_bind_text(s->stmt, parameter, text, -1, SQLITE_TRANSIENT));
}

void
db_bind_blob(struct db_statement *s, int parameter, const void *data, size_t bytes)
{
	note_bind(s,
		  sqlite3_bind_blob64(s->stmt, parameter, data, bytes, SQLITE_TRANSIENT));
}

void
db_bind_column(struct db_statement *s, int parameter, struct db_statement *from,
	       int column)
{
	note_bind(s, sqlite3_bind_value(s->stmt, parameter,
					sqlite3_column_value(from->stmt, column)));
}

int
db_parameters(const struct db_statement *s)
{
	return sqlite3_bind_parameter_count(s->stmt);
}

int
db_parameter(const struct db_statement *s, const char *name)
{
	return sqlite3_bind_parameter_index(s->stmt, name);
}

int
db_step(struct db_statement *s)
{
	int rc;

	if (s->bind_code != SQLITE_OK)
		return -1;
	forget_escaped(s);
	rc = sqlite3_step(s->stmt);
	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : db_fail(s->db);
}

void
db_reset(struct db_statement *s)
{
	sqlite3_reset(s->stmt);
	sqlite3_clear_bindings(s->stmt);
	s->bind_code = SQLITE_OK;
}

int
db_run(struct db_statement *s)
{
	int rc;

	while ((rc = db_step(s)) == 1)
		;
	db_reset(s);
	return rc;
}

int
db_columns(struct db_statement *s)
{
	return sqlite3_column_count(s->stmt);
}

const char *
db_column_name(struct db_statement *s, int column)
{
	return sqlite3_column_name(s->stmt, column);
}

enum db_type
db_type(struct db_statement *s, int column)
{
	static const enum db_type types[] = {
		[SQLITE_INTEGER] = DB_INT, [SQLITE_FLOAT] = DB_REAL,
		[SQLITE_TEXT] = DB_TEXT,   [SQLITE_BLOB] = DB_BLOB,
		[SQLITE_NULL] = DB_NULL,
	};

	return types[sqlite3_column_type(s->stmt, column)];
}

bool
db_is_null(struct db_statement *s, int column)
{
	return sqlite3_column_type(s->stmt, column) == SQLITE_NULL;
}

int64_t
db_int(struct db_statement *s, int column)
{
	return sqlite3_column_int64(s->stmt, column);
}

int64_t
db_measure(struct db_statement *s, int column)
{
	int64_t value = db_int(s, column);

	if (value > DB_MEASURE_MAX)
		return DB_MEASURE_MAX;
	return value < -DB_MEASURE_MAX ? -DB_MEASURE_MAX : value;
}

double
db_real(struct db_statement *s, int column)
{
	return sqlite3_column_double(s->stmt, column);
}

const char *
db_text_raw(struct db_statement *s, int column)
{
	const unsigned char *text = sqlite3_column_text(s->stmt, column);

	return text != NULL ? (const char *)text : "";
}

const char *
db_text(struct db_statement *s, int column)
{
	return escape(s, column, db_text_raw(s, column));
}

void
db_text_copy(struct db_statement *s, int column, char *text, size_t size)
{
	const char *from = db_text(s, column);
	size_t end = strlen(from);

	if (end >= size)
		for (end = size - 1; end > 0 && (from[end] & 0xc0) == 0x80;)
			end--;
	memcpy(text, from, end);
	text[end] = '\0';
}

const void *
db_blob(struct db_statement *s, int column, size_t *bytes)
{
	const void *data = sqlite3_column_blob(s->stmt, column);

	*bytes = (size_t)sqlite3_column_bytes(s->stmt, column);
	return data;
}

int64_t
db_query_int(struct db *db, const char *sql, int64_t run_id, int64_t fallback)
{
	struct db_statement *s = db_prepare(db, sql);
	int64_t value = fallback;

	if (s == NULL)
		return fallback;
	if (db_parameters(s) > 0)
		db_bind_int(s, 1, run_id);
	if (db_step(s) == 1 && !db_is_null(s, 0))
		value = db_int(s, 0);
	db_finish(s);
	return value;
}
