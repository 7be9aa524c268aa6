#include "report/findings.h"

#include "report/amount.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where a member is. */
#define MEMBER(row, member) \
	.offset = offsetof(struct row, member), .size = sizeof(((struct row *)0)->member)

/* The rows of struct findings that are of this kind. */
#define ROWS(row, list, number, list_columns)                                  \
	.size = sizeof(struct row), .rows = offsetof(struct findings, list),   \
	.count = offsetof(struct findings, number), .columns = (list_columns), \
	.column_count = COUNT(list_columns)

/* The only row. */
#define ROW(row, member, row_columns)                                          \
	.size = sizeof(struct row), .rows = offsetof(struct findings, member), \
	.count = RECORD_ALWAYS, .is_one = true, .columns = (row_columns),      \
	.column_count = COUNT(row_columns)

/* ---------------------------------------------------------------------------- the run */

static const struct column run_columns[] = {
	{ "run_id", COLUMN_INT, MEMBER(findings_run, run_id) },
	{ "started_unix_us", COLUMN_INT, MEMBER(findings_run, started_unix_us) },
	{ "ended_us", COLUMN_KNOWN, MEMBER(findings_run, ended_us) },
	{ "state", COLUMN_TEXT, MEMBER(findings_run, state) },
	{ "outcome", COLUMN_WORD, MEMBER(findings_run, outcome) },
	{ "label", COLUMN_STRING, MEMBER(findings_run, label) },
	{ "command", COLUMN_STRING, MEMBER(findings_run, command) },
	{ "version", COLUMN_TEXT, MEMBER(findings_run, version) },
	{ "clients", COLUMN_INT, MEMBER(findings_run, clients),
	  .sql = "json_extract(plan, '$.clients')" },
	{ "rate", COLUMN_INT, MEMBER(findings_run, rate),
	  .sql = "json_extract(plan, '$.rate')" },
	{ "acceptors", COLUMN_INT, MEMBER(findings_run, acceptors),
	  .sql = "json_extract(plan, '$.acceptors')" },
	{ "target", COLUMN_STRING, MEMBER(findings_run, target),
	  .sql = "json_extract(plan, '$.target')" },
	{ "protocol", COLUMN_STRING, MEMBER(findings_run, protocol),
	  .sql = "json_extract(plan, '$.protocol')" },
	{ "forkers", COLUMN_INT, MEMBER(findings_run, forkers),
	  .sql = "json_extract(plan, '$.forkers')" },
	{ "plan", COLUMN_STRING, MEMBER(findings_run, plan) },
};

const struct record findings_run = {
	.key = "run",
	.from = "FROM run WHERE run_id = ?1",
	ROW(findings_run, run, run_columns),
};

static const struct column host_columns[] = {
	{ "name", COLUMN_STRING, MEMBER(findings_host, name) },
	{ "kernel", COLUMN_STRING, MEMBER(findings_host, kernel) },
	{ "machine", COLUMN_STRING, MEMBER(findings_host, machine) },
	{ "distribution", COLUMN_STRING, MEMBER(findings_host, distribution) },
	{ "cpu_model", COLUMN_STRING, MEMBER(findings_host, cpu_model) },
	{ "cpus", COLUMN_INT, MEMBER(findings_host, cpus) },
	{ "memory_bytes", COLUMN_INT, MEMBER(findings_host, memory_bytes) },
	{ "container", COLUMN_STRING, MEMBER(findings_host, container) },
};

const struct record findings_host = {
	.key = "host",
	.from = "FROM host JOIN run USING (host_id) WHERE run_id = ?1",
	ROW(findings_host, host, host_columns),
};

static const struct column break_columns[] = {
	{ "t_us", COLUMN_INT, MEMBER(findings_break, t_us) },
	{ "since_attempt_us", COLUMN_INT, MEMBER(findings_break, since_attempt_us) },
	{ "attempted", COLUMN_INT, MEMBER(findings_break, attempted) },
	{ "established", COLUMN_INT, MEMBER(findings_break, established) },
	{ "accepted", COLUMN_INT, MEMBER(findings_break, accepted) },
	{ "served", COLUMN_INT, MEMBER(findings_break, served) },
	{ "held", COLUMN_INT, MEMBER(findings_break, held) },
	{ "limit_id", COLUMN_WORD, MEMBER(findings_break, limit_id) },
	{ "subject", COLUMN_TEXT, MEMBER(findings_break, subject) },
	{ "side", COLUMN_TEXT, MEMBER(findings_break, side) },
	{ "confidence", COLUMN_TEXT, MEMBER(findings_break, confidence) },
	{ "usage", COLUMN_KNOWN, MEMBER(findings_break, usage) },
	{ "limit_value", COLUMN_KNOWN, MEMBER(findings_break, limit),
	  .sql = "iif(usage IS NULL, NULL, coalesce(limit_value, 0))" },
	{ "call", COLUMN_WORD, MEMBER(findings_break, call) },
};

