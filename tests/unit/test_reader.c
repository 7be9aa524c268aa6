#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_store.h"
#include "skip.h"

#include "cmd/operands.h"
#include "cmd/output.h"
#include "cmd/reader.h"

#define NOBODY 65534

struct reader_options {
	char *db, *output;
};

static const struct option_spec specs[] = {
	COMMON_DB(struct reader_options),
	COMMON_OUTPUT(struct reader_options),
};

static const struct option_table table = {
	.command = "read",
	.operands = "",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

/* A store, and folders beside it. */
struct reach {
	struct made_store *store;
	char folder[80], other[80], output[96];
};

static struct reach place;

static void
make_folder(char path[80], const char *name)
{
	snprintf(path, 80, "%s/%s", place.store->dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

/* The store is moved to a folder of its own: what is beside it may be written. */
static int
place_setup(void **state)
{
	char path[128];

	assert_int_equal(made_store_setup(state), 0);
	place.store = *state;
	make_folder(place.folder, "folder");
	make_folder(place.other, "other");
	snprintf(place.output, sizeof(place.output), "%s/report", place.other);
	snprintf(path, sizeof(path), "%s/brink.db", place.folder);
	db_close(made_store_open(place.store, DB_CREATE));
	assert_int_equal(rename(place.store->path, path), 0);
	strlcpy(place.store->path, path, sizeof(place.store->path));
	unsetenv("SQLITE_TMPDIR");
	return 0;
}

static bool
has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0,
		       LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

static bool
can_write(const char *folder)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/new", folder);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	return fd != -1 && write(fd, "text", 4) == 4 && close(fd) == 0 &&
	       unlink(path) == 0;
}

/* True where the check holds in a child that reads that store and writes there. */
static bool
holds(const char *db, const char *output, bool (*check)(const struct reader_options *))
{
	struct reader_options given = { NULL, NULL };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		given.db = db != NULL ? strdup(db) : NULL;
		given.output = output != NULL ? strdup(output) : NULL;
		/* Where it may sort, SQLite asks but once. */
		sqlite3_shutdown();
		reader_confine(&table, &given);
		_exit(check(&given) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status == 0;
}

static bool
writes_store_alone(const struct reader_options *given)
{
	(void)given;
	return can_write(place.folder) && !can_write(place.other) &&
	       !can_write(place.store->dir);
}

static bool
writes_both(const struct reader_options *given)
{
	(void)given;
	return can_write(place.folder) && can_write(place.other) &&
	       !can_write(place.store->dir);
}

static bool
writes_null(const struct reader_options *given)
{
	struct output output;

	return output_begin(&output, given->output) == 0 &&
	       fputs("text", output.stream) >= 0 && output_end(&output) == 0 &&
	       writes_store_alone(given);
}

static void
only_folders_that_were_named_are_written(void **state)
{
	(void)state;
	if (!has_landlock())
		skip_because("this kernel has no Landlock");
	assert_true(holds(place.store->path, NULL, writes_store_alone));
	assert_true(holds(place.store->path, place.output, writes_both));
	assert_true(holds(place.store->path, place.other, writes_both));
	assert_true(holds(place.store->path, "/dev/null", writes_null));
}

static void
a_link_leads_to_the_folder_of_the_store(void **state)
{
	char link[96];

	(void)state;
	if (!has_landlock())
		skip_because("this kernel has no Landlock");
	snprintf(link, sizeof(link), "%s/link.db", place.other);
	assert_int_equal(symlink(place.store->path, link), 0);
	assert_true(holds(link, NULL, writes_store_alone));
}

static bool
has_usual_store(const struct reader_options *given)
{
	return strcmp(given->db, place.store->path) == 0 && can_write(place.folder);
}

static void
the_usual_store_is_meant_where_none_is_named(void **state)
{
	(void)state;
	setenv("BRINK_DB", place.store->path, 1);
	assert_true(holds(NULL, NULL, has_usual_store));
	unsetenv("BRINK_DB");
}

/* Far more than SQLite's cache holds. */
static bool
sorts(const struct reader_options *given)
{
	struct db *db = db_open(given->db, DB_READ, stderr);
	int64_t last =
	    db == NULL
		? -1
		: db_query_int(db,
			       "WITH RECURSIVE row(n) AS (SELECT 1 UNION ALL SELECT n + 1"
			       " FROM row WHERE n < 100000)"
			       " SELECT max(place) FROM (SELECT row_number() OVER"
			       " (ORDER BY hex(n * 7919 % 100003) || hex(zeroblob(100)))"
			       " AS place FROM row) WHERE ?1 = 0",
			       0, -1);

	db_close(db);
	return last == 100000;
}

static bool
sorts_beside(const struct reader_options *given)
{
	const char *temporary = getenv("SQLITE_TMPDIR");

	return temporary != NULL && strcmp(temporary, place.folder) == 0 && sorts(given);
}

static bool
sorts_elsewhere(const struct reader_options *given)
{
	return strcmp(getenv("SQLITE_TMPDIR"), place.other) == 0 && sorts(given) &&
	       writes_both(given);
}

static void
what_is_large_is_sorted_beside_the_store(void **state)
{
	(void)state;
	assert_true(holds(place.store->path, NULL, sorts_beside));
	setenv("SQLITE_TMPDIR", "/nowhere", 1);
	assert_true(holds(place.store->path, NULL, sorts_beside));
}

static void
its_user_may_say_where(void **state)
{
	(void)state;
	if (!has_landlock())
		skip_because("this kernel has no Landlock");
	setenv("SQLITE_TMPDIR", place.other, 1);
	assert_true(holds(place.store->path, NULL, sorts_elsewhere));
}

static bool
sorts_in_memory(const struct reader_options *given)
{
	return getenv("SQLITE_TMPDIR") == NULL && !can_write(place.folder) &&
	       sorts(given);
}

/* As somebody who may read the store, and write nowhere. */
static void
what_is_large_is_sorted_in_memory_otherwise(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	assert_int_equal(chmod(place.store->dir, 0755), 0);
	assert_int_equal(chmod(place.folder, 0555), 0);
	assert_int_equal(chmod(place.store->path, 0444), 0);
	fflush(stdout);
	pid = fork();
	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		if (getuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) == -1)
			_exit(2);
		_exit(holds(place.store->path, NULL, sorts_in_memory) ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(chmod(place.folder, 0700), 0);
}

static bool
finds_none(const struct reader_options *given)
{
	(void)given;
	return !can_write(place.folder);
}

static void
where_no_store_is_nothing_is_written(void **state)
{
	(void)state;
	if (!has_landlock())
		skip_because("this kernel has no Landlock");
	assert_true(holds("/nowhere/brink.db", NULL, finds_none));
}

#define PLACE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, place_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		PLACE_TEST(only_folders_that_were_named_are_written),
		PLACE_TEST(a_link_leads_to_the_folder_of_the_store),
		PLACE_TEST(the_usual_store_is_meant_where_none_is_named),
		PLACE_TEST(what_is_large_is_sorted_beside_the_store),
		PLACE_TEST(its_user_may_say_where),
		PLACE_TEST(what_is_large_is_sorted_in_memory_otherwise),
		PLACE_TEST(where_no_store_is_nothing_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
