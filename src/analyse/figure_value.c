#include "analyse/figure_value.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/latency.h"
#include "analyse/rows.h"
#include "base/histogram.h"
#include "plan/expectation.h"

/* Two-sided 95 % of Student's distribution with LATENCY_BATCHES - 1 degrees of freedom. */
#define T95 2.2621571628

static int
read_sql(struct figure_value *value, struct db *db, int64_t run_id, const char *sql)
{
	struct db_statement *s = db_prepare_kept(db, sql);
	int got;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	got = db_step(s);
	if (got == 1) {
		value->known = !db_is_null(s, 0);
		value->value = db_real(s, 0);
		value->has_interval =
		    db_columns(s) == 3 && !db_is_null(s, 1) && !db_is_null(s, 2);
	}
	if (value->has_interval) {
		value->low = db_real(s, 1);
		value->high = db_real(s, 2);
	}
	db_reset(s);
	return got == -1 ? -1 : 0;
}

/* The longest of all is one observation: nothing says how certain it is. */
static int
add_interval(struct figure_value *value, struct db *db, int64_t run_id,
	     const struct figure *figure)
{
	double batches[LATENCY_BATCHES], mean = 0, squares = 0, half;
	int got = 0;

	if (figure->quantile < 1)
		got = latency_batches(db, run_id, figure->latency, figure->quantile,
				      batches);
	if (got != 1)
		return got;
	for (int i = 0; i < LATENCY_BATCHES; i++)
		mean += batches[i] / LATENCY_BATCHES;
	for (int i = 0; i < LATENCY_BATCHES; i++)
		squares += (batches[i] - mean) * (batches[i] - mean);
	half = T95 * sqrt(squares / (LATENCY_BATCHES - 1) / LATENCY_BATCHES);
	value->has_interval = true;
	value->low = fmax(value->value - half, 0);
	value->high = value->value + half;
	return 0;
}

static int
read_latency(struct figure_value *value, struct db *db, int64_t run_id,
	     const struct figure *figure, bool with_interval)
{
	uint64_t *counts = rows_alloc(HISTOGRAM_BUCKETS, sizeof(*counts));
	int error = latency_total(db, run_id, figure->latency, counts);

	if (error == 0 && histogram_count(counts) > 0) {
		value->known = true;
		value->value = (double)histogram_quantile(counts, figure->quantile);
		if (with_interval)
			error = add_interval(value, db, run_id, figure);
	}
	free(counts);
	return error;
}

int
figure_value_read(struct figure_value *value, struct db *db, int64_t run_id,
		  const struct figure *figure)
{
	*value = (struct figure_value){ 0 };
	if (figure->sql != NULL)
		return read_sql(value, db, run_id, figure->sql);
	return read_latency(value, db, run_id, figure, true);
}

int
figure_value_read_alone(struct figure_value *value, struct db *db, int64_t run_id,
			const struct figure *figure)
{
	*value = (struct figure_value){ 0 };
	if (figure->sql != NULL)
		return read_sql(value, db, run_id, figure->sql);
	return read_latency(value, db, run_id, figure, false);
}

struct text {
	char text[EXPECTATION_TEXT_SIZE];
};

static void
fill(struct db_statement *s, void *row)
{
	struct text *text = row;

	snprintf(text->text, sizeof(text->text), "%s", db_text(s, 0));
}

/* Another brink may have known figures that this one does not. */
static bool
parse(struct expectation *e, const char *text)
{
	char nowhere[256];
	FILE *why = fmemopen(nowhere, sizeof(nowhere), "w");
	int error = why == NULL ? -1 : expectation_parse(e, text, why);

	if (why != NULL)
		fclose(why);
	return error == 0;
}

static int
bind_value(struct db_statement *s, struct db *db, int64_t run_id,
	   const struct expectation *e)
{
	struct figure_value value;

	db_bind_text(s, 4, e->figure->name);
	db_bind_text(s, 5, figure_unit_name(e->figure->unit));
	db_bind_real(s, 6, e->bound);
	if (figure_value_read(&value, db, run_id, e->figure) == -1)
		return -1;
	if (value.known)
		db_bind_real(s, 7, value.value);
	if (value.known && value.has_interval) {
		db_bind_real(s, 8, value.low);
		db_bind_real(s, 9, value.high);
	}
	db_bind_int(s, 10, value.known && expectation_holds(e, value.value));
	return 0;
}

static int
store(struct db_statement *s, struct db *db, int64_t run_id, const struct rows *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		const char *text = ((const struct text *)texts->data)[i].text;
		struct expectation e;

		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, (int64_t)i);
		db_bind_text(s, 3, text);
		db_bind_int(s, 10, 0);
		if (parse(&e, text) && bind_value(s, db, run_id, &e) == -1)
			return -1;
		if (db_run(s) == -1)
			return -1;
	}
	return 0;
}

int
expected_store(struct db *db, int64_t run_id)
{
	struct rows texts = { 0 };
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO expectation (run_id, seq, expression, figure, unit, bound,"
		" value, value_low, value_high, passed)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	int error = s == NULL ? -1
			      : rows_load(&texts, sizeof(struct text), db,
					  "SELECT e.value FROM run, json_each(run.plan,"
					  " '$.expect') AS e WHERE run_id = ?1",
					  run_id, NULL, fill);

	if (error == 0)
		error = store(s, db, run_id, &texts);
	db_finish(s);
	free(texts.data);
	return error;
}
