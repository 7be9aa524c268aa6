#include "cmd/sweep_runner.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/history.h"
#include "cmd/run_for.h"
#include "plan/figure.h"
#include "run/spawn.h"
#include "store/hold.h"
#include "store/sweep.h"

/* So many refused before any has begun: it is not the points that are wrong. */
#define REFUSED_MAX 3

struct runner {
	const struct sweep_job *job;
	struct sweep_next next;
	char *setting;    /* of the next run */
	sigset_t waited;  /* what wait_for() waits for, blocked everywhere else */
	sigset_t outside; /* what was blocked before */
	int64_t begun_us, longest_us, made, refused;
	int stopped;     /* by this signal, or 0 */
	int hold;        /* of the sweep */
	bool unexpected; /* a run did not come to what was expected of it */
};

/* ---------------------------------------------------------------------------- one run */

struct run_job {
	const struct sweep_place *place;
	int argc;
	char **argv;
};

static int
run_main(void *arg)
{
	const struct run_job *job = arg;

	return run_for(job->place, job->argc, job->argv);
}

/* A signal of a terminal went to the run as well; any other is passed on to it. */
static void
pass_on(struct runner *r, const siginfo_t *info, pid_t pid)
{
	r->stopped = info->si_signo;
	if (info->si_code != SI_KERNEL)
		kill(pid, info->si_signo);
}

/* Until the run has ended: its exit code. */
static int
wait_for(struct runner *r, pid_t pid)
{
	siginfo_t info;
	int status;

	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
		if (sigwaitinfo(&r->waited, &info) != -1 && info.si_signo != SIGCHLD)
			pass_on(r, &info, pid);
	}
}

/* The arguments of the next run: those of its point, and what is the sweep's to say. */
static char **
arguments(const struct runner *r, struct db *db, int *argc)
{
	const char *own[7] = { "--db", r->job->db, "--quiet", "--summary=none" };
	size_t n = 4;

	if (!r->job->reports)
		own[n++] = "--report=none";
	if (r->job->force)
		own[n++] = "--force";
	return sweep_arguments(db, r->next.place.sweep_id, r->next.point, own, argc);
}

/* Makes the run, with the store closed: no handle crosses a fork. Its exit code, or -1. */
static int
make_run(struct runner *r, int argc, char **argv)
{
	struct run_job job = { &r->next.place, argc, argv };
	pid_t pid = spawn_run(run_main, &job, &r->outside);

	if (pid == -1) {
		log_warn("no process for the next run");
		return -1;
	}
	return wait_for(r, pid);
}

/* ------------------------------------------------------------------------- what is said */

static void
say_begin(const struct runner *r)
{
	if (!r->job->quiet)
		fprintf(stderr, "brink: s%" PRId64 " %" PRId64 "/%" PRId64 " %s\n",
			r->next.place.sweep_id, r->next.done + 1, r->next.runs,
			r->setting);
}

static void
say_result(const struct runner *r, struct db *db, int code)
{
	struct db_statement *s =
	    db_prepare(db, "SELECT run_id, coalesce(outcome, 'not ended'),"
			   " coalesce(broke_held, held_peak, 0), limit_id, duration_s"
			   " FROM v_sweep_point WHERE sweep_id = ?1 AND position = ?2"
			   " AND run_id IS NOT NULL");
	char held[FIGURE_TEXT_SIZE], time[FIGURE_TEXT_SIZE];
	int64_t left = r->next.runs - r->next.done - 1;

	if (s == NULL || r->job->quiet) {
		db_finish(s);
		return;
	}
	db_bind_int(s, 1, r->next.place.sweep_id);
	db_bind_int(s, 2, r->next.place.position);
	if (db_step(s) == 1)
		fprintf(stderr, "brink:   run %" PRId64 ": %s, %s held%s%s, %s",
			db_int(s, 0), db_text(s, 1),
			figure_format(FIGURE_COUNT, db_real(s, 2), held),
			db_is_null(s, 3) ? "" : ", ", db_text(s, 3),
			figure_format(FIGURE_TIME, db_real(s, 4) * 1e6, time));
	else
		fprintf(stderr, "brink:   refused before it began (exit code %d)", code);
	if (left > 0)
		fprintf(stderr, "; about %s left",
			figure_format(FIGURE_TIME,
				      (double)(clock_us() - r->begun_us) /
					  (double)r->made * (double)left,
				      time));
	fputc('\n', stderr);
	db_finish(s);
}

static void
say_how_to_go_on(const struct runner *r, const char *why)
{
	fprintf(stderr,
		"brink: sweep s%" PRId64 " is not complete: %s; \"brink sweep --resume"
		" s%" PRId64 "\" goes on with it\n",
		r->job->sweep_id, why, r->job->sweep_id);
}

/* ------------------------------------------------------------------------------ the loop */

