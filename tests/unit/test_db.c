#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_store.h"
#include "store/db_handle.h"
#include "store/location.h"

#define NOBODY 65534

/* f_type of every filesystem, 0: the true one. */
static long pretended_type;

/* In place of the C library's. */
int
statfs(const char *path, struct statfs *fs)
{
	int rc = (int)syscall(SYS_statfs, path, fs);

	if (pretended_type != 0)
		fs->f_type = pretended_type;
	return rc;
}

/* What db_open() says where it refuses; it must refuse. */
static const char *
refusal(const char *path, enum db_mode mode)
{
	static char text[1024];
	FILE *err = fmemopen(text, sizeof(text), "w");
	struct db *db;

	assert_non_null(err);
	text[0] = '\0';
	db = db_open(path, mode, err);
	assert_int_equal(fclose(err), 0);
	assert_null(db);
	assert_non_null(strchr(text, '\n'));
	assert_int_equal(strchr(text, '\n')[1], '\0');
	return text;
}

static void
assert_refused(const char *path, enum db_mode mode, const char *reason)
{
	const char *text = refusal(path, mode);

	if (strstr(text, reason) == NULL || strstr(text, path) == NULL)
		fail_msg("\"%s\" and %s are not both in: %s", reason, path, text);
}

/* In every mode, with one sentence, and the file is left as it is. */
static void
assert_refused_untouched(const char *path, const char *reason)
{
	size_t before, after;
	char *was = made_file_read(path, &before), *is;

	assert_refused(path, DB_READ, reason);
	assert_refused(path, DB_WRITE, reason);
	assert_refused(path, DB_CREATE, reason);
	is = made_file_read(path, &after);
	assert_int_equal(after, before);
	assert_memory_equal(is, was, before);
	free(is);
	free(was);
}

/* A store without a number in it, closed. */
static void
make_numbers(const struct made_store *store)
{
	db_close(made_store_open(store, DB_CREATE));
}

static int64_t
numbers(struct db *db)
{
	return db_query_int(db, "SELECT count(*) FROM meta WHERE name GLOB 'number *'", 0,
			    -1);
}

