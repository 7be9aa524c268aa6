#include "analyse/breaking_point.h"

#include <stdio.h>
#include <string.h>

#include "analyse/blame.h"
#include "analyse/shortfall.h"
#include "base/clock.h"

/* The first tick that shows what was accepted by the break. */
static int64_t
last_progress(const struct facts *f)
{
	struct counts_at end = facts_at(f, f->broken_us);

	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].accepted == end.accepted)
			return f->counts[i].t_us < f->broken_us ? f->counts[i].t_us
								: f->broken_us;
	return f->broken_us;
}

static const struct failure *
commonest_failure(const struct facts *f, int64_t since_us)
{
	const struct failure *commonest = NULL;

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m->last_us < since_us || m->first_us > facts_load_end(f) ||
		    m->role == ROLE_CANARY)
			continue;
		if (commonest == NULL || m->count > commonest->count)
			commonest = m;
	}
	return commonest;
}

static void
leave_unexplained(const struct facts *f, struct candidate *cause, int64_t t_us,
		  const char *subject, const char *text)
{
	*cause = (struct candidate){ .listener = -1, .usage = -1, .limit = -1 };
	cause->t_us = t_us;
	cause->at = facts_at(f, cause->t_us);
	cause->side = "unknown";
	strlcpy(cause->subject, subject, sizeof(cause->subject));
	cause->failure = commonest_failure(f, cause->t_us - US_PER_S);
	snprintf(cause->text, sizeof(cause->text),
		 "%s; no limit was found at its ceiling", text);
	if (cause->failure != NULL)
		candidate_prove(cause, cause->failure->first_us, cause->failure->count,
				-1, "failures of %s() → %s of %s", cause->failure->call,
				cause->failure->error, cause->failure->worker);
}

bool
breaking_point_find(const struct facts *f, const struct candidate *candidates,
		    size_t count, struct candidate *cause)
{
	const struct candidate *chosen = blame_choose(f, candidates, count);
	const struct event *broken = facts_event(f, "broken");
	struct shortfall shortfall;

	if (chosen != NULL)
		*cause = *chosen;
	else if (f->broken_us != FACTS_NEVER)
		leave_unexplained(f, cause, last_progress(f), broken->subject,
				  broken->text);
	else if (shortfall_find(f, &shortfall) && shortfall.kind == SHORTFALL_SERVICE)
		leave_unexplained(f, cause, shortfall.t_us, shortfall.subject,
				  shortfall.text);
	else
		return false;
	/* A failed call notes none of these: they are known at the ticks. */
	cause->at.lost = facts_at(f, cause->at.t_us).lost;
	cause->at.released = facts_at(f, cause->at.t_us).released;
	return true;
}

void
breaking_point_recall(const struct facts *f, const struct candidate *before,
		      struct candidate *cause)
{
	bool is_seen = cause->rule != NULL && cause->failure != NULL;

	if (is_seen || before->rule == NULL || before->failure == NULL ||
	    before->failure->last_us < f->attempt_us)
		return;
	if (f->broken_us != FACTS_NEVER) {
		cause->t_us = last_progress(f);
		cause->at = facts_at(f, cause->t_us);
	}
	cause->rule = before->rule;
	cause->side = before->side;
	cause->failure = before->failure;
	cause->confidence = CONFIDENCE_LIKELY;
	/* What was measured is the other cause's. */
	cause->death = NULL;
	cause->listener = before->listener;
	cause->count = before->count;
	cause->usage = cause->limit = -1;
	cause->source[0] = '\0';
	cause->at_limit = cause->moved = false;
	cause->proof_count = 0;
	strlcpy(cause->subject, before->subject, sizeof(cause->subject));
	strlcpy(cause->text, before->text, sizeof(cause->text));
}

int64_t
breaking_point_held(const struct candidate *cause)
{
	int64_t gone = cause->at.lost + cause->at.released;

	if (strcmp(cause->side, "server") != 0)
		return cause->at.held;
	return cause->at.accepted > gone ? cause->at.accepted - gone : 0;
}

int
breaking_point_store(const struct facts *f, const struct candidate *cause)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "INSERT INTO breaking_point (run_id, cycle, t_us, since_attempt_us, "
	    "attempted,"
	    " established, accepted, served, held, limit_id, subject, side, confidence,"
	    " usage, limit_value, call, errno)"
	    " VALUES (?1, ?17, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, "
	    "?15,"
	    " ?16)");
	/* Of the counts; the first evidence may be earlier: a SYN that was lost. */
	int64_t t_us = cause->at.t_us;
	int error;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, t_us);
	db_bind_int(s, 3, t_us > f->attempt_us ? t_us - f->attempt_us : 0);
	db_bind_int(s, 4, cause->at.attempted);
	db_bind_int(s, 5, cause->at.established);
	db_bind_int(s, 6, cause->at.accepted);
	db_bind_int(s, 7, cause->at.served);
	db_bind_int(s, 8, breaking_point_held(cause));
	db_bind_text(s, 9, cause->rule != NULL ? cause->rule->id : NULL);
	db_bind_text(s, 10, cause->subject);
	db_bind_text(s, 11, cause->side);
	db_bind_text(s, 12, confidence_name(cause->confidence));
	if (cause->usage >= 0) {
		db_bind_int(s, 13, cause->usage);
		db_bind_int(s, 14, cause->limit);
	}
	if (cause->failure != NULL) {
		db_bind_text(s, 15, cause->failure->call);
		db_bind_int(s, 16, cause->failure->code);
	}
	db_bind_int(s, 17, f->cycle);
	error = db_run(s);
	db_finish(s);
	return error;
}
