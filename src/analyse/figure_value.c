#include "analyse/figure_value.h"

#include <math.h>
#include <stdlib.h>

#include "analyse/latency.h"
#include "analyse/rows.h"
#include "base/histogram.h"

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
