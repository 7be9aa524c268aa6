#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/exit_code.h"
#include "base/json.h"
#include "report/compared.h"

const struct report_writer report_writers[] = {
	{ "text", "for people", report_text },
	{ "json", "every figure, for programs", report_json },
	{ "markdown", "a document to paste into an issue", report_markdown },
};

const size_t report_writer_count = sizeof(report_writers) / sizeof(report_writers[0]);

bool
report_may_colour(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");

	if (no_colour != NULL && no_colour[0] != '\0')
		return false;
	return isatty(fileno(out)) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

static bool
has_event(const struct findings *f, const char *kind)
{
	for (size_t i = 0; i < f->event_count; i++)
		if (strcmp(f->events[i].kind, kind) == 0)
			return true;
	return false;
}

enum exit_code
report_exit_code(const struct findings *f)
{
	const struct findings_item *verdict = findings_verdict(f);
	int64_t due = f->health.ticks + f->health.missed_ticks;

	for (size_t i = 0; i < f->expected_count; i++)
		if (!f->expected[i].passed)
			return EXIT_EXPECTATION;
	if (strcmp(f->run.outcome, "failed") == 0)
		return EXIT_FAILED;
	if (verdict == NULL || has_event(f, "disk-full") || has_event(f, "unwritable") ||
	    f->health.missed_ticks * 50 > due)
		return EXIT_UNTRUSTED;
	if (strcmp(f->run.outcome, "inconclusive") == 0)
		return EXIT_INCONCLUSIVE;
	return verdict->weak ? EXIT_UNTRUSTED : EXIT_DONE;
}

/* ------------------------------------------------------------------------------- JSON */

static void
write_baseline(struct json *j, const struct findings *f)
{
	json_text(j, "baseline_label", f->baseline_label);
	if (f->baseline != NULL)
		compared_json(f->baseline, "baseline", j);
	else
		json_null(j, "baseline");
}

void
report_json(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct json j;

	(void)options;
	json_document(&j, out);
	for (size_t i = 0; i < findings_record_count; i++)
		if (findings_records[i]->key != NULL)
			record_json(findings_records[i], f, &j);
	write_baseline(&j, f);
	json_end_document(&j);
}
