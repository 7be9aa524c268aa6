#include "store/pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/resource.h"
#include "store/block.h"

/* Columns of a sample table: the run, what a block is sorted by, then the readings. */
enum { COLUMN_RUN, COLUMN_TICK };

#define SQL_SIZE 512

/* One kind of a run on its way from the one shape to the other. */
struct job {
	struct db *db;
	int64_t run_id;
	const char *kind;
	struct block *block, *again; /* again: unpacked, to be compared */
	struct db_statement *from, *to;
	int64_t first_tick, last_tick;
	int64_t moved; /* rows */
};

static struct db_statement *__attribute__((format(printf, 2, 3)))
prepare(struct db *db, const char *format, ...)
{
	char sql[SQL_SIZE];
	va_list ap;

	va_start(ap, format);
	vsnprintf(sql, sizeof(sql), format, ap);
	va_end(ap);
	return db_prepare(db, sql);
}

static int
flush(struct job *job)
{
	size_t bytes;
	void *data;
	int result = -1;

	if (job->block->rows == 0)
		return 0;
	data = block_encode(job->block, &bytes);
	if (data != NULL && block_decode(job->again, data, bytes) == 0 &&
	    block_equal(job->block, job->again)) {
		db_bind_int(job->to, 1, job->run_id);
		db_bind_text(job->to, 2, job->kind);
		db_bind_int(job->to, 3, job->first_tick);
		db_bind_int(job->to, 4, job->last_tick);
		db_bind_int(job->to, 5, (int64_t)job->block->rows);
		db_bind_blob(job->to, 6, data, bytes);
		result = db_run(job->to);
	}
	free(data);
	job->moved += (int64_t)job->block->rows;
	block_clear(job->block);
	return result;
}

/* Of another type nothing is stored, unless the file is damaged: packed it would be lost. */
static bool
is_packable(struct db_statement *s)
{
	for (int c = COLUMN_TICK; c < db_columns(s); c++)
		if (db_type(s, c) != DB_INT && !db_is_null(s, c))
			return false;
	return true;
}

static int
add_row(struct job *job)
{
	size_t row = job->block->rows;

	if (!is_packable(job->from))
		return db_refuse(job->db, "a sample is damaged: it is no whole number");
	if (block_add(job->block) == -1)
		return db_refuse(job->db, "there are too many samples of one tick");
	int64_t tick = db_int(job->from, COLUMN_TICK);
	if (row == 0 || tick < job->first_tick)
		job->first_tick = tick;
	if (row == 0 || tick > job->last_tick)
		job->last_tick = tick;
	for (int c = COLUMN_TICK; c < db_columns(job->from); c++)
		if (!db_is_null(job->from, c))
			block_set(job->block, (size_t)c - 1, row, db_int(job->from, c));
	return 0;
}

/* The ticks after which a block ends, so that each holds about BLOCK_ROWS whole ticks'. */
static const char slices[] = "SELECT max(tick) FROM (SELECT tick FROM main.%s_sample"
			     " WHERE run_id = ?1 AND tick > ?2 ORDER BY tick LIMIT ?3)";

/* Within a block by subject: then each reading stands beside the one before it in time. */
static const char rows_of_slice[] =
    "SELECT * FROM main.%s_sample WHERE run_id = ?1 AND tick > ?2 AND tick <= ?3"
    " ORDER BY subject, tick";

static int
pack_slice(struct job *job, int64_t after, int64_t last)
{
	int got;

	db_bind_int(job->from, 1, job->run_id);
	db_bind_int(job->from, 2, after);
	db_bind_int(job->from, 3, last);
	while ((got = db_step(job->from)) == 1)
		if (add_row(job) == -1)
			return -1;
	db_reset(job->from);
	if (got == -1)
		return -1;
	return flush(job);
}

static int
pack_slices(struct job *job)
{
	struct db_statement *s = prepare(job->db, slices, job->kind);
	int64_t after = INT64_MIN;
	int got, result = -1;

	if (s == NULL)
		return -1;
	do {
		int64_t last = after;

		db_bind_int(s, 1, job->run_id);
		db_bind_int(s, 2, after);
		db_bind_int(s, 3, BLOCK_ROWS);
		got = db_step(s);
		bool more = got == 1 && !db_is_null(s, 0);
		/* Whatever a damaged tick may be, the next slice lies behind this one. */
		bool damaged = more && (db_type(s, 0) != DB_INT || db_int(s, 0) <= after);
		if (more)
			last = db_int(s, 0);
		db_reset(s);
		result = got == -1 ? -1 : 0;
		if (!more)
			break;
		result = damaged ? db_refuse(job->db, "a tick is damaged: it is no whole "
						      "number")
				 : pack_slice(job, after, last);
		after = last;
	} while (result == 0);
	db_finish(s);
	return result;
}

/* Runs a statement of which only the run is open, and forgets it. */
static int
run_once(struct db_statement *s, int64_t run_id)
{
	int result;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	result = db_run(s);
	db_finish(s);
	return result;
}

