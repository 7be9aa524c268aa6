#include "report/findings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/forecast.h"
#include "analyse/latency.h"
#include "model/limit.h"
#include "analyse/pace.h"
#include "analyse/rows.h"
#include "base/histogram.h"
#include "report/amount.h"
#include "store/run.h"

static int
load_latency(struct findings *f, struct db *db)
{
	uint64_t *counts = rows_alloc(HISTOGRAM_BUCKETS, sizeof(*counts));
	int error = 0;

	for (size_t i = 0; i < f->latency_count; i++) {
		struct findings_latency *latency = &f->latency[i];

		memset(counts, 0, HISTOGRAM_BUCKETS * sizeof(*counts));
		error |= latency_total(db, f->run.run_id, latency->kind, counts);
		latency->count = (int64_t)histogram_count(counts);
		latency->p50_us = histogram_quantile(counts, 0.5);
		latency->p90_us = histogram_quantile(counts, 0.9);
		latency->p99_us = histogram_quantile(counts, 0.99);
		latency->p999_us = histogram_quantile(counts, 0.999);
		latency->max_us = histogram_quantile(counts, 1);
	}
	free(counts);
	return error;
}

static int64_t
newest_with_label(struct db *db, const char *label, int64_t before)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT max(run_id) FROM run WHERE run_id < ?1 AND outcome IS"
			   " NOT NULL AND label = ?2");
	int64_t run_id = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, before);
	db_bind_text(s, 2, label);
	if (db_step(s) == 1)
		run_id = column_int(s, 0, -1);
	db_finish(s);
	return run_id;
}

static int
load_baseline(struct findings *f, struct db *db)
{
	int64_t before = -1;
	struct plan plan;
	int error = run_plan(db, f->run.run_id, &plan);

	if (error == 0 && plan.baseline_label != NULL) {
		f->baseline_label = strdup(plan.baseline_label);
		before = newest_with_label(db, plan.baseline_label, f->run.run_id);
	}
	plan_free(&plan);
	if (before == -1)
		return error;
	f->baseline = rows_alloc(1, sizeof(*f->baseline));
	return comparison_load(f->baseline, db, before, f->run.run_id);
}

/* Evidence comes in the order of the findings. */
static void
join_evidence(struct findings *f)
{
	size_t k = 0;

	for (size_t i = 0; i < f->item_count && f->evidence_count > 0; i++) {
		struct findings_item *item = &f->items[i];

		item->evidence = f->evidence + k;
		while (k < f->evidence_count &&
		       f->evidence[k].finding_id == item->finding_id) {
			item->evidence_count++;
			k++;
		}
	}
}

static void
find_units(struct findings *f)
{
	for (size_t i = 0; i < f->expected_count; i++) {
		struct findings_expected *e = &f->expected[i];
		const struct figure *figure = figure_find(e->figure, strlen(e->figure));

		e->unit = figure != NULL ? figure->unit : FIGURE_COUNT;
		strlcpy(e->unit_name, figure_unit_name(e->unit), sizeof(e->unit_name));
	}
}

static int
load_all(struct findings *f, struct db *db, int64_t run_id)
{
	int error = 0;

	if (record_load(&findings_run, db, run_id, f) == -1 || f->run.run_id == -1)
		return -1;
	for (size_t i = 0; i < findings_record_count; i++)
		if (findings_records[i] != &findings_run &&
		    findings_records[i] != &findings_progresses)
			error |= record_load(findings_records[i], db, run_id, f);
	error |= load_latency(f, db);
	error |= load_baseline(f, db);
	join_evidence(f);
	find_units(f);
	f->progress = findings_progress_load(db, run_id, &f->progress_count);
	return error != 0 || f->progress == NULL ? -1 : 0;
}

int
findings_load(struct findings *f, struct db *db, int64_t run_id)
{
	int error;

	*f = (struct findings){ .run.run_id = -1 };
	if (db_begin_reading(db) == -1)
		return -1;
	error = load_all(f, db, run_id);
	db_end_reading(db);
	return error;
}

