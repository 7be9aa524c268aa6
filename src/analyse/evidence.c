#include "analyse/evidence.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/proof.h"
#include "analyse/series.h"
#include "analyse/symptom.h"
#include "base/clock.h"
#include "sample/settings.h"

static bool
prove_descriptors(const struct mishap *m, struct suspect *s)
{
	int64_t fds = m->fds >= 0 ? m->fds : m->own_fds + m->own;

	if (m->limit < 0)
		return false;
	suspect_prove(s, m->first_us, fds, m->limit, "open files of %s", m->worker);
	proof_use(s, fds, m->limit, "RLIMIT_NOFILE");
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

/* Of a process the one that failed, else there is one subject of the kind. */
static int64_t
subject_of(const struct facts *f, const struct limit_rule *rule, const struct suspect *s)
{
	bool is_process = strcmp(rule->kind, "process") == 0;

	return facts_subject(f, rule->kind,
			     is_process && s->mishap != NULL ? s->mishap->worker
							     : rule->kind);
}

void
evidence_gauge(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	int64_t subject = subject_of(f, rule, s), limit, usage;
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S;
	char source[FACTS_NAME];

	if (s->until_us + f->interval_us > to)
		to = s->until_us + f->interval_us;
	/* A ceiling that is not there was not met, whatever moved. */
	if (!facts_limit(f, rule->kind, subject, rule->resource, rule->source, &limit,
			 source) ||
	    limit == INT64_MAX)
		return;
	usage = proof_peak(f, rule->kind, subject, rule->resource, from, to);
	s->at_limit = proof_is_at(usage, limit);
	if (usage >= 0) {
		suspect_prove(s, s->t_us, usage, limit, "%s", rule->noun);
		proof_use(s, usage, limit, source);
	}
	if (rule->counter != NULL)
		proof_counter(
		    f, rule->counter_kind != NULL ? rule->counter_kind : rule->kind,
		    rule->counter, s, from, to);
}

void
evidence_counted(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	evidence_gauge(f, rule, s);
	s->at_limit &= s->moved;
}

void
evidence_killed_by_host(const struct facts *f, const struct limit_rule *rule,
			struct suspect *s)
{
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S;
	int64_t left =
	    proof_least(f, rule->kind, facts_subject(f, rule->kind, rule->kind),
			rule->resource, from, to);
	int64_t all = db_query_int(
	    f->db,
	    "SELECT memory_bytes FROM host JOIN run USING (host_id) WHERE run_id = ?1",
	    f->run_id, -1);

	/* The host's counter counts the deaths in cgroups too. */
	if (evidence_cgroup_killed(f, s->t_us))
		return;
	proof_counter(f, rule->kind, rule->counter, s, from, to);
	s->at_limit = s->moved && left >= 0 && left * 20 < all;
	if (left >= 0)
		suspect_prove(s, s->t_us, left, -1, "memory left on the host, bytes");
	snprintf(s->text, sizeof(s->text), "%s ran out: the kernel killed %s", rule->noun,
		 s->death->name);
}

int64_t
evidence_port_limit(const struct facts *f, char *source)
{
	int64_t limit;

	if (!facts_limit(f, "group", facts_subject(f, "group", "clients"), "held", NULL,
			 &limit, source))
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

static int64_t
time_wait_at(const struct facts *f, int64_t t_us)
{
	int64_t waiting = proof_peak(f, "netns", facts_subject(f, "netns", "netns"),
				     "tcp_time_wait", t_us - US_PER_S, t_us);

	return waiting > 0 ? waiting : 0;
}

/* What the clients hold and what is in TIME_WAIT against limit ports. */
static void
prove_ports(const struct facts *f, const struct limit_rule *rule, struct suspect *s,
	    int64_t limit, const char *source)
{
	int64_t waiting = time_wait_at(f, s->t_us);
	/* One of several source addresses can run out a moment before the others do. */
	int64_t usage = s->at.held + waiting;

	if (!proof_is_at(usage, limit))
		usage = evidence_peak_held(f, s->t_us, facts_load_end(f)) + waiting;
	s->at_limit = proof_is_at(usage, limit);
	proof_use(s, usage, limit, source);
	suspect_prove(s, s->t_us, usage, limit, "%s in use", rule->noun);
	if (waiting > 0)
		suspect_prove(s, s->t_us, waiting, -1, "of those in TIME_WAIT");
}

void
evidence_ports(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source);

	if (limit >= 0)
		prove_ports(f, rule, s, limit, source);
}

void
evidence_time_wait(const struct facts *f, const struct limit_rule *rule,
		   struct suspect *s)
{
	evidence_ports(f, rule, s);
	s->at_limit &= time_wait_at(f, s->t_us) * 2 >= s->limit;
}

/* Ports of net.ipv4.ip_local_reserved_ports, such as "8080,9000-9099", within a range. */
static int64_t
reserved_within(const char *list, int64_t low, int64_t high)
{
	int64_t reserved = 0;

	while (*list != '\0') {
		char *end;
		int64_t first = strtoll(list, &end, 10), last = first;

		if (*end == '-')
			last = strtoll(end + 1, &end, 10);
		first = first > low ? first : low;
		last = last < high ? last : high;
		if (last >= first)
			reserved += last - first + 1;
		list = *end == ',' ? end + 1 : "";
	}
	return reserved;
}

void
evidence_reserved(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	char range[FACTS_NAME], list[FACTS_SETTING], *end;
	int64_t limit = evidence_port_limit(f, NULL), low, high, reserved;

	if (limit < 0 ||
	    !facts_setting(f, "net.ipv4.ip_local_port_range", range, sizeof(range)) ||
	    !facts_setting(f, "net.ipv4.ip_local_reserved_ports", list, sizeof(list)))
		return;
	low = strtoll(range, &end, 10);
	high = strtoll(end, NULL, 10);
	reserved = reserved_within(list, low, high);
	if (reserved == 0)
		return;
	suspect_prove(s, s->t_us, reserved, -1, "ports of the range that are reserved");
	/* Of as many ranges as there are source addresses. */
	prove_ports(f, rule, s, limit - limit / (high - low + 1) * reserved,
		    "net.ipv4.ip_local_reserved_ports");
}

int64_t
evidence_process_limit(const struct facts *f)
{
	int64_t limit;

	if (facts_limit(f, "host", facts_subject(f, "host", "host"), "user_threads", NULL,
			&limit, NULL))
		return limit;
	return facts_setting_int(f, SETTING_WORKER_PROCESSES, -1);
}

int64_t
evidence_process_count(const struct facts *f, int64_t from_us, int64_t to_us)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT max(n) FROM (SELECT sum(g.processes) AS n FROM group_sample AS g"
	    " JOIN subject AS s ON s.run_id = g.run_id AND s.kind = 'group'"
	    " AND s.subject = g.subject JOIN run AS r ON r.run_id = g.run_id"
	    " WHERE g.run_id = ?1 AND g.tick BETWEEN ?2 AND ?3 AND (s.name <> 'observers'"
	    " OR json_extract(r.plan, '$.user') IS NULL) GROUP BY g.tick)");
	int64_t count = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, facts_at(f, from_us).tick);
	db_bind_int(s, 3, facts_at(f, to_us).tick);
	if (db_step(s) == 1 && !db_is_null(s, 0))
		count = db_int(s, 0);
	db_finish(s);
	return count;
}

