#include "report/html_page.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "model/limit.h"
#include "plan/plan.h"
#include "report/amount.h"

void
html_expected(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	if (f->expected_count == 0)
		return;
	html_section_begin(out, &section_expectations);
	html_section_all(out, &section_expectations, f, NULL, NULL);
	html_section_end(out);
}

void
html_timeline(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)f;
	html_section(
	    out, "timeline", "Timeline",
	    "All charts share one axis. Shaded bands are the phases of the run; the "
	    "solid vertical line is the breaking point, short ticks at the foot are "
	    "the first failed call of each kind, dashed horizontal lines are limits. "
	    "On a plateau the connections stand still: what grows there grows with "
	    "time.");
	html_charts(out, set, html_lead_charts(set));
	html_section_end(out);
}

/* ------------------------------------------------------------------------------- funnel */

static void
funnel_row(FILE *out, const char *stage, int64_t whole, int64_t at_break, int64_t most,
	   bool broke)
{
	double part = most > 0 ? (double)whole / (double)most : 0;
	char text[AMOUNT_SIZE];

	fputs("<tr><th scope=\"row\">", out);
	html_term(out, stage);
	fprintf(out,
		"</th><td class=\"bar\"><svg viewBox=\"0 0 300 14\""
		" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"fill\""
		" width=\"%.1f\" height=\"14\"/></svg></td>",
		300 * (part < 1 ? part : 1));
	html_figure(out, "%s", amount(UNIT_COUNT, (double)whole, text));
	html_figure(out, "%.1f %%", 100 * part);
	if (broke)
		html_figure(out, "%s", amount(UNIT_COUNT, (double)at_break, text));
	fputs("</tr>\n", out);
}

void
html_funnel(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { "stage", "", ">whole run",
						">of attempted",
						">at the breaking point" };
	const struct findings_funnel *n = &f->funnel;
	const struct findings_break *b = &f->breaking;
	char text[4][AMOUNT_SIZE];

	(void)set;
	html_section(
	    out, "funnel", "Funnel",
	    "Every connection goes down these stages. A client sees a connection as "
	    "established as soon as the kernel has shaken hands; only accepted and "
	    "served ones reached the server.");
	if (n->attempted == 0) {
		html_empty(out, "No connection was attempted.");
		html_section_end(out);
		return;
	}
	html_table(out, "Connections by stage", headings, f->broke ? 5 : 4);
	funnel_row(out, "attempted", n->attempted, b->attempted, n->attempted, f->broke);
	funnel_row(out, "established", n->established, b->established, n->attempted,
		   f->broke);
	funnel_row(out, "accepted", n->accepted, b->accepted, n->attempted, f->broke);
	funnel_row(out, "served", n->served, b->served, n->attempted, f->broke);
	html_table_end(out);
	fputs("<p class=\"note\">", out);
	html_format(
	    out,
	    "Besides: %s failed, %s slots of the schedule missed, %s needed a second "
	    "SYN, %s lost while held.",
	    amount(UNIT_COUNT, (double)n->failed, text[0]),
	    amount(UNIT_COUNT, (double)n->missed, text[1]),
	    amount(UNIT_COUNT, (double)n->transient, text[2]),
	    amount(UNIT_COUNT, (double)n->lost, text[3]));
	fputs("</p>\n", out);
	html_section_end(out);
}

/* ------------------------------------------------------------------------------- advice */

void
html_advice(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(out, "advice", "Recommendations", NULL);
	if (html_items(out, f, "recommendation", NULL, "ol") == 0)
		html_empty(out, f->broke
				    ? "No rule has advice for this."
				    : "Nothing gave way, so there is nothing to raise.");
	html_items(out, f, "note", "Notes", "ul");
	html_section_end(out);
}

/* ---------------------------------------------------------------------------- balance */

/* The strip: cells over the time of the run, a row an acceptor. */
#define CELLS 96
#define CELL  6.0
#define ROW   18.0
#define LABEL 90.0

/* The rows of frame 0 that a cell covers. */
static void
cell_rows(const struct chart_set *set, size_t cell, size_t *from, size_t *to)
{
	size_t rows = set->frames[0].rows;

	*from = cell * rows / CELLS;
	*to = (cell + 1) * rows / CELLS;
	if (*to == *from)
		*to = *from + 1;
}

static double
cell_value(const struct chart_set *set, size_t column, size_t cell)
{
	size_t from, to;
	int64_t low, high;

	cell_rows(set, cell, &from, &to);
	if (frame_range(&set->frames[0], column, from, to, &low, &high) == -1)
		return 0;
	return high > 0 ? (double)high : 0;
}

