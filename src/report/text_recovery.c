#include "report/text_sections.h"

#include <string.h>

#include "analyse/display_name.h"
#include "report/amount.h"
#include "report/text_write.h"

static void
recovery_row(struct table *table, const struct findings_recovery *r)
{
	const int64_t times[] = { r->t50_us, r->t90_us, r->t99_us, r->settled_us };
	char text[AMOUNT_SIZE];

	table_cell(table, "%s", r->subject);
	table_cell(table, "%s", r->resource);
	table_cell(table, "%.1f %%", 100 * r->recovered);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		table_cell(table, "%s", amount_time(times[i], text));
	table_cell(table, "%s", amount(r->unit, r->residual, text));
}

void
text_recovery(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "subject", "resource", "recovered",
						"50 %",    "90 %",     "99 %",
						"settled", "residual" };
	struct table table;
	size_t rows = 0;

	table_begin(&table, "llrrrrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->recovery_count; i++) {
		if (strcmp(f->recovery[i].kind, "process") == 0 ||
		    !f->recovery[i].taken || f->recovery[i].cycle > 0)
			continue;
		recovery_row(&table, &f->recovery[i]);
		rows++;
	}
	if (rows == 0) {
		table_free(&table);
		return;
	}
	text_heading("Recovery (times since the release)", options, out);
	text_table(&table, options, out);
	text_findings(f, "recovery", options, out);
}

/* ------------------------------------------------------------------------------- cycles */

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
		bool whole = strcmp(t->kind, "run") == 0;
		char text[AMOUNT_SIZE];

		if (strcmp(t->class, "none") != 0)
			text_line(options, out, "%s%s%s: %s, %s a cycle",
				  display_name_of(t->resource), whole ? "" : " of ",
				  whole ? "" : t->subject, t->class,
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
