#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "made_run.h"
#include "made_store.h"
#include "report/report.h"
#include "store/export.h"
#include "store/prune.h"
#include "plan/tag_name.h"
#include "store/tag.h"

/* Runs 2 to 6 beside the made one, ended a day apart; 5 still runs, 6 has another label. */
static void
make_history(struct made_run *made)
{
	made_run_begin(made, &made_model_default);
	made_analyse(made);
	made_sql(made,
		 "UPDATE run SET label = 'night', started_unix_us = 86400000000"
		 " WHERE run_id = %lld",
		 (long long)made->run_id);
	for (int64_t id = 2; id <= 6; id++)
		made_sql(made,
			 "INSERT INTO run (run_id, started_unix_us, ended_us, state, "
			 "outcome, label,"
			 " plan, command, version, host_id, boot_id, supervisor_pid,"
			 " supervisor_start, held_peak)"
			 " SELECT %lld, %lld * 86400000000, ended_us,"
			 " state, outcome, label, plan, command, version, host_id,"
			 " boot_id, supervisor_pid, supervisor_start, held_peak"
			 " FROM run WHERE run_id = 1",
			 (long long)id, (long long)id);
	made_sql(made, "UPDATE run SET state = 'running', ended_us = NULL"
		       " WHERE run_id = 5");
	made_sql(made, "UPDATE run SET label = 'noon' WHERE run_id = 6");
}

/* The runs that are there, as "1 2 3". */
static const char *
runs_left(struct made_run *made)
{
	return made_row(made, "SELECT group_concat(run_id, ' ') FROM"
			      " (SELECT run_id FROM run ORDER BY run_id)");
}

static void
tags_are_put_replaced_and_removed(void **state)
{
	struct made_run made;

	(void)state;
	make_history(&made);
	assert_int_equal(tag_put(made.db, 1, "ticket=4711"), 0);
	assert_int_equal(tag_put(made.db, 1, "ticket=it's"), 0);
	/* Without a value, the one that is there is kept. */
	assert_int_equal(tag_put(made.db, 1, "ticket"), 0);
	assert_int_equal(tag_put(made.db, 1, "kept"), 0);
	assert_string_equal(made_row(&made, "SELECT group_concat(name || '=' || value)"
					    " FROM tag WHERE run_id = 1"),
			    "kept=,ticket=it's");
	assert_int_equal(tag_remove(made.db, 1, "kept"), 1);
	assert_int_equal(tag_remove(made.db, 1, "kept"), 0);
	assert_int_equal(tag_put(made.db, 99, "ticket="), -1);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM tag"), 1);
	made_run_end(&made);
}

static void
names_of_tags_are_words(void **state)
{
	char longest[TAG_NAME_MAX + 2];

	(void)state;
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_non_null(tag_name_check(longest, strlen(longest)));
	longest[TAG_NAME_MAX] = '\0';
	assert_null(tag_name_check(longest, strlen(longest)));
	assert_null(tag_name_check("a-B_9.z", strlen("a-B_9.z")));
	assert_non_null(tag_name_check("", 0));
	assert_non_null(tag_name_check("a b", strlen("a b")));
	assert_non_null(tag_name_check("a\033", strlen("a\033")));
}

static void
assert_pruned(struct made_run *made, const struct prune *prune, int64_t count,
	      const char *left)
{
	struct db_statement *s = prune_list(made->db, prune);
	int64_t listed = 0;

	assert_non_null(s);
	while (db_step(s) == 1)
		listed++;
	db_finish(s);
	assert_int_equal(listed, count);
	assert_int_equal(prune_delete(made->db, prune), count);
	assert_string_equal(runs_left(made), left);
}

