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
	int64_t run_id, cycles;
	char started[32], outcome[16], limit_id[32], subject[FINDINGS_NAME];
	char *label;
	double duration_us;
	bool known[TRENDS];
	double value[TRENDS];
};

/* A run in the charts of its label. */
struct spot {
	const struct past *run;
	size_t history; /* of the label's */
};

/* The runs under one label, oldest first, but those that were cut short. */
struct label_runs {
	const struct plan_history *const *plans; /* by their first run */
	char **changes; /* a plan each: in what it differs from the one before */
	size_t plan_count;
	struct spot *spots;
	size_t count;
};

struct past_runs {
	struct past *runs; /* by their number */
	size_t count;
	struct plan_histories histories;
	const struct plan_history *
	    *plans; /* all of them, those of a label beside each other */
	struct label_runs *labels;
	size_t label_count;
};

static const char past_sql[] =
    "SELECT run_id, started_at, coalesce(outcome, state), limit_id, subject, label,"
    " duration_s * 1e6, (SELECT count(*) FROM cycle AS c WHERE c.run_id = v.run_id),"
    " broke_held, held_peak, bytes_per_connection, t99_s * 1e6"
    " FROM v_history AS v WHERE ?1 = 0 ORDER BY run_id";

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
	past->cycles = db_int(s, 7);
	for (int i = 0; i < TRENDS; i++) {
		past->known[i] = !db_is_null(s, 8 + i);
		past->value[i] = db_real(s, 8 + i);
	}
}

/* ------------------------------------------------------------------------------- labels */

/* NULL, which is no label, is the last. */
static int
compare_labels(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a == NULL) - (b == NULL);
	return strcmp(a, b);
}

static int
compare_plans(const void *a, const void *b)
{
	const struct plan_history *x = *(const struct plan_history *const *)a,
				  *y = *(const struct plan_history *const *)b;
	int order = compare_labels(x->label, y->label);

	return order != 0 ? order : (x->runs[0] > y->runs[0]) - (x->runs[0] < y->runs[0]);
}

static int
compare_past(const void *a, const void *b)
{
	const struct past *x = a, *y = b;

	return (x->run_id > y->run_id) - (x->run_id < y->run_id);
}

static int
compare_spots(const void *a, const void *b)
{
	return compare_past(((const struct spot *)a)->run, ((const struct spot *)b)->run);
}

static void
sort_plans(struct past_runs *all)
{
	all->plans =
	    rows_alloc(all->histories.count, sizeof(const struct plan_history *));
	for (size_t i = 0; i < all->histories.count; i++)
		all->plans[i] = &all->histories.histories[i];
	if (all->histories.count > 0)
		qsort(all->plans, all->histories.count, sizeof(*all->plans),
		      compare_plans);
}

/* Up to count plans: those with the label of the first. */
static size_t
count_alike(const struct plan_history *const *plans, size_t count)
{
	size_t alike = 0;

	while (alike < count && compare_labels(plans[alike]->label, plans[0]->label) == 0)
		alike++;
	return alike;
}

static void
add_spots(struct rows *spots, const struct past_runs *all,
	  const struct plan_history *plan, size_t history)
{
	for (size_t i = 0; i < plan->run_count; i++) {
		const struct past key = { .run_id = plan->runs[i] };
		const struct past *run =
		    bsearch(&key, all->runs, all->count, sizeof(key), compare_past);

		if (run != NULL)
			*(struct spot *)rows_add(spots, sizeof(struct spot)) =
			    (struct spot){ run, history };
	}
}

static void
print_option(FILE *out, const char *before, const char *name, const char *was,
	     const char *is)
{
	char text[2][AMOUNT_SIZE];
	const char *from = amount_option(name, was, text[0]);
	const char *to = amount_option(name, is, text[1]);

	fprintf(out, "%s%s %s → %s", before, name, from[0] != '\0' ? from : "none",
		to[0] != '\0' ? to : "none");
}

