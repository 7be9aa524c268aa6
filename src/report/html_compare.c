#include "report/html_page.h"

#include <stdlib.h>

#include "analyse/compare.h"
#include "analyse/rows.h"
#include "report/amount.h"
#include "report/chart.h"

/* The runs, and each but the first held against the first. */
struct compared {
	const struct findings *runs;
	struct comparison *comparisons; /* count - 1 */
	size_t count;
};

static void
begin_comparison(FILE *out, const struct comparison *c, const char *const *headings,
		 size_t count)
{
	char title[80];

	snprintf(title, sizeof(title), "Run %lld against run %lld", (long long)c->after,
		 (long long)c->before);
	fprintf(out, "<h3>%s</h3>\n", title);
	html_table(out, title, headings, count);
}

static void
write_differences(FILE *out, const struct comparison *c)
{
	static const char *const headings[] = { "of", "what", "before", "after" };

	begin_comparison(out, c, headings, sizeof(headings) / sizeof(headings[0]));
	for (size_t i = 0; i < c->difference_count; i++) {
		const struct difference *d = &c->differences[i];

		fputs("<tr>", out);
		html_cell(out, "%s", d->kind);
		html_cell(out, "%s", d->name);
		html_cell(out, "%s", d->before[0] != '\0' ? d->before : "–");
		html_cell(out, "%s", d->after[0] != '\0' ? d->after : "–");
		fputs("</tr>\n", out);
	}
	if (c->difference_count == 0)
		fputs("<tr><td colspan=\"4\">Plan, host, settings and verdict are the "
		      "same.</td></tr>\n",
		      out);
	html_table_end(out);
}

static void
value_cell(FILE *out, const struct contrast *c, bool known, double value)
{
	char text[FIGURE_TEXT_SIZE];

	html_figure(out, "%s",
		    known ? figure_format(c->figure->unit, value, text) : "not known");
}

static void
write_contrast(FILE *out, const struct contrast *c)
{
	char low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	fputs("<tr><td><span class=\"badge ", out);
	fputs(judgement_name(c->judgement), out);
	fputs("\">", out);
	html_text(out, judgement_name(c->judgement));
	fputs("</span></td>", out);
	html_cell(out, "%s", c->figure->name);
	value_cell(out, c, c->before.known, c->before.value);
	value_cell(out, c, c->after.known, c->after.value);
	value_cell(out, c, c->known, c->difference);
	if (c->has_interval)
		html_figure(out, "%s .. %s", figure_format(c->figure->unit, c->low, low),
			    figure_format(c->figure->unit, c->high, high));
	else
		html_figure(out, "–");
	fputs("</tr>\n", out);
}

static void
write_contrasts(FILE *out, const struct comparison *c)
{
	static const char *const headings[] = {
		"", "figure", ">before", ">after", ">difference", ">95 % interval"
	};

	begin_comparison(out, c, headings, sizeof(headings) / sizeof(headings[0]));
	for (size_t i = 0; i < c->contrast_count; i++)
		write_contrast(out, &c->contrasts[i]);
	html_table_end(out);
}

static void
write_each(FILE *out, const struct compared *c,
	   void (*write)(FILE *out, const struct comparison *comparison))
{
	for (size_t i = 0; i + 1 < c->count; i++)
		write(out, &c->comparisons[i]);
	html_section_end(out);
}

/* --------------------------------------------------------------------------- the page */

static void
write_verdicts(FILE *out, const struct compared *c)
{
	fputs("<header class=\"verdict\"><p class=\"kicker\">brink</p><h1>", out);
	html_format(out, "%zu runs compared", c->count);
	fputs("</h1>\n<dl class=\"facts\">\n", out);
	for (size_t i = 0; i < c->count; i++) {
		const struct findings *f = &c->runs[i];
		const struct findings_item *verdict = findings_verdict(f);
		char held[AMOUNT_SIZE];

		fputs("<div><dt>", out);
		html_format(out, "run %lld", (long long)f->run.run_id);
		if (f->run.label != NULL) {
			fputs(" · <bdi>", out);
			html_text(out, f->run.label);
			fputs("</bdi>", out);
		}
		fputs("</dt><dd><strong>", out);
		html_text(out, f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state);
		fputs("</strong>", out);
		if (f->broke)
			html_format(out, " at %s held",
				    amount(UNIT_COUNT, (double)f->breaking.held, held));
		fputs(": ", out);
		html_text(out, verdict != NULL ? verdict->text : "no verdict");
		fputs("</dd></div>\n", out);
	}
	fputs("</dl></header>\n", out);
}

static void
write_page(FILE *out, const struct html_page *page)
{
	const struct compared *c = page->arg;

	fputs("<main id=\"main\">\n", out);
	write_verdicts(out, c);
	html_section(
	    out, "unlike", "What is not alike",
	    "Only like with like: what differs here may explain everything below.");
	write_each(out, c, write_differences);
	html_section(
	    out, "differences", "Differences",
	    "What got worse comes first, then what got better. Unsure: the interval "
	    "of the difference does not leave out 0, or there is none.");
	write_each(out, c, write_contrasts);
	html_section(
	    out, "timeline", "Laid over each other",
	    "0 is the first attempt of each run. Solid vertical lines are breaking "
	    "points.");
	html_charts(out, page->set, 0);
	html_section_end(out);
	html_words(out);
	fputs("</main>\n", out);
}

static int
draw_page(FILE *out, struct db *db, const struct compared *compared)
{
	struct chart_set set;
	struct html_page page = { "brink: runs compared", &set, write_page, compared };
	int error = chart_set_compare(&set, db, compared->runs, compared->count);

	if (error == 0)
		error = html_page(out, &page);
	chart_set_free(&set);
	return error;
}

int
html_compare(FILE *out, struct db *db, const struct findings *runs, size_t count)
{
	struct compared compared = { runs, rows_alloc(count, sizeof(struct comparison)),
				     count };
	int error = 0;

	for (size_t i = 0; i + 1 < count; i++)
		error |= comparison_load(&compared.comparisons[i], db, runs[0].run.run_id,
					 runs[i + 1].run.run_id);
	if (error == 0)
		error = draw_page(out, db, &compared);
	for (size_t i = 0; i + 1 < count; i++)
		comparison_free(&compared.comparisons[i]);
	free(compared.comparisons);
	return error;
}
