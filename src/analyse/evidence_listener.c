/* Evidence about listeners and those that accept from them. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "analyse/evidence.h"
#include "analyse/proof.h"
#include "analyse/series.h"
#include "analyse/shortfall.h"
#include "analyse/symptom.h"
#include "base/clock.h"
#include "base/units.h"

/* States of proc(5) in which a process does nothing. */
static const struct halt_state {
	int state;
	const char *says;
	bool
	    is_brief; /* seen once it is enough: in the last any process can be for a moment */
} halt_states[] = {
	{ 'T', "was stopped by a signal: state T", true },
	{ 't', "was stopped by a debugger: state t", true },
	{ 'D', "was frozen, or waited for a device: state D", false },
};

/* The namespace's counter moves for every listener in it: this one's drops tell whose it was.
 * Where they were not read, it proves nothing unless the queue was seen full. */
static void
prove_overflows(const struct facts *f, const struct limit_rule *rule, struct candidate *s,
		int64_t from, int64_t to)
{
	int64_t own = proof_overflows(f, s->listener, from, to);

	if (own < 0 && s->at_limit)
		proof_counter(f, "netns", rule->counter, s, from, to);
	if (own <= 0)
		return;
	s->moved = true;
	candidate_prove(s, s->t_us, own, -1,
			"handshakes that listener %lld dropped for want of room in its "
			"accept queue",
			(long long)s->listener);
}

static void
prove_queue(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = s->t_us - f->plan.interval_us;
	int64_t usage =
	    proof_peak(f, "listener", s->listener, "queue", from, s->until_us);
	int64_t limit =
	    proof_peak(f, "listener", s->listener, "backlog", 0, s->until_us) + 1;

	s->at_limit = limit > 0 && usage >= limit;
	proof_use(s, usage, limit, "backlog + 1");
	candidate_prove(s, s->t_us, usage, limit, "%s of listener %lld",
			rule->display_name, (long long)s->listener);
	prove_overflows(f, rule, s, from - f->plan.interval_us, facts_load_end(f));
	if (!s->at_limit && s->moved)
		snprintf(
		    s->text, sizeof(s->text),
		    "%s of listener %lld overflowed, between samples of at most %lld "
		    "of %lld",
		    rule->display_name, (long long)s->listener, (long long)usage,
		    (long long)limit);
}

bool
evidence_is_cut(const struct facts *f, int64_t listener)
{
	int64_t backlog =
	    proof_peak(f, "listener", listener, "backlog", 0, symptom_end(f));

	return backlog < f->plan.backlog &&
	       facts_setting_int(f, "net.core.somaxconn", INT64_MAX) == backlog;
}

/* One queue has one limit: where the backlog was cut that is net.core.somaxconn. */
void
evidence_queue(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	if (!evidence_is_cut(f, s->listener))
		prove_queue(f, rule, s);
}

void
evidence_somaxconn(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s)
{
	if (!evidence_is_cut(f, s->listener))
		return;
	prove_queue(f, rule, s);
	strlcpy(s->source, "net.core.somaxconn + 1", sizeof(s->source));
	candidate_prove(s, s->t_us, s->limit - 1, -1,
			"net.core.somaxconn, which cuts the backlog of %lld asked for",
			(long long)f->plan.backlog);
}

void
evidence_syn_queue(const struct facts *f, const struct limit_rule *rule,
		   struct candidate *s)
{
	int64_t from = s->t_us - f->plan.interval_us, to = facts_load_end(f);

	int64_t overflows = proof_overflows(f, 0, from, to);

	if (overflows < 0)
		overflows = proof_growth(f, "netns", "listen_overflows_total", from, to);
	/* Those of another listener are its own affair. */
	if (overflows > 0 || proof_drops(f, 0, from, to) == 0)
		return;
	proof_counter(f, "netns", "syn_queue_drops_total", s, from, to);
	proof_counter(f, "netns", "syn_queue_cookies_total", s, from, to);
	s->at_limit = s->moved; /* they count nothing but a full queue */
	proof_counter(f, rule->kind, rule->counter, s, from, to);
	snprintf(s->text, sizeof(s->text),
		 "%s of listener 0 was full: handshakes were dropped",
		 rule->display_name);
}

