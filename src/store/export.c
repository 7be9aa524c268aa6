#include "store/export.h"

#include <sys/stat.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/place.h"
#include "store/location.h"

/* Which rows go with run ?1, of the tables that do not have its id. */
static const struct shared {
	const char *table, *condition;
} shared[] = {
	{ "evidence",
	  "finding_id IN (SELECT finding_id FROM finding WHERE run_id = ?1)" },
	{ "gauge", "gauge_id IN (SELECT gauge_id FROM gauge_sample WHERE run_id = ?1)" },
	{ "host", "host_id = (SELECT host_id FROM run WHERE run_id = ?1)" },
	{ "resource", "?1 IS NOT NULL" },
	{ "sweep", "sweep_id IN (SELECT sweep_id FROM sweep_point WHERE run_id = ?1)" },
	{ "sweep_value",
	  "sweep_id IN (SELECT sweep_id FROM sweep_point WHERE run_id = ?1)" },
};

/* meta is of the file itself, not of a run; what is packed is read, and written, as rows of
 * the sample tables. */
static const char tables_sql[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table'"
    " AND name NOT GLOB 'sqlite_*' AND name NOT IN ('meta', 'packed') ORDER BY name";

static const char *
condition_of(const char *table)
{
	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++)
		if (strcmp(shared[i].table, table) == 0)
			return shared[i].condition;
	return "run_id = ?1";
}

/* "INSERT INTO table VALUES (?, ?, …)": both databases have the same schema, for an older
 * one is brought to it or refused when it is opened. */
static struct db_statement *
prepare_insert(struct db *to, const char *table, int columns)
{
	struct db_statement *s = NULL;
	char *sql = NULL;
	size_t size;
	FILE *out = open_memstream(&sql, &size);

	if (out == NULL)
		return NULL;
	fprintf(out, "INSERT INTO %s VALUES (", table);
	for (int i = 0; i < columns; i++)
		fputs(i > 0 ? ", ?" : "?", out);
	fputs(") ON CONFLICT DO NOTHING", out);
	if (fclose(out) == 0)
		s = db_prepare(to, sql);
	free(sql);
	return s;
}

static int
copy_rows(struct db_statement *rows, struct db_statement *insert)
{
	int got;

	while ((got = db_step(rows)) == 1) {
		for (int i = 0; i < db_columns(rows); i++)
			db_bind_column(insert, i + 1, rows, i);
		if (db_run(insert) == -1)
			return -1;
	}
	return got;
}

struct copy {
	struct db *from, *to;
	const int64_t *run_ids;
	size_t count;
};

static int
copy_table(const struct copy *copy, const char *table)
{
	struct db_statement *rows = NULL, *insert = NULL;
	char sql[256];
	int rc = -1;

	snprintf(sql, sizeof(sql), "SELECT * FROM %s WHERE %s", table,
		 condition_of(table));
	rows = db_prepare(copy->from, sql);
	if (rows != NULL)
		insert = prepare_insert(copy->to, table, db_columns(rows));
	if (insert != NULL)
		rc = 0;
	for (size_t i = 0; i < copy->count && rc == 0; i++) {
		db_bind_int(rows, 1, copy->run_ids[i]);
		rc = copy_rows(rows, insert);
		db_reset(rows);
	}
	db_finish(insert);
	db_finish(rows);
	return rc;
}

static int
copy_tables(const struct copy *copy)
{
	struct db_statement *tables = db_prepare(copy->from, tables_sql);
	bool copied = tables != NULL;
	int got = 0;

	while (copied && (got = db_step(tables)) == 1)
		copied = copy_table(copy, db_text(tables, 0)) == 0;
	db_finish(tables);
	return copied ? got : -1;
}

/* The foreign keys hold only once all is there. Leaving WAL mode moves the log into the
 * file and removes it. */