const struct record findings_breaking = {
	.key = "breaking_point",
	.from = "FROM breaking_point WHERE run_id = ?1 ORDER BY cycle LIMIT 1",
	.size = sizeof(struct findings_break),
	.rows = offsetof(struct findings, breaking),
	.count = offsetof(struct findings, broke),
	.is_one = true,
	.columns = break_columns,
	.column_count = COUNT(break_columns),
};

static const struct column funnel_columns[] = {
	{ "attempted", COLUMN_INT, MEMBER(findings_funnel, attempted),
	  .sql = "sum(attempted)" },
	{ "established", COLUMN_INT, MEMBER(findings_funnel, established),
	  .sql = "sum(established)" },
	{ "accepted", COLUMN_INT, MEMBER(findings_funnel, accepted),
	  .sql = "sum(accepted)" },
	{ "served", COLUMN_INT, MEMBER(findings_funnel, served), .sql = "sum(served)" },
	{ "failed", COLUMN_INT, MEMBER(findings_funnel, failed), .sql = "sum(failed)" },
	{ "missed", COLUMN_INT, MEMBER(findings_funnel, missed), .sql = "sum(missed)" },
	{ "lost", COLUMN_INT, MEMBER(findings_funnel, lost), .sql = "sum(lost)" },
	{ "transient", COLUMN_INT, MEMBER(findings_funnel, transient),
	  .sql = "sum(transient)" },
};

const struct record findings_funnel = {
	.key = "funnel",
	.from = "FROM v_funnel WHERE run_id = ?1 HAVING count(*) > 0",
	ROW(findings_funnel, funnel, funnel_columns),
};

static const struct column health_columns[] = {
	{ "ticks", COLUMN_INT, MEMBER(findings_health, ticks) },
	{ "missed_ticks", COLUMN_INT, MEMBER(findings_health, missed_ticks) },
	{ "late_p99_us", COLUMN_INT, MEMBER(findings_health, late_p99_us) },
	{ "late_max_us", COLUMN_INT, MEMBER(findings_health, late_max_us) },
	{ "took_p99_us", COLUMN_INT, MEMBER(findings_health, took_p99_us) },
	{ "slots", COLUMN_INT, MEMBER(findings_health, slots) },
	{ "missed_slots", COLUMN_INT, MEMBER(findings_health, missed_slots) },
	{ "rate_asked", COLUMN_REAL, MEMBER(findings_health, rate_asked) },
	{ "rate_had", COLUMN_REAL, MEMBER(findings_health, rate_had) },
	{ "behind_s", COLUMN_REAL, MEMBER(findings_health, behind_s) },
	{ "gaps", COLUMN_INT, MEMBER(findings_health, gaps) },
	{ "is_behind", COLUMN_BOOL, MEMBER(findings_health, is_behind), .hidden = true },
};

const struct record findings_health = {
	.key = "health",
	.from = "FROM v_run_health WHERE run_id = ?1",
	ROW(findings_health, health, health_columns),
};

/* --------------------------------------------------------------------------- findings */

static const struct column item_columns[] = {
	{ "finding_id", COLUMN_INT, MEMBER(findings_item, finding_id), .hidden = true },
	{ "rank", COLUMN_INT, MEMBER(findings_item, rank) },
	{ "kind", COLUMN_TEXT, MEMBER(findings_item, kind) },
	{ "rests_on", COLUMN_KNOWN, MEMBER(findings_item, rests_on) },
	{ "limit_id", COLUMN_WORD, MEMBER(findings_item, limit_id), .title = "limit",
	  .style = STYLE_CODE },
	{ "subject", COLUMN_WORD, MEMBER(findings_item, subject) },
	{ "t_us", COLUMN_KNOWN, MEMBER(findings_item, t_us) },
	{ "confidence", COLUMN_WORD, MEMBER(findings_item, confidence) },
	{ "side", COLUMN_WORD, MEMBER(findings_item, side) },
	{ "weak", COLUMN_BOOL, MEMBER(findings_item, weak) },
	{ "text", COLUMN_STRING, MEMBER(findings_item, text),
	  .title = "by which number" },
};

