#include "report/report.h"

#include <math.h>

#include "base/json.h"
#include "report/compared.h"

/* Times and amounts that are not known are below zero. */
static void
known_real(struct json *j, const char *key, double value)
{
	if (value >= 0)
		json_real(j, key, value);
	else
		json_null(j, key);
}

static void
word(struct json *j, const char *key, const char *text)
{
	json_text(j, key, text[0] != '\0' ? text : NULL);
}

static void
write_run(struct json *j, const struct findings *f)
{
	const struct findings_run *run = &f->run;

	json_object(j, "run");
	json_int(j, "run_id", run->run_id);
	json_int(j, "started_unix_us", run->started_unix_us);
	json_known(j, "ended_us", run->ended_us);
	json_text(j, "state", run->state);
	word(j, "outcome", run->outcome);
	json_text(j, "label", run->label);
	json_text(j, "command", run->command);
	json_text(j, "version", run->version);
	json_int(j, "clients", run->clients);
	json_int(j, "rate", run->rate);
	json_int(j, "acceptors", run->acceptors);
	json_int(j, "forkers", run->forkers);
	json_text(j, "plan", run->plan);
	json_end_object(j);
}

static void
write_host(struct json *j, const struct findings *f)
{
	json_object(j, "host");
	json_text(j, "name", f->host.name);
	json_text(j, "kernel", f->host.kernel);
	json_text(j, "machine", f->host.machine);
	json_text(j, "distribution", f->host.distribution);
	json_text(j, "cpu_model", f->host.cpu_model);
	json_int(j, "cpus", f->host.cpus);
	json_int(j, "memory_bytes", f->host.memory_bytes);
	json_text(j, "container", f->host.container);
	json_end_object(j);
}

static void
write_item(struct json *j, const struct findings_item *item)
{
	json_object(j, NULL);
	json_int(j, "rank", item->rank);
	json_text(j, "kind", item->kind);
	json_known(j, "rests_on", item->rests_on);
	word(j, "limit_id", item->limit_id);
	word(j, "subject", item->subject);
	json_known(j, "t_us", item->t_us);
	word(j, "confidence", item->confidence);
	word(j, "side", item->side);
	json_bool(j, "weak", item->weak);
	json_text(j, "text", item->text);
	json_array(j, "evidence");
	for (size_t i = 0; i < item->evidence_count; i++) {
		const struct findings_evidence *e = &item->evidence[i];

		json_object(j, NULL);
		json_known(j, "t_us", e->t_us);
		json_text(j, "what", e->what);
		json_known(j, "value", e->has_value ? e->value : -1);
		json_known(j, "limit_value", e->has_limit ? e->limit : -1);
		json_end_object(j);
	}
	json_end_array(j);
	json_end_object(j);
}

static void
write_findings(struct json *j, const struct findings *f)
{
	json_array(j, "findings");
	for (size_t i = 0; i < f->item_count; i++)
		write_item(j, &f->items[i]);
	json_end_array(j);
}

static void
write_break(struct json *j, const struct findings *f)
{
	const struct findings_break *b = &f->breaking;

	if (!f->broke) {
		json_null(j, "breaking_point");
		return;
	}
	json_object(j, "breaking_point");
	json_int(j, "t_us", b->t_us);
	json_int(j, "since_attempt_us", b->since_attempt_us);
	json_int(j, "attempted", b->attempted);
	json_int(j, "established", b->established);
	json_int(j, "accepted", b->accepted);
	json_int(j, "served", b->served);
	json_int(j, "held", b->held);
	word(j, "limit_id", b->limit_id);
	json_text(j, "subject", b->subject);
	json_text(j, "side", b->side);
	json_text(j, "confidence", b->confidence);
	json_known(j, "usage", b->has_usage ? b->usage : -1);
	json_known(j, "limit_value", b->has_usage ? b->limit : -1);
	word(j, "call", b->call);
	json_end_object(j);
}

static void
write_funnel(struct json *j, const struct findings *f)
{
	const struct findings_funnel *funnel = &f->funnel;

	json_object(j, "funnel");
	json_int(j, "attempted", funnel->attempted);
	json_int(j, "established", funnel->established);
	json_int(j, "accepted", funnel->accepted);
	json_int(j, "served", funnel->served);
	json_int(j, "failed", funnel->failed);
	json_int(j, "missed", funnel->missed);
	json_int(j, "lost", funnel->lost);
	json_int(j, "transient", funnel->transient);
	json_end_object(j);
}

static void
write_health(struct json *j, const struct findings *f)
{
	const struct findings_health *health = &f->health;

	json_object(j, "health");
	json_int(j, "ticks", health->ticks);
	json_int(j, "missed_ticks", health->missed_ticks);
	json_int(j, "late_p99_us", health->late_p99_us);
	json_int(j, "late_max_us", health->late_max_us);
	json_int(j, "took_p99_us", health->took_p99_us);
	json_int(j, "slots", health->slots);
	json_int(j, "missed_slots", health->missed_slots);
	json_real(j, "rate_asked", health->rate_asked);
	json_real(j, "rate_had", health->rate_had);
	json_real(j, "behind_s", health->behind_s);
	json_int(j, "gaps", health->gaps);
	json_end_object(j);
}

