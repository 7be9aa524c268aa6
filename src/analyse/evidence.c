#include "analyse/evidence.h"

#include <stdio.h>
#include <string.h>

#include "analyse/series.h"
#include "analyse/symptom.h"
#include "base/clock.h"

#define STATE_STOPPED 84 /* 'T' of proc(5) */

/* At least 99 % of it: the rest may be in use for a moment without being sampled. */
static bool
is_at(int64_t usage, int64_t limit)
{
	return limit > 0 && limit < INT64_MAX && (double)usage >= 0.99 * (double)limit;
}

static void
use(struct suspect *s, int64_t usage, int64_t limit, const char *source)
{
	s->usage = usage;
	s->limit = limit;
	strlcpy(s->source, source, sizeof(s->source));
}

/* How much a counter grew between two instants; 0 where it was not read. */
static int64_t
counter_growth(const struct facts *f, const char *kind, const char *counter,
	       int64_t from_us, int64_t to_us)
{
	struct series series;
	double growth = 0;

	if (series_load(&series, f, kind, facts_subject(f, kind, kind), counter) == 0 &&
	    series.count > 0)
		growth = series_at(&series, to_us, series.points[0].value) -
			 series_at(&series, from_us, series.points[0].value);
	series_free(&series);
	return (int64_t)growth;
}

/* Adds the counter to the proofs if it moved between the two instants. */
static void
prove_counter(const struct facts *f, const char *kind, const char *counter,
	      struct suspect *s, int64_t from_us, int64_t to_us)
{
	int64_t growth = counter_growth(f, kind, counter, from_us, to_us);

	if (growth <= 0)
		return;
	s->moved = true;
	suspect_prove(s, s->t_us, growth, -1, "%s of %s grew", counter, kind);
}

static bool
prove_descriptors(const struct mishap *m, struct suspect *s)
{
	int64_t fds = m->fds >= 0 ? m->fds : m->own_fds + m->own;

	if (m->limit < 0)
		return false;
	suspect_prove(s, m->first_us, fds, m->limit, "open files of %s", m->worker);
	use(s, fds, m->limit, "RLIMIT_NOFILE");
	return fds >= m->limit;
}

void
evidence_descriptors(const struct facts *f, const struct limit_rule *rule,
		     struct suspect *s)
{
	(void)rule;
	s->at_limit = true;
	if (strcmp(s->subject, "acceptors") != 0) {
		s->at_limit = prove_descriptors(s->mishap, s);
		return;
	}
	for (size_t i = 0; i < f->mishap_count; i++) {
		const struct mishap *m = &f->mishaps[i];

		if (m != s->mishap && strncmp(m->worker, "acceptor ", 9) == 0 &&
		    m->code == s->mishap->code && strcmp(m->call, s->mishap->call) == 0)
			s->at_limit &= prove_descriptors(m, s);
	}
	s->at_limit &= prove_descriptors(s->mishap, s);
}

void
evidence_gauge(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	int64_t subject = facts_subject(f, rule->kind, rule->kind);
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S, limit;
	char source[FACTS_NAME];
	struct series series;

	if (facts_limit(f, rule->kind, subject, rule->resource, &limit, source) &&
	    series_load(&series, f, rule->kind, subject, rule->resource) == 0) {
		int64_t usage = (int64_t)series_peak(&series, from, to, -1, NULL);

		series_free(&series);
		s->at_limit = is_at(usage, limit);
		if (usage >= 0) {
			suspect_prove(s, s->t_us, usage, limit, "%s", rule->noun);
			use(s, usage, limit, source);
		}
	}
	if (rule->counter != NULL)
		prove_counter(f, rule->kind, rule->counter, s, from, to);
}

void
evidence_killed(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	evidence_gauge(f, rule, s);
	s->at_limit &= s->moved;
	suspect_prove(s, s->t_us, -1, -1, "%s was killed", s->death->name);
	snprintf(s->text, sizeof(s->text),
		 "memory of the cgroup ran out: the kernel killed %s", s->death->name);
}

