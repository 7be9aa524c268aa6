#include "analyse/plan_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyse/rows.h"
#include "base/log.h"

/* A run and what makes it comparable with others. */
struct member {
	int64_t run_id;
	char *label, *host, *key;
};

/* A run that was let go early says nothing about the plan. */
static const char member_sql[] =
    "SELECT run_id, label, name FROM run JOIN host USING (host_id)"
    " WHERE state = 'done' AND outcome NOT IN ('interrupted', 'aborted', 'failed')"
    " AND (?1 IS NULL OR label = ?1) ORDER BY run_id";

static void
member_free(struct member *member)
{
	free(member->label);
	free(member->host);
	free(member->key);
}

static char *
copy(const char *text)
{
	char *result = strdup(text);

	if (result == NULL)
		fatal("cannot hold the history");
	return result;
}

static int
load_members(struct rows *rows, struct db *db, const char *label)
{
	struct db_statement *s = db_prepare(db, member_sql);
	bool readable = true;
	int got = 0;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, label);
	while (readable && (got = db_step(s)) == 1) {
		struct member *member = rows_add(rows, sizeof(*member));

		member->run_id = db_int(s, 0);
		member->label = db_is_null(s, 1) ? NULL : copy(db_text(s, 1));
		member->host = copy(db_text(s, 2));
		member->key = compare_plan_key(db, member->run_id);
		readable = member->key != NULL;
	}
	db_finish(s);
	return readable ? got : -1;
}

/* NULL is before all others, and like itself. */
static int
compare_labels(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

/* Like runs beside each other, the oldest first. */
static int
compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int order = compare_labels(x->label, y->label);

	if (order == 0)
		order = strcmp(x->host, y->host);
	if (order == 0)
		order = strcmp(x->key, y->key);
	if (order == 0)
		order = x->run_id < y->run_id ? -1 : x->run_id > y->run_id;
	return order;
}

static bool
is_alike(const struct member *a, const struct member *b)
{
	return compare_labels(a->label, b->label) == 0 && strcmp(a->host, b->host) == 0 &&
	       strcmp(a->key, b->key) == 0;
}

/* Makes a history of the members that are like the first of them. Returns how many. */
static size_t
gather(struct plan_history *history, const struct member *members, size_t count)
{
	history->label = members[0].label != NULL ? copy(members[0].label) : NULL;
	history->host = copy(members[0].host);
	history->key = copy(members[0].key);
	history->runs = rows_alloc(count, sizeof(*history->runs));
	while (history->run_count < count &&
	       is_alike(&members[0], &members[history->run_count])) {
		history->runs[history->run_count] = members[history->run_count].run_id;
		history->run_count++;
	}
	return history->run_count;
}

static int
compare_histories(const void *a, const void *b)
{
	const struct plan_history *x = a, *y = b;

	return x->runs[0] < y->runs[0] ? -1 : x->runs[0] > y->runs[0];
}

static void
gather_all(struct plan_histories *list, struct rows *rows)
{
	struct rows histories = { 0 };
	struct member *members = rows->data;

	if (rows->count > 0)
		qsort(members, rows->count, sizeof(*members), compare_members);
	for (size_t i = 0; i < rows->count;)
		i += gather(rows_add(&histories, sizeof(struct plan_history)),
			    members + i, rows->count - i);
	if (histories.count > 0)
		qsort(histories.data, histories.count, sizeof(struct plan_history),
		      compare_histories);
	list->histories = histories.data;
	list->count = histories.count;
}

int64_t
plan_history_values(struct db *db, const struct plan_history *history,
		    const struct figure *figure, double *values, int64_t *runs)
{
	int64_t count = 0;

	for (size_t i = 0; i < history->run_count; i++) {
		struct figure_value value;

		if (figure_value_read_alone(&value, db, history->runs[i], figure) == -1)
			return -1;
		if (!value.known || !isfinite(value.value))
			continue;
		values[count] = value.value;
		runs[count++] = history->runs[i];
	}
	return count;
}

static void
add_change(struct rows *rows, const struct figure *figure, const struct change *change,
	   const int64_t *runs)
{
	double scale = fmax(fabs(change->before), fabs(change->after));
	bool more = change->after > change->before;
	struct plan_change *row;

	if (fabs(change->after - change->before) <= COMPARE_MATTERS * scale)
		return;
	row = rows_add(rows, sizeof(*row));
	*row = (struct plan_change){
		.figure = figure,
		.run_id = runs[change->at],
		.before = change->before,
		.after = change->after,
		.p = change->p,
		.judgement = more == (figure->better == BETTER_MORE) ? JUDGED_BETTER
								     : JUDGED_WORSE,
	};
}

static int
compare_changes(const void *a, const void *b)
{
	const struct plan_change *x = a, *y = b;

	if (x->run_id != y->run_id)
		return x->run_id < y->run_id ? -1 : 1;
	return x->figure < y->figure ? -1 : x->figure > y->figure;
}

/* One figure's changes; -1 where the store cannot be read. */
static int
find_changes(struct rows *rows, struct db *db, const struct plan_history *history,
	     const struct figure *figure)
{
	double *values = rows_alloc(history->run_count, sizeof(*values));
	int64_t *runs = rows_alloc(history->run_count, sizeof(*runs));
	struct change *changes = rows_alloc(history->run_count, sizeof(*changes));
	int64_t known = plan_history_values(db, history, figure, values, runs);
	size_t count =
	    known > 0 ? change_points(values, (size_t)known, CHANGE_P, changes) : 0;

	for (size_t i = 0; i < count; i++)
		add_change(rows, figure, &changes[i], runs);
	free(changes);
	free(runs);
	free(values);
	return known == -1 ? -1 : 0;
}

static int
find_all_changes(struct plan_history *history, struct db *db)
{
	struct rows rows = { 0 };
	int error = 0;

	for (size_t i = 0; i < figure_count && error == 0; i++)
		if (figures[i].better != BETTER_NEITHER)
			error = find_changes(&rows, db, history, &figures[i]);
	if (rows.count > 0)
		qsort(rows.data, rows.count, sizeof(struct plan_change), compare_changes);
	history->changes = rows.data;
	history->change_count = rows.count;
	return error;
}

int
plan_histories_load(struct plan_histories *list, struct db *db, const char *label)
{
	struct rows members = { 0 };
	int error;

	*list = (struct plan_histories){ 0 };
	error = load_members(&members, db, label);
	if (error == 0)
		gather_all(list, &members);
	for (size_t i = 0; i < members.count; i++)
		member_free(&((struct member *)members.data)[i]);
	free(members.data);
	for (size_t i = 0; i < list->count && error == 0; i++)
		error = find_all_changes(&list->histories[i], db);
	return error;
}

void
plan_histories_free(struct plan_histories *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->histories[i].label);
		free(list->histories[i].host);
		free(list->histories[i].key);
		free(list->histories[i].runs);
		free(list->histories[i].changes);
	}
	free(list->histories);
}
