#include "report/findings_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "report/findings.h"

static int64_t
int_or(struct db_statement *s, int column, int64_t fallback)
{
	return db_is_null(s, column) ? fallback : db_int(s, column);
}

static double
real_or(struct db_statement *s, int column, double fallback)
{
	return db_is_null(s, column) ? fallback : db_real(s, column);
}

static char *
copy(struct db_statement *s, int column)
{
	char *text;

	if (db_is_null(s, column))
		return NULL;
	text = strdup(db_text(s, column));
	if (text == NULL)
		fatal("cannot hold a text of the report");
	return text;
}

#define TEXT(s, column, member) strlcpy((member), db_text((s), (column)), sizeof(member))

static enum unit
unit_of(const char *unit)
{
	if (strcmp(unit, "bytes") == 0)
		return UNIT_BYTES;
	return strcmp(unit, "us") == 0 ? UNIT_US : UNIT_COUNT;
}

static const char run_sql[] =
    "SELECT run_id, started_unix_us, ended_us, state, outcome, label, command, plan,"
    " version, json_extract(plan, '$.clients'), json_extract(plan, '$.rate'),"
    " json_extract(plan, '$.acceptors'), json_extract(plan, '$.forkers'),"
    " name, kernel, machine, distribution, cpu_model, container, cpus, memory_bytes"
    " FROM run JOIN host USING (host_id) WHERE run_id = ?1";

static void
read_run(struct db_statement *s, struct findings_run *run)
{
	run->run_id = db_int(s, 0);
	run->started_unix_us = db_int(s, 1);
	run->ended_us = int_or(s, 2, -1);
	TEXT(s, 3, run->state);
	TEXT(s, 4, run->outcome);
	run->label = copy(s, 5);
	run->command = copy(s, 6);
	run->plan = copy(s, 7);
	TEXT(s, 8, run->version);
	run->clients = db_int(s, 9);
	run->rate = db_int(s, 10);
	run->acceptors = db_int(s, 11);
	run->forkers = db_int(s, 12);
}

static void
read_host(struct db_statement *s, struct findings_host *host)
{
	host->name = copy(s, 13);
	host->kernel = copy(s, 14);
	host->machine = copy(s, 15);
	host->distribution = copy(s, 16);
	host->cpu_model = copy(s, 17);
	host->container = copy(s, 18);
	host->cpus = db_int(s, 19);
	host->memory_bytes = db_int(s, 20);
}

static void
fill_run(struct db_statement *s, void *row)
{
	struct findings *f = row;

	read_run(s, &f->run);
	read_host(s, &f->host);
}

static const char break_sql[] =
    "SELECT t_us, since_attempt_us, attempted, established, accepted, served, held,"
    " limit_id, subject, side, confidence, usage, limit_value, call"
    " FROM breaking_point WHERE run_id = ?1 ORDER BY cycle LIMIT 1";

static void
fill_break(struct db_statement *s, void *row)
{
	struct findings_break *b = row;

	b->t_us = db_int(s, 0);
	b->since_attempt_us = db_int(s, 1);
	b->attempted = db_int(s, 2);
	b->established = db_int(s, 3);
	b->accepted = db_int(s, 4);
	b->served = db_int(s, 5);
	b->held = db_int(s, 6);
	TEXT(s, 7, b->limit_id);
	TEXT(s, 8, b->subject);
	TEXT(s, 9, b->side);
	TEXT(s, 10, b->confidence);
	b->has_usage = !db_is_null(s, 11);
	b->usage = db_int(s, 11);
	b->limit = db_int(s, 12);
	TEXT(s, 13, b->call);
}

static const char item_sql[] =
    "SELECT finding_id, t_us, kind, limit_id, subject, confidence, side, weak, text,"
    " rank, rests_on"
    " FROM finding WHERE run_id = ?1 ORDER BY rank";

