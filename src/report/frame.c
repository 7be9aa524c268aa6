#include "report/frame.h"

#include <fnmatch.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "base/log.h"
#include "model/resource.h"

void
frame_begin(struct frame *frame, size_t rows, size_t count)
{
	*frame = (struct frame){ .rows = rows,
				 .read = rows,
				 .x = rows_alloc(rows, sizeof(*frame->x)),
				 .columns = rows_alloc(count, sizeof(*frame->columns)),
				 .count = count };
	for (size_t i = 0; i < count; i++) {
		frame->columns[i] = rows_alloc(rows, sizeof(**frame->columns));
		for (size_t row = 0; row < rows; row++)
			frame->columns[i][row] = FRAME_NONE;
	}
}

void
frame_free(struct frame *frame)
{
	for (size_t i = 0; i < frame->count; i++)
		free(frame->columns[i]);
	free(frame->columns);
	free(frame->x);
	*frame = (struct frame){ 0 };
}

size_t
frame_row(const struct frame *frame, int64_t x)
{
	size_t low = 0, high = frame->rows;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (frame->x[middle] <= x)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : frame->rows;
}

int64_t
frame_at(const struct frame *frame, size_t column, size_t row)
{
	const int64_t *values = frame->columns[column];

	if (row >= frame->rows)
		return FRAME_NONE;
	while (row > 0 && values[row] == FRAME_NONE)
		row--;
	return values[row];
}

int
frame_range(const struct frame *frame, size_t column, size_t from, size_t to,
	    int64_t *low, int64_t *high)
{
	int found = -1;

	for (size_t row = from; row < to && row < frame->rows; row++) {
		int64_t value = frame->columns[column][row];

		if (value == FRAME_NONE)
			continue;
		*low = found == -1 || value < *low ? value : *low;
		*high = found == -1 || value > *high ? value : *high;
		found = 0;
	}
	return found;
}

/* ------------------------------------------------- a column while the samples come in */

/* Resources that one column may be the sum of. */
#define COLUMN_BUILDER_SOURCES 8

struct instant {
	int64_t tick, t_us;
};

struct column_builder {
	const struct frame_want *want;
	size_t
	    source[COLUMN_BUILDER_SOURCES]; /* columns of the statement that are summed */
	size_t sources;
	const struct instant *instants; /* by row of the ticks */
	int64_t *values;                /* of the frame */
	size_t each;                    /* ticks a bucket; of more than one, two values */
	size_t row, bucket;             /* of the ticks; SIZE_MAX: none yet */
	int64_t sum;                    /* of row so far */
	bool
	    known; /* sum: of readings of all its subjects; one that is not known makes it so */
	int64_t last, last_us; /* of a rate */
	int64_t low, high;     /* of bucket */
	size_t low_row, high_row;
};

static void
column_builder_begin(struct column_builder *f, const struct frame_want *want,
		     int64_t *values, const struct instant *instants, size_t each)
{
	*f = (struct column_builder){
		.want = want,
		.values = values,
		.instants = instants,
		.each = each,
		.row = SIZE_MAX,
		.bucket = SIZE_MAX,
		.last = FRAME_NONE,
	};
}

static void
store_bucket(struct column_builder *f)
{
	bool low_first = f->low_row <= f->high_row;

	if (f->bucket == SIZE_MAX)
		return;
	if (f->each == 1) {
		f->values[f->bucket] = f->low;
		return;
	}
	f->values[2 * f->bucket] = low_first ? f->low : f->high;
	f->values[2 * f->bucket + 1] = low_first ? f->high : f->low;
}

static void
put_value(struct column_builder *f, int64_t value)
{
	if (f->row / f->each != f->bucket) {
		store_bucket(f);
		f->bucket = f->row / f->each;
		f->low = f->high = value;
		f->low_row = f->high_row = f->row;
	} else if (value < f->low) {
		f->low = value;
		f->low_row = f->row;
	} else if (value > f->high) {
		f->high = value;
		f->high_row = f->row;
	}
}