int64_t
evidence_port_limit(const struct facts *f, char *source)
{
	int64_t limit;

	if (!facts_limit(f, "group", facts_subject(f, "group", "clients"), "held", &limit,
			 source))
		return -1;
	return limit;
}

/* The most that the clients held in the time. */
int64_t
evidence_peak_held(const struct facts *f, int64_t from_us, int64_t to_us)
{
	int64_t peak = 0;

	for (size_t i = 0; i < f->moment_count; i++) {
		const struct moment *m = &f->moments[i];

		if (m->t_us >= from_us && m->t_us <= to_us && m->held > peak)
			peak = m->held;
	}
	return peak;
}

void
evidence_ports(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source), waiting = 0, usage;
	struct series series;

	if (limit < 0)
		return;
	if (series_load(&series, f, "netns", facts_subject(f, "netns", "netns"),
			"tcp_time_wait") == 0)
		waiting = (int64_t)series_at(&series, s->t_us, 0);
	series_free(&series);
	/* One of several source addresses can run out a moment before the others do. */
	usage = s->at.held + waiting;
	if (!is_at(usage, limit))
		usage = evidence_peak_held(f, s->t_us, facts_load_end(f)) + waiting;
	s->at_limit = is_at(usage, limit);
	use(s, usage, limit, source);
	suspect_prove(s, s->t_us, usage, limit, "%s in use", rule->noun);
	if (waiting > 0)
		suspect_prove(s, s->t_us, waiting, -1, "of those in TIME_WAIT");
}

/* RLIMIT_NPROC is of a user: it is stored as a limit or a setting of the host. */
int64_t
evidence_process_limit(const struct facts *f)
{
	static const char sql[] =
	    "SELECT min(value) FROM (SELECT value FROM resource_limit"
	    " WHERE run_id = ?1 AND source = 'RLIMIT_NPROC' UNION ALL"
	    " SELECT CAST(value AS INTEGER) FROM setting"
	    " WHERE run_id = ?1 AND name = 'RLIMIT_NPROC' AND value GLOB '[0-9]*')";

	return db_query_int(f->db, sql, f->run_id, -1);
}

/* The most processes that all groups had together at a tick about an instant. */
static int64_t
process_count(const struct facts *f, int64_t t_us)
{
	int64_t tick = facts_at(f, t_us + f->interval_us).tick, count = -1;
	struct db_statement *s = db_prepare(
	    f->db, "SELECT max(n) FROM (SELECT sum(processes) AS n FROM group_sample"
		   " WHERE run_id = ?1 AND tick BETWEEN ?2 - 2 AND ?2 GROUP BY tick)");

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, tick);
	if (db_step(s) == 1 && !db_is_null(s, 0))
		count = db_int(s, 0);
	db_finish(s);
	return count;
}

void
evidence_processes(const struct facts *f, const struct limit_rule *rule,
		   struct suspect *s)
{
	int64_t limit = evidence_process_limit(f), usage = process_count(f, s->t_us);

	if (limit < 0 || usage < 0)
		return;
	s->at_limit = is_at(usage, limit);
	use(s, usage, limit, "RLIMIT_NPROC");
	suspect_prove(s, s->t_us, usage, limit, "%s", rule->noun);
}

void
evidence_queue(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	struct series queue, backlog;
	int64_t usage, limit;

	(void)series_load(&queue, f, "listener", s->listener, "queue");
	(void)series_load(&backlog, f, "listener", s->listener, "backlog");
	usage = (int64_t)series_at(&queue, s->t_us, 0);
	limit = (int64_t)series_at(&backlog, s->t_us, 0) + 1;
	series_free(&queue);
	series_free(&backlog);
	s->at_limit = usage >= limit;
	use(s, usage, limit, "backlog + 1");
	suspect_prove(s, s->t_us, usage, limit, "%s of %s", rule->noun, s->subject);
	prove_counter(f, "netns", rule->counter, s, s->t_us - 2 * f->interval_us,
		      facts_load_end(f));
}

