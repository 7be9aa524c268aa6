#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/plan_history.h"
#include "analyse/rows.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/chart.h"
#include "report/column.h"
#include "report/html_page.h"

/* The figures of a run that make a trend. */
enum trend { TREND_BROKE, TREND_HELD, TREND_BYTES, TREND_T99, TRENDS };

static const struct {
	const char *id, *title, *about;
	enum chart_unit unit;
} trends[TRENDS] = {
	[TREND_BROKE] = { "broke", "Breaking point", "Connections held when a run broke.",
			  CHART_COUNT },
	[TREND_HELD] = { "held", "Most held", "Most connections held at a tick.",
			 CHART_COUNT },
	[TREND_BYTES] = { "bytes", "Memory per connection",
			  "What a connection costs, all sides together.", CHART_BYTES },
	[TREND_T99] = { "t99", "Recovery",
			"Time from the release until 99 % of everything was back.",
			CHART_US },
};

struct past {
	int64_t run_id;
	char started[32], outcome[16], limit_id[32], subject[FINDINGS_NAME];
	char *label;
	double duration_us;
	bool known[TRENDS];
	double value[TRENDS];
	size_t group; /* the history that it belongs to; histories.count: none */
};

struct past_runs {
	struct past *runs;
	size_t count;
	struct plan_histories histories;
};

static const char past_sql[] =
    "SELECT run_id, started_at, coalesce(outcome, state), limit_id, subject, label,"
    " duration_s * 1e6, broke_held, held_peak, bytes_per_connection, t99_s * 1e6"
    " FROM v_history WHERE ?1 = 0 ORDER BY run_id";

static void
fill_past(struct db_statement *s, void *row)
{
	struct past *past = row;

	past->run_id = db_int(s, 0);
	db_text_copy(s, 1, past->started, sizeof(past->started));
	db_text_copy(s, 2, past->outcome, sizeof(past->outcome));
	db_text_copy(s, 3, past->limit_id, sizeof(past->limit_id));
	db_text_copy(s, 4, past->subject, sizeof(past->subject));
	past->label = strdup(db_text(s, 5));
	if (past->label == NULL)
		fatal("cannot hold a label");
	past->duration_us = column_real(s, 6, -1);
	for (int i = 0; i < TRENDS; i++) {
		past->known[i] = !db_is_null(s, 7 + i);
		past->value[i] = db_real(s, 7 + i);
	}
}

/* Runs in the order of their numbers: so are those of a history. */
static void
find_groups(struct past_runs *all)
{
	for (size_t i = 0; i < all->count; i++)
		all->runs[i].group = all->histories.count;
	for (size_t h = 0; h < all->histories.count; h++) {
		const struct plan_history *history = &all->histories.histories[h];

		for (size_t i = 0, k = 0; i < all->count && k < history->run_count; i++)
			if (all->runs[i].run_id == history->runs[k]) {
				all->runs[i].group = h;
				k++;
			}
	}
}

/* ------------------------------------------------------------------------------- trends */

#define WIDTH  460.0
#define HEIGHT 150.0
#define LEFT   70.0
#define RIGHT  12.0
#define TOP    12.0
#define BOTTOM 24.0

static double
highest(const struct past_runs *all, enum trend trend)
{
	double most = 0;

	for (size_t i = 0; i < all->count; i++)
		if (all->runs[i].known[trend] && all->runs[i].value[trend] > most)
			most = all->runs[i].value[trend];
	return most;
}

static double
place_x(const struct past_runs *all, size_t i)
{
	double span = all->count > 1 ? (double)(all->count - 1) : 1;

	return LEFT + 8 + (double)i / span * (WIDTH - LEFT - RIGHT - 16);
}

static double
place_y(double value, double most)
{
	return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
}

/* The line that joins the runs of one history. */
static void
draw_line(FILE *out, const struct past_runs *all, enum trend trend, size_t group,
	  double most)
{
	bool drawn = false;

	fprintf(out, "<path class=\"line s%zu\" d=\"", group % CHART_SERIES);
	for (size_t i = 0; i < all->count; i++) {
		const struct past *past = &all->runs[i];

		if (past->group != group || !past->known[trend])
			continue;
		fprintf(out, "%s%.1f %.1f", drawn ? "L" : "M", place_x(all, i),
			place_y(past->value[trend], most));
		drawn = true;
	}
	fputs("\"/>", out);
}

