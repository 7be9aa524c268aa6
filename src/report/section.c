#include "report/section.h"

#include <string.h>

#include "report/amount.h"

#define COLUMNS(list) .columns = (list), .column_count = sizeof(list) / sizeof((list)[0])

bool
section_shows_level(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	(void)f;
	return strcmp(level->kind, "process") != 0 && findings_is_seen(level);
}

static const struct section_column expectations_columns[] = {
	{ .name = "passed" },
	{ .name = "expression" },
	{ .name = "value" },
	{ .name = "interval" },
};

const struct section section_expectations = {
	.id = "expectations",
	.title = "Expectations",
	.help = "What was asked of the run with --expect, and what was seen.",
	.record = &findings_expectations,
	COLUMNS(expectations_columns),
};

static const struct section_column initial_columns[] = {
	{ .name = "subject" },
	{ .name = "resource" },
	{ .name = "base" },
};

const struct section section_initial = {
	.id = "initial",
	.title = "Initial state",
	.help = NULL,
	.record = &findings_levels,
	COLUMNS(initial_columns),
	.shows = section_shows_level,
};

static const struct section_column progress_columns[] = {
	{ .name = "t_us" },        { .name = "phase" },     { .name = "attempted" },
	{ .name = "established" }, { .name = "accepted" },  { .name = "held" },
	{ .name = "fds" },         { .name = "rss_bytes" }, { .name = "processes" },
};

const struct section section_progress = {
	.id = "progress",
	.title = "Progress",
	.help = NULL,
	.record = &findings_progresses,
	COLUMNS(progress_columns),
};

static const struct section_column resources_columns[] = {
	{ .name = "subject", .only = SECTION_TEXT },
	{ .name = "resource" },
	{ .name = "base" },
	{ .name = "peak" },
	{ .name = "final" },
	{ .name = "leaked" },
	{ .name = "per_second" },
	{ .name = "limit", .only = SECTION_HTML },
	{ .name = "headroom", .only = SECTION_HTML },
	{ .name = "forecast", .only = SECTION_HTML },
};

const struct section section_resources = {
	.id = "resources",
	.title = "Resource breakdown (final against initial)",
	.help = "Leaked is what was taken, which is not a leak by itself: whether it "
		"goes with"
		" the connections or with time is told below, under Growth. A dash: "
		"there is no"
		" limit, or nothing is known.",
	.record = &findings_levels,
	COLUMNS(resources_columns),
	.shows = section_shows_level,
};

static const void *
cost_row(const struct findings *f, size_t i)
{
	return findings_cost(f, i);
}

static const struct section_column costs_columns[] = {
	{ .name = "side" },
	{ .name = "of" },
	{ .name = "per_connection" },
	{ .name = "over_time", .bare = true },
};

const struct section section_costs = {
	.id = "cost",
	.title = "Cost of a connection",
	.help = NULL,
	.record = &findings_levels,
	COLUMNS(costs_columns),
	.row = cost_row,
	.count = FINDINGS_COSTS,
};

static const struct section_column memory_columns[] = {
	{ .name = "side" },
	{ .name = "bytes" },
};

const struct section section_memory = {
	.id = "memory",
	.title = "Memory of a connection by side",
	.help = NULL,
	.record = &findings_costs,
	COLUMNS(memory_columns),
};

static bool
shows_growth(const struct findings *f, const void *row)
{
	return section_shows_level(f, row) && findings_grew(row);
}

static const struct section_column growth_columns[] = {
	{ .name = "subject", .only = SECTION_TEXT },
	{ .name = "display_name" },
	{ .name = "class" },
	{ .name = "per_connection", .only = SECTION_HTML },
	{ .name = "pattern" },
	{ .name = "over_time" },
	{ .name = "trend_p" },
	{ .name = "needed_s", .only = SECTION_HTML },
};

const struct section section_growth = {
	.id = "growth",
	.title = "Growth",
	.help =
	    "What each level follows: the connections (a connection), or time while they"
	    " stand still (over time), which is a leak. Below each is its 95 % interval."
	    " Where the still stretches were too short to tell, needs says how long one"
	    " has to be: see --hold.",
	.record = &findings_levels,
	COLUMNS(growth_columns),
	.shows = shows_growth,
};

/* The last that was made, as far as it is of use. */
static bool
shows_forecast(const struct findings *f, const void *row)
{
	const struct findings_forecast *forecast = row;

	return forecast->made_at_us == f->forecast[f->forecast_count - 1].made_at_us &&
	       forecast->rank < 8;
}

static const struct section_column forecast_columns[] = {
	{ .name = "resource" },
	{ .name = "subject" },
	{ .name = "limit_value" },
	{ .name = "at_connections" },
};

const struct section section_forecast = {
	.id = "forecast",
	.title = "Forecast",
	.help = NULL,
	.record = &findings_forecasts,
	COLUMNS(forecast_columns),
	.shows = shows_forecast,
};

static bool
shows_recovery(const struct findings *f, const void *row)
{
	const struct findings_recovery *r = row;

	(void)f;
	return strcmp(r->kind, "process") != 0 && findings_was_taken(r) && r->cycle == 0;
}

static const struct section_column recovery_columns[] = {
	{ .name = "subject", .only = SECTION_TEXT },
	{ .name = "resource" },
	{ .name = "recovered" },
	{ .name = "t50_us" },
	{ .name = "t90_us" },
	{ .name = "t99_us" },
	{ .name = "settled_us" },
	{ .name = "residual" },
};