static double
highest_held(const struct chart_set *set)
{
	double most = 1;

	for (size_t i = 0; i < set->worker_count; i++)
		for (size_t cell = 0; cell < CELLS; cell++) {
			double held = cell_value(set, set->workers[i].held, cell);

			most = held > most ? held : most;
		}
	return most;
}

static void
write_row(FILE *out, const struct chart_set *set, size_t i, double most)
{
	const struct chart_worker *worker = &set->workers[i];
	double y = (double)i * ROW;

	fprintf(out, "<text class=\"y-label\" x=\"%.1f\" y=\"%.1f\">", LABEL - 8,
		y + ROW - 6);
	html_text(out, worker->name);
	fputs("</text>", out);
	fprintf(out,
		"<rect class=\"track\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		"height=\"%.1f\"/>",
		LABEL, y, CELLS * CELL, ROW - 2);
	for (size_t cell = 0; cell < CELLS; cell++) {
		double held = cell_value(set, worker->held, cell);
		bool full = worker->limit > 0 && cell_value(set, worker->fds, cell) >=
						     LIMIT_MET * (double)worker->limit;
		double x = LABEL + (double)cell * CELL;

		if (held > 0)
			fprintf(
			    out,
			    "<rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
			    " height=\"%.1f\" fill-opacity=\"%.2f\"/>",
			    x, y, CELL, ROW - 2, 0.1 + 0.9 * held / most);
		if (full)
			fprintf(out, "<path class=\"full\" d=\"M%.1f %.1fl%.1f %.1f\"/>",
				x, y + ROW - 2, CELL, 2 - ROW);
	}
}

static void
write_strip(FILE *out, const struct chart_set *set)
{
	double height = (double)set->worker_count * ROW, most = highest_held(set);
	const struct frame *frame = &set->frames[0];
	char text[AMOUNT_SIZE];

	fputs("<figure class=\"strip\" role=\"figure\" aria-labelledby=\"strip-title\">\n"
	      "<figcaption id=\"strip-title\">",
	      out);
	html_format(
	    out,
	    "Connections held by each acceptor over the run: the stronger the more, up "
	    "to %s. Struck through: its open files are at their limit.",
	    amount(UNIT_COUNT, most, text));
	fprintf(out,
		"</figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\" aria-hidden=\"true\">",
		LABEL + CELLS * CELL, height + ROW);
	for (size_t i = 0; i < set->worker_count; i++)
		write_row(out, set, i, most);
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\">%.1f s</text>", LABEL, height + 12,
		(double)frame->x[0] / (double)US_PER_S);
	fprintf(out, "<text class=\"y-label\" x=\"%.1f\" y=\"%.1f\">%.1f s</text>",
		LABEL + CELLS * CELL, height + 12,
		(double)frame->x[frame->rows - 1] / (double)US_PER_S);
	fputs("</svg></figure>\n", out);
}

void
html_balance(FILE *out, const struct findings *f, const struct chart_set *set)
{
	html_section(out, "balance", "Balance over the workers",
		     "One full acceptor of many is a hole: in a SO_REUSEPORT group its "
		     "connections wait while the others have room.");
	if (f->worker_count == 0 || set->frames[0].rows == 0) {
		html_empty(out, "No worker's counts were stored.");
	} else {
		if (set->worker_count > 0)
			write_strip(out, set);
		if (f->run.acceptors > CHART_WORKERS)
			html_format(out, "Only the first %d acceptors are drawn.",
				    CHART_WORKERS);
		fputs("<details><summary>Counts of each worker</summary>\n", out);
		html_section_all(out, &section_workers, f, NULL, NULL);
		fputs("</details>\n", out);
	}
	html_section_end(out);
}

/* ----------------------------------------------------------------------------- levels */

/* Rows that few want to see. */
static void
write_folded(FILE *out, const struct section *section, const struct findings *f,
	     html_shows *shows, const char *title)
{
	size_t rows = 0;

	for (size_t i = 0; i < record_count(section->record, f); i++)
		rows += shows(f, record_row(section->record, f, i));
	if (rows == 0)
		return;
	fprintf(out, "<details><summary>%s (%zu)</summary>\n", title, rows);
	html_section_all(out, section, f, shows, title);
	fputs("</details>\n", out);
}

/* Rows that nobody needs to see: they are counted. */
static void
write_others(FILE *out, size_t count, const char *what)
{
	if (count > 0)
		fprintf(out, "<p class=\"note\">%zu other resource%s %s.</p>\n", count,
			count == 1 ? "" : "s", what);
}

