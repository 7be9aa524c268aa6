#include "analyse/facts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "store/run.h"

static int64_t
int_or(struct db_statement *s, int column, int64_t fallback)
{
	return db_is_null(s, column) ? fallback : db_measure(s, column);
}

/* The run's counts at each tick: a forker's row holds its clients' counts too. What its client
 * does not see as established yet is not counted as accepted. A tick that a change of phase
 * falls into belongs to the phase in which it was complete. */
static const char counts_sql[] =
    "SELECT t.tick, t.t_us + t.took_us,"
    " coalesce(sum(w.attempted_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.established_total) FILTER (WHERE s.role = 'forker'), 0),"
    " min(coalesce(sum(w.accepted_total) FILTER (WHERE s.role IN ('acceptor', "
    "'target')), 0),"
    " coalesce(sum(w.established_total) FILTER (WHERE s.role = 'forker'), 0)),"
    " coalesce(sum(w.served_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.held) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.missed_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.failed_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.transient_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.lost_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.released_total) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.strangers_total), 0),"
    " coalesce(sum(w.in_flight) FILTER (WHERE s.role = 'forker'), 0),"
    " coalesce(sum(w.held) FILTER (WHERE s.role IN ('acceptor', 'target')), 0),"
    " coalesce(sum(w.attempted_total) FILTER (WHERE s.role = 'canary'), 0),"
    " coalesce(sum(w.served_total) FILTER (WHERE s.role = 'canary'), 0),"
    " coalesce(sum(w.failed_total) FILTER (WHERE s.role = 'canary'), 0)"
    " FROM tick t LEFT JOIN worker_sample w ON w.run_id = t.run_id AND w.tick = t.tick"
    " LEFT JOIN subject s ON s.run_id = t.run_id AND s.kind = 'worker'"
    " AND s.subject = w.subject"
    " WHERE t.run_id = ?1 GROUP BY t.tick ORDER BY t.tick";

static void
fill_counts_at(struct db_statement *s, void *row)
{
	struct counts_at *m = row;

	*m = (struct counts_at){ .tick = db_measure(s, 0),
				 .t_us = db_measure(s, 1),
				 .attempted = db_measure(s, 2),
				 .established = db_measure(s, 3),
				 .accepted = db_measure(s, 4),
				 .served = db_measure(s, 5),
				 .held = db_measure(s, 6),
				 .missed = db_measure(s, 7),
				 .failed = db_measure(s, 8),
				 .transient = db_measure(s, 9),
				 .lost = db_measure(s, 10),
				 .released = db_measure(s, 11),
				 .strangers = db_measure(s, 12),
				 .in_flight = db_measure(s, 13),
				 .serving = db_measure(s, 14),
				 .visits = db_measure(s, 15),
				 .visits_served = db_measure(s, 16),
				 .visits_failed = db_measure(s, 17) };
}

static const char phase_spans_sql[] =
    "SELECT name, from_us, to_us, target, cycle FROM phase"
    " WHERE run_id = ?1 ORDER BY seq";

static void
fill_phase_span(struct db_statement *s, void *row)
{
	struct phase_span *phase_span = row;

	db_text_copy(s, 0, phase_span->name, sizeof(phase_span->name));
	phase_span->from_us = db_measure(s, 1);
	phase_span->to_us = int_or(s, 2, FACTS_NEVER);
	phase_span->target = db_measure(s, 3);
	phase_span->cycle = db_measure(s, 4);
}

static enum role
role_at(struct db_statement *s, int column)
{
	return db_is_null(s, column) ? ROLE_NONE : role_find(db_text(s, column));
}

/* Each acceptor counts its handlers from 0. Of them there may be tens of thousands. */
static const char deaths_sql[] =
    "WITH a AS (SELECT pid, min(slot) AS slot FROM process WHERE run_id = ?1"
    " AND role = 'acceptor' GROUP BY pid)"
    " SELECT CASE p.role WHEN 'canary' THEN p.role WHEN 'target' THEN coalesce((SELECT "
    "s.name"
    " FROM subject AS s WHERE s.run_id = p.run_id AND s.kind = 'process'"
    " AND s.subject = p.process_id), 'target') ELSE p.role || ' ' || p.slot END"
    " || CASE p.role WHEN 'handler' THEN coalesce(' of acceptor ' || a.slot, '')"
    " ELSE '' END, p.role, p.\"end\", p.code, p.to_us"
    " FROM process AS p LEFT JOIN a ON a.pid = p.parent"
    " WHERE p.run_id = ?1 AND p.\"end\" <> 'stopped'"
    " AND p.to_us IS NOT NULL ORDER BY p.to_us, p.process_id";