/* What an acceptor did from t_us to until_us. */
struct idleness {
	bool stopped, idle;
	int64_t cpu_us;
};

static int64_t
growth_of(const struct facts *f, const struct acceptor *a, const char *counter,
	  int64_t from_us, int64_t to_us)
{
	struct series series;
	int64_t growth = INT64_MAX / 2;

	if (series_load(&series, f, "process", a->process_id, counter) == 0 &&
	    series.count > 0)
		growth = (int64_t)(series_at(&series, to_us, 0) -
				   series_at(&series, from_us, 0));
	series_free(&series);
	return growth;
}

static struct idleness
idleness_of(const struct facts *f, const struct acceptor *a, int64_t from_us,
	    int64_t to_us)
{
	struct idleness idleness = { 0 };
	struct series states;

	idleness.cpu_us = growth_of(f, a, "cpu_user_us_total", from_us, to_us) +
			  growth_of(f, a, "cpu_system_us_total", from_us, to_us);
	idleness.idle = idleness.cpu_us * 100 <= to_us - from_us;
	if (series_load(&states, f, "process", a->process_id, "state") == 0)
		for (size_t i = 0; i < states.count; i++)
			if (states.points[i].t_us >= from_us &&
			    states.points[i].t_us <= to_us &&
			    (int)states.points[i].value == STATE_STOPPED)
				idleness.stopped = true;
	series_free(&states);
	return idleness;
}

void
evidence_stuck(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	(void)rule;
	s->at_limit = s->moved = true;
	for (size_t i = 0; i < f->acceptor_count; i++) {
		const struct acceptor *a = &f->acceptors[i];
		struct idleness idleness;

		if (!listens_to(f, a, s->listener))
			continue;
		idleness = idleness_of(f, a, s->t_us, s->until_us);
		s->at_limit &= idleness.stopped;
		s->moved &= idleness.idle || idleness.stopped;
		if (idleness.stopped)
			suspect_prove(s, s->t_us, -1, -1,
				      "acceptor %lld was stopped: state T",
				      (long long)a->slot);
		else if (idleness.idle)
			suspect_prove(s, s->t_us, idleness.cpu_us, -1,
				      "CPU time of acceptor %lld since, us",
				      (long long)a->slot);
	}
	suspect_prove(s, s->t_us,
		      facts_at(f, s->until_us).attempted - facts_at(f, s->t_us).attempted,
		      -1, "connects attempted since, none accepted");
	snprintf(s->text, sizeof(s->text), "%s stopped accepting%s", s->subject,
		 s->at_limit ? ": the process was stopped" : ", without an error");
}

void
evidence_death(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	const struct death *d = s->death;

	(void)f;
	(void)rule;
	s->at_limit = true;
	if (strcmp(d->end, "exit") == 0)
		snprintf(s->text, sizeof(s->text), "%s ended with exit status %lld",
			 d->name, (long long)d->code);
	else if (strcmp(d->end, "oom") == 0)
		snprintf(s->text, sizeof(s->text), "%s was killed for want of memory",
			 d->name);
	else
		snprintf(s->text, sizeof(s->text), "%s was killed by signal %lld",
			 d->name, (long long)d->code);
	suspect_prove(s, d->t_us, -1, -1, "%s", s->text);
}

void
evidence_refused(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	int64_t listening = db_query_int(f->db,
					 "SELECT count(*) FROM listener_sample WHERE "
					 "run_id = ?1 AND queue IS NOT NULL",
					 f->run_id, 0);

	s->at_limit = listening == 0;
	suspect_prove(s, s->t_us, listening, -1, "samples that show a listening socket");
	prove_counter(f, rule->kind, rule->counter, s, s->t_us - US_PER_S,
		      s->t_us + US_PER_S);
	snprintf(s->text, sizeof(s->text), "nothing listens on the port");
}
