#include "report/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "model/limit.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/compared.h"
#include "report/report.h"

#define BOLD   "\033[1m"
#define PLAIN  "\033[0m"

#define INDENT "  "

void
text_heading(const char *heading, const struct report_options *options, FILE *out)
{
	if (options->heading != NULL)
		heading = options->heading;
	if (options->markdown)
		fprintf(out, "\n## %s\n\n", heading);
	else
		fprintf(out, "\n%s%s%s\n", options->colour ? BOLD : "", heading,
			options->colour ? PLAIN : "");
}

void
text_headings(struct table *table, const char *const *headings)
{
	for (size_t i = 0; i < table->columns; i++)
		table_cell(table, "%s", headings[i]);
}

void
text_table(struct table *table, const struct report_options *options, FILE *out)
{
	if (options->markdown) {
		table_end_markdown(table, out);
		fputc('\n', out);
	} else
		table_end(table, INDENT, out);
}

/* What printf would make; the caller frees it. */
static char *make_text(const char *fmt, va_list args)
    __attribute__((format(printf, 1, 0)));

static char *
make_text(const char *fmt, va_list args)
{
	char *text;

	if (vasprintf(&text, fmt, args) == -1)
		fatal("cannot hold a line of the report");
	return text;
}

void
text_line(const struct report_options *options, FILE *out, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = make_text(fmt, args);
	va_end(args);
	fputs(options->markdown ? "- " : INDENT, out);
	if (options->markdown)
		table_write_markdown(text, out);
	else
		fputs(text, out);
	fputc('\n', out);
	free(text);
}

void
text_pair(const struct report_options *options, FILE *out, const char *name,
	  const char *fmt, ...)
{
	char *text, *escaped;
	va_list args;

	va_start(args, fmt);
	text = make_text(fmt, args);
	va_end(args);
	escaped = escape_text(text);
	if (escaped[0] != '\0' && options->markdown)
		text_line(options, out, "%s: %s", name, escaped);
	else if (escaped[0] != '\0')
		text_line(options, out, "%-12s %s", name, escaped);
	free(escaped);
	free(text);
}

size_t
text_findings(const struct findings *f, const char *kind,
	      const struct report_options *options, FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		char *text;

		if (strcmp(f->items[i].kind, kind) != 0)
			continue;
		text = escape_text(f->items[i].text);
		text_line(options, out, "%s", text);
		free(text);
		n++;
	}
	return n;
}
/* ----------------------------------------------------------------------------- sections */

static bool
is_figure(const struct cell *cell)
{
	return cell->column->style == STYLE_FIGURE;
}

/* A figure's interval is a column of its own. */
static bool
has_interval(const struct section *section, size_t i, const struct cell *cell)
{
	return is_figure(cell) && cell->column->aside != NULL &&
	       !section->columns[i].bare;
}

static void
begin_table(struct table *table, const struct section *section, char *align)
{
	const char *titles[2 * SECTION_COLUMNS];
	size_t n = 0;

	for (size_t i = 0; i < section_columns(section); i++) {
		struct cell cell = section_cell(section, i, NULL, NULL);

		if (section->columns[i].only == SECTION_HTML)
			continue;
		align[n] = is_figure(&cell) ? 'r' : 'l';
		titles[n++] = cell.column->title;
		if (has_interval(section, i, &cell)) {
			align[n] = 'r';
			titles[n++] = "95 % interval";
		}
	}
	align[n] = '\0';
	table_begin(table, align);
	text_headings(table, titles);
}

static void
write_cell(struct table *table, const char *text, const char *aside)
{
	char *escaped = escape_text(text[0] != '\0' ? text : "-");

	table_cell(table, "%s%s%s", escaped, aside[0] != '\0' ? ", " : "", aside);
	free(escaped);
}

static void
write_row(struct table *table, const struct section *section, const struct findings *f,
	  const void *row)
{
	for (size_t i = 0; i < section_columns(section); i++) {
		struct cell cell = section_cell(section, i, f, row);
		char text[AMOUNT_SIZE], aside[AMOUNT_SIZE];

		if (section->columns[i].only == SECTION_HTML)
			continue;
		write_cell(table, cell_text(&cell, text),
			   is_figure(&cell) ? "" : cell_aside(&cell, aside));
		if (has_interval(section, i, &cell))
			write_cell(table, cell_aside(&cell, aside), "");
	}
}

