#include "report/live.h"

#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/log.h"
#include "report/amount.h"
#include "report/column.h"

static void
fill_run(struct live *live, struct db_statement *s)
{
	db_text_copy(s, 0, live->state, sizeof(live->state));
	db_text_copy(s, 1, live->outcome, sizeof(live->outcome));
	db_text_copy(s, 2, live->label, sizeof(live->label));
	live->tick = column_int(s, 3, -1);
	db_text_copy(s, 4, live->verdict, sizeof(live->verdict));
	live->target = column_int(s, 5, 0);
}

static void
fill_progress(struct live *live, struct db_statement *s)
{
	int64_t *const counts[] = { &live->attempted, &live->established,
				    &live->accepted,  &live->served,
				    &live->held,      &live->fds,
				    &live->rss_bytes, &live->kernel_bytes,
				    &live->processes, &live->sockets };

	live->t_us = (int64_t)(db_real(s, 0) * (double)US_PER_S);
	db_text_copy(s, 1, live->phase, sizeof(live->phase));
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		*counts[i] = column_int(s, (int)i + 2, -1);
}

static void
fill_rate(struct live *live, struct db_statement *s)
{
	double seconds = (double)live->t_us / (double)US_PER_S - db_real(s, 0);

	if (!db_is_null(s, 1) && live->established >= 0 && seconds > 0)
		live->established_per_s =
		    (int64_t)((double)(live->established - db_int(s, 1)) / seconds);
}

static void
fill_near(struct live *live, struct db_statement *s)
{
	db_text_copy(s, 0, live->near_subject, sizeof(live->near_subject));
	db_text_copy(s, 1, live->near_resource, sizeof(live->near_resource));
	live->near_value = db_int(s, 2);
	live->near_limit = db_int(s, 3);
	live->near_share = db_real(s, 4);
	live->near_is_floor = db_int(s, 5) != 0;
}

static void
fill_canary(struct live *live, struct db_statement *s)
{
	live->canary_attempted = column_int(s, 0, -1);
	live->canary_served = column_int(s, 1, -1);
}

static void
fill_latency(struct live *live, struct db_statement *s)
{
	live->connect_p99_us = db_int(s, 0);
}

/* ?1 is the run, ?2 its newest tick. With both given, the views read that tick alone. */
static const struct part {
	const char *sql;
	void (*fill)(struct live *live, struct db_statement *s);
} parts[] = {
	{ "SELECT state, outcome, label, (SELECT max(t.tick) FROM tick AS t"
	  "  WHERE t.run_id = r.run_id), (SELECT f.text FROM finding AS f"
	  "  WHERE f.run_id = r.run_id AND f.kind = 'verdict'),"
	  " json_extract(plan, '$.clients')"
	  " FROM run AS r WHERE run_id = ?1",
	  fill_run },
	{ "SELECT t_s, phase, attempted, established, accepted, served, held, fds,"
	  " rss_bytes, kernel_bytes, processes, sockets FROM v_progress"
	  " WHERE run_id = ?1 AND tick = ?2",
	  fill_progress },
	{ "SELECT t_s, established FROM v_progress WHERE run_id = ?1 AND tick = ?2 - 10",
	  fill_rate },
	/* The memory that is to be left is a floor: the nearer, the less is above it. */
	{ "SELECT v.subject, v.resource, v.value, l.value,"
	  " CASE v.resource WHEN 'available_bytes' THEN 1.0 * l.value / max(v.value, 1)"
	  "  ELSE 1.0 * v.value / l.value END AS share, v.resource = 'available_bytes'"
	  " FROM v_sample AS v"
	  " CROSS JOIN resource_limit AS l ON l.run_id = ?1 AND l.kind = v.kind"
	  "  AND l.subject = v.subject_id AND l.resource = v.resource AND l.value > 0"
	  " WHERE v.run_id = ?1 AND v.tick = ?2"
	  " ORDER BY share DESC, v.subject LIMIT 1",
	  fill_near },
	{ "SELECT w.attempted_total, w.served_total FROM worker_sample AS w"
	  " JOIN subject AS s ON s.run_id = w.run_id AND s.kind = 'worker'"
	  "  AND s.subject = w.subject"
	  " WHERE w.run_id = ?1 AND w.tick = ?2 AND s.name = 'canary'",
	  fill_canary },
	{ "SELECT p99_us FROM latency WHERE run_id = ?1 AND kind = 'connect'"
	  " ORDER BY t_us DESC LIMIT 1",
	  fill_latency },
};