void
html_resources(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section_begin(out, &section_resources);
	if (f->level_count == 0) {
		html_empty(out,
			   "No levels are known: the run has no baseline, or was not "
			   "analysed.");
		html_section_end(out);
		return;
	}
	html_section_all(out, &section_resources, f, NULL, "Resources");
	write_others(out, section_unchanged(f), "unchanged");
	write_folded(out, &section_own, f, section_own.shows, section_own.title);
	write_folded(out, &section_resources, f, section_shows_process,
		     "Process by process");
	html_section_end(out);
}

/* ----------------------------------------------------------------------------- growth */

/* Whether it grows cannot be told: it was not looked at for long enough. */
static bool
is_unclear(const struct findings_level *level)
{
	return !findings_grew(level) && level->needed_s > 0;
}

static bool
load_grew(const struct findings *f, const void *row)
{
	return section_shows_level(f, row) && findings_grew(row);
}

static bool
load_is_unclear(const struct findings *f, const void *row)
{
	return section_shows_level(f, row) && is_unclear(row);
}

static bool
other_may_grow(const struct findings *f, const void *row)
{
	return !section_shows_level(f, row) && findings_is_seen(row) &&
	       (findings_grew(row) || is_unclear(row));
}

/* What grew comes first. */
static void
growth_table(FILE *out, const struct findings *f)
{
	html_section_table(out, &section_growth, NULL);
	html_section_rows(out, &section_growth, f, load_grew);
	html_section_rows(out, &section_growth, f, load_is_unclear);
	html_table_end(out);
}

/* Of the load. */
static size_t
count_not_grown(const struct findings *f)
{
	size_t count = 0;

	for (size_t i = 0; i < f->level_count; i++)
		count += section_shows_level(f, &f->levels[i]) &&
			 f->levels[i].class[0] != '\0' && !load_grew(f, &f->levels[i]) &&
			 !is_unclear(&f->levels[i]);
	return count;
}

/* The sides of a connection's memory, and their total. */
static void
cost_table(FILE *out, const struct findings *f)
{
	if (f->cost_count == 0)
		return;
	fprintf(out, "<h3>%s</h3>\n", section_memory.title);
	html_section_all(out, &section_memory, f, NULL, NULL);
}

static bool
has_class(const struct findings *f)
{
	for (size_t i = 0; i < f->level_count; i++)
		if (findings_is_seen(&f->levels[i]) && f->levels[i].class[0] != '\0')
			return true;
	return false;
}

void
html_growth(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section_begin(out, &section_growth);
	if (!has_class(f)) {
		html_empty(out, "Nothing is known of growth: the run has no baseline, or "
				"was not analysed.");
		html_section_end(out);
		return;
	}
	growth_table(out, f);
	write_others(out, count_not_grown(f), "did not grow");
	write_folded(out, &section_growth, f, other_may_grow,
		     "Process by process, and brink itself");
	cost_table(out, f);
	if (html_items(out, f, "leak", "Found to leak", "ul") == 0)
		fputs("<p class=\"note\">Nothing was found to leak.</p>\n", out);
	html_section_end(out);
}

/* --------------------------------------------------------------------------- recovery */

static bool
is_recovery_of_load(const struct findings *f, const void *row)
{
	const struct findings_recovery *r = row;

	(void)f;
	return findings_was_taken(r) && findings_is_load(r->kind, r->subject);
}

/* Those of several cycles stand beside each other. */
static void
write_curves(FILE *out, const struct findings *f, const struct chart_set *set)
{
	if (f->cycle_count > 1)
		fputs("<div class=\"charts\">\n", out);
	for (size_t i = 0; i < set->count; i++)
		if (set->charts[i].apart)
			html_chart(out, set, i);
	if (f->cycle_count > 1)
		fputs("</div>\n", out);
	if (f->cycle_count > CHART_CYCLES)
		fprintf(
		    out,
		    "<p class=\"note\">Only the first %d of %zu cycles are drawn.</p>\n",
		    CHART_CYCLES, f->cycle_count);
}

void
html_recovery(FILE *out, const struct findings *f, const struct chart_set *set)
{
	bool any = false;

	html_section_begin(out, &section_recovery);
	write_curves(out, f, set);
	for (size_t i = 0; i < f->recovery_count; i++)
		any |= findings_was_taken(&f->recovery[i]);
	if (any)
		html_section_all(out,
				 f->cycle_count > 1 ? &section_recovery_cycles
						    : &section_recovery,
				 f, is_recovery_of_load, "Recovery");
	else
		html_empty(out,
			   "No recovery was measured: the run ended before the release, "
			   "released nothing, or had taken nothing.");
	html_section_end(out);
}