static const struct column evidence_columns[] = {
	{ "finding_id", COLUMN_INT, MEMBER(findings_evidence, finding_id),
	  .hidden = true },
	{ "t_us", COLUMN_KNOWN, MEMBER(findings_evidence, t_us), .sql = "e.t_us" },
	{ "what", COLUMN_STRING, MEMBER(findings_evidence, what) },
	{ "value", COLUMN_KNOWN, MEMBER(findings_evidence, value) },
	{ "limit_value", COLUMN_KNOWN, MEMBER(findings_evidence, limit) },
};

const struct record findings_evidence_rows = {
	.from = "FROM evidence e JOIN finding USING (finding_id) WHERE run_id = ?1 ORDER "
		"BY rank, seq",
	ROWS(findings_evidence, evidence, evidence_count, evidence_columns),
};

/* Each finding holds its own. */
static void
write_evidence(struct json *j, const void *row)
{
	const struct findings_item *item = row;

	json_array(j, "evidence");
	for (size_t i = 0; i < item->evidence_count; i++) {
		json_object(j, NULL);
		for (size_t k = 0; k < COUNT(evidence_columns); k++)
			column_json(&evidence_columns[k], &item->evidence[i], j);
		json_end_object(j);
	}
	json_end_array(j);
}

const struct record findings_items = {
	.key = "findings",
	.from = "FROM finding WHERE run_id = ?1 ORDER BY rank",
	ROWS(findings_item, items, item_count, item_columns),
	.more = write_evidence,
};

/* ----------------------------------------------------------------------------- levels */

static const struct column level_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_level, kind), .sql = "l.kind" },
	{ "subject", COLUMN_TEXT, MEMBER(findings_level, subject), .sql = "l.subject",
	  .title = "subject" },
	{ "resource", COLUMN_TEXT, MEMBER(findings_level, resource), .sql = "l.resource",
	  .title = "resource", .style = STYLE_RESOURCE, .show = show_display_name },
	{ "display_name", COLUMN_DISPLAY_NAME, MEMBER(findings_level, resource) },
	{ "unit", COLUMN_UNIT, MEMBER(findings_level, unit), .sql = "r.unit" },
	{ "base", COLUMN_REAL, MEMBER(findings_level, base), .title = "initial",
	  .style = STYLE_FIGURE, .show = show_amount },
	{ "peak", COLUMN_REAL, MEMBER(findings_level, peak), .title = "peak",
	  .style = STYLE_FIGURE, .show = show_amount },
	{ "final", COLUMN_REAL, MEMBER(findings_level, final), .title = "final",
	  .style = STYLE_FIGURE, .show = show_amount },
	{ "leaked", COLUMN_REAL, MEMBER(findings_level, leaked), .title = "leaked",
	  .style = STYLE_FIGURE, .show = show_amount },
	{ "per_second", COLUMN_REAL, MEMBER(findings_level, per_second), .title = "rate",
	  .style = STYLE_FIGURE, .show = show_rate },
	{ "per_connection", COLUMN_ESTIMATE, MEMBER(findings_level, per_connection),
	  .title = "per connection", .style = STYLE_FIGURE, .show = show_estimate,
	  .aside = show_interval },
	{ "over_time", COLUMN_ESTIMATE, MEMBER(findings_level, over_time),
	  .title = "over time", .style = STYLE_FIGURE, .show = show_estimate_rate,
	  .aside = show_interval },
	{ "class", COLUMN_WORD, MEMBER(findings_level, class), .title = "class",
	  .style = STYLE_BADGE, .aside = show_level_weak },
	{ "pattern", COLUMN_WORD, MEMBER(findings_level, pattern), .title = "pattern" },
	{ "trend_p", COLUMN_KNOWN_REAL, MEMBER(findings_level, trend_p),
	  .title = "chance", .style = STYLE_FIGURE, .show = show_chance },
	{ "still_s", COLUMN_KNOWN_REAL, MEMBER(findings_level, still_s) },
	{ "needed_s", COLUMN_KNOWN_REAL, MEMBER(findings_level, needed_s),
	  .title = "needs", .style = STYLE_FIGURE, .show = show_needed },
	{ "weak", COLUMN_BOOL, MEMBER(findings_level, weak) },
	{ "cycle", COLUMN_INT, MEMBER(findings_level, cycle) },
	{ "n", COLUMN_INT, MEMBER(findings_level, n) },
	{ "stored", COLUMN_COMPUTED, MEMBER(findings_level, resource), .hidden = true,
	  .title = "in the store", .style = STYLE_CODE, .show = show_stored },
	{ "side", COLUMN_COMPUTED, .hidden = true, .title = "side", .show = show_side },
	{ "of", COLUMN_COMPUTED, .hidden = true, .title = "resource",
	  .show = show_resource_of },
	{ "limit", COLUMN_COMPUTED, .hidden = true, .title = "limit",
	  .style = STYLE_FIGURE, .show = show_limit, .aside = show_limit_subject },
	{ "headroom", COLUMN_COMPUTED, .hidden = true, .title = "headroom",
	  .style = STYLE_FIGURE, .show = show_headroom },
	{ "forecast", COLUMN_COMPUTED, .hidden = true, .title = "met at",
	  .style = STYLE_FIGURE, .show = show_forecast },
};

