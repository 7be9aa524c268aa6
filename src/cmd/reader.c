#include "cmd/reader.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "base/budget.h"
#include "base/log.h"
#include "base/sandbox.h"
#include "cmd/output.h"
#include "store/db.h"

#ifndef COVERAGE_FOLDER
#define COVERAGE_FOLDER NULL
#endif

/* The text of an option, or NULL where the command has no such option. */
static char **
text_of(const struct option_table *table, void *given, const char *name)
{
	const struct option_spec *spec = option_find(table, name, strlen(name));

	return spec != NULL ? option_text(spec, given) : NULL;
}

/* A folder that SQLite would take; it goes on to the next where there is none. */
static bool
is_usable(const char *folder)
{
	return folder != NULL && access(folder, W_OK | X_OK) == 0;
}

/* Where SQLite looks otherwise, nothing can be written any more. Without a folder it sorts
 * in memory: see db_open(). */
static void
choose_temporary(const char *folder)
{
	if (is_usable(getenv("SQLITE_TMPDIR")))
		return;
	if (is_usable(folder))
		setenv("SQLITE_TMPDIR", folder, 1);
	else
		unsetenv("SQLITE_TMPDIR");
}

static void
confine_to(const char *folder, const char *place)
{
	const char *const writable[] = { folder, place, getenv("SQLITE_TMPDIR"),
					 COVERAGE_FOLDER };

	sandbox_files(writable, sizeof(writable) / sizeof(writable[0]));
	sandbox_calls();
}

static int64_t
size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_size : 0;
}

/* What is committed to the log is of the file too. */
static void
bound(const char *db)
{
	int64_t bytes = size_of(db);
	char *log;

	if (asprintf(&log, "%s-wal", db) == -1)
		fatal("cannot hold the name of the database");
	bytes += size_of(log);
	free(log);
	budget_begin(bytes);
	db_limit_memory(budget_sqlite_bytes(bytes));
}

void
reader_confine(const struct option_table *table, void *given)
{
	char **db = text_of(table, given, "db");
	char **output = text_of(table, given, "output");
	char *folder, *place = NULL;

	/* The password database, where it is asked, may be behind a socket. */
	if (*db == NULL)
		*db = db_default_path();
	if (*db == NULL)
		fatal("cannot hold the name of the database");
	folder = db_folder(*db);
	if (output != NULL && *output != NULL)
		place = output_place(*output);
	choose_temporary(folder);
	confine_to(folder, place);
	bound(*db);
	free(place);
	free(folder);
}
