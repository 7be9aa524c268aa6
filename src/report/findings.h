/*
 * All that a report says of a run. The writers of every format print this and nothing
 * else, so that all formats have the same numbers.
 */
#ifndef BRINK_REPORT_FINDINGS_H
#define BRINK_REPORT_FINDINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyse/compare.h"
#include "base/units.h"
#include "plan/expectation.h"
#include "report/column.h"
#include "run/ledger.h"
#include "store/db.h"

#define FINDINGS_NAME 64

struct findings_run {
	int64_t run_id, started_unix_us, ended_us; /* ended_us: -1 while it runs */
	char state[16], outcome[16];               /* outcome: "" until analysed */
	char *label;                               /* NULL: none */
	char *command, *plan;
	char version[32];
	int64_t clients, rate, acceptors, forkers; /* of the plan; 0: no bound */
	char *target, *protocol;                   /* NULL: the server was brink's own */
};

struct findings_host {
	char *name, *kernel, *machine, *distribution, *cpu_model, *container;
	int64_t cpus, memory_bytes;
};

struct findings_evidence {
	int64_t finding_id, t_us; /* -1: none */
	char *what;
	int64_t value, limit; /* -1: none */
};

/* A row of finding; texts are "" where there is none. */
struct findings_item {
	int64_t finding_id, t_us; /* -1: none */
	char kind[16], limit_id[32], subject[FINDINGS_NAME], confidence[16], side[16];
	bool weak;
	int64_t rank, rests_on; /* rests_on: the rank of another, -1: none */
	char *text;
	const struct findings_evidence *evidence; /* into findings.evidence */
	size_t evidence_count;
};

struct findings_break {
	int64_t t_us, since_attempt_us, attempted, established, accepted, served, held;
	char limit_id[32], subject[FINDINGS_NAME], side[16], confidence[16];
	int64_t usage, limit; /* -1: none */
	char call[16];
};

/* A figure with its interval. */
struct findings_estimate {
	bool known;
	double value, low, high;
};

struct findings_level {
	char kind[16], resource[FINDINGS_NAME], subject[FINDINGS_NAME], class[16];
	char pattern[16]; /* "": none */
	int64_t cycle;
	double trend_p, still_s, needed_s; /* -1: not known */
	bool weak;
	enum unit unit;
	double base, peak, final, leaked, per_second;
	struct findings_estimate per_connection, over_time; /* over_time: a second */
	int64_t n;
};

/* What the memory of a connection is on one side: client, server, kernel, or their total,
 * which is there where all of them are known. */
struct findings_cost {
	char side[16];
	struct findings_estimate bytes;
};

struct findings_recovery {
	int64_t cycle; /* from 0 */
	char kind[16], resource[FINDINGS_NAME], subject[FINDINGS_NAME];
	enum unit unit;
	double base, peak, residual, recovered; /* recovered: NAN: nothing was taken */
	int64_t t50_us, t90_us, t99_us, settled_us; /* -1: not reached */
};

/* Times since the release, s; -1: not. */
struct findings_cycle {
	int64_t cycle;
	double from_s, settled_s, service_s, latency_s, ports_s;
	int64_t broke_held; /* -1: it did not break */
	char limit_id[32], recovered[16];
	char *remains; /* NULL: nothing */
};

struct findings_cycle_trend {
	char kind[16], resource[FINDINGS_NAME], subject[FINDINGS_NAME], class[16];
	enum unit unit;
	int64_t cycles;
	struct findings_estimate per_cycle;
};

struct findings_forecast {
	int64_t made_at_us, made_at_held, rank, limit;
	char resource[FINDINGS_NAME], subject[FINDINGS_NAME];
	enum role role; /* of the subject */
	double at, low, high;
};

struct findings_funnel {
	int64_t attempted, established, accepted, served, failed, missed, lost, transient;
};

struct findings_health {
	int64_t ticks, missed_ticks, late_p99_us, late_max_us, took_p99_us, slots,
	    missed_slots, gaps;
	/* Connects begun a second over the ramps; 0: not known, or as fast as can be. */
	double rate_asked, rate_had;
	double behind_s; /* that the ramps lasted longer than their schedule */
	bool is_behind;  /* by more than 1 %, or 10 ms of each */
};

/* Of the whole run, from all its histograms. */
struct findings_latency {
	char kind[16];
	int64_t count, p50_us, p90_us, p99_us, p999_us, max_us;
};

struct findings_failure {
	char worker[FINDINGS_NAME], call[16], error[24];
	int64_t count, first_us, last_us, first_held, cycle;
};

struct findings_worker {
	char name[FINDINGS_NAME];
	enum role role;
	int64_t attempted, established, accepted, served, failed, missed;
	double share; /* of the connections of its role, 1: as all; NAN: not known */
};

struct findings_event {
	int64_t t_us;
	char level[16], kind[FINDINGS_NAME], subject[FINDINGS_NAME];
	char *text;
};

struct findings_setting {
	char subject[FINDINGS_NAME], name[FINDINGS_NAME];
	char *value;
};

/* Figures are in the base unit of their kind; NAN: not known. */
struct findings_expected {
	char expression[EXPECTATION_TEXT_SIZE], figure[FINDINGS_NAME], unit_name[16];
	enum figure_unit unit;
	double bound, value, low, high;
	bool passed;
};

/* A moment of the run. */
struct findings_progress {
	int64_t t_us;
	char phase[16];
	int64_t attempted, established, accepted, held;
	int64_t fds, rss_bytes, processes; /* -1: not known */
};

