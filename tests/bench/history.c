/*
 * Makes a history to time questions by: runs that might have been a night's, stored by the
 * recorder's own code.
 *
 * usage: history FILE RUNS TICKS
 *
 * Adds RUNS runs of TICKS ticks at 10 Hz each to the database: 20,000 connections that are
 * held from the 2,000th tick until 600 ticks before the end, by 12 processes.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyse/analyse.h"
#include "base/clock.h"
#include "run/ledger.h"
#include "run/record.h"
#include "sample/resource.h"
#include "store/db.h"
#include "store/ledger_rows.h"
#include "store/record_rows.h"
#include "store/run.h"

#define INTERVAL_US    (US_PER_S / 10)
#define BASELINE_TICKS 30
#define RAMP_TICKS     2000
#define RECOVERY_TICKS 600
#define CLIENTS        20000
#define COMMIT_TICKS   10000
#define RECORD_BYTES   (1 << 16)

struct maker {
	struct db *db;
	struct plan plan;
	struct ledger *ledger;
	int64_t run_id, ticks;
	struct record_rows *rows;
	struct tick_record *record;
	char *end; /* of the record */
};

static void
must(struct maker *m, int result)
{
	if (result == -1)
		errx(1, "%s", db_error(m->db));
}

static int64_t
held_at(const struct maker *m, int64_t tick)
{
	int64_t ramped = (tick - BASELINE_TICKS) * CLIENTS / RAMP_TICKS;

	if (tick < BASELINE_TICKS || tick >= m->ticks - RECOVERY_TICKS)
		return 0;
	return ramped < CLIENTS ? ramped : CLIENTS;
}

/* Gauges follow what is held, with a noise of one in a thousand; counters go on. */
static int64_t
reading_of(const struct maker *m, const struct resource *resource, uint32_t index,
	   int64_t tick)
{
	int64_t noise = (tick * 7919 + index * 104729) % 21 - 10;

	if (resource->kind == RESOURCE_COUNTER)
		return tick * (50 + index) + noise;
	return 1000000 + index + held_at(m, tick) * 100 + (noise > 8 ? noise : 0);
}

/* Of a worker: its share of what is done and held; nothing fails, nothing is missed. */
static int64_t
worker_reading(const struct maker *m, const char *name, int64_t tick)
{
	static const char *const done[] = { "attempted_total", "established_total",
					    "accepted_total", "served_total" };
	int64_t share = held_at(m, tick) / m->ledger->forkers;

	if (strcmp(name, "held") == 0)
		return share;
	if (tick >= m->ticks - RECOVERY_TICKS)
		share = CLIENTS / m->ledger->forkers;
	for (size_t i = 0; i < sizeof(done) / sizeof(done[0]); i++)
		if (strcmp(name, done[i]) == 0)
			return share;
	return 0;
}

static void
add_subject(struct maker *m, enum subject_kind kind, uint32_t index, int64_t tick)
{
	struct subject_sample *sample = (void *)m->end;
	size_t count;
	const struct resource *of_kind = resource_of(kind, &count);

	sample->kind = (uint16_t)kind;
	sample->count = (uint16_t)count;
	sample->index = index;
	for (size_t i = 0; i < count; i++)
		sample->reading[i] = kind == SUBJECT_WORKER
					 ? worker_reading(m, of_kind[i].name, tick)
					 : reading_of(m, &of_kind[i], index, tick);
	m->end += sizeof(*sample) + count * sizeof(sample->reading[0]);
	m->record->subjects++;
}

static void
add_subjects(struct maker *m, enum subject_kind kind, int32_t count, int64_t tick)
{
	for (int32_t i = 0; i < count; i++)
		add_subject(m, kind, (uint32_t)i, tick);
}

static void
store_tick(struct maker *m, int64_t tick)
{
	struct ring_record record = { .kind = RECORD_TICK, .data = m->record };

	*m->record = (struct tick_record){ .tick = tick,
					   .t_us = tick * INTERVAL_US + tick % 90,
					   .late_us = tick % 90,
					   .took_us = 200 + tick % 50 };
	m->end = (char *)(m->record + 1);
	add_subjects(m, SUBJECT_HOST, 1, tick);
	add_subjects(m, SUBJECT_NETNS, 1, tick);
	add_subjects(m, SUBJECT_CGROUP, 1, tick);
	add_subjects(m, SUBJECT_LISTENER, 1, tick);
	add_subjects(m, SUBJECT_PROCESS, m->ledger->process_count, tick);
	add_subjects(m, SUBJECT_WORKER, m->ledger->acceptors + m->ledger->forkers + 1,
		     tick);
	add_subjects(m, SUBJECT_GROUP, GROUP_COUNT, tick);
	record.length = (uint32_t)(m->end - (char *)m->record);
	must(m, record_rows_store(m->rows, &record));
}

