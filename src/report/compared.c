#include "report/compared.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "report/table.h"
#include "report/text.h"

#define INDENT "  "

/* What the two formats do differently. */
struct style {
	const struct report_options *options; /* NULL: Markdown */
	FILE *out;
};

static void
heading(const struct style *style, const char *text)
{
	if (style->options != NULL)
		text_heading(text, style->options, style->out);
	else
		fprintf(style->out, "\n### %s\n\n", text);
}

static void
end(const struct style *style, struct table *table)
{
	if (style->options != NULL)
		table_end(table, INDENT, style->out);
	else
		table_end_markdown(table, style->out);
}

static void
write_differences(const struct comparison *c, const struct style *style)
{
	static const char *const headings[] = { "of", "what", "before", "after" };
	struct table table;

	if (c->difference_count == 0)
		return;
	heading(style, "Not alike");
	table_begin(&table, "llll");
	text_headings(&table, headings);
	for (size_t i = 0; i < c->difference_count; i++) {
		const struct difference *d = &c->differences[i];
		char *before = escape_text(d->before), *after = escape_text(d->after);

		table_cell(&table, "%s", d->kind);
		table_cell(&table, "%s", d->name);
		table_cell(&table, "%s", before[0] != '\0' ? before : "-");
		table_cell(&table, "%s", after[0] != '\0' ? after : "-");
		free(after);
		free(before);
	}
	end(style, &table);
}

static void
value_cell(struct table *table, const struct contrast *c, bool known, double value)
{
	char text[FIGURE_TEXT_SIZE];

	if (known)
		table_cell(table, "%s", figure_format(c->figure->unit, value, text));
	else
		table_cell(table, "not known");
}

static void
contrast_row(struct table *table, const struct contrast *c)
{
	enum figure_unit unit = c->figure->unit;
	char low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	table_cell(table, "%s", judgement_name(c->judgement));
	table_cell(table, "%s", c->figure->name);
	value_cell(table, c, c->before.known, c->before.value);
	value_cell(table, c, c->after.known, c->after.value);
	value_cell(table, c, c->known, c->difference);
	if (c->has_interval)
		table_cell(table, "%s .. %s", figure_format(unit, c->low, low),
			   figure_format(unit, c->high, high));
	else
		table_cell(table, "-");
}

/* The contrasts from first on that are judged up to last; returns where it ended. */
static size_t
write_contrasts(const struct comparison *c, size_t first, enum judgement last,
		const char *title, const struct style *style)
{
	static const char *const headings[] = { "",      "figure",     "before",
						"after", "difference", "95 % interval" };
	struct table table;
	size_t i = first;

	if (i == c->contrast_count || c->contrasts[i].judgement > last)
		return i;
	heading(style, title);
	table_begin(&table, "llrrrr");
	text_headings(&table, headings);
	for (; i < c->contrast_count && c->contrasts[i].judgement <= last; i++)
		contrast_row(&table, &c->contrasts[i]);
	end(style, &table);
	return i;
}

/* Their names only: nothing more is to be said. */
static void
write_same(const struct comparison *c, size_t first, const struct style *style)
{
	size_t column = 0;

	if (first == c->contrast_count)
		return;
	heading(style, "The same");
	for (size_t i = first; i < c->contrast_count; i++) {
		size_t length = strlen(c->contrasts[i].figure->name) + 2;

		if (column + length > 80) {
			fputc('\n', style->out);
			column = 0;
		}
		fprintf(style->out, "%s%s%s",
			column > 0               ? " "
			: style->options != NULL ? INDENT
						 : "",
			c->contrasts[i].figure->name,
			i + 1 < c->contrast_count ? "," : "\n");
		column += length;
	}
}

static void
write_comparison(const struct comparison *c, const struct style *style)
{
	size_t next;

	write_differences(c, style);
	next = write_contrasts(c, 0, JUDGED_BETTER, "Differences that matter", style);
	next = write_contrasts(c, next, JUDGED_UNSURE, "Unsure", style);
	write_same(c, next, style);
}

void
compared_text(const struct comparison *c, const struct report_options *options, FILE *out)
{
	const struct style style = { options, out };

	fprintf(out, "run %lld (after) against run %lld (before)\n", (long long)c->after,
		(long long)c->before);
	write_comparison(c, &style);
}

void
compared_markdown(const struct comparison *c, FILE *out)
{
	const struct style style = { NULL, out };

	fprintf(out, "## Run %lld (after) against run %lld (before)\n",
		(long long)c->after, (long long)c->before);
	write_comparison(c, &style);
}

