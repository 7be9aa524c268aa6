#include "analyse/limit_proof.h"
#include "analyse/verdict.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "analyse/blame.h"
#include "analyse/pace.h"
#include "analyse/proof.h"
#include "analyse/shortfall.h"
#include "base/units.h"

static int
store_proofs(struct finding_writer *w, const struct candidate *s)
{
	for (size_t i = 0; i < s->proof_count; i++)
		if (finding_prove(w, &s->proofs[i]) == -1)
			return -1;
	return 0;
}

static int
store_verdict(struct finding_writer *w, const struct verdict *v)
{
	struct finding finding = { .kind = "verdict",
				   .t_us = -1,
				   .text = v->outcome.text };

	if (v->cause == NULL)
		return finding_add(w, &finding);
	finding.limit_id = v->cause->rule != NULL ? v->cause->rule->id : NULL;
	finding.subject = v->cause->subject;
	finding.t_us = v->cause->t_us;
	finding.confidence = confidence_name(v->cause->confidence);
	finding.side = v->cause->rule != NULL ? v->cause->side : NULL;
	if (finding_add(w, &finding) == -1)
		return -1;
	return store_proofs(w, v->cause);
}

static bool
is_later(const struct verdict *v, const struct candidate *s)
{
	return v->cause != NULL && s->t_us >= v->cause->t_us && s->rule != v->cause->rule;
}

/* One failed call, or one process that ended, has one cause. */
static bool
is_same_thing(const struct verdict *v, const struct candidate *s)
{
	return (s->failure != NULL && s->failure == v->cause->failure) ||
	       (s->death != NULL && s->death == v->cause->death);
}

/* What comes later need not come of it: connections wait where the server took no more, and a
 * process that was killed for want of memory has ended. */
static bool
is_consequence(const struct verdict *v, const struct candidate *s)
{
	bool waits = s->rule->follows && strcmp(v->cause->side, "client") != 0;

	return waits || (s->death != NULL && is_same_thing(v, s));
}

/* "also open files of client 0: 206 of 206 (RLIMIT_NOFILE), from 3.2 s on (proven)" */
static int
store_also(struct finding_writer *w, const struct candidate *s)
{
	char text[sizeof(s->text) + 64], at[UNITS_TEXT_SIZE];
	struct finding finding = {
		.kind = "note", .subject = s->subject, .t_us = s->t_us, .text = text
	};

	snprintf(text, sizeof(text), "also %s, from %s on (%s)", s->text,
		 units_format(UNIT_US, s->t_us, at), confidence_name(s->confidence));
	return finding_add(w, &finding);
}

static int
store_consequence(struct finding_writer *w, const struct candidate *s)
{
	struct finding finding = {
		.kind = "consequence",
		.limit_id = s->rule->id,
		.subject = s->subject,
		.t_us = s->t_us,
		.confidence = confidence_name(s->confidence),
		.side = s->side,
		.text = s->text,
	};

	return finding_add(w, &finding);
}

/* Which candidates came after the cause: what follows from it, and what does not. */
static int
store_later(struct finding_writer *w, const struct verdict *v, bool follows)
{
	for (size_t i = 0; i < v->candidate_count; i++) {
		const struct candidate *s = &v->candidates[i];
		int error;

		if (!is_later(v, s) || is_consequence(v, s) != follows ||
		    (!follows && is_same_thing(v, s)))
			continue;
		error = follows ? store_consequence(w, s) : store_also(w, s);
		if (error == -1 || store_proofs(w, s) == -1)
			return -1;
	}
	return 0;
}

static bool
is_candidate(const struct verdict *v, const struct limit_rule *rule)
{
	for (size_t i = 0; i < v->candidate_count; i++)
		if (v->candidates[i].rule == rule)
			return true;
	return false;
}

/* What was looked at and did not meet its limit, with the number that says so. One that was
 * met, and yet explains nothing, is a note. */
