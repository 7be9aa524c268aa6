#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/embed.h"
#include "model/resource.h"
#include "made_store.h"
#include "store/db_handle.h"
#include "store/own_schema.h"
#include "store/sample_schema.h"
#include "store/packed.h"

/* SQL as whoever made the file ran it, with the schema open to be written. */
static void
spoil(const struct made_store *store, const char *sql)
{
	char *all = sqlite3_mprintf("PRAGMA writable_schema = ON; %s", sql);
	sqlite3 *handle;
	char *error = NULL;

	db_close(made_store_open(store, DB_CREATE));
	assert_int_equal(sqlite3_open(store->path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, all, NULL, NULL, &error) != SQLITE_OK)
		fail_msg("%s: %s", sql, error);
	sqlite3_free(all);
	assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

static void
assert_refused(const struct made_store *store, enum db_mode mode, const char *part)
{
	char text[1024] = "";
	FILE *err = fmemopen(text, sizeof(text), "w");
	struct db *db;

	assert_non_null(err);
	db = db_open(store->path, mode, err);
	assert_int_equal(fclose(err), 0);
	if (db != NULL || strstr(text, part) == NULL)
		fail_msg("\"%s\" is not said of it, but: %s", part, text);
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

/* Whatever is put into a file beside what brink makes, or in its place, it is not opened. */
static void
a_foreign_schema_is_refused(void **state)
{
	static const struct {
		const char *sql, *said;
	} cases[] = {
		{ "CREATE TRIGGER more AFTER INSERT ON tag BEGIN"
		  " INSERT INTO tag VALUES (NEW.run_id, NEW.name || 'x', ''); END",
		  "trigger \"more\"" },
		{ "CREATE TRIGGER t INSTEAD OF UPDATE ON v_run BEGIN SELECT 1; END",
		  "trigger \"t\"" },
		{ "CREATE TABLE \"zz_sample USING brink_sample(host); VACUUM INTO "
		  "'stolen';"
		  " --_sample\" (a)",
		  "table \"zz_sample USING" },
		{ "CREATE TABLE \"new\nline\x1b[2J\" (a)", "table \"new\\nline^[[2J\"" },
		{ "CREATE INDEX \"i'; DROP TABLE run; --\" ON run (label)",
		  "index \"i';" },
		{ "CREATE INDEX i ON run (length(label))", "index \"i\"" },
		{ "CREATE INDEX i ON run (label) WHERE outcome = 'x'", "index \"i\"" },
		{ "CREATE VIRTUAL TABLE files USING fts5(a)", "table \"files" },
		{ "ALTER TABLE run ADD COLUMN x BLOB AS (zeroblob(1000000000))",
		  "table \"run\"" },
		{ "ALTER TABLE run ADD COLUMN x TEXT DEFAULT (hex('x'))",
		  "table \"run\"" },
		{ "ALTER TABLE run ADD COLUMN x TEXT CHECK (x <> zeroblob(1000000000))",
		  "table \"run\"" },
		{ "ALTER TABLE tag RENAME COLUMN value TO worth", "table \"tag\"" },
		{ "DROP TABLE tag; CREATE VIEW tag AS WITH RECURSIVE n (a) AS (SELECT 1"
		  " UNION ALL SELECT a FROM n) SELECT a AS run_id, 'x' AS name, '' AS "
		  "value"
		  " FROM n",
		  "lacks what brink makes in it: tag" },
		{ "DROP INDEX run_label", "lacks what brink makes in it: run_label" },
		/* SQLite goes by the text, not by what the row says that it is; newer ones call
		 * it damaged. */
		{ "INSERT INTO sqlite_schema VALUES ('view', 'v', 'tag', 0, 'CREATE "
		  "TRIGGER v"
		  " AFTER INSERT ON tag BEGIN SELECT 1; END')",
		  "brink.db" },
		{ "INSERT INTO sqlite_schema VALUES (NULL, 'v', 'tag', 0, 'CREATE "
		  "TRIGGER v"
		  " AFTER INSERT ON tag BEGIN SELECT 1; END')",
		  "brink.db" },
		{ "UPDATE sqlite_schema SET sql = replace(sql, 'value TEXT NOT NULL',"
		  " 'value TEXT NOT NULL CHECK (value <> 1)') WHERE name = 'tag'",
		  "table \"tag\"" },
	};
	struct made_store *store = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		spoil(store, cases[i].sql);
		assert_refused(store, DB_READ, cases[i].said);
		assert_refused(store, DB_WRITE, cases[i].said);
		assert_refused(store, DB_CREATE, cases[i].said);
		assert_int_equal(unlink(store->path), 0);
	}
}

/* Views of the file are not looked at, and never run. */
static void
views_of_the_file_never_run(void **state)
{
	static const char endless[] =
	    "DROP VIEW v_run; DROP VIEW v_history;"
	    "CREATE VIEW v_run AS WITH RECURSIVE n (run_id) AS (SELECT 1 UNION ALL"
	    " SELECT run_id FROM n) SELECT * FROM n;"
	    "CREATE VIEW \"v'; DROP TABLE run; --\" AS SELECT * FROM v_run;"
	    "CREATE VIEW \"a\"\"b\" AS SELECT 1";
	struct made_store *store = *state;

	for (enum db_mode mode = DB_READ; mode <= DB_CREATE; mode++) {
		struct db *db;

		spoil(store, endless);
		db = made_store_open(store, mode);
		assert_int_equal(db_query_int(db, "SELECT count(*) FROM v_run", 0, -1),
				 0);
		assert_int_equal(
		    db_query_int(db, "SELECT count(*) FROM v_history", 0, -1), 0);
		assert_null(db_prepare(db, "SELECT * FROM main.v_run"));
		assert_null(db_prepare(db, "SELECT * FROM \"a\"\"b\""));
		db_close(db);
		assert_int_equal(unlink(store->path), 0);
	}
}

/* Comments, ANALYZE and another way of writing it change nothing. */
static void
what_sqlite_itself_makes_is_known(void **state)
{
	struct made_store *store = *state;

	spoil(store, "INSERT INTO gauge (name) VALUES ('a'); ANALYZE;"
		     "UPDATE sqlite_schema SET sql = replace(replace(sql, '--',"
		     " '/* more */ --'), '  ', char(9)) WHERE name = 'run'");
	db_close(made_store_open(store, DB_WRITE));
}

static const struct embedded_file steps[] = {
	{ "2-y", "ALTER TABLE a ADD COLUMN y TEXT DEFAULT ';'; -- why\n" },
	{ "3-b", "CREATE TABLE b_new (x); CREATE INDEX b_x ON b_new (x);"
		 "ALTER TABLE b_new RENAME TO b; ALTER TABLE a ADD COLUMN z TEXT;"
		 " DROP TABLE c" },
	{ NULL, NULL },
};
static const struct own_schema own = {
	.first =
	    "CREATE TABLE a (x INTEGER, PRIMARY KEY (x)) STRICT; CREATE TABLE c (x);",
	.migrations = steps,
	.latest =
	    "-- one;\nCREATE TABLE a (x INTEGER, -- of a; b\n  y TEXT DEFAULT ';',\n"
	    "  z TEXT, PRIMARY KEY (x)) STRICT;\nCREATE TABLE b (x);\n"
	    "CREATE INDEX b_x ON b (x);",
	.version = 3,
};

static int
checked(struct db *db, const struct own_schema *schema, int64_t version)
{
	FILE *null = fopen("/dev/null", "w");
	int rc;

	assert_non_null(null);
	rc = own_schema_check(db, "x", schema, version, null);
	fclose(null);
	return rc;
}

/* An older store is what the first one becomes, step by step, and at the end what a new one
 * is. */
static void
older_schemas_are_known(void **state)
{
	struct db db = { 0 };

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db.handle), SQLITE_OK);
	assert_int_equal(db_exec(&db, own.first), 0);
	for (int64_t version = 1; version <= own.version; version++) {
		for (int64_t other = 1; other <= own.version; other++)
			assert_int_equal(checked(&db, &own, other),
					 other == version ? 0 : -1);
		if (version < own.version)
			assert_int_equal(db_exec(&db, steps[version - 1].text), 0);
	}
	sqlite3_close(db.handle);
}

