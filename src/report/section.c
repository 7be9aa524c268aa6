#include "report/section.h"

#include <string.h>

#include "report/amount.h"

/* A column in all formats; without what stands beside it: an interval, the name in the store; in
 * text and Markdown alone, or in HTML. */
#define ALL(column)              \
	{                        \
		.name = (column) \
	}
#define BARE(column)                           \
	{                                      \
		.name = (column), .bare = true \
	}
#define TEXT(column)                                   \
	{                                              \
		.name = (column), .only = SECTION_TEXT \
	}
#define HTML(column)                                   \
	{                                              \
		.name = (column), .only = SECTION_HTML \
	}

bool
section_shows_level(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	(void)f;
	return findings_is_load(level->kind, level->subject) && findings_is_seen(level);
}

static bool
is_changed(const struct findings_level *level)
{
	return level->peak > level->base || level->leaked > 0 || level->leaked < 0;
}

static bool
shows_changed(const struct findings *f, const void *row)
{
	return section_shows_level(f, row) && is_changed(row);
}

size_t
section_unchanged(const struct findings *f)
{
	size_t count = 0;

	for (size_t i = 0; i < f->level_count; i++)
		count +=
		    section_shows_level(f, &f->levels[i]) && !is_changed(&f->levels[i]);
	return count;
}

bool
section_shows_process(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	(void)f;
	return strcmp(level->kind, "process") == 0 && findings_is_seen(level) &&
	       is_changed(level);
}

/* Groups of processes that are brink's own, and no part of what is measured. */
static bool
shows_own(const struct findings *f, const void *row)
{
	const struct findings_level *level = row;

	return strcmp(level->kind, "process") != 0 && findings_is_seen(level) &&
	       !section_shows_level(f, row) && is_changed(level);
}

const struct section section_expectations = {
	.id = "expectations",
	.title = "Expectations",
	.help = "What was asked of the run with --expect, and what was seen.",
	.record = &findings_expectations,
	.columns = { ALL("passed"), ALL("expression"), ALL("value"), ALL("interval") },
};

const struct section section_initial = {
	.id = "initial",
	.title = "Initial state",
	.record = &findings_levels,
	.columns = { ALL("subject"), ALL("resource"), ALL("stored"), ALL("base") },
	.shows = section_shows_level,
};

const struct section section_progress = {
	.id = "progress",
	.title = "Progress",
	.record = &findings_progresses,
	.columns = { ALL("t_us"), ALL("phase"), ALL("attempted"), ALL("established"),
		     ALL("accepted"), ALL("held"), ALL("fds"), ALL("rss_bytes"),
		     ALL("processes") },
};

const struct section section_resources = {
	.id = "resources",
	.title = "Resource breakdown (final against initial)",
	.help = "Leaked is what was taken, which is not a leak by itself: whether it "
		"goes with the connections or with time is told below, under Growth. A "
		"dash: there is no limit, or nothing is known.",
	.record = &findings_levels,
	.columns = { TEXT("subject"), ALL("resource"), ALL("base"), ALL("peak"),
		     ALL("final"), ALL("leaked"), ALL("per_second"), HTML("limit"),
		     HTML("headroom"), HTML("forecast") },
	.shows = shows_changed,
};

const struct section section_own = {
	.id = "own",
	.title = "What brink itself takes",
	.record = &findings_levels,
	.columns = { TEXT("subject"), ALL("resource"), ALL("base"), ALL("peak"),
		     ALL("final"), ALL("leaked"), ALL("per_second") },
	.shows = shows_own,
};

static const void *
cost_row(const struct findings *f, size_t i)
{
	return findings_cost(f, i);
}

const struct section section_costs = {
	.id = "cost",
	.title = "Cost of a connection",
	.record = &findings_levels,
	.columns = { ALL("side"), ALL("of"), ALL("per_connection"), BARE("over_time") },
	.row = cost_row,
	.count = FINDINGS_COSTS,
};

const struct section section_memory = {
	.id = "memory",
	.title = "Memory of a connection by side",
	.record = &findings_costs,
	.columns = { ALL("side"), ALL("bytes") },
};

static bool
shows_growth(const struct findings *f, const void *row)
{
	return section_shows_level(f, row) && findings_grew(row);
}

