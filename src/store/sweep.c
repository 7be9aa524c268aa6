#include "store/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/json.h"
#include "config.h"

/* The arguments as a JSON array, to be freed. */
static char *
arguments_json(int argc, char **argv)
{
	struct json j;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	json_begin(&j, out);
	json_array(&j, NULL);
	for (int i = 0; i < argc; i++)
		json_text(&j, NULL, argv[i]);
	json_end_array(&j);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static int64_t
insert_sweep(struct db *db, const struct sweep_begin *begin)
{
	char *arguments = arguments_json(begin->argc, begin->argv);
	char *plan = plan_json(begin->plan);
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO sweep (started_unix_us, points, repeats, seed, command,"
		" arguments, plan, version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
	int rc = -1;

	if (s != NULL && arguments != NULL && plan != NULL) {
		db_bind_int(s, 1, clock_unix_us());
		db_bind_int(s, 2, (int64_t)sweep_plan_points(begin->points));
		db_bind_int(s, 3, begin->repeats);
		db_bind_int(s, 4, begin->seed);
		db_bind_text(s, 5, begin->command);
		db_bind_text(s, 6, arguments);
		db_bind_text(s, 7, plan);
		db_bind_text(s, 8, PACKAGE_VERSION);
		rc = db_run(s);
	}
	db_finish(s);
	free(plan);
	free(arguments);
	return rc == -1 ? -1 : db_last_id(db);
}

static int
insert_values(struct db *db, int64_t sweep_id, const struct sweep_plan *plan)
{
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO sweep_value (sweep_id, point, seq, axis, name, value)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
	size_t points = sweep_plan_points(plan), settings = sweep_plan_settings(plan);
	int rc = s == NULL ? -1 : 0;

	for (size_t i = 0; i < points * settings && rc == 0; i++) {
		struct sweep_setting setting =
		    sweep_plan_setting(plan, i / settings, i % settings);

		db_bind_int(s, 1, sweep_id);
		db_bind_int(s, 2, (int64_t)(i / settings));
		db_bind_int(s, 3, (int64_t)(i % settings));
		db_bind_int(s, 4, (int64_t)setting.axis);
		db_bind_text(s, 5, setting.name);
		db_bind_text(s, 6, setting.value);
		rc = db_run(s);
	}
	db_finish(s);
	return rc;
}

/* Each round has every point once. */
static int
insert_places(struct db *db, int64_t sweep_id, const struct sweep_begin *begin)
{
	struct db_statement *s =
	    db_prepare(db, "INSERT INTO sweep_point (sweep_id, position, point, repeat)"
			   " VALUES (?1, ?2, ?3, ?4)");
	size_t points = sweep_plan_points(begin->points);
	size_t runs = points * (size_t)begin->repeats;
	size_t *order = calloc(runs, sizeof(*order));
	int rc = s == NULL || order == NULL ? -1 : 0;

	if (rc == 0)
		vary_order(points, (size_t)begin->repeats, (uint64_t)begin->seed, order);
	for (size_t i = 0; i < runs && rc == 0; i++) {
		db_bind_int(s, 1, sweep_id);
		db_bind_int(s, 2, (int64_t)i);
		db_bind_int(s, 3, (int64_t)order[i]);
		db_bind_int(s, 4, (int64_t)(i / points));
		rc = db_run(s);
	}
	free(order);
	db_finish(s);
	return rc;
}

int64_t
sweep_create(struct db *db, const struct sweep_begin *begin)
{
	int64_t sweep_id;

	if (db_begin(db) == -1)
		return -1;
	sweep_id = insert_sweep(db, begin);
	if (sweep_id != -1 && insert_values(db, sweep_id, begin->points) == 0 &&
	    insert_places(db, sweep_id, begin) == 0 && db_commit(db) == 0)
		return sweep_id;
	db_rollback(db);
	return -1;
}

static bool
is_name(const char *operand)
{
	return operand[0] == 's' && operand[1] != '\0' &&
	       operand[1 + strspn(operand + 1, "0123456789")] == '\0';
}

/* Labels were there first. */
bool
sweep_is_meant(struct db *db, const char *operand)
{
	struct db_statement *s;
	bool labelled;

	if (!is_name(operand))
		return false;
	s = db_prepare(db, "SELECT 1 FROM run WHERE label = ?1 LIMIT 1");
	if (s == NULL)
		return true;
	db_bind_text(s, 1, operand);
	labelled = db_step(s) == 1;
	db_finish(s);
	return !labelled;
}

int64_t
sweep_find(struct db *db, const char *operand, FILE *err)
{
	const char *problem = "no number";
	int64_t sweep_id = -1;
	char *escaped;

	if (is_name(operand))
		sweep_id = strtonum(operand + 1, 0, INT64_MAX, &problem);
	if (problem == NULL)
		sweep_id = db_query_int(
		    db, "SELECT sweep_id FROM sweep WHERE sweep_id = ?1", sweep_id, -1);
	if (problem == NULL && sweep_id != -1)
		return sweep_id;
	escaped = escape_text(operand);
	fprintf(err,
		"brink: there is no sweep \"%s\" in this database:"
		" \"brink list --sweeps\" shows them\n",
		escaped);
	free(escaped);
	return -1;
}

int64_t
sweep_newest_open(struct db *db)
{
	return db_query_int(
	    db, "SELECT max(sweep_id) FROM sweep WHERE ended_unix_us IS NULL", 0, -1);
}

int
sweep_next(struct db *db, int64_t sweep_id, struct sweep_next *next)
{
	struct db_statement *s = db_prepare(
	    db, "SELECT position, point, repeat, (SELECT count(*) FROM v_sweep_point"
		" WHERE sweep_id = ?1 AND is_done), (SELECT count(*) FROM sweep_point"
		" WHERE sweep_id = ?1) FROM v_sweep_point WHERE sweep_id = ?1"
		" AND NOT coalesce(is_done, 0) ORDER BY position LIMIT 1");
	int got;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, sweep_id);
	got = db_step(s);
	if (got == 1)
		*next = (struct sweep_next){
			.place = { sweep_id, db_int(s, 0) },
			.point = db_int(s, 1),
			.repeat = db_int(s, 2),
			.done = db_int(s, 3),
			.runs = db_int(s, 4),
		};
	db_finish(s);
	return got;
}

char *
sweep_setting_text(struct db *db, int64_t sweep_id, int64_t point)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT name, value FROM sweep_value WHERE sweep_id = ?1"
			   " AND point = ?2 ORDER BY seq");
	char *text = NULL;
	size_t size;
	FILE *out = s != NULL ? open_memstream(&text, &size) : NULL;
	int got = -1;

	if (out != NULL) {
		const char *gap = "";

		db_bind_int(s, 1, sweep_id);
		db_bind_int(s, 2, point);
		for (; (got = db_step(s)) == 1; gap = " ")
			fprintf(out, "%s%s=%s", gap, db_text(s, 0), db_text(s, 1));
		if (fclose(out) != 0)
			got = -1;
	}
	db_finish(s);
	if (got == 0)
		return text;
	free(text);
	return NULL;
}

