#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_run.h"
#include "made_store.h"
#include "store/host.h"
#include "store/migrate.h"

/* Versions that are not there yet, and the names of what leads to them. */
#define NOW  DB_SCHEMA_VERSION
#define NEXT (NOW + 1)
#define LAST (NOW + 2)

static char next[16], last[16];

/* What later versions might do: a column, a table made anew, views in the way of both. */
static const struct embedded_file good[] = {
	{ next, "ALTER TABLE run ADD COLUMN note TEXT;"
		"UPDATE run SET note = 'old ' || run_id" },
	{ last, "ALTER TABLE tag RENAME COLUMN value TO text;"
		"ALTER TABLE run DROP COLUMN supervisor_start" },
	{ NULL, NULL },
};
static const struct embedded_file half[] = {
	{ next, "ALTER TABLE run ADD COLUMN note TEXT" },
	{ last, "UPDATE run SET note = 'x'; ALTER TABLE nowhere ADD COLUMN a" },
	{ NULL, NULL },
};
static const struct embedded_file orphaning[] = {
	{ next, "DELETE FROM run" },
	{ NULL, NULL },
};

/* What is said where it fails, "" where it does not. */
static const char *
said(struct made_run *made, const struct embedded_file *migrations, int64_t version)
{
	static char text[1024];
	FILE *err = fmemopen(text, sizeof(text), "w");
	int rc;

	assert_non_null(err);
	text[0] = '\0';
	rc = migrate(made->db, migrations, version, err);
	assert_int_equal(fclose(err), 0);
	assert_int_equal(rc, text[0] == '\0' ? 0 : -1);
	return text;
}

static void
assert_said(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, text);
}

static char *
backup_path(const struct made_run *made, const char *number)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s.schema-%d%s.bak", made->path, NOW, number);
	return path;
}

