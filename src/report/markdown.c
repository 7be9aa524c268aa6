#include "report/report.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/escape.h"
#include "plan/plan.h"
#include "report/amount.h"
#include "report/text.h"

static void
number_text(const struct option_spec *spec, int64_t value, char *buf, size_t size)
{
	const char *word = option_word(spec, value);

	if (word != NULL)
		strlcpy(buf, word, size);
	else
		units_format_exact(spec->unit, value, buf);
}

/* As one would type it; what is empty or off is left out. */
static bool
option_value(const struct findings_option *option, char *buf, size_t size)
{
	const struct option_spec *spec =
	    option_find(&plan_options, option->name, strlen(option->name));
	bool is_number = spec != NULL && spec->type == OPTION_NUMBER;
	bool is_flag = spec != NULL && spec->type == OPTION_FLAG;

	if (option->value == NULL)
		return false;
	if (is_number)
		number_text(spec, strtoll(option->value, NULL, 10), buf, size);
	else
		strlcpy(buf, is_flag ? "yes" : option->value, size);
	if (is_flag)
		return strcmp(option->value, "1") == 0;
	return strcmp(option->value, "[]") != 0 && strcmp(option->value, "{}") != 0;
}

static void
configuration(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct table table;

	text_heading("", options, out);
	table_begin(&table, "ll");
	table_cell(&table, "option");
	table_cell(&table, "value");
	for (size_t i = 0; i < f->option_count; i++) {
		char value[256], *escaped;

		if (!option_value(&f->options[i], value, sizeof(value)))
			continue;
		escaped = escape_text(value);
		table_cell(&table, "%s", f->options[i].name);
		table_cell(&table, "%s", escaped);
		free(escaped);
	}
	text_table(&table, options, out);
}

/* As the text report has it: its columns are kept. */
static void
breaking_point(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct report_options plain = { 0 };

	text_heading("", options, out);
	fputs("```text\n", out);
	text_headline(f, &plain, out);
	text_proof(f, out);
	fputs("```\n", out);
}

static void
analysis(const struct findings *f, const struct report_options *options, FILE *out)
{
	size_t lines;

	text_heading("", options, out);
	lines = text_findings(f, "leak", options, out);
	lines += text_findings(f, "note", options, out);
	lines += text_findings(f, "ruled-out", options, out);
	if (lines == 0)
		text_line(options, out, "nothing beyond the verdict");
}

static void
conclusion(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct findings_item *verdict = findings_verdict(f);
	char held[AMOUNT_SIZE];

	text_heading("", options, out);
	if (f->broke && verdict != NULL)
		text_line(options, out, "broke at %s connections: %s (%s)",
			  amount(UNIT_COUNT, (double)f->breaking.held, held),
			  verdict->text, verdict->confidence);
	else if (verdict != NULL)
		text_line(options, out, "%s: %s", f->run.outcome, verdict->text);
	else
		text_line(options, out, "not analysed yet");
	text_findings(f, "recovery", options, out);
	if (text_findings(f, "leak", options, out) == 0)
		text_line(options, out, "nothing was found to leak");
}

/* The document, with what stands where a section has nothing to say; NULL: it is left
 * out. Where there is no heading the sections have their own. */
static const struct part {
	const char *heading;
	struct text_part part;
	const char *nothing;
} parts[] = {
	{ "Test configuration", { .lines = configuration }, NULL },
	{ "System", { .lines = text_environment }, NULL },
	{ "Initial state", { .section = &section_initial }, "Nothing was sampled." },
	{ "Progress", { .section = &section_progress }, "Nothing was sampled." },
	{ "Breaking point", { .lines = breaking_point }, NULL },
	{ "Expectations", { .section = &section_expectations }, NULL },
	{ "Resource breakdown (final against initial)",
	  { .section = &section_resources, .lines = text_unchanged },
	  "Nothing was sampled, or nothing changed." },
	{ "What brink itself takes", { .section = &section_own }, NULL },
	{ "Analysis", { .lines = analysis }, NULL },
	{ "Recovery (times since the release)",
	  { .section = &section_recovery, .lines = text_recovered },
	  "Nothing was released, or nothing had been taken." },
	{ "Cycles (times since the release)",
	  { .section = &section_cycles, .lines = text_trends },
	  NULL },
	{ "Cost of a connection",
	  { .section = &section_costs, .lines = text_memory },
	  "No connection was held." },
	{ "True capacity: where each limit would be met",
	  { .section = &section_forecast, .lines = text_forecast },
	  "No plateau was reached, so that nothing can be forecast." },
	{ "Growth pattern",
	  { .section = &section_growth, .lines = text_leaks },
	  "Nothing grew." },
	{ "Latency", { .section = &section_latency }, NULL },
	{ NULL, { .lines = text_more }, NULL },
	{ "Recommendations", { .lines = text_recommendations }, "None." },
	{ "Comparison with the baseline run",
	  { .lines = text_baseline },
	  "No baseline run was named (--baseline-label)." },
	{ "Conclusion", { .lines = conclusion }, NULL },
};

/* Only what is written tells whether a section has something to say. */
static void
write_part(const struct part *part, const struct findings *f, FILE *out)
{
	struct report_options options = { .markdown = true, .heading = part->heading };
	char *text = NULL;
	size_t size = 0;
	FILE *section = open_memstream(&text, &size);

	if (section == NULL)
		fatal("cannot hold a section of the report");
	text_part(&part->part, f, &options, section);
	if (fclose(section) != 0)
		fatal("cannot hold a section of the report");
	while (size > 0 && text[size - 1] == '\n')
		size--;
	if (size > 0)
		fprintf(out, "%.*s\n", (int)size, text);
	else if (part->nothing != NULL)
		fprintf(out, "\n## %s\n\n%s\n", part->heading, part->nothing);
	free(text);
}

void
report_markdown(const struct findings *f, const struct report_options *options, FILE *out)
{
	char *label = escape_text(f->run.label);

	(void)options;
	fprintf(out, "# Run %lld%s", (long long)f->run.run_id,
		label[0] != '\0' ? ": " : "");
	table_write_markdown(label, out);
	fputc('\n', out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		write_part(&parts[i], f, out);
	free(label);
}