/* The rate since a second ago, where that has passed. */
static bool
derive_rate(struct column_builder *f, int64_t t_us, int64_t *value)
{
	bool first = f->last == FRAME_NONE;
	int64_t past_us = t_us - f->last_us, grown = first ? 0 : f->sum - f->last;
	double rate;

	/* Ticks come a little early or late. */
	if (!first && past_us < US_PER_S - 50 * US_PER_MS)
		return false;
	f->last = f->sum;
	f->last_us = t_us;
	if (first || past_us <= 0)
		return false;
	rate = (double)grown * 1e9 / (double)past_us;
	*value = grown > 0 ? (int64_t)fmin(rate, (double)DB_MEASURE_MAX) : 0;
	return true;
}

/* Ends the sum of a row. */
static void
close_row(struct column_builder *f)
{
	int64_t value = f->sum;

	if (f->row == SIZE_MAX || !f->known)
		return;
	if (f->want->derive == FRAME_VALUE ||
	    derive_rate(f, f->instants[f->row].t_us, &value))
		put_value(f, value);
}

/* Of measures, and a measure itself: sums of a damaged file stay where they can be added. */
static int64_t
add(int64_t a, int64_t b)
{
	int64_t sum = a + b;

	if (sum > DB_MEASURE_MAX)
		return DB_MEASURE_MAX;
	return sum < -DB_MEASURE_MAX ? -DB_MEASURE_MAX : sum;
}

static void
column_builder_add(struct column_builder *f, struct db_statement *s, size_t row)
{
	if (row != f->row) {
		close_row(f);
		f->row = row;
		f->sum = 0;
		f->known = true;
	}
	for (size_t i = 0; i < f->sources; i++) {
		f->known &= !db_is_null(s, (int)f->source[i]);
		f->sum = add(f->sum, db_measure(s, (int)f->source[i]));
	}
}

static void
column_builder_end(struct column_builder *f)
{
	close_row(f);
	store_bucket(f);
}

/* --------------------------------------------------------------------- from the store */

/* What is read from one table. */
struct scan {
	struct frame *frame;
	const struct instant *instants; /* by row */
	size_t ticks, each;             /* each: ticks a bucket */
	struct column_builder *column_builders;
	size_t count;
};

/* ---------------------------------------------------------------------- the statement */

/* Place of a resource among the kind's columns, behind tick and subject. */
static size_t
source_of(const struct resource *known, size_t count, const char *name, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(known[i].name, name, length) == 0 &&
		    known[i].name[length] == '\0')
			return 2 + i;
	fatalx("the report asks for %.*s, which is not sampled", (int)length, name);
}

static void
find_sources(struct column_builder *f, const struct resource *known, size_t count)
{
	const char *name = f->want->resources;

	for (f->sources = 0; f->sources < COLUMN_BUILDER_SOURCES; name++) {
		size_t length = strcspn(name, "+");

		f->source[f->sources++] = source_of(known, count, name, length);
		name += length;
		if (*name == '\0')
			return;
	}
}

/* Only columns that are wanted are read: the others are NULL. */
static bool
is_wanted(const struct scan *scan, size_t source)
{
	for (size_t i = 0; i < scan->count; i++)
		for (size_t k = 0; k < scan->column_builders[i].sources; k++)
			if (scan->column_builders[i].source[k] == source)
				return true;
	return false;
}

static char *
statement_text(const struct scan *scan, const char *kind, const struct resource *known,
	       size_t count, const char *subjects)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		fatal("cannot hold a statement");
	fputs("SELECT tick, subject", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, ", %s", is_wanted(scan, 2 + i) ? known[i].name : "NULL");
	fprintf(out,
		" FROM %s_sample WHERE run_id = ?1 AND tick BETWEEN ?2 AND ?3"
		" AND subject IN (%s)"
		" ORDER BY run_id, tick, subject",
		kind, subjects);
	if (fclose(out) == EOF)
		fatal("cannot hold a statement");
	return text;
}