static void
store_phases(struct maker *m)
{
	static const char *const names[] = { "baseline", "ramp", "hold", "recovery",
					     "end" };
	const int64_t from[] = { 0, BASELINE_TICKS, BASELINE_TICKS + RAMP_TICKS,
				 m->ticks - RECOVERY_TICKS, m->ticks };

	for (int i = 0; i < 5; i++) {
		struct phase_record phase = { .seq = i,
					      .from_us = from[i] * INTERVAL_US,
					      .target = i > 0 ? CLIENTS : 0 };
		struct ring_record record = { RECORD_PHASE, sizeof(phase), &phase };

		strlcpy(phase.name, names[i], sizeof(phase.name));
		must(m, record_rows_store(m->rows, &record));
	}
}

static void
list_processes(struct maker *m)
{
	static const enum role own[] = { ROLE_SUPERVISOR, ROLE_RECORDER, ROLE_SAMPLER,
					 ROLE_CANARY };
	struct {
		enum role role;
		int32_t count;
	} many[] = { { ROLE_ACCEPTOR, m->ledger->acceptors },
		     { ROLE_FORKER, m->ledger->forkers },
		     { ROLE_CLIENT, m->ledger->clients } };
	pid_t pid = 1000;

	for (size_t i = 0; i < 4; i++)
		ledger_process_started(m->ledger,
				       ledger_process_add(m->ledger, own[i], 0), ++pid);
	for (size_t i = 0; i < 3; i++)
		for (int32_t slot = 0; slot < many[i].count; slot++)
			ledger_process_started(
			    m->ledger, ledger_process_add(m->ledger, many[i].role, slot),
			    ++pid);
}

/* What the workers would have counted by the end. */
static void
count(struct maker *m)
{
	for (int32_t i = 0; i < m->ledger->clients; i++) {
		struct counters *c = &ledger_client(m->ledger, i)->counters;

		c->attempted = c->established = c->served = c->released =
		    CLIENTS / m->ledger->clients;
	}
	for (int32_t i = 0; i < m->ledger->acceptors; i++)
		ledger_acceptor(m->ledger, i)->counters.accepted =
		    CLIENTS / m->ledger->acceptors;
}

static void
store_counts(struct maker *m)
{
	struct ledger_rows *rows = ledger_rows_new(m->db, m->ledger, m->run_id);

	if (rows == NULL)
		errx(1, "%s", db_error(m->db));
	must(m, ledger_rows_store(rows, m->ticks * INTERVAL_US));
	ledger_rows_free(rows);
}

static void
end_run(struct maker *m)
{
	char sql[160];

	snprintf(sql, sizeof(sql),
		 "UPDATE run SET state = 'recorded', ended_us = %lld WHERE run_id = %lld",
		 (long long)(m->ticks * INTERVAL_US), (long long)m->run_id);
	must(m, db_exec(m->db, sql));
	must(m, run_store_peak(m->db, m->run_id));
	must(m, analyse_run(m->db, m->run_id));
}

static void
make_run(struct maker *m)
{
	char command[] = "brink", *argv[] = { command };

	m->ledger = ledger_map(&m->plan);
	if (m->ledger == NULL)
		err(1, "ledger");
	m->run_id =
	    run_create(m->db, &m->plan, 1, argv, clock_unix_us(), getpid(), stderr);
	m->rows = record_rows_new(m->db, m->ledger, m->run_id);
	if (m->run_id == -1 || m->rows == NULL)
		errx(1, "%s", db_error(m->db));
	list_processes(m);
	count(m);
	must(m, db_begin(m->db));
	store_phases(m);
	for (int64_t tick = 0; tick < m->ticks; tick++) {
		store_tick(m, tick);
		if (tick % COMMIT_TICKS == COMMIT_TICKS - 1) {
			must(m, db_commit(m->db));
			must(m, db_begin(m->db));
		}
	}
	store_counts(m);
	must(m, db_commit(m->db));
	end_run(m);
	record_rows_free(m->rows);
	ledger_unmap(m->ledger);
}

int
main(int argc, char **argv)
{
	char label[] = "night", *options[] = { label, NULL };
	struct maker m = { 0 };

	if (argc != 4)
		errx(2, "usage: history FILE RUNS TICKS");
	m.ticks = atoll(argv[3]);
	if (m.ticks < BASELINE_TICKS + RAMP_TICKS + RECOVERY_TICKS)
		errx(2, "at least %d ticks",
		     BASELINE_TICKS + RAMP_TICKS + RECOVERY_TICKS);
	m.db = db_open(argv[1], DB_CREATE, stderr);
	m.record = calloc(1, RECORD_BYTES);
	if (m.db == NULL || m.record == NULL ||
	    plan_parse(&m.plan, 1, options, stderr) != 0 ||
	    plan_resolve(&m.plan, stderr) == -1)
		return 1;
	m.plan.label = strdup(label);
	for (int64_t run = 0; run < atoll(argv[2]); run++)
		make_run(&m);
	db_close(m.db);
	plan_free(&m.plan);
	free(m.record);
	return 0;
}
