#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "cmd/saved_query.h"
#include "plan/suggest.h"
#include "report/grid.h"
#include "report/table.h"
#include "store/guard.h"
#include "store/run.h"

struct query_call;

struct query_options {
	const struct query_call *call;
	char *db, *output;
	int64_t csv, json, markdown, list, max_rows, max_time_us;
	char *parameter[SAVED_QUERY_PARAMETERS]; /* of the saved query, in its order */
};

#define AT(member) .offset = offsetof(struct query_options, member)

static const struct option_spec fixed[] = {
	{ .name = "list",
	  .type = OPTION_FLAG,
	  AT(list),
	  .group = "options",
	  .help = "list the saved queries, and what each answers" },
	COMMON_DB(struct query_options),
	{ .name = "csv",
	  .type = OPTION_FLAG,
	  AT(csv),
	  .excludes = "json",
	  .group = "options",
	  .help = "write CSV" },
	{ .name = "json",
	  .type = OPTION_FLAG,
	  AT(json),
	  .excludes = "markdown",
	  .group = "options",
	  .help = "write JSON" },
	{ .name = "markdown",
	  .type = OPTION_FLAG,
	  AT(markdown),
	  .excludes = "csv",
	  .group = "options",
	  .help = "write a Markdown table" },
	COMMON_OUTPUT(struct query_options),
	{ .name = "max-rows",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(max_rows),
	  .min = 1,
	  .max = INT64_MAX,
	  .def = "100k",
	  .arg = "N",
	  .group = "options",
	  .help = "write no more rows, and say so" },
	{ .name = "max-time",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_US,
	  AT(max_time_us),
	  .min = US_PER_MS,
	  .max = INT64_C(86400) * US_PER_S,
	  .def = "30s",
	  .arg = "TIME",
	  .group = "options",
	  .help = "give up after that, and say so" },
};

#define FIXED (sizeof(fixed) / sizeof(fixed[0]))

/* The options of a call: the fixed ones, and one a parameter of the saved query. */
struct query_call {
	struct saved_query query; /* no name: SQL, or only the list */
	struct option_spec specs[FIXED + SAVED_QUERY_PARAMETERS];
	struct option_table table;
	char summary[512];
};