void
sweep_arguments_free(char **argv)
{
	for (size_t i = 0; argv != NULL && argv[i] != NULL; i++)
		free(argv[i]);
	free(argv);
}

/* The next argument, which becomes the list's own. */
static int
append(char ***argv, int *argc, char *argument)
{
	char **more = argument == NULL
			  ? NULL
			  : reallocarray(*argv, (size_t)*argc + 2, sizeof(**argv));

	if (more == NULL) {
		free(argument);
		return -1;
	}
	more[(*argc)++] = argument;
	more[*argc] = NULL;
	*argv = more;
	return 0;
}

/* Options that all points share, those of the point, and from the first "--" on the command. */
static const char arguments_sql[] =
    "WITH shared AS (SELECT a.key, a.value FROM sweep, json_each(arguments) AS a"
    "  WHERE sweep_id = ?1),"
    " command AS (SELECT min(key) AS key FROM shared WHERE value = '--')"
    " SELECT value, NULL, 0 FROM (SELECT value FROM shared, command"
    "  WHERE command.key IS NULL OR shared.key < command.key ORDER BY shared.key)"
    " UNION ALL SELECT value, name, 0 FROM (SELECT value, name FROM sweep_value"
    "  WHERE sweep_id = ?1 AND point = ?2 ORDER BY seq)"
    " UNION ALL SELECT value, NULL, 1 FROM (SELECT value FROM shared, command"
    "  WHERE shared.key >= command.key ORDER BY shared.key)";