/* In what a plan differs from the one before. 0, or -1. */
static int
print_difference(FILE *out, struct db *db, const struct plan_history *was,
		 const struct plan_history *is)
{
	struct db_statement *s = db_prepare_kept(
	    db, "SELECT k.key, a.value, b.value FROM (SELECT key FROM json_each(?1) UNION"
		"  SELECT key FROM json_each(?2)) AS k"
		" LEFT JOIN json_each(?1) AS a ON a.key = k.key"
		" LEFT JOIN json_each(?2) AS b ON b.key = k.key"
		" WHERE a.value IS NOT b.value ORDER BY k.key");
	const char *before = "";
	int got = -1;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, was->key);
	db_bind_text(s, 2, is->key);
	while ((got = db_step(s)) == 1) {
		char *from = strdup(db_text(s, 1));

		if (from == NULL)
			fatal("cannot hold an option");
		print_option(out, before, db_text(s, 0), from, db_text(s, 2));
		free(from);
		before = ", ";
	}
	db_reset(s);
	if (strcmp(was->host, is->host) != 0)
		fprintf(out, "%shost %s", before, is->host);
	return got;
}

static int
load_changes(struct label_runs *label, struct db *db)
{
	int error = 0;

	for (size_t i = 0; i < label->plan_count; i++) {
		size_t size;
		FILE *out = open_memstream(&label->changes[i], &size);

		if (out == NULL)
			fatal("cannot hold a change of the plan");
		if (i > 0 && error == 0)
			error = print_difference(out, db, label->plans[i - 1],
						 label->plans[i]);
		if (fclose(out) != 0)
			fatal("cannot hold a change of the plan");
	}
	return error;
}

/* Up to count plans: those with the label of the first. 0, or -1. */
static int
load_label(struct label_runs *label, struct db *db, const struct past_runs *all,
	   const struct plan_history *const *plans, size_t count)
{
	struct rows spots = { 0 };

	*label = (struct label_runs){ .plans = plans, .plan_count = count };
	label->changes = rows_alloc(count, sizeof(*label->changes));
	for (size_t i = 0; i < count; i++)
		add_spots(&spots, all, plans[i], i);
	if (spots.count > 0)
		qsort(spots.data, spots.count, sizeof(struct spot), compare_spots);
	label->spots = spots.data;
	label->count = spots.count;
	return load_changes(label, db);
}

static int
load_labels(struct past_runs *all, struct db *db)
{
	struct rows labels = { 0 };
	int error = 0;

	sort_plans(all);
	for (size_t i = 0; i < all->histories.count && error == 0;) {
		size_t count = count_alike(all->plans + i, all->histories.count - i);

		error = load_label(rows_add(&labels, sizeof(struct label_runs)), db, all,
				   all->plans + i, count);
		i += count;
	}
	all->labels = labels.data;
	all->label_count = labels.count;
	return error;
}

static void
free_labels(struct past_runs *all)
{
	for (size_t i = 0; i < all->label_count; i++) {
		for (size_t k = 0; k < all->labels[i].plan_count; k++)
			free(all->labels[i].changes[k]);
		free(all->labels[i].changes);
		free(all->labels[i].spots);
	}
	free(all->labels);
	free(all->plans);
}

/* ------------------------------------------------------------------------------- trends */

#define WIDTH  460.0
#define HEIGHT 150.0
#define LEFT   70.0
#define RIGHT  12.0
#define TOP    12.0
#define BOTTOM 24.0

static double
highest(const struct label_runs *label, enum trend trend)
{
	double most = 0;

	for (size_t i = 0; i < label->count; i++)
		if (label->spots[i].run->known[trend] &&
		    label->spots[i].run->value[trend] > most)
			most = label->spots[i].run->value[trend];
	return most;
}

