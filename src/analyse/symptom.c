#include "analyse/symptom.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/proof.h"
#include "analyse/rows.h"
#include "analyse/shortfall.h"
#include "base/clock.h"
#include "run/canary.h"

static void
show(struct candidate *s, const char *subject, const struct counts_at *at)
{
	strlcpy(s->subject, subject, sizeof(s->subject));
	s->at = *at;
	s->t_us = at->t_us;
}

static void
show_failure(struct candidate *s, const struct limit_rule *rule, const struct failure *m)
{
	show(s, rule->subject != NULL ? rule->subject : m->worker, &m->at);
	s->failure = m;
	s->count = m->count;
}

int64_t
symptom_end(const struct facts *f)
{
	int64_t end = facts_load_end(f);

	return f->broken_us < end ? f->broken_us : end;
}

static bool
is_call_of(const struct limit_rule *rule, const struct failure *m)
{
	for (size_t i = 0; i < LIMIT_RULE_CALLS && rule->calls[i].call != CALL_NONE; i++)
		if (strcmp(m->call, call_name(rule->calls[i].call)) == 0 &&
		    m->code == rule->calls[i].error)
			return true;
	return false;
}

bool
symptom_is_call(const struct limit_rule *rule, const struct failure *m)
{
	if ((rule->role != ROLE_NONE && m->role != rule->role) || m->role == ROLE_CANARY)
		return false;
	return is_call_of(rule, m);
}

bool
symptom_call(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (symptom_is_call(rule, m) && m->first_us <= facts_load_end(f)) {
			if (s->failure == NULL)
				show_failure(s, rule, m);
			else
				s->count += m->count;
		}
	}
	return s->failure != NULL;
}

static const struct failure *
failure_of_acceptor(const struct facts *f, const struct limit_rule *rule, int64_t slot)
{
	for (size_t i = 0; i < f->failure_count; i++)
		if (f->failures[i].role == ROLE_ACCEPTOR && f->failures[i].slot == slot &&
		    symptom_is_call(rule, &f->failures[i]) &&
		    f->failures[i].first_us <= facts_load_end(f))
			return &f->failures[i];
	return NULL;
}

bool
symptom_acceptors(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s)
{
	int64_t living_until = FACTS_NEVER;
	const struct failure *last = NULL;
	int64_t count = 0;

	if (!f->shared)
		return symptom_call(f, rule, s);
	for (size_t i = 0; i < f->acceptor_count; i++) {
		const struct acceptor *a = &f->acceptors[i];
		const struct failure *m = failure_of_acceptor(f, rule, a->slot);

		if (m == NULL && a->to_us < living_until)
			living_until = a->to_us;
		if (m == NULL && a->to_us == FACTS_NEVER)
			return false;
		if (m == NULL)
			continue;
		if (last == NULL || m->first_us > last->first_us)
			last = m;
		count += m->count;
	}
	/* One that never failed must have been dead before the last of the others did. */
	if (last == NULL ||
	    (living_until != FACTS_NEVER && living_until > last->first_us))
		return false;
	show_failure(s, rule, last);
	s->count = count;
	if (f->acceptor_count > 1)
		strlcpy(s->subject, "acceptors", sizeof(s->subject));
	return true;
}

/* While clients hold what they have, newcomers are the canary's visits: the rule's failed call
 * is how the last of them ended. */
static bool
show_newcomer(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct failure *m = shortfall_canary_failure(f);
	struct canary_view canary = shortfall_canary(f, facts_load_end(f));

	if (m == NULL || !is_call_of(rule, m))
		return false;
	show_failure(s, rule, m);
	s->count = canary.failed;
	/* Earlier ones of the same kind were made up for. */
	if (m->first_us < canary.served_us) {
		s->at = facts_at(f, canary.served_us);
		s->t_us = canary.served_us;
	} else if (m->code == ETIMEDOUT)
		s->t_us -= CANARY_TIMEOUT_US;
	s->until_us = facts_load_end(f);
	return true;
}

bool
symptom_timeout(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t last_us = 0, end_us = symptom_end(f);

	if (!symptom_call(f, rule, s))
		return show_newcomer(f, rule, s);
	for (size_t i = 0; i < f->failure_count; i++)
		if (symptom_is_call(rule, &f->failures[i]) &&
		    f->failures[i].last_us > last_us)
			last_us = f->failures[i].last_us;
	/* One that passed is not what stopped everything; what is missing without a break is
	 * what failed, whenever that was. */
	if (f->broken_us != FACTS_NEVER &&
	    last_us + f->plan.connect_timeout_us + US_PER_S < end_us)
		return false;
	s->until_us = s->t_us;
	if (s->failure->code == ETIMEDOUT)
		s->t_us -= f->plan.connect_timeout_us;
	return true;
}

