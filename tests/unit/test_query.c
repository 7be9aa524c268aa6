#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/clock.h"
#include "cmd/operands.h"
#include "cmd/saved_query.h"
#include "made_store.h"
#include "report/grid.h"
#include "store/guard.h"
#include "words.h"

#define LONG_US (60 * US_PER_S)

static const char odd[] = "SELECT 'a,b' AS comma, 'say \"x\"' AS quote, NULL AS none,"
			  " '' AS empty, x'00ff' AS blob, 'e' || char(27) AS \"esc|ape\","
			  " 1.5 AS real, -7 AS whole";

/* What is written of a query's rows; the caller frees it. */
static char *
written(struct db *db, const char *sql, enum grid_format format, int64_t rows_max,
	struct grid *grid)
{
	struct db_statement *s = db_prepare_one(db, sql);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(s);
	assert_non_null(out);
	assert_int_equal(grid_write(grid, s, format, rows_max, out), 0);
	assert_int_equal(fclose(out), 0);
	db_finish(s);
	return text;
}

static void
every_format_writes_every_type(void **state)
{
	static const char *const wanted[GRID_FORMATS] = {
		[GRID_TABLE] =
		    "comma  quote    none  empty  blob  esc|ape  real  whole\n"
		    "a,b    say \"x\"     -         00ff  e^[       1.5     -7\n",
		[GRID_CSV] = "comma,quote,none,empty,blob,esc|ape,real,whole\n"
			     "\"a,b\",\"say \"\"x\"\"\",,\"\",00ff,e^[,1.5,-7\n",
		[GRID_JSON] =
		    "[\n  {\n"
		    "    \"comma\": \"a,b\",\n    \"quote\": \"say \\\"x\\\"\",\n"
		    "    \"none\": null,\n    \"empty\": \"\",\n"
		    "    \"blob\": \"00ff\",\n    \"esc|ape\": \"e\\u001b\",\n"
		    "    \"real\": 1.5,\n    \"whole\": -7\n  }\n]\n",
		[GRID_MARKDOWN] =
		    "| comma | quote | none | empty | blob | esc\\|ape | real"
		    " | whole |\n| --- | --- | ---: | --- | --- | --- | ---:"
		    " | ---: |\n| a,b | say \"x\" | - |  | 00ff | e^\\[ | 1.5"
		    " | -7 |\n",
	};
	struct db *db = made_store_open(*state, DB_CREATE);
	struct grid grid;

	for (int i = 0; i < GRID_FORMATS; i++) {
		char *text = written(db, odd, (enum grid_format)i, 10, &grid);

		assert_string_equal(text, wanted[i]);
		assert_int_equal(grid.rows, 1);
		assert_false(grid.cut);
		free(text);
	}
	db_close(db);
}

static void
more_rows_than_wanted_are_noticed(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	struct grid grid;

	free(written(db, "VALUES (1), (2), (3)", GRID_CSV, 2, &grid));
	assert_int_equal(grid.rows, 2);
	assert_true(grid.cut);
	free(written(db, "VALUES (1), (2), (3)", GRID_CSV, 3, &grid));
	assert_int_equal(grid.rows, 3);
	assert_false(grid.cut);
	db_close(db);
}

static void
only_one_statement_is_taken(void **state)
{
	static const struct {
		const char *sql, *error;
	} bad[] = {
		{ "SELECT 1; SELECT 2", "there is more than one statement" },
		{ "SELECT 1; nonsense", "there is more than one statement" },
		{ "", "there is no statement" },
		{ " -- only this\n", "there is no statement" },
		{ "SELEC 1", "near \"SELEC\": syntax error" },
	};
	struct db *db = made_store_open(*state, DB_CREATE);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_null(db_prepare_one(db, bad[i].sql));
		assert_string_equal(db_error(db), bad[i].error);
	}
	db_finish(db_prepare_one(db, "SELECT 1; -- that is all\n ;"));
	db_close(db);
}

