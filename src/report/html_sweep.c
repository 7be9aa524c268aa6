#include "report/swept_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/log.h"
#include "report/html_page.h"
#include "report/report.h"
#include "report/swept_words.h"

/* As many colours, dashes and patterns as the style sheet has. */
#define STYLES 8

struct sweep_page {
	const struct swept *swept;
	const struct swept_effects *effects;
	const char *run_prefix;
	struct swept_cause
	    *causes; /* of all points, in the order in which they come up */
	size_t cause_count;
};

/* A text that one of the writers of swept_words.h made, to be freed. */
struct words {
	FILE *stream;
	char *text;
	size_t size;
};

static FILE *
words_begin(struct words *w)
{
	w->text = NULL;
	w->stream = open_memstream(&w->text, &w->size);
	if (w->stream == NULL)
		fatal("cannot hold a text of the report");
	return w->stream;
}

static void
words_end(struct words *w, FILE *out)
{
	fclose(w->stream);
	html_text(out, w->text);
	free(w->text);
}

static void
write_level(FILE *out, const struct swept *swept, size_t axis, size_t level)
{
	struct words w;

	swept_write_level(swept, axis, level, words_begin(&w));
	words_end(&w, out);
}

static void
write_axis(FILE *out, const struct swept *swept, size_t axis)
{
	struct words w;

	swept_write_axis(swept, axis, words_begin(&w));
	words_end(&w, out);
}

/* -------------------------------------------------------------------------------- causes */

static size_t
cause_number(const struct sweep_page *page, const char *name)
{
	size_t i = 0;

	while (i < page->cause_count && strcmp(page->causes[i].name, name) != 0)
		i++;
	return i;
}

static void
number_causes(struct sweep_page *page)
{
	struct rows rows = { 0 };

	for (size_t p = 0; p < page->swept->point_count; p++) {
		const struct swept_point *point = &page->swept->points[p];

		for (size_t i = 0; i < point->cause_count; i++) {
			if (cause_number(page, point->causes[i].name) < page->cause_count)
				continue;
			*(struct swept_cause *)rows_add(
			    &rows, sizeof(struct swept_cause)) = point->causes[i];
			page->causes = rows.data;
			page->cause_count = rows.count;
		}
	}
}

/* ------------------------------------------------------------------------------- the map */

/* Links to the reports of a point's runs: "1 2 3". */
static void
write_links(FILE *out, const struct sweep_page *page, const struct swept_point *point)
{
	char name[HTML_NAME];

	for (size_t k = point->first; k < point->first + point->runs; k++) {
		int64_t run_id = page->swept->runs[k].run_id;

		if (run_id == -1)
			continue;
		fputs(" <a href=\"", out);
		html_text(out, page->run_prefix);
		fprintf(out, "%s\">%" PRId64 "</a>", html_run_name(run_id, name), run_id);
	}
}

static const struct swept_figure *
held_of(const struct swept_point *point)
{
	return &point->figures[swept_told(0) - figures];
}

static void
write_cell(FILE *out, const struct sweep_page *page, const struct swept_point *point)
{
	const struct swept_figure *held = held_of(point);
	char *causes = swept_causes_text(point), text[FIGURE_TEXT_SIZE];

	if (point->cause_count > 0)
		fprintf(out, "<td class=\"k%zu\"><strong>",
			cause_number(page, point->causes[0].name) % STYLES);
	else
		fputs("<td><strong>", out);
	html_text(out, causes);
	fputs("</strong>", out);
	if (held->n > 0)
		html_format(out, " %s held",
			    figure_format(FIGURE_COUNT, held->median, text));
	fputs("<span class=\"interval\">run", out);
	write_links(out, page, point);
	fputs("</span></td>", out);
	free(causes);
}

/* The points of one table: rows are the first axis, columns the second; first is the point
 * where both have their first value. */
static void
write_map(FILE *out, const struct sweep_page *page, size_t first, size_t row_step,
	  size_t column_step)
{
	const struct swept *swept = page->swept;
	size_t columns = swept->axis_count > 1 ? swept->levels[1] : 1;

	fputs(
	    "<div class=\"scroll\" tabindex=\"0\"><table class=\"heat\"><thead><tr><th>",
	    out);
	write_axis(out, swept, 0);
	fputs("</th>", out);
	for (size_t c = 0; c < columns; c++) {
		fputs("<th scope=\"col\">", out);
		if (swept->axis_count > 1) {
			write_axis(out, swept, 1);
			fputs(" ", out);
			write_level(out, swept, 1, c);
		}
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t r = 0; r < swept->levels[0]; r++) {
		fputs("<tr><th scope=\"row\">", out);
		write_level(out, swept, 0, r);
		fputs("</th>", out);
		for (size_t c = 0; c < columns; c++)
			write_cell(
			    out, page,
			    &swept->points[first + r * row_step + c * column_step]);
		fputs("</tr>\n", out);
	}
	fputs("</tbody></table></div>\n", out);
}