static int
store_headroom(struct finding_writer *w, const struct limit_rule *rule,
	       const struct headroom *h)
{
	bool met = proof_is_at(h->peak, h->limit);
	struct finding finding = { .kind = met ? "note" : "ruled-out",
				   .limit_id = rule->id,
				   .t_us = -1 };
	struct proof proof = { .t_us = -1, .value = h->peak, .limit = h->limit };
	char peak[UNITS_TEXT_SIZE], limit[UNITS_TEXT_SIZE], text[256];

	units_format(limit_rule_unit(rule), h->peak, peak);
	if (h->limit == INT64_MAX)
		snprintf(text, sizeof(text), "%s: at most %s, there is no limit", h->what,
			 peak);
	else
		snprintf(text, sizeof(text), "%s: at most %s of %s%s", h->what, peak,
			 units_format(limit_rule_unit(rule), h->limit, limit),
			 met ? ", yet nothing failed for it" : "");
	finding.text = text;
	strlcpy(proof.what, h->what, sizeof(proof.what));
	if (finding_add(w, &finding) == -1)
		return -1;
	return finding_prove(w, &proof);
}

static int
store_ruled_out(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	for (size_t i = 0; i < limit_rule_count; i++) {
		struct headroom headroom = { 0 };

		if (is_candidate(v, &limit_rules[i]) ||
		    limit_proof(&limit_rules[i])->headroom == NULL ||
		    !limit_proof(&limit_rules[i])
			 ->headroom(f, &limit_rules[i], &headroom))
			continue;
		if (store_headroom(w, &limit_rules[i], &headroom) == -1)
			return -1;
	}
	return 0;
}

static int note(struct finding_writer *w, int64_t t_us, const char *subject,
		const char *fmt, ...) __attribute__((format(printf, 4, 5)));

static int
note(struct finding_writer *w, int64_t t_us, const char *subject, const char *fmt, ...)
{
	struct finding finding = { .kind = "note", .subject = subject, .t_us = t_us };
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	finding.text = text;
	return finding_add(w, &finding);
}

static bool
is_same_call(const struct failure *a, const struct failure *b)
{
	return a->code == b->code && strcmp(a->call, b->call) == 0;
}

/* True if an earlier row is of the same call and errno. */
static bool
is_repeated(const struct facts *f, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (is_same_call(&f->failures[k], &f->failures[i]))
			return true;
	return false;
}

static bool
is_told(const struct verdict *v, const struct failure *m)
{
	for (size_t i = 0; i < v->candidate_count; i++)
		if (v->candidates[i].failure != NULL &&
		    is_same_call(v->candidates[i].failure, m) &&
		    (is_later(v, &v->candidates[i]) ||
		     v->candidates[i].rule == (v->cause ? v->cause->rule : NULL)))
			return true;
	return false;
}

/* Failed calls that no limit explains: in a run that survived they were made up for. */
static int
note_failures(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	bool survived = strcmp(v->outcome.word, "survived") == 0;

	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];
		char count[UNITS_TEXT_SIZE], at[UNITS_TEXT_SIZE];
		int64_t sum = 0;

		if (m->first_us > facts_load_end(f) || is_repeated(f, i) || is_told(v, m))
			continue;
		for (size_t k = i; k < f->failure_count; k++)
			if (is_same_call(&f->failures[k], m))
				sum += f->failures[k].count;
		if (note(w, m->first_us, m->worker,
			 "%s %s failure%s: %s() → %s, first of %s at %s",
			 units_format(UNIT_COUNT, sum, count),
			 survived ? "transient" : "other", sum == 1 ? "" : "s", m->call,
			 m->error, m->worker,
			 units_format(UNIT_US, m->first_us, at)) == -1)
			return -1;
	}
	return 0;
}

/* Events that a reader of the verdict should know of. */
static const char *const noted_events[] = {
	"worker-died", "worker-stopped", "worker-continued", "worker-restarted",
	"gap",         "duration",       "gave-up",          "recovery-cut",
	"port-shared", "port-unseen"
};

/* What happened so often is noted one by one. */
#define NOTED_TIMES 3

/* The supervisor has an event for its own children; these are children of children. */
static int
note_deaths(struct finding_writer *w, const struct facts *f)
{
	char end[64], count[UNITS_TEXT_SIZE];
	int64_t noted = 0;

	for (size_t i = 0; i < f->death_count; i++) {
		const struct death *d = &f->deaths[i];
		bool killed = strcmp(d->end, "exit") != 0 || d->code != 0;

		if (!killed || (d->role != ROLE_CLIENT && d->role != ROLE_HANDLER))
			continue;
		if (noted++ < NOTED_TIMES &&
		    note(w, d->t_us, d->name, "%s %s", d->name,
			 shortfall_end(d, end, sizeof(end))) == -1)
			return -1;
	}
	if (noted <= NOTED_TIMES)
		return 0;
	return note(w, -1, NULL, "%s more clients and handlers ended unexpectedly",
		    units_format(UNIT_COUNT, noted - NOTED_TIMES, count));
}

