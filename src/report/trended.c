#include "report/trended.h"

#include <stdlib.h>

#include "base/escape.h"
#include "report/table.h"

#define INDENT "  "

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
	json_array(j, NULL);
	for (size_t i = 0; i < list->count; i++) {
		const struct plan_history *history = &list->histories[i];

		json_object(j, NULL);
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
	json_end_array(j);
}
