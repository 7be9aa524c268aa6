#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/procfile.h"
#include "plan_try.h"
#include "run/spawn.h"

#define FDS        200
#define TITLE_ROOM 256
#define NOBODY     65534

extern char **environ;

/* What a child finds, in memory that it shares with the test. */
struct report {
	bool open[FDS];
	bool handled[NSIG], ignored[NSIG], blocked[NSIG];
	int death_signal;
	struct rlimit nofile;
	int64_t oom_score_adj;
	char title[TITLE_ROOM];
	pid_t pid, parent;
};

struct bench {
	struct plan plan;
	struct ledger *ledger;
	struct report *report;
	struct rlimit nofile;
};

static int
setup(void **state)
{
	static struct bench bench;

	plan_try_good(&bench.plan,
		      "--clients 10 --per-client 10 --acceptors 4 --forkers 1");
	bench.ledger = ledger_map(&bench.plan);
	bench.report = mmap(NULL, sizeof(*bench.report), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	getrlimit(RLIMIT_NOFILE, &bench.nofile);
	*state = &bench;
	return bench.ledger == NULL || bench.report == MAP_FAILED ? -1 : 0;
}

static int
teardown(void **state)
{
	struct bench *bench = *state;

	while (waitpid(-1, NULL, 0) > 0)
		continue;
	munmap(bench->report, sizeof(*bench->report));
	ledger_unmap(bench->ledger);
	plan_free(&bench->plan);
	return 0;
}

static void
report_signals(struct report *report)
{
	sigset_t blocked;

	sigprocmask(SIG_SETMASK, NULL, &blocked);
	for (int number = 1; number < NSIG; number++) {
		struct sigaction action;

		/* Two are the C library's own. */
		if (sigaction(number, NULL, &action) == -1)
			continue;
		report->ignored[number] = action.sa_handler == SIG_IGN;
		report->handled[number] =
		    !report->ignored[number] && action.sa_handler != SIG_DFL;
		report->blocked[number] = sigismember(&blocked, number) == 1;
	}
}

static int
reporter_main(const struct worker_context *context)
{
	struct report *report = context->extra;
	int fd;

	for (fd = 0; fd < FDS; fd++)
		report->open[fd] = fcntl(fd, F_GETFD) != -1;
	report_signals(report);
	prctl(PR_GET_PDEATHSIG, &report->death_signal);
	getrlimit(RLIMIT_NOFILE, &report->nofile);
	procfile_read_i64("/proc/self/oom_score_adj", &report->oom_score_adj);
	fd = open("/proc/self/cmdline", O_RDONLY);
	if (read(fd, report->title, sizeof(report->title) - 1) <= 0)
		return 1;
	report->pid = getpid();
	report->parent = getppid();
	return 42;
}

static struct spawn
reporter(struct bench *bench)
{
	struct spawn spec = {
		.main = reporter_main,
		.context = { .plan = &bench->plan,
			     .ledger = bench->ledger,
			     .role = ROLE_ACCEPTOR,
			     .slot = 2,
			     .extra = bench->report },
		.keep = { -1, -1, -1, -1 },
	};

	memset(bench->report, 0, sizeof(*bench->report));
	return spec;
}

/* Spawns it and waits for its end, which must be that of a main that was run. */
static pid_t
run(const struct spawn *spec)
{
	int status;
	pid_t pid = spawn(spec);

	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	return pid;
}

static void
a_child_is_its_parents_and_ends_with_its_main(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	pid_t pid = run(&spec);

	assert_int_equal(bench->report->pid, pid);
	assert_int_equal(bench->report->parent, getpid());
}

static int
sleeper_main(const struct worker_context *context)
{
	(void)context;
	pause();
	return 0;
}

static void
nobody_ends(int32_t index, pid_t pid, int status, void *arg)
{
	(void)status;
	(void)arg;
	fail_msg("%d of index %d has not ended", (int)pid, (int)index);
}

/* Sends it and waits until the change is there to be reaped. */
static void
change(const struct bench *bench, pid_t pid, int number, int wanted)
{
	siginfo_t info;

	assert_int_equal(kill(pid, number), 0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, wanted | WNOWAIT), 0);
	spawn_reap(bench->ledger, false, nobody_ends, NULL);
}

