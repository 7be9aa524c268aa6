#include "cmd/command.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyse/analyse.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/escape.h"
#include "cmd/history.h"
#include "cmd/output.h"
#include "cmd/run_for.h"
#include "plan/checkup.h"
#include "plan/plan_resolve.h"
#include "plan/preflight.h"
#include "protocol/protocol.h"
#include "report/findings.h"
#include "report/report.h"
#include "run/acceptor.h"
#include "run/isolate.h"
#include "run/own_cgroup.h"
#include "run/supervisor.h"
#include "run/target.h"
#include "sample/sampler.h"
#include "store/db.h"
#include "store/disk_reserve.h"
#include "store/recorder.h"
#include "store/run.h"
#include "store/sweep.h"

/* The command line that is stored: argv here begins after the program's name. */
static int64_t
create_run(struct db *db, const struct plan *plan, const struct ledger *ledger, int argc,
	   char **argv)
{
	char program[] = "brink";
	char **line = calloc((size_t)argc + 2, sizeof(*line));
	int64_t run_id;

	if (line == NULL)
		fatal("cannot hold the command line");
	line[0] = program;
	memcpy(&line[1], argv, (size_t)argc * sizeof(*line));
	run_id = run_create(db, plan, argc + 1, line, ledger->started_unix_us, getpid(),
			    stderr);
	free(line);
	return run_id;
}

/* A run that is under way. */
struct session {
	const struct sweep_place *place; /* of a sweep, or NULL */
	struct ledger *ledger;
	int64_t run_id;
	char *db_path; /* as the store knows it */
	int hold;      /* run_hold()'s, to the end of this process */
	int code;      /* to exit with, where there is nothing to finish */
};

/* Made and held at once: nobody sees a run that seems to have lost its supervisor. */
static int64_t
create_and_hold(struct session *session, const struct plan *plan, struct db *db, int argc,
		char **argv)
{
	int64_t run_id;

	if (db_begin(db) == -1) {
		log_warnx("the run cannot be stored: %s", db_error(db));
		return -1;
	}
	run_id = create_run(db, plan, session->ledger, argc, argv);
	if (run_id == -1)
		return -1;
	session->hold = run_hold(db, run_id);
	if ((session->place == NULL || sweep_link(db, session->place, run_id) == 0) &&
	    db_commit(db) == 0)
		return run_id;
	log_warnx("the run cannot be stored: %s", db_error(db));
	db_rollback(db);
	return -1;
}

/* The run and its reserve of disk, or the exit code. */
static int
store_run(struct session *session, const struct plan *plan, struct db *db, int argc,
	  char **argv)
{
	int64_t run_id = create_and_hold(session, plan, db, argc, argv);

	if (run_id == -1)
		return db_is_full(db) ? EXIT_UNTRUSTED : EXIT_FAILED;
	if (disk_reserve_take(db_path(db), run_id, stderr) == -1) {
		run_forget(db, run_id);
		return EXIT_UNTRUSTED;
	}
	session->run_id = run_id;
	session->db_path = strdup(db_path(db));
	if (session->db_path == NULL)
		fatal("cannot hold the name of the database");
	return EXIT_DONE;
}

/* Makes the run in the database, which is closed again: no handle crosses a fork. */
static int
begin(struct session *session, const struct plan *plan, int argc, char **argv)
{
	struct db *db =
	    db_open(plan->db, plan->force ? DB_CREATE_ANYWHERE : DB_CREATE, stderr);
	int code = EXIT_FAILED;

	if (db == NULL)
		return EXIT_FAILED;
	if (history_reap(db) == -1)
		log_warnx("interrupted runs could not be analysed: %s", db_error(db));
	session->ledger = ledger_map(plan);
	if (session->ledger == NULL)
		log_warn("no memory for the ledger");
	else
		code = store_run(session, plan, db, argc, argv);
	db_close(db);
	return code;
}

static int
print_verdict(const struct plan *plan, struct db *db, int64_t run_id)
{
	struct report_options options = { .colour = report_may_colour(stdout) };
	struct findings findings;
	int code;

	if (findings_load(&findings, db, run_id) == -1) {
		log_warnx("run %lld cannot be read: %s", (long long)run_id, db_error(db));
		findings_free(&findings);
		return EXIT_FAILED;
	}
	if (plan->json)
		report_json(&findings, &options, stdout);
	else if (plan->summary != SUMMARY_NONE)
		(plan->summary == SUMMARY_FULL ? report_text : report_summary)(
		    &findings, &options, stdout);
	code = report_exit_code(&findings);
	findings_free(&findings);
	return command_flush() == EXIT_DONE ? code : EXIT_FAILED;
}