/* ----------------------------------------------------------------------- the subjects */

/* Which fillers take a subject. */
struct selector {
	int64_t subject;
	bool *takes; /* by filler */
};

struct selectors {
	struct selector *all; /* by subject */
	size_t count;
	char *list; /* of the subjects, for SQL */
};

static const char subject_sql[] =
    "SELECT subject, name FROM subject WHERE run_id = ?1 AND kind = ?2 ORDER BY subject";

static bool
add_selector(struct selector *selector, const struct scan *scan, int64_t subject,
	     const char *name)
{
	bool any = false;

	*selector = (struct selector){ subject, rows_alloc(scan->count, sizeof(bool)) };
	for (size_t i = 0; i < scan->count; i++) {
		selector->takes[i] = fnmatch(scan->column_builders[i].want->subjects,
					     name, FNM_EXTMATCH) == 0;
		any |= selector->takes[i];
	}
	return any;
}

static int
selectors_load(struct selectors *selectors, const struct scan *scan, struct db *db,
	       int64_t run_id, const char *kind)
{
	struct db_statement *s = db_prepare(db, subject_sql);
	struct rows rows = { 0 };
	size_t size;
	FILE *list = open_memstream(&selectors->list, &size);
	int got = -1;

	if (list == NULL)
		fatal("cannot hold a statement");
	if (s != NULL) {
		db_bind_int(s, 1, run_id);
		db_bind_text(s, 2, kind);
	}
	while (s != NULL && (got = db_step(s)) == 1) {
		struct selector *selector = rows_add(&rows, sizeof(*selector));

		if (add_selector(selector, scan, db_int(s, 0), db_text(s, 1)))
			fprintf(list, "%s%lld", ftell(list) > 0 ? "," : "",
				(long long)selector->subject);
	}
	db_finish(s);
	selectors->all = rows.data;
	selectors->count = rows.count;
	if (fclose(list) == EOF)
		fatal("cannot hold a statement");
	return got;
}

static void
selectors_free(struct selectors *selectors)
{
	for (size_t i = 0; i < selectors->count; i++)
		free(selectors->all[i].takes);
	free(selectors->all);
	free(selectors->list);
}

static int
compare_selectors(const void *a, const void *b)
{
	const struct selector *x = a, *y = b;

	return (x->subject > y->subject) - (x->subject < y->subject);
}

/* ---------------------------------------------------------------------------- the pass */

static void
take_row(struct scan *scan, const struct selectors *selectors, struct db_statement *s,
	 size_t row)
{
	const struct selector key = { .subject = db_int(s, 1) };
	const struct selector *selector = bsearch(&key, selectors->all, selectors->count,
						  sizeof(key), compare_selectors);

	for (size_t i = 0; selector != NULL && i < scan->count; i++)
		if (selector->takes[i])
			column_builder_add(&scan->column_builders[i], s, row);
}

static int
read_samples(struct scan *scan, const struct selectors *selectors, struct db *db,
	     int64_t run_id, const char *sql)
{
	struct db_statement *s = db_prepare(db, sql);
	size_t row = 0;
	int got = -1;

	if (s != NULL) {
		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, scan->instants[0].tick);
		db_bind_int(s, 3, scan->instants[scan->ticks - 1].tick);
	}
	while (s != NULL && (got = db_step(s)) == 1) {
		while (row < scan->ticks && scan->instants[row].tick < db_int(s, 0))
			row++;
		if (row < scan->ticks && scan->instants[row].tick == db_int(s, 0))
			take_row(scan, selectors, s, row);
	}
	db_finish(s);
	return got;
}

static enum subject_kind
kind_of(const char *name)
{
	for (int kind = SUBJECT_HOST; kind < SUBJECT_KINDS; kind++)
		if (strcmp(subject_kind_name((enum subject_kind)kind), name) == 0)
			return (enum subject_kind)kind;
	fatalx("the report asks for samples of a %s, which there are not", name);
}