/* Rows that are in no slice would be lost. */
static int
check_all_moved(struct job *job)
{
	struct db_statement *s = prepare(
	    job->db, "SELECT count(*) FROM main.%s_sample WHERE run_id = ?1", job->kind);
	int64_t count = -1;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, job->run_id);
	if (db_step(s) == 1)
		count = db_int(s, 0);
	db_finish(s);
	return count == job->moved
		   ? 0
		   : db_refuse(job->db, "a tick is damaged: its samples are "
					"not found by it");
}

static int
pack_kind(struct job *job)
{
	job->from = prepare(job->db, rows_of_slice, job->kind);
	job->to =
	    db_prepare(job->db, "INSERT INTO packed (run_id, kind, first_tick, last_tick,"
				" row_count, block) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	if (job->from == NULL || job->to == NULL || pack_slices(job) == -1 ||
	    check_all_moved(job) == -1)
		return -1;
	return run_once(
	    prepare(job->db, "DELETE FROM main.%s_sample WHERE run_id = ?1", job->kind),
	    job->run_id);
}

/* "INSERT INTO main.KIND_sample VALUES (?1, …)" */
static struct db_statement *
prepare_insert(struct job *job)
{
	char sql[SQL_SIZE + 6 * BLOCK_COLUMNS_MAX];
	int n = snprintf(sql, sizeof(sql), "INSERT INTO main.%s_sample VALUES (?1",
			 job->kind);

	for (size_t c = 0; c < job->block->columns; c++)
		n += snprintf(sql + n, sizeof(sql) - (size_t)n, ", ?%zu", c + 2);
	strlcat(sql, ")", sizeof(sql));
	return db_prepare(job->db, sql);
}

static int
unpack_block(struct job *job)
{
	size_t bytes;
	const void *data = db_blob(job->from, 0, &bytes);

	if (block_decode(job->block, data, bytes) == -1)
		return db_refuse(job->db, "a packed block is damaged");
	for (size_t row = 0; row < job->block->rows; row++) {
		db_bind_int(job->to, 1, job->run_id);
		for (size_t c = 0; c < job->block->columns; c++)
			if (block_known(job->block, c, row))
				db_bind_int(job->to, (int)c + 2,
					    block_value(job->block, c, row));
		if (db_run(job->to) == -1)
			return -1;
	}
	job->moved += (int64_t)job->block->rows;
	return 0;
}

static int
unpack_kind(struct job *job)
{
	int got;

	job->from = db_prepare(job->db, "SELECT block FROM packed WHERE run_id = ?1"
					" AND kind = ?2 ORDER BY last_tick");
	job->to = prepare_insert(job);
	if (job->from == NULL || job->to == NULL)
		return -1;
	db_bind_int(job->from, 1, job->run_id);
	db_bind_text(job->from, 2, job->kind);
	while ((got = db_step(job->from)) == 1)
		if (unpack_block(job) == -1)
			return -1;
	db_reset(job->from);
	if (got == -1)
		return -1;
	return run_once(prepare(job->db,
				"DELETE FROM packed WHERE run_id = ?1 AND kind = '%s'",
				job->kind),
			job->run_id);
}

/* What the table of a kind has beside the run. */
static size_t
columns_of(struct db *db, const char *kind)
{
	struct db_statement *s = prepare(db, "SELECT * FROM main.%s_sample", kind);
	size_t columns = s == NULL ? 0 : (size_t)db_columns(s) - 1;

	db_finish(s);
	return columns;
}

static int
move_kind(struct db *db, int64_t run_id, const char *kind, int (*move)(struct job *),
	  int64_t *moved)
{
	struct job job = { .db = db, .run_id = run_id, .kind = kind };
	size_t columns = columns_of(db, kind);
	int result = -1;

	job.block = block_new(columns);
	job.again = block_new(columns);
	if (columns > 0 && job.block != NULL && job.again != NULL)
		result = move(&job);
	db_finish(job.from);
	db_finish(job.to);
	block_free(job.block);
	block_free(job.again);
	*moved += job.moved;
	return result;
}

static enum pack_result
move_run(struct db *db, int64_t run_id, int (*move)(struct job *))
{
	int64_t moved = 0;

	if (db_query_int(db, "SELECT state = 'running' FROM run WHERE run_id = ?1",
			 run_id, 1) != 0)
		return PACK_RUNNING;
	if (db_begin(db) == -1)
		return PACK_FAILED;
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		if (move_kind(db, run_id, subject_kind_name((enum subject_kind)kind),
			      move, &moved) == -1) {
			db_rollback(db);
			return PACK_FAILED;
		}
	if (db_commit(db) == -1) {
		db_rollback(db);
		return PACK_FAILED;
	}
	return moved > 0 ? PACK_DONE : PACK_NOTHING;
}

enum pack_result
pack_run(struct db *db, int64_t run_id)
{
	return move_run(db, run_id, pack_kind);
}

enum pack_result
unpack_run(struct db *db, int64_t run_id)
{
	return move_run(db, run_id, unpack_kind);
}