static int
copy_runs(const struct copy *copy, FILE *err)
{
	int rc = -1;

	if (db_begin(copy->from) == 0 && db_begin(copy->to) == 0 &&
	    db_exec(copy->to, "PRAGMA defer_foreign_keys = ON") == 0 &&
	    copy_tables(copy) == 0)
		rc = db_commit(copy->to);
	if (rc == -1)
		db_rollback(copy->to);
	db_rollback(copy->from);
	if (rc == 0)
		rc = db_exec(copy->to, "PRAGMA journal_mode = DELETE");
	if (rc == -1)
		fprintf(err, "brink: the runs cannot be exported: %s\n",
			db_error(copy->to)[0] != '\0' ? db_error(copy->to)
						      : db_error(copy->from));
	return rc;
}

static bool
is_same(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* A file in use must not be replaced: its log would be taken for the new one's. Nor must a
 * device, or the link /dev/stdout. */
static int
check_target(struct db *db, const char *path, FILE *err)
{
	struct stat own, other, standard;
	bool exists = stat(path, &other) == 0;

	if (exists && !S_ISREG(other.st_mode))
		fprintf(err, "brink: %s is not a regular file: give another file\n",
			path);
	else if (exists && fstat(STDOUT_FILENO, &standard) == 0 &&
		 is_same(&standard, &other))
		fprintf(err, "brink: %s is standard output: give another file\n", path);
	else if (exists && stat(db_path(db), &own) == 0 && is_same(&own, &other))
		fprintf(err,
			"brink: %s is the database that is exported: give another"
			" file\n",
			path);
	else if (location_has(path, "-wal") || location_has(path, "-journal"))
		fprintf(err, "brink: %s is a database in use: give another file\n", path);
	else
		return 0;
	return -1;
}

/* The file that path leads to, where nobody else can lead it elsewhere; NULL after one
 * sentence. */
static char *
resolve(const char *path, FILE *err)
{
	char link[64], *folder, *target = NULL;
	struct place place;

	if (place_find(&place, path, 0) == -1) {
		fprintf(err, "brink: %s cannot be written: %s\n", path, place.why);
		return NULL;
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", place.folder);
	folder = realpath(link, NULL);
	if (folder == NULL || asprintf(&target, "%s/%s", folder, place.name) == -1) {
		fprintf(err, "brink: %s cannot be written: %m\n", path);
		target = NULL;
	}
	free(folder);
	place_close(&place);
	return target;
}

static void
remove_temporary(const char *temporary)
{
	static const char *const suffixes[] = { "", "-wal", "-shm" };
	char *name;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (asprintf(&name, "%s%s", temporary, suffixes[i]) != -1) {
			(void)unlink(name);
			free(name);
		}
}

static int
fill_and_rename(struct copy *copy, const char *temporary, const char *path, FILE *err)
{
	int rc;

	copy->to = db_open(temporary, DB_CREATE, err);
	if (copy->to == NULL)
		return -1;
	rc = copy_runs(copy, err);
	db_close(copy->to);
	if (rc == -1)
		return -1;
	if (rename(temporary, path) == 0)
		return 0;
	fprintf(err, "brink: %s cannot be written: %m\n", path);
	return -1;
}

int
export_runs(struct db *db, const int64_t *run_ids, size_t count, const char *path,
	    FILE *err)
{
	struct copy copy = { .from = db, .run_ids = run_ids, .count = count };
	char *target, *temporary;
	int rc;

	if (check_target(db, path, err) == -1)
		return -1;
	target = resolve(path, err);
	if (target == NULL)
		return -1;
	if (asprintf(&temporary, "%s.%08x", target, arc4random()) == -1) {
		fprintf(err, "brink: %s cannot be written: %m\n", path);
		free(target);
		return -1;
	}
	rc = fill_and_rename(&copy, temporary, target, err);
	if (rc == -1)
		remove_temporary(temporary);
	free(temporary);
	free(target);
	return rc;
}
