/*
 * overnight DB [HOURS]: writes a run of that many hours (12), at 10 ticks a second with 10
 * processes, into DB by the recorder's own code, as if it had been recorded: for measuring
 * what reads it. The readings are made up, with the noise of real ones, and are the same
 * each time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "model/resource.h"
#include "sample/tick.h"
#include "store/ledger_rows.h"
#include "store/record_rows.h"
#include "store/run.h"

#define TICK_US    (100 * US_PER_MS)
#define CLIENTS    5000
#define ACCEPTORS  2
#define FORKERS    2
#define BASELINE_S 60
#define RAMP_S     600
#define RECOVERY_S 120

/* How a reading goes: base + each * held + noise, and for a counter also growth a second
 * and, while connections are made, each. */
static const struct pattern {
	enum subject_kind kind;
	const char *name;
	double base, each, noise, growth;
} patterns[] = {
	{ SUBJECT_HOST, "available_bytes", 2e10, -9e3, 4e6, 0 },
	{ SUBJECT_HOST, "free_bytes", 1e10, -9e3, 4e6, 0 },
	{ SUBJECT_HOST, "anon_bytes", 6e8, 1e3, 1e6, 0 },
	{ SUBJECT_HOST, "slab_bytes", 3e8, 6e3, 3e5, 0 },
	{ SUBJECT_HOST, "slab_unreclaimable_bytes", 8e7, 6e3, 1e5, 200 },
	{ SUBJECT_HOST, "kernel_stack_bytes", 4e6, 0, 3e4, 0 },
	{ SUBJECT_HOST, "page_table_bytes", 8e6, 0, 2e5, 0 },
	{ SUBJECT_HOST, "tcp_memory_bytes", 2e6, 40, 2e4, 0 },
	{ SUBJECT_HOST, "files", 3e3, 2, 10, 0 },
	{ SUBJECT_HOST, "threads", 300, 0, 2, 0 },
	{ SUBJECT_HOST, "cpu_user_us_total", 0, 100, 9e3, 9e4 },
	{ SUBJECT_HOST, "cpu_system_us_total", 0, 200, 9e3, 9e4 },
	{ SUBJECT_HOST, "cpu_idle_us_total", 0, 0, 9e4, 3.6e6 },
	{ SUBJECT_HOST, "cpu_softirq_us_total", 0, 20, 5e3, 2e4 },
	{ SUBJECT_HOST, "context_switches_total", 0, 4, 300, 4e3 },
	{ SUBJECT_NETNS, "sockets", 40, 2, 1, 0 },
	{ SUBJECT_NETNS, "tcp_in_use", 8, 2, 0, 0 },
	{ SUBJECT_NETNS, "tcp_time_wait", 0, 0, 20, 0 },
	{ SUBJECT_NETNS, "tcp_established", 6, 2, 1, 0 },
	{ SUBJECT_NETNS, "active_opens_total", 0, 1, 1, 10 },
	{ SUBJECT_NETNS, "passive_opens_total", 0, 1, 1, 10 },
	{ SUBJECT_NETNS, "in_segments_total", 0, 8, 20, 200 },
	{ SUBJECT_NETNS, "out_segments_total", 0, 8, 20, 200 },
	{ SUBJECT_NETNS, "out_resets_total", 0, 0, 1, 10 },
	{ SUBJECT_NETNS, "timeouts_total", 0, 0, 0.05, 0.01 },
	{ SUBJECT_CGROUP, "memory_bytes", 3e8, 7e3, 3e5, 0 },
	{ SUBJECT_CGROUP, "kernel_memory_bytes", 2e7, 6e3, 4e4, 0 },
	{ SUBJECT_CGROUP, "pids", 10, 0, 0, 0 },
	{ SUBJECT_LISTENER, "queue", 0, 0, 1, 0 },
	{ SUBJECT_LISTENER, "backlog", 4096, 0, 0, 0 },
	{ SUBJECT_PROCESS, "fds", 7, 0.5, 0, 0 },
	{ SUBJECT_PROCESS, "rss_bytes", 4e6, 40, 4096, 50 },
	{ SUBJECT_PROCESS, "vm_bytes", 2e7, 40, 0, 0 },
	{ SUBJECT_PROCESS, "threads", 1, 0, 0, 0 },
	{ SUBJECT_PROCESS, "state", 83, 0, 0, 0 },
	{ SUBJECT_PROCESS, "cpu_user_us_total", 0, 20, 900, 3e3 },
	{ SUBJECT_PROCESS, "cpu_system_us_total", 0, 40, 900, 5e3 },
	{ SUBJECT_PROCESS, "minor_faults_total", 0, 0.1, 1, 2 },
	{ SUBJECT_GROUP, "processes", 2, 0, 0, 0 },
	{ SUBJECT_GROUP, "sampled", 2, 0, 0, 0 },
	{ SUBJECT_GROUP, "fds", 14, 1, 0, 0 },
	{ SUBJECT_GROUP, "rss_bytes", 8e6, 80, 8192, 100 },
	{ SUBJECT_GROUP, "cpu_user_us_total", 0, 40, 2e3, 6e3 },
	{ SUBJECT_GROUP, "cpu_system_us_total", 0, 80, 2e3, 1e4 },
};