/* What the listeners of this run dropped. */
static int64_t
drops_of_listeners(const struct facts *f, int64_t from_us, int64_t to_us)
{
	int64_t listeners = f->shared ? 1 : (int64_t)f->acceptor_count, drops = 0;

	for (int64_t i = 0; i < listeners; i++)
		drops += proof_drops(f, i, from_us, to_us);
	return drops;
}

static bool
acceptor_ended(const struct facts *f, int64_t by_us)
{
	for (size_t i = 0; i < f->acceptor_count; i++)
		if (f->acceptors[i].to_us <= by_us)
			return true;
	return false;
}

/* "connects were refused on the way to a listener: EHOSTUNREACH" */
static void
say_refused(struct candidate *s)
{
	int64_t code = s->failure->code;
	bool is_local = code == EACCES || code == EPERM || code == EINVAL;

	s->moved = true;
	candidate_prove(s, s->t_us, s->count, -1,
			"connects refused although a listener was there");
	snprintf(s->text, sizeof(s->text), "connects were refused %s: %s",
		 is_local ? "before they left, by a route or a local policy"
			  : "on the way to a listener",
		 s->failure->error);
}

#define RATE_WINDOWS 60

/* Seconds in which some handshakes came to nothing: what was tried in them, SYNs that were
 * sent again included, and what came of it. */
struct tries {
	int64_t tried, made, least, most;
	double least_part, most_part; /* of those tried that were made */
	int windows;
};

static void
add_window(struct tries *t, int64_t tried, int64_t made)
{
	double part = (double)made / (double)tried;

	t->tried += tried;
	t->made += made;
	t->least = t->windows == 0 || made < t->least ? made : t->least;
	t->most = made > t->most ? made : t->most;
	t->least_part = t->windows == 0 || part < t->least_part ? part : t->least_part;
	t->most_part = part > t->most_part ? part : t->most_part;
	t->windows++;
}

/* SYNs of a time, those that were sent again included. */
static int64_t
tried_between(const struct facts *f, const struct series *again, int64_t from, int64_t to)
{
	double first = again->count > 0 ? again->points[0].value : 0;

	return facts_at(f, to).attempted - facts_at(f, from).attempted +
	       (int64_t)(series_at(again, to, first) - series_at(again, from, first));
}

/* The least that was tried in a quarter of a second, as if all quarters were like it. */
static int64_t
steadily_tried(const struct facts *f, const struct series *again, int64_t from)
{
	int64_t least = INT64_MAX;

	for (int64_t i = 0; i < 4; i++) {
		int64_t begin = from + i * US_PER_S / 4;
		int64_t tried = tried_between(f, again, begin, begin + US_PER_S / 4);

		least = tried < least ? tried : least;
	}
	return 4 * least;
}

/* Only seconds in which more were tried, and all the time, than came through in any: in others
 * a limit would not have shown. SYNs are sent again in bursts. */
static struct tries
tries_since(const struct facts *f, int64_t from_us)
{
	int64_t made[RATE_WINDOWS], most = 0;
	struct tries t = { 0 };
	struct series again;
	int count = 0;

	for (; count < RATE_WINDOWS; count++) {
		int64_t from = from_us + count * US_PER_S, to = from + US_PER_S;

		if (to > facts_load_end(f))
			break;
		made[count] = facts_at(f, to).established - facts_at(f, from).established;
		most = made[count] > most ? made[count] : most;
	}
	(void)series_load(&again, f, "netns", facts_subject(f, "netns", "netns"),
			  "syn_retransmits_total");
	for (int i = 0; i < count; i++) {
		int64_t from = from_us + i * US_PER_S;
		int64_t tried = tried_between(f, &again, from, from + US_PER_S);

		if (tried * 10 > most * 11 && steadily_tried(f, &again, from) >= most)
			add_window(&t, tried, made[i]);
	}
	series_free(&again);
	return t;
}

/* In fewer seconds it may be chance that as many came through. */
#define RATE_LEAST_WINDOWS 3

/* A limit lets through as many, however many are tried; loss lets through a part of them. Which
 * it is shows only where the part differs clearly more than the number. */
static bool
is_rate(const struct tries *t)
{
	double spread =
	    (double)(t->most - t->least) / (double)(t->most > 0 ? t->most : 1);
	double part_spread =
	    (t->most_part - t->least_part) / (t->most_part > 0 ? t->most_part : 1);
	bool alike = t->most - t->least <= 2;

	return t->windows >= RATE_LEAST_WINDOWS && t->least > 0 &&
	       t->made * 3 < t->tried * 2 && (spread <= 0.5 || alike) &&
	       (spread <= 0.6 * part_spread || (alike && spread <= part_spread + 0.1));
}

