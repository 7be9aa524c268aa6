#include "analyse/evidence_target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/latency.h"
#include "analyse/proof.h"
#include "analyse/rows.h"
#include "analyse/series.h"
#include "analyse/symptom.h"
#include "base/clock.h"
#include "base/histogram.h"
#include "base/units.h"

/* So many refusals, or for so long, are no accident. */
#define REFUSALS    20
#define REFUSALS_US (5 * US_PER_S)
/* A server that closes newcomers without a word may have so many descriptors left: a spare one
 * to do so with, or less than it wants for one connection. */
#define SPARE 4
/* Nobody was served by then. */
#define MISMATCHES 10
/* So many ends of held connections say at which age they come. */
#define ENDS 20

/* A process of the target, as the store has it. */
struct target_row {
	int64_t process_id;
	char name[FACTS_NAME];
};

static const char processes_sql[] =
    "SELECT s.subject, s.name FROM subject AS s WHERE s.run_id = ?1"
    " AND s.kind = 'process' AND s.role = 'target' ORDER BY s.subject";

static void
fill_process(struct db_statement *s, void *row)
{
	struct target_row *process = row;

	process->process_id = db_int(s, 0);
	db_text_copy(s, 1, process->name, sizeof(process->name));
}

/* Those that were sampled. */
static void
load_processes(struct rows *rows, const struct facts *f)
{
	*rows = (struct rows){ 0 };
	(void)rows_load(rows, sizeof(struct target_row), f->db, processes_sql, f->run_id,
			NULL, fill_process);
}

static bool
is_external(const struct facts *f)
{
	return plan_is_external(&f->plan);
}

static void
show_at(struct candidate *s, const struct facts *f, int64_t t_us, const char *subject)
{
	s->at = facts_at(f, t_us);
	s->t_us = t_us;
	s->until_us = symptom_end(f);
	strlcpy(s->subject, subject, sizeof(s->subject));
}

/* ------------------------------------------------------------------------ descriptors */

/* A process that had all the descriptors that its limit allows, or nearly so. */
struct full {
	int64_t t_us; /* FACTS_NEVER: none */
	int64_t process_id, limit;
	char name[FACTS_NAME], source[FACTS_NAME];
};

/* The first tick under load at which it had, but not before the load. The kernel counts
 * descriptors exactly, and one that is at its limit stays there. */
static int64_t
full_at(const struct facts *f, int64_t process_id, int64_t limit)
{
	struct series fds;
	int64_t t_us = FACTS_NEVER;

	if (series_load(&fds, f, "process", process_id, "fds") == 0 && fds.count > 0 &&
	    series_base(&fds, f, NULL) < (double)limit)
		for (size_t i = 0; i < fds.count && t_us == FACTS_NEVER; i++)
			if (fds.points[i].t_us >= f->attempt_us &&
			    fds.points[i].t_us <= facts_load_end(f) &&
			    fds.points[i].value >= (double)limit)
				t_us = fds.points[i].t_us;
	series_free(&fds);
	return t_us;
}

/* The process of the target that was the first to have all but so many. */
static struct full
find_full(const struct facts *f, int64_t spare)
{
	struct full full = { .t_us = FACTS_NEVER };
	const struct target_row *process;
	struct rows rows;

	load_processes(&rows, f);
	process = rows.data;
	for (size_t i = 0; i < rows.count; i++) {
		char source[FACTS_NAME];
		int64_t limit, t_us;

		if (!facts_limit(f, "process", process[i].process_id, "fds", NULL, &limit,
				 source) ||
		    limit == INT64_MAX)
			continue;
		t_us = full_at(f, process[i].process_id, limit - spare);
		if (t_us >= full.t_us)
			continue;
		full.t_us = t_us;
		full.process_id = process[i].process_id;
		full.limit = limit;
		strlcpy(full.name, process[i].name, sizeof(full.name));
		strlcpy(full.source, source, sizeof(full.source));
	}
	free(rows.data);
	return full;
}

static const struct failure *
first_refused(const struct facts *f)
{
	for (size_t i = 0; i < f->failure_count; i++)
		if (strcmp(f->failures[i].call, call_name(CALL_SERVE)) == 0 &&
		    f->failures[i].first_us <= facts_load_end(f))
			return &f->failures[i];
	return NULL;
}

/* It refused, and said nothing. */
static bool
is_wordless(const struct facts *f)
{
	return first_refused(f) != NULL && facts_event(f, "refused") == NULL;
}