void
findings_free(struct findings *f)
{
	for (size_t i = 0; i < findings_record_count; i++)
		record_free(findings_records[i], f);
	if (f->baseline != NULL)
		comparison_free(f->baseline);
	free(f->baseline);
	free(f->baseline_label);
}

const struct findings_item *
findings_verdict(const struct findings *f)
{
	return f->item_count > 0 && strcmp(f->items[0].kind, "verdict") == 0
		   ? &f->items[0]
		   : NULL;
}

enum unit
findings_unit(const struct findings_item *item, const struct findings_evidence *e)
{
	const struct limit_rule *rule = limit_rule_find(item->limit_id);

	return rule != NULL && e->limit >= 0 ? limit_rule_unit(rule) : UNIT_COUNT;
}

const struct findings_forecast *
findings_ahead(const struct findings *f)
{
	size_t i = f->forecast_count;

	/* By time, then by rank. */
	while (i > 0 && f->forecast[i - 1].made_at_us ==
			    f->forecast[f->forecast_count - 1].made_at_us)
		i--;
	return i < f->forecast_count ? &f->forecast[i] : NULL;
}

bool
findings_kept_schedule(const struct findings *f)
{
	return f->health.missed_slots * PACE_MISSED <= f->health.slots &&
	       !f->health.is_behind;
}

const char *
findings_rate(const struct findings *f, char *text, size_t size)
{
	const struct findings_health *h = &f->health;
	char had[AMOUNT_SIZE], asked[AMOUNT_SIZE], late[AMOUNT_SIZE];

	text[0] = '\0';
	if (h->rate_had > 0)
		snprintf(text, size, ", %s/s",
			 amount(UNIT_COUNT, round(h->rate_had), had));
	if (h->rate_had > 0 && h->rate_asked > 0)
		snprintf(text, size, ", %s/s of %s/s asked%s%s", had,
			 amount(UNIT_COUNT, h->rate_asked, asked),
			 h->is_behind ? ", late by " : "",
			 h->is_behind ? amount(UNIT_US, h->behind_s * 1e6, late) : "");
	return text;
}

/* The limit that gave way is raised, and what is behind is met no more. */
static bool
comes_next(const struct findings_forecast *forecast, const struct limit_rule *rule,
	   const struct findings_break *broke)
{
	bool server = strcmp(broke->side, "server") == 0;
	struct forecast_ceiling ceiling = { .role = forecast->role, .at = forecast->at };

	strlcpy(ceiling.resource, forecast->resource, sizeof(ceiling.resource));
	strlcpy(ceiling.subject, forecast->subject, sizeof(ceiling.subject));
	return forecast->at > (double)(server ? broke->accepted : broke->held) &&
	       !forecast_is_of(&ceiling, rule, broke->subject);
}

const struct findings_forecast *
findings_next(const struct findings *f)
{
	const struct limit_rule *rule = limit_rule_find(f->breaking.limit_id);
	const struct findings_forecast *last;

	/* What has no number cannot be raised. */
	if (f->forecast_count == 0 || rule == NULL || rule->blind != NULL)
		return NULL;
	last = &f->forecast[f->forecast_count - 1];
	for (size_t i = 0; i < f->forecast_count; i++) {
		const struct findings_forecast *next = &f->forecast[i];

		if (next->made_at_us == last->made_at_us &&
		    comes_next(next, rule, &f->breaking))
			return next;
	}
	return NULL;
}

bool
findings_was_taken(const struct findings_recovery *recovery)
{
	return !isnan(recovery->recovered);
}

bool
findings_is_load(const char *kind, const char *subject)
{
	return strcmp(kind, "process") != 0 && strcmp(subject, "observers") != 0 &&
	       strcmp(subject, "forkers") != 0;
}

bool
findings_is_seen(const struct findings_level *level)
{
	return level->cycle == 0 && (level->peak > 0 || level->base > 0);
}

bool
findings_grew(const struct findings_level *level)
{
	if (strcmp(level->class, "inconclusive") == 0)
		return level->over_time.known;
	return level->class[0] != '\0' && strcmp(level->class, "none") != 0;
}

