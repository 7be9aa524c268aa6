#include "cmd/sweep_output.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/swept.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/output.h"
#include "report/report.h"
#include "report/swept_report.h"

static int
write_swept(const struct swept *swept, const struct swept_effects *effects,
	    const struct sweep_output *how)
{
	struct report_options options = { 0 };
	struct output output;

	if (output_begin(&output, how->path) == -1)
		return EXIT_FAILED;
	options.colour = !how->no_colour && report_may_colour(output.stream);
	if (how->format == SWEEP_JSON)
		swept_json(swept, effects, output.stream);
	else if (how->format == SWEEP_MARKDOWN)
		swept_markdown(swept, effects, output.stream);
	else
		swept_text(swept, effects, how->full, &options, output.stream);
	return output_end(&output);
}

int
sweep_output_write(struct db *db, int64_t sweep_id, const struct sweep_output *how)
{
	struct swept_effects effects;
	struct swept swept;
	int code = EXIT_FAILED;

	bool all = how->full || how->format == SWEEP_JSON;

	if (swept_load(&swept, db, sweep_id, all) == 0) {
		swept_effects_find(&effects, &swept);
		code = write_swept(&swept, &effects, how);
		swept_effects_free(&effects);
	} else
		log_warnx("sweep s%" PRId64 " cannot be read: %s", sweep_id,
			  db_error(db));
	swept_free(&swept);
	return code;
}

/* ------------------------------------------------------------------------------- HTML */

/* What names beside the database begin with: "/home/me/brink-" of "/home/me/brink.db". */
static char *
prefix_of(const char *db_path)
{
	char name[HTML_NAME], *path = html_file_default(db_path, 0);

	path[strlen(path) - strlen(html_run_name(0, name))] = '\0';
	return path;
}

char *
sweep_html_default(const char *db_path, int64_t sweep_id)
{
	char *prefix = prefix_of(db_path), *path;

	if (asprintf(&path, "%ssweep-%" PRId64 ".html", prefix, sweep_id) == -1)
		fatal("cannot hold the name of a file");
	free(prefix);
	return path;
}

static int
write_html(const struct swept *swept, const char *run_prefix, const char *path)
{
	struct swept_effects effects;
	struct output output;
	int error;

	if (output_begin_private(&output, path) == -1)
		return EXIT_FAILED;
	swept_effects_find(&effects, swept);
	error = swept_html(swept, &effects, run_prefix, output.stream);
	swept_effects_free(&effects);
	if (error == 0)
		return output_end(&output);
	output_drop(&output);
	log_warnx("the report cannot be made: no memory is left");
	return EXIT_FAILED;
}

int
sweep_html_write(struct db *db, int64_t sweep_id, const char *path)
{
	char *prefix = prefix_of(db_path(db));
	const char *slash = strrchr(prefix, '/');
	struct swept swept;
	int code = EXIT_FAILED;

	if (swept_load(&swept, db, sweep_id, false) == 0)
		code = write_html(&swept, slash != NULL ? slash + 1 : prefix, path);
	else
		log_warnx("sweep s%" PRId64 " cannot be read: %s", sweep_id,
			  db_error(db));
	swept_free(&swept);
	free(prefix);
	return code;
}