size_t
text_rows(const struct section *section, const struct findings *f,
	  const struct report_options *options, FILE *out)
{
	char align[2 * SECTION_COLUMNS + 1];
	struct table table;
	size_t rows = 0;

	begin_table(&table, section, align);
	for (size_t i = 0; i < section_count(section, f); i++) {
		const void *row = section_row(section, f, i);

		if (row == NULL)
			continue;
		write_row(&table, section, f, row);
		rows++;
	}
	if (rows == 0) {
		table_free(&table);
		return 0;
	}
	text_heading(section->title, options, out);
	text_table(&table, options, out);
	return rows;
}

void
text_part(const struct text_part *part, const struct findings *f,
	  const struct report_options *options, FILE *out)
{
	bool is_there =
	    part->section == NULL || text_rows(part->section, f, options, out) > 0;

	if (is_there && part->lines != NULL)
		part->lines(f, options, out);
}

void
text_more(const struct findings *f, const struct report_options *options, FILE *out)
{
	for (size_t i = 0; i < section_more_count; i++)
		text_rows(section_more[i], f, options, out);
}

void
text_unchanged(const struct findings *f, const struct report_options *options, FILE *out)
{
	size_t count = section_unchanged(f);

	if (count > 0)
		text_line(options, out, "%zu other resource%s unchanged", count,
			  count == 1 ? "" : "s");
}

void
text_forecast(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct findings_forecast *last = &f->forecast[f->forecast_count - 1];
	char at[AMOUNT_SIZE], held[AMOUNT_SIZE];

	text_line(options, out, "made at %s with %s held",
		  amount_time(last->made_at_us, at),
		  amount(UNIT_COUNT, (double)last->made_at_held, held));
}

void
text_leaks(const struct findings *f, const struct report_options *options, FILE *out)
{
	if (text_findings(f, "leak", options, out) == 0)
		text_line(options, out, "nothing was found to leak");
}

void
text_recovered(const struct findings *f, const struct report_options *options, FILE *out)
{
	text_findings(f, "recovery", options, out);
}

void
text_trends(const struct findings *f, const struct report_options *options, FILE *out)
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
text_baseline(const struct findings *f, const struct report_options *options, FILE *out)
{
	char *label = escape_text(f->baseline_label);

	if (f->baseline != NULL && options->markdown) {
		fputc('\n', out);
		compared_markdown(f->baseline, out);
	} else if (f->baseline != NULL) {
		fputc('\n', out);
		compared_text(f->baseline, options, out);
	} else if (f->baseline_label != NULL) {
		text_heading("Baseline", options, out);
		text_line(options, out,
			  "there is no run before this one with the label %s", label);
	}
	free(label);
}

static bool
has_findings(const struct findings *f, const char *kind)
{
	for (size_t i = 0; i < f->item_count; i++)
		if (strcmp(f->items[i].kind, kind) == 0)
			return true;
	return false;
}

void
text_ruled_out(const struct findings *f, const struct report_options *options, FILE *out)
{
	if (!has_findings(f, "ruled-out"))
		return;
	text_heading("Ruled out", options, out);
	text_findings(f, "ruled-out", options, out);
}

void
text_notes(const struct findings *f, const struct report_options *options, FILE *out)
{
	if (!has_findings(f, "note"))
		return;
	text_heading("Notes", options, out);
	text_findings(f, "note", options, out);
}

/* Each names the limit that it is about. */
void
text_recommendations(const struct findings *f, const struct report_options *options,
		     FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		const struct findings_item *item = &f->items[i];
		char number[24] = "", *text;

		if (strcmp(item->kind, "recommendation") != 0)
			continue;
		if (n++ == 0)
			text_heading("Recommendations", options, out);
		text = escape_text(item->text);
		if (!options->markdown)
			snprintf(number, sizeof(number), "%zu. ", n);
		text_line(options, out, "%s%s%s%s", number, item->limit_id,
			  item->limit_id[0] != '\0' ? ": " : "", text);
		free(text);
	}
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

