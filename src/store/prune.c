#include "store/prune.h"

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

/* ?1 keep, ?2 before, ?3 label. */
#define CHOSEN                                                                 \
	" state <> 'running' AND ended_us IS NOT NULL"                         \
	" AND (?3 IS NULL OR label = ?3)"                                      \
	" AND (?1 = -1 OR run_id NOT IN (SELECT k.run_id FROM run AS k"        \
	"  WHERE ?3 IS NULL OR k.label = ?3 ORDER BY k.run_id DESC LIMIT ?1))" \
	" AND (?2 = -1 OR started_unix_us + ended_us < ?2)"

static struct db_statement *
prepare(struct db *db, const struct prune *prune, const char *sql)
{
	struct db_statement *s = db_prepare(db, sql);

	if (s == NULL)
		return NULL;
	db_bind_int(s, 1, prune->keep);
	db_bind_int(s, 2, prune->before_unix_us);
	db_bind_text(s, 3, prune->label);
	return s;
}

struct db_statement *
prune_list(struct db *db, const struct prune *prune)
{
	return prepare(db, prune,
		       "SELECT run_id, started_at, label, outcome, held_peak FROM v_run"
		       " WHERE run_id IN (SELECT run_id FROM run WHERE" CHOSEN ")"
		       " ORDER BY run_id");
}

/* 1 where a run was deleted, 0 where none is left, -1. */
static int
delete_next(struct db *db, const struct prune *prune)
{
	struct db_statement *s =
	    prepare(db, prune,
		    "DELETE FROM run WHERE run_id = (SELECT run_id FROM run WHERE" CHOSEN
		    " ORDER BY run_id LIMIT 1) RETURNING 1");
	int deleted;

	if (s == NULL)
		return -1;
	deleted = db_step(s);
	if (deleted == 1 && db_run(s) == -1)
		deleted = -1;
	db_finish(s);
	return deleted;
}

int64_t
prune_delete(struct db *db, const struct prune *prune)
{
	int64_t count = 0;
	int deleted;

	while ((deleted = delete_next(db, prune)) == 1)
		count++;
	/* A sweep that is not complete may yet get runs. */
	if (deleted == -1 ||
	    db_exec(db,
		    "DELETE FROM host WHERE host_id NOT IN (SELECT host_id FROM run)") ==
		-1 ||
	    db_exec(db,
		    "DELETE FROM sweep WHERE ended_unix_us IS NOT NULL AND sweep_id NOT"
		    " IN (SELECT sweep_id FROM sweep_point WHERE run_id IS NOT NULL)") ==
		-1)
		return -1;
	return count;
}

static int64_t
file_bytes(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : 0;
}

/* What the filesystem of the file has left for this user. */
static int64_t
room_bytes(const char *path)
{
	char *copy = strdup(path);
	struct statvfs fs;
	int rc;

	if (copy == NULL)
		return 0;
	rc = statvfs(dirname(copy), &fs);
	free(copy);
	return rc == 0 ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : 0;
}

/* VACUUM writes a copy, in the folder for temporary files, and then all of it to the log:
 * it is one transaction, and whatever stops it leaves the database as it was. */
enum prune_room
prune_compact(struct db *db, const char *path, int64_t *bytes)
{
	int64_t before = file_bytes(path), needed = 2 * before;

	*bytes = needed;
	if (db_query_int(db, "SELECT count(*) FROM run WHERE state = 'running'", 0, 1) >
	    0)
		return PRUNE_RUNNING;
	if (room_bytes(path) < needed)
		return PRUNE_NO_ROOM;
	if (db_vacuum(db, NULL) == -1 ||
	    db_exec(db, "PRAGMA wal_checkpoint(TRUNCATE)") == -1)
		return db_is_full(db) ? PRUNE_NO_ROOM : PRUNE_FAILED;
	*bytes = before - file_bytes(path);
	return PRUNE_GIVEN_BACK;
}
