#include "report/text_sections.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "analyse/display_name.h"
#include "base/clock.h"
#include "base/escape.h"
#include "report/amount.h"
#include "report/compared.h"
#include "report/table.h"
#include "report/text_write.h"

/* Processes one by one are for the other formats: here their groups stand for them. */
bool
text_shows(const struct findings_level *level)
{
	return strcmp(level->kind, "process") != 0 && findings_is_seen(level);
}

void
text_initial(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "subject", "resource", "initial" };
	struct table table;
	char base[AMOUNT_SIZE];

	if (f->level_count == 0)
		return;
	text_heading("Initial state", options, out);
	table_begin(&table, "llr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (!text_shows(level))
			continue;
		table_cell(&table, "%s", level->subject);
		table_cell(&table, "%s", level->resource);
		table_cell(&table, "%s", amount(level->unit, level->base, base));
	}
	text_table(&table, options, out);
}

static void
progress_row(struct table *table, const struct findings_progress *p)
{
	char text[AMOUNT_SIZE];

	table_cell(table, "%.1f", (double)p->t_us / (double)US_PER_S);
	table_cell(table, "%s", p->phase);
	table_cell(table, "%s", amount(UNIT_COUNT, (double)p->attempted, text));
	table_cell(table, "%s", amount(UNIT_COUNT, (double)p->established, text));
	table_cell(table, "%s", amount(UNIT_COUNT, (double)p->accepted, text));
	table_cell(table, "%s", amount(UNIT_COUNT, (double)p->held, text));
	table_cell(table, "%s",
		   amount_known(p->fds >= 0, UNIT_COUNT, (double)p->fds, text));
	table_cell(
	    table, "%s",
	    amount_known(p->rss_bytes >= 0, UNIT_BYTES, (double)p->rss_bytes, text));
	table_cell(
	    table, "%s",
	    amount_known(p->processes >= 0, UNIT_COUNT, (double)p->processes, text));
}

void
text_baseline(const struct findings *f, const struct report_options *options, FILE *out)
{
	char *label = escape_text(f->baseline_label);

	if (f->baseline != NULL && options->markdown) {
		fputc('\n', out);
		compared_markdown(f->baseline, out);
	} else if (f->baseline != NULL) {
		fputc('\n', out);
		compared_text(f->baseline, options, out);
	} else if (f->baseline_label != NULL) {
		text_heading("Baseline", options, out);
		text_line(options, out,
			  "there is no run before this one with the label %s", label);
	}
	free(label);
}

static void
expected_row(struct table *table, const struct findings_expected *e)
{
	const struct figure_value *v = &e->value;
	char value[FIGURE_TEXT_SIZE], low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	table_cell(table, "%s", e->passed ? "pass" : "FAIL");
	table_cell(table, "%s", e->expression);
	if (v->known)
		table_cell(table, "%s", figure_format(e->unit, v->value, value));
	else
		table_cell(table, "not known");
	if (v->has_interval)
		table_cell(table, "%s .. %s", figure_format(e->unit, v->low, low),
			   figure_format(e->unit, v->high, high));
	else
		table_cell(table, "-");
}

void
text_expected(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "", "expected", "seen", "95 % interval" };
	struct table table;

	if (f->expected_count == 0)
		return;
	text_heading("Expectations", options, out);
	table_begin(&table, "llrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->expected_count; i++)
		expected_row(&table, &f->expected[i]);
	text_table(&table, options, out);
}

void
text_progress(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "time (s)",    "phase",    "attempted",
						"established", "accepted", "held",
						"fds",         "memory",   "processes" };
	struct table table;

	if (f->progress_count == 0)
		return;
	text_heading("Progress", options, out);
	table_begin(&table, "rlrrrrrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->progress_count; i++)
		progress_row(&table, &f->progress[i]);
	text_table(&table, options, out);
}

