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
	char server[192];
	struct tm tm;

	if (gmtime_r(&started, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S UTC", &tm);
	html_format(out, "run %lld", (long long)run->run_id);
	if (run->label != NULL && run->label[0] != '\0') {
		fputs(" · <bdi class=\"label\">", out);
		html_text(out, run->label);
		fputs("</bdi>", out);
	}
	html_format(out, " · %s clients at %s · %s, %lld forker%s",
		    run->clients > 0 ? amount(UNIT_COUNT, (double)run->clients, clients)
				     : "unlimited",
		    run->rate > 0 ? units_format(UNIT_RATE, run->rate, rate)
				  : "full rate",
		    findings_server(run, server, sizeof(server)), (long long)run->forkers,
		    run->forkers == 1 ? "" : "s");
	html_format(out, " · host %s, Linux %s · %s", f->host.name, f->host.kernel, when);
}

/* A word of the store, as the first of a line. */
static void
write_capital(FILE *out, const char *word)
{
	char text[64];

	strlcpy(text, word, sizeof(text));
	text[0] = (char)toupper((unsigned char)text[0]);
	html_text(out, text);
}

static void
write_headline(FILE *out, const struct findings *f)
{
	const char *word = f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state;
	char held[AMOUNT_SIZE];

	fputs("<h1><span class=\"outcome\">", out);
	write_capital(out, word);
	fputs("</span>", out);
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
	fputs("<span class=\"badge ", out);
	html_text(out, verdict->confidence);
	fputs("\">", out);
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

/* Above the charts: with what gave way raised, or where nothing did. */
static void
write_next(FILE *out, const struct findings *f)
{
	const struct findings_forecast *next =
	    f->broke ? findings_next(f) : findings_ahead(f);
	char at[AMOUNT_SIZE];

	if (next == NULL)
		return;
	fputs("<p class=\"meaning\" id=\"next-limit\">", out);
	html_format(out, "Next limit%s: %s of %s, at about %s connections.",
		    f->broke ? ", with that raised" : "", display_name_of(next->resource),
		    next->subject, amount(UNIT_COUNT, next->at, at));
	fputs("</p>\n", out);
}

/* ------------------------------------------------------------------------------ the tiles */

static void
begin_tile(FILE *out, const char *name)
{
	fputs("<li><h2 class=\"tile\">", out);
	html_text(out, name);
	fputs("</h2><p class=\"value\">", out);
}

/* Between the value and what is said of it. */
static void
tile_of(FILE *out)
{
	fputs("</p><p class=\"of\">", out);
}

static void
end_tile(FILE *out)
{
	fputs("</p></li>\n", out);
}

static void
write_outcome(FILE *out, const struct findings *f)
{
	const char *word = f->run.outcome[0] != '\0' ? f->run.outcome : f->run.state;
	const struct limit_rule *rule =
	    f->broke ? limit_rule_find(f->breaking.limit_id) : NULL;

	begin_tile(out, "Outcome");
	fputs("<span class=\"outcome\">", out);
	write_capital(out, word);
	fputs("</span>", out);
	tile_of(out);
	if (rule != NULL)
		html_format(out, "%s (%s)", rule->display_name, f->breaking.side);
	else if (f->broke)
		html_text(out, "no limit was found");
	else
		html_text(out, strcmp(word, "survived") == 0 ? "nothing gave way"
							     : "no breaking point");
	end_tile(out);
}

static void
write_held(FILE *out, const struct findings *f)
{
	int64_t held = f->broke ? f->breaking.held : 0;
	char text[AMOUNT_SIZE];

	/* The most at once: each cycle opens all of them anew. */
	for (size_t i = 0; i < f->progress_count && !f->broke; i++)
		if (f->progress[i].held > held)
			held = f->progress[i].held;
	begin_tile(out, "Connections held");
	html_text(out, amount(UNIT_COUNT, (double)held, text));
	tile_of(out);
	if (f->run.clients > 0)
		html_format(out, "of %s asked for",
			    amount(UNIT_COUNT, (double)f->run.clients, text));
	else
		html_text(out, "as many as could be");
	end_tile(out);
}

static void
write_cost(FILE *out, const struct findings *f)
{
	const struct findings_cost *total = NULL;
	const char *before = "";
	char text[AMOUNT_SIZE];

	for (size_t i = 0; i < f->cost_count; i++)
		if (strcmp(f->costs[i].side, "total") == 0)
			total = &f->costs[i];
	begin_tile(out, "Memory per connection");
	html_text(out,
		  total != NULL ? amount(UNIT_BYTES, total->bytes.value, text) : "–");
	tile_of(out);
	for (size_t i = 0; i < f->cost_count; i++) {
		const struct findings_estimate *bytes = &f->costs[i].bytes;
		bool is_sure = bytes->low > 0;

		if (&f->costs[i] == total)
			continue;
		html_format(
		    out, "%s%s %s%s", before, f->costs[i].side, is_sure ? "" : "0 .. ",
		    amount(UNIT_BYTES, is_sure ? bytes->value : bytes->high, text));
		before = " · ";
	}
	if (before[0] == '\0')
		html_text(out, "not known");
	end_tile(out);
}

/* From what is worst on; "" where nothing was released. */
static int
recovery_rank(const struct findings_cycle *cycle)
{
	static const char *const words[] = { "none", "partial", "full" };
	int rank = 0;

	while (rank < 3 && strcmp(words[rank], cycle->recovered) != 0)
		rank++;
	return rank;
}

/* The one that recovered least, of like ones the one that took longest. */
static const struct findings_cycle *
worst_recovery(const struct findings *f)
{
	const struct findings_cycle *worst = NULL;

	for (size_t i = 0; i < f->cycle_count; i++) {
		const struct findings_cycle *cycle = &f->cycles[i];
		int more =
		    worst != NULL ? recovery_rank(cycle) - recovery_rank(worst) : -1;

		if (cycle->recovered[0] != '\0' &&
		    (more < 0 || (more == 0 && cycle->settled_s > worst->settled_s)))
			worst = cycle;
	}
	return worst;
}

static void
write_recovered(FILE *out, const struct findings *f)
{
	const struct findings_cycle *cycle = worst_recovery(f);
	char text[AMOUNT_SIZE];

	begin_tile(out, "Recovered");
	if (cycle != NULL)
		write_capital(out, cycle->recovered);
	else
		html_text(out, "–");
	tile_of(out);
	if (cycle == NULL)
		html_text(out, "not measured");
	else if (cycle->remains != NULL)
		html_text(out, cycle->remains);
	else if (cycle->settled_s >= 0)
		html_format(out, "all back %s after the release",
			    amount(UNIT_US, cycle->settled_s * 1e6, text));
	else
		html_text(out, "see Recovery");
	if (cycle != NULL && f->cycle_count > 1)
		html_format(out, " (cycle %lld, the least of %zu)",
			    (long long)cycle->cycle + 1, f->cycle_count);
	end_tile(out);
}

size_t
html_lead_charts(const struct chart_set *set)
{
	return set->count > 0 && !set->charts[0].apart && set->frames[0].rows > 0;
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
	write_next(out, f);
	if (set->frames[0].rows == 0)
		fputs("<p class=\"meaning\">Not one sample was stored: the run ended "
		      "before "
		      "its first tick.</p>\n",
		      out);
	fputs("<ul class=\"tiles\">\n", out);
	write_outcome(out, f);
	write_held(out, f);
	write_cost(out, f);
	write_recovered(out, f);
	fputs("</ul>\n<div class=\"lead\">\n", out);
	for (size_t i = 0; i < html_lead_charts(set); i++)
		html_chart(out, set, i);
	fputs("</div>\n<dl class=\"facts\">\n", out);
	write_when(out, f);
	write_side(out, f);
	write_end(out, f);
	fputs("</dl>\n", out);
	write_proof(out, verdict);
	fputs("</header>\n", out);
}