struct findings_phase {
	int64_t cycle, from_us, to_us, target; /* to_us: -1: not seen to end */
	char name[16];
};

struct findings_limit {
	char kind[16], subject[FINDINGS_NAME], resource[FINDINGS_NAME];
	int64_t value;
	char source[FINDINGS_NAME];
};

/* An option of the plan, in base units. */
struct findings_option {
	char name[FINDINGS_NAME];
	char *value;
};

/* What was sampled. */
struct findings_subject {
	char kind[16], name[FINDINGS_NAME];
};

struct findings {
	struct findings_run run;
	struct findings_host host;
	bool broke;
	struct findings_break breaking;
	struct findings_funnel funnel;
	struct findings_health health;

	struct findings_item *items; /* by rank: the verdict first */
	struct findings_evidence *evidence;
	struct findings_level *levels;
	struct findings_progress *progress; /* about a dozen moments */
	struct findings_recovery *recovery;
	struct findings_forecast *forecast; /* all that were made, the last last */
	struct findings_latency *latency;
	struct findings_failure *failures;
	struct findings_worker *workers;
	struct findings_event *events;
	struct findings_setting *settings;
	struct findings_cycle *cycles;
	struct findings_cycle_trend *cycle_trends;
	struct findings_cost *costs; /* of the first cycle */
	size_t cycle_count, cycle_trend_count, cost_count;
	struct findings_expected *expected; /* in the order given */
	char *baseline_label; /* what the run is to be compared with; NULL: nothing */
	struct comparison *baseline; /* NULL: there is no run with that label before it */
	struct findings_phase *phases;
	struct findings_limit *limits;
	struct findings_subject *subjects;
	struct findings_option *options;
	size_t item_count, evidence_count, level_count, progress_count, recovery_count,
	    forecast_count, latency_count, failure_count, worker_count, event_count,
	    setting_count, expected_count, phase_count, limit_count, subject_count,
	    option_count;
};

/* Reads a run, as it is at one moment. 0, or -1 where there is no such run or the store cannot be read (see
 * db_error); findings_free() in either case. */
int findings_load(struct findings *findings, struct db *db, int64_t run_id);

void findings_free(struct findings *findings);

/* What there is of each row, in the order in which JSON has it. */
extern const struct record findings_run, findings_host, findings_items,
    findings_evidence_rows, findings_breaking, findings_funnel, findings_health,
    findings_levels, findings_costs, findings_progresses, findings_forecasts,
    findings_recoveries, findings_cycles, findings_cycle_trends, findings_latencies,
    findings_failures, findings_workers, findings_events, findings_settings,
    findings_expectations, findings_phases, findings_limits, findings_subjects,
    findings_options;

/* All of them: those with a key are written as JSON, in this order. */
extern const struct record *const findings_records[];
extern const size_t findings_record_count;

/* The verdict, or NULL where the run was not analysed. */
const struct findings_item *findings_verdict(const struct findings *findings);

/* The unit of a piece of a finding's evidence: that of the limit, where it is measured
 * against it. */
enum unit findings_unit(const struct findings_item *item,
			const struct findings_evidence *evidence);

/* What would give way next, were the limit that did raised: the first of the last forecast
 * that is not of it; NULL where nobody knows, and where there is nothing to raise. */
const struct findings_forecast *findings_next(const struct findings *findings);

/* What would be met first, by the last forecast; NULL where nobody knows. Of a run that broke
 * this is what gave way: see findings_next(). */
const struct findings_forecast *findings_ahead(const struct findings *findings);

/* False where more than 1 % of the slots were missed, or used late: a schedule is kept in
 * time, not in count. */
bool findings_kept_schedule(const struct findings *findings);

#define FINDINGS_RATE 128

/* ", 49,012/s of 200,000/s asked, late by 46 ms"; "" where the rate is not known. Returns
 * text. */
const char *findings_rate(const struct findings *findings, char *text, size_t size);

/* True where something of it had been taken at its peak. */
bool findings_was_taken(const struct findings_recovery *recovery);

/* False for what brink itself takes, and for processes one by one, for which their groups
 * stand. */
bool findings_is_load(const char *kind, const char *subject);

/* Of the first cycle, and of something that there was. */
bool findings_is_seen(const struct findings_level *level);

/* What a connection costs, side by side: number i of FINDINGS_COSTS; NULL where it is not
 * known. The side of each: client, server or kernel. */
#define FINDINGS_COSTS 16
const struct findings_level *findings_cost(const struct findings *findings, size_t i);
const char *findings_side(const struct findings_level *level);

/* It was seen to grow with something, or to grow without that one could tell. */
bool findings_grew(const struct findings_level *level);

/* The level of a resource on a subject, or NULL. */
const struct findings_level *findings_level(const struct findings *findings,
					    const char *kind, const char *subject,
					    const char *resource);

#define PROGRESS_ROWS 12

/*
 * About PROGRESS_ROWS moments from v_progress, in time order: the first, the last of every
 * phase, the break, and between those more where the time is longest. The caller frees
 * them. NULL where the store cannot be read; *count receives how many.
 */
struct findings_progress *findings_progress_load(struct db *db, int64_t run_id,
						 size_t *count);

/* Writes who served: "4 acceptors", or "target 127.0.0.1:80 (http)". Returns buf. */
const char *findings_server(const struct findings_run *run, char *buf, size_t size);

#endif