static void
fill_death(struct db_statement *s, void *row)
{
	struct death *death = row;

	db_text_copy(s, 0, death->name, sizeof(death->name));
	death->role = role_at(s, 1);
	db_text_copy(s, 2, death->end, sizeof(death->end));
	death->code = db_measure(s, 3);
	death->t_us = db_measure(s, 4);
}

static const char acceptors_sql[] =
    "SELECT min(process_id), slot, CASE WHEN \"end\" <> 'stopped' THEN to_us END"
    " FROM process WHERE run_id = ?1 AND role = 'acceptor' GROUP BY slot ORDER BY slot";

static void
fill_acceptor(struct db_statement *s, void *row)
{
	struct acceptor *acceptor = row;

	acceptor->process_id = db_measure(s, 0);
	acceptor->slot = db_measure(s, 1);
	acceptor->to_us = int_or(s, 2, FACTS_NEVER);
}

static const char failures_sql[] =
    "SELECT worker, call, errno, error, count, first_us, last_us, first_attempted,"
    " first_established, first_accepted, first_served, first_held, first_own, first_fds,"
    " first_limit, own_fds, cycle, role, slot"
    " FROM failure WHERE run_id = ?1 ORDER BY first_us, worker, call, errno";

static void
fill_failure(struct db_statement *s, void *row)
{
	struct failure *m = row;

	db_text_copy(s, 0, m->worker, sizeof(m->worker));
	db_text_copy(s, 1, m->call, sizeof(m->call));
	m->code = db_measure(s, 2);
	db_text_copy(s, 3, m->error, sizeof(m->error));
	m->count = db_measure(s, 4);
	m->first_us = db_measure(s, 5);
	m->last_us = db_measure(s, 6);
	m->at = (struct counts_at){ .t_us = m->first_us,
				    .attempted = db_measure(s, 7),
				    .established = db_measure(s, 8),
				    .accepted = db_measure(s, 9),
				    .served = db_measure(s, 10),
				    .held = db_measure(s, 11) };
	m->own = db_measure(s, 12);
	m->fds = int_or(s, 13, -1);
	m->limit = int_or(s, 14, -1);
	m->own_fds = int_or(s, 15, -1);
	m->cycle = db_measure(s, 16);
	m->role = role_at(s, 17);
	m->slot = db_measure(s, 18);
}

static const char events_sql[] =
    "WITH named AS (SELECT role || ' ' || slot AS name, role FROM process"
    " WHERE run_id = ?1 UNION SELECT role, role FROM process WHERE run_id = ?1)"
    " SELECT e.t_us, e.kind, e.subject, e.text, n.role FROM event AS e"
    " LEFT JOIN named AS n ON e.kind = 'worker-stopped' AND n.name = e.subject"
    " WHERE e.run_id = ?1 ORDER BY e.t_us, e.seq";

static void
fill_event(struct db_statement *s, void *row)
{
	struct event *h = row;

	h->t_us = db_measure(s, 0);
	db_text_copy(s, 1, h->kind, sizeof(h->kind));
	db_text_copy(s, 2, h->subject, sizeof(h->subject));
	db_text_copy(s, 3, h->text, sizeof(h->text));
	h->role = role_at(s, 4);
}

/* A stretch of samples in the same state, among which few are missing or of another: what is so
 * now and then is how processes wait. */
static const char halts_sql[] =
    "WITH seen AS (SELECT p.subject, p.state, t.tick, t.t_us,"
    " t.tick - lag(t.tick) OVER w > 3 AS apart"
    " FROM process_sample AS p JOIN tick AS t USING (run_id, tick)"
    " WHERE p.run_id = ?1 AND p.state IN (68, 116)"
    " WINDOW w AS (PARTITION BY p.subject, p.state ORDER BY t.tick)),"
    " counted AS (SELECT *, sum(coalesce(apart, 0)) OVER (PARTITION BY subject, state"
    " ORDER BY tick) AS stretch FROM seen)"
    " SELECT s.name, s.role, c.state, min(c.t_us), max(c.t_us) FROM counted AS c"
    " JOIN subject AS s ON s.run_id = ?1 AND s.kind = 'process' AND s.subject = c.subject"
    " GROUP BY c.subject, c.state, c.stretch"
    " HAVING count(*) * 5 >= (max(c.tick) - min(c.tick)) * 4"
    " ORDER BY min(c.t_us), c.subject";

