#include "store/record_rows.h"

#include <stdlib.h>
#include <string.h>

#include "model/resource.h"

enum statement {
	STATEMENT_SUBJECT,
	STATEMENT_TICK,
	STATEMENT_GAUGE,
	STATEMENT_GAUGE_SAMPLE,
	STATEMENT_LIMIT,
	STATEMENT_SETTING,
	STATEMENT_PHASE_END,
	STATEMENT_PHASE,
	STATEMENT_EVENT,
	STATEMENT_COUNT
};

/* ?1 is the run in all of them. DO NOTHING passes over a row that is there, and unlike
 * INSERT OR IGNORE over nothing else. */
static const char *const statements[STATEMENT_COUNT] = {
	[STATEMENT_SUBJECT] =
	    "INSERT INTO subject (run_id, kind, subject, name, role, slot)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
	[STATEMENT_TICK] = "INSERT INTO tick (run_id, tick, t_us, late_us, took_us)"
			   " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
	[STATEMENT_GAUGE] = "INSERT INTO gauge (name) SELECT ?2 WHERE NOT EXISTS"
			    " (SELECT 1 FROM gauge WHERE name = ?2)",
	[STATEMENT_GAUGE_SAMPLE] =
	    "INSERT INTO gauge_sample (run_id, gauge_id, tick, value)"
	    " SELECT ?1, gauge_id, ?3, ?4 FROM gauge WHERE name = ?2"
	    " ON CONFLICT DO NOTHING",
	[STATEMENT_LIMIT] =
	    "INSERT INTO resource_limit (run_id, kind, subject, resource, value, source)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
	    " ON CONFLICT DO UPDATE SET value = excluded.value",
	[STATEMENT_SETTING] = "INSERT INTO setting (run_id, subject, name, value)"
			      " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
	[STATEMENT_PHASE_END] = "UPDATE phase SET to_us = ?3"
				" WHERE run_id = ?1 AND seq < ?2 AND to_us IS NULL",
	[STATEMENT_PHASE] =
	    "INSERT INTO phase (run_id, seq, cycle, name, from_us, target, begun_us)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0)) ON CONFLICT DO NOTHING",
	[STATEMENT_EVENT] =
	    "INSERT INTO event (run_id, seq, t_us, level, kind, subject, text)"
	    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
};

struct record_rows {
	struct db *db;
	struct ledger *ledger;
	int64_t run_id;
	struct db_statement *statement[STATEMENT_COUNT];
	struct db_statement *sample[SUBJECT_KINDS]; /* INSERT INTO KIND_sample */
	size_t readings[SUBJECT_KINDS];
	/* Of each kind, the indices below this that have their row in subject. */
	uint32_t indices;
	bool *known[SUBJECT_KINDS];
};

/* "INSERT INTO KIND_sample (run_id, tick, subject, …) VALUES (?1, ?2, ?3, …)", the columns
 * in the resource table's order. */
static char *
sample_sql(enum subject_kind kind)
{
	char *sql = NULL;
	size_t size, count;
	const struct resource *r = resource_of(kind, &count);
	FILE *out = open_memstream(&sql, &size);

	if (out == NULL)
		return NULL;
	/* main: where there are packed runs, the name alone is their view (store/packed.h). */
	fprintf(out, "INSERT INTO main.%s_sample (run_id, tick, subject",
		subject_kind_name(kind));
	for (size_t i = 0; i < count; i++)
		fprintf(out, ", %s", r[i].name);
	fputs(") VALUES (?1, ?2, ?3", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, ", ?%zu", i + 4);
	fputs(") ON CONFLICT DO NOTHING", out);
	if (fclose(out) == 0)
		return sql;
	free(sql);
	return NULL;
}

static int
prepare_kind(struct record_rows *rows, enum subject_kind kind)
{
	char *sql = sample_sql(kind);

	if (sql == NULL)
		return -1;
	rows->sample[kind] = db_prepare(rows->db, sql);
	free(sql);
	resource_of(kind, &rows->readings[kind]);
	rows->known[kind] = calloc(rows->indices, sizeof(bool));
	return rows->sample[kind] == NULL || rows->known[kind] == NULL ? -1 : 0;
}