static void
json_value(struct json *j, const char *key, const struct figure_value *value)
{
	json_object(j, key);
	json_real(j, "value", value->known ? value->value : NAN);
	json_real(j, "low", value->has_interval ? value->low : NAN);
	json_real(j, "high", value->has_interval ? value->high : NAN);
	json_end_object(j);
}

static void
json_contrast(struct json *j, const struct contrast *c)
{
	json_object(j, NULL);
	json_text(j, "figure", c->figure->name);
	json_text(j, "unit", figure_unit_name(c->figure->unit));
	json_text(j, "judgement", judgement_name(c->judgement));
	json_value(j, "before", &c->before);
	json_value(j, "after", &c->after);
	json_real(j, "difference", c->known ? c->difference : NAN);
	json_real(j, "low", c->has_interval ? c->low : NAN);
	json_real(j, "high", c->has_interval ? c->high : NAN);
	json_end_object(j);
}

void
compared_json(const struct comparison *c, const char *key, struct json *j)
{
	if (key == NULL)
		json_item(j);
	else
		json_object(j, key);
	json_int(j, "before", c->before);
	json_int(j, "after", c->after);
	json_array(j, "differences");
	for (size_t i = 0; i < c->difference_count; i++) {
		json_object(j, NULL);
		json_text(j, "of", c->differences[i].kind);
		json_text(j, "what", c->differences[i].name);
		json_text(j, "before", c->differences[i].before);
		json_text(j, "after", c->differences[i].after);
		json_end_object(j);
	}
	json_end_array(j);
	json_array(j, "figures");
	for (size_t i = 0; i < c->contrast_count; i++)
		json_contrast(j, &c->contrasts[i]);
	json_end_array(j);
	json_end_object(j);
}

/* ----------------------------------------------------------------------------- trends */

/* Fewer runs have no level before a change and one after it. */
#define RUNS_MIN 4

static void
write_title(const struct plan_history *history, FILE *out)
{
	char *label = escape_text(history->label != NULL ? history->label : "no label");

	fprintf(out, "%s: %zu run%s of one plan, %lld", label, history->run_count,
		history->run_count == 1 ? "" : "s", (long long)history->runs[0]);
	if (history->run_count > 1)
		fprintf(out, " to %lld",
			(long long)history->runs[history->run_count - 1]);
	if (history->run_count < RUNS_MIN)
		fprintf(out, "; a trend needs %d\n", RUNS_MIN);
	else
		fputs(history->change_count == 0 ? "; no level moved\n" : "\n", out);
	free(label);
}

static void
write_changes(const struct plan_history *history, FILE *out)
{
	static const char *const headings[] = { "",       "since run", "figure",
						"before", "after",     "by chance" };
	char text[FIGURE_TEXT_SIZE];
	struct table table;

	table_begin(&table, "lrlrrr");
	for (size_t i = 0; i < table.columns; i++)
		table_cell(&table, "%s", headings[i]);
	for (size_t i = 0; i < history->change_count; i++) {
		const struct plan_change *c = &history->changes[i];

		table_cell(&table, "%s", judgement_name(c->judgement));
		table_cell(&table, "%lld", (long long)c->run_id);
		table_cell(&table, "%s", c->figure->name);
		table_cell(&table, "%s", figure_format(c->figure->unit, c->before, text));
		table_cell(&table, "%s", figure_format(c->figure->unit, c->after, text));
		table_cell(&table, "p %s %.2g", c->p < 1e-6 ? "<" : "=",
			   c->p < 1e-6 ? 1e-6 : c->p);
	}
	table_end(&table, INDENT, out);
}

void
trended_text(const struct plan_histories *list, FILE *out)
{
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			fputc('\n', out);
		write_title(&list->histories[i], out);
		if (list->histories[i].change_count > 0)
			write_changes(&list->histories[i], out);
	}
}

static void
json_change(struct json *j, const struct plan_change *c)
{
	json_object(j, NULL);
	json_int(j, "run_id", c->run_id);
	json_text(j, "figure", c->figure->name);
	json_text(j, "unit", figure_unit_name(c->figure->unit));
	json_text(j, "judgement", judgement_name(c->judgement));
	json_real(j, "before", c->before);
	json_real(j, "after", c->after);
	json_real(j, "p", c->p);
	json_end_object(j);
}

void
trended_json(const struct plan_histories *list, struct json *j)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct plan_history *history = &list->histories[i];

		json_item(j);
		json_text(j, "label", history->label);
		json_array(j, "runs");
		for (size_t k = 0; k < history->run_count; k++)
			json_int(j, NULL, history->runs[k]);
		json_end_array(j);
		json_array(j, "changes");
		for (size_t k = 0; k < history->change_count; k++)
			json_change(j, &history->changes[k]);
		json_end_array(j);
		json_end_object(j);
	}
}
