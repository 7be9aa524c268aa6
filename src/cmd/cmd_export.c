#include "cmd/command.h"

#include <limits.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/history.h"
#include "cmd/operands.h"
#include "cmd/output.h"
#include "report/grid.h"
#include "report/report.h"
#include "store/export.h"
#include "store/run.h"

struct export_options {
	char *db, *output;
	int64_t format;
};

enum { FORMAT_DATABASE, FORMAT_CSV, FORMAT_OPENMETRICS };

static const struct option_word formats[] = { { "database", FORMAT_DATABASE, NULL },
					      { "csv", FORMAT_CSV, NULL },
					      { "openmetrics", FORMAT_OPENMETRICS, NULL },
					      { NULL, 0, NULL } };

#define AT(member) .offset = offsetof(struct export_options, member)

static const struct option_spec specs[] = {
	COMMON_OUTPUT(struct export_options),
	{ .name = "format",
	  .type = OPTION_CHOICE,
	  AT(format),
	  .words = formats,
	  .def = "database",
	  .group = "options",
	  .help = "a database of these runs alone; every reading as CSV; or the figures "
		  "as OpenMetrics text" },
	COMMON_DB(struct export_options),
};

static const struct option_table options = {
	.command = "export",
	.operands = "RUN...",
	.operands_min = 1,
	.operands_max = INT_MAX,
	.summary = "runs as a file of their own",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

struct runs {
	int64_t *ids;
	size_t count;
};

static int
write_csv(struct db *db, const struct runs *runs, FILE *out)
{
	struct db_statement *s = NULL;
	struct grid grid;
	char *sql = NULL;
	size_t size;
	FILE *memo = open_memstream(&sql, &size);
	int rc = -1;

	if (memo == NULL)
		fatal("cannot hold the query of the export");
	fputs("SELECT run_id, t_s, subject, resource, value, unit FROM v_sample"
	      " WHERE run_id IN (",
	      memo);
	for (size_t i = 0; i < runs->count; i++)
		fprintf(memo, "%s%lld", i > 0 ? ", " : "", (long long)runs->ids[i]);
	fputc(')', memo);
	if (fclose(memo) == 0)
		s = db_prepare(db, sql);
	if (s != NULL)
		rc = grid_write(&grid, s, GRID_CSV, INT64_MAX, out);
	db_finish(s);
	free(sql);
	return rc;
}

static int
write_openmetrics(struct db *db, const struct runs *runs, FILE *out)
{
	return openmetrics_write(db, runs->ids, runs->count, out);
}

/* As text, to the file or to standard output. */
static int
write_text(struct db *db, const struct runs *runs, const struct export_options *given)
{
	struct output output;
	int rc, code;

	if (output_begin(&output, given->output) == -1)
		return EXIT_FAILED;
	rc = (given->format == FORMAT_CSV ? write_csv : write_openmetrics)(db, runs,
									   output.stream);
	if (rc == -1) {
		log_warnx("the runs cannot be read: %s", db_error(db));
		output_drop(&output);
		return EXIT_FAILED;
	}
	code = output_end(&output);
	return code;
}

static int
write_file(struct db *db, const struct runs *runs, const struct export_options *given)
{
	if (given->format != FORMAT_DATABASE)
		return write_text(db, runs, given);
	return export_runs(db, runs->ids, runs->count, given->output, stderr) == -1
		   ? EXIT_FAILED
		   : EXIT_DONE;
}

/* Every run once, whatever it was called. */
static int
find_runs(struct db *db, char **operands, struct runs *runs)
{
	for (; *operands != NULL; operands++) {
		int64_t run_id = run_find(db, *operands, stderr);
		size_t i = 0;

		if (run_id == -1)
			return -1;
		while (i < runs->count && runs->ids[i] != run_id)
			i++;
		if (i == runs->count)
			runs->ids[runs->count++] = run_id;
	}
	return 0;
}

static int export(const void *options_given, int count, char **operands)
{
	const struct export_options *given = options_given;
	struct runs runs = { calloc((size_t)count, sizeof(*runs.ids)), 0 };
	struct history history;
	int code = EXIT_FAILED;

	if (runs.ids == NULL)
		fatal("cannot hold %d runs", count);
	if (given->format == FORMAT_DATABASE && given->output == NULL) {
		fprintf(stderr, "brink export: a database is written to a file: give one "
				"with -o FILE\n");
		free(runs.ids);
		return EXIT_USAGE;
	}
	if (history_open(&history, given->db) == 0 &&
	    find_runs(history.db, operands, &runs) == 0)
		code = write_file(history.db, &runs, given);
	history_close(&history);
	free(runs.ids);
	return code;
}

int
command_export(int argc, char **argv)
{
	struct export_options given = { 0 };

	return operands_call(&options, argc, argv, &given, export);
}
