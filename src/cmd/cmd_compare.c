#include "cmd/command.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "report/compared.h"
#include "report/report.h"
#include "store/run.h"

struct compare_options {
	char *db, *output;
	int64_t json, markdown, no_colour;
	int64_t fail_on; /* enum judgement, or JUDGEMENTS: nothing */
};

#define AT(member) .offset = offsetof(struct compare_options, member)

/* What a gate of a pipeline waits for. */
static const struct option_word failures[] = {
	{ "nothing", JUDGEMENTS, "none" },
	{ "worse", JUDGED_WORSE, "regression" },
	{ NULL, 0, NULL },
};

static const struct option_spec specs[] = {
	COMMON_DB(struct compare_options),
	{ .name = "json",
	  .type = OPTION_FLAG,
	  AT(json),
	  .excludes = "markdown",
	  .group = "options",
	  .help = "write JSON" },
	{ .name = "markdown",
	  .type = OPTION_FLAG,
	  AT(markdown),
	  .excludes = "json",
	  .group = "options",
	  .help = "write Markdown" },
	{ .name = "fail-on",
	  .type = OPTION_CHOICE,
	  AT(fail_on),
	  .words = failures,
	  .def = "nothing",
	  .group = "options",
	  .help = "exit with 99 where a figure is so" },
	COMMON_OUTPUT(struct compare_options),
	COMMON_NO_COLOUR(struct compare_options),
};

static const struct option_table options = {
	.command = "compare",
	.operands = "RUN RUN...",
	.operands_min = 2,
	.operands_max = INT_MAX,
	.summary =
	    "holds each run against the first: what is not alike, then what came of "
	    "it, what\nmatters first",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

/* Where the comparisons go, and how. */
struct writing {
	const struct compare_options *given;
	struct output output;
	struct report_options report;
	struct json json;
	int64_t written;
	bool failed; /* a figure is what --fail-on has */
};

static int
writing_begin(struct writing *w, const struct compare_options *given)
{
	*w = (struct writing){ .given = given };
	if (output_begin(&w->output, given->output) == -1)
		return -1;
	w->report.colour = !given->no_colour && report_may_colour(w->output.stream);
	if (given->json)
		json_list(&w->json, w->output.stream);
	return 0;
}

static void
write_one(struct writing *w, const struct comparison *comparison)
{
	if (w->given->json) {
		compared_json(comparison, NULL, &w->json);
		return;
	}
	if (w->written++ > 0)
		fputc('\n', w->output.stream);
	if (w->given->markdown)
		compared_markdown(comparison, w->output.stream);
	else
		compared_text(comparison, &w->report, w->output.stream);
}

static int
writing_end(struct writing *w)
{
	if (w->given->json)
		json_end_list(&w->json);
	return output_end(&w->output);
}

/* The run of an operand, -1 after one sentence; one that goes on has no figures yet. */
static int64_t
find_analysed(struct db *db, const char *operand)
{
	int64_t run_id = run_find(db, operand, stderr);

	if (run_id == -1 ||
	    db_query_int(db, "SELECT outcome IS NOT NULL FROM run WHERE run_id = ?1",
			 run_id, 0))
		return run_id;
	fprintf(
	    stderr,
	    "brink compare: run %lld is not analysed: it is running, or \"brink check\" "
	    "ends it\n",
	    (long long)run_id);
	return -1;
}

static int
compare(struct writing *w, struct db *db, int64_t before, int64_t after)
{
	struct comparison comparison;
	int error = comparison_load(&comparison, db, before, after);

	if (error == 0) {
		write_one(w, &comparison);
		for (size_t i = 0; i < comparison.contrast_count; i++)
			w->failed |= (int64_t)comparison.contrasts[i].judgement ==
				     w->given->fail_on;
	} else
		log_warnx("the runs cannot be compared: %s", db_error(db));
	comparison_free(&comparison);
	return error;
}

static int
compare_all(struct db *db, const struct compare_options *given, const int64_t *runs,
	    int count)
{
	struct writing w;
	int code;

	if (writing_begin(&w, given) == -1)
		return EXIT_FAILED;
	for (int i = 1; i < count; i++) {
		if (compare(&w, db, runs[0], runs[i]) == 0)
			continue;
		output_drop(&w.output);
		return EXIT_FAILED;
	}
	code = writing_end(&w);
	return code == EXIT_DONE && w.failed ? EXIT_EXPECTATION : code;
}

/* Nothing is written before it is known that there are all of them. */
static int
find_and_compare(struct db *db, const struct compare_options *given, int count,
		 char **operands)
{
	int64_t *runs = calloc((size_t)count, sizeof(*runs));
	int found = 0, code = EXIT_FAILED;

	if (runs == NULL)
		fatal("cannot hold %d runs", count);
	while (found < count && (runs[found] = find_analysed(db, operands[found])) != -1)
		found++;
	if (found == count)
		code = compare_all(db, given, runs, count);
	free(runs);
	return code;
}

static int
call(const void *given, int count, char **operands)
{
	const struct compare_options *options_given = given;
	struct history history;
	int code = EXIT_FAILED;

	if (history_open(&history, options_given->db) == 0)
		code = find_and_compare(history.db, options_given, count, operands);
	history_close(&history);
	return code;
}

int
command_compare(int argc, char **argv)
{
	struct compare_options given = { 0 };

	return operands_call(&options, argc, argv, &given, call);
}
