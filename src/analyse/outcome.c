#include "analyse/limit_proof.h"
#include "analyse/outcome.h"

#include <stdio.h>
#include <string.h>

#include "analyse/pace.h"
#include "analyse/shortfall.h"
#include "analyse/symptom.h"
#include "base/units.h"

/* What an outcome is decided from. */
struct ending {
	const struct facts *f;
	const struct candidate *cause; /* NULL: nothing broke */
	struct counts_at at;           /* at the break, else at the end of the load */
	bool is_short;                 /* of something that its plan called for */
	struct shortfall shortfall;    /* the first such */
	struct pace_schedule schedule; /* up to then */
};

/* True if something of the kind happened before anything broke. */
static const struct event *
first_event(const struct ending *e, const char *kind)
{
	const struct event *h = facts_event(e->f, kind);

	return h != NULL && (e->cause == NULL || h->t_us <= e->cause->t_us) ? h : NULL;
}

/* Once the last cycle's load is let go, what is interrupted is its recovery alone. */
static const struct event *
stopped_by_hand(const struct ending *e)
{
	const struct event *h = first_event(e, "interrupted-by-user");
	bool last = e->f->cycles >= e->f->plan.cycles;

	return h != NULL && (!last || h->t_us <= facts_load_end(e->f)) ? h : NULL;
}

static bool
is_interrupted(const struct ending *e)
{
	return e->f->cut_off || stopped_by_hand(e) != NULL;
}

static void
say_interrupted(const struct ending *e, char *text, size_t size)
{
	int64_t end = facts_load_end(e->f);
	char at[UNITS_TEXT_SIZE], held[UNITS_TEXT_SIZE];

	snprintf(text, size, "%s at %s with %s connections held; %s",
		 e->f->cut_off ? "brink itself was ended" : "stopped by hand",
		 units_format(UNIT_US, end, at),
		 units_format(UNIT_COUNT, facts_at(e->f, end).held, held),
		 e->cause != NULL ? e->cause->text : "nothing had given way");
}

/* Processes of the load that were killed or stopped, before a break or after it, leave it open
 * what the server would have done. Kills by the kernel are what the server, or the limit, did
 * to the clients. */
static bool
is_killed(const struct ending *e)
{
	return e->is_short && e->shortfall.kind == SHORTFALL_LOAD &&
	       (e->cause == NULL || e->cause->rule == NULL ||
		limit_proof(e->cause->rule)->symptom != symptom_killed);
}

/* What came first is said first. */
static void
say_short(const struct ending *e, char *text, size_t size)
{
	bool is_later = e->cause != NULL && e->shortfall.t_us > e->cause->t_us;
	const char *cause = e->cause != NULL ? e->cause->text : "";

	snprintf(text, size, "%s%s%s", is_later ? cause : e->shortfall.text,
		 e->cause != NULL ? "; then: " : "",
		 is_later ? e->shortfall.text : cause);
}

static bool
is_rule(const struct ending *e, const char *id)
{
	return e->cause != NULL && e->cause->rule != NULL &&
	       strcmp(e->cause->rule->id, id) == 0;
}

static bool
is_crashed(const struct ending *e)
{
	return e->cause != NULL &&
	       ((e->cause->death != NULL && e->cause->death->role == ROLE_ACCEPTOR) ||
		is_rule(e, "target-died"));
}

/* Nobody was ever served, as nothing was asked that the target could answer. */
static bool
is_mismatch(const struct ending *e)
{
	return is_rule(e, "protocol-mismatch");
}

static bool
is_failed(const struct ending *e)
{
	return facts_at(e->f, e->f->end_us).established == 0;
}

static void
say_failed(const struct ending *e, char *text, size_t size)
{
	const struct event *gave_up = first_event(e, "gave-up");
	struct counts_at end = facts_at(e->f, e->f->end_us);
	char attempted[UNITS_TEXT_SIZE];

	if (e->cause != NULL)
		snprintf(text, size, "no connection was made: %s", e->cause->text);
	else if (gave_up != NULL)
		snprintf(text, size, "no connection was made: %s", gave_up->text);
	else if (end.attempted == 0)
		strlcpy(text, "nothing was attempted", size);
	else
		snprintf(text, size, "of %s connections attempted none was made",
			 units_format(UNIT_COUNT, end.attempted, attempted));
}

static bool
is_client_limited(const struct ending *e)
{
	return e->cause != NULL && strcmp(e->cause->side, "client") == 0;
}

/* What another process on the port did says nothing of this server. */
static bool
is_shared(const struct ending *e)
{
	return e->cause != NULL && e->cause->rule != NULL &&
	       limit_proof(e->cause->rule)->symptom == symptom_shared;
}

static bool
is_behind(const struct ending *e)
{
	return e->schedule.is_missed;
}

static void
say_behind(const struct ending *e, char *text, size_t size)
{
	const struct pace_schedule *s = &e->schedule;
	char missed[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE], late[UNITS_TEXT_SIZE];

	if (s->missed * PACE_MISSED > s->slots)
		snprintf(text, size,
			 "the client side missed %s of %s schedule slots (%.1f %%), so "
			 "that nothing can be said of the server",
			 units_format(UNIT_COUNT, s->missed, missed),
			 units_format(UNIT_COUNT, s->slots, all),
			 100.0 * (double)s->missed / (double)s->slots);
	else
		snprintf(text, size,
			 "the client side opened %s connections a second of %s asked, "
			 "late by %s, so that nothing can be said of the server",
			 units_format(UNIT_COUNT, (int64_t)(s->had + 0.5), missed),
			 units_format(UNIT_COUNT, (int64_t)s->asked, all),
			 units_format(UNIT_US, s->behind_us, late));
}