bool
symptom_target_files(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	struct full full;

	if (!is_external(f))
		return false;
	full = find_full(f, 0);
	if (full.t_us == FACTS_NEVER && is_wordless(f))
		full = find_full(f, SPARE);
	if (full.t_us == FACTS_NEVER)
		return false;
	show_at(s, f, full.t_us, full.name);
	proof_use(s,
		  proof_peak(f, rule->kind, full.process_id, rule->resource, full.t_us,
			     s->until_us),
		  full.limit, full.source);
	return true;
}

/* Refusals up to the end of the load. */
static int64_t
refusals(const struct facts *f)
{
	int64_t count = 0;

	for (size_t i = 0; i < f->failure_count; i++)
		if (strcmp(f->failures[i].call, call_name(CALL_SERVE)) == 0)
			count += f->failures[i].count;
	return count;
}

void
evidence_target_files(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s)
{
	int64_t queued =
	    proof_peak(f, "listener", 0, "queue", s->t_us, facts_load_end(f));
	int64_t refused = refusals(f);
	int64_t lost = facts_at(f, facts_load_end(f)).lost - s->at.lost;

	(void)rule;
	candidate_prove(s, s->t_us, s->usage, s->limit, "open files of %s", s->subject);
	s->moved = true;
	s->at_limit = (queued > 0 || refused > 0 || lost > 0) && s->usage >= s->limit;
	if (queued > 0)
		candidate_prove(s, s->t_us, queued, -1,
				"connections in the queue of the listener since, most");
	if (refused > 0)
		candidate_prove(s, s->t_us, refused, -1,
				"connections that were ended without being served");
}

/* ----------------------------------------------- what a process of it may run out of */

bool
symptom_fork(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	const struct failure *refused = is_external(f) ? first_refused(f) : NULL;

	if (symptom_call(f, rule, s))
		return true;
	if (refused == NULL)
		return false;
	show_at(s, f, refused->first_us, rule->subject);
	s->failure = refused;
	return true;
}

bool
symptom_killed_target(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s)
{
	if (symptom_killed(f, rule, s))
		return true;
	for (size_t i = 0; i < f->death_count && is_external(f); i++) {
		const struct death *d = &f->deaths[i];

		if (d->role != ROLE_TARGET || d->t_us > facts_load_end(f))
			continue;
		show_at(s, f, d->t_us, rule->subject != NULL ? rule->subject : d->name);
		s->death = d;
		return true;
	}
	return false;
}

/* ------------------------------------------------------------------------------ death */

/* The last tick before its connections were lost: that it died is noticed a moment later. */
static int64_t
before_losses(const struct facts *f, int64_t noticed_us)
{
	int64_t lost = facts_at(f, noticed_us - US_PER_S).lost;

	for (size_t i = f->counts_count; i-- > 0;)
		if (f->counts[i].t_us <= noticed_us && f->counts[i].lost <= lost)
			return f->counts[i].t_us;
	return noticed_us;
}

bool
symptom_target_died(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s)
{
	const struct event *h = facts_event(f, "target-died");

	(void)rule;
	if (!is_external(f) || h == NULL || h->t_us > f->phases_end_us)
		return false;
	show_at(s, f, before_losses(f, h->t_us), "target");
	snprintf(s->text, sizeof(s->text), "the target died: %.200s", h->text);
	return true;
}

/* What stood near its limit at the last sample, or would have been there at one of the next two,
 * is the likely reason of an end that nobody explains. */
#define NEARLY_FULL 0.9

static void
prove_nearly_full(const struct facts *f, struct candidate *s)
{
	const struct target_row *process;
	struct rows rows;

	load_processes(&rows, f);
	process = rows.data;
	for (size_t i = 0; i < rows.count; i++) {
		struct series fds;
		double last, before;
		int64_t limit;

		if (!facts_limit(f, "process", process[i].process_id, "fds", NULL, &limit,
				 NULL) ||
		    limit == INT64_MAX)
			continue;
		(void)series_load(&fds, f, "process", process[i].process_id, "fds");
		last = series_at(&fds, s->t_us, 0);
		before = series_at(&fds, s->t_us - f->plan.interval_us, last);
		series_free(&fds);
		if (last < NEARLY_FULL * (double)limit &&
		    last + 2 * (last - before) < (double)limit)
			continue;
		candidate_prove(s, s->t_us, (int64_t)last, limit,
				"open files of %s at the last sample: the likely reason",
				process[i].name);
	}
	free(rows.data);
}