static void
fill_halt(struct db_statement *s, void *row)
{
	struct halt *halt = row;

	db_text_copy(s, 0, halt->name, sizeof(halt->name));
	halt->role = role_at(s, 1);
	halt->state = (char)db_measure(s, 2);
	halt->from_us = db_measure(s, 3);
	halt->to_us = db_measure(s, 4);
}

static int
load_plan(struct facts *f)
{
	struct db_statement *s;
	int got;

	if (run_plan(f->db, f->run_id, &f->plan) == -1)
		return -1;
	f->shared = f->plan.listener == LISTENER_SHARED;
	s = db_prepare(f->db, "SELECT state FROM run WHERE run_id = ?1");
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	got = db_step(s);
	if (got == 1)
		f->cut_off = strcmp(db_text(s, 0), "interrupted") == 0;
	db_finish(s);
	return got == 1 ? 0 : -1;
}

/* All rows of a query as an array. */
static void *
load(struct facts *f, const char *sql, size_t size,
     void (*fill)(struct db_statement *, void *), size_t *count, bool *failed)
{
	struct rows rows = { 0 };

	if (rows_load(&rows, size, f->db, sql, f->run_id, NULL, fill) == -1)
		*failed = true;
	*count = rows.count;
	return rows.data;
}

/* From 0, one after the other: so there are no more of them than phases. */
static bool
cycles_follow(const struct facts *f)
{
	int64_t cycle = 0;

	for (size_t i = 0; i < f->phase_span_count; i++) {
		if (f->phase_spans[i].cycle != cycle &&
		    f->phase_spans[i].cycle != cycle + 1)
			return false;
		cycle = f->phase_spans[i].cycle;
	}
	return true;
}

static int
load_tables(struct facts *f)
{
	bool failed = false;

	f->counts = load(f, counts_sql, sizeof(struct counts_at), fill_counts_at,
			 &f->counts_count, &failed);
	f->phase_spans = load(f, phase_spans_sql, sizeof(struct phase_span),
			      fill_phase_span, &f->phase_span_count, &failed);
	f->deaths = load(f, deaths_sql, sizeof(struct death), fill_death, &f->death_count,
			 &failed);
	f->acceptors = load(f, acceptors_sql, sizeof(struct acceptor), fill_acceptor,
			    &f->acceptor_count, &failed);
	f->failures = load(f, failures_sql, sizeof(struct failure), fill_failure,
			   &f->failure_count, &failed);
	f->events = load(f, events_sql, sizeof(struct event), fill_event, &f->event_count,
			 &failed);
	f->halts =
	    load(f, halts_sql, sizeof(struct halt), fill_halt, &f->halt_count, &failed);
	if (!failed && !cycles_follow(f))
		return db_refuse(f->db,
				 "the cycles of its phases do not follow each other");
	return failed ? -1 : 0;
}

static const struct phase_span *
find_phase_span(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->phase_span_count; i++)
		if (strcmp(f->phase_spans[i].name, name) == 0)
			return &f->phase_spans[i];
	return NULL;
}

static void
note_hole(struct facts *f, int64_t from_us, int64_t to_us)
{
	if (to_us - from_us <= FACTS_HOLE * f->plan.interval_us ||
	    to_us - from_us <= f->hole_to_us - f->hole_from_us)
		return;
	f->hole_from_us = from_us;
	f->hole_to_us = to_us;
}

/* Ticks are numbered by the schedule: what is not there was missed, whether others follow
 * or the sampler never came back. */