/* The first tick at which a slot of the schedule had been missed. */
bool
symptom_missed(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].missed > 0 && f->counts[i].t_us <= facts_load_end(f)) {
			show(s, rule->subject, &f->counts[i]);
			s->until_us = facts_load_end(f);
			return true;
		}
	return false;
}

bool
symptom_disk(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct event *h = facts_event(f, "disk-full");
	struct counts_at at;

	if (h == NULL)
		return false;
	at = facts_at(f, h->t_us);
	at.t_us = h->t_us;
	show(s, rule->subject, &at);
	strlcpy(s->text, h->text, sizeof(s->text));
	return true;
}

bool
symptom_silent(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	struct counts_at end = facts_at(f, symptom_end(f));

	/* Accepted, and yet without an answer. */
	if (f->broken_us == FACTS_NEVER || end.served == 0 ||
	    (end.accepted - end.served) * 100 < end.accepted)
		return false;
	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].served == end.served) {
			show(s, rule->subject, &f->counts[i]);
			break;
		}
	s->until_us = symptom_end(f);
	return true;
}

bool
symptom_refused(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	return symptom_call(f, rule, s) && s->at.established == 0;
}

static bool
show_death(const struct facts *f, const struct limit_rule *rule, const struct death *d,
	   struct candidate *s)
{
	struct counts_at at = facts_at(f, d->t_us);

	at.t_us = d->t_us;
	show(s, rule->subject != NULL ? rule->subject : d->name, &at);
	s->death = d;
	return true;
}

/* The server is to live on after the release, until brink ends it; of the load's processes
 * nobody asks any more. */
static bool
is_in_time(const struct facts *f, const struct death *d)
{
	int64_t end = f->phases_end_us < f->end_us ? f->phases_end_us : f->end_us;

	return d->t_us <= (d->role == ROLE_ACCEPTOR ? end : facts_load_end(f));
}

bool
symptom_death(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	for (size_t i = 0; i < f->death_count; i++)
		if (f->deaths[i].role == rule->role && is_in_time(f, &f->deaths[i]))
			return show_death(f, rule, &f->deaths[i], s);
	return false;
}

bool
symptom_killed(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	for (size_t i = 0; i < f->death_count; i++) {
		const struct death *d = &f->deaths[i];

		if (is_in_time(f, d) && (strcmp(d->end, "oom") == 0 ||
					 (strcmp(d->end, "signal") == 0 && d->code == 9)))
			return show_death(f, rule, d, s);
	}
	return false;
}

bool
listens_to(const struct facts *f, const struct acceptor *acceptor, int64_t listener)
{
	return f->shared || acceptor->slot == listener;
}

/* What was accepted from a listener, at each tick. */
static void
load_accepted(struct series *series, const struct facts *f, int64_t listener)
{
	char name[FACTS_NAME];

	*series = (struct series){ 0 };
	if (!f->shared) {
		snprintf(name, sizeof(name), "acceptor %lld", (long long)listener);
		(void)series_load(series, f, "worker", facts_subject(f, "worker", name),
				  "accepted_total");
		return;
	}
	series->points = rows_alloc(f->counts_count, sizeof(*series->points));
	for (size_t i = 0; i < f->counts_count; i++)
		series->points[series->count++] = (struct point){
			.t_us = f->counts[i].t_us,
			.value = (double)f->counts[i].accepted,
		};
}

/* The first tick that shows what was accepted by end_us, or FACTS_NEVER where it still
 * grew in the last second. */
static int64_t
accepting_stopped(const struct facts *f, int64_t listener, int64_t end_us)
{
	struct series series;
	int64_t stopped = FACTS_NEVER;
	double accepted;

	load_accepted(&series, f, listener);
	accepted = series_at(&series, end_us, 0);
	for (size_t i = series.count; i-- > 0;) {
		const struct point *p = &series.points[i];

		if (p->t_us > end_us)
			continue;
		if (p->value < accepted)
			break;
		stopped = p->t_us;
	}
	series_free(&series);
	return stopped <= end_us - US_PER_S ? stopped : FACTS_NEVER;
}

/* The start of the stretch of full samples that reaches to end_us, or FACTS_NEVER. */
static int64_t
full_since(const struct series *queue, const struct series *backlog, int64_t end_us,
	   int64_t near_us)
{
	double full = series_peak(backlog, 0, end_us, (double)FACTS_NEVER, NULL) + 1;
	int64_t since = FACTS_NEVER;

	for (size_t i = queue->count; i-- > 0;) {
		const struct point *p = &queue->points[i];

		if (p->t_us > end_us)
			continue;
		if (p->value < full)
			break;
		if (since == FACTS_NEVER && p->t_us < end_us - near_us)
			break;
		since = p->t_us;
	}
	return since;
}