const struct record findings_levels = {
	.key = "levels",
	.from = "FROM leak l "
		"LEFT JOIN resource r ON r.kind = l.kind AND r.name = l.resource "
		"WHERE run_id = ?1 ORDER BY cycle, l.kind, l.subject, l.resource",
	ROWS(findings_level, levels, level_count, level_columns),
};

static const struct column cost_columns[] = {
	{ "side", COLUMN_TEXT, MEMBER(findings_cost, side), .title = "side" },
	{ "bytes", COLUMN_ESTIMATE, MEMBER(findings_cost, bytes),
	  .title = "per connection", .style = STYLE_FIGURE, .show = show_memory,
	  .aside = show_memory_interval },
};

const struct record findings_costs = {
	.key = "costs",
	.from = "FROM v_cost_per_connection WHERE run_id = ?1 AND cycle = 0 "
		"ORDER BY instr('client server kernel total', side)",
	ROWS(findings_cost, costs, cost_count, cost_columns),
};

static const struct column progress_columns[] = {
	{ "t_us", COLUMN_INT, MEMBER(findings_progress, t_us),
	  .sql = "CAST(round(t_s * 1000000) AS INTEGER)", .title = "time (s)",
	  .style = STYLE_FIGURE, .show = show_clock },
	{ "phase", COLUMN_WORD, MEMBER(findings_progress, phase), .title = "phase" },
	{ "attempted", COLUMN_INT, MEMBER(findings_progress, attempted),
	  .title = "attempted", .style = STYLE_FIGURE },
	{ "established", COLUMN_INT, MEMBER(findings_progress, established),
	  .title = "established", .style = STYLE_FIGURE },
	{ "accepted", COLUMN_INT, MEMBER(findings_progress, accepted),
	  .title = "accepted", .style = STYLE_FIGURE },
	{ "held", COLUMN_INT, MEMBER(findings_progress, held), .title = "held",
	  .style = STYLE_FIGURE },
	{ "fds", COLUMN_KNOWN, MEMBER(findings_progress, fds), .title = "open files",
	  .style = STYLE_FIGURE },
	{ "rss_bytes", COLUMN_KNOWN, MEMBER(findings_progress, rss_bytes),
	  .title = "memory", .style = STYLE_FIGURE, .show = show_bytes },
	{ "processes", COLUMN_KNOWN, MEMBER(findings_progress, processes),
	  .title = "processes", .style = STYLE_FIGURE },
};

/* A tick each, by ?2: the view is dear. findings_progress_load() chooses them. */
const struct record findings_progresses = {
	.key = "progress",
	.from = "FROM v_progress WHERE run_id = ?1 AND tick = ?2",
	ROWS(findings_progress, progress, progress_count, progress_columns),
};