void
evidence_target_died(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	(void)rule;
	s->at_limit = true;
	candidate_prove(s, s->t_us, -1, -1, "%s", s->text);
	prove_nearly_full(f, s);
	/* Of what others started nobody says how it ended; of brink's children's children the
	 * kernel does, where they come to brink. */
	for (size_t i = 0; i < f->death_count; i++) {
		const struct death *d = &f->deaths[i];

		if (d->role == ROLE_TARGET && strcmp(d->end, "exit") != 0 &&
		    llabs(d->t_us - s->t_us) < US_PER_S)
			candidate_prove(s, d->t_us, d->code, -1,
					"%s was killed by the signal of that number",
					d->name);
	}
	if (s->t_us > facts_load_end(f))
		strlcat(s->text, ", after the release", sizeof(s->text));
}

/* --------------------------------------------------------------------------- refusals */

bool
symptom_target_refused(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s)
{
	if (!is_external(f) || !symptom_call(f, rule, s))
		return false;
	strlcpy(s->subject, "target", sizeof(s->subject));
	s->until_us = symptom_end(f);
	return true;
}

/* ": it answered "…"", or that it closed without a word. */
static void
quote(const struct facts *f, struct candidate *s)
{
	const struct event *h = facts_event(f, "refused");

	if (h != NULL) {
		strlcat(s->text, "; ", sizeof(s->text));
		strlcat(s->text, h->text, sizeof(s->text));
	} else
		strlcat(s->text, "; it closes their connections without an answer",
			sizeof(s->text));
}

static int64_t
refused_for(const struct facts *f)
{
	int64_t first = FACTS_NEVER, last = 0;

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (strcmp(m->call, call_name(CALL_SERVE)) != 0)
			continue;
		first = m->first_us < first ? m->first_us : first;
		last = m->last_us > last ? m->last_us : last;
	}
	return last > first ? last - first : 0;
}

/* Served and still there. */
static int64_t
served_and_held(const struct counts_at *at, int64_t refused)
{
	return at->served - (at->lost > refused ? at->lost - refused : 0);
}

void
evidence_application(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	struct counts_at end = facts_at(f, symptom_end(f));
	struct counts_at last = facts_at(f, facts_load_end(f));
	int64_t refused = refusals(f), held = served_and_held(&end, refused);
	int64_t queued = proof_least(f, "listener", 0, "queue", symptom_end(f) - US_PER_S,
				     symptom_end(f));
	/* What a client had not looked at yet may have been served before. */
	int64_t before = facts_at(f, s->t_us + 2 * f->plan.interval_us).served;
	char count[UNITS_TEXT_SIZE], of[UNITS_TEXT_SIZE];

	(void)rule;
	/* A server that is out of descriptors may refuse just so; and where connections wait,
	 * it may be the kernel that does, whose queue is full. */
	if (end.served == 0 || (refused < REFUSALS && refused_for(f) < REFUSALS_US) ||
	    (queued > 0 && (last.accepted - last.served) * 2 < refused) ||
	    find_full(f, is_wordless(f) ? SPARE : 0).t_us != FACTS_NEVER)
		return;
	candidate_prove(s, s->t_us, refused, -1,
			"connections that were accepted, and ended without being served");
	candidate_prove(
	    s, symptom_end(f), held, -1,
	    "connections served and held at the end, %lld just after the first refusal",
	    (long long)before);
	s->moved = (held - before) * 100 <= held + 200 && held > 0;
	s->at.accepted = held + facts_at(f, s->at.t_us).lost;
	s->at.held = held;
	snprintf(s->text, sizeof(s->text),
		 "the target's own limit: with %s connections held it refuses "
		 "newcomers, %s of them",
		 units_format(UNIT_COUNT, held, of),
		 units_format(UNIT_COUNT, refused, count));
	quote(f, s);
}

void
evidence_mismatch(const struct facts *f, const struct limit_rule *rule,
		  struct candidate *s)
{
	struct counts_at end = facts_at(f, symptom_end(f));
	int64_t refused = refusals(f);

	(void)rule;
	if (end.served > 0 ||
	    refused < (end.established < MISMATCHES ? end.established : MISMATCHES))
		return;
	s->at_limit = true;
	candidate_prove(s, s->t_us, refused, -1,
			"connections that were answered otherwise than asked, or not; "
			"none was served");
	snprintf(s->text, sizeof(s->text), "the target does not speak the protocol '%s'",
		 f->plan.protocol);
	quote(f, s);
}

/* ----------------------------------------------------------- held connections that end */

/* How long those were idle that the server ended, us. */
struct idle_ends {
	int64_t count, median_us, spread_us;
};