static int
load_part(struct live *live, struct db *db, const struct part *part)
{
	struct db_statement *s = db_prepare(db, part->sql);
	int got;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, live->run_id);
	if (db_parameters(s) > 1)
		db_bind_int(s, 2, live->tick);
	got = db_step(s);
	if (got == 1)
		part->fill(live, s);
	db_finish(s);
	return got;
}

int
live_load(struct live *live, struct db *db, int64_t run_id)
{
	int error = 0;

	*live = (struct live){
		.run_id = run_id,
		.attempted = -1,
		.established = -1,
		.accepted = -1,
		.served = -1,
		.held = -1,
		.fds = -1,
		.rss_bytes = -1,
		.kernel_bytes = -1,
		.processes = -1,
		.sockets = -1,
		.established_per_s = -1,
		.canary_attempted = -1,
		.canary_served = -1,
		.connect_p99_us = -1,
	};
	if (db_begin_reading(db) == -1)
		return -1;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]) && error == 0; i++)
		error = load_part(live, db, &parts[i]) == -1 ? -1 : 0;
	db_end_reading(db);
	return error;
}

struct live_count {
	const char *name;
	enum unit unit;
	int64_t value;
};

/* "2,000 attempted, 1,999 established": those that are known. */
static void
write_counts(const struct live_count *counts, size_t count, FILE *out)
{
	const char *before = "";
	char text[AMOUNT_SIZE];

	for (size_t i = 0; i < count; i++) {
		if (counts[i].value < 0)
			continue;
		fprintf(out, "%s%s %s", before,
			amount(counts[i].unit, (double)counts[i].value, text),
			counts[i].name);
		before = ", ";
	}
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void
write_held(const struct live *live, FILE *out)
{
	char held[AMOUNT_SIZE], target[AMOUNT_SIZE];

	if (live->held < 0)
		return;
	amount(UNIT_COUNT, (double)live->held, held);
	if (live->target > 0)
		fprintf(out, "%s of %s held", held,
			amount(UNIT_COUNT, (double)live->target, target));
	else
		fprintf(out, "%s held", held);
}

static void
write_canary(const struct live *live, FILE *out)
{
	char served[AMOUNT_SIZE], attempted[AMOUNT_SIZE];

	if (live->canary_attempted >= 0)
		fprintf(out, "canary %s of %s",
			amount(UNIT_COUNT, (double)live->canary_served, served),
			amount(UNIT_COUNT, (double)live->canary_attempted, attempted));
}

static void
write_near(const struct live *live, FILE *out)
{
	char value[UNITS_TEXT_SIZE], limit[UNITS_TEXT_SIZE];
	enum unit unit = display_name_unit(live->near_resource);

	if (live->near_limit == 0)
		return;
	fprintf(out, "next %s of %s: %s%s %s (%.1f %%)",
		display_name_of(live->near_resource), live->near_subject,
		units_format(unit, live->near_value, value),
		live->near_is_floor ? ", no less than" : " of",
		units_format(unit, live->near_limit, limit), 100 * live->near_share);
}

static void
write_funnel(const struct live *live, FILE *out)
{
	const struct live_count counts[] = {
		{ "attempted", UNIT_COUNT, live->attempted },
		{ "established", UNIT_COUNT, live->established },
		{ "accepted", UNIT_COUNT, live->accepted },
		{ "served", UNIT_COUNT, live->served },
	};

	write_counts(counts, COUNT(counts), out);
}

static void
write_taken(const struct live *live, FILE *out)
{
	const struct live_count counts[] = {
		{ "open files", UNIT_COUNT, live->fds },
		{ "of memory", UNIT_BYTES, live->rss_bytes },
		{ "of kernel memory", UNIT_BYTES, live->kernel_bytes },
		{ "processes", UNIT_COUNT, live->processes },
		{ "sockets", UNIT_COUNT, live->sockets },
	};

	write_counts(counts, COUNT(counts), out);
}

static void
write_pace(const struct live *live, FILE *out)
{
	const struct live_count counts[] = {
		{ "established a second", UNIT_COUNT, live->established_per_s },
		{ "to connect (p99)", UNIT_US, live->connect_p99_us },
	};

	write_counts(counts, COUNT(counts), out);
}

/* What matters most comes first, as in the line of the run itself, and is what a narrow terminal
 * shows. */
static void (*const line_parts[])(const struct live *live, FILE *out) = {
	write_held, write_canary, write_near, write_funnel, write_taken, write_pace,
};

#define LINE_PARTS COUNT(line_parts)

/* The text of a part, to be freed; "" where nothing of it is known. */
static char *
part_text(const struct live *live, size_t i)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		fatal("cannot hold a line of the run");
	line_parts[i](live, out);
	if (fclose(out) != 0)
		fatal("cannot hold a line of the run");
	return text;
}