static void
count_ticks(struct facts *f)
{
	int64_t count = (int64_t)f->counts_count, last_due = 0;

	/* Where the supervisor died, the sampler did with it: nothing more was due. */
	if (f->phases_end_us != FACTS_NEVER && !f->cut_off)
		last_due = f->phases_end_us / f->plan.interval_us;
	if (count > 0 && f->counts[count - 1].tick > last_due)
		last_due = f->counts[count - 1].tick;
	f->ticks_due = last_due - (count > 0 ? f->counts[0].tick - 1 : 0);
	f->ticks_missed = f->ticks_due - count;
	for (int64_t i = 1; i < count; i++)
		note_hole(f, f->counts[i - 1].t_us, f->counts[i].t_us);
	note_hole(f, count > 0 ? f->counts[count - 1].t_us : 0,
		  last_due * f->plan.interval_us);
}

bool
facts_are_partial(const struct facts *f)
{
	return f->counts_count == 0 || f->ticks_missed * FACTS_WHOLE > f->ticks_due;
}

static bool
ticks_are_weak(const struct facts *f)
{
	char sql[128];
	int64_t late;

	snprintf(sql, sizeof(sql),
		 "SELECT count(*) FROM tick WHERE run_id = ?1 AND late_us > %lld",
		 (long long)f->plan.interval_us / 2);
	late = db_query_int(f->db, sql, f->run_id, 0);
	return f->counts_count == 0 ||
	       (f->ticks_missed + late) * FACTS_WHOLE > f->ticks_due;
}

int
facts_load(struct facts *f, struct db *db, int64_t run_id)
{
	const struct event *broken;
	const struct phase_span *phase_span;

	*f = (struct facts){ .db = db,
			     .run_id = run_id,
			     .attempt_us = FACTS_NEVER,
			     .broken_us = FACTS_NEVER,
			     .release_us = FACTS_NEVER };
	if (load_plan(f) == -1 || load_tables(f) == -1)
		return -1;
	if ((phase_span = find_phase_span(f, "ramp")) != NULL)
		f->attempt_us = phase_span->from_us;
	if ((phase_span = find_phase_span(f, "recovery")) != NULL)
		f->release_us = phase_span->from_us;
	/* What the workers held while they were told to exit is no recovery. */
	f->phases_end_us = FACTS_NEVER;
	if (f->phase_span_count > 0)
		f->cycles = f->phase_spans[f->phase_span_count - 1].cycle + 1;
	if (f->phase_span_count > 0 && f->phase_spans[f->phase_span_count - 1].to_us > 0)
		f->phases_end_us = f->phase_spans[f->phase_span_count - 1].to_us;
	if ((broken = facts_event(f, "broken")) != NULL)
		f->broken_us = broken->t_us;
	f->end_us =
	    db_query_int(db, "SELECT ended_us FROM run WHERE run_id = ?1", run_id, 0);
	if (f->counts_count > 0 && f->counts[f->counts_count - 1].t_us > f->end_us)
		f->end_us = f->counts[f->counts_count - 1].t_us;
	count_ticks(f);
	f->weak = ticks_are_weak(f);
	return 0;
}

void
facts_free(struct facts *f)
{
	free(f->counts);
	free(f->phase_spans);
	free(f->deaths);
	free(f->acceptors);
	free(f->failures);
	free(f->events);
	free(f->halts);
	plan_free(&f->plan);
}

struct counts_at
facts_at(const struct facts *f, int64_t t_us)
{
	size_t low = 0, high = f->counts_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->counts[middle].t_us <= t_us)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? f->counts[low - 1] : (struct counts_at){ 0 };
}

int64_t
facts_load_end(const struct facts *f)
{
	int64_t end_us = f->release_us < f->end_us ? f->release_us : f->end_us;

	/* Where nothing is released, the connections end with their processes. */
	return end_us < f->phases_end_us ? end_us : f->phases_end_us;
}

const struct event *
facts_event(const struct facts *f, const char *kind)
{
	for (size_t i = 0; i < f->event_count; i++)
		if (strcmp(f->events[i].kind, kind) == 0)
			return &f->events[i];
	return NULL;
}

bool
phase_span_is_still(const struct phase_span *s)
{
	return strcmp(s->name, "plateau") == 0 || strcmp(s->name, "hold") == 0;
}

struct extent {
	int64_t low, high;
};

static void
extend(struct extent *extent, int64_t value)
{
	extent->low = value < extent->low ? value : extent->low;
	extent->high = value > extent->high ? value : extent->high;
}

static bool
is_narrow(const struct extent *extent)
{
	return extent->high - extent->low <= extent->high / 1000;
}

