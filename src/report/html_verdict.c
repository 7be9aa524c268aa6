#include "report/html_page.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "model/limit.h"
#include "base/clock.h"
#include "report/amount.h"

/* What an outcome says, to somebody who has never seen one. */
static const struct {
	const char *outcome, *mood, *meaning;
} outcomes[] = {
	{ "survived", "good",
	  "Every connection that was asked for was made, served and held until the "
	  "release. That is no "
	  "breaking point: ask for more to find it." },
	{ "broke", "bad",
	  "From this point on connections that should have succeeded did not." },
	{ "stalled", "bad",
	  "Connections stopped being served although nothing refused them." },
	{ "crashed", "bad", "A process of the server side ended on its own." },
	{ "guarded", "warn",
	  "The host came near the end of its memory, and the guard let everything go "
	  "before that could hurt it. The server was not broken." },
	{ "aborted", "warn",
	  "Something that the run was to stop at came about, and everything was let go. "
	  "The server was not broken." },
	{ "interrupted", "warn",
	  "The run was cut short. What follows rests on what was stored until then." },
	{ "inconclusive", "warn",
	  "The client side ran out, missed its schedule or was killed before the server "
	  "gave way, the plan was not gone through to its end, or samples are missing: "
	  "this "
	  "says nothing about the server's limit." },
	{ "failed", "bad", "No connection came about, so nothing could be measured." },
	{ "", "warn",
	  "This run has not ended, or has not been analysed yet: there is no verdict." },
};

static size_t
outcome_of(const struct findings *f)
{
	size_t i = 0;

	while (outcomes[i].outcome[0] != '\0' &&
	       strcmp(outcomes[i].outcome, f->run.outcome) != 0)
		i++;
	return i;
}