const struct section section_recovery = {
	.id = "recovery",
	.title = "Recovery (times since the release)",
	.help = "Time 0 is the release of all connections. t50, t90 and t99 say when so "
		"much of"
		" what had been taken was back; what never settles is the residual."
		" A dash: not reached.",
	.record = &findings_recoveries,
	COLUMNS(recovery_columns),
	.shows = shows_recovery,
};

static const struct section_column recovery_cycles_columns[] = {
	{ .name = "resource" },   { .name = "cycle" },    { .name = "recovered" },
	{ .name = "t50_us" },     { .name = "t90_us" },   { .name = "t99_us" },
	{ .name = "settled_us" }, { .name = "residual" },
};

const struct section section_recovery_cycles = {
	.id = "recovery-cycles",
	.title = "Recovery, cycle by cycle",
	.record = &findings_recoveries,
	COLUMNS(recovery_cycles_columns),
};

/* One alone is told by the recovery. */
static bool
shows_cycles(const struct findings *f, const void *row)
{
	(void)row;
	return f->cycle_count > 1;
}

static const struct section_column cycles_columns[] = {
	{ .name = "cycle" },
	{ .name = "broke_held" },
	{ .name = "limit_id" },
	{ .name = "recovered" },
	{ .name = "settled_s" },
	{ .name = "service_s" },
	{ .name = "latency_s" },
	{ .name = "ports_s" },
	{ .name = "remains", .only = SECTION_HTML },
};

const struct section section_cycles = {
	.id = "cycles",
	.title = "Cycles (times since the release)",
	.help =
	    "Load and release again and again: a high-water mark is kept once, a leak "
	    "grows"
	    " in every cycle. Times are since the release: until all was back, until a"
	    " newcomer was served, as fast as before the load, and until no port was in"
	    " TIME_WAIT.",
	.record = &findings_cycles,
	.shows = shows_cycles,
	COLUMNS(cycles_columns),
};

static bool
shows_trend(const struct findings *f, const void *row)
{
	const struct findings_cycle_trend *trend = row;

	(void)f;
	return strcmp(trend->class, "none") != 0;
}

static const struct section_column trends_columns[] = {
	{ .name = "resource" },
	{ .name = "class" },
	{ .name = "per_cycle" },
	{ .name = "cycles" },
};

const struct section section_trends = {
	.id = "trends",
	.title = "What changed from cycle to cycle",
	.help = NULL,
	.record = &findings_cycle_trends,
	COLUMNS(trends_columns),
	.shows = shows_trend,
};

static const struct section_column latency_columns[] = {
	{ .name = "kind" },   { .name = "count" },  { .name = "p50_us" },
	{ .name = "p90_us" }, { .name = "p99_us" }, { .name = "p999_us" },
	{ .name = "max_us" },
};

const struct section section_latency = {
	.id = "latency",
	.title = "Latency",
	.help = NULL,
	.record = &findings_latencies,
	COLUMNS(latency_columns),
};

static bool
shows_ruled_out(const struct findings *f, const void *row)
{
	const struct findings_item *item = row;

	(void)f;
	return strcmp(item->kind, "ruled-out") == 0;
}

static const struct section_column ruled_out_columns[] = {
	{ .name = "limit_id" },
	{ .name = "text" },
};

const struct section section_ruled_out = {
	.id = "ruled-out",
	.title = "Ruled out",
	.help = "Limits that were not met, with the number that says so.",
	.record = &findings_items,
	COLUMNS(ruled_out_columns),
	.shows = shows_ruled_out,
};

static const struct section_column workers_columns[] = {
	{ .name = "name" },     { .name = "attempted" }, { .name = "established" },
	{ .name = "accepted" }, { .name = "served" },    { .name = "failed" },
	{ .name = "missed" },   { .name = "share" },
};

const struct section section_workers = {
	.id = "workers",
	.title = "Counts of each worker",
	.help = NULL,
	.record = &findings_workers,
	COLUMNS(workers_columns),
};

static const struct section_column limits_columns[] = {
	{ .name = "subject" },
	{ .name = "resource" },
	{ .name = "value" },
	{ .name = "source" },
};

const struct section section_limits = {
	.id = "limits",
	.title = "Limits that were read",
	.help = NULL,
	.record = &findings_limits,
	COLUMNS(limits_columns),
};

static const struct section_column settings_columns[] = {
	{ .name = "subject" },
	{ .name = "name" },
	{ .name = "value" },
};

const struct section section_settings = {
	.id = "settings",
	.title = "Settings of the system",
	.help = NULL,
	.record = &findings_settings,
	COLUMNS(settings_columns),
};

size_t
section_count(const struct section *section, const struct findings *f)
{
	return section->row != NULL ? section->count : record_count(section->record, f);
}

const void *
section_row(const struct section *section, const struct findings *f, size_t i)
{
	const void *row =
	    section->row != NULL ? section->row(f, i) : record_row(section->record, f, i);

	return section->shows == NULL || section->shows(f, row) ? row : NULL;
}

bool
section_is_empty(const struct section *section, const struct findings *f)
{
	for (size_t i = 0; i < section_count(section, f); i++)
		if (section_row(section, f, i) != NULL)
			return false;
	return true;
}

struct cell
section_cell(const struct section *section, size_t column, const struct findings *f,
	     const void *row)
{
	return (struct cell){
		.findings = f,
		.record = section->record,
		.column = record_column(section->record, section->columns[column].name),
		.row = row,
	};
}

const char *
cell_text(const struct cell *cell, char *buf)
{
	column_show *show = cell->column->show;

	return show != NULL ? show(cell, buf) : show_member(cell, buf);
}

const char *
cell_aside(const struct cell *cell, char *buf)
{
	return cell->column->aside != NULL ? cell->column->aside(cell, buf) : "";
}
