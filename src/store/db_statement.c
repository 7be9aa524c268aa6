#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/escape.h"
#include "store/db.h"
#include "store/db_handle.h"

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
db_bind_null(struct db_statement *s, int parameter)
{
	note_bind(s, sqlite3_bind_null(s->stmt, parameter));
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
