#include "store/run.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "model/resource.h"
#include "config.h"
#include "base/clock.h"
#include "base/escape.h"
#include "store/hold.h"
#include "store/host.h"
#include "store/tag.h"

/* A run that is judged by its samples is gone when it stored none for so long. */
#define SILENT_US (60 * US_PER_S)

/* A word as a POSIX shell reads it back. */
static void
quote(FILE *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_@%+=:,./-";

	if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word != '\0'; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){ *word, '\0' }, out);
	fputc('\'', out);
}

char *
run_command_line(int argc, char **argv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	for (int i = 0; i < argc; i++) {
		if (i > 0)
			fputc(' ', out);
		quote(out, argv[i]);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

static void
bind_resource(struct db_statement *s, const struct resource *r)
{
	db_bind_text(s, 1, subject_kind_name(r->subject));
	db_bind_text(s, 2, r->name);
	db_bind_text(s, 3, units_name(r->unit));
	db_bind_text(s, 4, r->kind == RESOURCE_COUNTER ? "counter" : "gauge");
	db_bind_int(s, 5, r->resolution);
	db_bind_text(s, 6, r->help);
}

static int
store_resources(struct db *db)
{
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO resource (kind, name, unit, type, resolution, help)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
		" ON CONFLICT DO UPDATE SET unit = excluded.unit, type = excluded.type,"
		" resolution = excluded.resolution, help = excluded.help"
		" WHERE (unit, type, resolution, help) <> (excluded.unit, excluded.type,"
		" excluded.resolution, excluded.help)");
	int rc = s == NULL ? -1 : 0;

	for (size_t i = 0; i < resource_count && rc == 0; i++) {
		bind_resource(s, &resources[i]);
		rc = db_run(s);
	}
	db_finish(s);
	return rc;
}

struct run_row {
	const struct plan *plan;
	const char *plan_json, *command;
	int64_t started_unix_us;
	pid_t supervisor;
};

static int64_t
insert_run(struct db *db, const struct run_row *row)
{
	char boot_id[BOOT_ID_SIZE];
	int64_t host_id = host_store(db);
	int64_t start = host_process_start(row->supervisor);
	int64_t namespace = host_pid_namespace();
	struct db_statement *s = db_prepare(
	    db, "INSERT INTO run (started_unix_us, state, label, plan, "
		"command, version, host_id,"
		" boot_id, supervisor_pid, supervisor_start,"
		" supervisor_pid_namespace)"
		" VALUES (?1, 'running', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)");
	int rc;

	if (s == NULL || host_id == -1) {
		db_finish(s);
		return -1;
	}
	host_boot_id(boot_id);
	db_bind_int(s, 1, row->started_unix_us);
	db_bind_text(s, 2, row->plan->label);
	db_bind_text(s, 3, row->plan_json);
	db_bind_text(s, 4, row->command);
	db_bind_text(s, 5, PACKAGE_VERSION);
	db_bind_int(s, 6, host_id);
	db_bind_text(s, 7, boot_id);
	db_bind_int(s, 8, row->supervisor);
	if (start != -1)
		db_bind_int(s, 9, start);
	if (namespace != -1)
		db_bind_int(s, 10, namespace);
	rc = db_run(s);
	db_finish(s);
	return rc == -1 ? -1 : db_last_id(db);
}

static int
insert_tags(struct db *db, int64_t run_id, const struct tag_list *tags)
{
	for (size_t i = 0; i < tags->count; i++)
		if (tag_put(db, run_id, tags->all[i]) == -1)
			return -1;
	return 0;
}

int64_t
run_create(struct db *db, const struct plan *plan, int argc, char **argv,
	   int64_t started_unix_us, pid_t supervisor, FILE *err)
{
	char *json = plan_json(plan), *command = run_command_line(argc, argv);
	struct run_row row = { plan, json, command, started_unix_us, supervisor };
	int64_t run_id = -1;

	if (json == NULL || command == NULL) {
		fprintf(err, "brink: the run cannot be stored: out of memory\n");
	} else if (db_begin(db) == -1 || store_resources(db) == -1 ||
		   (run_id = insert_run(db, &row)) == -1 ||
		   insert_tags(db, run_id, &plan->tags) == -1 || db_commit(db) == -1) {
		fprintf(err, "brink: the run cannot be stored: %s\n", db_error(db));
		db_rollback(db);
		run_id = -1;
	}
	free(json);
	free(command);
	return run_id;
}

/* The first column of the first row, -1 where there is none; ?1 is text. */
static int64_t
query_by_text(struct db *db, const char *sql, const char *text)
{
	struct db_statement *s = db_prepare(db, sql);
	int64_t value = -1;

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, text);
	if (db_step(s) == 1 && !db_is_null(s, 0))
		value = db_int(s, 0);
	db_finish(s);
	return value;
}

