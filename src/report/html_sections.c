#include "report/html_page.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/limit_rule.h"
#include "analyse/rows.h"
#include "base/clock.h"
#include "report/amount.h"
#include "report/html_chart.h"
#include "report/html_terms.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
begin_table(FILE *out, const char *caption, const char *const *headings, size_t count)
{
	fputs("<div class=\"scroll\" tabindex=\"0\"><table><caption>", out);
	html_text(out, caption);
	fputs("</caption>", out);
	html_headings(out, headings, count);
	fputs("<tbody>\n", out);
}

static void
end_table(FILE *out)
{
	fputs("</tbody></table></div>\n", out);
}

static void
write_empty(FILE *out, const char *text)
{
	fputs("<p class=\"empty\">", out);
	html_text(out, text);
	fputs("</p>\n", out);
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
	html_charts(out, set);
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
	    out, "funnel", "Where connections were lost",
	    "Every connection goes down these stages. A client sees a connection as "
	    "established as soon as the kernel has shaken hands; only accepted and "
	    "served ones reached the server.");
	if (n->attempted == 0) {
		write_empty(out, "No connection was attempted.");
		html_section_end(out);
		return;
	}
	begin_table(out, "Connections by stage", headings, f->broke ? 5 : 4);
	funnel_row(out, "attempted", n->attempted, b->attempted, n->attempted, f->broke);
	funnel_row(out, "established", n->established, b->established, n->attempted,
		   f->broke);
	funnel_row(out, "accepted", n->accepted, b->accepted, n->attempted, f->broke);
	funnel_row(out, "served", n->served, b->served, n->attempted, f->broke);
	end_table(out);
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

/* ---------------------------------------------------------------------------- resources */

/* A level and the lowest of its limits. */
struct ceiling {
	const struct findings_level *level;
	const struct findings_limit *limit; /* NULL: none */
};

static struct ceiling
ceiling_of(const struct findings *f, const struct findings_level *level)
{
	struct ceiling ceiling = { .level = level };

	for (size_t i = 0; i < f->limit_count; i++) {
		const struct findings_limit *limit = &f->limits[i];

		if (strcmp(limit->kind, level->kind) == 0 &&
		    strcmp(limit->subject, level->subject) == 0 &&
		    strcmp(limit->resource, level->resource) == 0 &&
		    (ceiling.limit == NULL || limit->value < ceiling.limit->value))
			ceiling.limit = limit;
	}
	return ceiling;
}

static double
used_part(const struct ceiling *ceiling)
{
	return ceiling->limit == NULL
		   ? -1
		   : ceiling->level->peak / (double)ceiling->limit->value;
}

/* A group has the limits of its processes: that of the one which came nearest to it. */
static struct ceiling
nearest_ceiling(const struct findings *f, const struct findings_level *level)
{
	struct ceiling nearest = ceiling_of(f, level);
	size_t singular = strlen(level->subject) - 1;

	if (strcmp(level->kind, "group") != 0)
		return nearest;
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *own = &f->levels[i];
		struct ceiling ceiling;

		if (strcmp(own->kind, "process") != 0 ||
		    strcmp(own->resource, level->resource) != 0 ||
		    strncmp(own->subject, level->subject, singular) != 0)
			continue;
		ceiling = ceiling_of(f, own);
		if (used_part(&ceiling) > used_part(&nearest))
			nearest = ceiling;
	}
	return nearest;
}

static const struct findings_forecast *
forecast_of(const struct findings *f, const struct findings_level *level)
{
	const struct findings_forecast *found = NULL;

	for (size_t i = 0; i < f->forecast_count; i++)
		if (strcmp(f->forecast[i].resource, level->resource) == 0 &&
		    strcmp(f->forecast[i].subject, level->subject) == 0)
			found = &f->forecast[i];
	return found;
}

/* A line of small print below a figure. */
static void
write_aside(FILE *out, const char *text)
{
	fputs("<span class=\"interval\">", out);
	html_text(out, text);
	fputs("</span>", out);
}

static void
begin_row(FILE *out, const char *resource, const char *subject)
{
	fputs("<tr><th scope=\"row\">", out);
	html_text(out, resource);
	write_aside(out, subject);
	fputs("</th>", out);
}