const struct findings_level *
findings_level(const struct findings *f, const char *kind, const char *subject,
	       const char *resource)
{
	for (size_t i = 0; i < f->level_count; i++)
		if (strcmp(f->levels[i].kind, kind) == 0 &&
		    strcmp(f->levels[i].subject, subject) == 0 &&
		    strcmp(f->levels[i].resource, resource) == 0)
			return &f->levels[i];
	return NULL;
}

/* What a connection costs, and on which side. */
static const struct {
	const char *side, *kind, *subject, *resource;
} costs[FINDINGS_COSTS] = {
	{ "client", "group", "clients", "fds" },
	{ "client", "group", "clients", "private_bytes" },
	{ "server", "group", "acceptors", "fds" },
	{ "server", "group", "acceptors", "private_bytes" },
	{ "server", "group", "target", "fds" },
	{ "server", "group", "target", "processes" },
	{ "server", "group", "target", "private_bytes" },
	{ "server", "group", "handlers", "processes" },
	{ "server", "group", "handlers", "private_bytes" },
	{ "kernel", "netns", "netns", "sockets" },
	{ "kernel", "cgroup", "cgroup", "kernel_memory_bytes" },
	{ "kernel", "cgroup", "cgroup", "socket_memory_bytes" },
	{ "kernel", "host", "host", "slab_unreclaimable_bytes" },
	{ "kernel", "host", "host", "tcp_memory_bytes" },
	{ "kernel", "host", "host", "kernel_stack_bytes" },
	{ "kernel", "host", "host", "page_table_bytes" },
};

const struct findings_level *
findings_cost(const struct findings *f, size_t i)
{
	const struct findings_level *level =
	    findings_level(f, costs[i].kind, costs[i].subject, costs[i].resource);

	return level != NULL && level->per_connection.known && findings_is_seen(level)
		   ? level
		   : NULL;
}

const char *
findings_side(const struct findings_level *level)
{
	for (size_t i = 0; i < FINDINGS_COSTS; i++)
		if (strcmp(level->subject, costs[i].subject) == 0 &&
		    strcmp(level->resource, costs[i].resource) == 0)
			return costs[i].side;
	return "";
}

/* --------------------------------------------------------------------------- progress */

/* A tick, and the phase that it falls into. */
struct instant {
	int64_t tick, t_us;
	size_t phase;
};

/* Where a phase begins and, where it was seen, ends. */
struct span {
	int64_t from_us, to_us;
};

static const char instant_sql[] =
    "SELECT tick, t_us FROM tick WHERE run_id = ?1 ORDER BY tick";

static void
fill_instant(struct db_statement *s, void *row)
{
	struct instant *instant = row;

	instant->tick = db_int(s, 0);
	instant->t_us = db_int(s, 1);
}

static const char span_sql[] =
    "SELECT from_us, coalesce(to_us, 9223372036854775807) FROM phase"
    " WHERE run_id = ?1 ORDER BY seq";

static void
fill_span(struct db_statement *s, void *row)
{
	struct span *span = row;

	span->from_us = db_int(s, 0);
	span->to_us = db_int(s, 1);
}

/* The row between from and to, both chosen, that is nearest to the middle of their time. */
static size_t
middle_row(const struct instant *rows, size_t from, size_t to)
{
	int64_t middle = rows[from].t_us + (rows[to].t_us - rows[from].t_us) / 2;
	size_t i = from + 1;

	while (i + 1 < to && rows[i].t_us < middle)
		i++;
	return i;
}

/* Chooses a row in the longest time without one. False where there is none left. */
static bool
split_longest(const struct instant *rows, bool *chosen, size_t count)
{
	size_t from = 0, best_from = 0, best_to = 0;
	int64_t longest = -1;

	for (size_t i = 1; i < count; i++) {
		if (!chosen[i])
			continue;
		if (i - from > 1 && rows[i].t_us - rows[from].t_us > longest) {
			longest = rows[i].t_us - rows[from].t_us;
			best_from = from;
			best_to = i;
		}
		from = i;
	}
	if (longest < 0)
		return false;
	chosen[middle_row(rows, best_from, best_to)] = true;
	return true;
}