static void
say_lost(const struct facts *f, struct candidate *s)
{
	struct tries t = tries_since(f, s->t_us);
	char tried[UNITS_TEXT_SIZE], made[UNITS_TEXT_SIZE];

	strlcpy(s->text, "handshakes were lost on the way to a listener",
		sizeof(s->text));
	if (!is_rate(&t))
		return;
	candidate_prove(s, s->t_us, t.made, t.tried,
			"handshakes made of those tried, in %d seconds", t.windows);
	snprintf(
	    s->text, sizeof(s->text),
	    "a limit of rate by the firewall: %s of %s handshakes that were tried in "
	    "%d s came through",
	    units_format(UNIT_COUNT, t.made, made),
	    units_format(UNIT_COUNT, t.tried, tried), t.windows);
}

/* True where a listener was there in all of a time: at its start and at its end. */
static bool
listens_throughout(const struct facts *f, int64_t from_us, int64_t to_us)
{
	int64_t begun_us = from_us + US_PER_S < to_us ? from_us + US_PER_S : to_us;

	return proof_peak(f, "listener", 0, "queue", from_us, begun_us) >= 0 &&
	       proof_peak(f, "listener", 0, "queue", to_us - US_PER_S, to_us) >= 0;
}

/* Segments leave and do not arrive, though no listener dropped them. */
void
evidence_firewall(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s)
{
	int64_t from = s->t_us - f->plan.interval_us, to = facts_load_end(f);
	int64_t gone = proof_lost(f, from, to);

	(void)rule;
	if (!listens_throughout(f, from, to) ||
	    acceptor_ended(f, s->until_us + f->plan.interval_us) ||
	    (s->failure->code == ECONNREFUSED && facts_event(f, "target-died") != NULL))
		return;
	if (s->failure->code != ETIMEDOUT) {
		say_refused(s);
		return;
	}
	s->moved = gone > 0 && drops_of_listeners(f, from, to) == 0;
	candidate_prove(
	    s, s->t_us, gone, -1,
	    "TCP segments sent that did not arrive, none dropped at a listener");
	say_lost(f, s);
}

/* Segments that never arrived, none dropped at a listener, with data that was sent again; or at
 * least one for each visit of the canary that failed: where they are dropped before they leave,
 * the kernel does not count that they are sent again. */
void
evidence_loss(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = s->t_us - US_PER_S, to = facts_load_end(f);
	int64_t again = proof_resent(f, from, to), gone = proof_lost(f, from, to);

	s->moved = (again > 0 || s->count > 0) && gone > 0 && gone >= s->count &&
		   drops_of_listeners(f, from, to) == 0;
	if (again > 0)
		candidate_prove(s, s->t_us, again, -1,
				"segments with data that were sent again");
	candidate_prove(s, s->t_us, gone, -1, "TCP segments sent that did not arrive");
	snprintf(s->text, sizeof(s->text),
		 "%s were lost: what was sent or answered did not arrive",
		 rule->display_name);
}

/* True where a process of the server could have ended connections since then: it ended, or a
 * call of it failed. */
static bool
server_is_suspect(const struct facts *f, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < f->death_count; i++) {
		const struct death *d = &f->deaths[i];
		bool regular = strcmp(d->end, "exit") == 0 && d->code == 0;

		if (d->role == ROLE_HANDLER && !regular && d->t_us <= to_us)
			return true;
	}
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if ((m->role == ROLE_ACCEPTOR || m->role == ROLE_HANDLER) &&
		    m->first_us <= to_us && m->last_us >= from_us)
			return true;
	}
	return acceptor_ended(f, to_us);
}

/* Another listener on the port may take connections and end them. */
static bool
others_may_listen(const struct facts *f)
{
	return facts_event(f, "port-shared") != NULL ||
	       facts_event(f, "port-unseen") != NULL || f->total.strangers > 0;
}

