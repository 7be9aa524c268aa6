#include "report/html_sections.h"

#include <string.h>

#include "report/html_chart.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

static bool
is_of_load(const struct findings *f, const void *row)
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
				 f, is_of_load, "Recovery");
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