static void
prune_deletes_what_it_lists_and_no_running_run(void **state)
{
	struct made_run made;

	(void)state;
	make_history(&made);
	/* Run 2 ended after the second day, by its own length. */
	assert_pruned(
	    &made,
	    &(struct prune){ .keep = -1, .before_unix_us = INT64_C(2) * 86400000000 + 1 },
	    1, "2 3 4 5 6");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM worker_sample"), 0);
	assert_int_equal(made_int(&made, "SELECT count(*) FROM evidence"), 0);
	assert_pruned(
	    &made, &(struct prune){ .label = "night", .keep = 2, .before_unix_us = -1 },
	    2, "4 5 6");
	assert_pruned(&made, &(struct prune){ .keep = 0, .before_unix_us = -1 }, 2, "5");
	assert_int_equal(made_int(&made, "SELECT count(*) FROM host"), 1);
	made_run_end(&made);
}

static void
room_is_given_back_but_not_under_a_run(void **state)
{
	struct made_run made;
	int64_t bytes;

	(void)state;
	make_history(&made);
	assert_int_equal(
	    prune_delete(made.db, &(struct prune){ .keep = 0, .before_unix_us = -1 }), 5);
	assert_int_equal(prune_compact(made.db, made.path, &bytes), PRUNE_RUNNING);
	made_sql(&made, "UPDATE run SET state = 'done', ended_us = 1");
	made_sql(&made, "PRAGMA wal_checkpoint(TRUNCATE)");
	assert_int_equal(prune_compact(made.db, made.path, &bytes), PRUNE_GIVEN_BACK);
	assert_true(bytes > 4096);
	assert_string_equal(made_row(&made, "PRAGMA integrity_check"), "ok");
	assert_string_equal(runs_left(&made), "5");
	made_run_end(&made);
}

/* All rows of all tables, as one number. */
static int64_t
rows_of_run(struct db *db, int64_t run_id)
{
	struct db_statement *s = db_prepare(
	    db, "SELECT t.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c"
		" WHERE t.type = 'table' AND c.name = 'run_id'");
	int64_t rows = 0;

	assert_non_null(s);
	while (db_step(s) == 1) {
		char sql[128];

		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE run_id = ?1",
			 db_text(s, 0));
		rows += db_query_int(db, sql, run_id, -1000000);
	}
	db_finish(s);
	return rows;
}

static void
an_export_has_all_of_its_runs_and_no_other(void **state)
{
	static const int64_t ids[] = { 1, 3 };
	struct made_run made;
	char path[128], log[160];
	struct stat st;
	struct db *db;

	(void)state;
	make_history(&made);
	tag_put(made.db, 1, "ticket=4711");
	snprintf(path, sizeof(path), "%s/export.db", made.dir);
	assert_int_equal(export_runs(made.db, ids, 2, path, stderr), 0);
	snprintf(log, sizeof(log), "%s-wal", path);
	assert_int_equal(stat(log, &st), -1);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	db = db_open(path, DB_READ, stderr);
	assert_non_null(db);
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM run", 0, 0), 2);
	assert_true(rows_of_run(made.db, 1) > 1000);
	assert_int_equal(rows_of_run(db, 1), rows_of_run(made.db, 1));
	assert_int_equal(rows_of_run(db, 3), rows_of_run(made.db, 3));
	assert_int_equal(db_query_int(db, "SELECT count(*) FROM evidence", 0, 0),
			 made_int(&made, "SELECT count(*) FROM evidence"));
	assert_int_equal(
	    db_query_int(db, "SELECT count(*) FROM pragma_foreign_key_check", 0, -1), 0);
	assert_int_equal(db_query_int(db,
				      "SELECT journal_mode = 'delete'"
				      " FROM pragma_journal_mode",
				      0, 0),
			 1);
	db_close(db);
	/* It replaces the one of before. */
	assert_int_equal(export_runs(made.db, ids + 1, 1, path, stderr), 0);
	db = db_open(path, DB_READ, stderr);
	assert_int_equal(db_query_int(db, "SELECT min(run_id) FROM run", 0, 0), 3);
	db_close(db);
	assert_int_equal(unlink(path), 0);
	made_run_end(&made);
}