struct record_rows *
record_rows_new(struct db *db, struct ledger *ledger, int64_t run_id)
{
	struct record_rows *rows = calloc(1, sizeof(*rows));

	if (rows == NULL)
		return NULL;
	rows->db = db;
	rows->ledger = ledger;
	rows->run_id = run_id;
	/* There are as many listeners as acceptors, and few groups: both are fewer. */
	rows->indices = (uint32_t)(ledger->process_capacity + ledger->worker_count);
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		rows->statement[i] = db_prepare(db, statements[i]);
		if (rows->statement[i] == NULL)
			goto fail;
	}
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		if (prepare_kind(rows, (enum subject_kind)kind) == -1)
			goto fail;
	return rows;
fail:
	record_rows_free(rows);
	return NULL;
}

void
record_rows_free(struct record_rows *rows)
{
	if (rows == NULL)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		db_finish(rows->statement[i]);
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++) {
		db_finish(rows->sample[kind]);
		free(rows->known[kind]);
	}
	free(rows);
}

void
record_rows_forget(struct record_rows *rows)
{
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		memset(rows->known[kind], 0, rows->indices * sizeof(bool));
}

/* The statement with the run bound. */
static struct db_statement *
statement(struct record_rows *rows, enum statement which)
{
	db_bind_int(rows->statement[which], 1, rows->run_id);
	return rows->statement[which];
}

/* A record may come from a sampler of any state: what does not exist is not stored. */
static bool
is_subject(const struct record_rows *rows, uint32_t kind, uint32_t index)
{
	return kind >= SUBJECT_HOST && kind < SUBJECT_KINDS && index < rows->indices;
}

/* Stores the name of a subject when it is first seen. */
static int
store_subject(struct record_rows *rows, enum subject_kind kind, uint32_t index)
{
	struct db_statement *s = statement(rows, STATEMENT_SUBJECT);
	char name[RECORD_NAME];
	enum role role;
	int32_t slot;

	if (rows->known[kind][index])
		return 0;
	subject_name(rows->ledger, kind, index, name, sizeof(name));
	db_bind_text(s, 2, subject_kind_name(kind));
	db_bind_int(s, 3, index);
	db_bind_text(s, 4, name);
	role = subject_role(rows->ledger, kind, index, &slot);
	/* What is not bound is NULL. */
	if (role != ROLE_NONE)
		db_bind_text(s, 5, role_name(role));
	if (slot >= 0)
		db_bind_int(s, 6, slot);
	if (db_run(s) == -1)
		return -1;
	rows->known[kind][index] = true;
	return 0;
}

static int
store_sample(struct record_rows *rows, int64_t tick, const struct subject_sample *sample)
{
	enum subject_kind kind = (enum subject_kind)sample->kind;
	struct db_statement *s;

	if (!is_subject(rows, kind, sample->index) ||
	    sample->count != rows->readings[kind])
		return 0;
	if (store_subject(rows, kind, sample->index) == -1)
		return -1;
	s = rows->sample[kind];
	db_bind_int(s, 1, rows->run_id);
	db_bind_int(s, 2, tick);
	db_bind_int(s, 3, sample->index);
	/* What is not bound is NULL. */
	for (int i = 0; i < sample->count; i++)
		if (sample->reading[i] != READING_NONE)
			db_bind_int(s, i + 4, sample->reading[i]);
	return db_run(s);
}

static int
store_tick(struct record_rows *rows, const void *data)
{
	const struct tick_record *tick = data;
	struct db_statement *s = statement(rows, STATEMENT_TICK);
	const char *at = (const char *)(tick + 1);

	db_bind_int(s, 2, tick->tick);
	db_bind_int(s, 3, tick->t_us);
	db_bind_int(s, 4, tick->late_us);
	db_bind_int(s, 5, tick->took_us);
	if (db_run(s) == -1)
		return -1;
	for (uint32_t i = 0; i < tick->subjects; i++) {
		const struct subject_sample *sample = (const void *)at;

		if (store_sample(rows, tick->tick, sample) == -1)
			return -1;
		at += sizeof(*sample) + sample->count * sizeof(sample->reading[0]);
	}
	return 0;
}

