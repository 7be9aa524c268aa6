#include "report/html_sections.h"

#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

static const char others[] = "Growth process by process, and of brink itself";

static bool
is_told(const struct findings_level *level, bool load, bool grew)
{
	return findings_is_seen(level) && level->class[0] != '\0' &&
	       findings_is_load(level->kind, level->subject) == load &&
	       findings_grew(level) == grew;
}

static bool
load_that_grew(const struct findings *f, const void *row)
{
	(void)f;
	return is_told(row, true, true);
}

static bool
load_that_did_not(const struct findings *f, const void *row)
{
	(void)f;
	return is_told(row, true, false);
}

static bool
other_that_grew(const struct findings *f, const void *row)
{
	(void)f;
	return is_told(row, false, true);
}

static bool
other_that_did_not(const struct findings *f, const void *row)
{
	(void)f;
	return is_told(row, false, false);
}

/* What grew comes first. */
static void
growth_table(FILE *out, const struct findings *f, html_shows *grew, html_shows *did_not,
	     const char *caption)
{
	html_section_table(out, &section_growth, caption);
	html_section_rows(out, &section_growth, f, grew);
	html_section_rows(out, &section_growth, f, did_not);
	html_table_end(out);
}

/* The sides of a connection's memory, and their total. */
static void
cost_table(FILE *out, const struct findings *f)
{
	if (f->cost_count == 0)
		return;
	fputs("<h3>What a connection costs</h3>\n", out);
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
	growth_table(out, f, load_that_grew, load_that_did_not, NULL);
	fprintf(out, "<details><summary>%s</summary>\n", others);
	growth_table(out, f, other_that_grew, other_that_did_not, others);
	fputs("</details>\n", out);
	cost_table(out, f);
	if (html_items(out, f, "leak", "Found to leak", "ul") == 0)
		fputs("<p class=\"note\">Nothing was found to leak.</p>\n", out);
	html_section_end(out);
}