static void
tell_report(FILE *out, const char *path)
{
	char *escaped = escape_text(path);

	fprintf(out, "\nreport: %s\n", escaped);
	free(escaped);
}

/* The report is there before the verdict is printed, to whoever may stop reading: then it is
 * said where, but not within JSON. */
static int
tell(const struct plan *plan, struct db *db, int64_t run_id)
{
	bool wanted = plan->report == NULL || strcmp(plan->report, PLAN_NO_REPORT) != 0;
	char *standard =
	    plan->report == NULL ? html_file_default(plan->db, run_id) : NULL;
	const char *path = plan->report != NULL ? plan->report : standard;
	int written = wanted ? html_file_write(db, &run_id, 1, path) : EXIT_DONE;
	int code = print_verdict(plan, db, run_id);

	if (wanted && written == EXIT_DONE &&
	    (plan->json || plan->summary != SUMMARY_NONE)) {
		tell_report(plan->json ? stderr : stdout, path);
		written = command_flush();
	}
	free(standard);
	return code != EXIT_DONE ? code : written;
}

/* The database may have been renamed meanwhile, or its folder: it is finished where it is. */
static void
follow_database(struct plan *plan, int hold)
{
	char now_at[PATH_MAX];
	struct stat own, other;
	bool is_there = fstat(hold, &own) == 0 && stat(plan->db, &other) == 0 &&
			own.st_dev == other.st_dev && own.st_ino == other.st_ino;

	if (is_there || hold == -1 || !db_whereabouts(hold, now_at, sizeof(now_at)))
		return;
	free(plan->db);
	plan->db = strdup(now_at);
	if (plan->db == NULL)
		fatal("cannot hold the name of the database");
}

static int
finish(struct plan *plan, int64_t run_id, int hold)
{
	struct db *db;
	int code = EXIT_FAILED;

	follow_database(plan, hold);
	db = db_open(plan->db, DB_WRITE, stderr);

	if (db == NULL)
		return EXIT_FAILED;
	if (analyse_run(db, run_id) == -1)
		log_warnx("run %lld cannot be analysed: %s", (long long)run_id,
			  db_error(db));
	else
		code = tell(plan, db, run_id);
	db_close(db);
	return code;
}

static void
drop_disk_reserve(const struct session *session)
{
	char now_at[PATH_MAX];

	if (db_whereabouts(session->hold, now_at, sizeof(now_at)))
		disk_reserve_drop_moved(session->db_path, now_at, session->run_id);
	else
		disk_reserve_drop(session->db_path, session->run_id);
}

/* Stored and left as it is to be found: 0 or the signal that ended it, -1 where brink
 * failed, and session->code says how. */
static int
supervise(struct session *session, const struct plan *plan,
	  const struct own_cgroup *cgroup, int argc, char **argv)
{
	char oom_file[CGROUP_PATH], output[PATH_MAX];
	int ended = -1;

	session->code = begin(session, plan, argc, argv);
	struct recorder_job recorder = { .db = plan->db, .run_id = session->run_id };
	struct supervisor_job job = {
		.plan = plan,
		.ledger = session->ledger,
		.cgroup = cgroup,
		.sampler = sampler_main,
		.recorder = recorder_main,
		.recorder_extra = &recorder,
		.target_output = output,
	};

	snprintf(output, sizeof(output), "%s.run-%lld-target.log", plan->db,
		 (long long)session->run_id);

	if (session->code == EXIT_DONE) {
		own_cgroup_oom_file(cgroup, oom_file, sizeof(oom_file));
		oom_watch(&session->ledger->oom, oom_file);
		ended = supervisor_run(&job);
		session->code = session->ledger->board.disk != DISK_FINE ? EXIT_UNTRUSTED
									 : EXIT_FAILED;
		/* The analysis may need its room. */
		drop_disk_reserve(session);
		free(session->db_path);
	}
	ledger_unmap(session->ledger);
	return ended;
}

/* The supervisor answers what would stop it; before and after it a stop waits, so that the
 * cgroup is removed on every way out. */
static sigset_t
hold_stops(void)
{
	sigset_t stops, before;

	sigemptyset(&stops);
	sigaddset(&stops, SIGINT);
	sigaddset(&stops, SIGTERM);
	sigaddset(&stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &stops, &before);
	return before;
}

static void
say_what_is_started(const struct plan *plan)
{
	struct ceiling list[CEILING_MAX];
	struct host host;
	char line[256];
	size_t count;

	if (plan->quiet)
		return;
	fputs("brink: ", stderr);
	plan_summary(plan, stderr);
	host_read(&host, plan->uid);
	count = ceiling_list(plan, &host, list);
	checkup_first_line(plan, checkup_first(list, count), line, sizeof(line));
	fprintf(stderr, "\nbrink: %s\n", line);
}