void
text_breakdown(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "subject", "resource", "initial", "peak",
						"final",   "leaked",   "rate" };
	struct table table;
	char text[AMOUNT_SIZE];

	if (f->level_count == 0)
		return;
	text_heading("Resource breakdown (final against initial)", options, out);
	table_begin(&table, "llrrrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (!text_shows(level))
			continue;
		table_cell(&table, "%s", level->subject);
		table_cell(&table, "%s", level->resource);
		table_cell(&table, "%s", amount(level->unit, level->base, text));
		table_cell(&table, "%s", amount(level->unit, level->peak, text));
		table_cell(&table, "%s", amount(level->unit, level->final, text));
		table_cell(&table, "%s", amount(level->unit, level->leaked, text));
		table_cell(&table, "%s/s", amount(level->unit, level->per_second, text));
	}
	text_table(&table, options, out);
}

/* What a connection costs, and on which side. */
static const struct cost {
	const char *side, *kind, *subject, *resource;
} costs[] = {
	{ "client", "group", "clients", "fds" },
	{ "client", "group", "clients", "private_bytes" },
	{ "server", "group", "acceptors", "fds" },
	{ "server", "group", "acceptors", "private_bytes" },
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

static void
cost_row(struct table *table, const struct cost *cost, const struct findings_level *level)
{
	char text[AMOUNT_SIZE];

	table_cell(table, "%s", cost->side);
	table_cell(table, "%s of %s", cost->resource, cost->subject);
	table_cell(table, "%s", amount(level->unit, level->per_connection.value, text));
	table_cell(table, "%s",
		   amount_interval(&level->per_connection, level->unit, text));
	if (level->over_time.known)
		table_cell(table, "%s/s",
			   amount(level->unit, level->over_time.value, text));
	else
		table_cell(table, "-");
}

/* Whose memory it is, as a sentence begins. */
static const char *
memory_of(const char *side)
{
	static const struct {
		const char *side, *text;
	} sides[] = {
		{ "client", "memory of the client side" },
		{ "server", "memory of the server side" },
		{ "kernel", "memory of the kernel, charged to no process" },
	};

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++)
		if (strcmp(sides[i].side, side) == 0)
			return sides[i].text;
	return "memory, all sides together";
}

static void
memory_lines(const struct findings *f, const struct report_options *options, FILE *out)
{
	for (size_t i = 0; i < f->cost_count; i++) {
		const struct findings_cost *cost = &f->costs[i];
		char text[2][AMOUNT_SIZE];

		text_line(options, out, "%s: %s a connection (%s)", memory_of(cost->side),
			  amount_told(&cost->bytes, UNIT_BYTES, text[0]),
			  amount_interval(&cost->bytes, UNIT_BYTES, text[1]));
	}
}

void
text_cost(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "side", "resource", "a connection",
						"95 % interval", "over time" };
	struct table table;
	size_t rows = 0;

	table_begin(&table, "llrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++) {
		const struct findings_level *level =
		    findings_level(f, costs[i].kind, costs[i].subject, costs[i].resource);

		if (level == NULL || !level->per_connection.known || !text_shows(level))
			continue;
		cost_row(&table, &costs[i], level);
		rows++;
	}
	if (rows == 0) {
		table_free(&table);
		return;
	}
	text_heading("Cost of a connection", options, out);
	text_table(&table, options, out);
	memory_lines(f, options, out);
}

void
text_forecast(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "limit", "of", "value", "met at",
						"95 % interval" };
	const struct findings_forecast *last;
	char text[2][AMOUNT_SIZE];
	struct table table;

	if (f->forecast_count == 0)
		return;
	last = &f->forecast[f->forecast_count - 1];
	text_heading("Forecast", options, out);
	table_begin(&table, "llrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->forecast_count; i++) {
		const struct findings_forecast *p = &f->forecast[i];

		if (p->made_at_us != last->made_at_us || p->rank >= 8)
			continue;
		table_cell(&table, "%s", display_name_of(p->resource));
		table_cell(&table, "%s", p->subject);
		table_cell(&table, "%s", amount(UNIT_COUNT, (double)p->limit, text[0]));
		table_cell(&table, "%s", amount(UNIT_COUNT, p->at, text[0]));
		table_cell(&table, "%s .. %s", amount(UNIT_COUNT, p->low, text[0]),
			   amount(UNIT_COUNT, p->high, text[1]));
	}
	text_table(&table, options, out);
	text_line(options, out, "made at %s with %s held",
		  amount_time(last->made_at_us, text[0]),
		  amount(UNIT_COUNT, (double)last->made_at_held, text[1]));
}

