/*
 * SQLite at arm's length: with guard.c and the virtual table of packed runs the only functions
 * of brink that call it.
 */
#ifndef BRINK_STORE_DB_H
#define BRINK_STORE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct db;
struct db_statement;

/* DB_CREATE_ANYWHERE: on a network filesystem too, which the file notes, so that it is
 * opened there ever after. */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE, DB_CREATE_ANYWHERE };

#define DB_APPLICATION_ID 0x6272696e /* "brin" */
#define DB_SCHEMA_VERSION 5

/*
 * Opens a store. DB_CREATE makes the file (0600), its folders (0700) and the schema where
 * they are missing; DB_WRITE and DB_CREATE bring an older schema here after a backup.
 * Refused with one sentence on err: a file that is not a database, another program's, a
 * newer schema, a network filesystem, a folder or file that may not be used.
 * What is too large for the cache is sorted in a file, but in memory where neither
 * SQLITE_TMPDIR is set nor the folder may be written.
 * Returns NULL on error. db_close() takes NULL and reports statements left open.
 */
struct db *db_open(const char *path, enum db_mode mode, FILE *err);
void db_close(struct db *db);

/* How much memory SQLite may take in this process: what needs more fails. */
void db_limit_memory(int64_t bytes);

/* $BRINK_DB, else $XDG_DATA_HOME/brink/brink.db, else ~/.local/share/brink/brink.db. The
 * caller frees it. */
char *db_default_path(void);

/* The folder of a store that is there, symbolic links followed: SQLite puts what belongs to
 * it beside the file itself. NULL where it is not there; the caller frees it. */
char *db_folder(const char *path);

/* The absolute path of the file. Valid until db_close(). */
const char *db_path(const struct db *db);

/*
 * A descriptor of the file itself, for locks (fcntl(2)) that SQLite knows nothing of: not
 * to be read, written or closed. -1 with errno. It lives as long as the store is open,
 * because closing it drops the locks that SQLite has in this process.
 */
int db_file(struct db *db);

/* The text of the last error, or "". Valid until the next call. */
const char *db_error(const struct db *db);
/* Notes what brink itself refuses as the last error. Always -1. */
int db_refuse(struct db *db, const char *text);
/* True if the last error means that the disk, the quota or the file (RLIMIT_FSIZE) is full. */
bool db_is_full(const struct db *db);

/* True where the path no longer leads to the file that is open. */
bool db_is_moved(const struct db *db);

/* Where a file that is open is now, which may have been renamed since, or its folder: false
 * where it has no name any more, and goes with the last who has it open. */
bool db_whereabouts(int file, char *path, size_t size);

/* Runs SQL that gives no rows. 0, or -1 (see db_error). */
int db_exec(struct db *db, const char *sql);

/* VACUUM into a new file, or where that is NULL into this one. 0, or -1. */
int db_vacuum(struct db *db, const char *into);

/* Transactions nest: only the outermost commits. 0, or -1. */
int db_begin(struct db *db);
int db_commit(struct db *db);
void db_rollback(struct db *db);

/* Until the end everything that is read is of one moment, whatever others write meanwhile; nobody
 * waits for it. It nests, and leaves db_error() as it is. 0, or -1 with nothing to be ended. */
int db_begin_reading(struct db *db);
void db_end_reading(struct db *db);

/*
 * A prepared statement. Parameters are ?1, ?2, … Bind, step, and it may be used again after
 * db_reset(). db_step() returns 1 on a row, 0 at the end, -1 on an error. Where prepare fails
 * it returns NULL.
 */
struct db_statement *db_prepare(struct db *db, const char *sql);
/* The same, but kept for the next time that the same SQL is asked for, by one user at a time:
 * db_reset() it when done, never db_finish(). */
struct db_statement *db_prepare_kept(struct db *db, const char *sql);
/* The same for SQL from outside: it must be one statement, and no more. */
struct db_statement *db_prepare_one(struct db *db, const char *sql);
void db_finish(struct db_statement *s); /* takes NULL */
void db_bind_int(struct db_statement *s, int parameter, int64_t value);
void db_bind_real(struct db_statement *s, int parameter, double value);
/* text may be NULL; it is copied. */
void db_bind_text(struct db_statement *s, int parameter, const char *text);
void db_bind_blob(struct db_statement *s, int parameter, const void *data, size_t bytes);
/* A column of another statement's current row, of whatever type. */
void db_bind_column(struct db_statement *s, int parameter, struct db_statement *from,
		    int column);
/* How many parameters there are, and the number of a named one (":run"), 0: none. */
int db_parameters(const struct db_statement *s);
int db_parameter(const struct db_statement *s, const char *name);
int db_step(struct db_statement *s);
void db_reset(struct db_statement *s); /* also clears what was bound */
/* Steps to the end and resets: for statements that give no rows. 0, or -1. */
int db_run(struct db_statement *s);

/* Columns of the current row, from 0. db_text() is "" for NULL and valid until the next
 * step; db_is_null() tells the difference. Whoever made the file may have put anything there:
 * what a terminal would obey is made visible (see base/escape.h), but newlines and tabs.
 * db_text_raw() is as it was stored: for SQL, and for formats that escape it themselves. */
int db_columns(struct db_statement *s);
const char *db_column_name(struct db_statement *s, int column);
enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };
enum db_type db_type(struct db_statement *s, int column);
bool db_is_null(struct db_statement *s, int column);
int64_t db_int(struct db_statement *s, int column);
/* The same of a count, a size or a time: between -DB_MEASURE_MAX and DB_MEASURE_MAX, whatever
 * a damaged file holds, so that those of a row may be added and taken from each other. */
#define DB_MEASURE_MAX (INT64_C(1) << 60)
int64_t db_measure(struct db_statement *s, int column);
double db_real(struct db_statement *s, int column);
const char *db_text(struct db_statement *s, int column);
const char *db_text_raw(struct db_statement *s, int column);
/* db_text() into an array, cut behind a character where it is longer. */
void db_text_copy(struct db_statement *s, int column, char *text, size_t size);
/* NULL where it is NULL or empty; valid until the next step. */
const void *db_blob(struct db_statement *s, int column, size_t *bytes);

/* The first column of the first row; fallback where there is no row, it is NULL, or the
 * SQL fails. */
int64_t db_query_int(struct db *db, const char *sql, int64_t run_id, int64_t fallback);

/* Rowid of the last insert. */
int64_t db_last_id(const struct db *db);

#endif
