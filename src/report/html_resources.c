#include "report/html_sections.h"

#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

static const char others[] = "Process by process, and brink itself";

static bool
is_of_load(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	(void)f;
	return findings_is_load(level->kind, level->subject) && findings_is_seen(level);
}

static bool
is_of_others(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	(void)f;
	return !findings_is_load(level->kind, level->subject) && findings_is_seen(level);
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
	} else {
		html_section_all(out, &section_resources, f, is_of_load, "Resources");
		fprintf(out, "<details><summary>%s</summary>\n", others);
		html_section_all(out, &section_resources, f, is_of_others, others);
		fputs("</details>\n", out);
	}
	html_section_end(out);
}
