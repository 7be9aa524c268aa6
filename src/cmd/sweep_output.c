#include "cmd/sweep_output.h"

#include <inttypes.h>

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