#define PATTERNS (sizeof(patterns) / sizeof(patterns[0]))

/* xorshift64: its numbers are the same everywhere. */
static double
noise(void)
{
	static uint64_t state = 88172645463325252;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (double)(state >> 11) / (double)(UINT64_C(1) << 53) * 2 - 1;
}

struct night {
	struct plan plan;
	struct ledger *ledger;
	struct db *db;
	struct record_rows *records;
	struct ledger_rows *counts;
	struct tick tick;
	int64_t run_id, end_us;
};

static int64_t
held_at(const struct night *night, int64_t t_us)
{
	int64_t since_us = t_us - BASELINE_S * US_PER_S;

	if (since_us < 0 || t_us > night->end_us - RECOVERY_S * US_PER_S)
		return 0;
	since_us = since_us < RAMP_S * US_PER_S ? since_us : RAMP_S * US_PER_S;
	return CLIENTS * since_us / (RAMP_S * US_PER_S);
}

/* A counter never goes down, so its noise is that of the last second's growth. */
static int64_t
reading_at(const struct pattern *pattern, bool counter, int64_t t_us, int64_t held)
{
	double seconds = (double)t_us / (double)US_PER_S, value = pattern->base;

	if (counter)
		return (int64_t)(value + pattern->growth * seconds +
				 pattern->each * (double)held +
				 fmin(pattern->noise, pattern->growth / 10) *
				     (1 + noise()) / 2);
	return (int64_t)fmax(0, value + pattern->each * (double)held +
				    pattern->growth * seconds + pattern->noise * noise());
}

static void
add_subject(struct night *night, enum subject_kind kind, uint32_t index, int64_t t_us,
	    int64_t held)
{
	int64_t *reading = tick_subject(&night->tick, kind, index);

	for (size_t i = 0; i < PATTERNS; i++) {
		const struct resource *resource;

		if (patterns[i].kind != kind)
			continue;
		resource = resource_find(kind, patterns[i].name);
		if (resource == NULL)
			fatalx("%s is not sampled", patterns[i].name);
		reading[resource_position(resource)] = reading_at(
		    &patterns[i], resource->kind == RESOURCE_COUNTER, t_us, held);
	}
}

static void
set(int64_t *reading, const char *name, int64_t value)
{
	reading[resource_position(resource_find(SUBJECT_WORKER, name))] = value;
}

