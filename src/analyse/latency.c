#include "analyse/latency.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/histogram.h"
#include "store/histogram_pack.h"

/* Values beyond a quantile without which it is hardly more than the largest of all. */
#define BEYOND_MIN 5

static const char sql[] = "SELECT histogram FROM latency WHERE run_id = ?1 AND kind = ?2"
			  " ORDER BY t_us LIMIT ?3 OFFSET ?4";

/* Adds count seconds from the first on, all where count is -1. */
static int
add(struct db *db, int64_t run_id, const char *kind, int64_t first, int64_t count,
    uint64_t *counts)
{
	struct db_statement *s = db_prepare_kept(db, sql);
	int got = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	db_bind_text(s, 2, kind);
	db_bind_int(s, 3, count);
	db_bind_int(s, 4, first);
	while ((got = db_step(s)) == 1) {
		size_t bytes;
		const void *packed = db_blob(s, 0, &bytes);

		got = histogram_unpack(packed, bytes, counts);
		if (got == -1)
			break;
	}
	db_reset(s);
	return got;
}

int
latency_total(struct db *db, int64_t run_id, const char *kind, uint64_t *counts)
{
	return add(db, run_id, kind, 0, -1, counts);
}

static int64_t
seconds(struct db *db, int64_t run_id, const char *kind)
{
	struct db_statement *s = db_prepare_kept(
	    db, "SELECT count(*) FROM latency WHERE run_id = ?1 AND kind = ?2");
	int64_t count = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	db_bind_text(s, 2, kind);
	if (db_step(s) == 1)
		count = db_int(s, 0);
	db_reset(s);
	return count;
}

int
latency_batches(struct db *db, int64_t run_id, const char *kind, double quantile,
		double *values)
{
	int64_t all = seconds(db, run_id, kind), from, to;
	uint64_t *counts;
	int result = 1;

	if (all < LATENCY_BATCHES)
		return all == -1 ? -1 : 0;
	counts = rows_alloc(HISTOGRAM_BUCKETS, sizeof(*counts));
	for (int i = 0; i < LATENCY_BATCHES && result == 1; i++) {
		from = all * i / LATENCY_BATCHES;
		to = all * (i + 1) / LATENCY_BATCHES;
		memset(counts, 0, HISTOGRAM_BUCKETS * sizeof(*counts));
		if (add(db, run_id, kind, from, to - from, counts) == -1)
			result = -1;
		else if ((double)histogram_count(counts) * (1 - quantile) < BEYOND_MIN)
			result = 0;
		values[i] = (double)histogram_quantile(counts, quantile);
	}
	free(counts);
	return result;
}