/* "last" is 0 back, "last-2" two; -1 where it is neither. */
static int64_t
last_operand(const char *operand)
{
	const char *problem;
	int64_t back;

	if (strncmp(operand, "last", 4) != 0)
		return -1;
	if (operand[4] == '\0')
		return 0;
	if (operand[4] != '-' || operand[5] < '0' || operand[5] > '9')
		return -1;
	back = strtonum(operand + 5, 0, INT64_MAX, &problem);
	return problem == NULL ? back : -1;
}

static int64_t
find_last(struct db *db, int64_t back, FILE *err)
{
	int64_t run_id = db_query_int(
	    db, "SELECT run_id FROM run ORDER BY run_id DESC LIMIT 1 OFFSET ?1", back,
	    -1);
	int64_t count;

	if (run_id != -1)
		return run_id;
	count = db_query_int(db, "SELECT count(*) FROM run", 0, 0);
	if (count == 0)
		fputs("brink: there are no runs in this database\n", err);
	else
		fprintf(err, "brink: there %s only %" PRId64 " run%s in this database\n",
			count == 1 ? "is" : "are", count, count == 1 ? "" : "s");
	return -1;
}

static int64_t
find_prefix(struct db *db, const char *operand, FILE *err)
{
	bool digits =
	    operand[0] != '\0' && operand[strspn(operand, "0123456789")] == '\0';
	int64_t matches =
	    digits ? query_by_text(db,
				   "SELECT count(*) FROM run WHERE run_id GLOB ?1 || '*'",
				   operand)
		   : 0;
	char *escaped;

	if (matches == 1)
		return query_by_text(
		    db, "SELECT run_id FROM run WHERE run_id GLOB ?1 || '*'", operand);
	escaped = escape_text(operand);
	if (matches > 1)
		fprintf(err,
			"brink: \"%s\" is the beginning of %" PRId64
			" run ids: give more digits\n",
			escaped, matches);
	else
		fprintf(err,
			"brink: there is no run \"%s\" in this database:"
			" \"brink list\" shows them\n",
			escaped);
	free(escaped);
	return -1;
}

/* What is exact goes first: an id, then a label, and a prefix only where neither fits. */
int64_t
run_find(struct db *db, const char *operand, FILE *err)
{
	static const char *const exact[] = {
		"SELECT run_id FROM run WHERE CAST(run_id AS TEXT) = ?1",
		"SELECT max(run_id) FROM run WHERE label = ?1",
	};
	int64_t back = last_operand(operand);

	if (back != -1)
		return find_last(db, back, err);
	for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++) {
		int64_t run_id = query_by_text(db, exact[i], operand);

		if (run_id != -1)
			return run_id;
	}
	return find_prefix(db, operand, err);
}

/* ------------------------------------------------------------------- whether it lives */

static int
change_run(struct db *db, const char *sql, int64_t run_id)
{
	struct db_statement *s = db_prepare(db, sql);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	rc = db_run(s);
	db_finish(s);
	return rc;
}

int
run_hold(struct db *db, int64_t run_id)
{
	bool locked;
	int fd = hold_take(db, HOLD_RUN, run_id, &locked);

	if (locked)
		change_run(db, "UPDATE run SET supervisor_lock = 1 WHERE run_id = ?1",
			   run_id);
	return fd;
}

bool
run_is_held(struct db *db, int64_t run_id)
{
	return hold_is_taken(db, HOLD_RUN, run_id);
}

struct running {
	int64_t run_id, start, namespace, newest_unix_us;
	pid_t supervisor;
	bool locks;
	char boot_id[BOOT_ID_SIZE];
};

#define RUNNING(columns)                                                          \
	"SELECT run_id, supervisor_pid, boot_id, coalesce(supervisor_start, -1)," \
	" started_unix_us + coalesce((SELECT t_us FROM tick WHERE tick.run_id ="  \
	" run.run_id ORDER BY tick DESC LIMIT 1), 0), " columns                   \
	" FROM run WHERE state = 'running' AND run_id > ?1 ORDER BY run_id LIMIT 1"

/* A store that is yet to be migrated does not have the last columns. */
static struct db_statement *
prepare_running(struct db *db)
{
	struct db_statement *s = db_prepare(
	    db, RUNNING("coalesce(supervisor_pid_namespace, -1), supervisor_lock"));

	return s != NULL ? s : db_prepare(db, RUNNING("-1, NULL"));
}

