/* How what a run comes to moves with its options: every point of a grid, some times over. */
#include "cmd/command.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "cmd/sweep_output.h"
#include "cmd/sweep_runner.h"
#include "plan/plan_resolve.h"
#include "store/run.h"
#include "store/sweep.h"

/* plan is the first: the options of "brink run" fill it. */
struct sweep_options {
	struct plan plan;
	struct sweep_plan points;
	int64_t repeats, seed, for_us, resume;
};

#define SEED_CHOSEN (-1)

/* Options that say where the sweep as a whole goes and what is said of it, and so are neither
 * varied nor handed to its runs. */
static const char *const whole[] = { "db",      "force", "report",  "status",
				     "summary", "quiet", "dry-run", "json" };

static bool
is_whole(const char *name)
{
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
		if (strcmp(whole[i], name) == 0)
			return true;
	return false;
}

static int
vary_option_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct sweep_options *given = base;
	const struct vary *added;

	(void)spec;
	if (sweep_plan_add(&given->points, &plan_options, arg, why) == -1)
		return -1;
	added = &given->points.varies[given->points.count - 1];
	for (size_t i = 0; i < added->names; i++) {
		if (!is_whole(added->name[i]) && strcmp(added->name[i], "config") != 0)
			continue;
		fprintf(why, "\"%s\" is of the sweep as a whole and cannot vary",
			added->name[i]);
		return -1;
	}
	return 0;
}

static const struct option_custom vary_option = { .parse = vary_option_parse };

static const struct option_word chosen[] = { { "auto", SEED_CHOSEN, NULL },
					     { NULL, 0, NULL } };

#define AT(member) .offset = offsetof(struct sweep_options, member)

static const struct option_spec own_specs[] = {
	{ .name = "vary",
	  .type = OPTION_CUSTOM,
	  .custom = &vary_option,
	  .arg = "NAME=VALUES",
	  .group = "sweep",
	  .help = "what varies, may be repeated for a grid: an option of \"brink run\" "
		  "without its dashes, and values such as 1,2,4 or a range, 1..16*2 or "
		  "500..4000+500; limit.NAME is --limit; NAME,NAME=V:W,V:W change "
		  "together" },
	{ .name = "repeat",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(repeats),
	  .min = 1,
	  .max = 1000,
	  .def = "3",
	  .arg = "N",
	  .group = "sweep",
	  .help = "runs of each point, spread over the whole time" },
	{ .name = "seed",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(seed),
	  .min = 0,
	  .max = INT64_MAX,
	  .def = "auto",
	  .words = chosen,
	  .arg = "N",
	  .group = "sweep",
	  .help = "of the order in which the runs are made" },
	{ .name = "for",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_US,
	  AT(for_us),
	  .min = US_PER_S,
	  .max = INT64_MAX,
	  .arg = "TIME",
	  .group = "sweep",
	  .help = "begin no run that would not end within this time; --resume makes the "
		  "rest" },
	{ .name = "resume",
	  .type = OPTION_FLAG,
	  AT(resume),
	  .group = "sweep",
	  .help = "go on with a sweep that is not complete: the newest, or SWEEP" },
};

#define OWN_COUNT (sizeof(own_specs) / sizeof(own_specs[0]))

static bool
is_own(const struct option_spec *spec)
{
	for (size_t i = 0; i < OWN_COUNT; i++)
		if (strcmp(own_specs[i].name, spec->name) == 0)
			return true;
	return false;
}

/* ------------------------------------------------------------------------- command line */

/* The options of "brink sweep" and those of "brink run", to be freed. */
static struct option_spec *
specs_make(void)
{
	struct option_spec *specs =
	    calloc(OWN_COUNT + plan_options.count, sizeof(*specs));

	if (specs == NULL)
		fatal("cannot hold the options");
	memcpy(specs, own_specs, sizeof(own_specs));
	memcpy(specs + OWN_COUNT, plan_options.specs,
	       plan_options.count * sizeof(*specs));
	return specs;
}