static struct idle_ends
idle_ends(const struct facts *f)
{
	uint64_t counts[HISTOGRAM_BUCKETS] = { 0 };
	struct idle_ends ends = { 0 };

	if (latency_total(f->db, f->run_id, latency_name(LATENCY_IDLE), counts) == -1)
		return ends;
	ends.count = (int64_t)histogram_count(counts);
	if (ends.count == 0)
		return ends;
	ends.median_us = histogram_quantile(counts, 0.5);
	ends.spread_us =
	    histogram_quantile(counts, 0.95) - histogram_quantile(counts, 0.05);
	return ends;
}

/* The first tick at which more were lost than refused. */
static int64_t
first_ended(const struct facts *f)
{
	for (size_t i = 0; i < f->counts_count; i++)
		if (f->counts[i].lost > 0)
			return f->counts[i].t_us;
	return facts_load_end(f);
}

bool
symptom_target_ended_held(const struct facts *f, const struct limit_rule *rule,
			  struct candidate *s)
{
	if (!is_external(f) || facts_event(f, "target-died") != NULL ||
	    idle_ends(f).count < ENDS)
		return false;
	(void)rule;
	show_at(s, f, first_ended(f), "target");
	return true;
}

/* Connections that ended while no others were opened: in plateaus and the hold, from their
 * first second on. */
static int64_t
ended_in_stillness(const struct facts *f)
{
	int64_t ended = 0;

	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *span = &f->phase_spans[i];
		int64_t to =
		    span->to_us < facts_load_end(f) ? span->to_us : facts_load_end(f);

		if (phase_span_is_still(span) && span->from_us + US_PER_S < to)
			ended += facts_at(f, to).lost -
				 facts_at(f, span->from_us + US_PER_S).lost;
	}
	return ended;
}

void
evidence_idle_timeout(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s)
{
	struct idle_ends ends = idle_ends(f);
	int64_t most = ends.median_us / 2 > US_PER_S ? ends.median_us / 2 : US_PER_S;
	char count[UNITS_TEXT_SIZE], age[UNITS_TEXT_SIZE];

	(void)rule;
	if (ended_in_stillness(f) * 2 < ends.count && ended_in_stillness(f) < ENDS)
		return;
	s->at_limit = ends.spread_us < most;
	candidate_prove(s, s->t_us, ends.count, -1,
			"held connections that the target ended");
	candidate_prove(s, s->t_us, ends.median_us, -1,
			"time that they had been idle, us: median");
	candidate_prove(s, s->t_us, ends.spread_us, -1,
			"the same: from the 5th to the 95th percentile");
	snprintf(s->text, sizeof(s->text),
		 "the target ends connections that were idle for %s: %s of those held",
		 units_format(UNIT_US, ends.median_us, age),
		 units_format(UNIT_COUNT, ends.count, count));
}

void
evidence_evicts(const struct facts *f, const struct limit_rule *rule, struct candidate *s)
{
	struct idle_ends ends = idle_ends(f);
	struct counts_at end = facts_at(f, symptom_end(f));
	int64_t newcomers = end.served - s->at.served;
	char count[UNITS_TEXT_SIZE], held[UNITS_TEXT_SIZE];

	(void)rule;
	/* About as many end as come, some before there is want of room, and they do so only
	 * while others come. */
	s->at_limit = ended_in_stillness(f) * 20 < ends.count &&
		      newcomers * 4 >= ends.count * 3 &&
		      llabs(end.held - s->at.held) * 6 <= end.held;
	if (!s->at_limit)
		return;
	candidate_prove(
	    s, s->t_us, ends.count, -1,
	    "held connections that the target ended, %lld while no others came",
	    (long long)ended_in_stillness(f));
	candidate_prove(s, s->t_us, newcomers, -1, "newcomers served meanwhile");
	snprintf(s->text, sizeof(s->text),
		 "the target ends held connections for newcomers: %s were ended, and it "
		 "holds %s at most",
		 units_format(UNIT_COUNT, ends.count, count),
		 units_format(UNIT_COUNT, end.held, held));
}

/* --------------------------------------------------------------------- waiting for it */

/* CPU time of one process, us, and whether it was seen stopped. */
struct work {
	int64_t cpu_us;
	bool is_stopped;
};

static struct work
work_of(const struct facts *f, int64_t process_id, int64_t from_us, int64_t to_us)
{
	struct work work = { 0 };
	struct series states;

	work.cpu_us = proof_growth_at(f, "process", process_id, "cpu_user_us_total",
				      from_us, to_us) +
		      proof_growth_at(f, "process", process_id, "cpu_system_us_total",
				      from_us, to_us);
	if (series_load(&states, f, "process", process_id, "state") == 0)
		for (size_t i = 0; i < states.count; i++)
			work.is_stopped |= states.points[i].t_us >= from_us &&
					   states.points[i].t_us <= to_us &&
					   (int)states.points[i].value == 'T';
	series_free(&states);
	return work;
}