static double
place_x(const struct label_runs *label, double i)
{
	double span = label->count > 1 ? (double)(label->count - 1) : 1;

	return LEFT + 8 + i / span * (WIDTH - LEFT - RIGHT - 16);
}

static double
place_y(double value, double most)
{
	return HEIGHT - BOTTOM - value / most * (HEIGHT - TOP - BOTTOM);
}

/* A line for each plan, which joins its runs; one of a single run can be seen, too. All of them
 * in one pass over the runs. */
static void
draw_lines(FILE *out, const struct label_runs *label, enum trend trend, double most)
{
	char **paths = rows_alloc(label->plan_count, sizeof(*paths));
	FILE **streams = rows_alloc(label->plan_count, sizeof(*streams));
	size_t size;

	for (size_t i = 0; i < label->plan_count; i++)
		if ((streams[i] = open_memstream(&paths[i], &size)) == NULL)
			fatal("cannot hold a line of the index");
	for (size_t i = 0; i < label->count; i++) {
		const struct spot *spot = &label->spots[i];
		FILE *path = streams[spot->history];

		if (spot->run->known[trend])
			fprintf(path, ftell(path) > 0 ? "L%.1f %.1f" : "M%.1f %.1fh.8",
				place_x(label, (double)i),
				place_y(spot->run->value[trend], most));
	}
	for (size_t i = 0; i < label->plan_count; i++) {
		if (fclose(streams[i]) != 0)
			fatal("cannot hold a line of the index");
		if (paths[i][0] != '\0')
			fprintf(out, "<path class=\"line s%zu\" d=\"%s\"/>",
				i % CHART_SERIES, paths[i]);
		free(paths[i]);
	}
	free(streams);
	free(paths);
}

/* Each run as a dot that leads to its report. */
static void
draw_dots(FILE *out, const struct label_runs *label, enum trend trend, double most)
{
	char text[AMOUNT_SIZE], name[HTML_NAME];

	for (size_t i = 0; i < label->count; i++) {
		const struct past *past = label->spots[i].run;

		if (!past->known[trend])
			continue;
		fprintf(
		    out,
		    "<a href=\"%s\"><circle class=\"dot s%zu\" cx=\"%.1f\" cy=\"%.1f\""
		    " r=\"4\"><title>",
		    html_run_name(past->run_id, name),
		    label->spots[i].history % CHART_SERIES, place_x(label, (double)i),
		    place_y(past->value[trend], most));
		html_format(out, "run %lld: %s", (long long)past->run_id,
			    chart_amount(trends[trend].unit, past->value[trend], text));
		fputs("</title></circle></a>", out);
	}
}

/* Between two runs of different plans. */
static void
draw_plan_changes(FILE *out, const struct label_runs *label)
{
	for (size_t i = 1; i < label->count; i++)
		if (label->spots[i].history != label->spots[i - 1].history)
			fprintf(out,
				"<line class=\"plan-change\" x1=\"%.1f\" y1=\"%.1f\""
				" x2=\"%.1f\" y2=\"%.1f\"><title>the plan changed: run "
				"%lld</title></line>",
				place_x(label, (double)i - 0.5), TOP - 8,
				place_x(label, (double)i - 0.5), HEIGHT - BOTTOM,
				(long long)label->spots[i].run->run_id);
}

static void
draw_axes(FILE *out, const struct label_runs *label, enum trend trend, double most,
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
		place_x(label, 0), HEIGHT - 6, (long long)label->spots[0].run->run_id,
		place_x(label, (double)(label->count - 1)) - 8, HEIGHT - 6,
		(long long)label->spots[label->count - 1].run->run_id);
}