/* Each run as a dot that leads to its report. */
static void
draw_dots(FILE *out, const struct past_runs *all, enum trend trend, double most)
{
	char text[AMOUNT_SIZE], name[HTML_NAME];

	for (size_t i = 0; i < all->count; i++) {
		const struct past *past = &all->runs[i];

		if (!past->known[trend])
			continue;
		fprintf(
		    out,
		    "<a href=\"%s\"><circle class=\"dot s%zu\" cx=\"%.1f\" cy=\"%.1f\""
		    " r=\"4\"><title>",
		    html_run_name(past->run_id, name), past->group % CHART_SERIES,
		    place_x(all, i), place_y(past->value[trend], most));
		html_format(out, "run %lld %s: %s", (long long)past->run_id, past->label,
			    chart_amount(trends[trend].unit, past->value[trend], text));
		fputs("</title></circle></a>", out);
	}
}

static void
draw_axes(FILE *out, const struct past_runs *all, enum trend trend, double most,
	  double step)
{
	char text[AMOUNT_SIZE];

	for (double value = 0; value < most + step / 2; value += step) {
		double y = place_y(value, most);

		fprintf(out,
			"<line class=\"grid\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" "
			"y2=\"%.1f\"/>"
			"<text class=\"y-label\" x=\"%.1f\" y=\"%.1f\">",
			LEFT, y, WIDTH - RIGHT, y, LEFT - 6, y + 4);
		html_text(out, chart_amount(trends[trend].unit, value, text));
		fputs("</text>", out);
	}
	fprintf(out,
		"<text class=\"x-label\" x=\"%.1f\" y=\"%.1f\">run %lld</text>"
		"<text class=\"x-label\" x=\"%.1f\" y=\"%.1f\">run %lld</text>",
		place_x(all, 0), HEIGHT - 6, (long long)all->runs[0].run_id,
		place_x(all, all->count - 1) - 8, HEIGHT - 6,
		(long long)all->runs[all->count - 1].run_id);
}

static void
write_trend(FILE *out, const struct past_runs *all, enum trend trend)
{
	double high = highest(all, trend) * 1.05;
	double step = chart_step(trends[trend].unit, high / 3), most;

	if (high <= 0)
		return;
	most = ceil(high / step) * step;
	fprintf(
	    out,
	    "<figure class=\"chart trend\" role=\"figure\" aria-labelledby=\"title-%s\">"
	    "<figcaption><h3 id=\"title-%s\">",
	    trends[trend].id, trends[trend].id);
	html_text(out, trends[trend].title);
	fputs("</h3><p>", out);
	html_text(out, trends[trend].about);
	fprintf(out, "</p></figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\">", WIDTH, HEIGHT);
	draw_axes(out, all, trend, most, step);
	for (size_t group = 0; group < all->histories.count; group++)
		draw_line(out, all, trend, group, most);
	draw_dots(out, all, trend, most);
	fputs("</svg></figure>\n", out);
}

/* ------------------------------------------------------------------------------ changes */

static void
write_change(FILE *out, const struct plan_history *history, const struct plan_change *c)
{
	char text[FIGURE_TEXT_SIZE], name[HTML_NAME];

	fprintf(out, "<tr><td><span class=\"badge %s\">%s</span></td>",
		judgement_name(c->judgement), judgement_name(c->judgement));
	fprintf(out, "<td class=\"n\"><a href=\"%s\">%lld</a></td><td><bdi>",
		html_run_name(c->run_id, name), (long long)c->run_id);
	html_text(out, history->label);
	fputs("</bdi></td>", out);
	html_cell(out, "%s", c->figure->name);
	html_figure(out, "%s", figure_format(c->figure->unit, c->before, text));
	html_figure(out, "%s", figure_format(c->figure->unit, c->after, text));
	html_figure(out, "p %s %.2g", c->p < 1e-6 ? "<" : "=", c->p < 1e-6 ? 1e-6 : c->p);
	fputs("</tr>\n", out);
}