/* The threads of the user on the whole host, brink's and all others', where they were
 * counted: at the tick after the first refusal at the latest. */
static int64_t
user_threads(const struct facts *f, int64_t t_us)
{
	return proof_peak(f, "host", facts_subject(f, "host", "host"), "user_threads",
			  t_us - 2 * f->interval_us, t_us + US_PER_S);
}

void
evidence_processes(const struct facts *f, const struct limit_rule *rule,
		   struct suspect *s)
{
	int64_t limit = evidence_process_limit(f), usage = user_threads(f, s->t_us), own;

	own = evidence_process_count(f, s->t_us - 2 * f->interval_us,
				     s->t_us + 2 * f->interval_us);
	usage = usage > own ? usage : own;
	if (limit < 0 || usage < 0)
		return;
	s->at_limit = proof_is_at(usage, limit);
	proof_use(s, usage, limit, "RLIMIT_NPROC");
	suspect_prove(s, s->t_us, usage, limit, "%s", rule->noun);
	if (own >= 0 && own < usage)
		suspect_prove(s, s->t_us, own, -1, "of those brink's own");
}

/* The median latency of a kind in the first second that it was measured in from from_us
 * on, or 0. */
static int64_t
median_latency(const struct facts *f, const char *kind, int64_t from_us)
{
	struct db_statement *s =
	    db_prepare(f->db, "SELECT p50_us FROM latency WHERE run_id = ?1 AND kind = ?2"
			      " AND t_us >= ?3 AND count > 0 ORDER BY t_us LIMIT 1");
	int64_t median = 0;

	if (s == NULL)
		return 0;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, kind);
	db_bind_int(s, 3, from_us);
	if (db_step(s) == 1)
		median = db_int(s, 0);
	db_finish(s);
	return median;
}

void
evidence_port_search(const struct facts *f, const struct limit_rule *rule,
		     struct suspect *s)
{
	char source[FACTS_NAME];
	int64_t limit = evidence_port_limit(f, source), held = s->at.held;
	int64_t first = median_latency(f, "connect_raw", 0);
	int64_t then = median_latency(f, "connect_raw", s->t_us);

	if (limit <= 0 || held * 2 < limit)
		return;
	proof_use(s, held, limit, source);
	s->moved = first > 0 && then >= 10 * first;
	s->at_limit = s->moved;
	suspect_prove(s, s->t_us, held, limit, "%s in use", rule->noun);
	if (s->moved)
		suspect_prove(s, s->t_us, then, -1,
			      "median time of a connect(2), us; at first %lld",
			      (long long)first);
	snprintf(s->text, sizeof(s->text),
		 "over half of the ports are taken: connect(2) searches for a free one");
}

void
evidence_window(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	int64_t to = facts_load_end(f);

	proof_counter(f, rule->kind, rule->counter, s, s->t_us, to);
	proof_counter(f, rule->kind, "receive_queue_drops_total", s, s->t_us, to);
	snprintf(s->text, sizeof(s->text),
		 "%s closed: what is sent is not read by the other side", rule->noun);
}

void
evidence_disk(const struct facts *f, const struct limit_rule *rule, struct suspect *s)
{
	(void)f;
	s->at_limit = true;
	suspect_prove(s, s->t_us, -1, -1, "%s was full", rule->noun);
}
