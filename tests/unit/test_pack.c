#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "model/resource.h"
#include "made_run.h"
#include "made_store.h"
#include "store/block.h"
#include "store/pack.h"

static int
setup(void **state)
{
	static struct made_run made;

	made_run_begin(&made, &made_model_default);
	/* Readings at the ends of their range, and rows with nothing in them. */
	made_sql(&made,
		 "INSERT INTO netns_sample (run_id, tick, subject, sockets, tcp_in_use)"
		 " SELECT %lld, 900001, 0, 9223372036854775807, -9223372036854775807 - 1"
		 " UNION ALL SELECT run_id, 900002, 0, -9223372036854775807 - 1,"
		 " 9223372036854775807 FROM run UNION ALL SELECT run_id, 900003, 0, NULL,"
		 " NULL FROM run",
		 (long long)made.run_id);
	*state = &made;
	return 0;
}

static int
teardown(void **state)
{
	made_run_end(*state);
	return 0;
}

/* All that the sql gives, a line a row; the caller frees it. */
static char *
dump(struct db *db, const char *sql)
{
	struct db_statement *s = db_prepare(db, sql);
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int got;

	if (s == NULL)
		fail_msg("%s: %s", sql, db_error(db));
	while ((got = db_step(s)) == 1)
		for (int c = 0; c < db_columns(s); c++)
			fprintf(out, "%s%c", db_is_null(s, c) ? "NULL" : db_text(s, c),
				c + 1 < db_columns(s) ? '|' : '\n');
	if (got == -1)
		fail_msg("%s: %s", sql, db_error(db));
	db_finish(s);
	fclose(out);
	return text;
}

/* What must read the same, packed or not. */
static const char *const questions[] = {
	"SELECT * FROM host_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM netns_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM process_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM worker_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM listener_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM group_sample ORDER BY run_id, tick, subject",
	"SELECT * FROM worker_sample WHERE run_id = 1 AND tick = 17 ORDER BY subject",
	"SELECT tick, held FROM worker_sample WHERE subject = 1 AND tick > 10 AND tick "
	"<= 20"
	" ORDER BY tick",
	"SELECT tick FROM netns_sample WHERE sockets = 9223372036854775807",
	"SELECT count(*) FROM worker_sample WHERE run_id = '1'",
	"SELECT count(*) FROM worker_sample WHERE run_id = 1.0 AND tick < '20'",
	"SELECT count(*) FROM worker_sample WHERE run_id = 'one' OR run_id = 1.5",
	("SELECT a.tick, sum(a.held * b.subject) FROM worker_sample AS a"
	 " JOIN worker_sample AS b ON b.run_id = a.run_id AND b.tick = a.tick + 100"
	 " GROUP BY a.tick ORDER BY a.tick"),
	"SELECT count(*) FROM worker_sample WHERE tick = 'no number'",
	"SELECT count(*) FROM worker_sample WHERE tick < 5.5",
	"SELECT * FROM v_progress ORDER BY run_id, tick",
	("SELECT run_id, subject, resource, tick, value FROM v_sample"
	 " ORDER BY kind, subject, resource, tick"),
	"SELECT * FROM v_run",
	"SELECT * FROM v_run_health",
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static void
ask(struct db *db, char *answers[QUESTIONS])
{
	for (size_t i = 0; i < QUESTIONS; i++)
		answers[i] = dump(db, questions[i]);
}

static void
compare(struct db *db, char *const answers[QUESTIONS])
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		char *now = dump(db, questions[i]);

		if (strcmp(now, answers[i]) != 0)
			fail_msg("%s:\n%.400s\nwas\n%.400s", questions[i], now,
				 answers[i]);
		free(now);
	}
}

static void
forget(char *answers[QUESTIONS])
{
	for (size_t i = 0; i < QUESTIONS; i++)
		free(answers[i]);
}

/* Opens the store anew: that is when packed runs are looked for. */
static void
reopen(struct made_run *made)
{
	db_close(made->db);
	made->db = db_open(made->path, DB_WRITE, stderr);
	assert_non_null(made->db);
}

static void
a_packed_run_reads_as_before(void **state)
{
	struct made_run *made = *state;
	char *answers[QUESTIONS];

	ask(made->db, answers);
	assert_int_equal(pack_run(made->db, made->run_id), PACK_DONE);
	assert_int_equal(made_int(made, "SELECT count(*) FROM worker_sample"), 0);
	assert_true(made_int(made, "SELECT sum(row_count) FROM packed") > 1000);
	reopen(made);
	compare(made->db, answers);
	assert_int_equal(pack_run(made->db, made->run_id), PACK_NOTHING);

	assert_int_equal(unpack_run(made->db, made->run_id), PACK_DONE);
	assert_int_equal(unpack_run(made->db, made->run_id), PACK_NOTHING);
	assert_int_equal(made_int(made, "SELECT count(*) FROM packed"), 0);
	reopen(made);
	compare(made->db, answers);
	forget(answers);
}

static sqlite3 *
open_with_extension(const char *path)
{
	char *error = NULL;
	sqlite3 *other;

	assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
	sqlite3_db_config(other, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 1, NULL);
	if (sqlite3_load_extension(other, "./brink", NULL, &error) != SQLITE_OK)
		fail_msg("%s", error);
	return other;
}