bool
symptom_target_stuck(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	if (!is_external(f) || !symptom_stuck(f, rule, s))
		return false;
	strlcpy(s->subject, "target", sizeof(s->subject));
	return true;
}

void
evidence_target_stuck(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s)
{
	int64_t queued = proof_peak(f, "listener", 0, "queue", s->t_us, s->until_us);
	const struct target_row *process, *stopped = NULL;
	int64_t cpu_us = 0;
	struct rows rows;

	(void)rule;
	load_processes(&rows, f);
	process = rows.data;
	for (size_t i = 0; i < rows.count; i++) {
		struct work work =
		    work_of(f, process[i].process_id, s->t_us, s->until_us);

		cpu_us += work.cpu_us;
		if (work.is_stopped && stopped == NULL)
			stopped = &process[i];
	}
	s->at_limit = stopped != NULL;
	s->moved = s->at_limit || cpu_us * 100 <= s->until_us - s->t_us;
	candidate_prove(s, s->t_us, queued, -1,
			"connections in the queue of the listener, none taken");
	candidate_prove(s, s->t_us, cpu_us, -1, "CPU time of the target since, us");
	snprintf(s->text, sizeof(s->text), "the target stopped accepting%s%s%s",
		 stopped != NULL ? ": " : ", without a limit that it met",
		 stopped != NULL ? stopped->name : "",
		 stopped != NULL ? " was stopped by a signal: state T" : "");
	free(rows.data);
}

bool
symptom_target_slow(const struct facts *f, const struct limit_rule *rule,
		    struct candidate *s)
{
	if (!is_external(f) || !symptom_slow(f, rule, s))
		return false;
	strlcpy(s->subject, "target", sizeof(s->subject));
	return true;
}

void
evidence_target_busy(const struct facts *f, const struct limit_rule *rule,
		     struct candidate *s)
{
	int64_t second_before = s->until_us - US_PER_S;
	int64_t from_us = s->t_us < second_before ? s->t_us : second_before;
	const struct target_row *process;
	struct rows rows;
	int64_t threads = 1;
	double most = 0;

	(void)rule;
	load_processes(&rows, f);
	process = rows.data;
	for (size_t i = 0; i < rows.count; i++) {
		double part =
		    (double)work_of(f, process[i].process_id, from_us, s->until_us)
			.cpu_us /
		    (double)(s->until_us - from_us);

		if (part <= most)
			continue;
		most = part;
		threads = proof_peak(f, "process", process[i].process_id, "threads",
				     from_us, s->until_us);
		strlcpy(s->subject, process[i].name, sizeof(s->subject));
	}
	free(rows.data);
	/* One thread can use no more than a core. Of several it is not known which did. */
	s->at_limit = most >= 0.95 && threads == 1;
	s->moved = most >= 0.95;
	if (!s->moved)
		return;
	candidate_prove(s, s->t_us, (int64_t)(100 * most), 100,
			"CPU time of %s, percent of a core", s->subject);
	snprintf(s->text, sizeof(s->text), "%s %s: %.0f %% of a core%s", s->subject,
		 s->at_limit ? "had no CPU time left" : "may have had no CPU time left",
		 100 * most, s->at_limit ? "" : ", over several threads");
}

/* Accepted by then, not served, and not ended. */
static int64_t
unanswered(const struct counts_at *at)
{
	int64_t waiting = at->accepted - at->served - at->lost;

	return waiting > 0 ? waiting : 0;
}

/* Those that are refused a moment later do not wait: it is looked at to the end of the load. */
bool
symptom_target_silent(const struct facts *f, const struct limit_rule *rule,
		      struct candidate *s)
{
	struct counts_at end = facts_at(f, facts_load_end(f));

	if (!is_external(f) || f->plan.messages == 0 || unanswered(&end) == 0 ||
	    !symptom_silent(f, rule, s))
		return false;
	strlcpy(s->subject, "target", sizeof(s->subject));
	s->count = unanswered(&end);
	return true;
}

void
evidence_target_silent(const struct facts *f, const struct limit_rule *rule,
		       struct candidate *s)
{
	char count[UNITS_TEXT_SIZE];

	(void)f;
	(void)rule;
	s->moved = true;
	candidate_prove(s, s->t_us, s->count, -1,
			"connections accepted and never answered");
	snprintf(s->text, sizeof(s->text),
		 "the target accepts connections and does not answer: %s wait for it",
		 units_format(UNIT_COUNT, s->count, count));
}
