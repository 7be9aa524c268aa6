/* Symptoms that show at a listener: its queue, and the connects that it does not answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/proof.h"
#include "analyse/rows.h"
#include "analyse/shortfall.h"
#include "analyse/symptom.h"
#include "base/clock.h"

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
	int64_t full = full_since(&l->queue, &l->backlog, end, 3 * f->interval_us);
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
		char name[FACTS_NAME];

		if (!listens_to(f, a, listener))
			continue;
		if (a->to_us <= end_us)
			return true;
		snprintf(name, sizeof(name), "acceptor %lld", (long long)a->slot);
		for (size_t k = 0; k < f->failure_count; k++)
			if (strcmp(f->failures[k].worker, name) == 0 &&
			    strcmp(f->failures[k].call, "accept4") == 0 &&
			    f->failures[k].first_us <= end_us)
				return true;
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
		    proof_peak(f, "listener", i, "queue", s->t_us - f->interval_us,
			       s->until_us + f->interval_us);

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
	if (canary.visits <= 0)
		return FACTS_NEVER;
	return canary.served_us > stopped_us ? canary.served_us : stopped_us;
}

static int64_t
stuck_test(const struct facts *f, int64_t listener, const struct listener_series *l)
{
	int64_t end = symptom_end(f);
	int64_t stopped = accepting_stopped(f, listener, end);

	if (stopped == FACTS_NEVER || has_excuse(f, listener, end) ||
	    series_at(&l->queue, end, 0) <= 0)
		return FACTS_NEVER;
	return newcomers_wait_since(f, stopped, end);
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
					   t_us - 2 * f->interval_us, t_us);

		sum += queue > 0 ? queue : 0;
	}
	return sum;
}

bool
symptom_shared(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct event *h = facts_event(f, "port-shared");
	struct counts_at at = facts_at(f, symptom_end(f));

	if (h == NULL || h->t_us > facts_load_end(f))
		return false;
	s->count = at.established - at.accepted - queued_at(f, at.t_us);
	s->count = s->count > at.lost ? s->count : at.lost;
	if (at.established == 0 || s->count * 100 < at.established)
		return false;
	for (size_t i = 0; i < f->counts_count; i++) {
		at = f->counts[i];
		if (at.established > at.accepted || at.lost > 0)
			break;
	}
	strlcpy(s->subject, rule->subject, sizeof(s->subject));
	s->at = at;
	s->t_us = at.t_us;
	s->until_us = symptom_end(f);
	strlcpy(s->text, h->text, sizeof(s->text));
	return true;
}