/* What a server of others resets itself nobody here counts. */
void
evidence_resets(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = s->t_us - f->plan.interval_us, to = facts_load_end(f);
	int64_t resets = proof_growth(f, rule->kind, rule->counter, from, to);
	int64_t open;

	if (plan_is_external(&f->plan) || !listens_throughout(f, from, to) ||
	    resets < s->count || server_is_suspect(f, from, to) || others_may_listen(f) ||
	    drops_of_listeners(f, from, to) > 0 ||
	    proof_growth(f, "netns", "aborts_on_close_total", from, to) > 0 ||
	    proof_growth(f, "netns", "aborts_on_memory_total", from, to) > 0)
		return;
	proof_counter(f, rule->kind, rule->counter, s, from, to);
	open = facts_at(f, s->until_us).serving - facts_at(f, s->until_us).held;
	if (open > 0)
		candidate_prove(s, s->t_us, open, -1,
				"connections still open at the acceptors that their "
				"clients lost");
	snprintf(s->text, sizeof(s->text),
		 "connections were %s, by no process of this run: %s() → %s",
		 s->failure->code == ECONNABORTED ? "ended by a tool of this host"
						  : "reset on the way or by a tool",
		 s->failure->call, s->failure->error);
}

/* What an acceptor did from t_us to until_us. */
struct idleness {
	const struct halt_state *halt; /* NULL: it ran, or might have */
	bool idle;
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

/* How its state was in [from_us, to_us]; NULL: as a process that runs. */
static const struct halt_state *
halt_of(const struct series *states, int64_t from_us, int64_t to_us)
{
	size_t seen[sizeof(halt_states) / sizeof(halt_states[0])] = { 0 }, all = 0;

	for (size_t i = 0; i < states->count; i++) {
		const struct point *p = &states->points[i];

		if (p->t_us < from_us || p->t_us > to_us)
			continue;
		all++;
		for (size_t k = 0; k < sizeof(halt_states) / sizeof(halt_states[0]); k++)
			seen[k] += (int)p->value == halt_states[k].state;
	}
	for (size_t k = 0; k < sizeof(halt_states) / sizeof(halt_states[0]); k++)
		if (seen[k] > 0 && (halt_states[k].is_brief || seen[k] * 2 > all))
			return &halt_states[k];
	return NULL;
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
		idleness.halt = halt_of(&states, from_us, to_us);
	series_free(&states);
	return idleness;
}

static void
prove_idle(struct candidate *s, const struct acceptor *a, const struct idleness *idleness)
{
	if (idleness->halt != NULL)
		candidate_prove(s, s->t_us, -1, -1, "acceptor %lld %s",
				(long long)a->slot, idleness->halt->says);
	else if (idleness->idle)
		candidate_prove(s, s->t_us, idleness->cpu_us, -1,
				"CPU time of acceptor %lld since, us",
				(long long)a->slot);
}

/* Once or twice it happens to everybody who comes near. */
#define SLOWED_OFTEN 10

/* Who is slowed for memory.high sleeps in the kernel, in the same state as who waits for a
 * device: it does not stand still, and that is another limit. */
static bool
is_slowed(const struct facts *f, const struct candidate *s, const struct halt_state *halt)
{
	return halt != NULL && halt->state == 'D' &&
	       evidence_held_back(f, "memory_slowed_total", s->t_us, s->until_us, NULL) >=
		   SLOWED_OFTEN;
}

void
evidence_stuck(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct halt_state *halt = NULL;
	int64_t attempted;

	(void)rule;
	if (f->acceptor_count == 0)
		return;
	s->at_limit = s->moved = true;
	for (size_t i = 0; i < f->acceptor_count; i++) {
		const struct acceptor *a = &f->acceptors[i];
		struct idleness idleness;

		if (!listens_to(f, a, s->listener))
			continue;
		idleness = idleness_of(f, a, s->t_us, s->until_us);
		halt = idleness.halt != NULL ? idleness.halt : halt;
		s->at_limit &= idleness.halt != NULL;
		s->moved &= idleness.idle || idleness.halt != NULL;
		prove_idle(s, a, &idleness);
	}
	if (is_slowed(f, s, halt))
		s->at_limit = s->moved = false;
	attempted = facts_at(f, s->until_us).attempted - facts_at(f, s->t_us).attempted;
	if (attempted > 0)
		candidate_prove(s, s->t_us, attempted, -1,
				"connects attempted since, none accepted");
	else if (!f->shared && shortfall_queue_is_left(f, s->listener, s->until_us))
		candidate_prove(
		    s, s->t_us,
		    proof_peak(f, "listener", s->listener, "queue", s->t_us, s->until_us),
		    -1, "connections in the queue of listener %lld, none taken",
		    (long long)s->listener);
	else
		candidate_prove(s, s->t_us, shortfall_canary(f, s->until_us).visits, -1,
				"visits of the canary since, none served");
	snprintf(s->text, sizeof(s->text), "%s stopped accepting%s%s", s->subject,
		 s->at_limit ? ": the process " : ", without an error",
		 s->at_limit && halt != NULL ? halt->says : "");
}

/* CPU time of the listener's acceptors against the cores that they could use alone, over
 * at least a second up to the symptom: CPU time is counted in ticks of 10 ms. */
static double
busy_part(const struct facts *f, const struct candidate *s, int64_t from_us)
{
	double least = f->acceptor_count > 0 ? 1e9 : 0;

	for (size_t i = 0; i < f->acceptor_count; i++) {
		const struct acceptor *a = &f->acceptors[i];
		struct idleness idleness;
		double part;

		if (!listens_to(f, a, s->listener))
			continue;
		idleness = idleness_of(f, a, from_us, s->until_us);
		part = (double)idleness.cpu_us / (double)(s->until_us - from_us);
		least = part < least ? part : least;
	}
	return least;
}

static int64_t
busy_from(const struct candidate *s)
{
	int64_t second_before = s->until_us - US_PER_S;

	return s->t_us < second_before ? s->t_us : second_before;
}

void
evidence_busy(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	double part = busy_part(f, s, busy_from(s));

	(void)rule;
	s->at_limit = part >= 0.95 && part < 1e6;
	if (!s->at_limit)
		return;
	candidate_prove(s, s->t_us, (int64_t)(100 * part), 100,
			"CPU time of %s, percent of a core", s->subject);
	snprintf(s->text, sizeof(s->text), "%s had no CPU time left: %.0f %% of a core",
		 s->subject, 100 * part);
}

void
evidence_quota(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = busy_from(s);
	struct throttling t = evidence_throttling(f, from, s->until_us);

	/* Who stands still in a quarter of all periods makes others wait. */
	if (t.throttled * 4 < t.periods || busy_part(f, s, from) >= 0.95)
		return;
	/* At the edges of the time a period may be cut off. */
	s->at_limit = t.throttled >= 2 && t.throttled + 1 >= t.periods;
	s->moved = t.throttled > 0;
	candidate_prove(s, s->t_us, t.throttled, -1, "%s of %s grew", rule->counter,
			t.name);
	snprintf(s->text, sizeof(s->text),
		 "the CPU quota of the %s ran out in %lld of %lld periods", t.name,
		 (long long)t.throttled, (long long)t.periods);
}

void
evidence_slowed(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	int64_t from = busy_from(s);
	char name[FACTS_NAME];
	int64_t slowed = evidence_held_back(f, rule->counter, from, s->until_us, name);

	s->moved = slowed >= SLOWED_OFTEN && busy_part(f, s, from) < 0.95;
	candidate_prove(s, s->t_us, slowed, -1, "%s of %s grew", rule->counter, name);
	snprintf(s->text, sizeof(s->text),
		 "processes of the %s were slowed %lld times for its memory.high", name,
		 (long long)slowed);
}

void
evidence_death(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct death *d = s->death;

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
	if (d->t_us > facts_load_end(f))
		strlcat(s->text, ", after the release", sizeof(s->text));
	candidate_prove(s, d->t_us, -1, -1, "%s", s->text);
}

void
evidence_refused(const struct facts *f, const struct limit_rule *rule,
		 struct candidate *s)
{
	int64_t listening = db_query_int(f->db,
					 "SELECT count(*) FROM listener_sample WHERE "
					 "run_id = ?1 AND queue IS NOT NULL",
					 f->run_id, 0);

	if (listening > 0)
		return;
	s->at_limit = true;
	candidate_prove(s, s->t_us, listening, -1,
			"samples that show a listening socket");
	proof_counter(f, rule->kind, rule->counter, s, s->t_us - US_PER_S,
		      s->t_us + US_PER_S);
	snprintf(s->text, sizeof(s->text), "nothing listens on the port");
}

void
evidence_shared(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	(void)f;
	(void)rule;
	s->at_limit = true;
	candidate_prove(s, s->t_us, s->count, -1,
			"connections that neither this run accepted nor its queues hold");
}
