/* "brink figures": what a run comes to, and with a run, what that one came to. */
#include "cmd/command.h"

#include <stdlib.h>

#include "analyse/figure_value.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "plan/figure.h"
#include "report/table.h"
#include "store/run.h"

struct figures_options {
	char *db;
	int64_t json;
};

static const struct option_spec specs[] = {
	COMMON_DB(struct figures_options),
	COMMON_JSON(struct figures_options),
};

static const struct option_table options = {
	.command = "figures",
	.operands = "[RUN]",
	.operands_max = 1,
	.summary =
	    "what a run comes to: what --expect, and while it goes on (live) "
	    "--abort-on, can ask\nabout, and what is compared; with a RUN, what that "
	    "one came to",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

static const char *const better_names[] = {
	[BETTER_NEITHER] = "",
	[BETTER_MORE] = "more",
	[BETTER_LESS] = "less",
};

/* ---------------------------------------------------------------------- the table itself */

static void
list_text(void)
{
	static const char *const headings[] = { "figure", "unit", "better", "live",
						"is" };
	struct table table;

	table_begin(&table, "lllll");
	for (size_t i = 0; i < table.columns; i++)
		table_cell(&table, "%s", headings[i]);
	for (size_t i = 0; i < figure_count; i++) {
		table_cell(&table, "%s", figures[i].name);
		table_cell(&table, "%s", figure_unit_name(figures[i].unit));
		table_cell(&table, "%s", better_names[figures[i].better]);
		table_cell(&table, "%s", figures[i].live != LIVE_NOT ? "yes" : "");
		table_cell(&table, "%s", figures[i].help);
	}
	table_end(&table, "", stdout);
}

/* What is so of the figure whatever the run. */
static void
figure_json(const struct figure *figure, struct json *j)
{
	const char *better = better_names[figure->better];

	json_text(j, "name", figure->name);
	json_text(j, "unit", figure_unit_name(figure->unit));
	json_text(j, "better", better[0] != '\0' ? better : NULL);
}

/* With where a value comes from: SQL that anyone may run, the run's id for ?1. */
static void
list_json(struct json *j)
{
	for (size_t i = 0; i < figure_count; i++) {
		const struct figure *figure = &figures[i];

		json_item(j);
		figure_json(figure, j);
		json_bool(j, "live", figure->live != LIVE_NOT);
		json_text(j, "help", figure->help);
		json_text(j, "sql", figure->sql);
		json_text(j, "latency", figure->latency);
		if (figure->latency != NULL)
			json_real(j, "quantile", figure->quantile);
		json_end_object(j);
	}
}

/* ------------------------------------------------------------------------------ of a run */

static void
value_text(const struct figure *figure, const struct figure_value *value,
	   struct table *table)
{
	char text[FIGURE_TEXT_SIZE], low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	table_cell(table, "%s", figure->name);
	table_cell(table, "%s",
		   value->known ? figure_format(figure->unit, value->value, text) : "-");
	if (value->known && value->has_interval)
		table_cell(table, "%s .. %s",
			   figure_format(figure->unit, value->low, low),
			   figure_format(figure->unit, value->high, high));
	else
		table_cell(table, "-");
	table_cell(table, "%s", figure->help);
}

static void
value_json(const struct figure *figure, const struct figure_value *value, struct json *j)
{
	json_object(j, NULL);
	figure_json(figure, j);
	if (value->known)
		json_real(j, "value", value->value);
	else
		json_null(j, "value");
	if (value->known && value->has_interval) {
		json_real(j, "low", value->low);
		json_real(j, "high", value->high);
	} else {
		json_null(j, "low");
		json_null(j, "high");
	}
	json_end_object(j);
}

/* All values before a line is written: what cannot be read leaves nothing half done. */
static struct figure_value *
read_values(struct db *db, int64_t run_id)
{
	struct figure_value *values = calloc(figure_count, sizeof(*values));

	if (values == NULL)
		fatal("cannot hold the figures");
	for (size_t i = 0; i < figure_count; i++) {
		if (figure_value_read(&values[i], db, run_id, &figures[i]) == 0)
			continue;
		log_warnx("the figures of run %lld cannot be read: %s", (long long)run_id,
			  db_error(db));
		free(values);
		return NULL;
	}
	return values;
}

static void
write_text(const struct figure_value *values)
{
	static const char *const headings[] = { "figure", "value", "95 % interval",
						"is" };
	struct table table;

	table_begin(&table, "lrrl");
	for (size_t i = 0; i < table.columns; i++)
		table_cell(&table, "%s", headings[i]);
	for (size_t i = 0; i < figure_count; i++)
		value_text(&figures[i], &values[i], &table);
	table_end(&table, "", stdout);
}

static void
write_json(int64_t run_id, const struct figure_value *values, struct json *j)
{
	json_int(j, "run_id", run_id);
	json_array(j, "figures");
	for (size_t i = 0; i < figure_count; i++)
		value_json(&figures[i], &values[i], j);
	json_end_array(j);
}

static int
write_run(const struct history *history, const char *operand, bool json)
{
	int64_t run_id = run_find(history->db, operand, stderr);
	struct figure_value *values;
	struct json j;

	if (run_id == -1)
		return EXIT_FAILED;
	history_analyse_late(history, run_id);
	values = read_values(history->db, run_id);
	if (values == NULL)
		return EXIT_FAILED;
	if (json) {
		json_document(&j, stdout);
		write_json(run_id, values, &j);
		json_end_document(&j);
	} else
		write_text(values);
	free(values);
	return command_flush();
}

static int
call(const void *options_given, int count, char **operands)
{
	const struct figures_options *given = options_given;
	struct history history;
	struct json j;
	int code = EXIT_FAILED;

	if (count > 0) {
		if (history_open(&history, given->db) == 0)
			code = write_run(&history, operands[0], given->json != 0);
		history_close(&history);
		return code;
	}
	if (given->json) {
		json_list(&j, stdout);
		list_json(&j);
		json_end_list(&j);
	} else
		list_text();
	return command_flush();
}

int
command_figures(int argc, char **argv)
{
	struct figures_options given = { 0 };

	return operands_call(&options, argc, argv, &given, call);
}