void
text_environment(const struct findings *f, const struct report_options *options,
		 FILE *out)
{
	const struct findings_health *h = &f->health;
	time_t started = (time_t)(f->run.started_unix_us / US_PER_S);
	char memory[AMOUNT_SIZE], when[64] = "";
	struct tm tm;

	text_heading("Environment", options, out);
	if (gmtime_r(&started, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	text_pair(options, out, "started", "%s", when);
	text_pair(options, out, "command", "%s", or_empty(f->run.command));
	text_pair(options, out, "brink", "%s", f->run.version);
	text_pair(options, out, "system", "%s", or_empty(f->host.distribution));
	if (options->markdown)
		text_pair(options, out, "kernel", "Linux %s", or_empty(f->host.kernel));
	text_pair(options, out, "processor", "%s", or_empty(f->host.cpu_model));
	text_pair(options, out, "machine", "%lld online, %s of memory, %s",
		  (long long)f->host.cpus,
		  amount(UNIT_BYTES, (double)f->host.memory_bytes, memory),
		  or_empty(f->host.machine));
	text_pair(options, out, "container", "%s", or_empty(f->host.container));
	text_pair(options, out, "measurement",
		  "%lld ticks, %lld missed, late by %lld us at most, %lld gaps",
		  (long long)h->ticks, (long long)h->missed_ticks,
		  (long long)h->late_max_us, (long long)h->gaps);
}

/* ------------------------------------------------------------------------------ verdict */

/* Outcomes and the colour of their word: SGR of ECMA-48. */
static const struct {
	const char *outcome, *colour;
} colours[] = {
	{ "survived", "\033[1;32m" }, { "broke", "\033[1;31m" },
	{ "crashed", "\033[1;31m" },  { "stalled", "\033[1;31m" },
	{ "failed", "\033[1;31m" },
};

static const char *
colour_of(const char *outcome)
{
	for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]); i++)
		if (strcmp(colours[i].outcome, outcome) == 0)
			return colours[i].colour;
	return "\033[1;33m";
}

static void
write_word(const struct findings *f, const struct report_options *options, FILE *out)
{
	const char *outcome = f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state;

	if (options->colour)
		fputs(colour_of(outcome), out);
	for (const char *p = outcome; *p != '\0'; p++)
		fputc(toupper((unsigned char)*p), out);
	if (options->colour)
		fputs(PLAIN, out);
}

void
text_headline(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct findings_item *verdict = findings_verdict(f);
	char held[AMOUNT_SIZE], after[AMOUNT_SIZE];
	char *text;

	write_word(f, options, out);
	if (f->broke) {
		fprintf(out, " at %s held, %s after the first attempt\n",
			amount(UNIT_COUNT, (double)f->breaking.held, held),
			units_format(UNIT_US, f->breaking.since_attempt_us, after));
		return;
	}
	text = escape_text(verdict != NULL ? verdict->text : "not analysed yet");
	fprintf(out, ": %s\n", text);
	free(text);
}

static void
write_limit(const struct findings *f, const struct findings_item *verdict, FILE *out)
{
	char *text = escape_text(verdict->text);

	fprintf(out, "  %-9s %s   %s%s%s%s\n",
		f->breaking.limit_id[0] != '\0' ? "limit" : "cause", text,
		verdict->confidence, f->breaking.limit_id[0] != '\0' ? ": " : "",
		f->breaking.limit_id, verdict->weak ? ", weak" : "");
	free(text);
}

/* Established is what the clients see, accepted what the server took: never one number. */
static void
write_counts(const struct findings *f, FILE *out)
{
	const struct findings_break *b = &f->breaking;
	char n[4][AMOUNT_SIZE];

	fprintf(out,
		"  %-9s %s attempted, %s established, %s accepted, %s served at that "
		"instant\n",
		"counts", amount(UNIT_COUNT, (double)b->attempted, n[0]),
		amount(UNIT_COUNT, (double)b->established, n[1]),
		amount(UNIT_COUNT, (double)b->accepted, n[2]),
		amount(UNIT_COUNT, (double)b->served, n[3]));
}

/* "fds of acceptor 2: 20,000 of 20,000, at 10.013 s" */
static void
write_evidence(const struct findings_evidence *e, enum unit unit, const char *heading,
	       FILE *out)
{
	char value[AMOUNT_SIZE], limit[AMOUNT_SIZE], at[AMOUNT_SIZE];
	char *what = escape_text(e->what);

	fprintf(out, "  %-9s %s", heading, what);
	if (e->value >= 0)
		fprintf(out, ": %s", amount(unit, (double)e->value, value));
	if (e->limit >= 0)
		fprintf(out, " of %s", amount(unit, (double)e->limit, limit));
	if (e->t_us >= 0)
		fprintf(out, ", at %s", amount_time(e->t_us, at));
	fputc('\n', out);
	free(what);
}

static void
write_proof(const struct findings_item *item, FILE *out)
{
	for (size_t i = 0; i < item->evidence_count; i++)
		write_evidence(&item->evidence[i],
			       findings_unit(item, &item->evidence[i]),
			       i == 0 ? "evidence" : "", out);
}