/* At least ten samples, and what clients and acceptors hold within 0.1 % of each other: a
 * stranger may come while the clients stand still. */
static bool
held_still(const struct facts *f, int64_t from_us, int64_t to_us)
{
	struct extent held = { .low = INT64_MAX }, serving = { .low = INT64_MAX };
	size_t n = 0;

	for (size_t i = 0; i < f->counts_count; i++) {
		const struct counts_at *m = &f->counts[i];

		if (m->t_us < from_us || m->t_us >= to_us)
			continue;
		extend(&held, m->held);
		extend(&serving, m->serving);
		n++;
	}
	return n >= 10 && is_narrow(&held) && is_narrow(&serving);
}

bool
facts_still(const struct facts *f, int64_t until_us, int64_t *from_us, int64_t *to_us)
{
	int64_t longest = 0;

	for (size_t i = 0; i < f->phase_span_count; i++) {
		const struct phase_span *s = &f->phase_spans[i];
		int64_t from = s->from_us + FACTS_SETTLE;
		int64_t to = s->to_us < until_us ? s->to_us : until_us;

		if (!phase_span_is_still(s))
			continue;
		if (to - from <= longest || !held_still(f, from, to))
			continue;
		longest = to - from;
		*from_us = from;
		*to_us = to;
	}
	return longest > 0;
}

const struct failure *
facts_out_of_memory(const struct facts *f, const char *name)
{
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct failure *m = &f->failures[i];

		if (m->code == ENOMEM && m->first_us <= facts_load_end(f) &&
		    m->role == ROLE_ACCEPTOR &&
		    (name == NULL || strcmp(m->worker, name) == 0))
			return m;
	}
	return NULL;
}

int64_t
facts_subject(const struct facts *f, const char *kind, const char *name)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT subject FROM subject WHERE run_id = ?1 AND kind = ?2 AND name = ?3");
	int64_t subject = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, kind);
	db_bind_text(s, 3, name);
	if (db_step(s) == 1)
		subject = db_int(s, 0);
	db_finish(s);
	return subject;
}

bool
facts_limit(const struct facts *f, const char *kind, int64_t subject,
	    const char *resource, const char *only, int64_t *value, char *source)
{
	struct db_statement *s = db_prepare(
	    f->db,
	    "SELECT value, source FROM resource_limit WHERE run_id = ?1 AND kind = ?2"
	    " AND subject = ?3 AND resource = ?4 AND (?5 IS NULL OR source = ?5)"
	    " ORDER BY value, source");
	bool found = false;

	if (s == NULL)
		return false;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, kind);
	db_bind_int(s, 3, subject);
	db_bind_text(s, 4, resource);
	db_bind_text(s, 5, only);
	if (db_step(s) == 1) {
		*value = db_int(s, 0);
		if (source != NULL)
			db_text_copy(s, 1, source, FACTS_NAME);
		found = true;
	}
	db_finish(s);
	return found;
}

bool
facts_setting(const struct facts *f, const char *name, char *value, size_t size)
{
	struct db_statement *s = db_prepare(
	    f->db, "SELECT value FROM setting WHERE run_id = ?1 AND name = ?2");
	bool found = false;

	if (s == NULL)
		return false;
	db_bind_int(s, 1, f->run_id);
	db_bind_text(s, 2, name);
	if (db_step(s) == 1) {
		db_text_copy(s, 0, value, size);
		found = true;
	}
	db_finish(s);
	return found;
}

int64_t
facts_setting_int(const struct facts *f, const char *name, int64_t missing)
{
	char value[FACTS_NAME], *end;
	int64_t number;

	if (!facts_setting(f, name, value, sizeof(value)))
		return missing;
	number = strtoll(value, &end, 10);
	return end != value ? number : missing;
}

/* Keeps of an array in the order of time what is at t_us(i) in [from_us, to_us). */
#define KEEP(array, count, member, from_us, to_us)                          \
	do {                                                                \
		while ((count) > 0 && (array)->member < (from_us)) {        \
			(array)++;                                          \
			(count)--;                                          \
		}                                                           \
		while ((count) > 0 && (array)[(count)-1].member >= (to_us)) \
			(count)--;                                          \
	} while (0)