const struct section section_growth = {
	.id = "growth",
	.title = "Growth",
	.help =
	    "What each level follows: the connections (per connection), or time while "
	    "they"
	    " stand still (over time), which is a leak. Below each is its 95 % interval."
	    " Where the still stretches were too short to tell, needs says how long one"
	    " has to be: see --hold.",
	.record = &findings_levels,
	.columns = { TEXT("subject"), BARE("resource"), ALL("class"),
		     HTML("per_connection"), ALL("pattern"), ALL("over_time"),
		     ALL("trend_p"), HTML("needed_s") },
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

const struct section section_forecast = {
	.id = "forecast",
	.title = "Forecast",
	.record = &findings_forecasts,
	.columns = { ALL("resource"), ALL("subject"), ALL("limit_value"),
		     ALL("at_connections") },
	.shows = shows_forecast,
};

static bool
shows_recovery(const struct findings *f, const void *row)
{
	const struct findings_recovery *r = row;

	(void)f;
	return findings_is_load(r->kind, r->subject) && findings_was_taken(r) &&
	       r->cycle == 0;
}

const struct section section_recovery = {
	.id = "recovery",
	.title = "Recovery (times since the release)",
	.help = "Time 0 is the release of all connections. t50, t90 and t99 say when so "
		"much of what had been taken was back; what never settles is the "
		"residual. A dash: not reached.",
	.record = &findings_recoveries,
	.columns = { TEXT("subject"), BARE("resource"), ALL("recovered"), ALL("t50_us"),
		     ALL("t90_us"), ALL("t99_us"), ALL("settled_us"), ALL("residual") },
	.shows = shows_recovery,
};

const struct section section_recovery_cycles = {
	.id = "recovery-cycles",
	.title = "Recovery, cycle by cycle",
	.record = &findings_recoveries,
	.columns = { BARE("resource"), ALL("cycle"), ALL("recovered"), ALL("t50_us"),
		     ALL("t90_us"), ALL("t99_us"), ALL("settled_us"), ALL("residual") },
};

/* One alone is told by the recovery. */
static bool
shows_cycles(const struct findings *f, const void *row)
{
	(void)row;
	return f->cycle_count > 1;
}

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
	.columns = { ALL("cycle"), ALL("broke_held"), ALL("limit_id"), ALL("recovered"),
		     ALL("settled_s"), ALL("service_s"), ALL("latency_s"), ALL("ports_s"),
		     HTML("remains") },
};

static bool
shows_trend(const struct findings *f, const void *row)
{
	const struct findings_cycle_trend *trend = row;

	(void)f;
	return strcmp(trend->class, "none") != 0;
}

const struct section section_trends = {
	.id = "trends",
	.title = "What changed from cycle to cycle",
	.record = &findings_cycle_trends,
	.columns = { BARE("resource"), ALL("class"), ALL("per_cycle"), ALL("cycles") },
	.shows = shows_trend,
};

const struct section section_latency = {
	.id = "latency",
	.title = "Latency",
	.record = &findings_latencies,
	.columns = { ALL("kind"), ALL("count"), ALL("p50_us"), ALL("p90_us"),
		     ALL("p99_us"), ALL("p999_us"), ALL("max_us") },
};

static bool
shows_ruled_out(const struct findings *f, const void *row)
{
	const struct findings_item *item = row;

	(void)f;
	return strcmp(item->kind, "ruled-out") == 0;
}

const struct section section_ruled_out = {
	.id = "ruled-out",
	.title = "Ruled out",
	.help = "Limits that were not met, with the number that says so.",
	.record = &findings_items,
	.columns = { ALL("limit_id"), ALL("text") },
	.shows = shows_ruled_out,
};

const struct section section_workers = {
	.id = "workers",
	.title = "Counts of each worker",
	.record = &findings_workers,
	.columns = { ALL("name"), ALL("attempted"), ALL("established"), ALL("accepted"),
		     ALL("served"), ALL("failed"), ALL("missed"), ALL("share") },
};

const struct section section_limits = {
	.id = "limits",
	.title = "Limits that were read",
	.record = &findings_limits,
	.columns = { ALL("subject"), ALL("resource"), ALL("value"), ALL("source") },
};

const struct section section_settings = {
	.id = "settings",
	.title = "Settings of the system",
	.record = &findings_settings,
	.columns = { ALL("subject"), ALL("name"), ALL("value") },
};

static const struct section section_failures = {
	.id = "failures",
	.title = "Failed calls",
	.help = "Each error of each worker: how often, when first and last, and how many "
		"connections were held at the first.",
	.record = &findings_failures,
	.columns = { ALL("worker"), ALL("call"), ALL("error"), ALL("count"),
		     ALL("first_us"), ALL("last_us"), ALL("first_held") },
};

const struct section *const section_more[] = { &section_failures };

const size_t section_more_count = sizeof(section_more) / sizeof(section_more[0]);

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

size_t
section_columns(const struct section *section)
{
	size_t count = 0;

	while (count < SECTION_COLUMNS && section->columns[count].name != NULL)
		count++;
	return count;
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
