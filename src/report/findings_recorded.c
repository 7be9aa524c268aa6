#include "report/findings_query.h"

#include "report/column.h"
#include "report/findings.h"

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
	run->ended_us = column_int(s, 2, -1);
	COLUMN_TEXT(s, 3, run->state);
	COLUMN_TEXT(s, 4, run->outcome);
	run->label = column_copy(s, 5);
	run->command = column_copy(s, 6);
	run->plan = column_copy(s, 7);
	COLUMN_TEXT(s, 8, run->version);
	run->clients = db_int(s, 9);
	run->rate = db_int(s, 10);
	run->acceptors = db_int(s, 11);
	run->forkers = db_int(s, 12);
}

static void
read_host(struct db_statement *s, struct findings_host *host)
{
	host->name = column_copy(s, 13);
	host->kernel = column_copy(s, 14);
	host->machine = column_copy(s, 15);
	host->distribution = column_copy(s, 16);
	host->cpu_model = column_copy(s, 17);
	host->container = column_copy(s, 18);
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

const struct findings_query findings_run_query = { run_sql, sizeof(struct findings),
						   fill_run };

static const char phase_sql[] = "SELECT cycle, name, from_us, to_us, target FROM phase"
				" WHERE run_id = ?1 ORDER BY seq";

static void
fill_phase(struct db_statement *s, void *row)
{
	struct findings_phase *phase = row;

	phase->cycle = db_int(s, 0);
	COLUMN_TEXT(s, 1, phase->name);
	phase->from_us = db_int(s, 2);
	phase->to_us = column_int(s, 3, -1);
	phase->target = db_int(s, 4);
}

const struct findings_query findings_phase_query = { phase_sql,
						     sizeof(struct findings_phase),
						     fill_phase };

static const char subject_sql[] = "SELECT kind, name FROM subject"
				  " WHERE run_id = ?1 ORDER BY kind, subject";

static void
fill_subject(struct db_statement *s, void *row)
{
	struct findings_subject *subject = row;

	COLUMN_TEXT(s, 0, subject->kind);
	COLUMN_TEXT(s, 1, subject->name);
}

const struct findings_query findings_subject_query = { subject_sql,
						       sizeof(struct findings_subject),
						       fill_subject };

static const char limit_sql[] = "SELECT l.kind, s.name, l.resource, l.value, l.source"
				" FROM resource_limit AS l JOIN subject AS s ON s.run_id "
				"= l.run_id AND s.kind = l.kind"
				" AND s.subject = l.subject WHERE l.run_id = ?1"
				" ORDER BY l.kind, l.subject, l.resource, l.source";

static void
fill_limit(struct db_statement *s, void *row)
{
	struct findings_limit *limit = row;

	COLUMN_TEXT(s, 0, limit->kind);
	COLUMN_TEXT(s, 1, limit->subject);
	COLUMN_TEXT(s, 2, limit->resource);
	limit->value = db_int(s, 3);
	COLUMN_TEXT(s, 4, limit->source);
}

const struct findings_query findings_limit_query = { limit_sql,
						     sizeof(struct findings_limit),
						     fill_limit };

static const char setting_sql[] = "SELECT subject, name, value FROM setting"
				  " WHERE run_id = ?1 ORDER BY subject, name";

static void
fill_setting(struct db_statement *s, void *row)
{
	struct findings_setting *setting = row;

	COLUMN_TEXT(s, 0, setting->subject);
	COLUMN_TEXT(s, 1, setting->name);
	setting->value = column_copy(s, 2);
}

const struct findings_query findings_setting_query = { setting_sql,
						       sizeof(struct findings_setting),
						       fill_setting };

static const char option_sql[] = "SELECT j.key, j.value FROM run, json_each(plan) AS j"
				 " WHERE run_id = ?1 ORDER BY j.id";

static void
fill_option(struct db_statement *s, void *row)
{
	struct findings_option *option = row;

	COLUMN_TEXT(s, 0, option->name);
	option->value = column_copy(s, 1);
}

const struct findings_query findings_option_query = { option_sql,
						      sizeof(struct findings_option),
						      fill_option };

static const char worker_sql[] =
    "SELECT worker, attempted, established, accepted, served, failed, missed, lost,"
    " transient, role FROM worker_total WHERE run_id = ?1 ORDER BY role, slot";

static void
fill_worker(struct db_statement *s, void *row)
{
	struct findings_worker *worker = row;

	COLUMN_TEXT(s, 0, worker->name);
	worker->attempted = db_int(s, 1);
	worker->established = db_int(s, 2);
	worker->accepted = db_int(s, 3);
	worker->served = db_int(s, 4);
	worker->failed = db_int(s, 5);
	worker->missed = db_int(s, 6);
	worker->role = role_find(db_text(s, 9));
}

const struct findings_query findings_worker_query = { worker_sql,
						      sizeof(struct findings_worker),
						      fill_worker };

static const char funnel_sql[] =
    "SELECT sum(attempted), sum(established), sum(accepted), sum(served), sum(failed),"
    " sum(missed), sum(lost), sum(transient) FROM v_funnel WHERE run_id = ?1"
    " HAVING count(*) > 0";

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

const struct findings_query findings_funnel_query = { funnel_sql,
						      sizeof(struct findings_funnel),
						      fill_funnel };

static const char health_sql[] =
    "SELECT ticks, missed_ticks, late_p99_us, late_max_us, took_p99_us, slots,"
    " missed_slots, gaps, rate_asked, rate_had, behind_s, is_behind"
    " FROM v_run_health WHERE run_id = ?1";

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
		.rate_asked = db_real(s, 8),
		.rate_had = db_real(s, 9),
		.behind_s = db_real(s, 10),
		.is_behind = db_int(s, 11) == 1,
	};
}