static void
keep_phase_spans(struct facts *c, int64_t number)
{
	while (c->phase_span_count > 0 && c->phase_spans->cycle < number) {
		c->phase_spans++;
		c->phase_span_count--;
	}
	while (c->phase_span_count > 0 &&
	       c->phase_spans[c->phase_span_count - 1].cycle > number)
		c->phase_span_count--;
}

static int64_t
begin_of(const struct facts *c, const char *name)
{
	for (size_t i = 0; i < c->phase_span_count; i++)
		if (strcmp(c->phase_spans[i].name, name) == 0)
			return c->phase_spans[i].from_us;
	return FACTS_NEVER;
}

/* What is held is held, whenever it was opened. */
static void
take_off(struct counts_at *m, const struct counts_at *before)
{
	m->attempted -= before->attempted;
	m->established -= before->established;
	m->accepted -= before->accepted;
	m->served -= before->served;
	m->missed -= before->missed;
	m->failed -= before->failed;
	m->transient -= before->transient;
	m->lost -= before->lost;
	m->released -= before->released;
	m->strangers -= before->strangers;
}

static void
count_anew(struct facts *c, const struct counts_at *before)
{
	struct counts_at *counts = rows_alloc(c->counts_count, sizeof(*counts));
	struct failure *failures = rows_alloc(c->failure_count, sizeof(*failures));
	size_t count = 0;

	for (size_t i = 0; i < c->counts_count; i++) {
		counts[i] = c->counts[i];
		take_off(&counts[i], before);
	}
	for (size_t i = 0; i < c->failure_count; i++) {
		if (c->cycles > 1 && c->failures[i].cycle != c->cycle)
			continue;
		failures[count] = c->failures[i];
		take_off(&failures[count++].at, before);
	}
	c->counts = counts;
	c->failures = failures;
	c->failure_count = count;
}

/* Those of the cycle, each from when it began there to when it ended there. */
static void
keep_halts(struct facts *c)
{
	struct halt *halts = rows_alloc(c->halt_count, sizeof(*halts));
	size_t count = 0;

	for (size_t i = 0; i < c->halt_count; i++) {
		struct halt h = c->halts[i];

		h.from_us = h.from_us > c->from_us ? h.from_us : c->from_us;
		h.to_us = h.to_us < c->end_us ? h.to_us : c->end_us;
		if (h.to_us - h.from_us >= FACTS_HALT)
			halts[count++] = h;
	}
	c->halts = halts;
	c->halt_count = count;
}

/* When the cycle after it begins; FACTS_NEVER: it is the last. */
static int64_t
next_ramp(const struct facts *run, int64_t number)
{
	for (size_t i = 0; i < run->phase_span_count; i++)
		if (run->phase_spans[i].cycle > number &&
		    strcmp(run->phase_spans[i].name, "ramp") == 0)
			return run->phase_spans[i].from_us;
	return FACTS_NEVER;
}

void
facts_cycle(struct facts *c, const struct facts *run, int64_t number)
{
	const struct event *broken;
	struct counts_at before;
	int64_t end_us;

	*c = *run;
	c->cycle = number;
	c->total = facts_at(run, next_ramp(run, number));
	if (run->cycles > 1)
		keep_phase_spans(c, number);
	if (run->cycles <= 1 || c->phase_span_count == 0) {
		count_anew(c, &(struct counts_at){ 0 });
		keep_halts(c);
		return;
	}
	c->attempt_us = begin_of(c, "ramp");
	c->release_us = begin_of(c, "recovery");
	c->from_us = number == 0 ? 0 : c->attempt_us - US_PER_S;
	end_us = c->phase_spans[c->phase_span_count - 1].to_us;
	if (end_us > run->end_us)
		end_us = run->end_us;
	c->phases_end_us = c->end_us = end_us;
	before = number == 0 ? (struct counts_at){ 0 } : facts_at(run, c->attempt_us);
	KEEP(c->counts, c->counts_count, t_us, c->from_us, end_us);
	KEEP(c->deaths, c->death_count, t_us, c->from_us, end_us);
	KEEP(c->events, c->event_count, t_us, c->from_us, end_us);
	count_anew(c, &before);
	keep_halts(c);
	take_off(&c->total, &before);
	broken = facts_event(c, "broken");
	c->broken_us = broken != NULL ? broken->t_us : FACTS_NEVER;
}

void
facts_cycle_free(struct facts *c)
{
	free(c->counts);
	free(c->failures);
	free(c->halts);
}
