#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/escape.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "report/amount.h"
#include "report/table.h"
#include "report/compared.h"
#include "report/grid.h"
#include "store/run.h"

struct list_options {
	char *db, *label;
	int64_t limit, json, trend, sweeps;
};

#define AT(member) .offset = offsetof(struct list_options, member)

static const struct option_spec specs[] = {
	COMMON_DB(struct list_options),
	{ .name = "label",
	  .type = OPTION_TEXT,
	  AT(label),
	  .arg = "LABEL",
	  .group = "options",
	  .help = "only runs with this label" },
	{ .name = "limit",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(limit),
	  .min = 1,
	  .max = INT64_MAX,
	  .def = "50",
	  .arg = "N",
	  .group = "options",
	  .help = "only the newest" },
	COMMON_JSON(struct list_options),
	{ .name = "trend",
	  .type = OPTION_FLAG,
	  AT(trend),
	  .group = "options",
	  .help = "not the runs, but where the level of a figure moved over the runs of "
		  "one plan" },
	{ .name = "sweeps",
	  .type = OPTION_FLAG,
	  AT(sweeps),
	  .excludes = "trend",
	  .group = "options",
	  .help = "not the runs, but the sweeps that they were made for" },
};

static const struct option_table options = {
	.command = "list",
	.operands = "",
	.summary = "the runs in the database, a line each, the newest last",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

/* Columns of v_run, in the order of the statement. */
enum {
	COLUMN_RUN,
	COLUMN_STARTED,
	COLUMN_DURATION,
	COLUMN_LABEL,
	COLUMN_STATE,
	COLUMN_OUTCOME,
	COLUMN_CLIENTS,
	COLUMN_RATE,
	COLUMN_HELD,
	COLUMN_BROKE_S,
	COLUMN_BROKE_HELD,
	COLUMN_LIMIT,
	COLUMN_SUBJECT,
	COLUMN_CONFIDENCE
};

static const char sql[] =
    "SELECT * FROM (SELECT run_id, started_at, duration_s, label, state, outcome, "
    "clients,"
    " rate, held_peak, broke_at_s, broke_held, limit_id, subject, confidence FROM v_run"
    " WHERE ?2 IS NULL OR label = ?2 ORDER BY run_id DESC LIMIT ?1) ORDER BY run_id";

/* "2026-11-27 17:39" of what ISO 8601 writes as "2026-11-27T17:39:54Z". */
#define MINUTE_LENGTH 16

static void
write_started(struct table *table, const char *iso)
{
	const char *time = strchr(iso, 'T');
	int date = time != NULL ? (int)(time - iso) : (int)strlen(iso);

	if (time == NULL || strlen(iso) < MINUTE_LENGTH)
		table_cell(table, "%s", iso);
	else
		table_cell(table, "%.*s %.*s", date, iso, MINUTE_LENGTH - date - 1,
			   time + 1);
}

/* A run whose supervisor is gone is interrupted, also where the database cannot be written and
 * still says that it runs. */
static const char *
state_of(struct db *db, struct db_statement *s)
{
	const char *state = db_text(s, COLUMN_STATE);

	if (strcmp(state, "running") == 0 && !run_is_live(db, db_int(s, COLUMN_RUN)))
		return "interrupted";
	return state;
}

/* Held is what the verdict means by it: where something gave way, the connections that were
 * held then, else the most. The label is the last, as it may be long: the others fit a
 * terminal of 80 columns. */
static void
write_row(struct table *table, struct db *db, struct db_statement *s)
{
	char *label = escape_text(db_text(s, COLUMN_LABEL)), text[AMOUNT_SIZE];
	bool ended = !db_is_null(s, COLUMN_DURATION);
	const char *word =
	    db_is_null(s, COLUMN_OUTCOME) ? state_of(db, s) : db_text(s, COLUMN_OUTCOME);
	int held = db_is_null(s, COLUMN_BROKE_HELD) ? COLUMN_HELD : COLUMN_BROKE_HELD;

	table_cell(table, "%lld", (long long)db_int(s, COLUMN_RUN));
	write_started(table, db_text(s, COLUMN_STARTED));
	table_cell(table, "%s",
		   amount_known(ended, UNIT_US,
				db_real(s, COLUMN_DURATION) * (double)US_PER_S, text));
	table_cell(table, "%s", word);
	table_cell(table, "%s", amount(UNIT_COUNT, (double)db_int(s, held), text));
	table_cell(table, "%s", db_text(s, COLUMN_LIMIT));
	table_cell(table, "%s", label);
	free(label);
}

static int
write_table(struct db *db, struct db_statement *s)
{
	static const char *const headings[] = { "run",  "started", "lasted", "outcome",
						"held", "limit",   "label" };
	struct table table;
	int got;

	table_begin(&table, "rlrlrll");
	for (size_t i = 0; i < table.columns; i++)
		table_cell(&table, "%s", headings[i]);
	while ((got = db_step(s)) == 1)
		write_row(&table, db, s);
	table_end(&table, "", stdout);
	return got;
}

static void
json_column(struct json *j, struct db *db, struct db_statement *s, int column)
{
	const char *name = db_column_name(s, column);

	if (db_is_null(s, column))
		json_null(j, name);
	else if (column == COLUMN_DURATION || column == COLUMN_BROKE_S)
		json_real(j, name, db_real(s, column));
	else if (column == COLUMN_RUN || column == COLUMN_CLIENTS ||
		 column == COLUMN_RATE || column == COLUMN_HELD ||
		 column == COLUMN_BROKE_HELD)
		json_int(j, name, db_int(s, column));
	else if (column == COLUMN_STATE)
		json_text(j, name, state_of(db, s));
	else
		json_text(j, name, db_text(s, column));
}

static int
write_json(struct db *db, struct db_statement *s)
{
	struct json j;
	int got;

	json_list(&j, stdout);
	while ((got = db_step(s)) == 1) {
		json_item(&j);
		for (int i = 0; i < db_columns(s); i++)
			json_column(&j, db, s, i);
		json_end_object(&j);
	}
	json_end_list(&j);
	return got;
}

static int
write_runs(struct db *db, const struct list_options *given)
{
	struct db_statement *s = db_prepare(db, sql);
	int got = -1;

	if (s != NULL) {
		db_bind_int(s, 1, given->limit);
		db_bind_text(s, 2, given->label);
		got = (given->json ? write_json : write_table)(db, s);
	}
	if (got == -1)
		log_warnx("the runs cannot be read: %s", db_error(db));
	db_finish(s);
	return got == -1 ? EXIT_FAILED : command_flush();
}

static int
write_trends(struct db *db, const struct list_options *given)
{
	struct plan_histories trends;
	struct json j;
	int error = plan_histories_load(&trends, db, given->label);

	if (error == -1) {
		log_warnx("the trends cannot be found: %s", db_error(db));
	} else if (given->json) {
		json_list(&j, stdout);
		trended_json(&trends, &j);
		json_end_list(&j);
	} else {
		trended_text(&trends, stdout);
	}
	plan_histories_free(&trends);
	return error == -1 ? EXIT_FAILED : command_flush();
}

/* ------------------------------------------------------------------------------ sweeps */

static const char sweeps_sql[] =
    "SELECT * FROM (SELECT 's' || sweep_id AS sweep, started_at AS started,"
    " points, runs, runs_done, CASE WHEN ended_epoch_s IS NULL THEN 'not complete'"
    " ELSE 'complete' END AS state, varied FROM v_sweep ORDER BY sweep_id DESC LIMIT ?1)"
    " ORDER BY started, sweep";

static int
write_sweeps(struct db *db, const struct list_options *given)
{
	struct db_statement *s = db_prepare(db, sweeps_sql);
	struct grid grid;
	int got = -1;

	if (s != NULL) {
		db_bind_int(s, 1, given->limit);
		got = grid_write(&grid, s, given->json ? GRID_JSON : GRID_TABLE,
				 INT64_MAX, stdout);
	}
	if (got == -1)
		log_warnx("the sweeps cannot be read: %s", db_error(db));
	db_finish(s);
	return got == -1 ? EXIT_FAILED : command_flush();
}

static int
list(const void *options_given, int count, char **operands)
{
	const struct list_options *given = options_given;
	struct history history;
	int code = EXIT_FAILED;

	(void)count;
	(void)operands;
	if (history_open(&history, given->db) == 0)
		code = (given->sweeps  ? write_sweeps
			: given->trend ? write_trends
				       : write_runs)(history.db, given);
	history_close(&history);
	return code;
}

int
command_list(int argc, char **argv)
{
	struct list_options given = { 0 };

	return operands_call(&options, argc, argv, &given, list);
}