static void
fill_item(struct db_statement *s, void *row)
{
	struct findings_item *item = row;

	item->finding_id = db_int(s, 0);
	item->t_us = int_or(s, 1, -1);
	TEXT(s, 2, item->kind);
	TEXT(s, 3, item->limit_id);
	TEXT(s, 4, item->subject);
	TEXT(s, 5, item->confidence);
	TEXT(s, 6, item->side);
	item->weak = db_int(s, 7) != 0;
	item->text = copy(s, 8);
	item->rank = db_int(s, 9);
	item->rests_on = int_or(s, 10, -1);
}

static const char evidence_sql[] =
    "SELECT finding_id, e.t_us, what, value, limit_value FROM evidence e"
    " JOIN finding USING (finding_id) WHERE run_id = ?1 ORDER BY rank, seq";

static void
fill_evidence(struct db_statement *s, void *row)
{
	struct findings_evidence *e = row;

	e->finding_id = db_int(s, 0);
	e->t_us = int_or(s, 1, -1);
	e->what = copy(s, 2);
	e->has_value = !db_is_null(s, 3);
	e->value = db_int(s, 3);
	e->has_limit = !db_is_null(s, 4);
	e->limit = db_int(s, 4);
}

static void
read_estimate(struct db_statement *s, int column, struct findings_estimate *estimate)
{
	estimate->known = !db_is_null(s, column);
	estimate->value = db_real(s, column);
	estimate->low = db_real(s, column + 1);
	estimate->high = db_real(s, column + 2);
}

static const char level_sql[] =
    "SELECT l.kind, l.resource, l.subject, r.unit, base, peak, final, leaked, per_second,"
    " per_connection, per_connection_low, per_connection_high, over_time, over_time_low,"
    " over_time_high, n, class, pattern, trend_p, still_s, needed_s, weak, cycle"
    " FROM leak l"
    " LEFT JOIN resource r ON r.kind = l.kind AND r.name = l.resource"
    " WHERE run_id = ?1 ORDER BY cycle, l.kind, l.subject, l.resource";

static void
fill_level(struct db_statement *s, void *row)
{
	struct findings_level *level = row;

	TEXT(s, 0, level->kind);
	TEXT(s, 1, level->resource);
	TEXT(s, 2, level->subject);
	level->unit = unit_of(db_text(s, 3));
	level->base = db_real(s, 4);
	level->peak = db_real(s, 5);
	level->final = db_real(s, 6);
	level->leaked = db_real(s, 7);
	level->per_second = db_real(s, 8);
	read_estimate(s, 9, &level->per_connection);
	read_estimate(s, 12, &level->over_time);
	level->n = db_int(s, 15);
	TEXT(s, 16, level->class);
	TEXT(s, 17, level->pattern);
	level->trend_p = real_or(s, 18, -1);
	level->still_s = real_or(s, 19, -1);
	level->needed_s = real_or(s, 20, -1);
	level->weak = db_int(s, 21) != 0;
	level->cycle = db_int(s, 22);
}

static const char recovery_sql[] =
    "SELECT v.kind, v.resource, v.subject, r.unit, base, peak, residual, recovered, "
    "t50_us,"
    " t90_us, t99_us, settled_us, cycle FROM recovery v"
    " LEFT JOIN resource r ON r.kind = v.kind AND r.name = v.resource"
    " WHERE run_id = ?1 ORDER BY cycle, v.kind, v.subject, v.resource";

static void
fill_recovery(struct db_statement *s, void *row)
{
	struct findings_recovery *r = row;

	TEXT(s, 0, r->kind);
	TEXT(s, 1, r->resource);
	TEXT(s, 2, r->subject);
	r->unit = unit_of(db_text(s, 3));
	r->base = db_real(s, 4);
	r->peak = db_real(s, 5);
	r->residual = db_real(s, 6);
	r->taken = !db_is_null(s, 7);
	r->recovered = db_real(s, 7);
	r->t50_us = int_or(s, 8, -1);
	r->t90_us = int_or(s, 9, -1);
	r->t99_us = int_or(s, 10, -1);
	r->settled_us = int_or(s, 11, -1);
	r->cycle = db_int(s, 12);
}