static const struct column forecast_columns[] = {
	{ "made_at_us", COLUMN_INT, MEMBER(findings_forecast, made_at_us) },
	{ "made_at_held", COLUMN_INT, MEMBER(findings_forecast, made_at_held) },
	{ "rank", COLUMN_INT, MEMBER(findings_forecast, rank) },
	{ "resource", COLUMN_TEXT, MEMBER(findings_forecast, resource),
	  .title = "resource", .show = show_display_name },
	{ "display_name", COLUMN_DISPLAY_NAME, MEMBER(findings_forecast, resource) },
	{ "subject", COLUMN_TEXT, MEMBER(findings_forecast, subject),
	  .title = "subject" },
	{ "limit_value", COLUMN_INT, MEMBER(findings_forecast, limit), .title = "limit",
	  .style = STYLE_FIGURE, .show = show_forecast_limit },
	{ "at_connections", COLUMN_REAL, MEMBER(findings_forecast, at), .title = "met at",
	  .style = STYLE_FIGURE, .show = show_real, .aside = show_forecast_interval },
	{ "low", COLUMN_REAL, MEMBER(findings_forecast, low) },
	{ "high", COLUMN_REAL, MEMBER(findings_forecast, high) },
	{ "role", COLUMN_ROLE, MEMBER(findings_forecast, role), .hidden = true,
	  .sql = "(SELECT s.role FROM subject AS s WHERE s.run_id = f.run_id"
		 " AND s.name = f.subject)" },
};

const struct record findings_forecasts = {
	.key = "forecast",
	.from = "FROM forecast AS f WHERE run_id = ?1 ORDER BY made_at_us, rank",
	ROWS(findings_forecast, forecast, forecast_count, forecast_columns),
};

/* --------------------------------------------------------------------------- recovery */

static const struct column recovery_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_recovery, kind), .sql = "v.kind" },
	{ "subject", COLUMN_TEXT, MEMBER(findings_recovery, subject), .sql = "v.subject",
	  .title = "subject" },
	{ "resource", COLUMN_TEXT, MEMBER(findings_recovery, resource),
	  .sql = "v.resource", .title = "resource", .style = STYLE_RESOURCE,
	  .show = show_display_name },
	{ "display_name", COLUMN_DISPLAY_NAME, MEMBER(findings_recovery, resource) },
	{ "unit", COLUMN_UNIT, MEMBER(findings_recovery, unit), .sql = "r.unit" },
	{ "base", COLUMN_REAL, MEMBER(findings_recovery, base) },
	{ "peak", COLUMN_REAL, MEMBER(findings_recovery, peak) },
	{ "residual", COLUMN_REAL, MEMBER(findings_recovery, residual),
	  .title = "residual", .style = STYLE_FIGURE, .show = show_amount },
	{ "recovered", COLUMN_OPTIONAL, MEMBER(findings_recovery, recovered),
	  .title = "recovered", .style = STYLE_FIGURE, .show = show_part },
	{ "t50_us", COLUMN_KNOWN, MEMBER(findings_recovery, t50_us), .title = "t50",
	  .style = STYLE_FIGURE, .show = show_time },
	{ "t90_us", COLUMN_KNOWN, MEMBER(findings_recovery, t90_us), .title = "t90",
	  .style = STYLE_FIGURE, .show = show_time },
	{ "t99_us", COLUMN_KNOWN, MEMBER(findings_recovery, t99_us), .title = "t99",
	  .style = STYLE_FIGURE, .show = show_time },
	{ "settled_us", COLUMN_KNOWN, MEMBER(findings_recovery, settled_us),
	  .title = "settled", .style = STYLE_FIGURE, .show = show_time },
	{ "cycle", COLUMN_INT, MEMBER(findings_recovery, cycle), .title = "cycle",
	  .style = STYLE_FIGURE, .show = show_ordinal },
};

const struct record findings_recoveries = {
	.key = "recovery",
	.from = "FROM recovery v "
		"LEFT JOIN resource r ON r.kind = v.kind AND r.name = v.resource "
		"WHERE run_id = ?1 ORDER BY cycle, v.kind, v.subject, v.resource",
	ROWS(findings_recovery, recovery, recovery_count, recovery_columns),
};

