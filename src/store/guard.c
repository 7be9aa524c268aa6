#include "store/guard.h"

#include <stdio.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "store/db_handle.h"

/* How often the time is looked at, in steps of SQLite's virtual machine: about every
 * millisecond. */
#define STEPS_BETWEEN_LOOKS 10000

/* No value that a statement makes may take more memory. */
#define VALUE_BYTES_MAX (16 << 20)

static bool
is_in(const char *const *names, const char *name)
{
	for (; *names != NULL; names++)
		if (strcasecmp(*names, name) == 0)
			return true;
	return false;
}

/* PRAGMAs that only tell. Those of the first list set something where they are given an
 * argument. */
static bool
is_telling(const char *pragma, const char *argument)
{
	static const char *const without[] = { "application_id",
					       "collation_list",
					       "compile_options",
					       "database_list",
					       "encoding",
					       "foreign_keys",
					       "freelist_count",
					       "function_list",
					       "journal_mode",
					       "module_list",
					       "page_count",
					       "page_size",
					       "pragma_list",
					       "schema_version",
					       "table_list",
					       "user_version",
					       NULL };
	static const char *const with[] = {
		"foreign_key_check", "foreign_key_list", "index_info",  "index_list",
		"index_xinfo",       "integrity_check",  "quick_check", "table_info",
		"table_list",        "table_xinfo",      NULL
	};

	return (argument == NULL && is_in(without, pragma)) || is_in(with, pragma);
}

/* Functions that reach beyond the database, whatever SQLite was built with. */
static bool
is_reaching(const char *function)
{
	static const char *const reaching[] = { "load_extension", "fts3_tokenizer",
						"edit",           "readfile",
						"writefile",      NULL };

	return is_in(reaching, function);
}

static int
deny(struct guard *guard, const char *what, const char *name)
{
	if (guard->denied[0] == '\0')
		snprintf(guard->denied, sizeof(guard->denied), "%s%s%s", what,
			 name[0] != '\0' ? " " : "", name);
	return SQLITE_DENY;
}

/* https://www.sqlite.org/c3ref/set_authorizer.html: called as a statement is prepared. */
static int
authorize(void *arg, int action, const char *first, const char *second,
	  const char *database, const char *trigger)
{
	struct guard *guard = arg;

	(void)database;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return is_reaching(second) ? deny(guard, "the function", second)
					   : SQLITE_OK;
	case SQLITE_PRAGMA:
		return is_telling(first, second) ? SQLITE_OK
						 : deny(guard, "PRAGMA", first);
	case SQLITE_ATTACH:
		return deny(guard, "ATTACH", "");
	case SQLITE_UPDATE:
		/* Table-valued functions such as json_each() are declared by preparing this,
		 * which is never run; and whoever means it is stopped by
		 * SQLITE_DBCONFIG_DEFENSIVE. */
		if (strcmp(first, "sqlite_master") == 0)
			return SQLITE_OK;
		break;
	default:
		break;
	}
	return deny(guard, "writing", "");
}

/* PRAGMAs that brink's own statements set or ask, beside those that only tell. */
static bool
is_own(const char *pragma)
{
	static const char *const own[] = { "application_id",
					   "cache_size",
					   "defer_foreign_keys",
					   "foreign_keys",
					   "journal_mode",
					   "synchronous",
					   "temp_store",
					   "user_version",
					   "wal_autocheckpoint",
					   "wal_checkpoint",
					   NULL };

	return is_in(own, pragma) || is_telling(pragma, NULL);
}

/* Of brink's own statements only what none of them does is refused: whatever a file may
 * have smuggled into one goes no further than the file. */
static int
authorize_own(void *arg, int action, const char *first, const char *second,
	      const char *database, const char *trigger)
{
	const struct db *db = arg;
	bool allowed = true;

	(void)trigger;
	switch (action) {
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
		allowed = db->copies;
		break;
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_CREATE_TEMP_TRIGGER:
		allowed = false;
		break;
	case SQLITE_CREATE_VTABLE:
		allowed =
		    strcmp(database, "temp") == 0 && strcmp(second, "brink_sample") == 0;
		break;
	case SQLITE_FUNCTION:
		allowed = !is_reaching(second);
		break;
	case SQLITE_PRAGMA:
		allowed = is_own(first);
		break;
	default:
		break;
	}
	return allowed ? SQLITE_OK : SQLITE_DENY;
}

static int
look_at_budget(void *arg)
{
	(void)arg;
	return budget_is_spent();
}

void
guard_own(struct db *db)
{
	sqlite3 *handle = db_handle(db);

	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 1); /* that of VACUUM */
	sqlite3_set_authorizer(handle, authorize_own, db);
	sqlite3_progress_handler(handle, STEPS_BETWEEN_LOOKS, look_at_budget, NULL);
}

static int
look_at_clock(void *arg)
{
	struct guard *guard = arg;

	guard->late = clock_us() >= guard->until_us;
	return guard->late;
}

void
guard_begin(struct guard *guard, struct db *db, int64_t time_us)
{
	sqlite3 *handle = db_handle(db);

	*guard = (struct guard){ .until_us = clock_us() + time_us };
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, VALUE_BYTES_MAX);
	sqlite3_set_authorizer(handle, authorize, guard);
	sqlite3_progress_handler(handle, STEPS_BETWEEN_LOOKS, look_at_clock, guard);
}