static const char forecast_sql[] =
    "SELECT made_at_us, made_at_held, rank, limit_value, resource, subject, "
    "at_connections,"
    " low, high FROM forecast WHERE run_id = ?1 ORDER BY made_at_us, rank";

static void
fill_forecast(struct db_statement *s, void *row)
{
	struct findings_forecast *forecast = row;

	forecast->made_at_us = db_int(s, 0);
	forecast->made_at_held = db_int(s, 1);
	forecast->rank = db_int(s, 2);
	forecast->limit = db_int(s, 3);
	TEXT(s, 4, forecast->resource);
	TEXT(s, 5, forecast->subject);
	forecast->at = db_real(s, 6);
	forecast->low = db_real(s, 7);
	forecast->high = db_real(s, 8);
}

static const char failure_sql[] =
    "SELECT worker, call, error, count, first_us, last_us, first_held FROM failure"
    " WHERE run_id = ?1 ORDER BY first_us, worker, call, error";

static void
fill_failure(struct db_statement *s, void *row)
{
	struct findings_failure *failure = row;

	TEXT(s, 0, failure->worker);
	TEXT(s, 1, failure->call);
	TEXT(s, 2, failure->error);
	failure->count = db_int(s, 3);
	failure->first_us = db_int(s, 4);
	failure->last_us = db_int(s, 5);
	failure->first_held = db_int(s, 6);
}

/* "acceptor 10" comes after "acceptor 9". */
static const char worker_sql[] =
    "SELECT worker, attempted, established, accepted, served, failed, missed, lost,"
    " transient FROM worker_total WHERE run_id = ?1 ORDER BY"
    " substr(worker, 1, instr(worker || ' ', ' ')),"
    " CAST(substr(worker, instr(worker, ' ') + 1) AS INTEGER)";

static void
fill_worker(struct db_statement *s, void *row)
{
	struct findings_worker *worker = row;

	TEXT(s, 0, worker->name);
	worker->attempted = db_int(s, 1);
	worker->established = db_int(s, 2);
	worker->accepted = db_int(s, 3);
	worker->served = db_int(s, 4);
	worker->failed = db_int(s, 5);
	worker->missed = db_int(s, 6);
}

static const char funnel_sql[] =
    "SELECT attempted, established, accepted, served, failed, missed,"
    " (SELECT sum(lost) FROM worker_total t WHERE t.run_id = ?1 AND worker LIKE 'forker "
    "%'),"
    " (SELECT sum(transient) FROM worker_total t WHERE t.run_id = ?1"
    " AND worker LIKE 'forker %')"
    " FROM v_funnel WHERE run_id = ?1";

static void
fill_funnel(struct db_statement *s, void *row)
{
	*(struct findings_funnel *)row = (struct findings_funnel){
		.attempted = db_int(s, 0),
		.established = db_int(s, 1),
		.accepted = db_int(s, 2),
		.served = db_int(s, 3),
		.failed = db_int(s, 4),
		.missed = db_int(s, 5),
		.lost = db_int(s, 6),
		.transient = db_int(s, 7),
	};
}

static const char health_sql[] =
    "SELECT ticks, missed_ticks, late_p99_us, late_max_us, took_p99_us, slots,"
    " missed_slots, gaps FROM v_run_health WHERE run_id = ?1";

static void
fill_health(struct db_statement *s, void *row)
{
	*(struct findings_health *)row = (struct findings_health){
		.ticks = db_int(s, 0),
		.missed_ticks = db_int(s, 1),
		.late_p99_us = db_int(s, 2),
		.late_max_us = db_int(s, 3),
		.took_p99_us = db_int(s, 4),
		.slots = db_int(s, 5),
		.missed_slots = db_int(s, 6),
		.gaps = db_int(s, 7),
	};
}

