#include "cmd/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyse/rows.h"
#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "cmd/sweep_output.h"
#include "plan/option.h"
#include "report/report.h"
#include "store/run.h"
#include "store/sweep.h"

/* More would be a thicket. */
#define RUNS_MAX 6

struct report_command {
	char *db, *output;
	int64_t all;
};

#define AT(member) .offset = offsetof(struct report_command, member)

static const struct option_spec specs[] = {
	COMMON_DB(struct report_command),
	COMMON_OUTPUT_AS(
	    struct report_command,
	    "write there, complete or not at all; with --all a folder, made where it "
	    "is missing"),
	{ .name = "all",
	  .type = OPTION_FLAG,
	  AT(all),
	  .group = "options",
	  .help = "a report of every run, and an index with their trends" },
};

static const struct option_table options = {
	.command = "report",
	.operands = "[RUN...|SWEEP]",
	.operands_min = 0,
	.operands_max = RUNS_MAX,
	.summary =
	    "the HTML report of one run, of several laid over each other, or of a sweep; "
	    "RUN is an id,\nthe beginning of one, a label, last or last-N; SWEEP is the "
	    "name of a sweep, such as s3",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

static int
fail_to_read(struct db *db)
{
	log_warnx("the report cannot be made: %s", db_error(db));
	return EXIT_FAILED;
}

static int
report_sweep(struct db *db, const char *operand, const char *path)
{
	int64_t sweep_id = sweep_find(db, operand, stderr);

	return sweep_id == -1 ? EXIT_FAILED : sweep_html_write(db, sweep_id, path);
}

static int
report_named(struct history *history, char **operands, size_t count, const char *path)
{
	int64_t runs[RUNS_MAX];

	if (count == 1 && sweep_is_meant(history->db, operands[0]))
		return report_sweep(history->db, operands[0], path);
	for (size_t i = 0; i < count; i++) {
		runs[i] = run_find(history->db, operands[i], stderr);
		if (runs[i] == -1)
			return EXIT_FAILED;
		history_analyse_late(history, runs[i]);
	}
	return html_file_write(history->db, runs, count, path);
}

static void
fill_id(struct db_statement *s, void *row)
{
	*(int64_t *)row = db_int(s, 0);
}

static int
write_index(struct db *db, const char *folder)
{
	struct output output;
	int code = EXIT_FAILED;
	char *path;

	if (asprintf(&path, "%s/index.html", folder) == -1)
		fatal("cannot hold the name of a file");
	if (output_begin_private(&output, path) == 0) {
		if (html_index(output.stream, db) == 0) {
			code = output_end(&output);
		} else {
			output_drop(&output);
			code = fail_to_read(db);
		}
	}
	free(path);
	return code;
}

static int
report_one_of_all(struct db *db, int64_t run_id, const char *folder)
{
	char name[HTML_NAME], *path;
	int code;

	if (asprintf(&path, "%s/%s", folder, html_run_name(run_id, name)) == -1)
		fatal("cannot hold the name of a file");
	code = html_file_write(db, &run_id, 1, path);
	free(path);
	return code;
}

static int
report_all(struct history *history, const char *folder)
{
	struct rows rows = { 0 };
	const int64_t *runs;
	int code = EXIT_DONE;

	if (mkdir(folder, 0777) == -1 && errno != EEXIST) {
		log_warn("%s", folder);
		return EXIT_FAILED;
	}
	if (rows_load(&rows, sizeof(*runs), history->db,
		      "SELECT run_id FROM run WHERE ?1 = 0 ORDER BY run_id", 0, NULL,
		      fill_id) == -1)
		code = fail_to_read(history->db);
	runs = rows.data;
	for (size_t i = 0; i < rows.count && code == EXIT_DONE; i++) {
		history_analyse_late(history, runs[i]);
		code = report_one_of_all(history->db, runs[i], folder);
	}
	free(rows.data);
	return code == EXIT_DONE ? write_index(history->db, folder) : code;
}

/* What fits together: --all with a folder and no run, or else runs. */
static int
check(const struct report_command *given, int operands)
{
	if (given->all && operands > 0)
		fprintf(stderr, "brink report: --all takes no RUN\n");
	else if (given->all && given->output == NULL)
		fprintf(stderr, "brink report: --all needs a folder: -o DIR\n");
	else if (!given->all && operands == 0)
		fprintf(stderr,
			"brink report: which run? an id, a label, last or last-N, or "
			"--all\n");
	else
		return 0;
	return -1;
}

static int
report(const void *options_given, int count, char **operands)
{
	const struct report_command *given = options_given;
	struct history history;
	int code = EXIT_FAILED;

	if (check(given, count) == -1)
		return EXIT_USAGE;
	if (history_open(&history, given->db) == 0)
		code = given->all ? report_all(&history, given->output)
				  : report_named(&history, operands, (size_t)count,
						 given->output);
	history_close(&history);
	return code;
}

int
command_report(int argc, char **argv)
{
	struct report_command given = { 0 };

	return operands_call(&options, argc, argv, &given, report);
}
