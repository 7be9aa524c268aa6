#include "report/swept_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json.h"
#include "report/swept_words.h"
#include "report/table.h"
#include "report/text.h"

#define INDENT   "  "
#define HELD     "breaking_point.held"
#define COVERAGE 0.95

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

/* A text of the store as a cell. */
static void
outside_cell(struct table *table, const char *text)
{
	char *escaped = escape_text(text);

	table_cell(table, "%s", escaped);
	free(escaped);
}

/* Begins a table whose first columns are what a point sets; tail is the alignment of the
 * others. Returns the alignment, to be freed behind the table. */
static char *
begin_points(struct table *table, const struct swept *swept, const char *tail)
{
	char *align = malloc(swept->setting_count + strlen(tail) + 1);

	if (align == NULL)
		abort();
	memset(align, 'r', swept->setting_count);
	strcpy(align + swept->setting_count, tail);
	table_begin(table, align);
	for (size_t i = 0; i < swept->setting_count; i++)
		outside_cell(table, swept->names[i]);
	return align;
}

static void
setting_cells(struct table *table, const struct swept *swept,
	      const struct swept_point *point)
{
	for (size_t i = 0; i < swept->setting_count; i++)
		outside_cell(table, point->values[i]);
}

static void
figure_cells(struct table *table, enum figure_unit unit, const struct swept_figure *f)
{
	char low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	table_cell(table, "%s", f->n > 0 ? figure_format(unit, f->median, low) : "-");
	if (f->n > 1)
		table_cell(table, "%s .. %s", figure_format(unit, f->low, low),
			   figure_format(unit, f->high, high));
	else
		table_cell(table, "-");
}

/* "acceptor-nofile 2x, ephemeral-ports 1x", or one alone. */
static void
cause_cell(struct table *table, const struct swept_point *point)
{
	char *text = swept_causes_text(point);

	table_cell(table, "%s", text);
	free(text);
}

/* ------------------------------------------------------------------------------- text */

static void
write_title(const struct swept *swept, const struct style *style)
{
	char *command = escape_text(swept->command);

	fprintf(style->out,
		"%ssweep s%" PRId64 ": %zu points, %" PRId64 " run%s each, begun %s\n",
		style->options == NULL ? "## " : "", swept->sweep_id, swept->point_count,
		swept->repeats, swept->repeats == 1 ? "" : "s", swept->started);
	fprintf(style->out, style->options == NULL ? "\n    %s\n" : "%s\n", command);
	if (swept->done < swept->run_count)
		fprintf(style->out,
			"\n%zu of its %zu runs are made; \"brink sweep --resume s%" PRId64
			"\" makes the others.\n",
			swept->done, swept->run_count, swept->sweep_id);
	free(command);
}

static size_t
held_index(void)
{
	return (size_t)(figure_find(HELD, strlen(HELD)) - figures);
}

static void
write_points(const struct swept *swept, const struct style *style)
{
	const size_t held = held_index();
	struct table table;
	char *align;

	heading(style, "What gave way at each point");
	align = begin_points(&table, swept, "rlrr");
	table_cell(&table, "runs");
	table_cell(&table, "gave way");
	table_cell(&table, "held (median)");
	table_cell(&table, "interval");
	for (size_t i = 0; i < swept->point_count; i++) {
		const struct swept_point *point = &swept->points[i];

		setting_cells(&table, swept, point);
		table_cell(&table, "%zu", point->counted);
		cause_cell(&table, point);
		figure_cells(&table, FIGURE_COUNT, &point->figures[held]);
	}
	end(style, &table);
	free(align);
}

/* What the intervals of a sweep are. */
static void
write_intervals(const struct swept *swept, const struct style *style)
{
	size_t n = 0;
	double least = 1;

	for (size_t i = 0; i < swept->point_count; i++) {
		const struct swept_figure *f = &swept->points[i].figures[held_index()];

		if (f->n > 1 && f->coverage < least) {
			least = f->coverage;
			n = f->n;
		}
	}
	if (least == 1)
		return;
	if (least >= COVERAGE)
		fprintf(style->out,
			"\nAn interval has the true median with 95 %% or more.\n");
	else
		fprintf(style->out,
			"\nAn interval reaches from the least to the most of a point's "
			"runs; of %zu runs it has the\ntrue median with %.0f %%. With "
			"--repeat 6 and more it is one of 95 %%.\n",
			n, 100 * least);
}

