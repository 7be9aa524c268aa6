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
prove_descriptors(const struct failure *m, struct candidate *s)
{
	int64_t fds = m->fds >= 0 ? m->fds : m->own_fds + m->own;

	if (m->limit < 0)
		return false;
	candidate_prove(s, m->first_us, fds, m->limit, "open files of %s", m->worker);
	proof_use(s, fds, m->limit, "RLIMIT_NOFILE");
	return fds >= m->limit;
}

void
evidence_descriptors(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	(void)rule;
	s->at_limit = true;
	if (strcmp(s->subject, "acceptors") != 0) {
		s->at_limit = prove_descriptors(s->failure, s);
		return;
	}
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m != s->failure && m->role == ROLE_ACCEPTOR &&
		    m->code == s->failure->code && strcmp(m->call, s->failure->call) == 0)
			s->at_limit &= prove_descriptors(m, s);
	}
	s->at_limit &= prove_descriptors(s->failure, s);
}

/* Of a process the one that failed, else there is one subject of the kind. */
static int64_t
subject_of(const struct facts *f, const struct limit_rule *rule,
	   const struct candidate *s)
{
	bool is_process = strcmp(rule->kind, "process") == 0;

	return facts_subject(f, rule->kind,
			     is_process && s->failure != NULL ? s->failure->worker
							      : rule->kind);
}

void
evidence_gauge(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t subject = subject_of(f, rule, s), limit, usage;
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S;
	char source[FACTS_NAME];

	if (s->until_us + f->plan.interval_us > to)
		to = s->until_us + f->plan.interval_us;
	/* A ceiling that is not there was not met, whatever moved. */
	if (!facts_limit(f, rule->kind, subject, rule->resource, rule->source, &limit,
			 source) ||
	    limit == INT64_MAX)
		return;
	usage = proof_peak(f, rule->kind, subject, rule->resource, from, to);
	s->at_limit = proof_is_at(usage, limit);
	if (usage >= 0) {
		candidate_prove(s, s->t_us, usage, limit, "%s", rule->display_name);
		proof_use(s, usage, limit, source);
	}
	if (rule->counter != NULL)
		proof_counter(
		    f, rule->counter_kind != NULL ? rule->counter_kind : rule->kind,
		    rule->counter, s, from, to);
}

/* fork() asks for a promise of as much again as its process may write to: what is refused
 * never counts as committed. */
void
evidence_commit(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct failure *m = s->failure;
	int64_t asked;

	evidence_gauge(f, rule, s);
	if (s->at_limit || s->usage < 0 || strcmp(m->call, "fork") != 0)
		return;
	asked = proof_peak(f, "process", facts_subject(f, "process", m->worker),
			   "vm_bytes", 0, s->t_us + US_PER_S);
	s->moved = asked > 0 && s->usage + asked > s->limit;
	candidate_prove(s, s->t_us, asked, -1,
			"address space of %s, part of which a fork() asks for once more",
			m->worker);
}

void
evidence_counted(const struct facts *f, const struct limit_rule *rule,
		 struct candidate *s)
{
	evidence_gauge(f, rule, s);
	s->at_limit &= s->moved;
}

/* All memory of the host, and the least that was left in a time; -1: not known. */
static int64_t
memory_of_host(const struct facts *f, int64_t from_us, int64_t to_us, int64_t *left)
{
	*left = proof_least(f, "host", facts_subject(f, "host", "host"),
			    "available_bytes", from_us, to_us);
	return db_query_int(
	    f->db,
	    "SELECT memory_bytes FROM host JOIN run USING (host_id) WHERE run_id = ?1",
	    f->run_id, -1);
}

bool
evidence_host_has_memory(const struct facts *f, int64_t t_us)
{
	int64_t left;
	int64_t all = memory_of_host(f, t_us - US_PER_S, t_us + US_PER_S, &left);

	return all > 0 && left >= 0 && left > all / 4;
}

void
evidence_killed_by_host(const struct facts *f, const struct limit_rule *rule,
			struct candidate *s)
{
	int64_t from = s->t_us - US_PER_S, to = s->t_us + US_PER_S, left;
	int64_t all = memory_of_host(f, from, to, &left);

	/* The host's counter counts the deaths in cgroups too, also of those that cannot be
	 * read from here. */
	if (evidence_cgroup_killed(f, s->t_us) || evidence_host_has_memory(f, s->t_us))
		return;
	proof_counter(f, rule->kind, rule->counter, s, from, to);
	s->at_limit = s->moved && left >= 0 && left * 20 < all;
	if (left >= 0)
		candidate_prove(s, s->t_us, left, -1, "memory left on the host, bytes");
	snprintf(s->text, sizeof(s->text), "%s ran out: the kernel killed %s",
		 rule->display_name, s->death->name);
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

/* Observers have no role, and are not of the workers' user. */
int64_t
evidence_process_count(const struct facts *f, int64_t from_us, int64_t to_us)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT max(n) FROM (SELECT sum(g.processes) AS n FROM group_sample AS g"
	    " JOIN subject AS s ON s.run_id = g.run_id AND s.kind = 'group'"
	    " AND s.subject = g.subject"
	    " WHERE g.run_id = ?1 AND g.tick BETWEEN ?2 AND ?3 AND (s.role IS NOT NULL"
	    " OR ?4 = 0) GROUP BY g.tick)");
	int64_t count = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_int(s, 2, facts_at(f, from_us).tick);
	db_bind_int(s, 3, facts_at(f, to_us).tick);
	db_bind_int(s, 4, f->plan.uid != -1);
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
			  t_us - 2 * f->plan.interval_us, t_us + US_PER_S);
}

void
evidence_processes(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s)
{
	int64_t limit = evidence_process_limit(f), usage = user_threads(f, s->t_us), own;

	/* A target may have another user than brink's own processes. */
	own = plan_is_external(&f->plan)
		  ? -1
		  : evidence_process_count(f, s->t_us - 2 * f->plan.interval_us,
					   s->t_us + 2 * f->plan.interval_us);
	usage = usage > own ? usage : own;
	if (limit < 0 || usage < 0)
		return;
	s->at_limit = proof_is_at(usage, limit);
	proof_use(s, usage, limit, "RLIMIT_NPROC");
	candidate_prove(s, s->t_us, usage, limit, "%s", rule->display_name);
	if (own >= 0 && own < usage)
		candidate_prove(s, s->t_us, own, -1, "of those brink's own");
}

void
evidence_window(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t to = facts_load_end(f);

	proof_counter(f, rule->kind, rule->counter, s, s->t_us, to);
	proof_counter(f, rule->kind, "receive_queue_drops_total", s, s->t_us, to);
	snprintf(s->text, sizeof(s->text),
		 "%s closed: what is sent is not read by the other side",
		 rule->display_name);
}

void
evidence_disk(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	(void)f;
	s->at_limit = true;
	candidate_prove(s, s->t_us, -1, -1, "%s was full", rule->display_name);
}