/* Whoever is the parent notes it: nobody has to look for it. */
static void
a_child_that_a_signal_stops_is_noted_until_it_goes_on(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	struct process *process;
	int32_t stops = atomic_load(&bench->ledger->stop_count);
	pid_t pid;

	spec.main = sleeper_main;
	pid = spawn(&spec);
	assert_true(pid > 0);
	process = &bench->ledger->processes[ledger_process_find(bench->ledger, pid)];
	assert_int_equal(atomic_load(&process->stopped_us), 0);
	change(bench, pid, SIGSTOP, WSTOPPED);
	assert_true(atomic_load(&process->stopped_us) > 0);
	assert_int_equal(atomic_load(&bench->ledger->stop_count), stops + 1);
	change(bench, pid, SIGCONT, WCONTINUED);
	assert_int_equal(atomic_load(&process->stopped_us), 0);
	assert_int_equal(atomic_load(&bench->ledger->stop_count), stops + 2);
	assert_int_equal(atomic_load(&process->end), END_RUNNING);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* One left open keeps a port or a pipe alive that others wait to see closed. */
static void
only_what_is_kept_stays_open(void **state)
{
	static const int cases[][SPAWN_KEEP] = {
		{ -1, -1, -1, -1 }, { 3, -1, -1, -1 },   { 199, 7, -1, 150 },
		{ 5, 6, 7, 8 },     { 150, 150, -1, 3 }, { 0, 2, 9, -1 },
	};
	struct bench *bench = *state;
	bool was_open[FDS];

	for (int fd = 0; fd < FDS; fd++) {
		was_open[fd] = fcntl(fd, F_GETFD) != -1;
		if (!was_open[fd])
			assert_int_equal(dup2(STDERR_FILENO, fd), fd);
	}
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct spawn spec = reporter(bench);

		memcpy(spec.keep, cases[i], sizeof(spec.keep));
		run(&spec);
		for (int fd = 0; fd < FDS; fd++) {
			bool kept = fd <= STDERR_FILENO;

			for (int k = 0; k < SPAWN_KEEP; k++)
				kept |= cases[i][k] == fd;
			assert_int_equal(bench->report->open[fd], kept);
		}
	}
	for (int fd = 0; fd < FDS; fd++)
		if (!was_open[fd])
			close(fd);
}

static void
handler(int number)
{
	(void)number;
}

/* A terminal's are the supervisor's to answer, and a broken pipe is an error of send(2):
 * these are ignored. Nothing else is inherited. */
static void
signals_are_as_a_new_program_has_them(void **state)
{
	static const int changed[] = { SIGUSR1, SIGTERM, SIGCHLD, SIGINT };
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	sigset_t set, before, after;

	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++)
		signal(changed[i], handler);
	signal(SIGUSR2, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, &before);
	run(&spec);
	for (int number = 1; number < NSIG; number++) {
		assert_false(bench->report->handled[number]);
		assert_int_equal(bench->report->ignored[number],
				 number == SIGINT || number == SIGHUP ||
				     number == SIGPIPE || number == SIGXFSZ);
		assert_false(bench->report->blocked[number]);
	}
	/* The parent's are what they were. */
	sigprocmask(SIG_SETMASK, &before, &after);
	for (int number = 1; number < NSIG; number++)
		assert_int_equal(sigismember(&after, number),
				 sigismember(&before, number) == 1 ||
				     sigismember(&set, number) == 1);
	assert_ptr_equal(signal(SIGUSR1, SIG_DFL), handler);
	for (size_t i = 1; i < sizeof(changed) / sizeof(changed[0]); i++)
		signal(changed[i], SIG_DFL);
	signal(SIGUSR2, SIG_DFL);
}

static void
a_child_is_told_to_die_with_its_parent(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);

	run(&spec);
	assert_int_equal(bench->report->death_signal, SIGKILL);
	spec = reporter(bench);
	spec.outlives = true;
	run(&spec);
	assert_int_equal(bench->report->death_signal, 0);
}

static int
waiter_main(const struct worker_context *context)
{
	while (context != NULL)
		pause();
	return 0;
}