/* The value, and its interval in a line below. */
static void
estimate_cell(FILE *out, const struct findings_estimate *e, enum unit unit,
	      const char *suffix)
{
	char value[AMOUNT_SIZE], interval[AMOUNT_SIZE];

	if (!e->known) {
		html_figure(out, "–");
		return;
	}
	fputs("<td class=\"n\">", out);
	html_format(out, "%s%s", amount(unit, e->value, value), suffix);
	write_aside(out, amount_interval(e, unit, interval));
	fputs("</td>", out);
}

static void
limit_cells(FILE *out, const struct findings *f, const struct findings_level *level)
{
	struct ceiling ceiling = nearest_ceiling(f, level);
	const struct findings_forecast *forecast = forecast_of(f, ceiling.level);
	char text[AMOUNT_SIZE];

	if (ceiling.limit == NULL) {
		html_figure(out, "–");
		html_figure(out, "–");
	} else {
		fputs("<td class=\"n\">", out);
		html_text(out, amount(level->unit, (double)ceiling.limit->value, text));
		if (ceiling.level != level)
			write_aside(out, ceiling.level->subject);
		fputs("</td>", out);
		html_figure(out, "%.0f %%", 100 * (1 - used_part(&ceiling)));
	}
	if (forecast == NULL)
		html_figure(out, "–");
	else
		html_figure(out, "%s", amount(UNIT_COUNT, forecast->at, text));
}

static void
resource_row(FILE *out, const struct findings *f, const struct findings_level *level)
{
	const double levels[] = { level->base, level->peak, level->final, level->leaked };
	char text[AMOUNT_SIZE];

	begin_row(out, level->resource, level->subject);
	for (size_t i = 0; i < COUNT(levels); i++)
		html_figure(out, "%s", amount(level->unit, levels[i], text));
	html_figure(out, "%s/s", amount(level->unit, level->per_second, text));
	estimate_cell(out, &level->per_connection, level->unit, "");
	estimate_cell(out, &level->over_time, level->unit, "/s");
	html_cell(out, "%s", level->class[0] != '\0' ? level->class : "–");
	limit_cells(out, f, level);
	fputs("</tr>\n", out);
}

/* The load's resources, or the others. */
static size_t
resource_rows(FILE *out, const struct findings *f, bool load)
{
	static const char *const headings[] = {
		"resource",      ">base",      ">peak", ">final", ">leaked",   ">rate",
		">a connection", ">over time", "class", ">limit", ">headroom", ">forecast"
	};
	size_t rows = 0;

	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (findings_is_load(level->kind, level->subject) != load ||
		    (level->peak <= 0 && level->base <= 0))
			continue;
		if (rows++ == 0)
			begin_table(out,
				    load ? "Resources"
					 : "Process by process, and brink itself",
				    headings, COUNT(headings));
		resource_row(out, f, level);
	}
	if (rows > 0)
		end_table(out);
	return rows;
}

void
html_resources(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(
	    out, "resources", "What was taken, resource by resource",
	    "Leaked is what was taken, which is not a leak by itself. What counts is "
	    "whether "
	    "it goes with the connections (a connection) or with time while they stand "
	    "still (over time); below each is its 95 % interval. A dash: not known, or "
	    "the "
	    "still stretches were too short to tell.");
	if (f->level_count == 0) {
		write_empty(out,
			    "No levels are known: the run has no baseline, or was not "
			    "analysed.");
	} else {
		resource_rows(out, f, true);
		fputs(
		    "<details><summary>Process by process, and brink itself</summary>\n",
		    out);
		if (resource_rows(out, f, false) == 0)
			write_empty(out, "No process was followed one by one.");
		fputs("</details>\n", out);
	}
	html_section_end(out);
}

/* ----------------------------------------------------------------------------- recovery */

static void
recovery_row(FILE *out, const struct findings_recovery *r, bool cycles)
{
	const int64_t times[] = { r->t50_us, r->t90_us, r->t99_us, r->settled_us };
	char text[AMOUNT_SIZE];

	begin_row(out, r->resource, r->subject);
	if (cycles)
		html_figure(out, "%lld", (long long)r->cycle + 1);
	html_figure(out, "%.1f %%", 100 * r->recovered);
	for (size_t i = 0; i < COUNT(times); i++)
		html_figure(out, "%s",
			    times[i] < 0 ? "not reached" : amount_time(times[i], text));
	html_figure(out, "%s", amount(r->unit, r->residual, text));
	fputs("</tr>\n", out);
}