/* "run 17 · label", and what was asked of whom. */
static void
write_kicker(FILE *out, const struct findings *f)
{
	const struct findings_run *run = &f->run;
	time_t started = (time_t)(run->started_unix_us / US_PER_S);
	char clients[AMOUNT_SIZE], rate[AMOUNT_SIZE], when[64] = "";
	struct tm tm;

	if (gmtime_r(&started, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	html_format(out, "run %lld", (long long)run->run_id);
	if (run->label != NULL && run->label[0] != '\0') {
		fputs(" · <bdi class=\"label\">", out);
		html_text(out, run->label);
		fputs("</bdi>", out);
	}
	html_format(out, " · %s clients at %s · %lld acceptor%s, %lld forker%s",
		    run->clients > 0 ? amount(UNIT_COUNT, (double)run->clients, clients)
				     : "unlimited",
		    run->rate > 0 ? units_format(UNIT_RATE, run->rate, rate)
				  : "full rate",
		    (long long)run->acceptors, run->acceptors == 1 ? "" : "s",
		    (long long)run->forkers, run->forkers == 1 ? "" : "s");
	html_format(out, " · host %s, Linux %s · %s", f->host.name, f->host.kernel, when);
}

static void
write_headline(FILE *out, const struct findings *f)
{
	const char *word = f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state;
	char held[AMOUNT_SIZE];

	fprintf(out, "<h1><span class=\"outcome\">%c%s</span>", toupper(word[0]),
		word + 1);
	if (f->broke)
		html_format(out, " at %s held connections",
			    amount(UNIT_COUNT, (double)f->breaking.held, held));
	fputs("</h1>\n", out);
}

/* The verdict's sentence as it is in the store, and how sure it is. */
static void
write_cause(FILE *out, const struct findings_item *verdict)
{
	if (verdict == NULL)
		return;
	fputs("<p class=\"cause\" id=\"verdict-text\">", out);
	html_text(out, verdict->text);
	fputs("</p>\n", out);
	if (verdict->confidence[0] == '\0')
		return;
	fputs("<p class=\"badges\">", out);
	fprintf(out, "<span class=\"badge %s\">", verdict->confidence);
	html_text(out, verdict->confidence);
	fputs("</span>", out);
	if (verdict->limit_id[0] != '\0') {
		fputs(" <code>", out);
		html_text(out, verdict->limit_id);
		fputs("</code>", out);
	}
	if (verdict->weak)
		fputs(
		    " <span class=\"badge weak\">weak: ticks are missing or late</span>",
		    out);
	fputs("</p>\n", out);
}

static void
write_proof(FILE *out, const struct findings_item *verdict)
{
	char value[AMOUNT_SIZE], limit[AMOUNT_SIZE], at[AMOUNT_SIZE];

	if (verdict == NULL || verdict->evidence_count == 0)
		return;
	fputs("<h2 class=\"minor\">The proof</h2>\n<ul class=\"proof\">\n", out);
	for (size_t i = 0; i < verdict->evidence_count; i++) {
		const struct findings_evidence *e = &verdict->evidence[i];
		enum unit unit = findings_unit(verdict, e);

		fputs("<li>", out);
		html_text(out, e->what);
		if (e->value >= 0)
			html_format(out, ": %s", amount(unit, (double)e->value, value));
		if (e->limit >= 0)
			html_format(out, " of %s", amount(unit, (double)e->limit, limit));
		if (e->t_us >= 0)
			html_format(out, ", at %s", amount_time(e->t_us, at));
		fputs("</li>\n", out);
	}
	fputs("</ul>\n", out);
}

/* ------------------------------------------------------------------------- the fact list */

static void
begin_fact(FILE *out, const char *name)
{
	fputs("<div><dt>", out);
	html_text(out, name);
	fputs("</dt><dd>", out);
}

static void
end_fact(FILE *out)
{
	fputs("</dd></div>\n", out);
}

static void
write_when(FILE *out, const struct findings *f)
{
	char after[AMOUNT_SIZE], at[AMOUNT_SIZE], n[4][AMOUNT_SIZE];
	const struct findings_break *b = &f->breaking;

	if (!f->broke)
		return;
	begin_fact(out, "When");
	html_format(out, "%s after the first attempt, %s into the run",
		    units_format(UNIT_US, b->since_attempt_us, after),
		    amount_time(b->t_us, at));
	end_fact(out);
	begin_fact(out, "At that instant");
	html_format(out, "%s attempted, %s established, %s accepted, %s served",
		    amount(UNIT_COUNT, (double)b->attempted, n[0]),
		    amount(UNIT_COUNT, (double)b->established, n[1]),
		    amount(UNIT_COUNT, (double)b->accepted, n[2]),
		    amount(UNIT_COUNT, (double)b->served, n[3]));
	end_fact(out);
}

static void
write_side(FILE *out, const struct findings *f)
{
	const struct findings_health *h = &f->health;
	char used[AMOUNT_SIZE], slots[AMOUNT_SIZE], rate[FINDINGS_RATE];

	if (h->slots <= 0)
		return;
	begin_fact(out, "Side");
	if (f->broke)
		html_format(out, "%s. ", f->breaking.side);
	amount(UNIT_COUNT, (double)(h->slots - h->missed_slots), used);
	amount(UNIT_COUNT, (double)h->slots, slots);
	if (f->run.rate > 0)
		html_format(
		    out, "The clients %s their schedule: %s of %s connections begun",
		    findings_kept_schedule(f) ? "kept" : "did not keep", used, slots);
	else
		html_format(
		    out,
		    "The server sets the pace at full rate: %s of %s connections begun",
		    used, slots);
	html_text(out, findings_rate(f, rate, sizeof(rate)));
	end_fact(out);
}

static bool
is_counted(const struct findings_recovery *r)
{
	return findings_was_taken(r) && r->cycle == 0 &&
	       findings_is_load(r->kind, r->subject);
}

static void
write_recovered(FILE *out, const struct findings *f)
{
	size_t taken = 0, back = 0;
	int64_t last_us = 0;
	char text[AMOUNT_SIZE];

	for (size_t i = 0; i < f->recovery_count; i++) {
		const struct findings_recovery *r = &f->recovery[i];

		taken += is_counted(r);
		if (!is_counted(r) || r->settled_us < 0)
			continue;
		back++;
		last_us = r->settled_us > last_us ? r->settled_us : last_us;
	}
	begin_fact(out, "Recovered");
	if (taken == 0)
		fputs("not measured", out);
	else if (f->cycle_count > 0 && back < taken &&
		 strcmp(f->cycles[0].recovered, "full") == 0)
		html_format(out, "fully, but for %s",
			    f->cycles[0].remains != NULL
				? f->cycles[0].remains
				: "what the kernel gives back when it pleases");
	else if (back == taken)
		html_format(out,
			    "fully: all %zu resources were back at their base %s "
			    "after the release",
			    taken, units_format(UNIT_US, last_us, text));
	else
		html_format(out,
			    "in part: %zu of %zu resources came back to their base; "
			    "see Recovery for what did not",
			    back, taken);
	end_fact(out);
}

static void
write_end(FILE *out, const struct findings *f)
{
	char text[AMOUNT_SIZE];

	begin_fact(out, "End");
	for (size_t i = f->event_count; i-- > 0;)
		if (strcmp(f->events[i].kind, "released") == 0) {
			html_format(out, "%s, at %s", f->events[i].text,
				    amount_time(f->events[i].t_us, text));
			end_fact(out);
			return;
		}
	if (strcmp(f->run.state, "interrupted") == 0)
		html_format(out,
			    "cut off: the supervisor died; the last that was stored "
			    "is of %s",
			    amount_time(f->run.ended_us, text));
	else if (f->run.ended_us < 0)
		fputs("still running", out);
	else
		html_format(out, "after %s, without a release",
			    units_format(UNIT_US, f->run.ended_us, text));
	end_fact(out);
}

static void
write_next(FILE *out, const struct findings *f)
{
	const struct findings_forecast *next = findings_next(f);
	char at[AMOUNT_SIZE];

	if (next == NULL)
		return;
	begin_fact(out, "Next");
	html_format(out, "with that raised: %s of %s, at about %s connections",
		    limit_rule_display_name(next->resource), next->subject,
		    amount(UNIT_COUNT, next->at, at));
	end_fact(out);
}

void
html_verdict(FILE *out, const struct findings *f, const struct chart_set *set)
{
	const struct findings_item *verdict = findings_verdict(f);
	size_t outcome = outcome_of(f);

	fprintf(out, "<header class=\"verdict %s\" id=\"verdict\" data-outcome=\"",
		outcomes[outcome].mood);
	html_text(out, f->run.outcome);
	fputs("\" data-limit=\"", out);
	html_text(out, verdict != NULL ? verdict->limit_id : "");
	fprintf(out, "\" data-held=\"%lld\">\n<p class=\"kicker\">",
		f->broke ? (long long)f->breaking.held : -1);
	write_kicker(out, f);
	fputs("</p>\n", out);
	write_headline(out, f);
	write_cause(out, verdict);
	fputs("<p class=\"meaning\">", out);
	html_text(out, outcomes[outcome].meaning);
	fputs("</p>\n", out);
	if (set->frames[0].rows == 0)
		fputs("<p class=\"meaning\">Not one sample was stored: the run ended "
		      "before "
		      "its first tick.</p>\n",
		      out);
	fputs("<dl class=\"facts\">\n", out);
	write_when(out, f);
	write_side(out, f);
	write_recovered(out, f);
	write_end(out, f);
	write_next(out, f);
	fputs("</dl>\n", out);
	write_proof(out, verdict);
	fputs("</header>\n", out);
}