static const struct column cycle_columns[] = {
	{ "cycle", COLUMN_INT, MEMBER(findings_cycle, cycle), .title = "cycle",
	  .style = STYLE_FIGURE, .show = show_ordinal },
	{ "from_s", COLUMN_REAL, MEMBER(findings_cycle, from_s) },
	{ "broke_held", COLUMN_KNOWN, MEMBER(findings_cycle, broke_held),
	  .title = "broke at", .style = STYLE_FIGURE },
	{ "limit_id", COLUMN_WORD, MEMBER(findings_cycle, limit_id), .title = "limit" },
	{ "recovered", COLUMN_WORD, MEMBER(findings_cycle, recovered),
	  .title = "recovered" },
	{ "remains", COLUMN_STRING, MEMBER(findings_cycle, remains), .title = "residual",
	  .show = show_remains },
	{ "settled_s", COLUMN_KNOWN_REAL, MEMBER(findings_cycle, settled_s),
	  .title = "all back", .style = STYLE_FIGURE, .show = show_seconds },
	{ "service_s", COLUMN_KNOWN_REAL, MEMBER(findings_cycle, service_s),
	  .title = "service", .style = STYLE_FIGURE, .show = show_seconds },
	{ "latency_s", COLUMN_KNOWN_REAL, MEMBER(findings_cycle, latency_s),
	  .title = "latency", .style = STYLE_FIGURE, .show = show_seconds },
	{ "ports_s", COLUMN_KNOWN_REAL, MEMBER(findings_cycle, ports_s), .title = "ports",
	  .style = STYLE_FIGURE, .show = show_seconds },
};

const struct record findings_cycles = {
	.key = "cycles",
	.from = "FROM v_cycle WHERE run_id = ?1 ORDER BY cycle",
	ROWS(findings_cycle, cycles, cycle_count, cycle_columns),
};

static const struct column trend_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_cycle_trend, kind) },
	{ "subject", COLUMN_TEXT, MEMBER(findings_cycle_trend, subject),
	  .title = "subject" },
	{ "resource", COLUMN_TEXT, MEMBER(findings_cycle_trend, resource),
	  .title = "resource", .style = STYLE_RESOURCE, .show = show_display_name },
	{ "display_name", COLUMN_DISPLAY_NAME, MEMBER(findings_cycle_trend, resource) },
	{ "unit", COLUMN_UNIT, MEMBER(findings_cycle_trend, unit) },
	{ "cycles", COLUMN_INT, MEMBER(findings_cycle_trend, cycles), .title = "cycles",
	  .style = STYLE_FIGURE },
	{ "per_cycle", COLUMN_ESTIMATE, MEMBER(findings_cycle_trend, per_cycle),
	  .title = "a cycle", .style = STYLE_FIGURE, .show = show_estimate,
	  .aside = show_interval },
	{ "class", COLUMN_TEXT, MEMBER(findings_cycle_trend, class), .title = "trend",
	  .style = STYLE_BADGE },
};

const struct record findings_cycle_trends = {
	.key = "cycle_trends",
	.from = "FROM v_cycle_trend WHERE run_id = ?1 ORDER BY kind, subject, resource",
	ROWS(findings_cycle_trend, cycle_trends, cycle_trend_count, trend_columns),
};

/* ------------------------------------------------------------------- what was counted */

static const struct column latency_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_latency, kind), .sql = "DISTINCT kind",
	  .title = "latency" },
	{ "count", COLUMN_INT, MEMBER(findings_latency, count), .later = true,
	  .title = "count", .style = STYLE_FIGURE },
	{ "p50_us", COLUMN_INT, MEMBER(findings_latency, p50_us), .later = true,
	  .title = "p50", .style = STYLE_FIGURE, .show = show_us },
	{ "p90_us", COLUMN_INT, MEMBER(findings_latency, p90_us), .later = true,
	  .title = "p90", .style = STYLE_FIGURE, .show = show_us },
	{ "p99_us", COLUMN_INT, MEMBER(findings_latency, p99_us), .later = true,
	  .title = "p99", .style = STYLE_FIGURE, .show = show_us },
	{ "p999_us", COLUMN_INT, MEMBER(findings_latency, p999_us), .later = true,
	  .title = "p99.9", .style = STYLE_FIGURE, .show = show_us },
	{ "max_us", COLUMN_INT, MEMBER(findings_latency, max_us), .later = true,
	  .title = "max", .style = STYLE_FIGURE, .show = show_us },
};

/* The quantiles come from all histograms of a kind. */
const struct record findings_latencies = {
	.key = "latency",
	.from = "FROM latency WHERE run_id = ?1 ORDER BY kind",
	ROWS(findings_latency, latency, latency_count, latency_columns),
};

