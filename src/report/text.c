#include "report/report.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/limit_rule.h"
#include "analyse/noun.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/text_sections.h"

#define BOLD   "\033[1m"
#define PLAIN  "\033[0m"

#define INDENT "  "

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
text_table(struct table *table, const struct report_options *options, FILE *out)
{
	if (options->markdown) {
		table_end_markdown(table, out);
		fputc('\n', out);
	} else
		table_end(table, INDENT, out);
}

void
text_line(const struct report_options *options, FILE *out, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int length;

	va_start(args, fmt);
	length = vasprintf(&text, fmt, args);
	va_end(args);
	if (length == -1)
		fatal("cannot hold a line of the report");
	fputs(options->markdown ? "- " : INDENT, out);
	if (options->markdown)
		table_write_markdown(text, out);
	else
		fputs(text, out);
	fputc('\n', out);
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
		text = amount_safe(f->items[i].text);
		text_line(options, out, "%s", text);
		free(text);
		n++;
	}
	return n;
}

/* "run 17 · leak · 20,000 clients at 2,000/s · 4 acceptors, 2 forkers · host …" */
static void
write_title(const struct findings *f, FILE *out)
{
	const struct findings_run *run = &f->run;
	char *label = amount_safe(run->label), *host = amount_safe(f->host.name);
	char *kernel = amount_safe(f->host.kernel);
	char clients[AMOUNT_SIZE], rate[AMOUNT_SIZE];

	fprintf(out, "run %lld", (long long)run->run_id);
	if (label[0] != '\0')
		fprintf(out, " · %s", label);
	fprintf(out, " · %s clients at %s",
		run->clients > 0 ? amount(UNIT_COUNT, (double)run->clients, clients)
				 : "unlimited",
		run->rate > 0 ? units_format(UNIT_RATE, run->rate, rate) : "full rate");
	fprintf(out, " · %lld acceptor%s, %lld forker%s · host %s, Linux %s\n\n",
		(long long)run->acceptors, run->acceptors == 1 ? "" : "s",
		(long long)run->forkers, run->forkers == 1 ? "" : "s", host, kernel);
	free(kernel);
	free(host);
	free(label);
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

/* "BROKE at 19,991 held, 10.0 s after the first attempt", or "SURVIVED: …" */
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
	text = amount_safe(verdict != NULL ? verdict->text : "not analysed yet");
	fprintf(out, ": %s\n", text);
	free(text);
}

static void
write_limit(const struct findings *f, const struct findings_item *verdict, FILE *out)
{
	char *text = amount_safe(verdict->text);

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
	char *what = amount_safe(e->what);

	fprintf(out, "  %-9s %s", heading, what);
	if (e->has_value)
		fprintf(out, ": %s", amount(unit, (double)e->value, value));
	if (e->has_limit)
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
		text = amount_safe(f->items[i].text);
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
	char used[AMOUNT_SIZE], slots[AMOUNT_SIZE], missed[AMOUNT_SIZE];

	fprintf(out,
		"  %-9s %s. The client side %s its schedule: %s of %s slots, %s missed\n",
		"side", f->breaking.side,
		h->missed_slots * 100 > h->slots ? "did not keep" : "kept",
		amount(UNIT_COUNT, (double)(h->slots - h->missed_slots), used),
		amount(UNIT_COUNT, (double)h->slots, slots),
		amount(UNIT_COUNT, (double)h->missed_slots, missed));
}

static void
write_next(const struct findings *f, FILE *out)
{
	const struct findings_forecast *next = findings_next(f);
	char at[AMOUNT_SIZE];

	if (next != NULL)
		fprintf(out, "  %-9s with that raised: %s of %s, at %s\n", "next",
			noun_of(next->resource), next->subject,
			amount(UNIT_COUNT, next->at, at));
}

void
text_proof(const struct findings *f, const struct report_options *options, FILE *out)
{
	const struct findings_item *verdict = findings_verdict(f);

	(void)options;
	if (!f->broke || verdict == NULL)
		return;
	write_limit(f, verdict, out);
	write_counts(f, out);
	write_proof(verdict, out);
	write_consequences(f, out);
	write_side(f, out);
	write_next(f, out);
}

static text_section *const sections[] = {
	text_expected,        text_initial,   text_progress,
	text_breakdown,       text_cost,      text_growth,
	text_forecast,        text_recovery,  text_cycles,
	text_latency,         text_ruled_out, text_notes,
	text_recommendations, text_baseline,  text_environment,
};

void
report_text(const struct findings *f, const struct report_options *options, FILE *out)
{
	write_title(f, out);
	text_headline(f, options, out);
	text_proof(f, options, out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		sections[i](f, options, out);
}
