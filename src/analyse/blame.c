#include "analyse/blame.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/evidence_target.h"
#include "analyse/limit_proof.h"
#include "analyse/proof.h"
#include "analyse/rows.h"
#include "analyse/shortfall.h"
#include "base/units.h"

static void
prove_failure(struct candidate *s)
{
	const struct failure *m = s->failure;
	char held[UNITS_TEXT_SIZE], count[UNITS_TEXT_SIZE];

	/* What a server refused the evidence tells in its own words. */
	if (m == NULL || strcmp(m->call, call_name(CALL_SERVE)) == 0)
		return;
	candidate_prove(
	    s, m->first_us, -1, -1, "%s() → %s of %s, %s time%s, first with %s held",
	    m->call, m->error, m->worker, units_format(UNIT_COUNT, s->count, count),
	    s->count == 1 ? "" : "s", units_format(UNIT_COUNT, m->at.held, held));
}

/* "open files of acceptor 2: 20,000 of 20,000 (RLIMIT_NOFILE)" */
static void
say(struct candidate *s)
{
	char usage[UNITS_TEXT_SIZE], limit[UNITS_TEXT_SIZE];
	bool named = strstr(s->rule->display_name, " of ") == NULL &&
		     strcmp(s->subject, "clients") != 0;

	if (s->text[0] != '\0')
		return;
	snprintf(s->text, sizeof(s->text), "%s%s%s: %s of %s%s%s%s",
		 s->rule->display_name, named ? " of " : "", named ? s->subject : "",
		 units_format(limit_rule_unit(s->rule), s->usage, usage),
		 units_format(limit_rule_unit(s->rule), s->limit, limit),
		 s->source[0] != '\0' ? " (" : "", s->source,
		 s->source[0] != '\0' ? ")" : "");
}

static const char *
side_of(const struct candidate *s)
{
	/* Whom a server refuses, a client sees it from. */
	bool server =
	    s->failure != NULL && (s->failure->role == ROLE_ACCEPTOR ||
				   strcmp(s->failure->call, call_name(CALL_SERVE)) == 0);

	return server ? "server" : "client";
}

/* Of a thing that no process can have more of than its limit, more was counted: so it was
 * not that thing that was counted, whatever else moved. */
static bool
is_disproved(const struct candidate *s)
{
	return !s->rule->soft && s->usage >= 0 && proof_is_beyond(s->usage, s->limit);
}

/* A rule fires only where symptom and evidence hold. */
static bool
examine(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	*s = (struct candidate){ .rule = rule, .listener = -1, .usage = -1, .limit = -1 };
	if (!limit_proof(rule)->symptom(f, rule, s))
		return false;
	s->side = rule->side != NULL ? rule->side : side_of(s);
	prove_failure(s);
	limit_proof(rule)->evidence(f, rule, s);
	if ((!s->at_limit && !s->moved) || is_disproved(s))
		return false;
	s->confidence = s->at_limit && (rule->counter == NULL || s->moved)
			    ? CONFIDENCE_PROVEN
			    : CONFIDENCE_LIKELY;
	say(s);
	return true;
}

/* One failed call can be of several limits: what is proven is before what is likely. Not so
 * of a time that ran out: it follows from what is slow, and that from what slows it. */
static enum confidence
weight_of(const struct candidate *s)
{
	return s->failure != NULL && s->failure->code != ETIMEDOUT ? s->confidence
								   : CONFIDENCE_PROVEN;
}

static int
compare_candidates(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->t_us != y->t_us)
		return x->t_us < y->t_us ? -1 : 1;
	if (weight_of(x) != weight_of(y))
		return weight_of(x) > weight_of(y) ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

size_t
blame_candidates(const struct facts *f, struct candidate **candidates)
{
	size_t count = 0;

	*candidates = rows_alloc(limit_rule_count, sizeof(**candidates));
	for (size_t i = 0; i < limit_rule_count; i++)
		count += examine(f, &limit_rules[i], &(*candidates)[count]);
	qsort(*candidates, count, sizeof(**candidates), compare_candidates);
	return count;
}

/* Connections that were called for and are not there at the end of the load. */
static bool
is_short(const struct facts *f)
{
	struct counts_at end = facts_at(f, facts_load_end(f));
	int64_t called_for = f->plan.clients > 0 && end.attempted > f->plan.clients
				 ? f->plan.clients
				 : end.attempted;

	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *s = &f->phase_spans[i];

		if ((strcmp(s->name, "plateau") == 0 || strcmp(s->name, "hold") == 0) &&
		    s->target > called_for)
			called_for = s->target;
	}
	return end.accepted < called_for || end.held < called_for;
}

static bool
explains(const struct facts *f, const struct candidate *s, bool is_missing)
{
	bool died = (s->death != NULL && s->death->role == ROLE_ACCEPTOR) ||
		    limit_proof(s->rule)->symptom == symptom_target_died;

	/* What is sampled is seen up to a tick late. */
	if (f->broken_us != FACTS_NEVER)
		return s->t_us <= f->broken_us + 2 * f->plan.interval_us;
	/* Calls that failed explain what is missing, unless others took it over: then
	 * nothing is. */
	return died ||
	       (is_missing && (s->failure != NULL ||
			       (s->rule->lasting && s->confidence == CONFIDENCE_PROVEN)));
}

const struct candidate *
blame_choose(const struct facts *f, const struct candidate *candidates, size_t count)
{
	struct shortfall shortfall;
	bool is_missing =
	    is_short(f) || shortfall_find_kind(f, SHORTFALL_SERVICE, &shortfall);

	for (size_t i = 0; i < count; i++)
		if (explains(f, &candidates[i], is_missing))
			return &candidates[i];
	return NULL;
}