static void
write_changes(FILE *out, const struct plan_histories *list)
{
	static const char *const headings[] = { "",          ">since run", "label",
						"figure",    ">before",    ">after",
						">by chance" };
	size_t count = 0;

	html_section(
	    out, "changes", "Where a level moved",
	    "Change points over the runs of one plan: the mean before and after, and "
	    "how likely chance alone would do it.");
	for (size_t i = 0; i < list->count; i++)
		count += list->histories[i].change_count;
	if (count == 0) {
		html_empty(out, "No level moved; a trend needs four runs of one plan.");
		html_section_end(out);
		return;
	}
	html_table(out, "Changes", headings, sizeof(headings) / sizeof(headings[0]));
	for (size_t i = 0; i < list->count; i++)
		for (size_t k = 0; k < list->histories[i].change_count; k++)
			write_change(out, &list->histories[i],
				     &list->histories[i].changes[k]);
	html_table_end(out);
	html_section_end(out);
}

/* -------------------------------------------------------------------------------- table */

static void
write_row(FILE *out, const struct past *past)
{
	char text[AMOUNT_SIZE], name[HTML_NAME];

	fprintf(out, "<tr><th scope=\"row\" class=\"n\"><a href=\"%s\">%lld</a></th>",
		html_run_name(past->run_id, name), (long long)past->run_id);
	fprintf(out, "<td class=\"date\">%.10s %.5s</td>", past->started,
		past->started + strlen("2026-01-01T"));
	fputs("<td><bdi>", out);
	html_text(out, past->label);
	fputs("</bdi></td>", out);
	html_figure(
	    out, "%s",
	    amount_known(past->duration_us >= 0, UNIT_US, past->duration_us, text));
	html_cell(out, "%s", past->outcome);
	html_cell(out, "%s", past->limit_id[0] != '\0' ? past->limit_id : "–");
	html_cell(out, "%s", past->subject[0] != '\0' ? past->subject : "–");
	for (int i = 0; i < TRENDS; i++)
		html_figure(out, "%s",
			    past->known[i]
				? chart_amount(trends[i].unit, past->value[i], text)
				: "–");
	fputs("</tr>\n", out);
}

static void
write_index(FILE *out, const struct html_page *page)
{
	static const char *const headings[] = {
		">run",    "started",         "label",   ">lasted",
		"outcome", "limit",           "subject", ">breaking point",
		">held",   ">per connection", ">t99",
	};
	const struct past_runs *all = page->arg;

	fprintf(
	    out,
	    "<main id=\"main\">\n<header class=\"verdict\"><p class=\"kicker\">brink</p>"
	    "<h1>%zu run%s</h1></header>\n",
	    all->count, all->count == 1 ? "" : "s");
	html_section(
	    out, "trends", "Trends",
	    "A dot is a run, in the order in which they were made; a line joins runs "
	    "of the same label, plan and host, which alone can be compared.");
	if (all->count == 0)
		html_empty(out, "There is no run in this database yet.");
	fputs("<div class=\"charts\">\n", out);
	for (int i = 0; i < TRENDS && all->count > 0; i++)
		write_trend(out, all, (enum trend)i);
	fputs("</div>\n", out);
	html_section_end(out);
	write_changes(out, &all->histories);
	html_section(out, "runs", "Runs", NULL);
	html_table(out, "All runs", headings, sizeof(headings) / sizeof(headings[0]));
	for (size_t i = all->count; i-- > 0;)
		write_row(out, &all->runs[i]);
	html_table_end(out);
	html_section_end(out);
	html_words(out);
	fputs("</main>\n", out);
}

int
html_index(FILE *out, struct db *db)
{
	struct past_runs all = { 0 };
	struct html_page page = { "brink: all runs", NULL, write_index, &all };
	struct rows rows = { 0 };
	int error = rows_load(&rows, sizeof(*all.runs), db, past_sql, 0, NULL, fill_past);

	all.runs = rows.data;
	all.count = rows.count;
	if (error == 0)
		error = plan_histories_load(&all.histories, db, NULL);
	if (error == 0) {
		find_groups(&all);
		error = html_page(out, &page);
	}
	plan_histories_free(&all.histories);
	for (size_t i = 0; i < all.count; i++)
		free(all.runs[i].label);
	free(all.runs);
	return error;
}