/* Of processes that halted without a signal there is no event. */
static int
note_halts(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	char text[160];

	for (size_t i = 0; i < f->halt_count; i++) {
		const struct halt *h = &f->halts[i];

		shortfall_halt_text(h, text, sizeof(text));
		if (strcmp(text, v->outcome.text) != 0 &&
		    note(w, h->from_us, h->name, "%s", text) == -1)
			return -1;
	}
	return 0;
}

/* Where brink noticed it, there is an event. */
static int
note_hole(struct finding_writer *w, const struct facts *f)
{
	char from[UNITS_TEXT_SIZE], to[UNITS_TEXT_SIZE];

	if (f->hole_to_us == 0 || facts_event(f, "gap") != NULL)
		return 0;
	return note(w, f->hole_from_us, "sampler", "there is no sample from %s to %s",
		    units_format(UNIT_US, f->hole_from_us, from),
		    units_format(UNIT_US, f->hole_to_us, to));
}

static bool
is_noted(const struct event *h, const struct verdict *v)
{
	for (size_t k = 0; k < sizeof(noted_events) / sizeof(noted_events[0]); k++)
		if (strcmp(h->kind, noted_events[k]) == 0)
			return strcmp(h->text, v->outcome.text) != 0;
	return false;
}

static size_t
count_events(const struct facts *f, const char *kind)
{
	size_t count = 0;

	for (size_t i = 0; i < f->event_count; i++)
		count += strcmp(f->events[i].kind, kind) == 0;
	return count;
}

/* What stops one of many processes stops the others as well: then the first stands for all.
 * True where the event is noted so, with an earlier one or by a line of its own. */
static bool
is_one_of_many(const struct facts *f, const struct event *h)
{
	bool stops = strcmp(h->kind, "worker-stopped") == 0 ||
		     strcmp(h->kind, "worker-continued") == 0;

	return stops && count_events(f, h->kind) > NOTED_TIMES;
}

static int
note_many(struct finding_writer *w, const struct facts *f, const struct event *h)
{
	char count[UNITS_TEXT_SIZE];

	if (h != facts_event(f, h->kind))
		return 0;
	return note(
	    w, h->t_us, h->subject, "%s; and so %s others", h->text,
	    units_format(UNIT_COUNT, (int64_t)count_events(f, h->kind) - 1, count));
}

/* Of what happens again and again, the first times are enough. */
static int
note_events(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	int64_t repeated = 0;
	bool named;

	for (size_t i = 0; i < f->event_count; i++) {
		const struct event *h = &f->events[i];

		if (!is_noted(h, v) || (strcmp(h->kind, "worker-restarted") == 0 &&
					repeated++ >= NOTED_TIMES))
			continue;
		if (is_one_of_many(f, h)) {
			if (note_many(w, f, h) == -1)
				return -1;
			continue;
		}
		/* Of an end the text says how, and the subject whose. */
		named = strcmp(h->kind, "worker-died") == 0 ||
			strcmp(h->kind, "worker-restarted") == 0;
		if (note(w, h->t_us, h->subject, "%s%s%s", named ? h->subject : "",
			 named ? ": " : "", h->text) == -1)
			return -1;
	}
	return 0;
}

/* True where it is the cause's own call that went on. */
static bool
is_of_cause(const struct candidate *cause, const struct shortfall *shortfall)
{
	char call[64];

	if (cause->failure == NULL)
		return false;
	snprintf(call, sizeof(call), "%s() → %s of ", cause->failure->call,
		 cause->failure->error);
	return strncmp(shortfall->text, call, strlen(call)) == 0;
}

/* Of what the cause explains: how many there are. */
static int
note_missing(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	struct shortfall shortfall;

	if (v->cause == NULL || v->cause->rule == NULL ||
	    !shortfall_find_kind(f, SHORTFALL_SERVICE, &shortfall) ||
	    is_of_cause(v->cause, &shortfall))
		return 0;
	return note(w, shortfall.t_us, shortfall.subject, "%s", shortfall.text);
}

/* Who took part in the run without being of it: connections of others at its listener, and
 * others that listen on its port. */
