#include "report/findings.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"

/* A tick, and the phase that it falls into. */
struct instant {
	int64_t tick, t_us;
	size_t phase;
};

/* Where a phase begins and, where it was seen, ends. */
struct span {
	int64_t from_us, to_us;
};

static const char instant_sql[] =
    "SELECT tick, t_us FROM tick WHERE run_id = ?1 ORDER BY tick";

static void
fill_instant(struct db_statement *s, void *row)
{
	struct instant *instant = row;

	instant->tick = db_int(s, 0);
	instant->t_us = db_int(s, 1);
}

static const char span_sql[] =
    "SELECT from_us, coalesce(to_us, 9223372036854775807) FROM phase"
    " WHERE run_id = ?1 ORDER BY seq";

static void
fill_span(struct db_statement *s, void *row)
{
	struct span *span = row;

	span->from_us = db_int(s, 0);
	span->to_us = db_int(s, 1);
}

/* The row between from and to, both chosen, that is nearest to the middle of their time. */
static size_t
middle_row(const struct instant *rows, size_t from, size_t to)
{
	int64_t middle = rows[from].t_us + (rows[to].t_us - rows[from].t_us) / 2;
	size_t i = from + 1;

	while (i + 1 < to && rows[i].t_us < middle)
		i++;
	return i;
}

/* Chooses a row in the longest time without one. False where there is none left. */
static bool
split_longest(const struct instant *rows, bool *chosen, size_t count)
{
	size_t from = 0, best_from = 0, best_to = 0;
	int64_t longest = -1;

	for (size_t i = 1; i < count; i++) {
		if (!chosen[i])
			continue;
		if (i - from > 1 && rows[i].t_us - rows[from].t_us > longest) {
			longest = rows[i].t_us - rows[from].t_us;
			best_from = from;
			best_to = i;
		}
		from = i;
	}
	if (longest < 0)
		return false;
	chosen[middle_row(rows, best_from, best_to)] = true;
	return true;
}

/* The last row of each phase; of many phases not more than there is room for. */
static size_t
choose_ends(const struct instant *rows, bool *chosen, size_t count)
{
	size_t ends = 1, every, seen = 0, n = 2;

	for (size_t i = 0; i + 1 < count; i++)
		ends += rows[i].phase != rows[i + 1].phase;
	every = ends / PROGRESS_ROWS + 1;
	chosen[0] = chosen[count - 1] = true;
	for (size_t i = 0; i + 1 < count; i++) {
		if (rows[i].phase == rows[i + 1].phase || seen++ % every != 0)
			continue;
		n += !chosen[i];
		chosen[i] = true;
	}
	return n;
}

static void
choose_break(const struct instant *rows, bool *chosen, size_t count, int64_t broke_us)
{
	for (size_t i = 0; i < count && broke_us >= 0; i++)
		if (rows[i].t_us >= broke_us) {
			chosen[i] = true;
			return;
		}
}

/* Gives each tick its phase, and returns how many there are up to the end of the last:
 * behind it the workers have gone. */
static size_t
find_phases(struct instant *rows, size_t count, const struct span *spans, size_t phases)
{
	size_t phase = 0;

	for (size_t i = 0; i < count; i++) {
		while (phase < phases && spans[phase].from_us <= rows[i].t_us)
			phase++;
		rows[i].phase = phase;
		if (phase > 0 && spans[phase - 1].to_us < rows[i].t_us)
			return i;
	}
	return count;
}

static void
choose(const struct instant *rows, bool *chosen, size_t count, int64_t broke_us)
{
	if (count == 0)
		return;
	size_t n = choose_ends(rows, chosen, count);

	choose_break(rows, chosen, count, broke_us);
	while (n < PROGRESS_ROWS && split_longest(rows, chosen, count))
		n++;
}

/* The chosen ticks' numbers; NULL where they cannot be read. */
static struct findings_progress *
read_chosen(struct db *db, int64_t run_id, const struct instant *rows, const bool *chosen,
	    size_t *count)
{
	char *query = record_query(&findings_progresses);
	struct db_statement *s = db_prepare(db, query);
	struct findings_progress *few = rows_alloc(*count, sizeof(*few));
	size_t n = 0;
	int got = s == NULL ? -1 : 0;

	for (size_t i = 0; i < *count && got != -1; i++) {
		if (!chosen[i])
			continue;
		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, rows[i].tick);
		got = db_step(s);
		if (got == 1)
			record_read(&findings_progresses, s, &few[n++]);
		db_reset(s);
	}
	db_finish(s);
	free(query);
	*count = n;
	if (got != -1)
		return few;
	free(few);
	return NULL;
}

struct findings_progress *
findings_progress_load(struct db *db, int64_t run_id, size_t *count)
{
	int64_t broke_us = db_query_int(
	    db, "SELECT t_us FROM breaking_point WHERE run_id = ?1", run_id, -1);
	struct findings_progress *few = NULL;
	struct rows rows = { 0 }, spans = { 0 };

	*count = 0;
	if (rows_load(&rows, sizeof(struct instant), db, instant_sql, run_id, NULL,
		      fill_instant) == 0 &&
	    rows_load(&spans, sizeof(struct span), db, span_sql, run_id, NULL,
		      fill_span) == 0) {
		bool *chosen = rows_alloc(rows.count, sizeof(*chosen));

		*count = find_phases(rows.data, rows.count, spans.data, spans.count);
		choose(rows.data, chosen, *count, broke_us);
		few = read_chosen(db, run_id, rows.data, chosen, count);
		free(chosen);
	}
	free(rows.data);
	free(spans.data);
	return few;
}
