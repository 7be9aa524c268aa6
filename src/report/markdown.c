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
plan(const struct findings *f, const struct report_options *options, FILE *out)
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
verdict(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct report_options plain = { 0 };

	text_heading("", options, out);
	fputs("```text\n", out);
	text_headline(f, &plain, out);
	text_proof(f, out);
	fputs("```\n", out);
}

static void
conclusion(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct findings_item *item = findings_verdict(f);
	char held[AMOUNT_SIZE];

	text_heading("", options, out);
	if (f->broke && item != NULL)
		text_line(options, out, "broke at %s connections: %s (%s)",
			  amount(UNIT_COUNT, (double)f->breaking.held, held), item->text,
			  item->confidence);
	else if (item != NULL)
		text_line(options, out, "%s: %s", f->run.outcome, item->text);
	else
		text_line(options, out, "not analysed yet");
	text_findings(f, "recovery", options, out);
	if (text_findings(f, "leak", options, out) == 0)
		text_line(options, out, "nothing was found to leak");
}

/* The document: the verdict, what was asked for and where, then the sections, each under the
 * heading that it has everywhere; with what stands where one has nothing to say, NULL: it is
 * left out. */
static const struct part {
	const char *heading;
	struct text_part part;
	const char *nothing;
} parts[] = {
	{ "Verdict", { .lines = verdict }, NULL },
	{ "Plan", { .lines = plan }, NULL },
	{ NULL, { .lines = text_environment }, NULL },
	{ NULL, { .section = &section_expectations }, NULL },
	{ NULL, { .section = &section_initial }, "Nothing was sampled." },
	{ NULL, { .section = &section_progress }, "Nothing was sampled." },
	{ NULL,
	  { .section = &section_resources, .lines = text_unchanged },
	  "Nothing was sampled, or nothing changed." },
	{ NULL, { .section = &section_own }, NULL },
	{ NULL, { .section = &section_costs }, "No connection was held." },
	{ NULL, { .section = &section_memory }, NULL },
	{ NULL, { .section = &section_growth, .lines = text_leaks }, "Nothing grew." },
	{ NULL,
	  { .section = &section_forecast, .lines = text_forecast },
	  "No plateau was reached, so that nothing can be forecast." },
	{ NULL,
	  { .section = &section_recovery, .lines = text_recovered },
	  "Nothing was released, or nothing had been taken." },
	{ NULL, { .section = &section_cycles, .lines = text_trends }, NULL },
	{ NULL, { .section = &section_latency }, NULL },
	{ NULL, { .lines = text_more }, NULL },
	{ NULL, { .lines = text_ruled_out }, NULL },
	{ NULL, { .lines = text_notes }, NULL },
	{ "Recommendations", { .lines = text_recommendations }, "None." },
	{ "Baseline",
	  { .lines = text_baseline },
	  "No baseline run was named (--baseline-label)." },
	{ "Conclusion", { .lines = conclusion }, NULL },
};

/* A section brings its own. */
static const char *
heading_of(const struct part *part)
{
	return part->heading != NULL ? part->heading : part->part.section->title;
}

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
		fprintf(out, "\n## %s\n\n%s\n", heading_of(part), part->nothing);
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