static int
note_others(struct finding_writer *w, const struct facts *f)
{
	struct counts_at end = facts_at(f, facts_load_end(f));
	int64_t strangers = f->total.strangers;
	char count[UNITS_TEXT_SIZE], of[UNITS_TEXT_SIZE];

	if (strangers > 0 &&
	    note(
		w, -1, NULL,
		"%s connection%s accepted that no client of this run opened: not counted "
		"as accepted",
		units_format(UNIT_COUNT, strangers, count),
		strangers == 1 ? " was" : "s were") == -1)
		return -1;
	if (end.served > end.accepted)
		return note(w, -1, NULL,
			    "%s of %s connections that were served were not accepted by "
			    "this run: another process listens on the port",
			    units_format(UNIT_COUNT, end.served - end.accepted, count),
			    units_format(UNIT_COUNT, end.served, of));
	return 0;
}

/* Tenths of an open file that each connection takes of the target: twenty are a connection to
 * somebody behind it. */
static const char target_fds_sql[] =
    "SELECT CAST(round(10 * per_connection) AS INTEGER) FROM leak WHERE run_id = ?1"
    " AND kind = 'group' AND subject = 'target' AND resource = 'fds'"
    " AND per_connection IS NOT NULL ORDER BY cycle LIMIT 1";

static int
note_proxy(struct finding_writer *w, const struct facts *f)
{
	int64_t tenths = plan_is_external(&f->plan)
			     ? db_query_int(f->db, target_fds_sql, f->run_id, 0)
			     : 0;

	if (tenths < 19 || tenths > 21)
		return 0;
	return note(
	    w, -1, "target",
	    "each connection takes two open files of the target: a proxy; what is "
	    "behind it is sampled with --target-pid");
}

/* What the kernel counted on the way: data that was sent again, ports that nothing holds. */
static int
note_kernel(struct finding_writer *w, const struct facts *f)
{
	int64_t end = facts_load_end(f);
	int64_t again = proof_resent(f, f->from_us, end);
	int64_t sent = proof_growth(f, "netns", "out_segments_total", f->from_us, end);
	int64_t skipped =
	    proof_growth(f, "netns", "time_wait_overflows_total", f->from_us, f->end_us);
	char count[UNITS_TEXT_SIZE], of[UNITS_TEXT_SIZE];

	if (again > 0 && again * 1000 >= sent && proof_lost(f, f->from_us, end) > 0 &&
	    note(w, -1, "netns",
		 "segments were lost: %s with data were sent again, of %s sent",
		 units_format(UNIT_COUNT, again, count),
		 units_format(UNIT_COUNT, sent, of)) == -1)
		return -1;
	if (skipped > 0)
		return note(w, -1, "netns",
			    "%s connections skipped TIME_WAIT: its table was full "
			    "(net.ipv4.tcp_max_tw_buckets)",
			    units_format(UNIT_COUNT, skipped, count));
	return 0;
}

static int
note_schedule(struct finding_writer *w, const struct facts *f)
{
	struct counts_at end = facts_at(f, facts_load_end(f));
	int64_t transient = db_query_int(
	    f->db, "SELECT sum(transient) FROM worker_total WHERE run_id = ?1", f->run_id,
	    0);
	char missed[UNITS_TEXT_SIZE], all[UNITS_TEXT_SIZE], pace[256];

	if (end.missed > 0 &&
	    note(w, -1, NULL, "%s of %s schedule slots were missed",
		 units_format(UNIT_COUNT, end.missed, missed),
		 units_format(UNIT_COUNT, end.attempted + end.missed, all)) == -1)
		return -1;
	if (transient > 0 && note(w, -1, NULL, "%s connects needed a second SYN",
				  units_format(UNIT_COUNT, transient, missed)) == -1)
		return -1;
	if (pace_describe(f, pace, sizeof(pace)) && note(w, -1, NULL, "%s", pace) == -1)
		return -1;
	if (f->weak)
		return note(
		    w, -1, NULL,
		    "over 2 %% of the ticks are missing or late: the figures are weak");
	return 0;
}

int
verdict_store(struct finding_writer *w, const struct facts *f, const struct verdict *v)
{
	if (store_verdict(w, v) == -1 || store_later(w, v, true) == -1 ||
	    store_ruled_out(w, f, v) == -1 || store_later(w, v, false) == -1 ||
	    note_failures(w, f, v) == -1 || note_deaths(w, f) == -1 ||
	    note_events(w, f, v) == -1 || note_halts(w, f, v) == -1 ||
	    note_hole(w, f) == -1 || note_missing(w, f, v) == -1 ||
	    note_others(w, f) == -1 || note_proxy(w, f) == -1 || note_kernel(w, f) == -1)
		return -1;
	return note_schedule(w, f);
}