/* It makes tables and views of brink's names and text alone, in a database that may be
 * anybody's. */
static void
the_extension_runs_nothing_of_the_file(void **state)
{
	struct made_run *made = *state;
	sqlite3 *other;

	assert_int_equal(pack_run(made->db, made->run_id), PACK_DONE);
	made_sqlite(made->path,
		    "CREATE TABLE \"zz_sample USING brink_sample(host);"
		    " DELETE FROM run; --_sample\" (a);"
		    "CREATE VIEW \"v'; DELETE FROM run; --\" AS SELECT * FROM nowhere;"
		    "DROP VIEW v_run; CREATE VIEW v_run AS WITH RECURSIVE n (a) AS"
		    " (SELECT 1 UNION ALL SELECT a FROM n) SELECT * FROM n");
	other = open_with_extension(made->path);
	assert_int_equal(
	    sqlite3_exec(other, "SELECT held_peak FROM v_run", NULL, NULL, NULL),
	    SQLITE_OK);
	assert_int_equal(sqlite3_exec(other,
				      "CREATE VIRTUAL TABLE main.a USING"
				      " brink_sample(host)",
				      NULL, NULL, NULL),
			 SQLITE_ERROR);
	sqlite3_close(other);
	assert_int_equal(made_int(made, "SELECT count(*) FROM run"), 1);
}

/* Nor does it ask what only looks like brink's. */
static void
the_extension_asks_no_view(void **state)
{
	struct made_run *made = *state;

	made_sqlite(made->path, "DROP TABLE packed; CREATE VIEW packed AS WITH RECURSIVE"
				" n (a) AS (SELECT 1 UNION ALL SELECT a FROM n)"
				" SELECT * FROM n WHERE a = 2");
	sqlite3_close(open_with_extension(made->path));
}

/* As any other program reads it. */
static void
the_extension_reads_it_too(void **state)
{
	struct made_run *made = *state;
	char *before = dump(made->db, "SELECT count(*), sum(held) FROM v_progress");
	char got[64] = "";
	sqlite3 *other;
	sqlite3_stmt *s;

	assert_int_equal(pack_run(made->db, made->run_id), PACK_DONE);
	other = open_with_extension(made->path);
	assert_int_equal(sqlite3_prepare_v2(other,
					    "SELECT count(*), sum(held) FROM v_progress",
					    -1, &s, NULL),
			 SQLITE_OK);
	assert_int_equal(sqlite3_step(s), SQLITE_ROW);
	snprintf(got, sizeof(got), "%s|%s\n", sqlite3_column_text(s, 0),
		 sqlite3_column_text(s, 1));
	assert_string_equal(got, before);
	sqlite3_finalize(s);
	sqlite3_close(other);
	free(before);
}

static void
only_what_is_finished_is_packed(void **state)
{
	struct made_run *made = *state;

	made_sql(made, "UPDATE run SET state = 'running' WHERE run_id = %lld",
		 (long long)made->run_id);
	assert_int_equal(pack_run(made->db, made->run_id), PACK_RUNNING);
	assert_int_equal(unpack_run(made->db, made->run_id), PACK_RUNNING);
	assert_int_equal(pack_run(made->db, made->run_id + 1), PACK_RUNNING);
	assert_int_equal(made_int(made, "SELECT count(*) FROM packed"), 0);
}

static void
damage_is_said_and_changes_nothing(void **state)
{
	struct made_run *made = *state;
	struct db_statement *s;
	int64_t blocks;

	assert_int_equal(pack_run(made->db, made->run_id), PACK_DONE);
	blocks = made_int(made, "SELECT count(*) FROM packed");
	made_sql(made,
		 "UPDATE packed SET block = x'00' WHERE run_id = %lld AND kind ="
		 " 'group'",
		 (long long)made->run_id);
	assert_int_equal(unpack_run(made->db, made->run_id), PACK_FAILED);
	assert_int_equal(made_int(made, "SELECT count(*) FROM packed"), blocks);
	assert_int_equal(made_int(made, "SELECT count(*) FROM host_sample"), 0);
	reopen(made);
	s = db_prepare(made->db, "SELECT count(fds) FROM group_sample");
	assert_non_null(s);
	assert_int_equal(db_step(s), -1);
	assert_non_null(strstr(db_error(made->db), "a packed block is damaged"));
	db_finish(s);
}

/* A run goes with its packed samples. */
static void
what_is_deleted_leaves_nothing(void **state)
{
	struct made_run *made = *state;

	assert_int_equal(pack_run(made->db, made->run_id), PACK_DONE);
	made_sql(made, "DELETE FROM run WHERE run_id = %lld", (long long)made->run_id);
	assert_int_equal(made_int(made, "SELECT count(*) FROM packed"), 0);
}

int
main(void)
{
#define PACK_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		PACK_TEST(a_packed_run_reads_as_before),
		PACK_TEST(the_extension_reads_it_too),
		PACK_TEST(the_extension_runs_nothing_of_the_file),
		PACK_TEST(the_extension_asks_no_view),
		PACK_TEST(only_what_is_finished_is_packed),
		PACK_TEST(damage_is_said_and_changes_nothing),
		PACK_TEST(what_is_deleted_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