static int
store_gauge(struct record_rows *rows, int64_t tick, const struct gauge *gauge)
{
	struct db_statement *name = statement(rows, STATEMENT_GAUGE);
	struct db_statement *s = statement(rows, STATEMENT_GAUGE_SAMPLE);

	db_bind_text(name, 2, gauge->name);
	db_bind_text(s, 2, gauge->name);
	db_bind_int(s, 3, tick);
	db_bind_int(s, 4, gauge->value);
	return db_run(name) == -1 ? -1 : db_run(s);
}

static int
store_gauges(struct record_rows *rows, const void *data)
{
	const struct gauges_record *gauges = data;

	for (uint32_t i = 0; i < gauges->count; i++)
		if (gauges->gauge[i].value != READING_NONE &&
		    store_gauge(rows, gauges->tick, &gauges->gauge[i]) == -1)
			return -1;
	return 0;
}

static int
store_limit(struct record_rows *rows, const void *data)
{
	const struct limit_record *limit = data;
	enum subject_kind kind = (enum subject_kind)limit->subject;
	struct db_statement *s = statement(rows, STATEMENT_LIMIT);

	if (!is_subject(rows, kind, limit->index))
		return 0;
	if (store_subject(rows, kind, limit->index) == -1)
		return -1;
	db_bind_text(s, 2, subject_kind_name(kind));
	db_bind_int(s, 3, limit->index);
	db_bind_text(s, 4, limit->resource);
	db_bind_int(s, 5, limit->value);
	db_bind_text(s, 6, limit->source);
	return db_run(s);
}

static int
store_setting(struct record_rows *rows, const void *data)
{
	const struct setting_record *setting = data;
	enum subject_kind kind = (enum subject_kind)setting->subject;
	struct db_statement *s = statement(rows, STATEMENT_SETTING);
	char name[RECORD_NAME];

	if (!is_subject(rows, kind, setting->index))
		return 0;
	subject_name(rows->ledger, kind, setting->index, name, sizeof(name));
	db_bind_text(s, 2, name);
	db_bind_text(s, 3, setting->name);
	db_bind_text(s, 4, setting->value);
	return db_run(s);
}

static int
store_phase(struct record_rows *rows, const void *data)
{
	const struct phase_record *phase = data;
	struct db_statement *s = statement(rows, STATEMENT_PHASE_END);

	db_bind_int(s, 2, phase->seq);
	db_bind_int(s, 3, phase->from_us);
	if (db_run(s) == -1)
		return -1;
	if (strcmp(phase->name, "end") == 0)
		return 0;
	s = statement(rows, STATEMENT_PHASE);
	db_bind_int(s, 2, phase->seq);
	db_bind_int(s, 3, phase->cycle);
	db_bind_text(s, 4, phase->name);
	db_bind_int(s, 5, phase->from_us);
	db_bind_int(s, 6, phase->target);
	db_bind_int(s, 7, phase->begun_us);
	return db_run(s);
}

static int
store_event(struct record_rows *rows, const void *data)
{
	static const char *const levels[] = {
		[EVENT_INFO] = "info",
		[EVENT_FINDING] = "finding",
		[EVENT_WARNING] = "warning",
	};
	const struct event_record *event = data;
	struct db_statement *s = statement(rows, STATEMENT_EVENT);

	db_bind_int(s, 2, event->seq);
	db_bind_int(s, 3, event->t_us);
	db_bind_text(s, 4, levels[event->level]);
	db_bind_text(s, 5, event->kind);
	db_bind_text(s, 6, event->subject);
	db_bind_text(s, 7, event->text);
	return db_run(s);
}

int
record_rows_store(struct record_rows *rows, const struct ring_record *record)
{
	static int (*const store[])(struct record_rows * rows, const void *data) = {
		[RECORD_TICK] = store_tick,   [RECORD_GAUGES] = store_gauges,
		[RECORD_LIMIT] = store_limit, [RECORD_SETTING] = store_setting,
		[RECORD_PHASE] = store_phase, [RECORD_EVENT] = store_event,
	};

	if (record->kind >= sizeof(store) / sizeof(store[0]) ||
	    store[record->kind] == NULL)
		return 0;
	return store[record->kind](rows, record->data);
}