static void
write_changes(const struct swept *swept, const struct style *style)
{
	heading(style, "Where that changes");
	if (swept->change_count == 0)
		fprintf(style->out,
			"%sNowhere: neighbouring points%s have it in common.\n",
			style->options != NULL ? INDENT : "",
			swept->done < swept->run_count ? " of which runs are made" : "");
	for (size_t i = 0; i < swept->change_count; i++) {
		fputs(style->options != NULL ? INDENT : "- ", style->out);
		swept_write_change(swept, &swept->changes[i], style->out);
		fputc('\n', style->out);
	}
}

/* ---------------------------------------------------------------------------- effects */

/* The figures of a class by name only, a line an axis. */
static void
write_class(const struct swept *swept, const struct swept_effects *effects,
	    enum effect_class class, const char *begin, const struct style *style)
{
	for (size_t axis = 0; axis < swept->axis_count; axis++) {
		const char *gap = NULL;

		for (size_t i = 0; i < effects->count; i++) {
			const struct swept_effect *e = &effects->all[i];

			if (e->class != class || e->axis != axis)
				continue;
			if (gap == NULL) {
				fprintf(style->out, "%s%s by ",
					style->options != NULL ? INDENT : "- ", begin);
				swept_write_axis(swept, axis, style->out);
				gap = ": ";
			}
			fprintf(style->out, "%s%s", gap, e->figure->name);
			gap = ", ";
		}
		if (gap != NULL)
			fputc('\n', style->out);
	}
}

static void
write_effects(const struct swept *swept, const struct swept_effects *effects,
	      const struct style *style)
{
	if (effects->count == 0)
		return;
	heading(style, "What makes a difference");
	for (size_t i = 0; i < effects->count; i++) {
		if (effects->all[i].class != EFFECT_FOUND)
			continue;
		fputs(style->options != NULL ? INDENT : "- ", style->out);
		swept_write_effect(swept, &effects->all[i], style->out);
		fputc('\n', style->out);
	}
	write_class(swept, effects, EFFECT_NONE, "no significant difference", style);
	write_class(swept, effects, EFFECT_TOO_FEW, "too few runs to tell a difference",
		    style);
}

static bool
is_known(const struct swept *swept, size_t figure)
{
	for (size_t i = 0; i < swept->point_count; i++)
		if (swept->points[i].figures[figure].n > 0)
			return true;
	return false;
}

/* A row a point and figure. */
static void
write_figures(const struct swept *swept, const struct style *style)
{
	struct table table;
	char *align;

	heading(style, "Figures");
	align = begin_points(&table, swept, "lrrr");
	table_cell(&table, "figure");
	table_cell(&table, "runs");
	table_cell(&table, "median");
	table_cell(&table, "interval");
	for (size_t f = 0; f < figure_count; f++) {
		for (size_t i = 0; i < swept->point_count && is_known(swept, f); i++) {
			setting_cells(&table, swept, &swept->points[i]);
			table_cell(&table, "%s", figures[f].name);
			table_cell(&table, "%zu", swept->points[i].figures[f].n);
			figure_cells(&table, figures[f].unit,
				     &swept->points[i].figures[f]);
		}
	}
	end(style, &table);
	free(align);
}

static void
write_sweep(const struct swept *swept, const struct swept_effects *effects, bool full,
	    const struct style *style)
{
	write_title(swept, style);
	write_points(swept, style);
	write_intervals(swept, style);
	write_changes(swept, style);
	write_effects(swept, effects, style);
	if (full)
		write_figures(swept, style);
}

void
swept_text(const struct swept *swept, const struct swept_effects *effects, bool full,
	   const struct report_options *options, FILE *out)
{
	const struct style style = { options, out };

	write_sweep(swept, effects, full, &style);
}

void
swept_markdown(const struct swept *swept, const struct swept_effects *effects, FILE *out)
{
	const struct style style = { NULL, out };

	write_sweep(swept, effects, true, &style);
}