const struct findings_query findings_health_query = { health_sql,
						      sizeof(struct findings_health),
						      fill_health };

static const char failure_sql[] =
    "SELECT worker, call, error, count, first_us, last_us, first_held, cycle FROM failure"
    " WHERE run_id = ?1 ORDER BY first_us, worker, call, error";

static void
fill_failure(struct db_statement *s, void *row)
{
	struct findings_failure *failure = row;

	COLUMN_TEXT(s, 0, failure->worker);
	COLUMN_TEXT(s, 1, failure->call);
	COLUMN_TEXT(s, 2, failure->error);
	failure->count = db_int(s, 3);
	failure->first_us = db_int(s, 4);
	failure->last_us = db_int(s, 5);
	failure->first_held = db_int(s, 6);
	failure->cycle = db_int(s, 7);
}

const struct findings_query findings_failure_query = { failure_sql,
						       sizeof(struct findings_failure),
						       fill_failure };

static const char event_sql[] = "SELECT t_us, level, kind, subject, text FROM event"
				" WHERE run_id = ?1 ORDER BY t_us, seq";

static void
fill_event(struct db_statement *s, void *row)
{
	struct findings_event *event = row;

	event->t_us = db_int(s, 0);
	COLUMN_TEXT(s, 1, event->level);
	COLUMN_TEXT(s, 2, event->kind);
	COLUMN_TEXT(s, 3, event->subject);
	event->text = column_copy(s, 4);
}

const struct findings_query findings_event_query = { event_sql,
						     sizeof(struct findings_event),
						     fill_event };

static const char latency_sql[] = "SELECT DISTINCT kind FROM latency WHERE run_id = ?1"
				  " ORDER BY kind";

static void
fill_latency(struct db_statement *s, void *row)
{
	struct findings_latency *latency = row;

	COLUMN_TEXT(s, 0, latency->kind);
}

const struct findings_query findings_latency_query = { latency_sql,
						       sizeof(struct findings_latency),
						       fill_latency };