/* What the migrations make is what a new store has. */
static void
all_migrations_lead_to_the_schema(void **state)
{
	char *latest = sample_schema_expand(embedded_sql_schema);
	const struct own_schema made = { .first = embedded_sql_schema_first,
					 .migrations = embedded_migrations,
					 .latest = latest,
					 .version = DB_SCHEMA_VERSION };
	struct db db = { 0 };

	(void)state;
	assert_int_equal(sqlite3_open(":memory:", &db.handle), SQLITE_OK);
	assert_int_equal(db_exec(&db, embedded_sql_schema_first), 0);
	for (const struct embedded_file *m = embedded_migrations; m->name != NULL; m++)
		assert_int_equal(db_exec(&db, m->text), 0);
	assert_int_equal(checked(&db, &made, DB_SCHEMA_VERSION), 0);
	assert_int_equal(checked(&db, &made, DB_SCHEMA_VERSION - 1), -1);
	sqlite3_close(db.handle);
	free(latest);
}

/* What brink itself never does is refused, wherever it comes from. */
static void
writers_can_do_no_more_than_brink_does(void **state)
{
	static const char *const refused[] = {
		"ATTACH 'other.db' AS other",
		"VACUUM INTO 'other.db'",
		"VACUUM",
		"CREATE TEMP TRIGGER t AFTER INSERT ON tag BEGIN SELECT 1; END",
		"CREATE TRIGGER t AFTER INSERT ON tag BEGIN SELECT 1; END",
		"CREATE VIRTUAL TABLE temp.f USING fts5(a)",
		"CREATE VIRTUAL TABLE main.zz USING brink_sample(host)",
		"CREATE VIRTUAL TABLE temp.zz USING brink_sample(zz)",
		"CREATE VIRTUAL TABLE temp.zz USING brink_sample(host, host)",
		"SELECT load_extension('x')",
		"PRAGMA writable_schema = ON",
		"PRAGMA trusted_schema = ON",
		"PRAGMA temp_store_directory = '/'",
		"DELETE FROM sqlite_schema",
	};
	struct made_store *store = *state;
	struct db *db = made_store_open(store, DB_CREATE);
	char copy[80];

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (db_exec(db, refused[i]) == 0)
			fail_msg("%s", refused[i]);
	snprintf(copy, sizeof(copy), "%s.copy", store->path);
	assert_int_equal(db_vacuum(db, copy), 0);
	assert_int_equal(access(copy, F_OK), 0);
	assert_int_equal(db_vacuum(db, NULL), 0);
	assert_int_equal(db_exec(db, "VACUUM"), -1);
	db_close(db);
}

static void
the_kinds_are_those_that_are_sampled(void **state)
{
	(void)state;
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++) {
		assert_non_null(packed_kinds[kind - SUBJECT_HOST]);
		assert_string_equal(packed_kinds[kind - SUBJECT_HOST],
				    subject_kind_name((enum subject_kind)kind));
	}
	assert_null(packed_kinds[SUBJECT_KINDS - SUBJECT_HOST]);
}

int
main(void)
{
#define STORE_TEST(function) \
	cmocka_unit_test_setup_teardown(function, made_store_setup, made_store_teardown)
	const struct CMUnitTest tests[] = {
		STORE_TEST(a_foreign_schema_is_refused),
		STORE_TEST(views_of_the_file_never_run),
		STORE_TEST(what_sqlite_itself_makes_is_known),
		cmocka_unit_test(older_schemas_are_known),
		cmocka_unit_test(all_migrations_lead_to_the_schema),
		STORE_TEST(writers_can_do_no_more_than_brink_does),
		cmocka_unit_test(the_kinds_are_those_that_are_sampled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
