#include "report/findings_load.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/latency.h"
#include "analyse/rows.h"
#include "base/histogram.h"
#include "report/column.h"
#include "report/findings_progress.h"
#include "report/findings_query.h"

/* The rows of one query as an array. */
struct loader {
	struct db *db;
	int64_t run_id;
	bool failed;
};

static void *
load(struct loader *loader, const struct findings_query *query, size_t *count)
{
	struct rows rows = { 0 };

	if (rows_load(&rows, query->size, loader->db, query->sql, loader->run_id, NULL,
		      query->fill) == -1)
		loader->failed = true;
	*count = rows.count;
	return rows.data;
}

/* The only row of a query, or zeroes. */
static bool
load_one(struct loader *loader, const struct findings_query *query, void *row)
{
	size_t count;
	void *rows = load(loader, query, &count);

	if (count > 0)
		memcpy(row, rows, query->size);
	free(rows);
	return count > 0;
}

static void
load_latency(struct loader *loader, struct findings *f)
{
	uint64_t *counts = rows_alloc(HISTOGRAM_BUCKETS, sizeof(*counts));

	f->latency = load(loader, &findings_latency_query, &f->latency_count);
	for (size_t i = 0; i < f->latency_count; i++) {
		struct findings_latency *latency = &f->latency[i];

		memset(counts, 0, HISTOGRAM_BUCKETS * sizeof(*counts));
		if (latency_total(loader->db, loader->run_id, latency->kind, counts) ==
		    -1)
			loader->failed = true;
		latency->count = (int64_t)histogram_count(counts);
		latency->p50_us = histogram_quantile(counts, 0.5);
		latency->p90_us = histogram_quantile(counts, 0.9);
		latency->p99_us = histogram_quantile(counts, 0.99);
		latency->p999_us = histogram_quantile(counts, 0.999);
		latency->max_us = histogram_quantile(counts, 1);
	}
	free(counts);
}

static void
load_lists(struct loader *l, struct findings *f)
{
	f->items = load(l, &findings_item_query, &f->item_count);
	f->evidence = load(l, &findings_evidence_query, &f->evidence_count);
	f->levels = load(l, &findings_level_query, &f->level_count);
	f->costs = load(l, &findings_cost_query, &f->cost_count);
	f->recovery = load(l, &findings_recovery_query, &f->recovery_count);
	f->forecast = load(l, &findings_forecast_query, &f->forecast_count);
	f->failures = load(l, &findings_failure_query, &f->failure_count);
	f->workers = load(l, &findings_worker_query, &f->worker_count);
	f->events = load(l, &findings_event_query, &f->event_count);
	f->expected = load(l, &findings_expected_query, &f->expected_count);
	f->settings = load(l, &findings_setting_query, &f->setting_count);
	f->phases = load(l, &findings_phase_query, &f->phase_count);
	f->limits = load(l, &findings_limit_query, &f->limit_count);
	f->subjects = load(l, &findings_subject_query, &f->subject_count);
	f->options = load(l, &findings_option_query, &f->option_count);
	f->cycles = load(l, &findings_cycle_query, &f->cycle_count);
	f->cycle_trends = load(l, &findings_cycle_trend_query, &f->cycle_trend_count);
}

static const char baseline_sql[] =
    "SELECT json_extract(r.plan, '$.\"baseline-label\"'), (SELECT max(b.run_id)"
    " FROM run AS b WHERE b.run_id < r.run_id AND b.outcome IS NOT NULL"
    " AND b.label = json_extract(r.plan, '$.\"baseline-label\"'))"
    " FROM run AS r WHERE r.run_id = ?1";

static void
load_baseline(struct loader *loader, struct findings *f)
{
	struct db_statement *s = db_prepare(loader->db, baseline_sql);
	int64_t before = -1;

	if (s == NULL) {
		loader->failed = true;
		return;
	}
	db_bind_int(s, 1, loader->run_id);
	if (db_step(s) == 1 && !db_is_null(s, 0)) {
		f->baseline_label = strdup(db_text(s, 0));
		before = column_int(s, 1, -1);
	}
	db_finish(s);
	if (before == -1)
		return;
	f->baseline = rows_alloc(1, sizeof(*f->baseline));
	if (comparison_load(f->baseline, loader->db, before, loader->run_id) == -1)
		loader->failed = true;
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

int
findings_load(struct findings *f, struct db *db, int64_t run_id)
{
	struct loader loader = { .db = db, .run_id = run_id };

	*f = (struct findings){ 0 };
	if (!load_one(&loader, &findings_run_query, f))
		return -1;
	f->broke = load_one(&loader, &findings_break_query, &f->breaking);
	load_one(&loader, &findings_funnel_query, &f->funnel);
	load_one(&loader, &findings_health_query, &f->health);
	load_lists(&loader, f);
	load_latency(&loader, f);
	load_baseline(&loader, f);
	join_evidence(f);
	f->progress = findings_progress_load(db, run_id, &f->progress_count);
	return loader.failed || f->progress == NULL ? -1 : 0;
}