static void
assert_denied(struct db *db, const char *sql, const char *what)
{
	struct guard guard;

	guard_begin(&guard, db, LONG_US);
	if (db_prepare_one(db, sql) != NULL)
		fail_msg("allowed: %s", sql);
	if (strcmp(guard.denied, what) != 0)
		fail_msg("%s: denied is \"%s\": %s", sql, guard.denied, db_error(db));
}

/* On a connection that could write: the guard alone must stop it. */
static void
the_guard_allows_nothing_but_reading(void **state)
{
	static const char *const writing[] = {
		"INSERT INTO tag VALUES (1, 'a', 'b') RETURNING 1",
		"UPDATE run SET label = 'x'",
		"DELETE FROM run",
		"REPLACE INTO tag VALUES (1, 'a', 'b')",
		"CREATE TABLE t (a)",
		"CREATE TEMP TABLE t (a)",
		"CREATE TEMP TRIGGER t AFTER DELETE ON run BEGIN SELECT 1; END",
		"DROP VIEW v_run",
		"ALTER TABLE run RENAME TO ran",
		"BEGIN",
		"SAVEPOINT s",
		"REINDEX",
		"ANALYZE",
		"DETACH main",
	};
	struct db *db = made_store_open(*state, DB_CREATE);

	for (size_t i = 0; i < sizeof(writing) / sizeof(writing[0]); i++)
		assert_denied(db, writing[i], "writing");
	assert_denied(db, "ATTACH 'x.db' AS x", "ATTACH");
	assert_denied(db, "PRAGMA journal_mode = DELETE", "PRAGMA journal_mode");
	assert_denied(db, "PRAGMA writable_schema = ON", "PRAGMA writable_schema");
	assert_denied(db, "PRAGMA wal_checkpoint", "PRAGMA wal_checkpoint");
	assert_denied(db, "SELECT load_extension('x')", "the function load_extension");
	db_close(db);
}

static void
the_guard_stops_vacuum_into_a_file(void **state)
{
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);
	struct db_statement *s;
	struct guard guard;
	char sql[128];

	snprintf(sql, sizeof(sql), "VACUUM INTO '%s/copy.db'", store->dir);
	guard_begin(&guard, db, LONG_US);
	s = db_prepare_one(db, sql);
	assert_non_null(s);
	assert_int_equal(db_columns(s), 0);
	assert_int_equal(db_step(s), -1);
	assert_string_equal(guard.denied, "ATTACH");
	db_finish(s);
	db_close(db);
}

static void
the_guard_lets_everything_be_read(void **state)
{
	static const char *const reading[] = {
		"SELECT * FROM v_run",
		"SELECT key FROM json_each('{}')",
		("WITH RECURSIVE n (i) AS (SELECT 1 UNION SELECT i + 1 FROM n WHERE i < "
		 "9)"
		 " SELECT sum(i) OVER () FROM n"),
		"PRAGMA integrity_check",
		"PRAGMA table_info(run)",
		"SELECT name FROM pragma_table_info('run')",
		"PRAGMA user_version",
		"EXPLAIN QUERY PLAN SELECT 1",
	};
	struct db *db = made_store_open(*state, DB_CREATE);
	struct guard guard;

	guard_begin(&guard, db, LONG_US);
	for (size_t i = 0; i < sizeof(reading) / sizeof(reading[0]); i++) {
		struct db_statement *s = db_prepare_one(db, reading[i]);

		if (s == NULL)
			fail_msg("%s: %s", reading[i], db_error(db));
		assert_true(db_step(s) >= 0);
		db_finish(s);
	}
	db_close(db);
}

static void
the_guard_ends_what_takes_too_long(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	struct guard guard;
	struct db_statement *s;
	int64_t before_us = clock_us();

	guard_begin(&guard, db, 50 * US_PER_MS);
	s = db_prepare_one(db, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1"
			       " FROM n) SELECT count(*) FROM n");
	assert_non_null(s);
	assert_int_equal(db_step(s), -1);
	assert_true(guard.late);
	assert_true(clock_us() - before_us < 10 * US_PER_S);
	db_finish(s);
	/* Nor may a value take all of the memory. */
	guard_begin(&guard, db, LONG_US);
	s = db_prepare_one(db, "SELECT zeroblob(1000000000)");
	assert_int_equal(db_step(s), -1);
	assert_false(guard.late);
	db_finish(s);
	db_close(db);
}