/* What is handed to each run: options, and behind "--" a command, the server to be tested. */
struct shared {
	char **options; /* freed; its texts are those of the command line */
	int options_count;
	char **command; /* ended by NULL, or NULL: none */
	int command_count;
};

/* argv has its options first. is_command: operands are a command, and not the name of a sweep. */
static void
shared_take(struct shared *shared, const struct option_table *table, int argc,
	    char **argv, bool is_command)
{
	int i = 1, taken;

	*shared = (struct shared){ .options = calloc((size_t)argc + 1, sizeof(char *)) };
	if (shared->options == NULL)
		fatal("cannot hold the arguments");
	for (; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0; i += taken) {
		const struct option_spec *spec = option_given(table, argv + i, &taken);

		if (is_own(spec) || is_whole(spec->name))
			continue;
		memcpy(shared->options + shared->options_count, argv + i,
		       (size_t)taken * sizeof(*argv));
		shared->options_count += taken;
	}
	if (is_command && i + 1 < argc) {
		shared->command = argv + i + 1;
		shared->command_count = argc - i - 1;
	}
}

/* The arguments of a run, to be freed: its name, the options that all share, those in between,
 * which become part of it, and the command. */
static char **
shared_with(const struct shared *shared, char **between, size_t count, int *argc)
{
	static char name[] = "run", dashes[] = "--";
	char **argv = calloc((size_t)shared->options_count + count +
				 (size_t)shared->command_count + 3,
			     sizeof(*argv));
	char **end = argv;

	if (argv == NULL)
		fatal("cannot hold the arguments of a run");
	*end++ = name;
	for (int i = 0; i < shared->options_count; i++)
		*end++ = shared->options[i];
	for (size_t i = 0; i < count; i++)
		*end++ = between[i];
	if (shared->command != NULL)
		*end++ = dashes;
	for (int i = 0; i < shared->command_count; i++)
		*end++ = shared->command[i];
	*argc = (int)(end - argv);
	return argv;
}

/* --------------------------------------------------------------------------- the points */

/* What all of the runs take at most, and how many points "brink run" would refuse. */
struct outlook {
	int64_t us, bytes;
	size_t refused;
};

static char **
setting_arguments(const struct sweep_plan *points, size_t point)
{
	size_t settings = sweep_plan_settings(points);
	char **arguments = calloc(settings + 1, sizeof(*arguments));

	for (size_t i = 0; arguments != NULL && i < settings; i++) {
		struct sweep_setting s = sweep_plan_setting(points, point, i);

		arguments[i] = sweep_setting_argument(s.name, s.value);
		if (arguments[i] == NULL)
			fatal("cannot hold the arguments of a run");
	}
	if (arguments == NULL)
		fatal("cannot hold the arguments of a run");
	return arguments;
}

/* A value that its option does not allow is wrong; what this host does not allow is a result,
 * but it is said now. */
static int
check_point(const struct sweep_options *given, size_t point, const struct shared *shared,
	    struct outlook *outlook)
{
	char **settings = setting_arguments(&given->points, point);
	int argc;
	char **argv =
	    shared_with(shared, settings, sweep_plan_settings(&given->points), &argc);
	struct plan plan;
	struct plan_cost cost;
	int error = plan_parse(&plan, argc, argv, stderr) == 0 ? 0 : -1;

	if (error == 0 && plan_resolve(&plan, stderr) == -1) {
		outlook->refused++;
	} else if (error == 0) {
		cost = plan_cost(&plan);
		outlook->us += cost.us * given->repeats;
		outlook->bytes += cost.bytes * given->repeats;
	}
	plan_free(&plan);
	free(argv);
	sweep_arguments_free(settings);
	return error;
}

static int
check_points(const struct sweep_options *given, const struct shared *shared,
	     struct outlook *outlook)
{
	size_t points = sweep_plan_points(&given->points);