static void
create_makes_folders_and_file_private(void **state)
{
	struct made_store *store = *state;
	mode_t mask = umask(0);
	char folder[128], path[160];
	struct stat st;
	struct db *db;

	snprintf(folder, sizeof(folder), "%s/a", store->dir);
	snprintf(path, sizeof(path), "%s/b/brink.db", folder);
	db = db_open(path, DB_CREATE, stderr);
	umask(mask);
	assert_non_null(db);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(folder, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(db_exec(db, "DELETE FROM tag"), 0);
	strlcat(path, "-wal", sizeof(path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	db_close(db);
}

static void
create_is_private_under_any_umask(void **state)
{
	struct made_store *store = *state;
	mode_t mask = umask(0777);
	struct db *db = db_open(store->path, DB_CREATE, stderr);
	struct stat st;

	umask(mask);
	assert_non_null(db);
	db_close(db);
	assert_int_equal(stat(store->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

static void
a_new_store_is_marked_and_safe(void **state)
{
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);
	int trusted = -1;

	assert_int_equal(db_query_int(db, "PRAGMA application_id", 0, -1),
			 DB_APPLICATION_ID);
	assert_int_equal(db_query_int(db, "PRAGMA user_version", 0, -1),
			 DB_SCHEMA_VERSION);
	assert_int_equal(db_query_int(db, "PRAGMA foreign_keys", 0, -1), 1);
	assert_int_equal(db_query_int(db, "PRAGMA synchronous", 0, -1), 1);
	sqlite3_db_config(db_handle(db), SQLITE_DBCONFIG_TRUSTED_SCHEMA, -1, &trusted);
	assert_int_equal(trusted, 0);
	assert_int_equal(
	    db_query_int(db, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 0,
			 -1),
	    1);
	/* Defensive: the schema is not to be had by the back door. */
	db_exec(db, "PRAGMA writable_schema = ON");
	assert_int_equal(db_exec(db, "DELETE FROM sqlite_schema"), -1);
	db_close(db);
}

static void
any_name_of_a_file_is_a_file(void **state)
{
	static const char *const names[] = { "a?b#c%41&mode=ro", ":memory:", "with space",
					     "file:x" };
	struct made_store *store = *state;
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(here != -1);
	assert_int_equal(chdir(store->dir), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct db *db = db_open(names[i], DB_CREATE, stderr);
		struct stat st;

		assert_non_null(db);
		db_close(db);
		assert_int_equal(stat(names[i], &st), 0);
		assert_true(st.st_size > 0);
	}
	assert_int_equal(fchdir(here), 0);
	close(here);
}

static void
statements_bind_step_and_reset(void **state)
{
	struct made_store *store = *state;
	const void *blob;
	struct db_statement *s;
	struct db *db;
	size_t bytes;

	make_numbers(store);
	db = made_store_open(store, DB_WRITE);
	assert_int_equal(db_exec(db, "CREATE TEMP TABLE number (n, t, b)"), 0);
	s = db_prepare(db, "INSERT INTO number VALUES (?1, ?2, ?3)");
	assert_non_null(s);
	db_bind_int(s, 1, INT64_MIN);
	db_bind_text(s, 2, "it's");
	db_bind_blob(s, 3, "a\0b", 3);
	assert_int_equal(db_run(s), 0);
	/* Nothing of the first row is left bound. */
	assert_int_equal(db_run(s), 0);
	assert_int_equal(db_last_id(db), 2);
	db_finish(s);

	s = db_prepare(db, "SELECT n, t, b, n / 2.0 AS half FROM number ORDER BY rowid");
	assert_int_equal(db_columns(s), 4);
	assert_string_equal(db_column_name(s, 3), "half");
	assert_int_equal(db_step(s), 1);
	assert_true(db_int(s, 0) == INT64_MIN);
	assert_string_equal(db_text(s, 1), "it's");
	blob = db_blob(s, 2, &bytes);
	assert_int_equal(bytes, 3);
	assert_memory_equal(blob, "a\0b", 3);
	assert_true(db_real(s, 3) == (double)INT64_MIN / 2);
	assert_int_equal(db_step(s), 1);
	assert_true(db_is_null(s, 0));
	assert_string_equal(db_text(s, 1), "");
	assert_null(db_blob(s, 2, &bytes));
	assert_int_equal(db_step(s), 0);
	db_reset(s);
	assert_int_equal(db_step(s), 1);
	db_finish(s);
	db_finish(NULL);
	db_close(db);
}

static void
errors_are_kept_and_told(void **state)
{
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);
	struct db_statement *s;

	assert_string_equal(db_error(db), "");
	assert_null(db_prepare(db, "SELECT missing"));
	assert_string_equal(db_error(db), "no such column: missing");
	/* A parameter that is not there makes the step fail, not the program. */
	s = db_prepare(db, "SELECT ?1");
	db_bind_int(s, 2, 0);
	assert_int_equal(db_step(s), -1);
	db_reset(s);
	assert_int_equal(db_step(s), 1);
	db_finish(s);
	assert_int_equal(db_exec(db, "INSERT INTO tag VALUES (7, 'a', 'b')"), -1);
	assert_string_equal(db_error(db), "FOREIGN KEY constraint failed");
	assert_false(db_is_full(db));
	assert_int_equal(db_query_int(db, "SELECT missing", 0, -7), -7);
	assert_int_equal(db_query_int(db, "SELECT NULL", 0, -7), -7);
	assert_int_equal(db_query_int(db, "SELECT ?1 + 1", 41, -7), 42);
	db_close(db);
}

static void
a_full_file_is_told_apart(void **state)
{
	struct made_store *store = *state;
	struct db *db;

	make_numbers(store);
	db = made_store_open(store, DB_WRITE);
	sqlite3_set_authorizer(db_handle(db), NULL, NULL);
	db_exec(db, "PRAGMA max_page_count = 1"); /* no more than it has */
	assert_int_equal(
	    db_exec(db, "INSERT INTO meta VALUES (printf('%.100000c', 'x'), 1)"), -1);
	assert_true(db_is_full(db));
	db_close(db);
}

static void
transactions_nest(void **state)
{
	struct made_store *store = *state;
	struct db *db, *reader;

	make_numbers(store);
	db = made_store_open(store, DB_WRITE);
	reader = made_store_open(store, DB_READ);
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_exec(db, "INSERT INTO meta VALUES ('number 1', 1)"), 0);
	assert_int_equal(db_commit(db), 0);
	assert_int_equal(numbers(reader), 0);
	assert_int_equal(db_commit(db), 0);
	assert_int_equal(numbers(reader), 1);

	/* A rollback ends all of them: the outer one cannot commit half of the work. */
	assert_int_equal(db_begin(db), 0);
	assert_int_equal(db_exec(db, "INSERT INTO meta VALUES ('number 2', 2)"), 0);
	assert_int_equal(db_begin(db), 0);
	db_rollback(db);
	assert_int_equal(db_commit(db), -1);
	assert_int_equal(numbers(reader), 1);
	db_close(reader);
	db_close(db);
}

static void
a_reader_sees_a_live_store_and_cannot_write(void **state)
{
	struct made_store *store = *state;
	struct db *reader;
	int status;
	pid_t child;
	int go[2], done[2];
	char byte;

	make_numbers(store);
	assert_int_equal(pipe(go), 0);
	assert_int_equal(pipe(done), 0);
	child = fork();
	assert_int_not_equal(child, -1);
	if (child == 0) {
		struct db *db = db_open(store->path, DB_WRITE, stderr);

		db_exec(db, "INSERT INTO meta VALUES ('number 1', 1)");
		db_begin(db);
		db_exec(db, "INSERT INTO meta VALUES ('number 2', 2)");
		_exit(write(done[1], "", 1) != 1 || read(go[0], &byte, 1) != 1);
	}
	assert_int_equal(read(done[0], &byte, 1), 1);
	reader = made_store_open(store, DB_READ);
	assert_int_equal(numbers(reader), 1);
	assert_int_equal(db_exec(reader, "DELETE FROM meta"), -1);
	assert_int_equal(write(go[1], "", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(numbers(reader), 1);
	db_close(reader);
	for (int i = 0; i < 2; i++) {
		close(go[i]);
		close(done[i]);
	}
}

static void
what_is_no_database_is_refused(void **state)
{
	static const char text[] = "This is a letter, and not a database of any kind.\n";
	struct made_store *store = *state;

	made_file_write(store->path, text, sizeof(text) - 1);
	assert_refused_untouched(store->path, "is not a database");
}

static void
an_empty_file_becomes_a_store_only_by_create(void **state)
{
	struct made_store *store = *state;

	made_file_write(store->path, "", 0);
	assert_refused(store->path, DB_READ, "is empty");
	assert_refused(store->path, DB_WRITE, "is empty");
	db_close(made_store_open(store, DB_CREATE));
	db_close(made_store_open(store, DB_READ));
}

static void
a_truncated_store_is_refused(void **state)
{
	static const off_t cuts[] = { 50, 300, 4096, 3 * 4096, -1 };
	struct made_store *store = *state;
	size_t size;
	char *whole;

	make_numbers(store);
	whole = made_file_read(store->path, &size);
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		size_t keep = cuts[i] < 0 ? size - (size_t)-cuts[i] : (size_t)cuts[i];

		made_file_write(store->path, whole, keep);
		assert_refused_untouched(store->path, "is truncated");
	}
	free(whole);
}

static void
other_programs_files_are_refused(void **state)
{
	struct made_store *store = *state;

	made_sqlite(store->path, "CREATE TABLE bookmark (url TEXT)");
	assert_refused_untouched(store->path, "is the database of another program");
	made_sqlite(store->path, "PRAGMA application_id = 252006673");
	assert_refused_untouched(store->path, "is the database of another program");
}

static void
a_newer_schema_is_refused_with_both_numbers(void **state)
{
	struct made_store *store = *state;

	make_numbers(store);
	made_sqlite(store->path, "PRAGMA user_version = 7");
	assert_refused_untouched(store->path,
				 "has schema version 7; this brink knows up to 5");
}

/* A writer that was killed left its commits in the log: they are not moved either. */
static void
a_refused_files_log_is_left_alone(void **state)
{
	struct made_store *store = *state;
	size_t before, after;
	char *was, *is, log[128];
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (child == 0) {
		made_sqlite_killed(store->path,
				   "PRAGMA journal_mode = WAL; CREATE TABLE other (a)");
		_exit(0);
	}
	assert_int_equal(waitpid(child, NULL, 0), child);
	snprintf(log, sizeof(log), "%s-wal", store->path);
	was = made_file_read(log, &before);
	assert_true(before > 0);
	assert_refused_untouched(store->path, "is the database of another program");
	is = made_file_read(log, &after);
	assert_int_equal(after, before);
	assert_memory_equal(is, was, before);
	free(is);
	free(was);
}

static void
paths_that_cannot_be_are_refused(void **state)
{
	struct made_store *store = *state;
	char path[128];

	assert_refused(store->path, DB_READ, "there is no database");
	assert_refused(store->path, DB_WRITE, "there is no database");
	assert_refused(store->dir, DB_CREATE, "is not a regular file");
	made_file_write(store->path, "x", 1);
	snprintf(path, sizeof(path), "%s/brink.db", store->path);
	assert_refused(path, DB_READ, "cannot be used as the database: Not a directory");
	assert_int_equal(unlink(store->path), 0);
	assert_int_equal(symlink("nowhere/at/all", store->path), 0);
	assert_refused(store->path, DB_CREATE, "cannot be used as the database");
	assert_int_equal(unlink(store->path), 0);
	made_file_write(store->path, "x", 1);
	assert_refused(path, DB_CREATE, "cannot be used as the database");
}

/* Root may write everything: another user looks. */
static void
as_nobody(void (*look)(const struct made_store *store), const struct made_store *store)
{
	int status;
	pid_t child = fork();

	assert_int_not_equal(child, -1);
	if (child == 0) {
		if (getuid() == 0 && (setgid(NOBODY) == -1 || setuid(NOBODY) == -1))
			_exit(1);
		look(store);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
look_at_read_only(const struct made_store *store)
{
	FILE *null = fopen("/dev/null", "w");
	struct db *db = db_open(store->path, DB_READ, stderr);

	if (db == NULL || numbers(db) != 0)
		_exit(2);
	db_close(db);
	if (null == NULL || db_open(store->path, DB_WRITE, null) != NULL)
		_exit(3);
	if (strstr(refusal(store->path, DB_WRITE), "is read-only") == NULL)
		_exit(4);
}

static void
a_read_only_store_is_read_and_not_written(void **state)
{
	struct made_store *store = *state;

	make_numbers(store);
	assert_int_equal(chmod(store->path, 0444), 0);
	assert_int_equal(chmod(store->dir, 0555), 0);
	as_nobody(look_at_read_only, store);
	assert_int_equal(chmod(store->dir, 0755), 0);
}

static void
network_filesystems_are_known(void **state)
{
	(void)state;
	assert_string_equal(location_network(0x6969), "NFS");
	assert_string_equal(location_network(0xff534d42), "CIFS");
	assert_string_equal(location_network(0x01021997), "9P");
	assert_null(location_network(0xef53));     /* ext4 */
	assert_null(location_network(0x01021994)); /* tmpfs */
	assert_null(location_network(0x65735546)); /* FUSE */
}

static void
a_network_filesystem_is_refused_unless_forced(void **state)
{
	struct made_store *store = *state;
	struct db *db;

	pretended_type = 0x6969;
	assert_refused(store->path, DB_CREATE, "is on a network filesystem (NFS)");
	assert_int_equal(access(store->path, F_OK), -1);
	pretended_type = 0;
	make_numbers(store);
	pretended_type = 0x6969;
	assert_refused_untouched(store->path, "is on a network filesystem (NFS)");
	/* Once forced, it is used by every command. */
	db = made_store_open(store, DB_CREATE_ANYWHERE);
	assert_int_equal(numbers(db), 0);
	db_close(db);
	db_close(made_store_open(store, DB_READ));
	db_close(made_store_open(store, DB_CREATE));
	pretended_type = 0;
}

/* What brink's files make of an older text of views, and the runs they find there. */
static void
views_are_made_anew_where_they_differ(void **state)
{
	struct made_store *store = *state;
	const char *views = "SELECT count(*) FROM sqlite_schema WHERE type = 'view'";
	struct db *db = made_store_open(store, DB_CREATE);
	int64_t count = db_query_int(db, views, 0, -1);

	assert_true(count > 0);
	assert_int_equal(db_exec(db, "DROP VIEW main.v_run; DROP VIEW main.v_history"),
			 0);
	db_close(db);
	/* The same text: nothing is done. */
	db = made_store_open(store, DB_WRITE);
	assert_int_equal(db_query_int(db, views, 0, -1), count - 2);
	assert_int_equal(db_exec(db, "UPDATE meta SET value = value - 1;"
				     "CREATE VIEW main.v_run AS SELECT 'old'"),
			 0);
	db_close(db);
	db = made_store_open(store, DB_READ);
	assert_int_equal(db_query_int(db, views, 0, -1), count - 1);
	/* A reader sees brink's own all the same. */
	assert_int_equal(db_exec(db, "SELECT held_peak FROM v_run"), 0);
	db_close(db);
	db = made_store_open(store, DB_WRITE);
	assert_int_equal(db_query_int(db, views, 0, -1), count);
	assert_int_equal(db_exec(db, "SELECT held_peak FROM v_run"), 0);
	db_close(db);
}

static void
many_may_create_at_once(void **state)
{
	enum { CREATORS = 8 };
	struct made_store *store = *state;
	pid_t children[CREATORS];
	int status;

	for (int i = 0; i < CREATORS; i++) {
		children[i] = fork();
		assert_int_not_equal(children[i], -1);
		if (children[i] == 0) {
			struct db *db = db_open(store->path, DB_CREATE, stderr);

			if (db == NULL ||
			    db_exec(db, "INSERT INTO gauge (name) SELECT count(*) FROM"
					" gauge") == -1)
				_exit(1);
			db_close(db);
			_exit(0);
		}
	}
	for (int i = 0; i < CREATORS; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	struct db *db = made_store_open(store, DB_READ);
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM gauge", 0, -1), CREATORS);
	db_close(db);
}

static void
a_store_that_lost_its_name_is_noticed(void **state)
{
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);

	assert_false(db_is_moved(db));
	assert_int_equal(unlink(store->path), 0);
	assert_true(db_is_moved(db));
	db_close(db);
}

static void
close_reports_statements_left_open(void **state)
{
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);
	struct db_statement *left = db_prepare(db, "SELECT 'left'");
	char path[128], *text;
	int saved = dup(STDERR_FILENO), fd;
	size_t size;

	assert_non_null(left);
	snprintf(path, sizeof(path), "%s/stderr", store->dir);
	fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	assert_true(fd != -1 && saved != -1);
	dup2(fd, STDERR_FILENO);
	db_close(db);
	db_close(NULL);
	dup2(saved, STDERR_FILENO);
	close(saved);
	close(fd);
	free(left);
	text = made_file_read(path, &size);
	assert_non_null(strstr(text, "statement left open: SELECT 'left'"));
	free(text);
}

static void
assert_default_path(const char *db, const char *data, const char *home, const char *path)
{
	char *is;

	setenv("BRINK_DB", db, 1);
	setenv("XDG_DATA_HOME", data, 1);
	setenv("HOME", home, 1);
	is = db_default_path();
	assert_string_equal(is, path);
	free(is);
}

static void
the_default_path_follows_the_environment(void **state)
{
	(void)state;
	assert_default_path("b.db", "/data", "/home/x", "b.db");
	assert_default_path("", "/data", "/home/x", "/data/brink/brink.db");
	assert_default_path("", "", "/home/x", "/home/x/.local/share/brink/brink.db");
	assert_default_path("", "not/absolute", "/home/x",
			    "/home/x/.local/share/brink/brink.db");
}

#define DB_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		DB_TEST(create_makes_folders_and_file_private),
		DB_TEST(create_is_private_under_any_umask),
		DB_TEST(a_new_store_is_marked_and_safe),
		DB_TEST(any_name_of_a_file_is_a_file),
		DB_TEST(statements_bind_step_and_reset),
		DB_TEST(errors_are_kept_and_told),
		DB_TEST(a_full_file_is_told_apart),
		DB_TEST(transactions_nest),
		DB_TEST(a_reader_sees_a_live_store_and_cannot_write),
		DB_TEST(what_is_no_database_is_refused),
		DB_TEST(an_empty_file_becomes_a_store_only_by_create),
		DB_TEST(a_truncated_store_is_refused),
		DB_TEST(other_programs_files_are_refused),
		DB_TEST(a_newer_schema_is_refused_with_both_numbers),
		DB_TEST(a_refused_files_log_is_left_alone),
		DB_TEST(paths_that_cannot_be_are_refused),
		DB_TEST(a_read_only_store_is_read_and_not_written),
		cmocka_unit_test(network_filesystems_are_known),
		DB_TEST(a_network_filesystem_is_refused_unless_forced),
		DB_TEST(views_are_made_anew_where_they_differ),
		DB_TEST(many_may_create_at_once),
		DB_TEST(a_store_that_lost_its_name_is_noticed),
		DB_TEST(close_reports_statements_left_open),
		cmocka_unit_test(the_default_path_follows_the_environment),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