static void
recovery_table(FILE *out, const struct findings *f)
{
	static const char *const plain[] = { "resource", ">recovered", ">t50",     ">t90",
					     ">t99",     ">settled",   ">residual" };
	static const char *const cycled[] = { "resource", ">cycle",   ">recovered",
					      ">t50",     ">t90",     ">t99",
					      ">settled", ">residual" };
	bool cycles = false;

	for (size_t i = 0; i < f->recovery_count; i++)
		cycles |= f->recovery[i].cycle > 0;
	begin_table(out, "Recovery", cycles ? cycled : plain,
		    cycles ? COUNT(cycled) : COUNT(plain));
	for (size_t i = 0; i < f->recovery_count; i++)
		if (f->recovery[i].taken &&
		    findings_is_load(f->recovery[i].kind, f->recovery[i].subject))
			recovery_row(out, &f->recovery[i], cycles);
	end_table(out);
}

void
html_recovery(FILE *out, const struct findings *f, const struct chart_set *set)
{
	bool any = false;

	html_section(
	    out, "recovery", "Recovery",
	    "Time 0 is the release of all connections. t50, t90 and t99 say when so "
	    "much of what had been taken was back; what never settles is the "
	    "residual.");
	for (size_t i = 0; i < set->count; i++)
		if (set->charts[i].apart)
			html_chart(out, set, i);
	for (size_t i = 0; i < f->recovery_count; i++)
		any |= f->recovery[i].taken;
	if (any)
		recovery_table(out, f);
	else
		write_empty(out,
			    "No recovery was measured: the run ended before the release, "
			    "released nothing, or had taken nothing.");
	html_section_end(out);
}

/* ----------------------------------------------------------------------------- evidence */

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
		    out, "first %s() → %s, %s times in all, with %s held",
		    entry->failure->call, entry->failure->error,
		    amount(UNIT_COUNT, (double)entry->failure->count, value),
		    amount(UNIT_COUNT, (double)entry->failure->first_held, limit));
	if (entry->evidence == NULL)
		return;
	if (entry->evidence->has_value)
		html_format(out, ": %s",
			    amount(findings_unit(entry->item, entry->evidence),
				   (double)entry->evidence->value, value));
	if (entry->evidence->has_limit)
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
	    out, "evidence", "What happened, in order",
	    "The earliest first evidence names the limit; what follows from it is "
	    "listed as a consequence.");
	if (rows.count == 0) {
		write_empty(out, "Nothing failed and nothing was noted.");
	} else {
		begin_table(out, "Evidence in time order", headings, COUNT(headings));
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
		end_table(out);
	}
	html_section_end(out);
	free(rows.data);
}

void
html_ruled_out(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { "limit", "by which number" };
	size_t rows = 0;

	(void)set;
	html_section(out, "ruled-out", "What was ruled out",
		     "Limits that were not met, with the number that says so.");
	for (size_t i = 0; i < f->item_count; i++) {
		if (strcmp(f->items[i].kind, "ruled-out") != 0)
			continue;
		if (rows++ == 0)
			begin_table(out, "Ruled out", headings, COUNT(headings));
		fputs("<tr><th scope=\"row\"><code>", out);
		html_text(out, f->items[i].limit_id);
		fputs("</code></th>", out);
		html_cell(out, "%s", f->items[i].text);
		fputs("</tr>\n", out);
	}
	if (rows > 0)
		end_table(out);
	else
		write_empty(out, "Nothing could be ruled out: too little was stored.");
	html_section_end(out);
}

static size_t
list_items(FILE *out, const struct findings *f, const char *kind, const char *title,
	   const char *list)
{
	size_t rows = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		if (strcmp(f->items[i].kind, kind) != 0)
			continue;
		if (rows == 0 && title != NULL)
			fprintf(out, "<h3>%s</h3>\n", title);
		if (rows++ == 0)
			fprintf(out, "<%s>\n", list);
		fputs("<li>", out);
		if (f->items[i].limit_id[0] != '\0') {
			fputs("<code>", out);
			html_text(out, f->items[i].limit_id);
			fputs("</code> ", out);
		}
		html_text(out, f->items[i].text);
		fputs("</li>\n", out);
	}
	if (rows > 0)
		fprintf(out, "</%s>\n", list);
	return rows;
}

void
html_advice(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(out, "advice", "What to do", NULL);
	if (list_items(out, f, "recommendation", NULL, "ol") == 0)
		write_empty(out, f->broke
				     ? "No rule has advice for this."
				     : "Nothing gave way, so there is nothing to raise.");
	list_items(out, f, "note", "Also seen", "ul");
	html_section_end(out);
}
