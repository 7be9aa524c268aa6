#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/escape.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "store/run.h"

struct check_options {
	char *db;
	int64_t json;
};

static const struct option_spec specs[] = {
	COMMON_DB(struct check_options),
	COMMON_JSON(struct check_options),
};

static const struct option_table options = {
	.command = "check",
	.operands = "",
	.summary = "looks the database over, and finishes the runs that were interrupted",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

/* What is written, a line or an object a fact. */
struct check {
	struct db *db;
	struct json json;
	bool as_json, damaged;
};

static void
tell(struct check *check, const char *what, int64_t run_id, const char *text)
{
	char *escaped;

	if (check->as_json) {
		json_item(&check->json);
		json_text(&check->json, "what", what);
		if (run_id != -1)
			json_int(&check->json, "run_id", run_id);
		json_text(&check->json, "text", text);
		json_end_object(&check->json);
		return;
	}
	escaped = escape_text(text);
	if (run_id == -1)
		printf("%-12s  %s\n", what, escaped);
	else
		printf("%-12s  run %lld: %s\n", what, (long long)run_id, escaped);
	free(escaped);
}

static void
tell_error(struct check *check, const char *what)
{
	check->damaged = true;
	tell(check, what, -1, db_error(check->db));
}

/* Rows of integrity_check but "ok". */
static void
check_integrity(struct check *check)
{
	struct db_statement *s = db_prepare(check->db, "PRAGMA integrity_check");
	bool fine = false;
	int got = -1;

	while (s != NULL && (got = db_step(s)) == 1) {
		fine = strcmp(db_text(s, 0), "ok") == 0;
		if (!fine)
			tell(check, "integrity", -1, db_text(s, 0));
	}
	db_finish(s);
	if (got == -1)
		tell_error(check, "integrity");
	else if (fine)
		tell(check, "integrity", -1, "ok");
	check->damaged |= !fine;
}

static void
check_foreign_keys(struct check *check)
{
	struct db_statement *s = db_prepare(
	    check->db, "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check"
		       " GROUP BY \"table\", parent");
	bool fine = true;
	int got = -1;

	while (s != NULL && (got = db_step(s)) == 1) {
		char text[256];

		snprintf(text, sizeof(text), "%lld rows of %s belong to no row of %s",
			 (long long)db_int(s, 2), db_text(s, 0), db_text(s, 1));
		tell(check, "foreign keys", -1, text);
		fine = false;
	}
	db_finish(s);
	if (got == -1)
		tell_error(check, "foreign keys");
	else if (fine)
		tell(check, "foreign keys", -1, "ok");
	check->damaged |= !fine;
}

static void
finish_run(struct db *db, int64_t run_id, const char *why, struct check *check)
{
	if (history_analyse(db, run_id) == -1) {
		char text[256];

		snprintf(text, sizeof(text), "%s, and cannot be analysed: %s", why,
			 db_error(db));
		check->damaged = true;
		tell(check, "runs", run_id, text);
	} else {
		tell(check, "runs", run_id, why);
	}
}

static int
finish_interrupted(struct db *db, int64_t run_id, void *arg)
{
	finish_run(db, run_id,
		   "its supervisor died: ended at its last sample, and analysed", arg);
	return 0;
}

/* Runs that were recorded to their end, or were interrupted, and that nobody analysed. */
static void
finish_unanalysed(struct check *check)
{
	static const char next[] =
	    "SELECT min(run_id) FROM run AS r WHERE run_id > ?1 AND (state = 'recorded'"
	    " OR (state = 'interrupted' AND NOT EXISTS"
	    "  (SELECT 1 FROM finding AS f WHERE f.run_id = r.run_id)))";
	int64_t run_id = -1;

	/* Where its supervisor is still there, it is about to do so. */
	while ((run_id = db_query_int(check->db, next, run_id, -1)) != -1)
		if (!run_is_held(check->db, run_id))
			finish_run(check->db, run_id, "it was not analysed, and is now",
				   check);
}

static void
check_runs(struct check *check)
{
	char text[128];

	if (run_reap(check->db, finish_interrupted, check) == -1)
		tell_error(check, "runs");
	finish_unanalysed(check);
	snprintf(
	    text, sizeof(text), "%lld, of which %lld are running",
	    (long long)db_query_int(check->db, "SELECT count(*) FROM run", 0, 0),
	    (long long)db_query_int(
		check->db, "SELECT count(*) FROM run WHERE state = 'running'", 0, 0));
	tell(check, "runs", -1, text);
}

static int
check(const void *options_given, int count, char **operands)
{
	const struct check_options *given = options_given;
	struct check check = { .as_json = given->json != 0 };
	bool writable = access(given->db, W_OK) == 0;

	(void)count;
	(void)operands;
	check.db = db_open(given->db, writable ? DB_WRITE : DB_READ, stderr);
	if (check.db == NULL)
		return EXIT_FAILED;
	if (check.as_json)
		json_list(&check.json, stdout);
	check_integrity(&check);
	check_foreign_keys(&check);
	/* Nothing is written to what is damaged. */
	if (writable && !check.damaged)
		check_runs(&check);
	if (check.as_json)
		json_end_list(&check.json);
	db_close(check.db);
	if (command_flush() != EXIT_DONE)
		return EXIT_FAILED;
	return check.damaged ? EXIT_UNTRUSTED : EXIT_DONE;
}

int
command_check(int argc, char **argv)
{
	struct check_options given = { 0 };

	return operands_call(&options, argc, argv, &given, check);
}
