#include "report/html_sections.h"

#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_terms.h"
#include "report/html_write.h"

static void
expected_row(FILE *out, const struct findings_expected *e)
{
	const struct figure_value *v = &e->value;
	const char *passed = e->passed ? "pass" : "FAIL";
	char value[FIGURE_TEXT_SIZE], low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	fprintf(out, "<tr><td><span class=\"badge %s\">%s</span></td>", passed, passed);
	fputs("<th scope=\"row\"><code>", out);
	html_text(out, e->expression);
	fputs("</code></th>", out);
	html_figure(out, "%s",
		    v->known ? figure_format(e->unit, v->value, value) : "not known");
	if (v->has_interval)
		html_figure(out, "%s .. %s", figure_format(e->unit, v->low, low),
			    figure_format(e->unit, v->high, high));
	else
		html_figure(out, "–");
	fputs("</tr>\n", out);
}

void
html_expected(FILE *out, const struct findings *f, const struct chart_set *set)
{
	static const char *const headings[] = { "", "expected", ">seen",
						">95 % interval" };

	(void)set;
	if (f->expected_count == 0)
		return;
	html_section(out, "expectations", "Expectations",
		     "What was asked of the run with --expect, and what was seen.");
	html_table(out, "Expectations", headings, sizeof(headings) / sizeof(headings[0]));
	for (size_t i = 0; i < f->expected_count; i++)
		expected_row(out, &f->expected[i]);
	html_table_end(out);
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
	html_section(out, "advice", "What to do", NULL);
	if (html_items(out, f, "recommendation", NULL, "ol") == 0)
		html_empty(out, f->broke
				    ? "No rule has advice for this."
				    : "Nothing gave way, so there is nothing to raise.");
	html_items(out, f, "note", "Also seen", "ul");
	html_section_end(out);
}