/* ------------------------------------------------------------------------------- cycles */

void
html_cycles(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	if (f->cycle_count < 2)
		return;
	html_section_begin(out, &section_cycles);
	html_section_all(out, &section_cycles, f, NULL, "Cycles");
	if (section_is_empty(&section_trends, f)) {
		fputs("<p class=\"note\">Nothing changed from cycle to cycle.</p>\n",
		      out);
	} else {
		fprintf(out, "<h3>%s</h3>\n", section_trends.title);
		html_section_all(out, &section_trends, f, NULL, NULL);
	}
	html_section_end(out);
}

void
html_more(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	for (size_t i = 0; i < section_more_count; i++) {
		const struct section *section = section_more[i];

		if (section_is_empty(section, f))
			continue;
		html_section_begin(out, section);
		html_section_all(out, section, f, NULL, NULL);
		html_section_end(out);
	}
}

/* --------------------------------------------------------------------------- evidence */

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct entry {
	int64_t t_us;
	size_t order;
	const char *kind, *subject, *text;
	const struct findings_item *item; /* NULL: no evidence */
	const struct findings_evidence *evidence;
	const struct findings_failure *failure;
};

static int
compare_entries(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static void
add_entry(struct rows *rows, struct entry entry)
{
	entry.order = rows->count;
	*(struct entry *)rows_add(rows, sizeof(entry)) = entry;
}

static void
add_finding(struct rows *rows, const struct findings_item *item)
{
	if (strcmp(item->kind, "verdict") != 0 && strcmp(item->kind, "consequence") != 0)
		return;
	if (item->t_us >= 0)
		add_entry(rows, (struct entry){ .t_us = item->t_us,
						.kind = item->kind,
						.subject = item->subject,
						.text = item->text });
	for (size_t i = 0; i < item->evidence_count; i++)
		if (item->evidence[i].t_us >= 0)
			add_entry(rows, (struct entry){ .t_us = item->evidence[i].t_us,
							.kind = "evidence",
							.subject = item->subject,
							.text = item->evidence[i].what,
							.item = item,
							.evidence = &item->evidence[i] });
}

static void
gather_entries(struct rows *rows, const struct findings *f)
{
	for (size_t i = 0; i < f->item_count; i++)
		add_finding(rows, &f->items[i]);
	for (size_t i = 0; i < f->failure_count; i++)
		add_entry(rows, (struct entry){ .t_us = f->failures[i].first_us,
						.kind = "failure",
						.subject = f->failures[i].worker,
						.failure = &f->failures[i] });
	for (size_t i = 0; i < f->event_count; i++)
		add_entry(rows, (struct entry){ .t_us = f->events[i].t_us,
						.kind = f->events[i].kind,
						.subject = f->events[i].subject,
						.text = f->events[i].text });
}

static void
entry_text(FILE *out, const struct entry *entry)
{
	char value[AMOUNT_SIZE], limit[AMOUNT_SIZE];

	html_text(out, entry->text);
	if (entry->failure != NULL)
		html_format(
		    out, "first %s() → %s, %s times in its cycle, with %s held",
		    entry->failure->call, entry->failure->error,
		    amount(UNIT_COUNT, (double)entry->failure->count, value),
		    amount(UNIT_COUNT, (double)entry->failure->first_held, limit));
	if (entry->evidence == NULL)
		return;
	if (entry->evidence->value >= 0)
		html_format(out, ": %s",
			    amount(findings_unit(entry->item, entry->evidence),
				   (double)entry->evidence->value, value));
	if (entry->evidence->limit >= 0)
		html_format(out, " of %s",
			    amount(findings_unit(entry->item, entry->evidence),
				   (double)entry->evidence->limit, limit));
}

void
html_evidence(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { ">time (s)", "kind", "subject", "what" };
	struct rows rows = { 0 };
	const struct entry *entries;

	(void)set;
	gather_entries(&rows, f);
	if (rows.count > 0)
		qsort(rows.data, rows.count, sizeof(*entries), compare_entries);
	entries = rows.data;
	html_section(
	    out, "evidence", "Evidence in time order",
	    "The earliest first evidence names the limit; what follows from it is "
	    "listed as a consequence.");
	if (rows.count == 0) {
		html_empty(out, "Nothing failed and nothing was noted.");
	} else {
		html_table(out, "Evidence in time order", headings, COUNT(headings));
		for (size_t i = 0; i < rows.count; i++) {
			fputs("<tr>", out);
			html_figure(out, "%.3f",
				    (double)entries[i].t_us / (double)US_PER_S);
			fputs("<td><span class=\"kind\">", out);
			html_text(out, entries[i].kind);
			fputs("</span></td>", out);
			html_cell(out, "%s", entries[i].subject);
			fputs("<td>", out);
			entry_text(out, &entries[i]);
			fputs("</td></tr>\n", out);
		}
		html_table_end(out);
	}
	html_section_end(out);
	free(rows.data);
}

void
html_ruled_out(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section_begin(out, &section_ruled_out);
	if (section_is_empty(&section_ruled_out, f))
		html_empty(out, "Nothing could be ruled out: too little was stored.");
	else
		html_section_all(out, &section_ruled_out, f, NULL, NULL);
	html_section_end(out);
}

/* ------------------------------------------------------------------------ environment */

static void
begin_list(FILE *out, const char *title)
{
	fputs("<h3>", out);
	html_text(out, title);
	fputs("</h3>\n<dl class=\"pairs\">\n", out);
}

static void
end_list(FILE *out)
{
	fputs("</dl>\n", out);
}

static void
write_host(FILE *out, const struct findings *f)
{
	const struct findings_host *host = &f->host;
	char text[AMOUNT_SIZE], memory[AMOUNT_SIZE];

	begin_list(out, "Host");
	html_pair(out, "brink", f->run.version);
	html_pair(out, "host", host->name);
	html_pair(out, "kernel", host->kernel);
	html_pair(out, "system", host->distribution);
	html_pair(out, "processor", host->cpu_model);
	snprintf(text, sizeof(text), "%lld online, %s of memory, %s",
		 (long long)host->cpus,
		 amount(UNIT_BYTES, (double)host->memory_bytes, memory), host->machine);
	html_pair(out, "machine", text);
	html_pair(out, "container", host->container);
	end_list(out);
	fputs("<h3>Command</h3>\n<p class=\"command\"><code>", out);
	html_text(out, f->run.command);
	fputs("</code></p>\n", out);
}

static void
write_plan(FILE *out, const struct findings *f)
{
	char text[AMOUNT_SIZE];

	begin_list(out, "Plan");
	for (size_t i = 0; i < f->option_count; i++)
		html_pair(out, f->options[i].name,
			  amount_option(f->options[i].name, f->options[i].value, text));
	end_list(out);
}

static void
write_health(FILE *out, const struct findings *f)
{
	const struct findings_health *h = &f->health;
	char text[AMOUNT_SIZE];

	begin_list(out, "Health of the measurement");
	snprintf(text, sizeof(text), "%lld, %lld missed", (long long)h->ticks,
		 (long long)h->missed_ticks);
	html_pair(out, "ticks", text);
	html_pair(out, "late, 99 %", units_format(UNIT_US, h->late_p99_us, text));
	html_pair(out, "late at most", units_format(UNIT_US, h->late_max_us, text));
	html_pair(out, "a tick took, 99 %", units_format(UNIT_US, h->took_p99_us, text));
	snprintf(text, sizeof(text), "%lld of %lld missed", (long long)h->missed_slots,
		 (long long)h->slots);
	html_pair(out, "schedule", text);
	snprintf(text, sizeof(text), "%lld", (long long)h->gaps);
	html_pair(out, "gaps", text);
	end_list(out);
}

static void
write_latency(FILE *out, const struct findings *f)
{
	if (f->latency_count == 0)
		return;
	fprintf(out, "<h3>%s</h3>\n", section_latency.title);
	html_section_all(out, &section_latency, f, NULL, NULL);
}

/* For those who look for it. */
static void
write_details(FILE *out, const struct section *section, const struct findings *f)
{
	fprintf(out, "<details><summary>%s (%zu)</summary>\n", section->title,
		section_count(section, f));
	html_section_all(out, section, f, NULL, NULL);
	fputs("</details>\n", out);
}

void
html_environment(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(
	    out, "environment", "Environment",
	    "The machine, the plan as it was resolved, the limits as they were read, "
	    "and how well the measurement itself went. Over 2 % of missing or late "
	    "ticks make a finding weak.");
	write_health(out, f);
	write_latency(out, f);
	write_host(out, f);
	write_plan(out, f);
	write_details(out, &section_limits, f);
	write_details(out, &section_settings, f);
	html_section_end(out);
}
