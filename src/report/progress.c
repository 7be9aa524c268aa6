#include "report/progress.h"

#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"

/* v_progress reads much at every tick: only the chosen ones are looked up in it. */
static const char moments_sql[] =
    "SELECT t.tick, t.t_us, (SELECT p.name FROM phase AS p WHERE p.run_id = t.run_id"
    " AND p.from_us <= t.t_us ORDER BY p.seq DESC LIMIT 1)"
    " FROM tick AS t WHERE t.run_id = ?1 ORDER BY t.run_id, t.tick";

static const char progress_sql[] =
    "SELECT attempted, established, accepted, held, fds, rss_bytes, processes"
    " FROM v_progress WHERE run_id = ?1 AND tick = ?2";

static int64_t
int_or_none(struct db_statement *s, int column)
{
	return db_is_null(s, column) ? -1 : db_int(s, column);
}

static void
fill_moment(struct db_statement *s, void *row)
{
	struct findings_progress *p = row;

	p->tick = db_int(s, 0);
	p->t_us = db_int(s, 1);
	strlcpy(p->phase, db_text(s, 2), sizeof(p->phase));
}

static void
fill_progress(struct db_statement *s, struct findings_progress *p)
{
	p->attempted = db_int(s, 0);
	p->established = db_int(s, 1);
	p->accepted = db_int(s, 2);
	p->held = db_int(s, 3);
	p->fds = int_or_none(s, 4);
	p->rss_bytes = int_or_none(s, 5);
	p->processes = int_or_none(s, 6);
}

static int
look_up(struct findings_progress *rows, size_t count, struct db *db, int64_t run_id)
{
	struct db_statement *s = db_prepare(db, progress_sql);
	int got = s == NULL ? -1 : 0;

	for (size_t i = 0; i < count && got != -1; i++) {
		db_bind_int(s, 1, run_id);
		db_bind_int(s, 2, rows[i].tick);
		got = db_step(s);
		if (got == 1)
			fill_progress(s, &rows[i]);
		db_reset(s);
	}
	db_finish(s);
	return got == -1 ? -1 : 0;
}

/* The row between from and to, both chosen, that is nearest to the middle of their time. */
static size_t
middle_row(const struct findings_progress *rows, size_t from, size_t to)
{
	int64_t middle = rows[from].t_us + (rows[to].t_us - rows[from].t_us) / 2;
	size_t i = from + 1;

	while (i + 1 < to && rows[i].t_us < middle)
		i++;
	return i;
}

/* Chooses a row in the longest time without one. False where there is none left. */
static bool
split_longest(const struct findings_progress *rows, bool *chosen, size_t count)
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
choose_ends(const struct findings_progress *rows, bool *chosen, size_t count)
{
	size_t ends = 1, every, seen = 0, n = 2;

	for (size_t i = 0; i + 1 < count; i++)
		ends += strcmp(rows[i].phase, rows[i + 1].phase) != 0;
	every = ends / PROGRESS_ROWS + 1;
	chosen[0] = chosen[count - 1] = true;
	for (size_t i = 0; i + 1 < count; i++) {
		if (strcmp(rows[i].phase, rows[i + 1].phase) == 0 || seen++ % every != 0)
			continue;
		n += !chosen[i];
		chosen[i] = true;
	}
	return n;
}

static void
choose_break(const struct findings_progress *rows, bool *chosen, size_t count,
	     int64_t broke_us)
{
	for (size_t i = 0; i < count && broke_us >= 0; i++)
		if (rows[i].t_us >= broke_us) {
			chosen[i] = true;
			return;
		}
}

struct findings_progress *
progress_load(struct db *db, int64_t run_id, size_t *count)
{
	int64_t broke_us = db_query_int(
	    db, "SELECT t_us FROM breaking_point WHERE run_id = ?1", run_id, -1);
	struct findings_progress *all, *few;
	struct rows rows = { 0 };
	bool *chosen;

	*count = 0;
	if (rows_load(&rows, sizeof(*all), db, moments_sql, run_id, NULL, fill_moment) ==
	    -1) {
		free(rows.data);
		return NULL;
	}
	all = rows.data;
	few = rows_alloc(rows.count, sizeof(*few));
	chosen = rows_alloc(rows.count, sizeof(*chosen));
	if (rows.count > 0) {
		size_t n = choose_ends(all, chosen, rows.count);

		choose_break(all, chosen, rows.count, broke_us);
		while (n < PROGRESS_ROWS && split_longest(all, chosen, rows.count))
			n++;
	}
	for (size_t i = 0; i < rows.count; i++)
		if (chosen[i])
			few[(*count)++] = all[i];
	free(chosen);
	free(all);
	if (look_up(few, *count, db, run_id) == 0)
		return few;
	free(few);
	return NULL;
}