static const char event_sql[] = "SELECT t_us, level, kind, subject, text FROM event"
				" WHERE run_id = ?1 ORDER BY t_us, seq";

static void
fill_event(struct db_statement *s, void *row)
{
	struct findings_event *event = row;

	event->t_us = db_int(s, 0);
	TEXT(s, 1, event->level);
	TEXT(s, 2, event->kind);
	TEXT(s, 3, event->subject);
	event->text = copy(s, 4);
}

static const char setting_sql[] = "SELECT subject, name, value FROM setting"
				  " WHERE run_id = ?1 ORDER BY subject, name";

static void
fill_setting(struct db_statement *s, void *row)
{
	struct findings_setting *setting = row;

	TEXT(s, 0, setting->subject);
	TEXT(s, 1, setting->name);
	setting->value = copy(s, 2);
}

static const char expected_sql[] =
    "SELECT expression, figure, bound, value, value_low, value_high, passed"
    " FROM expectation WHERE run_id = ?1 ORDER BY seq";

static void
fill_expected(struct db_statement *s, void *row)
{
	struct findings_expected *expected = row;
	const char *name = db_text(s, 1);
	const struct figure *figure = figure_find(name, strlen(name));

	TEXT(s, 0, expected->expression);
	expected->unit = figure != NULL ? figure->unit : FIGURE_COUNT;
	expected->bound = db_real(s, 2);
	expected->value.known = !db_is_null(s, 3);
	expected->value.value = db_real(s, 3);
	expected->value.has_interval = !db_is_null(s, 4);
	expected->value.low = db_real(s, 4);
	expected->value.high = db_real(s, 5);
	expected->passed = db_int(s, 6) != 0;
}

static const char latency_sql[] = "SELECT DISTINCT kind FROM latency WHERE run_id = ?1"
				  " ORDER BY kind";

static void
fill_latency(struct db_statement *s, void *row)
{
	struct findings_latency *latency = row;

	TEXT(s, 0, latency->kind);
}

static const char phase_sql[] = "SELECT cycle, name, from_us, to_us, target FROM phase"
				" WHERE run_id = ?1 ORDER BY seq";

static void
fill_phase(struct db_statement *s, void *row)
{
	struct findings_phase *phase = row;

	phase->cycle = db_int(s, 0);
	TEXT(s, 1, phase->name);
	phase->from_us = db_int(s, 2);
	phase->to_us = int_or(s, 3, -1);
	phase->target = db_int(s, 4);
}

static const char limit_sql[] = "SELECT l.kind, s.name, l.resource, l.value, l.source"
				" FROM resource_limit AS l JOIN subject AS s ON s.run_id "
				"= l.run_id AND s.kind = l.kind"
				" AND s.subject = l.subject WHERE l.run_id = ?1"
				" ORDER BY l.kind, l.subject, l.resource, l.source";

static void
fill_limit(struct db_statement *s, void *row)
{
	struct findings_limit *limit = row;

	TEXT(s, 0, limit->kind);
	TEXT(s, 1, limit->subject);
	TEXT(s, 2, limit->resource);
	limit->value = db_int(s, 3);
	TEXT(s, 4, limit->source);
}

static const char subject_sql[] = "SELECT kind, name FROM subject"
				  " WHERE run_id = ?1 ORDER BY kind, subject";

static void
fill_subject(struct db_statement *s, void *row)
{
	struct findings_subject *subject = row;

	TEXT(s, 0, subject->kind);
	TEXT(s, 1, subject->name);
}

static const char option_sql[] = "SELECT j.key, j.value FROM run, json_each(plan) AS j"
				 " WHERE run_id = ?1 ORDER BY j.id";

static void
fill_option(struct db_statement *s, void *row)
{
	struct findings_option *option = row;

	TEXT(s, 0, option->name);
	option->value = copy(s, 1);
}

static const char cycle_sql[] =
    "SELECT cycle, from_s, settled_s, service_s, latency_s, ports_s, broke_held, "
    "limit_id,"
    " recovered, remains FROM v_cycle WHERE run_id = ?1 ORDER BY cycle";