/* ------------------------------------------------------------------------------- JSON */

static void
json_settings(struct json *j, const struct swept *swept, size_t point)
{
	json_object(j, "settings");
	for (size_t i = 0; i < swept->setting_count; i++)
		json_text(j, swept->names[i], swept->points[point].values[i]);
	json_end_object(j);
}

static void
json_runs(struct json *j, const struct swept *swept, const struct swept_point *point)
{
	json_array(j, "runs");
	for (size_t k = point->first; k < point->first + point->runs; k++) {
		const struct swept_run *run = &swept->runs[k];

		json_object(j, NULL);
		json_int(j, "repeat", run->repeat);
		json_known(j, "run_id", run->run_id);
		json_known(j, "exit_code", run->exit_code);
		json_bool(j, "done", run->done);
		json_text(j, "cause", run->counts ? run->cause.name : NULL);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
json_causes(struct json *j, const struct swept_point *point)
{
	json_array(j, "causes");
	for (size_t i = 0; i < point->cause_count; i++) {
		json_object(j, NULL);
		json_text(j, "cause", point->causes[i].name);
		json_bool(j, "is_limit", point->causes[i].is_limit);
		json_int(j, "runs", (int64_t)point->causes[i].runs);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
json_figures(struct json *j, const struct swept_point *point)
{
	json_array(j, "figures");
	for (size_t i = 0; i < figure_count; i++) {
		const struct swept_figure *f = &point->figures[i];

		if (f->n == 0)
			continue;
		json_object(j, NULL);
		json_text(j, "figure", figures[i].name);
		json_text(j, "unit", figure_unit_name(figures[i].unit));
		json_int(j, "runs", (int64_t)f->n);
		json_real(j, "median", f->median);
		json_real(j, "low", f->n > 1 ? f->low : NAN);
		json_real(j, "high", f->n > 1 ? f->high : NAN);
		json_real(j, "coverage", f->n > 1 ? f->coverage : NAN);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
json_changes(struct json *j, const struct swept *swept)
{
	json_array(j, "changes");
	for (size_t i = 0; i < swept->change_count; i++) {
		json_object(j, NULL);
		json_int(j, "before", (int64_t)swept->changes[i].before);
		json_int(j, "after", (int64_t)swept->changes[i].after);
		json_bool(j, "sure", swept->changes[i].is_sure);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
json_effects(struct json *j, const struct swept *swept,
	     const struct swept_effects *effects)
{
	json_array(j, "effects");
	for (size_t i = 0; i < effects->count; i++) {
		const struct swept_effect *e = &effects->all[i];

		json_object(j, NULL);
		json_text(j, "figure", e->figure->name);
		json_array(j, "options");
		for (size_t k = 0; k < swept->setting_count; k++)
			if (swept->axis_of[k] == e->axis)
				json_text(j, NULL, swept->names[k]);
		json_end_array(j);
		json_text(j, "effect", effect_class_name(e->class));
		json_real(j, "p", e->class == EFFECT_TOO_FEW ? NAN : e->p);
		json_array(j, "medians");
		for (size_t level = 0; level < swept->levels[e->axis]; level++)
			json_real(j, NULL, e->medians[level]);
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

void
swept_json(const struct swept *swept, const struct swept_effects *effects, FILE *out)
{
	struct json j;

	json_document(&j, out);
	json_int(&j, "sweep_id", swept->sweep_id);
	json_text(&j, "started_at", swept->started);
	json_text(&j, "command", swept->command);
	json_int(&j, "seed", swept->seed);
	json_int(&j, "repeats", swept->repeats);
	json_int(&j, "runs", (int64_t)swept->run_count);
	json_int(&j, "runs_done", (int64_t)swept->done);
	json_array(&j, "points");
	for (size_t i = 0; i < swept->point_count; i++) {
		json_object(&j, NULL);
		json_int(&j, "point", (int64_t)i);
		json_settings(&j, swept, i);
		json_runs(&j, swept, &swept->points[i]);
		json_causes(&j, &swept->points[i]);
		json_figures(&j, &swept->points[i]);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_changes(&j, swept);
	json_effects(&j, swept, effects);
	json_end_document(&j);
}