static const struct column failure_columns[] = {
	{ "worker", COLUMN_TEXT, MEMBER(findings_failure, worker), .title = "worker" },
	{ "call", COLUMN_TEXT, MEMBER(findings_failure, call), .title = "call",
	  .style = STYLE_CODE },
	{ "error", COLUMN_TEXT, MEMBER(findings_failure, error), .title = "error" },
	{ "count", COLUMN_INT, MEMBER(findings_failure, count), .title = "times",
	  .style = STYLE_FIGURE },
	{ "first_us", COLUMN_INT, MEMBER(findings_failure, first_us), .title = "first",
	  .style = STYLE_FIGURE, .show = show_time },
	{ "last_us", COLUMN_INT, MEMBER(findings_failure, last_us), .title = "last",
	  .style = STYLE_FIGURE, .show = show_time },
	{ "first_held", COLUMN_INT, MEMBER(findings_failure, first_held),
	  .title = "held at the first", .style = STYLE_FIGURE },
	{ "cycle", COLUMN_INT, MEMBER(findings_failure, cycle) },
};

const struct record findings_failures = {
	.key = "failures",
	.from = "FROM failure WHERE run_id = ?1 ORDER BY first_us, worker, call, error",
	ROWS(findings_failure, failures, failure_count, failure_columns),
};

static const struct column worker_columns[] = {
	{ "name", COLUMN_TEXT, MEMBER(findings_worker, name), .sql = "worker",
	  .title = "worker" },
	{ "attempted", COLUMN_INT, MEMBER(findings_worker, attempted),
	  .title = "attempted", .style = STYLE_FIGURE },
	{ "established", COLUMN_INT, MEMBER(findings_worker, established),
	  .title = "established", .style = STYLE_FIGURE },
	{ "accepted", COLUMN_INT, MEMBER(findings_worker, accepted), .title = "accepted",
	  .style = STYLE_FIGURE },
	{ "served", COLUMN_INT, MEMBER(findings_worker, served), .title = "served",
	  .style = STYLE_FIGURE },
	{ "failed", COLUMN_INT, MEMBER(findings_worker, failed), .title = "failed",
	  .style = STYLE_FIGURE },
	{ "missed", COLUMN_INT, MEMBER(findings_worker, missed), .title = "missed",
	  .style = STYLE_FIGURE },
	{ "role", COLUMN_ROLE, MEMBER(findings_worker, role), .hidden = true },
	{ "share", COLUMN_OPTIONAL, MEMBER(findings_worker, share), .title = "share",
	  .style = STYLE_FIGURE, .show = show_share },
};

const struct record findings_workers = {
	.key = "workers",
	.from =
	    "FROM worker_total AS w LEFT JOIN (SELECT run_id AS of_run, worker AS of,"
	    " share FROM v_worker_balance) AS b ON b.of_run = w.run_id AND b.of = worker"
	    " WHERE w.run_id = ?1 ORDER BY role, slot",
	ROWS(findings_worker, workers, worker_count, worker_columns),
};

static const struct column event_columns[] = {
	{ "t_us", COLUMN_INT, MEMBER(findings_event, t_us) },
	{ "level", COLUMN_TEXT, MEMBER(findings_event, level) },
	{ "kind", COLUMN_TEXT, MEMBER(findings_event, kind) },
	{ "subject", COLUMN_TEXT, MEMBER(findings_event, subject) },
	{ "text", COLUMN_STRING, MEMBER(findings_event, text) },
};

const struct record findings_events = {
	.key = "events",
	.from = "FROM event WHERE run_id = ?1 ORDER BY t_us, seq",
	ROWS(findings_event, events, event_count, event_columns),
};

/* ----------------------------------------------------------------- what was asked for */

static const struct column expected_columns[] = {
	{ "expression", COLUMN_TEXT, MEMBER(findings_expected, expression),
	  .title = "expected", .style = STYLE_CODE },
	{ "unit", COLUMN_TEXT, MEMBER(findings_expected, unit_name), .later = true },
	{ "bound", COLUMN_REAL, MEMBER(findings_expected, bound) },
	{ "value", COLUMN_OPTIONAL, MEMBER(findings_expected, value), .title = "seen",
	  .style = STYLE_FIGURE, .show = show_seen },
	{ "low", COLUMN_OPTIONAL, MEMBER(findings_expected, low), .sql = "value_low" },
	{ "high", COLUMN_OPTIONAL, MEMBER(findings_expected, high), .sql = "value_high" },
	{ "passed", COLUMN_BOOL, MEMBER(findings_expected, passed), .title = "",
	  .style = STYLE_BADGE, .show = show_passed },
	{ "figure", COLUMN_TEXT, MEMBER(findings_expected, figure), .hidden = true },
	{ "interval", COLUMN_COMPUTED, .hidden = true, .title = "95 % interval",
	  .style = STYLE_FIGURE, .show = show_seen_interval },
};