/* Connections are spread evenly over the acceptors, and over the forkers. */
static void
add_worker(struct night *night, uint32_t index, int64_t t_us, int64_t held)
{
	bool over = t_us > night->end_us - RECOVERY_S * US_PER_S;
	int64_t made = over ? CLIENTS / 2 : held / 2;
	int64_t *reading = tick_subject(&night->tick, SUBJECT_WORKER, index);

	set(reading, "held", held / 2);
	if (index < ACCEPTORS) {
		set(reading, "accepted_total", made);
		return;
	}
	set(reading, "attempted_total", made);
	set(reading, "established_total", made);
	set(reading, "served_total", made);
	set(reading, "failed_total", 0);
	set(reading, "missed_total", 0);
	set(reading, "transient_total", 0);
	set(reading, "lost_total", 0);
	set(reading, "processes", 1);
}

static void
store(struct night *night, uint32_t kind, const void *data, size_t bytes)
{
	const struct ring_record record = { kind, (uint32_t)bytes, data };

	if (record_rows_store(night->records, &record) == -1)
		fatalx("a record is not stored: %s", db_error(night->db));
}

static void
store_tick(struct night *night, int64_t number)
{
	int64_t due_us = number * TICK_US;
	int64_t t_us = due_us + (int64_t)(150 + 100 * noise());
	int64_t held = held_at(night, t_us);

	tick_begin(&night->tick, number, due_us, t_us);
	night->tick.record->took_us = (int64_t)(300 + 50 * noise());
	add_subject(night, SUBJECT_HOST, 0, t_us, held);
	add_subject(night, SUBJECT_NETNS, 0, t_us, held);
	add_subject(night, SUBJECT_CGROUP, 0, t_us, held);
	add_subject(night, SUBJECT_LISTENER, 0, t_us, held);
	for (uint32_t i = 0; i < (uint32_t)night->ledger->process_count; i++)
		add_subject(night, SUBJECT_PROCESS, i, t_us, held);
	for (uint32_t i = 0; i < ACCEPTORS + FORKERS; i++)
		add_worker(night, i, t_us, held);
	for (uint32_t i = 0; i < GROUP_COUNT; i++)
		add_subject(night, SUBJECT_GROUP, i, t_us, held);
	store(night, RECORD_TICK, night->tick.record, night->tick.bytes);
}

/* What was counted in the last second. */
static void
store_second(struct night *night, int64_t t_us)
{
	for (int i = 0; i < 10; i++) {
		struct histogram *canary = ledger_latency(night->ledger, LATENCY_CANARY,
							  ledger_canary(night->ledger));

		histogram_add(canary, (int64_t)(200 + 80 * noise()));
	}
	if (ledger_rows_store(night->counts, t_us) == -1)
		fatalx("the counts are not stored: %s", db_error(night->db));
}

static void
store_phase(struct night *night, int64_t seq, const char *name, int64_t from_us)
{
	struct phase_record phase = { .seq = seq, .from_us = from_us, .target = CLIENTS };

	strlcpy(phase.name, name, sizeof(phase.name));
	store(night, RECORD_PHASE, &phase, sizeof(phase));
}

static void
store_phases(struct night *night)
{
	store_phase(night, 0, "baseline", 0);
	store_phase(night, 1, "ramp", BASELINE_S * US_PER_S);
	store_phase(night, 2, "hold", (BASELINE_S + RAMP_S) * US_PER_S);
	store_phase(night, 3, "recovery", night->end_us - RECOVERY_S * US_PER_S);
}

static void
add_processes(struct ledger *ledger)
{
	static const struct {
		enum role role;
		int32_t slot;
	} processes[] = {
		{ ROLE_SUPERVISOR, 0 }, { ROLE_RECORDER, 0 }, { ROLE_SAMPLER, 0 },
		{ ROLE_CANARY, 0 },     { ROLE_ACCEPTOR, 0 }, { ROLE_ACCEPTOR, 1 },
		{ ROLE_FORKER, 0 },     { ROLE_FORKER, 1 },   { ROLE_CLIENT, 0 },
		{ ROLE_CLIENT, 1 },
	};

	for (size_t i = 0; i < sizeof(processes) / sizeof(processes[0]); i++) {
		int32_t index =
		    ledger_process_add(ledger, processes[i].role, processes[i].slot);

		ledger_process_started(ledger, index, (pid_t)(1000 + index));
	}
}

