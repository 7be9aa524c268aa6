#include "report/text_sections.h"

#include <string.h>

#include "analyse/noun.h"
#include "report/amount.h"
#include "report/text_write.h"

static void
growth_row(struct table *table, const struct findings_level *level)
{
	char text[AMOUNT_SIZE];

	table_cell(table, "%s", level->subject);
	table_cell(table, "%s", noun_of(level->resource));
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

/* "0.3", or "-" where it is not known. */
static void
seconds_cell(struct table *table, double seconds)
{
	if (seconds < 0)
		table_cell(table, "-");
	else
		table_cell(table, "%.2f s", seconds);
}

static void
cycle_row(struct table *table, const struct findings_cycle *c)
{
	char text[AMOUNT_SIZE];

	table_cell(table, "%lld", (long long)c->cycle + 1);
	table_cell(
	    table, "%s",
	    amount_known(c->broke_held >= 0, UNIT_COUNT, (double)c->broke_held, text));
	table_cell(table, "%s", c->limit_id[0] != '\0' ? c->limit_id : "-");
	table_cell(table, "%s", c->recovered[0] != '\0' ? c->recovered : "-");
	seconds_cell(table, c->settled_s);
	seconds_cell(table, c->service_s);
	seconds_cell(table, c->latency_s);
	seconds_cell(table, c->ports_s);
}

static void
trend_lines(const struct findings *f, const struct report_options *options, FILE *out)
{
	for (size_t i = 0; i < f->cycle_trend_count; i++) {
		const struct findings_cycle_trend *t = &f->cycle_trends[i];
		char text[AMOUNT_SIZE];

		if (strcmp(t->class, "none") != 0)
			text_line(options, out, "%s%s%s: %s, %s a cycle",
				  noun_of(t->resource),
				  strcmp(t->kind, "run") == 0 ? "" : " of ",
				  strcmp(t->kind, "run") == 0 ? "" : t->subject, t->class,
				  amount(t->unit, t->per_cycle.value, text));
	}
}

void
text_cycles(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const texts[] = { "cycle",     "broke at", "limit",
					     "recovered", "all back", "service",
					     "latency",   "ports" };
	struct table table;

	if (f->cycle_count < 2)
		return;
	text_heading("Cycles (times since the release)", options, out);
	table_begin(&table, "rrllrrrr");
	text_headings(&table, texts);
	for (size_t i = 0; i < f->cycle_count; i++)
		cycle_row(&table, &f->cycles[i]);
	text_table(&table, options, out);
	trend_lines(f, options, out);
}
