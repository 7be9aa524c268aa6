#include "report/html_sections.h"

#include "base/clock.h"
#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char others[] = "Growth process by process, and of brink itself";

static void
class_cell(FILE *out, const struct findings_level *level)
{
	fprintf(out, "<td><span class=\"badge %s\">", level->class);
	html_text(out, level->class);
	fputs("</span>", out);
	if (level->weak)
		html_aside(out, "weak");
	fputs("</td>", out);
}

static void
growth_row(FILE *out, const struct findings_level *level)
{
	char text[AMOUNT_SIZE];

	html_resource_row(out, level->resource, level->subject);
	class_cell(out, level);
	html_estimate(out, &level->per_connection, level->unit, "");
	html_cell(out, "%s", level->pattern[0] != '\0' ? level->pattern : "–");
	html_estimate(out, &level->over_time, level->unit, "/s");
	if (level->trend_p >= 0)
		html_figure(out, "%.2g", level->trend_p);
	else
		html_figure(out, "–");
	/* 0: the look was long enough. */
	html_figure(out, "%s",
		    level->needed_s > 0
			? amount(UNIT_US, level->needed_s * (double)US_PER_S, text)
			: "–");
	fputs("</tr>\n", out);
}

/* The rows of the load, or of the others, that grew, or that did not. */
static void
growth_rows(FILE *out, const struct findings *f, bool load, bool grew)
{
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (!findings_is_seen(level) || level->class[0] == '\0' ||
		    findings_is_load(level->kind, level->subject) != load ||
		    findings_grew(level) != grew)
			continue;
		growth_row(out, level);
	}
}

/* What grew comes first. */
static void
growth_table(FILE *out, const struct findings *f, bool load, const char *caption)
{
	static const char *const headings[] = { "resource", "class",      ">a connection",
						"pattern",  ">over time", ">chance",
						">needs" };

	html_table(out, caption, headings, COUNT(headings));
	growth_rows(out, f, load, true);
	growth_rows(out, f, load, false);
	html_table_end(out);
}

/* The sides of a connection's memory, and their total. */
static void
cost_table(FILE *out, const struct findings *f)
{
	static const char *const headings[] = { "memory of", ">a connection" };
	char text[AMOUNT_SIZE];

	if (f->cost_count == 0)
		return;
	fputs("<h3>What a connection costs</h3>\n", out);
	html_table(out, "Memory of a connection by side", headings, COUNT(headings));
	for (size_t i = 0; i < f->cost_count; i++) {
		fprintf(out, "<tr><th scope=\"row\">%s</th>", f->costs[i].side);
		fputs("<td class=\"n\">", out);
		html_text(out, amount_told(&f->costs[i].bytes, UNIT_BYTES, text));
		html_aside(out, amount_interval(&f->costs[i].bytes, UNIT_BYTES, text));
		fputs("</td></tr>\n", out);
	}
	html_table_end(out);
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
	html_section(
	    out, "growth", "Growth",
	    "What each level follows: the connections (a connection), or time while they "
	    "stand still (over time), which is a leak. Below each is its 95 % interval. "
	    "Where the still stretches were too short to tell, needs says how long one "
	    "has to be: see --hold.");
	if (!has_class(f)) {
		html_empty(out, "Nothing is known of growth: the run has no baseline, or "
				"was not analysed.");
		html_section_end(out);
		return;
	}
	growth_table(out, f, true, "Growth");
	fprintf(out, "<details><summary>%s</summary>\n", others);
	growth_table(out, f, false, others);
	fputs("</details>\n", out);
	cost_table(out, f);
	if (html_items(out, f, "leak", "Found to leak", "ul") == 0)
		fputs("<p class=\"note\">Nothing was found to leak.</p>\n", out);
	html_section_end(out);
}