static void
steps_are_made_one_after_another(void **state)
{
	struct made_run made;
	struct stat st;
	struct db *backup;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_sql(&made, "INSERT INTO tag VALUES (1, 'a', 'b')");
	assert_string_equal(said(&made, good, LAST), "");
	assert_int_equal(made_int(&made, "PRAGMA user_version"), LAST);
	assert_string_equal(made_row(&made, "SELECT note FROM run"), "old 1");
	assert_string_equal(made_row(&made, "SELECT text FROM tag"), "b");
	assert_int_equal(made_int(&made, "PRAGMA foreign_keys"), 1);
	/* The views are to be made anew, by their text's absence. */
	assert_int_equal(
	    made_int(&made, "SELECT count(*) FROM sqlite_schema WHERE type = 'view'"), 0);
	assert_int_equal(
	    made_int(&made, "SELECT count(*) FROM meta WHERE name = 'views_crc32'"), 0);
	assert_int_equal(made_int(&made, "SELECT count(*) > 100 FROM tick"), 1);

	assert_int_equal(stat(backup_path(&made, ""), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	backup = db_open(backup_path(&made, ""), DB_READ, stderr);
	assert_non_null(backup);
	assert_int_equal(db_query_int(backup, "SELECT count(*) FROM tick", 0, 0),
			 made_int(&made, "SELECT count(*) FROM tick"));
	db_close(backup);
	assert_int_equal(unlink(backup_path(&made, "")), 0);

	/* Nothing is left to do, and nothing is backed up. */
	assert_string_equal(said(&made, good, LAST), "");
	assert_int_equal(access(backup_path(&made, ""), F_OK), -1);
	made_run_end(&made);
}

static void
a_step_that_fails_is_undone(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_said(said(&made, half, LAST), "no such table: nowhere\n");
	assert_int_equal(made_int(&made, "PRAGMA user_version"), NEXT);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM run WHERE note = 'x'"), 0);
	assert_int_equal(made_int(&made, "PRAGMA foreign_keys"), 1);
	assert_int_equal(unlink(backup_path(&made, "")), 0);
	made_run_end(&made);
}

static void
a_step_that_orphans_rows_is_undone(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_said(said(&made, orphaning, NEXT), "rows would lose what they belong to");
	assert_int_equal(made_int(&made, "PRAGMA user_version"), NOW);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM run"), 1);
	assert_int_equal(
	    made_int(&made,
		     "SELECT count(*) > 10 FROM sqlite_schema WHERE type = 'view'"),
	    1);
	/* As it was: no backup is left. */
	assert_int_equal(access(backup_path(&made, ""), F_OK), -1);
	made_run_end(&made);
}

static void
a_version_that_nothing_leads_from_is_refused(void **state)
{
	struct made_run made;

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_said(said(&made, good + 1, LAST),
		    ", from which nothing leads to version ");
	assert_int_equal(access(backup_path(&made, ""), F_OK), -1);
	made_run_end(&made);
}

static void
a_store_under_a_run_is_left_alone(void **state)
{
	struct made_run made;
	char boot_id[BOOT_ID_SIZE];

	(void)state;
	made_run_begin(&made, &made_model_default);
	host_boot_id(boot_id);
	made_sql(&made,
		 "UPDATE run SET state = 'running', supervisor_pid = %lld,"
		 " supervisor_start = NULL, boot_id = '%s'",
		 (long long)getpid(), boot_id);
	assert_said(said(&made, good, LAST), "once no run writes to it");
	assert_int_equal(made_int(&made, "PRAGMA user_version"), NOW);
	made_sql(&made, "UPDATE run SET boot_id = 'gone'");
	assert_string_equal(said(&made, good, LAST), "");
	assert_int_equal(unlink(backup_path(&made, "")), 0);
	made_run_end(&made);
}

static void
a_backup_of_before_is_kept(void **state)
{
	struct made_run made;
	size_t size;
	char *text;

	(void)state;
	made_run_begin(&made, &made_model_default);
	made_file_write(backup_path(&made, ""), "mine", 4);
	assert_string_equal(said(&made, good, LAST), "");
	text = made_file_read(backup_path(&made, ""), &size);
	assert_string_equal(text, "mine");
	free(text);
	assert_int_equal(unlink(backup_path(&made, "")), 0);
	assert_int_equal(unlink(backup_path(&made, "-2")), 0);
	made_run_end(&made);
}

/* Eight processes at once: each step is made once, by one of them. */
static void
many_may_migrate_at_once(void **state)
{
	enum { PROCESSES = 8 };
	pid_t children[PROCESSES];
	struct made_run made;
	char command[160], byte;
	int status, opened[2], go[2];

	(void)state;
	made_run_begin(&made, &made_model_default);
	assert_int_equal(pipe(opened), 0);
	assert_int_equal(pipe(go), 0);
	for (int i = 0; i < PROCESSES; i++) {
		children[i] = fork();
		assert_int_not_equal(children[i], -1);
		if (children[i] == 0) {
			struct db *db = db_open(made.path, DB_WRITE, stderr);

			close(go[1]);
			_exit(db == NULL || write(opened[1], "", 1) != 1 ||
			      read(go[0], &byte, 1) != 0 ||
			      migrate(db, good, LAST, stderr) == -1);
		}
	}
	for (int i = 0; i < PROCESSES; i++)
		assert_int_equal(read(opened[0], &byte, 1), 1);
	close(go[1]);
	for (int i = 0; i < PROCESSES; i++) {
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(made_int(&made, "PRAGMA user_version"), LAST);
	assert_string_equal(made_row(&made, "SELECT note FROM run"), "old 1");
	close(go[0]);
	close(opened[0]);
	close(opened[1]);
	snprintf(command, sizeof(command), "rm -f %s.schema-*.bak", made.path);
	assert_int_equal(system(command), 0);
	made_run_end(&made);
}

int
main(void)
{
	snprintf(next, sizeof(next), "%d-next", NEXT);
	snprintf(last, sizeof(last), "%d-last", LAST);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(steps_are_made_one_after_another),
		cmocka_unit_test(a_step_that_fails_is_undone),
		cmocka_unit_test(a_step_that_orphans_rows_is_undone),
		cmocka_unit_test(a_version_that_nothing_leads_from_is_refused),
		cmocka_unit_test(a_store_under_a_run_is_left_alone),
		cmocka_unit_test(a_backup_of_before_is_kept),
		cmocka_unit_test(many_may_migrate_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