/* The two series of a listener. */
struct listener_series {
	struct series queue, backlog;
};

static void
load_listener(struct listener_series *l, const struct facts *f, int64_t listener)
{
	(void)series_load(&l->queue, f, "listener", listener, "queue");
	(void)series_load(&l->backlog, f, "listener", listener, "backlog");
}

static void
free_listener(struct listener_series *l)
{
	series_free(&l->queue);
	series_free(&l->backlog);
}

/* Since when a listener explains the break, or FACTS_NEVER. */
typedef int64_t listener_test(const struct facts *f, int64_t listener,
			      const struct listener_series *l);

static bool
earliest_listener(const struct facts *f, listener_test *test, struct candidate *s)
{
	int64_t listeners = f->shared ? 1 : (int64_t)f->acceptor_count;
	int64_t earliest = FACTS_NEVER;

	for (int64_t i = 0; i < listeners; i++) {
		struct listener_series l;
		int64_t since;

		load_listener(&l, f, i);
		since = test(f, i, &l);
		free_listener(&l);
		if (since < earliest) {
			earliest = since;
			s->listener = i;
		}
	}
	if (earliest == FACTS_NEVER)
		return false;
	s->at = facts_at(f, earliest);
	s->t_us = earliest;
	s->until_us = symptom_end(f);
	return true;
}

static int64_t
queue_test(const struct facts *f, int64_t listener, const struct listener_series *l)
{
	int64_t end = symptom_end(f);
	int64_t full = full_since(&l->queue, &l->backlog, end, 3 * f->plan.interval_us);
	int64_t stopped = accepting_stopped(f, listener, end);

	if (full == FACTS_NEVER || stopped == FACTS_NEVER)
		return full;
	return full > stopped ? full : stopped;
}

/* True if an acceptor of the listener had failed or ended by then. */
static bool
has_excuse(const struct facts *f, int64_t listener, int64_t end_us)
{
	for (size_t i = 0; i < f->acceptor_count; i++) {
		const struct acceptor *a = &f->acceptors[i];

		if (!listens_to(f, a, listener))
			continue;
		if (a->to_us <= end_us)
			return true;
		for (size_t k = 0; k < f->failure_count; k++) {
			const struct failure *m = &f->failures[k];

			if (m->role == ROLE_ACCEPTOR && m->slot == a->slot &&
			    strcmp(m->call, call_name(CALL_ACCEPT)) == 0 &&
			    m->first_us <= end_us)
				return true;
		}
	}
	return false;
}

/* The listener whose queue was nearest to its ceiling while connects came to nothing. */
static int64_t
fullest_listener(const struct facts *f, const struct candidate *s)
{
	int64_t listeners = f->shared ? 1 : (int64_t)f->acceptor_count, fullest = 0;
	int64_t most = -1;

	for (int64_t i = 0; i < listeners; i++) {
		int64_t queue =
		    proof_peak(f, "listener", i, "queue", s->t_us - f->plan.interval_us,
			       s->until_us + f->plan.interval_us);

		if (queue > most) {
			most = queue;
			fullest = i;
		}
	}
	return fullest;
}

static bool
is_overrun(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	if (!symptom_timeout(f, rule, s))
		return false;
	s->listener = fullest_listener(f, s);
	return !has_excuse(f, s->listener, symptom_end(f));
}

bool
symptom_queue(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	if (!earliest_listener(f, queue_test, s) && !is_overrun(f, rule, s))
		return false;
	snprintf(s->subject, sizeof(s->subject), "listener %lld", (long long)s->listener);
	return true;
}

static void
name_acceptors(const struct facts *f, struct candidate *s)
{
	if (f->shared && f->acceptor_count > 1)
		strlcpy(s->subject, "acceptors", sizeof(s->subject));
	else
		snprintf(s->subject, sizeof(s->subject), "acceptor %lld",
			 (long long)s->listener);
}

bool
symptom_busy(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	if (!symptom_queue(f, rule, s) || has_excuse(f, s->listener, symptom_end(f)))
		return false;
	name_acceptors(f, s);
	return true;
}

bool
symptom_slow(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	struct candidate blank = *s;

	if (symptom_busy(f, rule, s))
		return true;
	*s = blank;
	if (f->broken_us == FACTS_NEVER || f->broken_us > facts_load_end(f) ||
	    has_excuse(f, 0, f->broken_us))
		return false;
	s->at = facts_at(f, f->broken_us);
	s->t_us = s->until_us = f->broken_us;
	s->listener = 0;
	name_acceptors(f, s);
	return true;
}