static int
append_all(char ***argv, int *argc, const char *const *more)
{
	for (; *more != NULL; more++)
		if (append(argv, argc, strdup(*more)) == -1)
			return -1;
	return 0;
}

/* The next row of the above. */
static int
append_row(char ***argv, int *argc, struct db_statement *s)
{
	return append(argv, argc,
		      db_is_null(s, 1)
			  ? strdup(db_text_raw(s, 0))
			  : sweep_setting_argument(db_text_raw(s, 1), db_text_raw(s, 0)));
}

char **
sweep_arguments(struct db *db, int64_t sweep_id, int64_t point, const char *const *more,
		int *argc)
{
	struct db_statement *s = db_prepare(db, arguments_sql);
	char **argv = NULL;
	bool added = false;
	int got = -1;

	*argc = 0;
	if (s != NULL && append(&argv, argc, strdup("run")) == 0) {
		db_bind_int(s, 1, sweep_id);
		db_bind_int(s, 2, point);
		while ((got = db_step(s)) == 1) {
			if (db_int(s, 2) != 0 && !added) {
				added = true;
				if (append_all(&argv, argc, more) == -1)
					break;
			}
			if (append_row(&argv, argc, s) == -1)
				break;
		}
		if (got == 0 && !added)
			got = append_all(&argv, argc, more);
	}
	db_finish(s);
	if (got == 0)
		return argv;
	sweep_arguments_free(argv);
	return NULL;
}

char *
sweep_plan_text(struct db *db, int64_t sweep_id)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT plan FROM sweep WHERE sweep_id = ?1");
	char *text = NULL;

	if (s == NULL)
		return NULL;
	db_bind_int(s, 1, sweep_id);
	if (db_step(s) == 1)
		text = strdup(db_text_raw(s, 0));
	db_finish(s);
	return text;
}

/* A change of one row, which is there. */
static int
change(struct db *db, const char *sql, const struct sweep_place *place, int64_t value)
{
	struct db_statement *s = db_prepare(db, sql);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, place->sweep_id);
	db_bind_int(s, 2, place->position);
	db_bind_int(s, 3, value);
	rc = db_run(s);
	db_finish(s);
	return rc;
}

int
sweep_link(struct db *db, const struct sweep_place *place, int64_t run_id)
{
	return change(db,
		      "UPDATE sweep_point SET run_id = ?3 WHERE sweep_id = ?1"
		      " AND position = ?2",
		      place, run_id);
}

int
sweep_note_exit(struct db *db, const struct sweep_place *place, int exit_code)
{
	return change(db,
		      "UPDATE sweep_point SET exit_code = ?3 WHERE sweep_id = ?1"
		      " AND position = ?2",
		      place, exit_code);
}

int
sweep_forget_refused(struct db *db, int64_t sweep_id)
{
	const struct sweep_place place = { .sweep_id = sweep_id };

	return change(db,
		      "UPDATE sweep_point SET exit_code = NULL WHERE sweep_id = ?1"
		      " AND run_id IS NULL AND exit_code = ?3 AND ?2 IS NOT NULL",
		      &place, SWEEP_REFUSED);
}

int
sweep_end(struct db *db, int64_t sweep_id)
{
	const struct sweep_place place = { .sweep_id = sweep_id };

	return change(db,
		      "UPDATE sweep SET ended_unix_us = ?3 WHERE sweep_id = ?1"
		      " AND ?2 IS NOT NULL",
		      &place, clock_unix_us());
}