static void
write_trend(FILE *out, const struct label_runs *label, size_t number, enum trend trend)
{
	double high = highest(label, trend) * 1.05;
	double step = chart_step(trends[trend].unit, high / 3), most;

	if (high <= 0)
		return;
	most = ceil(high / step) * step;
	fprintf(out,
		"<figure class=\"chart trend\" role=\"figure\""
		" aria-labelledby=\"title-%zu-%s\"><figcaption><h4 id=\"title-%zu-%s\">",
		number, trends[trend].id, number, trends[trend].id);
	html_text(out, trends[trend].title);
	fputs("</h4><p>", out);
	html_text(out, trends[trend].about);
	fprintf(out, "</p></figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\">", WIDTH, HEIGHT);
	draw_axes(out, label, trend, most, step);
	draw_plan_changes(out, label);
	draw_lines(out, label, trend, most);
	draw_dots(out, label, trend, most);
	fputs("</svg></figure>\n", out);
}

/* ------------------------------------------------------------------------------- legend */

/* Which line is which plan. */
static void
write_plans(FILE *out, const struct label_runs *label)
{
	fputs("<ul class=\"legend\">", out);
	for (size_t i = 0; i < label->plan_count; i++) {
		const struct plan_history *plan = label->plans[i];

		fprintf(out,
			"<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path"
			" class=\"line s%zu\" d=\"M1 4H27\"/></svg><span>",
			i % CHART_SERIES);
		html_format(out, "%zu run%s from run %lld on%s%s", plan->run_count,
			    plan->run_count == 1 ? "" : "s", (long long)plan->runs[0],
			    label->changes[i][0] != '\0' ? ": " : "", label->changes[i]);
		fputs("</span></li>", out);
	}
	fputs("</ul>\n", out);
}

static void
write_label(FILE *out, const struct label_runs *label, size_t number)
{
	fputs("<h3><bdi>", out);
	html_text(out, label->plans[0]->label != NULL ? label->plans[0]->label
						      : "Without a label");
	fputs("</bdi></h3>\n", out);
	write_plans(out, label);
	fputs("<div class=\"charts\">\n", out);
	for (int i = 0; i < TRENDS; i++)
		write_trend(out, label, number, (enum trend)i);
	fputs("</div>\n", out);
}

/* Of a single run there is nothing to compare. */
static void
write_labels(FILE *out, const struct past_runs *all)
{
	size_t drawn = 0;

	for (size_t i = 0; i < all->label_count; i++)
		if (all->labels[i].count > 1)
			write_label(out, &all->labels[i], ++drawn);
	if (drawn == 0)
		html_empty(out, all->count == 0 ? "There is no run in this database yet."
						: "A trend needs two runs of one label.");
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
	fputs("<td>", out);
	html_text(out, past->outcome);
	if (past->cycles > 1)
		fprintf(out, " <span class=\"badge\">%lld cycles</span>",
			(long long)past->cycles);
	fputs("</td>", out);
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
	    "For each label: a dot is a run, in the order in which they were made; a "
	    "line joins runs of the same plan and host, which alone can be compared, "
	    "and a dashed vertical line is where the plan or the host changed. Runs "
	    "that were cut short are in the table alone.");
	write_labels(out, all);
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

static int
draw_index(FILE *out, struct db *db)
{
	struct past_runs all = { 0 };
	struct html_page page = { "brink: all runs", NULL, write_index, &all };
	struct rows rows = { 0 };
	int error = rows_load(&rows, sizeof(*all.runs), db, past_sql, 0, NULL, fill_past);

	all.runs = rows.data;
	all.count = rows.count;
	if (error == 0)
		error = plan_histories_load(&all.histories, db, NULL);
	if (error == 0)
		error = load_labels(&all, db);
	if (error == 0)
		error = html_page(out, &page);
	free_labels(&all);
	plan_histories_free(&all.histories);
	for (size_t i = 0; i < all.count; i++)
		free(all.runs[i].label);
	free(all.runs);
	return error;
}

int
html_index(FILE *out, struct db *db)
{
	int error;

	if (db_begin_reading(db) == -1)
		return -1;
	error = draw_index(out, db);
	db_end_reading(db);
	return error;
}