/* The next run after run_id that says it is running: 1, 0 where there is none, -1. */
static int
next_running(struct db *db, int64_t run_id, struct running *run)
{
	struct db_statement *s = prepare_running(db);
	int rc;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	rc = db_step(s);
	if (rc == 1) {
		run->run_id = db_int(s, 0);
		run->supervisor = (pid_t)db_int(s, 1);
		db_text_copy(s, 2, run->boot_id, sizeof(run->boot_id));
		run->start = db_int(s, 3);
		run->newest_unix_us = db_int(s, 4);
		run->namespace = db_int(s, 5);
		run->locks = db_int(s, 6) == 1;
	}
	db_finish(s);
	return rc;
}

/* A pid is used again, after a boot and within one: the same process began at the same
 * time. */
static bool
is_process_there(const struct running *run)
{
	int64_t start = host_process_start(run->supervisor);

	return start != -1 && (run->start == -1 || run->start == start);
}

/* Where the pid says nothing: the recorder stores a sample a second. */
static bool
is_written(const struct running *run)
{
	return run->newest_unix_us > clock_unix_us() - SILENT_US;
}

static bool
is_alive(struct db *db, const struct running *run)
{
	char boot_id[BOOT_ID_SIZE];

	if (run_is_held(db, run->run_id))
		return true;
	host_boot_id(boot_id);
	if (run->locks || strcmp(boot_id, run->boot_id) != 0)
		return false;
	if (run->namespace == host_pid_namespace())
		return is_process_there(run);
	return (run->namespace == -1 && is_process_there(run)) || is_written(run);
}

bool
run_is_live(struct db *db, int64_t run_id)
{
	struct running run;

	return next_running(db, run_id - 1, &run) == 1 && run.run_id == run_id &&
	       is_alive(db, &run);
}

/* 1 where it was still marked as running: no other process did this, nor the run's own
 * recorder meanwhile; 0 where it was not, -1 on an error. */
static int
interrupt(struct db *db, int64_t run_id)
{
	struct db_statement *s = db_prepare(
	    db,
	    "UPDATE run SET state = 'interrupted', outcome = 'interrupted', ended_us ="
	    " coalesce((SELECT t_us FROM tick WHERE tick.run_id = run.run_id"
	    "  ORDER BY tick DESC LIMIT 1), 0)"
	    " WHERE run_id = ?1 AND state = 'running' RETURNING 1");
	int rc, end;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	rc = db_step(s);
	/* The change is complete only once the statement is at its end. */
	end = rc == 1 ? db_run(s) : rc;
	db_finish(s);
	return end == -1 ? -1 : rc;
}

int
run_store_peak(struct db *db, int64_t run_id)
{
	return change_run(db,
			  "UPDATE run SET held_peak = (SELECT v.held_peak FROM v_run AS v"
			  " WHERE v.run_id = ?1) WHERE run_id = ?1",
			  run_id);
}

/* The values of a plan's options, and of the members of those that have several. */
static const char plan_sql[] =
    "SELECT o.key, NULL, o.type = 'text', o.atom FROM run, json_each(plan) AS o"
    " WHERE run_id = ?1 AND o.atom IS NOT NULL"
    " UNION ALL SELECT o.key, m.key, m.type = 'text', m.atom FROM run,"
    " json_each(plan) AS o, json_each(o.value) AS m WHERE run_id = ?1"
    " AND o.type IN ('object', 'array') AND m.atom IS NOT NULL";

int
run_plan(struct db *db, int64_t run_id, struct plan *plan)
{
	struct db_statement *s;
	int got = -1;

	if (plan_default(plan) == -1 || (s = db_prepare(db, plan_sql)) == NULL)
		return -1;
	db_bind_int(s, 1, run_id);
	while ((got = db_step(s)) == 1) {
		bool is_text = db_int(s, 2) != 0;
		const struct option_stored value = {
			.option = db_text(s, 0),
			.member = db_is_null(s, 1) ? NULL : db_text(s, 1),
			.text = is_text ? db_text(s, 3) : NULL,
			.number = is_text ? 0 : db_int(s, 3),
		};

		option_restore(&plan_options, &value, plan);
	}
	db_finish(s);
	return got == 0 ? plan_name_protocol(plan) : got;
}

int
run_forget(struct db *db, int64_t run_id)
{
	return change_run(db, "DELETE FROM run WHERE run_id = ?1", run_id);
}

int
run_reap(struct db *db, int (*each)(struct db *db, int64_t run_id, void *arg), void *arg)
{
	struct running run = { .run_id = -1 };
	int rc;

	while ((rc = next_running(db, run.run_id, &run)) == 1) {
		if (is_alive(db, &run))
			continue;
		rc = interrupt(db, run.run_id);
		if (rc == 1 && run_store_peak(db, run.run_id) == 0)
			rc = each(db, run.run_id, arg);
		if (rc != 0)
			return -1;
	}
	return rc;
}
