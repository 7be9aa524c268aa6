#include "cmd/command.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/budget.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/escape.h"
#include "cmd/operands.h"
#include "report/live.h"
#include "store/run.h"

/* The recorder commits once a second. */
#define LOOK_MS 250
/* A supervisor that is gone leaves a recorder behind, which ends the run; and a run that
 * ended is analysed next. Both take less. */
#define PATIENCE_US (15 * US_PER_S)

struct watch_options {
	char *db;
	int64_t status_us, json;
};

#define AT(member) .offset = offsetof(struct watch_options, member)

static const struct option_spec specs[] = {
	COMMON_DB(struct watch_options),
	{ .name = "status",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_US,
	  AT(status_us),
	  .min = US_PER_S,
	  .max = INT64_C(86400) * US_PER_S,
	  .def = "10s",
	  .arg = "TIME",
	  .group = "options",
	  .help = "a line so often, where standard output is no terminal" },
	COMMON_JSON(struct watch_options),
};

static const struct option_table options = {
	.command = "watch",
	.operands = "[RUN]",
	.operands_max = 1,
	.summary = "a live view of a run, by default the newest that is running, until it"
		   " ends",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
	.reads = true,
};

struct watch {
	struct db *db;
	int64_t run_id;
	const struct watch_options *given;
	bool redraws;
	struct live live;
	int lines;                   /* of the block that stands on the terminal */
	struct live_events events;   /* that were written */
	int64_t next_us, changed_us; /* next line due; when something changed last */
};

/* What follows is written over the block. */
static void
clear_block(struct watch *w)
{
	if (w->lines > 0)
		printf("\033[%dA\033[J", w->lines);
	w->lines = 0;
}

/* Lines that are longer than the terminal is wide are cut by it (DECAWM off), not broken:
 * they are counted for the way back. */
static void
draw_block(struct watch *w)
{
	fputs("\033[?7l", stdout);
	w->lines = live_write_block(&w->live, stdout);
	fputs("\033[?7h", stdout);
}

static void
write_object(struct watch *w)
{
	struct json j;

	json_document(&j, stdout);
	live_write_json(&w->live, &j);
	json_end_document(&j);
}

static void
write_line(struct watch *w, int64_t now_us)
{
	if (now_us < w->next_us)
		return;
	w->next_us = now_us + w->given->status_us;
	if (w->given->json)
		write_object(w);
	else
		live_write_line(&w->live, stdout);
}

/* What is new since the last look. 0, or -1. */
static int
look(struct watch *w, int64_t now_us)
{
	int64_t tick = w->live.tick;
	char state[sizeof(w->live.state)];
	int rc = 0;

	strlcpy(state, w->live.state, sizeof(state));
	budget_renew();
	if (live_load(&w->live, w->db, w->run_id) == -1)
		return -1;
	if (tick == w->live.tick && strcmp(state, w->live.state) == 0)
		return 0;
	w->changed_us = now_us;
	clear_block(w);
	if (!w->given->json)
		rc = live_write_events(w->db, w->run_id, &w->events, stdout);
	if (w->redraws)
		draw_block(w);
	else if (w->live.tick != -1)
		write_line(w, now_us);
	return rc == -1 || command_flush() != EXIT_DONE ? -1 : 0;
}

/* Ended, and analysed where it will be. */
static bool
is_over(const struct watch *w, int64_t now_us)
{
	if (strcmp(w->live.state, "running") == 0)
		return false;
	return w->live.outcome[0] != '\0' || now_us > w->changed_us + PATIENCE_US;
}

static int
tell_end(struct watch *w)
{
	char *verdict = escape_text(w->live.verdict);

	if (w->given->json)
		write_object(w);
	else
		printf("run %lld %s%s%s\n", (long long)w->run_id,
		       w->live.outcome[0] != '\0' ? w->live.outcome : w->live.state,
		       verdict[0] != '\0' ? ": " : "", verdict);
	free(verdict);
	return command_flush();
}

static int
watch_run(struct watch *w)
{
	for (;;) {
		int64_t now_us = clock_us();

		if (db_is_moved(w->db)) {
			log_warnx("the database was deleted or replaced");
			return EXIT_FAILED;
		}
		if (look(w, now_us) == -1) {
			log_warnx("run %lld cannot be read: %s", (long long)w->run_id,
				  db_error(w->db));
			return EXIT_FAILED;
		}
		if (is_over(w, now_us))
			return tell_end(w);
		if (now_us > w->changed_us + PATIENCE_US &&
		    !run_is_live(w->db, w->run_id)) {
			log_warnx("run %lld has lost its supervisor: \"brink check\" "
				  "finishes it",
				  (long long)w->run_id);
			return EXIT_FAILED;
		}
		poll(NULL, 0, LOOK_MS);
	}
}

/* The run that is meant, or -1 after one sentence. */
static int64_t
find_run(struct db *db, const char *operand)
{
	int64_t run_id;

	if (operand != NULL)
		return run_find(db, operand, stderr);
	run_id = db_query_int(db, "SELECT max(run_id) FROM run WHERE state = 'running'",
			      0, -1);
	if (run_id == -1)
		fprintf(stderr, "brink: no run is running in %s\n", db_path(db));
	return run_id;
}

static bool
is_terminal(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

static int
watch(const void *options_given, int count, char **operands)
{
	const struct watch_options *given = options_given;
	struct watch w = {
		.given = given,
		.redraws = !given->json && is_terminal(),
		.live.tick = -1,
		.changed_us = clock_us(),
	};
	int code = EXIT_FAILED;

	(void)count;
	w.db = db_open(given->db, DB_READ, stderr);
	if (w.db != NULL) {
		w.run_id = find_run(w.db, operands[0]);
		if (w.run_id != -1)
			code = watch_run(&w);
	}
	db_close(w.db);
	return code;
}

int
command_watch(int argc, char **argv)
{
	struct watch_options given = { 0 };

	return operands_call(&options, argc, argv, &given, watch);
}
