#include "report/html_sections.h"

#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_terms.h"
#include "report/html_write.h"

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