static void
write_estimate(struct json *j, const char *key, const struct findings_estimate *estimate)
{
	if (!estimate->known) {
		json_null(j, key);
		return;
	}
	json_object(j, key);
	json_real(j, "value", estimate->value);
	json_real(j, "low", estimate->low);
	json_real(j, "high", estimate->high);
	json_end_object(j);
}

static const char *const unit_names[] = {
	[UNIT_COUNT] = "1",
	[UNIT_RATE] = "1/s",
	[UNIT_BYTES] = "bytes",
	[UNIT_US] = "us",
};

static void
write_levels(struct json *j, const struct findings *f)
{
	json_array(j, "levels");
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		json_object(j, NULL);
		json_text(j, "kind", level->kind);
		json_text(j, "subject", level->subject);
		json_text(j, "resource", level->resource);
		json_text(j, "unit", unit_names[level->unit]);
		json_real(j, "base", level->base);
		json_real(j, "peak", level->peak);
		json_real(j, "final", level->final);
		json_real(j, "leaked", level->leaked);
		json_real(j, "per_second", level->per_second);
		write_estimate(j, "per_connection", &level->per_connection);
		write_estimate(j, "over_time", &level->over_time);
		word(j, "class", level->class);
		word(j, "pattern", level->pattern);
		known_real(j, "trend_p", level->trend_p);
		known_real(j, "still_s", level->still_s);
		known_real(j, "needed_s", level->needed_s);
		json_bool(j, "weak", level->weak);
		json_int(j, "cycle", level->cycle);
		json_int(j, "n", level->n);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_progress(struct json *j, const struct findings *f)
{
	json_array(j, "progress");
	for (size_t i = 0; i < f->progress_count; i++) {
		const struct findings_progress *p = &f->progress[i];

		json_object(j, NULL);
		json_int(j, "t_us", p->t_us);
		word(j, "phase", p->phase);
		json_int(j, "attempted", p->attempted);
		json_int(j, "established", p->established);
		json_int(j, "accepted", p->accepted);
		json_int(j, "held", p->held);
		json_known(j, "fds", p->fds);
		json_known(j, "rss_bytes", p->rss_bytes);
		json_known(j, "processes", p->processes);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_forecast(struct json *j, const struct findings *f)
{
	json_array(j, "forecast");
	for (size_t i = 0; i < f->forecast_count; i++) {
		const struct findings_forecast *p = &f->forecast[i];

		json_object(j, NULL);
		json_int(j, "made_at_us", p->made_at_us);
		json_int(j, "made_at_held", p->made_at_held);
		json_int(j, "rank", p->rank);
		json_text(j, "resource", p->resource);
		json_text(j, "subject", p->subject);
		json_int(j, "limit_value", p->limit);
		json_real(j, "at_connections", p->at);
		json_real(j, "low", p->low);
		json_real(j, "high", p->high);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_recovery(struct json *j, const struct findings *f)
{
	json_array(j, "recovery");
	for (size_t i = 0; i < f->recovery_count; i++) {
		const struct findings_recovery *r = &f->recovery[i];

		json_object(j, NULL);
		json_text(j, "kind", r->kind);
		json_text(j, "subject", r->subject);
		json_text(j, "resource", r->resource);
		json_text(j, "unit", unit_names[r->unit]);
		json_real(j, "base", r->base);
		json_real(j, "peak", r->peak);
		json_real(j, "residual", r->residual);
		if (r->taken)
			json_real(j, "recovered", r->recovered);
		else
			json_null(j, "recovered");
		json_known(j, "t50_us", r->t50_us);
		json_known(j, "t90_us", r->t90_us);
		json_known(j, "t99_us", r->t99_us);
		json_known(j, "settled_us", r->settled_us);
		json_int(j, "cycle", r->cycle);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_cycles(struct json *j, const struct findings *f)
{
	json_array(j, "cycles");
	for (size_t i = 0; i < f->cycle_count; i++) {
		const struct findings_cycle *c = &f->cycles[i];

		json_object(j, NULL);
		json_int(j, "cycle", c->cycle);
		json_real(j, "from_s", c->from_s);
		json_known(j, "broke_held", c->broke_held);
		word(j, "limit_id", c->limit_id);
		word(j, "recovered", c->recovered);
		json_text(j, "remains", c->remains);
		known_real(j, "settled_s", c->settled_s);
		known_real(j, "service_s", c->service_s);
		known_real(j, "latency_s", c->latency_s);
		known_real(j, "ports_s", c->ports_s);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_costs(struct json *j, const struct findings *f)
{
	json_array(j, "costs");
	for (size_t i = 0; i < f->cost_count; i++) {
		json_object(j, NULL);
		json_text(j, "side", f->costs[i].side);
		write_estimate(j, "bytes", &f->costs[i].bytes);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_cycle_trends(struct json *j, const struct findings *f)
{
	json_array(j, "cycle_trends");
	for (size_t i = 0; i < f->cycle_trend_count; i++) {
		const struct findings_cycle_trend *t = &f->cycle_trends[i];

		json_object(j, NULL);
		json_text(j, "kind", t->kind);
		json_text(j, "subject", t->subject);
		json_text(j, "resource", t->resource);
		json_text(j, "unit", unit_names[t->unit]);
		json_int(j, "cycles", t->cycles);
		write_estimate(j, "per_cycle", &t->per_cycle);
		json_text(j, "class", t->class);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_latency(struct json *j, const struct findings *f)
{
	json_array(j, "latency");
	for (size_t i = 0; i < f->latency_count; i++) {
		const struct findings_latency *latency = &f->latency[i];

		json_object(j, NULL);
		json_text(j, "kind", latency->kind);
		json_int(j, "count", latency->count);
		json_int(j, "p50_us", latency->p50_us);
		json_int(j, "p90_us", latency->p90_us);
		json_int(j, "p99_us", latency->p99_us);
		json_int(j, "p999_us", latency->p999_us);
		json_int(j, "max_us", latency->max_us);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_failures(struct json *j, const struct findings *f)
{
	json_array(j, "failures");
	for (size_t i = 0; i < f->failure_count; i++) {
		const struct findings_failure *failure = &f->failures[i];

		json_object(j, NULL);
		json_text(j, "worker", failure->worker);
		json_text(j, "call", failure->call);
		json_text(j, "error", failure->error);
		json_int(j, "count", failure->count);
		json_int(j, "first_us", failure->first_us);
		json_int(j, "last_us", failure->last_us);
		json_int(j, "first_held", failure->first_held);
		json_int(j, "cycle", failure->cycle);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_workers(struct json *j, const struct findings *f)
{
	json_array(j, "workers");
	for (size_t i = 0; i < f->worker_count; i++) {
		const struct findings_worker *worker = &f->workers[i];

		json_object(j, NULL);
		json_text(j, "name", worker->name);
		json_int(j, "attempted", worker->attempted);
		json_int(j, "established", worker->established);
		json_int(j, "accepted", worker->accepted);
		json_int(j, "served", worker->served);
		json_int(j, "failed", worker->failed);
		json_int(j, "missed", worker->missed);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_events(struct json *j, const struct findings *f)
{
	json_array(j, "events");
	for (size_t i = 0; i < f->event_count; i++) {
		const struct findings_event *event = &f->events[i];

		json_object(j, NULL);
		json_int(j, "t_us", event->t_us);
		json_text(j, "level", event->level);
		json_text(j, "kind", event->kind);
		json_text(j, "subject", event->subject);
		json_text(j, "text", event->text);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_settings(struct json *j, const struct findings *f)
{
	json_array(j, "settings");
	for (size_t i = 0; i < f->setting_count; i++) {
		json_object(j, NULL);
		json_text(j, "subject", f->settings[i].subject);
		json_text(j, "name", f->settings[i].name);
		json_text(j, "value", f->settings[i].value);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_expected(struct json *j, const struct findings *f)
{
	json_array(j, "expectations");
	for (size_t i = 0; i < f->expected_count; i++) {
		const struct findings_expected *e = &f->expected[i];
		const struct figure_value *v = &e->value;

		json_object(j, NULL);
		json_text(j, "expression", e->expression);
		json_text(j, "unit", figure_unit_name(e->unit));
		json_real(j, "bound", e->bound);
		json_real(j, "value", v->known ? v->value : NAN);
		json_real(j, "low", v->has_interval ? v->low : NAN);
		json_real(j, "high", v->has_interval ? v->high : NAN);
		json_bool(j, "passed", e->passed);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_baseline(struct json *j, const struct findings *f)
{
	json_text(j, "baseline_label", f->baseline_label);
	if (f->baseline != NULL)
		compared_json(f->baseline, "baseline", j);
	else
		json_null(j, "baseline");
}

/* The parts of the document, in order. */
static void (*const parts[])(struct json *j, const struct findings *f) = {
	write_run,      write_host,   write_findings,     write_break,    write_funnel,
	write_health,   write_levels, write_costs,        write_progress, write_forecast,
	write_recovery, write_cycles, write_cycle_trends, write_latency,  write_failures,
	write_workers,  write_events, write_settings,     write_expected, write_baseline,
};

void
report_json(const struct findings *f, const struct report_options *options, FILE *out)
{
	struct json j;

	(void)options;
	json_begin(&j, out);
	json_object(&j, NULL);
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		parts[i](&j, f);
	json_end_object(&j);
	fputc('\n', out);
}