/* A name is one word; SQL never is. */
static bool
is_name(const char *operand)
{
	return operand[strspn(operand, "abcdefghijklmnopqrstuvwxyz"
				       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")] ==
	       '\0';
}

/* The first argument that is a saved query's name: its parameters are options. */
static void
find_query(struct saved_query *query, int argc, char **argv)
{
	for (int i = 1; i < argc && query->name == NULL; i++)
		saved_query_find(query, argv[i]);
}

static void
call_prepare(struct query_call *call, int argc, char **argv)
{
	/* What ":run" stands for in SQL, as it does in saved queries. */
	static const struct option_spec run = {
		.name = "run",
		.type = OPTION_TEXT,
		AT(parameter),
		.arg = "RUN",
		.group = "options",
		.help = "in SQL, the number of this run stands for :run",
	};

	*call = (struct query_call){ 0 };
	memcpy(call->specs, fixed, sizeof(fixed));
	find_query(&call->query, argc, argv);
	for (size_t i = 0; i < call->query.count; i++) {
		const struct saved_parameter *p = &call->query.parameters[i];

		call->specs[FIXED + i] = (struct option_spec){
			.name = p->name,
			.type = OPTION_TEXT,
			.offset = offsetof(struct query_options, parameter) +
				  i * sizeof(char *),
			.def = p->def,
			.arg = p->is_number ? "N" : "TEXT",
			.group = "parameters",
			.help = p->help,
		};
	}
	if (call->query.name == NULL)
		call->specs[FIXED] = run;
	if (call->query.name != NULL)
		snprintf(call->summary, sizeof(call->summary), "%s: %s", call->query.name,
			 call->query.answers);
	else
		strlcpy(call->summary,
			"the answer of a saved query, or of SQL that only reads",
			sizeof(call->summary));
	call->table = (struct option_table){
		.command = "query",
		.operands = "NAME|SQL",
		.operands_max = 1,
		.summary = call->summary,
		.specs = call->specs,
		.count = FIXED + (call->query.name != NULL ? call->query.count : 1),
		.reads = true,
	};
}

static void
list_json(FILE *out)
{
	struct saved_query query;
	struct json j;

	json_list(&j, out);
	for (size_t i = 0; saved_query_read(&query, i); i++) {
		json_item(&j);
		json_text(&j, "name", query.name);
		json_text(&j, "answers", query.answers);
		json_array(&j, "parameters");
		for (size_t k = 0; k < query.count; k++)
			json_text(&j, NULL, query.parameters[k].name);
		json_end_array(&j);
		json_end_object(&j);
		saved_query_free(&query);
	}
	json_end_list(&j);
}

static void
list_text(FILE *out)
{
	struct saved_query query;
	struct table table;

	table_begin(&table, "ll");
	for (size_t i = 0; saved_query_read(&query, i); i++) {
		table_cell(&table, "%s", query.name);
		table_cell(&table, "%s", query.answers);
		saved_query_free(&query);
	}
	table_end(&table, "", out);
}

static int
list(const struct query_options *given)
{
	struct output output;

	if (given->csv || given->markdown) {
		fprintf(stderr,
			"brink query: --list is written as text or with --json\n");
		return EXIT_USAGE;
	}
	if (output_begin(&output, given->output) == -1)
		return EXIT_FAILED;
	(given->json ? list_json : list_text)(output.stream);
	return output_end(&output);
}

static int
bind_run(struct db *db, struct db_statement *s, int number, const char *value)
{
	int64_t run_id = run_find(db, value, stderr);

	db_bind_int(s, number, run_id);
	return run_id == -1 ? EXIT_FAILED : EXIT_DONE;
}

static int
bind_number(const struct saved_parameter *parameter, struct db_statement *s, int number,
	    const char *value)
{
	char *end;
	double real = strtod(value, &end);

	if (end == value || *end != '\0') {
		fprintf(stderr,
			"brink query: --%s %s: not a number; give one such as %s\n",
			parameter->name, value, parameter->def);
		return EXIT_USAGE;
	}
	if (real >= -0x1p53 && real <= 0x1p53 && real == (double)(int64_t)real)
		db_bind_int(s, number, (int64_t)real);
	else
		db_bind_real(s, number, real);
	return EXIT_DONE;
}

static int
bind_parameters(const struct query_call *call, const struct query_options *given,
		struct db *db, struct db_statement *s)
{
	int code = EXIT_DONE;

	for (size_t i = 0; i < call->query.count && code == EXIT_DONE; i++) {
		const struct saved_parameter *p = &call->query.parameters[i];
		const char *value = given->parameter[i];
		char name[64];
		int number;

		snprintf(name, sizeof(name), ":%s", p->name);
		number = db_parameter(s, name);
		if (strcmp(p->name, "run") == 0)
			code = bind_run(db, s, number, value);
		else if (p->is_number)
			code = bind_number(p, s, number, value);
		else
			db_bind_text(s, number, value);
	}
	return code;
}

/* SQL has one parameter at most, the run, and then it is given. */
static int
bind_sql(const struct query_options *given, struct db *db, struct db_statement *s)
{
	const char *run = given->parameter[0];
	int number = db_parameter(s, ":run");

	if (db_parameters(s) > (number > 0) || (number > 0 && run == NULL)) {
		fprintf(stderr, "brink query: the SQL has a parameter, and nothing gives "
				"it a value: write the value, or :run and give --run "
				"RUN\n");
		return EXIT_USAGE;
	}
	if (number == 0 && run != NULL) {
		fprintf(stderr,
			"brink query: --run %s: the SQL has no :run that it could "
			"stand for\n",
			run);
		return EXIT_USAGE;
	}
	return number > 0 ? bind_run(db, s, number, run) : EXIT_DONE;
}

/* What a limit cut off is not silent. */
static int
tell_end(const struct grid *grid, const struct guard *guard, const struct db *db,
	 bool failed)
{
	if (grid->cut)
		log_warnx("only the first %lld rows are written: --max-rows N gives more",
			  (long long)grid->rows);
	else if (guard->late)
		log_warnx("given up for its time after %lld rows: --max-time TIME gives "
			  "it more",
			  (long long)grid->rows);
	else if (failed)
		log_warnx("query: %s", db_error(db));
	return grid->cut || guard->late ? EXIT_UNTRUSTED
					: (failed ? EXIT_FAILED : EXIT_DONE);
}

static int
tell_refusal(const struct guard *guard, struct db *db)
{
	if (guard->denied[0] != '\0')
		fprintf(stderr, "brink query: a query may only read: %s is not allowed\n",
			guard->denied);
	else
		fprintf(stderr, "brink query: %s\n", db_error(db));
	return EXIT_USAGE;
}

static enum grid_format
format_of(const struct query_options *given)
{
	if (given->csv)
		return GRID_CSV;
	if (given->json)
		return GRID_JSON;
	return given->markdown ? GRID_MARKDOWN : GRID_TABLE;
}

static int
write_answer(struct db *db, struct db_statement *s, const struct guard *guard,
	     const struct query_options *given)
{
	struct output output;
	struct grid grid;
	bool failed;
	int code, written;

	if (output_begin(&output, given->output) == -1)
		return EXIT_FAILED;
	failed =
	    grid_write(&grid, s, format_of(given), given->max_rows, output.stream) == -1;
	written = output_end(&output);
	code = tell_end(&grid, guard, db, failed);
	return code == EXIT_DONE ? written : code;
}

static int
ask(const struct query_call *call, const char *sql, const struct query_options *given,
    struct db *db)
{
	struct guard guard;
	struct db_statement *s;
	int code;

	/* One function of SQLite's may take longer than it looks at the clock. */
	budget_wait(given->max_time_us);
	guard_begin(&guard, db, given->max_time_us);
	s = db_prepare_one(db, sql);
	if (s == NULL)
		return tell_refusal(&guard, db);
	if (db_columns(s) == 0) {
		fprintf(stderr,
			"brink query: a query may only read: this gives no rows\n");
		code = EXIT_USAGE;
	} else if (call->query.name == NULL) {
		code = bind_sql(given, db, s);
	} else {
		code = bind_parameters(call, given, db, s);
	}
	if (code == EXIT_DONE)
		code = write_answer(db, s, &guard, given);
	db_finish(s);
	return code;
}

static int
refuse_name(const char *name)
{
	const char *nearest =
	    suggest_nearest(name, saved_query_name, saved_query_count());

	if (nearest != NULL)
		fprintf(stderr,
			"brink query: there is no saved query \"%s\"; did you mean"
			" \"%s\"?\n",
			name, nearest);
	else
		fprintf(stderr,
			"brink query: there is no saved query \"%s\"; \"brink query "
			"--list\" shows them\n",
			name);
	return EXIT_USAGE;
}

static int
query(const void *options_given, int count, char **operands)
{
	const struct query_options *given = options_given;
	const struct query_call *call = given->call;
	const char *operand = operands[0];
	const char *sql = call->query.name != NULL ? call->query.sql : operand;
	struct db *db;
	int code = EXIT_FAILED;

	(void)count;
	if (given->list)
		return list(given);
	if (operand == NULL) {
		fprintf(stderr, "brink query: an operand is missing; give brink query "
				"NAME|SQL, or --list\n");
		return EXIT_USAGE;
	}
	if (call->query.name == NULL && is_name(operand))
		return refuse_name(operand);
	db = db_open(given->db, DB_READ, stderr);
	if (db != NULL)
		code = ask(call, sql, given, db);
	db_close(db);
	return code;
}

int
command_query(int argc, char **argv)
{
	struct query_call call;
	struct query_options given = { .call = &call };
	int code;

	call_prepare(&call, argc, argv);
	code = operands_call(&call.table, argc, argv, &given, query);
	saved_query_free(&call.query);
	return code;
}