/* While clients hold what they have, newcomers are the canary's visits. */
static int64_t
newcomers_wait_since(const struct facts *f, int64_t stopped_us, int64_t end_us)
{
	struct canary_view canary;

	if (facts_at(f, end_us).attempted > facts_at(f, stopped_us).attempted)
		return stopped_us;
	canary = shortfall_canary(f, end_us);
	if (canary.visits <= 0 || canary.served_us > end_us - US_PER_S)
		return FACTS_NEVER;
	return canary.served_us > stopped_us ? canary.served_us : stopped_us;
}

/* The start of the stretch to end_us in which the queue was not empty. */
static int64_t
waiting_since(const struct series *queue, int64_t end_us)
{
	int64_t since = end_us;

	for (size_t i = queue->count; i-- > 0;) {
		const struct point *p = &queue->points[i];

		if (p->t_us > end_us)
			continue;
		if (p->value <= 0)
			break;
		since = p->t_us;
	}
	return since;
}

static int64_t
stuck_test(const struct facts *f, int64_t listener, const struct listener_series *l)
{
	int64_t end = symptom_end(f);
	int64_t stopped = accepting_stopped(f, listener, end);
	int64_t waiting;

	if (stopped == FACTS_NEVER || has_excuse(f, listener, end) ||
	    series_at(&l->queue, end, 0) <= 0)
		return FACTS_NEVER;
	/* Newcomers whom another listener of the group serves say nothing of this one. */
	if (f->shared || !shortfall_queue_is_left(f, listener, end))
		return newcomers_wait_since(f, stopped, end);
	waiting = waiting_since(&l->queue, end);
	return waiting > stopped ? waiting : stopped;
}

bool
symptom_stuck(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	(void)rule;
	if (!earliest_listener(f, stuck_test, s))
		return false;
	name_acceptors(f, s);
	return true;
}

/* What waited at the listeners of this run then. */
static int64_t
queued_at(const struct facts *f, int64_t t_us)
{
	int64_t listeners = f->shared ? 1 : (int64_t)f->acceptor_count, sum = 0;

	for (int64_t i = 0; i < listeners; i++) {
		int64_t queue = proof_peak(f, "listener", i, "queue",
					   t_us - 2 * f->plan.interval_us, t_us);

		sum += queue > 0 ? queue : 0;
	}
	return sum;
}

/* The supervisor looks for other listeners this often, so that one may have come so much
 * earlier: see PORT_LOOK_US in run/supervisor.c. */
#define SHARED_SINCE_US (US_PER_S / 2)

/* Connections that neither the acceptors took nor their queues hold. What is lost is not
 * looked at: only who took a connection can end it. */
static int64_t
taken_by_others(const struct facts *f, const struct counts_at *at)
{
	int64_t taken = at->established - at->accepted - queued_at(f, at->t_us);

	return taken > 0 ? taken : 0;
}

bool
symptom_shared(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct event *h = facts_event(f, "port-shared");
	struct counts_at end = facts_at(f, symptom_end(f)), before;

	if (h == NULL || h->t_us > facts_load_end(f))
		return false;
	before = facts_at(f, h->t_us - SHARED_SINCE_US);
	s->count = taken_by_others(f, &end) - taken_by_others(f, &before);
	if (end.established == 0 || s->count * 100 < end.established)
		return false;
	s->at = end;
	for (size_t i = f->counts_count; i-- > 0 && f->counts[i].t_us >= before.t_us;)
		if (f->counts[i].established > f->counts[i].accepted)
			s->at = f->counts[i];
	strlcpy(s->subject, rule->subject, sizeof(s->subject));
	s->t_us = s->at.t_us;
	s->until_us = symptom_end(f);
	strlcpy(s->text, h->text, sizeof(s->text));
	return true;
}

/* Clients have connections that no acceptor took and no queue holds: since when none was taken. */
static bool
is_half_open(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	struct counts_at end = facts_at(f, symptom_end(f));

	if (f->broken_us == FACTS_NEVER || end.established == 0 ||
	    taken_by_others(f, &end) * 100 < end.established)
		return false;
	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].accepted == end.accepted) {
			show(s, rule->subject, &f->counts[i]);
			break;
		}
	s->until_us = symptom_end(f);
	return true;
}

bool
symptom_lost(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	if (symptom_silent(f, rule, s) || is_half_open(f, rule, s))
		return true;
	/* Whoever waits in a queue waits for an acceptor. */
	return queued_at(f, facts_load_end(f)) == 0 && show_newcomer(f, rule, s);
}
