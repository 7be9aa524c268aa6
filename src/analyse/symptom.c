#include "analyse/symptom.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

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

bool
symptom_is_call(const struct limit_rule *rule, const struct failure *m)
{
	if ((rule->role != ROLE_NONE && m->role != rule->role) || m->role == ROLE_CANARY)
		return false;
	for (size_t i = 0; i < LIMIT_RULE_CALLS && rule->calls[i].call != CALL_NONE; i++)
		if (strcmp(m->call, call_name(rule->calls[i].call)) == 0 &&
		    m->code == rule->calls[i].error)
			return true;
	return false;
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

bool
symptom_timeout(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t last_us = 0, end_us = symptom_end(f);

	if (!symptom_call(f, rule, s))
		return false;
	for (size_t i = 0; i < f->failure_count; i++)
		if (symptom_is_call(rule, &f->failures[i]) &&
		    f->failures[i].last_us > last_us)
			last_us = f->failures[i].last_us;
	/* One that passed is not what stopped everything; what is missing without a break is
	 * what failed, whenever that was. */
	if (f->broken_us != FACTS_NEVER &&
	    last_us + f->connect_timeout_us + US_PER_S < end_us)
		return false;
	s->until_us = s->t_us;
	if (s->failure->code == ETIMEDOUT)
		s->t_us -= f->connect_timeout_us;
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
	int64_t course_end = f->course_end_us < f->end_us ? f->course_end_us : f->end_us;

	return d->t_us <= (d->role == ROLE_ACCEPTOR ? course_end : facts_load_end(f));
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
