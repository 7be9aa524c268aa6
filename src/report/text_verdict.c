#include "report/text_verdict.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/display_name.h"
#include "base/escape.h"
#include "report/amount.h"

#define PLAIN "\033[0m"

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