const struct record findings_expectations = {
	.key = "expectations",
	.from = "FROM expectation WHERE run_id = ?1 ORDER BY seq",
	ROWS(findings_expected, expected, expected_count, expected_columns),
};

static const struct column option_columns[] = {
	{ "name", COLUMN_TEXT, MEMBER(findings_option, name), .sql = "j.key",
	  .title = "option" },
	{ "value", COLUMN_STRING, MEMBER(findings_option, value), .sql = "j.value",
	  .title = "value" },
};

const struct record findings_options = {
	.from = "FROM run, json_each(plan) AS j WHERE run_id = ?1 ORDER BY j.id",
	ROWS(findings_option, options, option_count, option_columns),
};

/* ----------------------------------------------------------------------- where it ran */

static const struct column setting_columns[] = {
	{ "subject", COLUMN_TEXT, MEMBER(findings_setting, subject), .title = "subject" },
	{ "name", COLUMN_TEXT, MEMBER(findings_setting, name), .title = "setting" },
	{ "value", COLUMN_STRING, MEMBER(findings_setting, value), .title = "value" },
};

const struct record findings_settings = {
	.key = "settings",
	.from = "FROM setting WHERE run_id = ?1 ORDER BY subject, name",
	ROWS(findings_setting, settings, setting_count, setting_columns),
};

static const struct column phase_columns[] = {
	{ "cycle", COLUMN_INT, MEMBER(findings_phase, cycle) },
	{ "name", COLUMN_TEXT, MEMBER(findings_phase, name) },
	{ "from_us", COLUMN_INT, MEMBER(findings_phase, from_us) },
	{ "to_us", COLUMN_KNOWN, MEMBER(findings_phase, to_us) },
	{ "target", COLUMN_INT, MEMBER(findings_phase, target) },
};

const struct record findings_phases = {
	.from = "FROM phase WHERE run_id = ?1 ORDER BY seq",
	ROWS(findings_phase, phases, phase_count, phase_columns),
};

static const struct column limit_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_limit, kind), .sql = "l.kind" },
	{ "subject", COLUMN_TEXT, MEMBER(findings_limit, subject), .sql = "s.name",
	  .title = "subject" },
	{ "resource", COLUMN_TEXT, MEMBER(findings_limit, resource), .sql = "l.resource",
	  .title = "resource", .show = show_display_name },
	{ "value", COLUMN_INT, MEMBER(findings_limit, value), .sql = "l.value",
	  .title = "limit", .style = STYLE_FIGURE },
	{ "source", COLUMN_TEXT, MEMBER(findings_limit, source), .sql = "l.source",
	  .title = "source" },
};

const struct record findings_limits = {
	.from = "FROM resource_limit AS l JOIN subject AS s "
		"ON s.run_id = l.run_id AND s.kind = l.kind AND s.subject = l.subject "
		"WHERE l.run_id = ?1 ORDER BY l.kind, l.subject, l.resource, l.source",
	ROWS(findings_limit, limits, limit_count, limit_columns),
};

static const struct column subject_columns[] = {
	{ "kind", COLUMN_TEXT, MEMBER(findings_subject, kind) },
	{ "name", COLUMN_TEXT, MEMBER(findings_subject, name) },
};

const struct record findings_subjects = {
	.from = "FROM subject WHERE run_id = ?1 ORDER BY kind, subject",
	ROWS(findings_subject, subjects, subject_count, subject_columns),
};

/* ------------------------------------------------------------------------ all of them */

const struct record *const findings_records[] = {
	&findings_run,          &findings_host,          &findings_items,
	&findings_breaking,     &findings_funnel,        &findings_health,
	&findings_levels,       &findings_costs,         &findings_progresses,
	&findings_forecasts,    &findings_recoveries,    &findings_cycles,
	&findings_cycle_trends, &findings_latencies,     &findings_failures,
	&findings_workers,      &findings_events,        &findings_settings,
	&findings_expectations, &findings_evidence_rows, &findings_phases,
	&findings_limits,       &findings_subjects,      &findings_options,
};

const size_t findings_record_count = COUNT(findings_records);
