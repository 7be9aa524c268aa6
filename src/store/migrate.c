#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "store/run.h"

#define BACKUPS_MAX 100

static int64_t
version_of(struct db *db)
{
	return db_query_int(db, "PRAGMA user_version", 0, -1);
}

/* The migration that leads to the version, or NULL. */
static const struct embedded_file *
find(const struct embedded_file *migrations, int64_t version)
{
	for (; migrations->name != NULL; migrations++)
		if (strtoll(migrations->name, NULL, 10) == version)
			return migrations;
	return NULL;
}

/* An empty file of a new name, for this user alone. 0, or -1. */
static int
backup_name(const char *path, int64_t version, char name[PATH_MAX])
{
	for (int i = 1; i <= BACKUPS_MAX; i++) {
		char number[16] = "";
		int fd;

		if (i > 1)
			snprintf(number, sizeof(number), "-%d", i);
		if (snprintf(name, PATH_MAX, "%s.schema-%lld%s.bak", path,
			     (long long)version, number) >= PATH_MAX)
			return -1;
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
		if (fd != -1)
			return close(fd);
		if (errno != EEXIST)
			return -1;
	}
	return -1;
}

/* VACUUM INTO makes a whole copy of one instant, what is in the log included. */
static int
backup_make(struct db *db, int64_t version, char name[PATH_MAX], FILE *err)
{
	int rc;

	if (backup_name(db_path(db), version, name) == -1) {
		fprintf(err,
			"brink: %s has an older schema, and no backup of it can be made"
			" beside it: %m\n",
			db_path(db));
		return -1;
	}
	rc = db_vacuum(db, name);
	if (rc == -1) {
		fprintf(err,
			"brink: %s has an older schema, and no backup of it can be made"
			" beside it: %s\n",
			db_path(db), db_error(db));
		(void)unlink(name);
	}
	return rc;
}

/* Views would be in the way of changes to what they read. */
static int
drop_views(struct db *db)
{
	for (;;) {
		struct db_statement *s = db_prepare(
		    db, "SELECT printf('DROP VIEW main.\"%w\"', name)"
			" FROM main.sqlite_schema WHERE type = 'view' LIMIT 1");
		int got = s != NULL ? db_step(s) : -1;
		struct db_statement *drop =
		    got == 1 ? db_prepare_one(db, db_text_raw(s, 0)) : NULL;

		/* A table cannot be dropped under a statement that reads of it. */
		db_finish(s);
		if (got == 1 && (drop == NULL || db_run(drop) == -1))
			got = -1;
		db_finish(drop);
		if (got != 1)
			return got;
	}
}

/* NULL, or why it failed. */
static const char *
apply(struct db *db, const struct embedded_file *migration, int64_t version)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)version);
	if (drop_views(db) == -1 || db_exec(db, migration->text) == -1 ||
	    db_exec(db, "DELETE FROM meta WHERE name = 'views_crc32'") == -1 ||
	    db_exec(db, sql) == -1)
		return db_error(db);
	if (db_query_int(db, "SELECT count(*) FROM pragma_foreign_key_check", 0, 1) != 0)
		return "rows would lose what they belong to";
	return db_commit(db) == -1 ? db_error(db) : NULL;
}

/* One step in one transaction, under whose lock the version is looked at again: another
 * process may be doing the same. 1, 0 where there is none left to do, -1. */
static int
step(struct db *db, const struct embedded_file *migrations, int64_t version, FILE *err)
{
	const struct embedded_file *migration;
	const char *why;
	int64_t from = -1;

	if (db_begin(db) == -1) {
		why = db_error(db);
	} else if ((from = version_of(db)) >= version) {
		db_rollback(db);
		return 0;
	} else {
		migration = find(migrations, from + 1);
		why = migration == NULL ? "nothing leads there"
					: apply(db, migration, from + 1);
	}
	if (why == NULL)
		return 1;
	fprintf(err, "brink: %s cannot be brought to schema version %lld: %s\n",
		db_path(db), (long long)from + 1, why);
	db_rollback(db);
	return -1;
}

/* A recorder of the version before would find its tables changed. */
static bool
is_in_use(struct db *db)
{
	int64_t run_id = -1;

	while ((run_id = db_query_int(db,
				      "SELECT min(run_id) FROM run WHERE state = "
				      "'running' AND run_id > ?1",
				      run_id, -1)) != -1)
		if (run_is_live(db, run_id))
			return true;
	return false;
}

static int
check(struct db *db, const struct embedded_file *migrations, int64_t from, int64_t to,
      FILE *err)
{
	if (find(migrations, from + 1) == NULL)
		fprintf(err,
			"brink: %s has schema version %lld, from which nothing leads to "
			"version %lld of this brink\n",
			db_path(db), (long long)from, (long long)to);
	else if (is_in_use(db))
		fprintf(err,
			"brink: %s has schema version %lld and is brought to version %lld"
			" once no run writes to it\n",
			db_path(db), (long long)from, (long long)to);
	else
		return 0;
	return -1;
}

int
migrate(struct db *db, const struct embedded_file *migrations, int64_t version, FILE *err)
{
	int64_t from = version_of(db);
	char backup[PATH_MAX];
	int made, steps = 0;

	if (from >= version)
		return 0;
	if (check(db, migrations, from, version, err) == -1 ||
	    backup_make(db, from, backup, err) == -1)
		return -1;
	db_exec(db, "PRAGMA foreign_keys = OFF");
	while ((made = step(db, migrations, version, err)) == 1)
		steps++;
	db_exec(db, "PRAGMA foreign_keys = ON");
	if (steps == 0)
		(void)unlink(backup);
	else
		log_info("%s is brought from schema version %lld to %lld; as it was: %s",
			 db_path(db), (long long)from, (long long)version_of(db), backup);
	return made;
}
