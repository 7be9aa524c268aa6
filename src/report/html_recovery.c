#include "report/html_sections.h"

#include <string.h>

#include "report/amount.h"
#include "report/html_chart.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
recovery_row(FILE *out, const struct findings_recovery *r, bool cycles)
{
	const int64_t times[] = { r->t50_us, r->t90_us, r->t99_us, r->settled_us };
	char text[AMOUNT_SIZE];

	html_resource_row(out, r->resource, r->subject);
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
	html_table(out, "Recovery", cycles ? cycled : plain,
		   cycles ? COUNT(cycled) : COUNT(plain));
	for (size_t i = 0; i < f->recovery_count; i++)
		if (f->recovery[i].taken &&
		    findings_is_load(f->recovery[i].kind, f->recovery[i].subject))
			recovery_row(out, &f->recovery[i], cycles);
	html_table_end(out);
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

	html_section(
	    out, "recovery", "Recovery",
	    "Time 0 is the release of all connections. t50, t90 and t99 say when so "
	    "much of what had been taken was back; what never settles is the "
	    "residual.");
	write_curves(out, f, set);
	for (size_t i = 0; i < f->recovery_count; i++)
		any |= f->recovery[i].taken;
	if (any)
		recovery_table(out, f);
	else
		html_empty(out,
			   "No recovery was measured: the run ended before the release, "
			   "released nothing, or had taken nothing.");
	html_section_end(out);
}

/* ------------------------------------------------------------------------------- cycles */

static void
seconds_cell(FILE *out, double seconds)
{
	if (seconds < 0)
		html_figure(out, "–");
	else
		html_figure(out, "%.2f s", seconds);
}

static void
cycle_row(FILE *out, const struct findings_cycle *c)
{
	const double times[] = { c->settled_s, c->service_s, c->latency_s, c->ports_s };
	char text[AMOUNT_SIZE];

	fprintf(out, "<tr><th scope=\"row\" class=\"n\">%lld</th>",
		(long long)c->cycle + 1);
	html_figure(out, "%s",
		    c->broke_held >= 0 ? amount(UNIT_COUNT, (double)c->broke_held, text)
				       : "–");
	html_cell(out, "%s", c->limit_id[0] != '\0' ? c->limit_id : "–");
	html_cell(out, "%s", c->recovered[0] != '\0' ? c->recovered : "–");
	for (size_t i = 0; i < COUNT(times); i++)
		seconds_cell(out, times[i]);
	html_cell(out, "%s", c->remains != NULL ? c->remains : "nothing");
	fputs("</tr>\n", out);
}

static void
trend_table(FILE *out, const struct findings *f)
{
	static const char *const headings[] = { "resource", "trend", ">a cycle",
						">cycles" };
	size_t rows = 0;

	for (size_t i = 0; i < f->cycle_trend_count; i++) {
		const struct findings_cycle_trend *t = &f->cycle_trends[i];

		if (strcmp(t->class, "none") == 0)
			continue;
		if (rows++ == 0) {
			fputs("<h3>What changed from cycle to cycle</h3>\n", out);
			html_table(out, "Trends over the cycles", headings,
				   COUNT(headings));
		}
		html_resource_row(out, t->resource, t->subject);
		fprintf(out, "<td><span class=\"badge %s\">%s</span></td>", t->class,
			t->class);
		html_estimate(out, &t->per_cycle, t->unit, "");
		html_figure(out, "%lld", (long long)t->cycles);
		fputs("</tr>\n", out);
	}
	if (rows > 0)
		html_table_end(out);
	else
		fputs("<p class=\"note\">Nothing changed from cycle to cycle.</p>\n",
		      out);
}

void
html_cycles(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { ">cycle",    ">broke at", "limit",
						"recovered", ">all back", ">service",
						">latency",  ">ports",    "residual" };

	(void)set;
	if (f->cycle_count < 2)
		return;
	html_section(
	    out, "cycles", "Cycles",
	    "Load and release again and again: a high-water mark is kept once, a leak "
	    "grows in every cycle. Times are since the release: until all was back, "
	    "until a newcomer was served, as fast as before the load, and until no port "
	    "was in TIME_WAIT.");
	html_table(out, "Cycles", headings, COUNT(headings));
	for (size_t i = 0; i < f->cycle_count; i++)
		cycle_row(out, &f->cycles[i]);
	html_table_end(out);
	trend_table(out, f);
	html_section_end(out);
}
