#include "report/text_sections.h"

#include "analyse/display_name.h"
#include "report/amount.h"
#include "report/text_write.h"

static void
growth_row(struct table *table, const struct findings_level *level)
{
	char text[AMOUNT_SIZE];

	table_cell(table, "%s", level->subject);
	table_cell(table, "%s", display_name_of(level->resource));
	table_cell(table, "%s%s", level->class, level->weak ? ", weak" : "");
	table_cell(table, "%s", level->pattern[0] != '\0' ? level->pattern : "-");
	if (level->over_time.known)
		table_cell(table, "%s/s",
			   amount(level->unit, level->over_time.value, text));
	else
		table_cell(table, "-");
	table_cell(table, "%s", amount_interval(&level->over_time, level->unit, text));
	if (level->trend_p >= 0)
		table_cell(table, "%.2g", level->trend_p);
	else
		table_cell(table, "-");
}

void
text_growth(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const texts[] = { "subject",   "resource",
					     "class",     "on connections",
					     "over time", "95 % interval",
					     "chance" };
	struct table table;
	size_t rows = 0;

	table_begin(&table, "llllrrr");
	text_headings(&table, texts);
	for (size_t i = 0; i < f->level_count; i++)
		if (text_shows(&f->levels[i]) && findings_grew(&f->levels[i])) {
			growth_row(&table, &f->levels[i]);
			rows++;
		}
	if (rows == 0) {
		table_free(&table);
		return;
	}
	text_heading("Growth", options, out);
	text_table(&table, options, out);
	if (text_findings(f, "leak", options, out) == 0)
		text_line(options, out, "nothing was found to leak");
}