static void
write_consequences(const struct findings *f, FILE *out)
{
	const char *heading = "then";

	for (size_t i = 0; i < f->item_count; i++) {
		char *text, at[AMOUNT_SIZE];

		if (strcmp(f->items[i].kind, "consequence") != 0)
			continue;
		text = escape_text(f->items[i].text);
		fprintf(out, "  %-9s %s, from %s on (a consequence)\n", heading, text,
			amount_time(f->items[i].t_us, at));
		free(text);
		heading = "";
	}
}

static void
write_side(const struct findings *f, FILE *out)
{
	const struct findings_health *h = &f->health;
	char used[AMOUNT_SIZE], slots[AMOUNT_SIZE], missed[AMOUNT_SIZE],
	    rate[FINDINGS_RATE];

	if (f->broke)
		fprintf(out, "  %-9s %s. ", "side", f->breaking.side);
	else
		fprintf(out, "  %-9s ", "schedule");
	if (f->run.rate > 0)
		fprintf(out, "The client side %s its schedule",
			findings_kept_schedule(f) ? "kept" : "did not keep");
	else
		fputs("The server sets the pace at full rate", out);
	fprintf(out, ": %s of %s slots, %s missed%s\n",
		amount(UNIT_COUNT, (double)(h->slots - h->missed_slots), used),
		amount(UNIT_COUNT, (double)h->slots, slots),
		amount(UNIT_COUNT, (double)h->missed_slots, missed),
		findings_rate(f, rate, sizeof(rate)));
}

static void
write_next(const struct findings *f, FILE *out)
{
	const struct findings_forecast *next = findings_next(f);
	char at[AMOUNT_SIZE];

	if (next != NULL)
		fprintf(out, "  %-9s with that raised: %s of %s, at %s\n", "next",
			display_name_of(next->resource), next->subject,
			amount(UNIT_COUNT, next->at, at));
}

void
text_proof(const struct findings *f, FILE *out)
{
	const struct findings_item *verdict = findings_verdict(f);

	if (verdict != NULL && !f->broke && f->health.slots > 0)
		write_side(f, out);
	if (!f->broke || verdict == NULL)
		return;
	write_limit(f, verdict, out);
	write_counts(f, out);
	write_proof(verdict, out);
	write_consequences(f, out);
	write_side(f, out);
	write_next(f, out);
}

/* --------------------------------------------------------------------------- the report */

/* "run 17 · leak · 20,000 clients at 2,000/s · 4 acceptors, 2 forkers · host …" */
void
text_title(const struct findings *f, FILE *out)
{
	const struct findings_run *run = &f->run;
	char *label = escape_text(run->label), *host = escape_text(f->host.name);
	char *kernel = escape_text(f->host.kernel);
	char clients[AMOUNT_SIZE], rate[AMOUNT_SIZE], text[192], *server;

	fprintf(out, "run %lld", (long long)run->run_id);
	if (label[0] != '\0')
		fprintf(out, " · %s", label);
	fprintf(out, " · %s clients at %s",
		run->clients > 0 ? amount(UNIT_COUNT, (double)run->clients, clients)
				 : "unlimited",
		run->rate > 0 ? units_format(UNIT_RATE, run->rate, rate) : "full rate");
	server = escape_text(findings_server(run, text, sizeof(text)));
	fprintf(out, " · %s, %lld forker%s · host %s, Linux %s\n\n", server,
		(long long)run->forkers, run->forkers == 1 ? "" : "s", host, kernel);
	free(server);
	free(kernel);
	free(host);
	free(label);
}

/* In this order. */
static const struct text_part parts[] = {
	{ .section = &section_expectations },
	{ .section = &section_initial },
	{ .section = &section_progress },
	{ .section = &section_resources, .lines = text_unchanged },
	{ .section = &section_own },
	{ .section = &section_costs },
	{ .section = &section_memory },
	{ .section = &section_growth, .lines = text_leaks },
	{ .section = &section_forecast, .lines = text_forecast },
	{ .section = &section_recovery, .lines = text_recovered },
	{ .section = &section_cycles, .lines = text_trends },
	{ .section = &section_latency },
	{ .lines = text_more },
	{ .lines = text_ruled_out },
	{ .lines = text_notes },
	{ .lines = text_recommendations },
	{ .lines = text_baseline },
	{ .lines = text_environment },
};

void
report_text(const struct findings *f, const struct report_options *options, FILE *out)
{
	text_title(f, out);
	text_headline(f, options, out);
	text_proof(f, out);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		text_part(&parts[i], f, options, out);
}