/* True where the sweep was to stop while no run was going on. */
static bool
is_stopped(struct runner *r)
{
	const struct timespec now = { 0 };
	sigset_t stops = r->waited;
	int number;

	sigdelset(&stops, SIGCHLD);
	number = sigtimedwait(&stops, NULL, &now);
	if (number > 0)
		r->stopped = number;
	return r->stopped != 0;
}

/* Notes how the run ended. 0, or the exit code of the sweep where it ends here. */
static int
note(struct runner *r, struct db *db, int code)
{
	bool begun;

	r->made++;
	if (sweep_note_exit(db, &r->next.place, code) == -1) {
		log_warnx("the sweep cannot be stored: %s", db_error(db));
		return EXIT_FAILED;
	}
	say_result(r, db, code);
	r->unexpected |= code == EXIT_EXPECTATION;
	begun = code != SWEEP_REFUSED;
	r->refused = begun || r->refused == -1 ? -1 : r->refused + 1;
	if (r->refused < REFUSED_MAX)
		return EXIT_DONE;
	if (sweep_forget_refused(db, r->job->sweep_id) == -1)
		log_warnx("the sweep cannot be stored: %s", db_error(db));
	say_how_to_go_on(r, "its first runs were refused");
	return EXIT_USAGE;
}

/* True where the next run would not end in time; the first is always made. */
static bool
is_too_late(const struct runner *r)
{
	return r->job->for_us > 0 && r->made > 0 &&
	       clock_us() - r->begun_us + r->longest_us > r->job->for_us;
}

/* The next run, in an open store, which it closes for the run and leaves open again, or NULL.
 * EXIT_DONE: it was made; else the exit code of the sweep. */
static int
next_run(struct runner *r, struct db **db)
{
	int64_t from_us = clock_us();
	int argc, code;
	char **argv = arguments(r, *db, &argc);

	r->setting = sweep_setting_text(*db, r->next.place.sweep_id, r->next.point);
	db_close(*db);
	*db = NULL;
	if (argv == NULL || r->setting == NULL)
		fatal("cannot hold the arguments of a run");
	say_begin(r);
	code = make_run(r, argc, argv);
	sweep_arguments_free(argv);
	free(r->setting);
	r->setting = NULL;
	if (code == -1 || (*db = db_open(r->job->db, DB_WRITE, stderr)) == NULL)
		return EXIT_FAILED;
	if (is_stopped(r)) {
		say_how_to_go_on(r, "it was stopped");
		return 128 + r->stopped;
	}
	if (clock_us() - from_us > r->longest_us)
		r->longest_us = clock_us() - from_us;
	return note(r, *db, code);
}

static int
make_all(struct runner *r, struct db **db)
{
	int got, code;

	for (;;) {
		if (history_reap(*db) == -1)
			log_warnx("interrupted runs could not be analysed: %s",
				  db_error(*db));
		got = sweep_next(*db, r->job->sweep_id, &r->next);
		if (got != 1)
			break;
		if (is_too_late(r)) {
			say_how_to_go_on(r, "the next run would not end in time");
			return EXIT_DONE;
		}
		code = next_run(r, db);
		if (code != EXIT_DONE)
			return code;
	}
	if (got == 0 && sweep_end(*db, r->job->sweep_id) == 0)
		return EXIT_DONE;
	log_warnx("the sweep cannot be stored: %s", db_error(*db));
	return EXIT_FAILED;
}

static void
take_signals(struct runner *r)
{
	sigemptyset(&r->waited);
	sigaddset(&r->waited, SIGINT);
	sigaddset(&r->waited, SIGTERM);
	sigaddset(&r->waited, SIGCHLD);
	sigprocmask(SIG_BLOCK, &r->waited, &r->outside);
	/* A closed terminal does not end a night's sweep, nor does one that stops reading. */
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* Holds the sweep, so that nobody else makes its runs. */
static int
hold(struct runner *r, struct db *db)
{
	bool locked;

	if (!hold_is_taken(db, HOLD_SWEEP, r->job->sweep_id)) {
		r->hold = hold_take(db, HOLD_SWEEP, r->job->sweep_id, &locked);
		return EXIT_DONE;
	}
	fprintf(stderr, "brink sweep: sweep s%" PRId64 " is going on already\n",
		r->job->sweep_id);
	return EXIT_USAGE;
}

int
sweep_make_runs(const struct sweep_job *job)
{
	struct runner r = {
		.job = job,
		.begun_us = clock_us(),
		.longest_us = 0,
		.hold = -1,
	};
	struct db *db = db_open(job->db, DB_WRITE, stderr);
	int code;

	if (db == NULL)
		return EXIT_FAILED;
	take_signals(&r);
	code = hold(&r, db);
	if (code == EXIT_DONE)
		code = make_all(&r, &db);
	if (db != NULL)
		db_close(db);
	if (r.hold != -1)
		close(r.hold);
	sigprocmask(SIG_SETMASK, &r.outside, NULL);
	return code == EXIT_DONE && r.unexpected ? EXIT_EXPECTATION : code;
}