static void
add_totals(struct ledger *ledger)
{
	for (int32_t i = 0; i < ACCEPTORS; i++)
		atomic_store(&ledger_acceptor(ledger, i)->counters.accepted,
			     CLIENTS / ACCEPTORS);
	for (int32_t i = 0; i < FORKERS; i++) {
		struct counters *counters = &ledger_forker(ledger, i)->counters;

		atomic_store(&counters->attempted, CLIENTS / FORKERS);
		atomic_store(&counters->established, CLIENTS / FORKERS);
		atomic_store(&counters->served, CLIENTS / FORKERS);
	}
}

static void
begin(struct night *night, char *path, int hours)
{
	static const size_t subjects[SUBJECT_KINDS] = {
		[SUBJECT_HOST] = 1,
		[SUBJECT_NETNS] = 1,
		[SUBJECT_CGROUP] = 1,
		[SUBJECT_LISTENER] = 1,
		[SUBJECT_PROCESS] = 10,
		[SUBJECT_WORKER] = 4,
		[SUBJECT_GROUP] = GROUP_COUNT,
	};
	static char label[] = "overnight", program[] = "overnight";
	char *argv[] = { program };

	*night = (struct night){
		.plan = { .clients = CLIENTS,
			  .rate = CLIENTS / RAMP_S,
			  .per_client = CLIENTS / FORKERS,
			  .acceptors = ACCEPTORS,
			  .forkers = FORKERS,
			  .steps = 1,
			  .interval_us = TICK_US,
			  .label = label,
			  .db = path },
		.end_us = (int64_t)hours * 3600 * US_PER_S,
	};
	night->ledger = ledger_map(&night->plan);
	night->db = db_open(path, DB_CREATE, stderr);
	if (night->ledger == NULL || night->db == NULL ||
	    tick_init(&night->tick, subjects) == -1)
		fatalx("cannot begin");
	add_processes(night->ledger);
	add_totals(night->ledger);
	night->run_id = run_create(night->db, &night->plan, 1, argv, 1700000000000000,
				   getpid(), stderr);
	night->records = record_rows_new(night->db, night->ledger, night->run_id);
	night->counts = ledger_rows_new(night->db, night->ledger, night->run_id);
	if (night->run_id == -1 || night->records == NULL || night->counts == NULL)
		fatalx("cannot begin: %s", db_error(night->db));
}

static void
end(struct night *night)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		 "UPDATE run SET state = 'recorded', ended_us = %lld WHERE run_id = %lld",
		 (long long)night->end_us, (long long)night->run_id);
	if (db_exec(night->db, sql) == -1 ||
	    run_store_peak(night->db, night->run_id) == -1)
		fatalx("cannot end: %s", db_error(night->db));
	ledger_rows_free(night->counts);
	record_rows_free(night->records);
	tick_free(&night->tick);
	db_close(night->db);
	ledger_unmap(night->ledger);
}

int
main(int argc, char **argv)
{
	struct night night;

	if (argc < 2 || argc > 3)
		fatalx("usage: overnight DB [HOURS]");
	begin(&night, argv[1], argc > 2 ? atoi(argv[2]) : 12);
	if (db_begin(night.db) == -1)
		fatalx("cannot write: %s", db_error(night.db));
	store_phases(&night);
	for (int64_t number = 0; number * TICK_US <= night.end_us; number++) {
		store_tick(&night, number);
		if (number % 10 != 9)
			continue;
		store_second(&night, (number + 1) * TICK_US);
		if (number % 6000 == 5999 &&
		    (db_commit(night.db) == -1 || db_begin(night.db) == -1))
			fatalx("cannot write: %s", db_error(night.db));
		ledger_rows_committed(night.counts);
	}
	if (db_commit(night.db) == -1)
		fatalx("cannot write: %s", db_error(night.db));
	end(&night);
	return 0;
}