	if (given->points.count == 0) {
		fputs("brink sweep: nothing varies; give --vary such as "
		      "--vary acceptors=1,2,4\n",
		      stderr);
		return -1;
	}
	for (size_t i = 0; i < points; i++)
		if (check_point(given, i, shared, outlook) == -1)
			return -1;
	if (outlook->refused > 0)
		fprintf(
		    stderr,
		    "brink sweep: of %zu points \"brink run\" refuses %zu as the host "
		    "is now\n",
		    points, outlook->refused);
	return outlook->refused < points ? 0 : -1;
}

/* -------------------------------------------------------------------------- the dry run */

static void
describe_text(const struct sweep_options *given, const struct outlook *outlook, FILE *out)
{
	size_t points = sweep_plan_points(&given->points);
	size_t settings = sweep_plan_settings(&given->points);
	char text[UNITS_TEXT_SIZE];

	fprintf(out, "%zu points, %" PRId64 " run%s each: %" PRId64 " runs\n", points,
		given->repeats, given->repeats == 1 ? "" : "s",
		(int64_t)points * given->repeats);
	fprintf(out, "time  at most %s, an estimate; a run that breaks ends sooner\n",
		units_format(UNIT_US, outlook->us, text));
	fprintf(out, "data  about %s at most, an estimate\n\npoints\n",
		units_format(UNIT_BYTES, outlook->bytes, text));
	for (size_t i = 0; i < points; i++) {
		for (size_t k = 0; k < settings; k++) {
			struct sweep_setting s = sweep_plan_setting(&given->points, i, k);

			fprintf(out, "%s%s=%s", k == 0 ? "  " : " ", s.name, s.value);
		}
		fputc('\n', out);
	}
}