/* Unexplained, it stalled where connections wait; where they failed or were lost, not. */
static bool
is_stalled(const struct ending *e)
{
	struct counts_at at;

	if (e->cause == NULL)
		return false;
	if (e->cause->rule != NULL)
		return is_rule(e, "acceptor-stuck") || is_rule(e, "queue-without-accept");
	at = facts_at(e->f, symptom_end(e->f));
	return (at.attempted - at.failed - at.established +
		shortfall_waiting(e->f, &at)) *
		   100 >=
	       at.attempted;
}

/* Where samples are missing the one that would have explained it may be among them. */
static bool
is_unseen(const struct ending *e)
{
	return e->cause != NULL && e->cause->rule == NULL && facts_are_partial(e->f);
}

static void
say_unseen(const struct ending *e, char *text, size_t size)
{
	char missed[UNITS_TEXT_SIZE], due[UNITS_TEXT_SIZE];

	snprintf(text, size,
		 "%s, but %s of %s samples are missing: what happened is not known",
		 e->cause->text, units_format(UNIT_COUNT, e->f->ticks_missed, missed),
		 units_format(UNIT_COUNT, e->f->ticks_due, due));
}

static bool
is_broken(const struct ending *e)
{
	return e->cause != NULL;
}

static void
say_cause(const struct ending *e, char *text, size_t size)
{
	strlcpy(text, e->cause->text, size);
}

static bool
is_short(const struct ending *e)
{
	return e->is_short;
}

/* All that its plan called for is there. */
static bool
is_survived(const struct ending *e)
{
	return e->cause == NULL && !e->is_short;
}

static int64_t
hold_time(const struct facts *f)
{
	for (size_t i = 0; i < f->phase_span_count; i++)
		if (strcmp(f->phase_spans[i].name, "hold") == 0)
			return (f->phase_spans[i].to_us < f->end_us
				    ? f->phase_spans[i].to_us
				    : f->end_us) -
			       f->phase_spans[i].from_us;
	return 0;
}

static void
say_survived(const struct ending *e, char *text, size_t size)
{
	char held[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE], time[UNITS_TEXT_SIZE];
	int64_t called_for =
	    e->f->plan.clients > 0 ? e->f->plan.clients : e->at.attempted;
	int64_t hold_us = hold_time(e->f);

	snprintf(text, size, "%s of %s connections held%s%s, nothing gave way%s",
		 units_format(UNIT_COUNT, e->at.held, held),
		 units_format(UNIT_COUNT, called_for, all), hold_us > 0 ? " for " : "",
		 hold_us > 0 ? units_format(UNIT_US, hold_us, time) : "",
		 first_event(e, "interrupted-by-user") != NULL
		     ? "; the recovery was cut short"
		     : "");
}

/* The first that holds: because something of a kind happened before anything broke, which
 * also says why, or by a function. */
static const struct outcome_rule {
	const char *word;
	const char *event; /* NULL: by holds and say */
	bool (*holds)(const struct ending *e);
	void (*say)(const struct ending *e, char *text, size_t size);
} rules[] = {
	{ "interrupted", NULL, is_interrupted, say_interrupted },
	{ "guarded", "guard", NULL, NULL },
	{ "aborted", "aborted", NULL, NULL },
	{ "interrupted", "disk-full", NULL, NULL },
	{ "interrupted", "unwritable", NULL, NULL },
	{ "failed", NULL, is_failed, say_failed },
	{ "failed", NULL, is_mismatch, say_cause },
	{ "inconclusive", "gave-up", NULL, NULL },
	{ "inconclusive", NULL, is_killed, say_short },
	{ "inconclusive", NULL, is_client_limited, say_cause },
	{ "inconclusive", NULL, is_shared, say_cause },
	{ "inconclusive", NULL, is_behind, say_behind },
	{ "crashed", NULL, is_crashed, say_cause },
	{ "inconclusive", NULL, is_unseen, say_unseen },
	{ "stalled", NULL, is_stalled, say_cause },
	{ "broke", NULL, is_broken, say_cause },
	{ "inconclusive", NULL, is_short, say_short },
	{ "survived", NULL, is_survived, say_survived },
};

/* True where the rule holds, and then what it says of it. */
static bool
rule_apply(const struct outcome_rule *rule, const struct ending *e, char *text,
	   size_t size)
{
	const struct event *h = rule->event != NULL ? first_event(e, rule->event) : NULL;

	if (h != NULL)
		strlcpy(text, h->text, size);
	else if (rule->event == NULL && rule->holds(e))
		rule->say(e, text, size);
	else
		return false;
	return true;
}

void
outcome_decide(struct outcome *outcome, const struct facts *f,
	       const struct candidate *cause)
{
	struct ending ending = { .f = f, .cause = cause };

	ending.at = cause != NULL ? cause->at : facts_at(f, facts_load_end(f));
	ending.schedule = pace_schedule(f, ending.at.t_us);
	ending.is_short = shortfall_find(f, &ending.shortfall);
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rule_apply(&rules[i], &ending, outcome->text,
			       sizeof(outcome->text))) {
			outcome->word = rules[i].word;
			return;
		}
}