static int
run(struct plan *plan, const struct sweep_place *place, int argc, char **argv)
{
	sigset_t before = hold_stops();
	struct own_cgroup cgroup;
	struct cgroup_text text;
	struct cgroup_map map = cgroup_map_read(getpid(), &text);
	struct session session = { .place = place, .run_id = -1, .hold = -1 };
	int made = own_cgroup_make(&cgroup, &map, plan, stderr), ended = -1, code;

	if (made == 0) {
		say_what_is_started(plan);
		ended = supervise(&session, plan, &cgroup, argc, argv);
	}
	if (own_cgroup_remove(&cgroup, US_PER_S) == -1)
		log_warn("the cgroup of the run cannot be removed");
	own_cgroup_close(&cgroup);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (made == -1)
		return EXIT_USAGE;
	if (ended == -1)
		return session.code;
	code = finish(plan, session.run_id, session.hold);
	return ended > 0 ? 128 + ended : code;
}

static int
describe(const struct plan *plan)
{
	(plan->json ? plan_describe_json : plan_describe)(plan, stdout);
	return command_flush();
}

/* Whether a file can be made there: in the nearest folder above it that is there. errno says
 * why not. */
static bool
can_be_made(const char *path)
{
	char above[PATH_MAX];
	struct stat st;

	if (strlcpy(above, path, sizeof(above)) >= sizeof(above)) {
		errno = ENAMETOOLONG;
		return false;
	}
	do {
		char *slash = strrchr(above, '/');

		if (slash == NULL)
			strlcpy(above, ".", sizeof(above));
		else
			slash[slash == above] = '\0';
	} while (stat(above, &st) == -1 && errno == ENOENT && strcmp(above, ".") != 0 &&
		 strcmp(above, "/") != 0);
	if (stat(above, &st) == 0 && !S_ISDIR(st.st_mode))
		errno = ENOTDIR;
	else if (access(above, W_OK | X_OK) == 0)
		return true;
	return false;
}

/* The database as the run would find it: one that is there can be read, and what is missing
 * can be made. Nothing is made here. */
static int
database_try(const struct plan *plan)
{
	char *standard = plan->db ? NULL : db_default_path();
	const char *path = standard ? standard : plan->db;
	struct db *db;
	int error = 0;

	if (access(path, F_OK) == 0) {
		db = db_open(path, DB_READ, stderr);
		error = db == NULL ? -1 : 0;
		db_close(db);
	} else if (!can_be_made(path)) {
		fprintf(stderr, "brink run: %s cannot be made: %s\n", path,
			strerror(errno));
		error = -1;
	}
	free(standard);
	return error;
}

/* The plan is told, and then what a run would refuse it for. */
static int
try_dry(const struct plan *plan)
{
	int code = describe(plan);

	if (code == EXIT_DONE &&
	    (preflight_dry(plan, stderr) == -1 || database_try(plan) == -1))
		code = EXIT_USAGE;
	return code;
}

static int
prepare_and_run(struct plan *plan, const struct sweep_place *place, int argc, char **argv)
{
	if (plan_resolve(plan, stderr) == -1 || protocol_check(plan, stderr) == -1)
		return EXIT_USAGE;
	if (plan->report != NULL && strcmp(plan->report, PLAN_NO_REPORT) != 0 &&
	    output_check(plan->report) == -1)
		return EXIT_USAGE;
	if (plan->dry_run)
		return try_dry(plan);
	/* Whoever stops reading what is said does not end what is measured. */
	signal(SIGPIPE, SIG_IGN);
	if (isolate(plan, stderr) == -1 || preflight(plan, stderr) == -1 ||
	    (plan_is_external(plan) ? target_check(plan, stderr)
				    : acceptor_check(plan, stderr)) == -1)
		return EXIT_USAGE;
	if (plan->db == NULL)
		plan->db = db_default_path();
	return run(plan, place, argc, argv);
}

int
run_for(const struct sweep_place *place, int argc, char **argv)
{
	struct plan plan;
	int parsed = plan_parse(&plan, argc, argv, stderr), code;

	if (parsed == 0)
		code = prepare_and_run(&plan, place, argc, argv);
	else
		code = parsed == 1 ? command_flush() : EXIT_USAGE;
	plan_free(&plan);
	return code;
}

int
command_run(int argc, char **argv)
{
	return run_for(NULL, argc, argv);
}