static void
describe_json(const struct sweep_options *given, const struct outlook *outlook, FILE *out)
{
	size_t points = sweep_plan_points(&given->points);
	size_t settings = sweep_plan_settings(&given->points);
	struct json j;

	json_document(&j, out);
	json_int(&j, "runs", (int64_t)points * given->repeats);
	json_int(&j, "repeats", given->repeats);
	json_int(&j, "longest_us", outlook->us);
	json_int(&j, "estimated_bytes", outlook->bytes);
	json_array(&j, "points");
	for (size_t i = 0; i < points; i++) {
		json_object(&j, NULL);
		for (size_t k = 0; k < settings; k++) {
			struct sweep_setting s = sweep_plan_setting(&given->points, i, k);

			json_text(&j, s.name, s.value);
		}
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_document(&j);
}

/* --------------------------------------------------------------------------- the sweep */

/* True where its runs and itself are to have an HTML report. */
static bool
is_reported(const struct sweep_options *given)
{
	return given->plan.report == NULL ||
	       strcmp(given->plan.report, PLAN_NO_REPORT) != 0;
}

static int
write_report(const struct sweep_options *given, struct db *db, int64_t sweep_id)
{
	char *standard = sweep_html_default(db_path(db), sweep_id);
	const char *path = given->plan.report != NULL ? given->plan.report : standard;
	int code = sweep_html_write(db, sweep_id, path);

	if (code == EXIT_DONE &&
	    (given->plan.json || given->plan.summary != SUMMARY_NONE))
		fprintf(given->plan.json ? stderr : stdout, "\nreport: %s\n", path);
	free(standard);
	return code == EXIT_DONE ? command_flush() : code;
}

/* What came of it, once its runs are made. */
static int
show(const struct sweep_options *given, int64_t sweep_id)
{
	struct sweep_output output = { .format =
					   given->plan.json ? SWEEP_JSON : SWEEP_TEXT };
	bool told = given->plan.json || given->plan.summary != SUMMARY_NONE;
	struct history history;
	int code = EXIT_FAILED;

	output.full = given->plan.summary == SUMMARY_FULL;
	if (history_open(&history, given->plan.db) == 0) {
		code =
		    told ? sweep_output_write(history.db, sweep_id, &output) : EXIT_DONE;
		if (code == EXIT_DONE && is_reported(given))
			code = write_report(given, history.db, sweep_id);
	}
	history_close(&history);
	return code;
}

static int
make_runs(const struct sweep_options *given, int64_t sweep_id)
{
	struct sweep_job job = {
		.sweep_id = sweep_id,
		.db = given->plan.db,
		.for_us = given->for_us,
		.force = given->plan.force != 0,
		.reports = is_reported(given),
		.quiet = given->plan.quiet != 0,
	};
	int code = sweep_make_runs(&job), shown;

	if (code != EXIT_DONE && code != EXIT_EXPECTATION)
		return code;
	shown = show(given, sweep_id);
	return shown == EXIT_DONE ? code : shown;
}

/* The sweep in the store, or -1. */
static int64_t
store_sweep(struct sweep_options *given, const struct sweep_begin *begin)
{
	struct db *db = db_open(
	    given->plan.db, given->plan.force ? DB_CREATE_ANYWHERE : DB_CREATE, stderr);
	int64_t sweep_id;

	if (db == NULL)
		return -1;
	sweep_id = sweep_create(db, begin);
	if (sweep_id == -1)
		log_warnx("the sweep cannot be stored: %s", db_error(db));
	db_close(db);
	return sweep_id;
}

static int
begin(struct sweep_options *given, const struct sweep_begin *begin,
      const struct outlook *outlook)
{
	int64_t sweep_id = store_sweep(given, begin);
	char text[UNITS_TEXT_SIZE];

	if (sweep_id == -1)
		return EXIT_FAILED;
	if (!given->plan.quiet)
		fprintf(stderr,
			"brink: sweep s%" PRId64 ": %zu points, %" PRId64
			" run%s each, at most %s\n",
			sweep_id, sweep_plan_points(begin->points), begin->repeats,
			begin->repeats == 1 ? "" : "s",
			units_format(UNIT_US, outlook->us, text));
	return make_runs(given, sweep_id);
}

/* As it was typed, quoted for a shell. */
static char *
command_line(int argc, char **argv)
{
	static char program[] = "brink";
	char **line = calloc((size_t)argc + 1, sizeof(*line)), *text;

	if (line == NULL)
		fatal("cannot hold the command line");
	line[0] = program;
	memcpy(line + 1, argv, (size_t)argc * sizeof(*line));
	text = run_command_line(argc + 1, line);
	if (text == NULL)
		fatal("cannot hold the command line");
	free(line);
	return text;
}

/* A report that cannot be written is refused before a night's runs. */
static int
check_report(const struct sweep_options *given)
{
	return given->plan.report != NULL && is_reported(given)
		   ? output_check(given->plan.report)
		   : 0;
}

/* The sweep of these arguments, or what it would be. */
static int
begin_or_describe(struct sweep_options *given, const struct shared *shared,
		  const struct sweep_begin *what)
{
	struct outlook outlook = { 0 };

	if (check_points(given, shared, &outlook) == -1)
		return EXIT_USAGE;
	if (!given->plan.dry_run)
		return begin(given, what, &outlook);
	(given->plan.json ? describe_json : describe_text)(given, &outlook, stdout);
	return command_flush();
}

static int
sweep(struct sweep_options *given, int argc, char **argv, const struct shared *shared)
{
	int count;
	char **run = shared_with(shared, NULL, 0, &count);
	char *command = command_line(argc, argv);
	struct plan plan;
	const struct sweep_begin what = {
		.points = &given->points,
		.repeats = given->repeats,
		.seed = given->seed != SEED_CHOSEN ? given->seed : (int64_t)arc4random(),
		.command = command,
		.argc = count - 1,
		.argv = run + 1,
		.plan = &plan,
	};
	int code = EXIT_USAGE;

	if (plan_parse(&plan, count, run, stderr) == 0 && check_report(given) == 0)
		code = begin_or_describe(given, shared, &what);
	plan_free(&plan);
	free(command);
	free(run);
	return code;
}

/* ----------------------------------------------------------------------------- resuming */

/* True where the shared arguments still come to what they did: a file of options may have
 * changed since. */
static bool
is_as_begun(struct db *db, int64_t sweep_id)
{
	static const char *const none[] = { NULL };
	char *before = sweep_plan_text(db, sweep_id), *now = NULL;
	int argc;
	char **argv = sweep_arguments(db, sweep_id, -1, none, &argc);
	struct plan plan;
	bool same = false;

	if (argv != NULL && plan_parse(&plan, argc, argv, stderr) == 0 &&
	    (now = plan_json(&plan)) != NULL)
		same = before != NULL && strcmp(before, now) == 0;
	if (argv != NULL)
		plan_free(&plan);
	sweep_arguments_free(argv);
	free(before);
	free(now);
	return same;
}

/* The sweep to go on with, or -1 after one sentence. */
static int64_t
find_open(struct db *db, const char *operand)
{
	int64_t sweep_id =
	    operand != NULL ? sweep_find(db, operand, stderr) : sweep_newest_open(db);

	if (sweep_id == -1) {
		if (operand == NULL)
			fputs("brink sweep: every sweep in this database is complete\n",
			      stderr);
		return -1;
	}
	if (is_as_begun(db, sweep_id))
		return sweep_id;
	fprintf(stderr,
		"brink sweep: sweep s%" PRId64 " was begun with other options than its "
		"command line comes to now: see its --config\n",
		sweep_id);
	return -1;
}

static int
resume(struct sweep_options *given, const struct shared *shared, const char *operand)
{
	int64_t sweep_id;
	struct db *db;

	if (shared->options_count > 0 || given->points.count > 0) {
		fputs("brink sweep: --resume goes on with the options that the sweep was "
		      "begun with; leave out all others\n",
		      stderr);
		return EXIT_USAGE;
	}
	if (check_report(given) == -1)
		return EXIT_USAGE;
	db = db_open(given->plan.db, DB_WRITE, stderr);
	if (db == NULL)
		return EXIT_FAILED;
	sweep_id = find_open(db, operand);
	db_close(db);
	return sweep_id == -1 ? EXIT_USAGE : make_runs(given, sweep_id);
}

/* True where operands are a command: they stand behind "--" as it was typed. */
static bool
has_command(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--") == 0)
			return true;
	return false;
}

static int
sweep_or_resume(struct sweep_options *given, const struct option_table *table, int argc,
		char **argv, bool is_command)
{
	const char *operand = given->plan.command != NULL ? given->plan.command[0] : NULL;
	struct shared shared;
	int code = EXIT_USAGE;

	if (given->plan.db == NULL)
		given->plan.db = db_default_path();
	shared_take(&shared, table, argc, argv, is_command);
	if (given->resume)
		code = resume(given, &shared, operand);
	else if (operand == NULL || is_command)
		code = sweep(given, argc, argv, &shared);
	else
		fprintf(stderr,
			"brink sweep: %s: a sweep is named with --resume alone; settings "
			"are options such as --clients\n",
			operand);
	free(shared.options);
	return code;
}

int
command_sweep(int argc, char **argv)
{
	struct option_spec *specs = specs_make();
	struct option_table table = plan_options;
	struct sweep_options given = { 0 };
	char **sorted;
	bool is_command = has_command(argc, argv);
	int parsed, code;

	table.specs = specs;
	table.count += OWN_COUNT;
	table.command = "sweep";
	table.section = "run";
	table.operands = "[SWEEP | -- COMMAND [ARG...]]";
	table.operands_max = 1;
	table.summary =
	    "Makes a run for every combination of the values that vary, some times over, "
	    "and says how\nwhat they come to moves, and where another limit gives way. "
	    "Takes every option of \"brink run\".";
	sorted = operands_last(&table, &argc, argv);
	parsed = plan_parse_for(&table, &given.plan, argc, sorted, stderr);
	if (parsed == 0)
		code = sweep_or_resume(&given, &table, argc, sorted, is_command);
	else
		code = parsed == 1 ? command_flush() : EXIT_USAGE;
	free(sorted);
	free(specs);
	sweep_plan_free(&given.points);
	plan_free(&given.plan);
	return code;
}