static void
fill_cycle(struct db_statement *s, void *row)
{
	struct findings_cycle *c = row;

	c->cycle = db_int(s, 0);
	c->from_s = db_real(s, 1);
	c->settled_s = real_or(s, 2, -1);
	c->service_s = real_or(s, 3, -1);
	c->latency_s = real_or(s, 4, -1);
	c->ports_s = real_or(s, 5, -1);
	c->broke_held = int_or(s, 6, -1);
	TEXT(s, 7, c->limit_id);
	TEXT(s, 8, c->recovered);
	c->remains = copy(s, 9);
}

static const char cycle_trend_sql[] =
    "SELECT kind, resource, subject, class, unit, cycles, per_cycle, per_cycle_low,"
    " per_cycle_high FROM v_cycle_trend WHERE run_id = ?1"
    " ORDER BY kind, subject, resource";

static void
fill_cycle_trend(struct db_statement *s, void *row)
{
	struct findings_cycle_trend *t = row;

	TEXT(s, 0, t->kind);
	TEXT(s, 1, t->resource);
	TEXT(s, 2, t->subject);
	TEXT(s, 3, t->class);
	t->unit = unit_of(db_text(s, 4));
	t->cycles = db_int(s, 5);
	read_estimate(s, 6, &t->per_cycle);
}

const struct findings_query findings_run_query = { run_sql, sizeof(struct findings),
						   fill_run };
const struct findings_query findings_break_query = { break_sql,
						     sizeof(struct findings_break),
						     fill_break };
const struct findings_query findings_item_query = { item_sql,
						    sizeof(struct findings_item),
						    fill_item };
const struct findings_query findings_evidence_query = { evidence_sql,
							sizeof(struct findings_evidence),
							fill_evidence };
const struct findings_query findings_level_query = { level_sql,
						     sizeof(struct findings_level),
						     fill_level };
const struct findings_query findings_recovery_query = { recovery_sql,
							sizeof(struct findings_recovery),
							fill_recovery };
const struct findings_query findings_forecast_query = { forecast_sql,
							sizeof(struct findings_forecast),
							fill_forecast };
const struct findings_query findings_failure_query = { failure_sql,
						       sizeof(struct findings_failure),
						       fill_failure };
const struct findings_query findings_worker_query = { worker_sql,
						      sizeof(struct findings_worker),
						      fill_worker };
const struct findings_query findings_funnel_query = { funnel_sql,
						      sizeof(struct findings_funnel),
						      fill_funnel };
const struct findings_query findings_health_query = { health_sql,
						      sizeof(struct findings_health),
						      fill_health };
const struct findings_query findings_event_query = { event_sql,
						     sizeof(struct findings_event),
						     fill_event };
const struct findings_query findings_setting_query = { setting_sql,
						       sizeof(struct findings_setting),
						       fill_setting };
const struct findings_query findings_expected_query = { expected_sql,
							sizeof(struct findings_expected),
							fill_expected };
const struct findings_query findings_latency_query = { latency_sql,
						       sizeof(struct findings_latency),
						       fill_latency };
const struct findings_query findings_phase_query = { phase_sql,
						     sizeof(struct findings_phase),
						     fill_phase };
const struct findings_query findings_limit_query = { limit_sql,
						     sizeof(struct findings_limit),
						     fill_limit };
const struct findings_query findings_subject_query = { subject_sql,
						       sizeof(struct findings_subject),
						       fill_subject };
const struct findings_query findings_option_query = { option_sql,
						      sizeof(struct findings_option),
						      fill_option };
const struct findings_query findings_cycle_query = { cycle_sql,
						     sizeof(struct findings_cycle),
						     fill_cycle };
const struct findings_query findings_cycle_trend_query = {
	cycle_trend_sql, sizeof(struct findings_cycle_trend), fill_cycle_trend
};