/* Fills the columns of one kind: all of scan's. */
static int
scan_kind(struct scan *scan, struct db *db, int64_t run_id, const char *kind)
{
	size_t known_count;
	const struct resource *known = resource_of(kind_of(kind), &known_count);
	struct selectors selectors = { 0 };
	int error;

	for (size_t i = 0; i < scan->count; i++)
		find_sources(&scan->column_builders[i], known, known_count);
	error = selectors_load(&selectors, scan, db, run_id, kind);
	if (error == 0 && scan->ticks > 0 && selectors.list[0] != '\0') {
		char *sql =
		    statement_text(scan, kind, known, known_count, selectors.list);

		error = read_samples(scan, &selectors, db, run_id, sql);
		free(sql);
	}
	for (size_t i = 0; i < scan->count; i++)
		column_builder_end(&scan->column_builders[i]);
	selectors_free(&selectors);
	return error;
}

/* Scans the table of wants[first], with the columns of all wants of its kind. */
static int
scan_first(struct scan *scan, struct db *db, int64_t run_id,
	   const struct frame_want *wants, size_t count, size_t first)
{
	const char *kind = wants[first].kind;

	scan->count = 0;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(wants[i].kind, kind) != 0)
			continue;
		if (i < first)
			return 0; /* scanned before */
		column_builder_begin(&scan->column_builders[scan->count++], &wants[i],
				     scan->frame->columns[i], scan->instants, scan->each);
	}
	return scan_kind(scan, db, run_id, kind);
}

/* --------------------------------------------------------------------------- the frame */

/* Of a bucket's two points the second is at its middle. */
static void
set_axis(struct frame *frame, const struct scan *scan)
{
	size_t last = scan->ticks - 1;

	for (size_t row = 0; row < frame->rows; row++) {
		size_t tick = scan->each == 1
				  ? row
				  : row / 2 * scan->each + row % 2 * (scan->each / 2);

		frame->x[row] = scan->instants[last < tick ? last : tick].t_us;
	}
}

static int
scan_all(struct scan *scan, struct db *db, int64_t run_id, const struct frame_want *wants,
	 size_t count)
{
	size_t buckets;

	scan->each = 1;
	if (scan->ticks > FRAME_POINTS)
		scan->each = (2 * scan->ticks + FRAME_POINTS - 1) / FRAME_POINTS;
	buckets = (scan->ticks + scan->each - 1) / scan->each;
	frame_begin(scan->frame, scan->each == 1 ? buckets : 2 * buckets, count);
	scan->frame->read = scan->ticks;
	set_axis(scan->frame, scan);
	for (size_t i = 0; i < count; i++)
		if (scan_first(scan, db, run_id, wants, count, i) == -1)
			return -1;
	return 0;
}

static int
instants_load(struct rows *rows, struct db *db, int64_t run_id, int64_t from_us,
	      int64_t to_us)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT tick, t_us FROM tick"
			   " WHERE run_id = ?1 AND t_us BETWEEN ?2 AND ?3"
			   " ORDER BY run_id, tick");
	int got = -1;

	if (s != NULL) {
		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, from_us);
		db_bind_int(s, 3, to_us);
	}
	while (s != NULL && (got = db_step(s)) == 1)
		*(struct instant *)rows_add(rows, sizeof(struct instant)) =
		    (struct instant){ db_int(s, 0), db_measure(s, 1) };
	db_finish(s);
	return got;
}

int
frame_load(struct frame *frame, struct db *db, int64_t run_id, int64_t from_us,
	   int64_t to_us, const struct frame_want *wants, size_t count)
{
	struct rows rows = { 0 };
	struct scan scan = { .frame = frame };
	int error = instants_load(&rows, db, run_id, from_us, to_us);

	*frame = (struct frame){ 0 };
	scan.instants = rows.data;
	scan.ticks = rows.count;
	scan.column_builders = rows_alloc(count, sizeof(*scan.column_builders));
	if (error == 0)
		error = scan_all(&scan, db, run_id, wants, count);
	free(scan.column_builders);
	free(rows.data);
	return error;
}
