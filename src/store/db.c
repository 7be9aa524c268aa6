#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/log.h"
#include "store/db_handle.h"

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

int64_t
db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}