void
text_latency(const struct findings *f, const struct report_options *options, FILE *out)
{
	static const char *const headings[] = { "latency", "count", "p50", "p90",
						"p99",     "p99.9", "max" };
	struct table table;
	char text[AMOUNT_SIZE];

	if (f->latency_count == 0)
		return;
	text_heading("Latency", options, out);
	table_begin(&table, "lrrrrrr");
	text_headings(&table, headings);
	for (size_t i = 0; i < f->latency_count; i++) {
		const struct findings_latency *l = &f->latency[i];
		const int64_t times[] = { l->p50_us, l->p90_us, l->p99_us, l->p999_us,
					  l->max_us };

		table_cell(&table, "%s", l->kind);
		table_cell(&table, "%s", amount(UNIT_COUNT, (double)l->count, text));
		for (size_t k = 0; k < sizeof(times) / sizeof(times[0]); k++)
			table_cell(&table, "%s", units_format(UNIT_US, times[k], text));
	}
	text_table(&table, options, out);
}

static bool
has_findings(const struct findings *f, const char *kind)
{
	for (size_t i = 0; i < f->item_count; i++)
		if (strcmp(f->items[i].kind, kind) == 0)
			return true;
	return false;
}

void
text_ruled_out(const struct findings *f, const struct report_options *options, FILE *out)
{
	if (!has_findings(f, "ruled-out"))
		return;
	text_heading("Ruled out", options, out);
	text_findings(f, "ruled-out", options, out);
}

void
text_notes(const struct findings *f, const struct report_options *options, FILE *out)
{
	if (!has_findings(f, "note"))
		return;
	text_heading("Notes", options, out);
	text_findings(f, "note", options, out);
}

/* Each names the limit that it is about. */
void
text_recommendations(const struct findings *f, const struct report_options *options,
		     FILE *out)
{
	size_t n = 0;

	for (size_t i = 0; i < f->item_count; i++) {
		const struct findings_item *item = &f->items[i];
		char number[24] = "", *text;

		if (strcmp(item->kind, "recommendation") != 0)
			continue;
		if (n++ == 0)
			text_heading("Recommendations", options, out);
		text = escape_text(item->text);
		if (!options->markdown)
			snprintf(number, sizeof(number), "%zu. ", n);
		text_line(options, out, "%s%s%s%s", number, item->limit_id,
			  item->limit_id[0] != '\0' ? ": " : "", text);
		free(text);
	}
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

void
text_environment(const struct findings *f, const struct report_options *options,
		 FILE *out)
{
	const struct findings_health *h = &f->health;
	time_t started = (time_t)(f->run.started_unix_us / US_PER_S);
	char memory[AMOUNT_SIZE], when[64] = "";
	struct tm tm;

	text_heading("Environment", options, out);
	if (gmtime_r(&started, &tm) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	text_pair(options, out, "started", "%s", when);
	text_pair(options, out, "command", "%s", or_empty(f->run.command));
	text_pair(options, out, "brink", "%s", f->run.version);
	text_pair(options, out, "system", "%s", or_empty(f->host.distribution));
	if (options->markdown)
		text_pair(options, out, "kernel", "Linux %s", or_empty(f->host.kernel));
	text_pair(options, out, "processor", "%s", or_empty(f->host.cpu_model));
	text_pair(options, out, "machine", "%lld online, %s of memory, %s",
		  (long long)f->host.cpus,
		  amount(UNIT_BYTES, (double)f->host.memory_bytes, memory),
		  or_empty(f->host.machine));
	text_pair(options, out, "container", "%s", or_empty(f->host.container));
	text_pair(options, out, "measurement",
		  "%lld ticks, %lld missed, late by %lld us at most, %lld gaps",
		  (long long)h->ticks, (long long)h->missed_ticks,
		  (long long)h->late_max_us, (long long)h->gaps);
}
