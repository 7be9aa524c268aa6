#include "cmd/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "cmd/sweep_output.h"
#include "report/findings.h"
#include "report/report.h"
#include "store/run.h"
#include "store/sweep.h"

struct show_options {
	char *db, *output;
	int64_t format, full, json, no_colour;
};

/* Places in report_writers. */
static const struct option_word formats[] = { { "text", 0, NULL },
					      { "json", 1, NULL },
					      { "markdown", 2, "md" },
					      { NULL, 0, NULL } };

#define FORMAT_TEXT 0
#define FORMAT_JSON 1

#define AT(member)  .offset = offsetof(struct show_options, member)

static const struct option_spec specs[] = {
	COMMON_DB(struct show_options),
	{ .name = "format",
	  .type = OPTION_CHOICE,
	  AT(format),
	  .words = formats,
	  .def = "text",
	  .group = "options",
	  .help = "how to write it" },
	{ .name = "full",
	  .type = OPTION_FLAG,
	  AT(full),
	  .group = "options",
	  .help = "as text every table, not one screen" },
	{ .name = "json",
	  .type = OPTION_FLAG,
	  AT(json),
	  .group = "options",
	  .help = "the same as --format json" },
	COMMON_OUTPUT(struct show_options),
	COMMON_NO_COLOUR(struct show_options),
};

static const struct option_table options = {
	.command = "show",
	.operands = "[RUN|SWEEP]",
	.operands_max = 1,
	.summary =
	    "one run, the last where none is named; RUN is an id, the beginning of"
	    " one, a\nlabel, last or last-N; SWEEP is the name of a sweep, such as s3",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

static int
write_findings(const struct findings *findings, const struct show_options *given)
{
	int64_t format = given->json ? FORMAT_JSON : given->format;
	bool is_short = format == FORMAT_TEXT && !given->full;
	struct report_options report = { 0 };
	struct output output;

	if (output_begin(&output, given->output) == -1)
		return EXIT_FAILED;
	report.colour = !given->no_colour && report_may_colour(output.stream);
	(is_short ? report_summary : report_writers[format].write)(findings, &report,
								   output.stream);
	return output_end(&output);
}

static int
write_run(const struct history *history, const char *operand,
	  const struct show_options *given)
{
	int64_t run_id = run_find(history->db, operand, stderr);
	struct findings findings;
	int code = EXIT_FAILED;

	if (run_id == -1)
		return EXIT_FAILED;
	history_analyse_late(history, run_id);
	if (findings_load(&findings, history->db, run_id) == 0)
		code = write_findings(&findings, given);
	else
		log_warnx("run %lld cannot be read: %s", (long long)run_id,
			  db_error(history->db));
	findings_free(&findings);
	return code;
}

static int
write_sweep(const struct history *history, const char *operand,
	    const struct show_options *given)
{
	int64_t sweep_id = sweep_find(history->db, operand, stderr);
	const struct sweep_output how = {
		.format = given->json ? SWEEP_JSON : (enum sweep_format)given->format,
		.full = given->full != 0,
		.no_colour = given->no_colour != 0,
		.path = given->output,
	};

	return sweep_id == -1 ? EXIT_FAILED
			      : sweep_output_write(history->db, sweep_id, &how);
}

static int
show(const void *options_given, int count, char **operands)
{
	const struct show_options *given = options_given;
	const char *operand = count > 0 ? operands[0] : "last";
	struct history history;
	int code = EXIT_FAILED;

	if (history_open(&history, given->db) == 0)
		code = (sweep_is_meant(history.db, operand) ? write_sweep : write_run)(
		    &history, operand, given);
	history_close(&history);
	return code;
}

int
command_show(int argc, char **argv)
{
	struct show_options given = { 0 };

	return operands_call(&options, argc, argv, &given, show);
}