/* The last row of each phase; of many phases not more than there is room for. */
static size_t
choose_ends(const struct instant *rows, bool *chosen, size_t count)
{
	size_t ends = 1, every, seen = 0, n = 2;

	for (size_t i = 0; i + 1 < count; i++)
		ends += rows[i].phase != rows[i + 1].phase;
	every = ends / PROGRESS_ROWS + 1;
	chosen[0] = chosen[count - 1] = true;
	for (size_t i = 0; i + 1 < count; i++) {
		if (rows[i].phase == rows[i + 1].phase || seen++ % every != 0)
			continue;
		n += !chosen[i];
		chosen[i] = true;
	}
	return n;
}

static void
choose_break(const struct instant *rows, bool *chosen, size_t count, int64_t broke_us)
{
	for (size_t i = 0; i < count && broke_us >= 0; i++)
		if (rows[i].t_us >= broke_us) {
			chosen[i] = true;
			return;
		}
}

/* Gives each tick its phase, and returns how many there are up to the end of the last:
 * behind it the workers have gone. */
static size_t
find_phases(struct instant *rows, size_t count, const struct span *spans, size_t phases)
{
	size_t phase = 0;

	for (size_t i = 0; i < count; i++) {
		while (phase < phases && spans[phase].from_us <= rows[i].t_us)
			phase++;
		rows[i].phase = phase;
		if (phase > 0 && spans[phase - 1].to_us < rows[i].t_us)
			return i;
	}
	return count;
}

static void
choose(const struct instant *rows, bool *chosen, size_t count, int64_t broke_us)
{
	if (count == 0)
		return;
	size_t n = choose_ends(rows, chosen, count);

	choose_break(rows, chosen, count, broke_us);
	while (n < PROGRESS_ROWS && split_longest(rows, chosen, count))
		n++;
}

/* The chosen ticks' numbers; NULL where they cannot be read. */
static struct findings_progress *
read_chosen(struct db *db, int64_t run_id, const struct instant *rows, const bool *chosen,
	    size_t *count)
{
	char *query = record_query(&findings_progresses);
	struct db_statement *s = db_prepare(db, query);
	struct findings_progress *few = rows_alloc(*count, sizeof(*few));
	size_t n = 0;
	int got = s == NULL ? -1 : 0;

	for (size_t i = 0; i < *count && got != -1; i++) {
		if (!chosen[i])
			continue;
		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, rows[i].tick);
		got = db_step(s);
		if (got == 1)
			record_read(&findings_progresses, s, &few[n++]);
		db_reset(s);
	}
	db_finish(s);
	free(query);
	*count = n;
	if (got != -1)
		return few;
	free(few);
	return NULL;
}

struct findings_progress *
findings_progress_load(struct db *db, int64_t run_id, size_t *count)
{
	int64_t broke_us = db_query_int(
	    db, "SELECT t_us FROM breaking_point WHERE run_id = ?1", run_id, -1);
	struct findings_progress *few = NULL;
	struct rows rows = { 0 }, spans = { 0 };

	*count = 0;
	if (rows_load(&rows, sizeof(struct instant), db, instant_sql, run_id, NULL,
		      fill_instant) == 0 &&
	    rows_load(&spans, sizeof(struct span), db, span_sql, run_id, NULL,
		      fill_span) == 0) {
		bool *chosen = rows_alloc(rows.count, sizeof(*chosen));

		*count = find_phases(rows.data, rows.count, spans.data, spans.count);
		choose(rows.data, chosen, *count, broke_us);
		few = read_chosen(db, run_id, rows.data, chosen, count);
		free(chosen);
	}
	free(rows.data);
	free(spans.data);
	return few;
}

const char *
findings_server(const struct findings_run *run, char *buf, size_t size)
{
	if (run->target != NULL)
		snprintf(buf, size, "target %s (%s)", run->target,
			 run->protocol != NULL ? run->protocol : PLAN_PROTOCOL_NONE);
	else
		snprintf(buf, size, "%lld acceptor%s", (long long)run->acceptors,
			 run->acceptors == 1 ? "" : "s");
	return buf;
}