static void
assert_not_exported(struct made_run *made, const char *path, const char *why)
{
	static const int64_t id = 1;
	char text[512] = "";
	FILE *err = fmemopen(text, sizeof(text), "w");

	assert_non_null(err);
	assert_int_equal(export_runs(made->db, &id, 1, path, err), -1);
	fclose(err);
	if (strstr(text, why) == NULL)
		fail_msg("\"%s\" is not in: %s", why, text);
}

static void
an_export_replaces_no_database_in_use(void **state)
{
	struct made_run made;
	char path[128], alias[160], log[160];

	(void)state;
	make_history(&made);
	assert_not_exported(&made, made.path, "is the database that is exported");
	snprintf(alias, sizeof(alias), "%s/alias.db", made.dir);
	assert_int_equal(symlink(made.path, alias), 0);
	assert_not_exported(&made, alias, "is the database that is exported");
	snprintf(path, sizeof(path), "%s/other.db", made.dir);
	snprintf(log, sizeof(log), "%s-wal", path);
	made_file_write(log, "x", 1);
	assert_not_exported(&made, path, "is a database in use");
	assert_int_equal(access(path, F_OK), -1);
	assert_not_exported(&made, "/nowhere/at/all.db", "cannot be written");
	assert_int_equal(unlink(log), 0);
	assert_int_equal(unlink(alias), 0);
	made_run_end(&made);
}

/* What stands there for other programs stays. */
static void
an_export_replaces_no_device(void **state)
{
	struct made_run made;
	char path[128], file[128];
	int saved, fd;
	struct stat st;

	(void)state;
	make_history(&made);
	snprintf(path, sizeof(path), "%s/pipe", made.dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_not_exported(&made, path, "is not a regular file");
	assert_int_equal(unlink(path), 0);

	snprintf(file, sizeof(file), "%s/file", made.dir);
	assert_int_equal(symlink("/proc/self/fd/1", path), 0);
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	fd = open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_true(saved != -1 && fd != -1 && dup2(fd, STDOUT_FILENO) != -1);
	assert_not_exported(&made, path, "is standard output");
	assert_int_not_equal(dup2(saved, STDOUT_FILENO), -1);
	close(saved);
	close(fd);
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(unlink(file), 0);
	made_run_end(&made);
}

static char *
metrics(struct made_run *made)
{
	static const int64_t ids[] = { 1, 6 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_int_equal(openmetrics_write(made->db, ids, 2, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
metrics_are_escaped_and_complete(void **state)
{
	struct made_run made;
	char *text;

	(void)state;
	make_history(&made);
	made_sql(&made, "UPDATE run SET label = 'a\"b\\c' || char(10) || 'd' ||"
			" CAST(x'c3' AS TEXT) WHERE run_id = 6");
	text = metrics(&made);
	assert_non_null(text);
	assert_non_null(strstr(text, "\nbrink_run_outcome{run=\"1\",label=\"night\","
				     "outcome=\"survived\"} 1\n"));
	assert_non_null(strstr(text, "\nbrink_run_start_time_seconds{run=\"6\","
				     "label=\"a\\\"b\\\\c\\ndM-C\"} 518400\n"));
	assert_string_equal(text + strlen(text) - 7, "\n# EOF\n");
	free(text);
	made_run_end(&made);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tags_are_put_replaced_and_removed),
		cmocka_unit_test(names_of_tags_are_words),
		cmocka_unit_test(prune_deletes_what_it_lists_and_no_running_run),
		cmocka_unit_test(room_is_given_back_but_not_under_a_run),
		cmocka_unit_test(an_export_has_all_of_its_runs_and_no_other),
		cmocka_unit_test(an_export_replaces_no_database_in_use),
		cmocka_unit_test(an_export_replaces_no_device),
		cmocka_unit_test(metrics_are_escaped_and_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