/* What the head of a file says is what its SQL takes, and it runs on an empty store. */
static void
assert_query(struct db *db, const struct saved_query *query)
{
	struct db_statement *s = db_prepare_one(db, query->sql);
	char name[64];

	if (s == NULL)
		fail_msg("%s: %s", query->name, db_error(db));
	assert_true(strlen(query->answers) > 20);
	assert_int_equal(db_parameters(s), query->count);
	for (size_t i = 0; i < query->count; i++) {
		assert_true(strlen(query->parameters[i].help) > 0);
		snprintf(name, sizeof(name), ":%s", query->parameters[i].name);
		if (db_parameter(s, name) == 0)
			fail_msg("%s does not use %s", query->name, name);
		if (query->parameters[i].is_number)
			db_bind_int(s, db_parameter(s, name), 1);
	}
	assert_true(db_columns(s) > 1);
	if (db_step(s) == -1)
		fail_msg("%s: %s", query->name, db_error(db));
	db_finish(s);
}

static void
every_saved_query_is_what_its_head_says(void **state)
{
	struct db *db = made_store_open(*state, DB_CREATE);
	struct saved_query query;
	struct guard guard;
	size_t i = 0;

	guard_begin(&guard, db, LONG_US);
	for (; saved_query_read(&query, i); i++) {
		assert_query(db, &query);
		saved_query_free(&query);
	}
	assert_true(i >= 12);
	assert_int_equal(i, saved_query_count());
	saved_query_free(&query);
	db_close(db);
}

static void
the_head_of_a_saved_query_is_read(void **state)
{
	struct saved_query query;

	(void)state;
	assert_false(saved_query_find(&query, "no-such-question"));
	assert_true(saved_query_find(&query, "slow-seconds"));
	assert_string_equal(query.answers,
			    "The seconds of a run in which a newcomer waited longest.");
	assert_int_equal(query.count, 3);
	assert_string_equal(query.parameters[0].name, "run");
	assert_string_equal(query.parameters[0].def, "last");
	assert_false(query.parameters[0].is_number);
	assert_string_equal(query.parameters[1].help,
			    "connect, connect_raw, echo or canary");
	assert_true(query.parameters[2].is_number);
	saved_query_free(&query);
	assert_true(saved_query_find(&query, "limits"));
	assert_null(query.parameters[0].def);
	saved_query_free(&query);
}

static void
operands_go_behind_options(void **state)
{
	static const struct option_spec specs[] = {
		{ .name = "output", .letter = 'o', .type = OPTION_TEXT },
		{ .name = "json", .type = OPTION_FLAG },
	};
	static const struct option_table table = { .specs = specs, .count = 2 };
	char line[] = "show 17 --json -o out 18 --output=x -- --json";
	char *argv[WORDS_MAX];
	int argc = words_split(line, argv);
	char **sorted = operands_last(&table, &argc, argv);
	static const char *const wanted[] = { "show", "--json",     "-o",
					      "out",  "--output=x", "--",
					      "17",   "18",         "--json" };

	(void)state;
	assert_int_equal(argc, 9);
	for (int i = 0; i < argc; i++)
		assert_string_equal(sorted[i], wanted[i]);
	assert_null(sorted[argc]);
	free(sorted);
}

#define QUERY_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		QUERY_TEST(every_format_writes_every_type),
		QUERY_TEST(more_rows_than_wanted_are_noticed),
		QUERY_TEST(only_one_statement_is_taken),
		QUERY_TEST(the_guard_allows_nothing_but_reading),
		QUERY_TEST(the_guard_stops_vacuum_into_a_file),
		QUERY_TEST(the_guard_lets_everything_be_read),
		QUERY_TEST(the_guard_ends_what_takes_too_long),
		QUERY_TEST(every_saved_query_is_what_its_head_says),
		cmocka_unit_test(the_head_of_a_saved_query_is_read),
		cmocka_unit_test(operands_go_behind_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