/* A map for each combination of the axes behind the first two. */
static void
write_maps(FILE *out, const struct sweep_page *page)
{
	const struct swept *swept = page->swept;
	size_t others = 1, columns = swept->axis_count > 1 ? swept->levels[1] : 1;

	for (size_t i = 2; i < swept->axis_count; i++)
		others *= swept->levels[i];
	for (size_t other = 0; other < others; other++) {
		if (others > 1) {
			fputs("<h3>", out);
			for (size_t i = 2; i < swept->axis_count; i++) {
				write_axis(out, swept, i);
				fputs(" ", out);
				write_level(out, swept, i, swept->points[other].level[i]);
				fputs(" ", out);
			}
			fputs("</h3>\n", out);
		}
		write_map(out, page, other, columns * others, others);
	}
}

static void
write_legend(FILE *out, const struct sweep_page *page)
{
	fputs("<ul class=\"heat-legend\">\n", out);
	for (size_t i = 0; i < page->cause_count; i++) {
		fprintf(out, "<li><span class=\"swatch k%zu\"></span> ", i % STYLES);
		html_text(out, page->causes[i].name);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

/* ------------------------------------------------------------------------------ sentences */

static void
write_changes(FILE *out, const struct swept *swept)
{
	if (swept->change_count == 0) {
		html_empty(out, "Neighbouring points have what gave way in common.");
		return;
	}
	fputs("<ul>\n", out);
	for (size_t i = 0; i < swept->change_count; i++) {
		struct words w;

		fputs("<li>", out);
		swept_write_change(swept, &swept->changes[i], words_begin(&w));
		words_end(&w, out);
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void
write_effects(FILE *out, const struct sweep_page *page)
{
	static const char *const headings[] = { "figure", "by", "difference", ">p" };
	const struct swept_effects *effects = page->effects;

	html_table(out, "What makes a difference", headings, 4);
	for (size_t i = 0; i < effects->count; i++) {
		const struct swept_effect *e = &effects->all[i];
		struct words w;

		fputs("<tr>", out);
		html_cell(out, "%s", e->figure->name);
		fputs("<td>", out);
		write_axis(out, page->swept, e->axis);
		fputs("</td><td>", out);
		if (e->class == EFFECT_FOUND) {
			swept_write_effect(page->swept, e, words_begin(&w));
			words_end(&w, out);
		} else {
			html_text(out, effect_class_name(e->class));
		}
		fputs("</td>", out);
		if (e->class == EFFECT_TOO_FEW)
			html_figure(out, "–");
		else
			html_figure(out, "%s%.1g", e->p < 1e-4 ? "< " : "",
				    fmax(e->p, 1e-4));
		fputs("</tr>\n", out);
	}
	html_table_end(out);
}

/* -------------------------------------------------------------------------------- curves */

#define WIDTH  720.0
#define HEIGHT 260.0
#define LEFT   90.0
#define RIGHT  20.0
#define TOP    12.0
#define BOTTOM 34.0
#define TICKS  4

struct curve {
	const struct swept *swept;
	const struct figure *figure;
	size_t axis;
	double top; /* the value at the top; 0 is at the bottom */
};

static const struct swept_figure *
value_at(const struct curve *c, size_t point)
{
	return &c->swept->points[point].figures[c->figure - figures];
}

static double
x_of(const struct curve *c, size_t level)
{
	size_t levels = c->swept->levels[c->axis];
	double wide = WIDTH - LEFT - RIGHT;

	return LEFT +
	       (levels > 1 ? wide * (double)level / (double)(levels - 1) : wide / 2);
}

static double
y_of(const struct curve *c, double value)
{
	return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / c->top;
}

/* The values of an axis are this many points apart. */
static size_t
step_of(const struct swept *swept, size_t axis)
{
	size_t step = 1;

	for (size_t i = axis + 1; i < swept->axis_count; i++)
		step *= swept->levels[i];
	return step;
}

static void
write_line(FILE *out, const struct curve *c, size_t first, size_t number)
{
	size_t step = step_of(c->swept, c->axis);
	char command = 'M';

	fprintf(out, "<path class=\"line s%zu\" d=\"", number % STYLES);
	for (size_t level = 0; level < c->swept->levels[c->axis]; level++) {
		const struct swept_figure *f = value_at(c, first + level * step);

		if (f->n == 0) {
			command = 'M';
			continue;
		}
		fprintf(out, "%c%.1f %.1f", command, x_of(c, level), y_of(c, f->median));
		command = 'L';
	}
	fputs("\"/>\n", out);
	for (size_t level = 0; level < c->swept->levels[c->axis]; level++) {
		const struct swept_figure *f = value_at(c, first + level * step);

		if (f->n == 0)
			continue;
		fprintf(out,
			"<path class=\"whisker s%zu\" d=\"M%.1f %.1fV%.1fm-4 0h8M%.1f "
			"%.1fm-4 0h8\"/><circle class=\"dot s%zu\" cx=\"%.1f\" "
			"cy=\"%.1f\" r=\"3\"/>\n",
			number % STYLES, x_of(c, level), y_of(c, f->low),
			y_of(c, f->high), x_of(c, level), y_of(c, f->low),
			number % STYLES, x_of(c, level), y_of(c, f->median));
	}
}

static void
write_scales(FILE *out, const struct curve *c)
{
	char text[FIGURE_TEXT_SIZE];

	for (int i = 0; i <= TICKS; i++) {
		double value = c->top * i / TICKS, y = y_of(c, value);

		fprintf(out,
			"<path class=\"grid\" d=\"M%.0f %.1fH%.0f\"/><text "
			"class=\"y-label\" x=\"%.0f\" y=\"%.1f\">",
			LEFT, y, WIDTH - RIGHT, LEFT - 8, y + 4);
		html_text(out, figure_format(c->figure->unit, value, text));
		fputs("</text>\n", out);
	}
	for (size_t level = 0; level < c->swept->levels[c->axis]; level++) {
		fprintf(out, "<text class=\"x-label\" x=\"%.1f\" y=\"%.0f\">",
			x_of(c, level), HEIGHT - 12);
		write_level(out, c->swept, c->axis, level);
		fputs("</text>\n", out);
	}
}

/* The first points of each line: those that have the first value of the axis. */
static bool
begins_line(const struct curve *c, size_t point)
{
	return c->swept->points[point].level[c->axis] == 0;
}

static void
write_names(FILE *out, const struct curve *c)
{
	size_t number = 0;

	if (c->swept->axis_count < 2)
		return;
	fputs("<ul class=\"legend\">\n", out);
	for (size_t p = 0; p < c->swept->point_count; p++) {
		struct words w;

		if (!begins_line(c, p))
			continue;
		fprintf(out,
			"<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path"
			" class=\"line s%zu\" d=\"M1 4H27\"/></svg><span>",
			number++ % STYLES);
		swept_write_settings(c->swept, p, c->axis, false, words_begin(&w));
		words_end(&w, out);
		fputs("</span></li>\n", out);
	}
	fputs("</ul>\n", out);
}

static void
write_curve(FILE *out, const struct curve *c)
{
	size_t number = 0;

	fputs("<figure class=\"trend\"><figcaption><h3>", out);
	html_format(out, "%s by ", c->figure->name);
	write_axis(out, c->swept, c->axis);
	fputs("</h3><p>", out);
	html_format(out,
		    "%s: the median of the runs, and its interval. Values stand in their "
		    "order, evenly spaced; the table below has the numbers.",
		    c->figure->help);
	fprintf(out,
		"</p></figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\" aria-hidden="
		"\"true\">\n",
		WIDTH, HEIGHT);
	write_scales(out, c);
	for (size_t p = 0; p < c->swept->point_count; p++)
		if (begins_line(c, p))
			write_line(out, c, p, number++);
	fputs("</svg>\n", out);
	write_names(out, c);
	fputs("</figure>\n", out);
}

static void
write_numbers(FILE *out, const struct swept *swept, const struct figure *figure)
{
	static const char *const headings[] = { "point", ">runs", ">median",
						">interval" };
	char low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	fputs("<details><summary>", out);
	html_format(out, "%s in numbers", figure->name);
	fputs("</summary>\n", out);
	html_table(out, figure->name, headings, 4);
	for (size_t p = 0; p < swept->point_count; p++) {
		const struct swept_figure *f =
		    &swept->points[p].figures[figure - figures];
		struct words w;

		fputs("<tr><td>", out);
		swept_write_settings(swept, p, swept->axis_count, false, words_begin(&w));
		words_end(&w, out);
		fputs("</td>", out);
		html_figure(out, "%zu", f->n);
		html_figure(out, "%s",
			    f->n > 0 ? figure_format(figure->unit, f->median, low) : "–");
		if (f->n > 1)
			html_figure(out, "%s .. %s",
				    figure_format(figure->unit, f->low, low),
				    figure_format(figure->unit, f->high, high));
		else
			html_figure(out, "–");
		fputs("</tr>\n", out);
	}
	html_table_end(out);
	fputs("</details>\n", out);
}

/* The most that any interval reaches; 0 where nothing is known. */
static double
most_of(const struct swept *swept, const struct figure *figure)
{
	double most = 0;

	for (size_t p = 0; p < swept->point_count; p++)
		if (swept->points[p].figures[figure - figures].n > 0)
			most =
			    fmax(most, swept->points[p].figures[figure - figures].high);
	return most;
}

/* The next value above that is a round number of its power of ten. */
static double
round_up(double value)
{
	static const double steps[] = { 1, 2, 4, 6, 8, 10 };
	double power = pow(10, floor(log10(value)));
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) && steps[i] * power < value)
		i++;
	return steps[i] * power;
}

static void
write_curves(FILE *out, const struct swept *swept)
{
	for (size_t i = 0; i < SWEPT_TOLD; i++) {
		struct curve c = { swept, swept_told(i), 0, 0 };

		c.top = most_of(swept, c.figure);
		if (c.top <= 0)
			continue;
		c.top = round_up(c.top);
		for (c.axis = 0; c.axis < swept->axis_count; c.axis++)
			if (swept->levels[c.axis] > 1)
				write_curve(out, &c);
		write_numbers(out, swept, c.figure);
	}
}

/* ------------------------------------------------------------------------------ the page */

static void
write_header(FILE *out, const struct swept *swept)
{
	fputs("<header class=\"verdict\"><p class=\"kicker\">brink</p><h1>", out);
	html_format(out, "Sweep s%" PRId64 ": %zu points, %" PRId64 " run%s each",
		    swept->sweep_id, swept->point_count, swept->repeats,
		    swept->repeats == 1 ? "" : "s");
	fputs("</h1>\n<dl class=\"facts\">\n", out);
	html_pair(out, "begun", swept->started);
	fputs("<div><dt>runs made</dt><dd>", out);
	html_format(out, "%zu of %zu", swept->done, swept->run_count);
	fputs("</dd></div>\n", out);
	html_pair(out, "command", swept->command);
	fputs("</dl></header>\n", out);
}

static void
write_page(FILE *out, const struct html_page *html)
{
	const struct sweep_page *page = html->arg;

	fputs("<main id=\"main\">\n", out);
	write_header(out, page->swept);
	html_section(
	    out, "map", "What gave way at each point",
	    "The limit, or where nothing gave way the outcome; where the runs of a "
	    "point differ, each with how often. Held is the median. The numbers "
	    "lead to the reports of the runs, beside this file.");
	write_maps(out, page);
	write_legend(out, page);
	html_section_end(out);
	html_section(out, "changes", "Where that changes",
		     "Neighbouring points of which no two runs have in common what gave "
		     "way.");
	write_changes(out, page->swept);
	html_section_end(out);
	html_section(out, "effects", "What makes a difference",
		     "A difference is said where it would come about by chance once in a "
		     "thousand sweeps whose options do nothing; p is of one figure and "
		     "option alone.");
	write_effects(out, page);
	html_section_end(out);
	html_section(
	    out, "curves", "Curves",
	    "An interval has the true median with 95 % where a point has six runs "
	    "or more; with fewer it reaches from the least to the most of them.");
	write_curves(out, page->swept);
	html_section_end(out);
	html_words(out);
	fputs("</main>\n", out);
}

int
swept_html(const struct swept *swept, const struct swept_effects *effects,
	   const char *run_prefix, FILE *out)
{
	struct sweep_page page = { .swept = swept,
				   .effects = effects,
				   .run_prefix = run_prefix };
	struct html_page html = { "brink: a sweep", NULL, write_page, &page };
	int error;

	number_causes(&page);
	error = html_page(out, &html);
	free(page.causes);
	return error;
}