/* Each part that is there, between two texts; returns how many. */
static int
write_parts(const struct live *live, const char *before, const char *behind, FILE *out)
{
	int count = 0;

	for (size_t i = 0; i < LINE_PARTS; i++) {
		char *text = part_text(live, i);

		if (text[0] != '\0') {
			fprintf(out, "%s%s%s", before, text, behind);
			count++;
		}
		free(text);
	}
	return count;
}

int
live_write_block(const struct live *live, FILE *out)
{
	char *label = escape_text(live->label);
	int lines;

	fprintf(out, "run %lld%s%s  %.1f s %s\n", (long long)live->run_id,
		label[0] != '\0' ? "  " : "", label,
		(double)live->t_us / (double)US_PER_S,
		live->phase[0] != '\0' ? live->phase : live->state);
	lines = write_parts(live, "  ", "\n", out);
	free(label);
	return lines + 1;
}

void
live_write_line(const struct live *live, FILE *out)
{
	fprintf(out, "%7.1f s %s", (double)live->t_us / (double)US_PER_S, live->phase);
	write_parts(live, " | ", "", out);
	fputc('\n', out);
}

void
live_write_json(const struct live *live, struct json *j)
{
	const struct {
		const char *key;
		int64_t value;
	} counts[] = {
		{ "target", live->target > 0 ? live->target : -1 },
		{ "attempted", live->attempted },
		{ "established", live->established },
		{ "accepted", live->accepted },
		{ "served", live->served },
		{ "held", live->held },
		{ "established_per_s", live->established_per_s },
		{ "fds", live->fds },
		{ "rss_bytes", live->rss_bytes },
		{ "kernel_bytes", live->kernel_bytes },
		{ "processes", live->processes },
		{ "sockets", live->sockets },
		{ "canary_attempted", live->canary_attempted },
		{ "canary_served", live->canary_served },
		{ "connect_p99_us", live->connect_p99_us },
	};

	json_int(j, "run_id", live->run_id);
	json_text(j, "state", live->state);
	json_text(j, "outcome", live->outcome[0] != '\0' ? live->outcome : NULL);
	json_text(j, "phase", live->phase);
	json_int(j, "t_us", live->t_us);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_known(j, counts[i].key, counts[i].value);
	json_object(j, "nearest");
	json_text(j, "resource", live->near_resource);
	json_text(j, "subject", live->near_subject);
	json_int(j, "value", live->near_value);
	json_int(j, "limit", live->near_limit);
	json_end_object(j);
}

#define EVENT_RANGE INT64_C(1000000000)

static void
note_event(struct live_events *seen, int64_t seq)
{
	int64_t range = seq / EVENT_RANGE;

	if (range >= LIVE_EVENT_RANGES)
		range = LIVE_EVENT_RANGES - 1;
	if (range >= 0 && seq >= seen->next[range])
		seen->next[range] = seq + 1;
}

int
live_write_events(struct db *db, int64_t run_id, struct live_events *seen, FILE *out)
{
	struct db_statement *s = db_prepare(
	    db, "SELECT seq, t_us, subject, text FROM event WHERE run_id = ?1 AND"
		" (seq BETWEEN ?2 AND 999999999 OR seq BETWEEN max(?3, 1000000000) AND"
		" 1999999999 OR seq BETWEEN max(?4, 2000000000) AND 2999999999"
		" OR seq >= max(?5, 3000000000)) ORDER BY t_us, seq");
	int got;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	for (int i = 0; i < LIVE_EVENT_RANGES; i++)
		db_bind_int(s, 2 + i, seen->next[i]);
	while ((got = db_step(s)) == 1) {
		char *subject = escape_text(db_text(s, 2));
		char *text = escape_text(db_text(s, 3));

		fprintf(out, "%7.1f s %s: %s\n", (double)db_int(s, 1) / (double)US_PER_S,
			subject, text);
		note_event(seen, db_int(s, 0));
		free(subject);
		free(text);
	}
	db_finish(s);
	return got;
}