/* End-of-file on a pipe that only it holds says that a process is gone. */
static void
a_child_does_not_survive_its_parent(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	struct pollfd pfd = { .events = POLLIN };
	int ends[2];
	pid_t parent;
	char byte;

	assert_int_equal(pipe(ends), 0);
	spec.main = waiter_main;
	spec.keep[0] = ends[1];
	parent = fork();
	if (parent == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (spawn(&spec) == -1 || write(ends[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_true(parent > 0);
	close(ends[1]);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	pfd.fd = ends[0];
	assert_int_equal(poll(&pfd, 1, 0), 0);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	assert_int_equal(poll(&pfd, 1, 10000), 1);
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
}

/* The soft limit alone: a plain user could not raise it again for the next. */
static void
the_limit_of_descriptors_is_the_acceptors_own(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	struct rlimit now;

	bench->plan.limit[LIMIT_NOFILE_ACCEPTOR] = 77;
	run(&spec);
	assert_int_equal(bench->report->nofile.rlim_cur, 77);
	assert_int_equal(bench->report->nofile.rlim_max, bench->nofile.rlim_max);
	spec = reporter(bench);
	spec.context.role = ROLE_FORKER;
	run(&spec);
	assert_int_equal(bench->report->nofile.rlim_cur, bench->nofile.rlim_cur);
	getrlimit(RLIMIT_NOFILE, &now);
	assert_int_equal(now.rlim_cur, bench->nofile.rlim_cur);
}

/* Rather than to run into another limit than the one that was asked for. */
static void
a_limit_that_cannot_be_had_ends_the_child(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	int status, null = open("/dev/null", O_WRONLY), err = dup(STDERR_FILENO);
	pid_t pid;

	dup2(null, STDERR_FILENO);
	/* Not even root has more than fs.nr_open. */
	bench->plan.limit[LIMIT_NOFILE_ACCEPTOR] = INT64_MAX;
	pid = spawn(&spec);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	dup2(err, STDERR_FILENO);
	close(null);
	close(err);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

/* Where memory runs out, the kernel is to take a worker, not who measures it. */
static void
who_is_expendable_goes_first(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	int64_t own;

	assert_int_equal(procfile_read_i64("/proc/self/oom_score_adj", &own), 0);
	run(&spec);
	assert_int_equal(bench->report->oom_score_adj, own);
	spec = reporter(bench);
	spec.expendable = true;
	run(&spec);
	assert_int_equal(bench->report->oom_score_adj, 500);
}

static void
a_title_says_role_and_slot(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);

	run(&spec);
	assert_non_null(strstr(bench->report->title, "acceptor 2"));
	spec = reporter(bench);
	spec.context.role = ROLE_CANARY;
	spec.context.slot = 0;
	run(&spec);
	assert_non_null(strstr(bench->report->title, "canary"));
	assert_null(strstr(bench->report->title, "canary 0"));
}

static void
a_process_is_listed_unless_it_is_not_to_be(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	pid_t pid = run(&spec);
	const struct process *process = &bench->ledger->processes[0];

	assert_int_equal(bench->ledger->process_count, 1);
	assert_int_equal(process->pid, pid);
	assert_int_equal(process->role, ROLE_ACCEPTOR);
	assert_int_equal(process->slot, 2);
	assert_int_equal(process->parent, getpid());
	spec = reporter(bench);
	spec.unlisted = true;
	run(&spec);
	assert_int_equal(bench->ledger->process_count, 1);
}

/* A fork that is refused: errno says by what, and there is no trace of it. */
static void
a_fork_that_fails_leaves_nothing(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		/* RLIMIT_NPROC does not hold root back. */
		struct rlimit none = { 0, 0 };
		sigset_t mask;

		if (getuid() == 0 && setresuid(NOBODY, NOBODY, NOBODY) == -1)
			_exit(2);
		setrlimit(RLIMIT_NPROC, &none);
		if (spawn(&spec) != -1 || errno != EAGAIN)
			_exit(3);
		sigprocmask(SIG_SETMASK, NULL, &mask);
		_exit(sigismember(&mask, SIGTERM) ? 4 : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(bench->ledger->process_count, 0);
}

#define KILLED 9

static int
exit_main(const struct worker_context *context)
{
	if (context->slot == KILLED)
		raise(SIGKILL);
	return context->slot;
}

struct ends {
	int count;
	int32_t index[8];
	int status[8];
};

static void
note_end(int32_t index, pid_t pid, int status, void *arg)
{
	struct ends *ends = arg;

	assert_true(pid > 0);
	ends->index[ends->count] = index;
	ends->status[ends->count++] = status;
}

/* Waits at the signal's descriptor, as the supervisor does, and reaps what there is. */
static void
reap_all(struct bench *bench, int signals, bool stopped, int children, struct ends *ends)
{
	while (ends->count < children) {
		struct pollfd pfd = { .fd = signals, .events = POLLIN };

		assert_int_equal(poll(&pfd, 1, 10000), 1);
		spawn_drain_signals(signals);
		spawn_reap(bench->ledger, stopped, note_end, ends);
	}
	/* One that ended after the descriptor was drained may wake it once more, for
	 * nothing: none is left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* Children that end together are one signal: none may be forgotten. */
static void
every_child_is_reaped_with_its_end(void **state)
{
	static const int32_t slots[] = { 0, 3, KILLED, 0 };
	struct bench *bench = *state;
	const struct process *processes = bench->ledger->processes;
	struct ends ends = { 0 };
	sigset_t before;
	int signals;

	sigprocmask(SIG_SETMASK, NULL, &before);
	signals = spawn_child_signals();
	assert_int_not_equal(signals, -1);
	for (int i = 0; i < 4; i++) {
		struct spawn spec = reporter(bench);

		spec.main = exit_main;
		spec.context.role = ROLE_FORKER;
		spec.context.slot = slots[i];
		spec.unlisted = i == 3;
		assert_true(spawn(&spec) > 0);
	}
	reap_all(bench, signals, false, 4, &ends);
	assert_int_equal(bench->ledger->process_count, 3);
	assert_int_equal(processes[0].end, END_EXIT);
	assert_int_equal(processes[0].code, 0);
	assert_int_equal(processes[1].end, END_EXIT);
	assert_int_equal(processes[1].code, 3);
	assert_int_equal(processes[2].end, END_SIGNAL);
	assert_int_equal(processes[2].code, SIGKILL);
	for (int i = 0, unlisted = 0; i < 4; i++) {
		unlisted += ends.index[i] == -1;
		if (ends.index[i] == 1)
			assert_int_equal(WEXITSTATUS(ends.status[i]), 3);
		if (i == 3)
			assert_int_equal(unlisted, 1);
	}
	close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static void
an_end_that_brink_brought_about_is_told_apart(void **state)
{
	struct bench *bench = *state;
	struct spawn spec = reporter(bench);
	struct ends ends = { 0 };
	sigset_t before;
	int signals;
	pid_t pid;

	sigprocmask(SIG_SETMASK, NULL, &before);
	signals = spawn_child_signals();
	spec.main = waiter_main;
	pid = spawn(&spec);
	assert_true(pid > 0);
	assert_int_equal(kill(pid, SIGKILL), 0);
	reap_all(bench, signals, true, 1, &ends);
	assert_int_equal(bench->ledger->processes[0].end, END_STOPPED);
	close(signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

#define SPAWN_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		SPAWN_TEST(a_child_is_its_parents_and_ends_with_its_main),
		SPAWN_TEST(a_child_that_a_signal_stops_is_noted_until_it_goes_on),
		SPAWN_TEST(only_what_is_kept_stays_open),
		SPAWN_TEST(signals_are_as_a_new_program_has_them),
		SPAWN_TEST(a_child_is_told_to_die_with_its_parent),
		SPAWN_TEST(a_child_does_not_survive_its_parent),
		SPAWN_TEST(the_limit_of_descriptors_is_the_acceptors_own),
		SPAWN_TEST(a_limit_that_cannot_be_had_ends_the_child),
		SPAWN_TEST(who_is_expendable_goes_first),
		SPAWN_TEST(a_title_says_role_and_slot),
		SPAWN_TEST(a_process_is_listed_unless_it_is_not_to_be),
		SPAWN_TEST(a_fork_that_fails_leaves_nothing),
		SPAWN_TEST(every_child_is_reaped_with_its_end),
		SPAWN_TEST(an_end_that_brink_brought_about_is_told_apart),
	};

	setproctitle_init(argc, argv, environ);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
