#include "run/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/acceptor.h"
#include "run/address.h"
#include "run/breaking.h"
#include "run/canary.h"
#include "run/children.h"
#include "run/control.h"
#include "run/course.h"
#include "run/forker.h"
#include "run/journal.h"
#include "run/progress.h"
#include "run/spawn.h"

/* A sampler or recorder that dies this often is not killed from outside. */
#define RESTARTS_MAX 20
/* Workers that do not leave within this are killed. */
#define PATIENCE_US (10 * US_PER_S)

struct supervisor {
	const struct supervisor_job *job;
	const struct plan *plan;
	struct ledger *ledger;
	struct children children;
	struct journal journal;
	struct course course;
	struct breaking breaking;
	struct progress progress;
	int orders[2]; /* the order pipe */
	int signals, epoll;
	int restarts, signal; /* the signal that ended the run, 0: none */
	bool stop, abort;     /* release now; drop everything now */
	bool broken, quitting, acceptor_died, guarded, ramp_ended, recorder_failed;
	int64_t acceptor_failures[256], hard;
};

/* What each role is started with. */
static const struct role_start {
	enum role role;
	worker_main *main; /* NULL: given by the job */
	bool outlives, expendable;
	int limit; /* enum limit_name of its RLIMIT_NOFILE, -1: none */
} role_starts[] = {
	{ ROLE_RECORDER, NULL, true, false, -1 },
	{ ROLE_SAMPLER, NULL, false, false, -1 },
	{ ROLE_ACCEPTOR, acceptor_main, false, true, LIMIT_NOFILE_ACCEPTOR },
	{ ROLE_FORKER, forker_main, false, true, -1 },
	{ ROLE_CANARY, canary_main, false, false, -1 },
};

static const struct role_start *
role_start(enum role role)
{
	const struct role_start *start = role_starts;

	while (start->role != role)
		start++;
	return start;
}

static int
start(struct supervisor *s, enum role role, int32_t slot, int listener)
{
	const struct role_start *how = role_start(role);
	struct spawn spec = {
		.main = how->main,
		.context = { .plan = s->plan,
			     .ledger = s->ledger,
			     .role = role,
			     .slot = slot,
			     .orders = s->orders[0],
			     .listener = listener },
		.keep = { s->orders[0], listener, -1, -1 },
		.outlives = how->outlives,
		.expendable = how->expendable,
	};

	if (role == ROLE_SAMPLER)
		spec.main = s->job->sampler;
	if (role == ROLE_RECORDER) {
		spec.main = s->job->recorder;
		spec.context.extra = s->job->recorder_extra;
	}
	if (how->limit >= 0 && s->plan->limit[how->limit] > 0)
		spec.nofile = s->plan->limit[how->limit];
	pid_t pid = spawn(&spec);
	if (pid == -1) {
		log_warn("%s %d cannot be started", role_name(role), slot);
		return -1;
	}
	children_add(&s->children, pid, role, slot);
	return 0;
}

/* The shared listener is the acceptors' alone: were it open here too, their death would
 * not close it. */
static int
start_acceptors(struct supervisor *s)
{
	int listener = -1, result = 0;

	if (s->plan->listener == LISTENER_SHARED) {
		listener = address_listen(s->plan);
		if (listener == -1) {
			log_warn("port %lld", (long long)s->plan->port);
			return -1;
		}
	}
	for (int32_t i = 0; i < s->ledger->acceptors && result == 0; i++)
		result = start(s, ROLE_ACCEPTOR, i, listener);
	if (listener >= 0)
		close(listener);
	return result;
}

static int
start_all(struct supervisor *s)
{
	if (start(s, ROLE_RECORDER, 0, -1) == -1 || start_acceptors(s) == -1 ||
	    start(s, ROLE_SAMPLER, 0, -1) == -1 || start(s, ROLE_CANARY, 0, -1) == -1)
		return -1;
	for (int32_t i = 0; i < s->ledger->forkers; i++)
		if (start(s, ROLE_FORKER, i, -1) == -1)
			return -1;
	return 0;
}

static void
describe_end(int status, char *buf, size_t size)
{
	if (WIFSIGNALED(status))
		snprintf(buf, size, "killed by signal %d (SIG%s)", WTERMSIG(status),
			 sigabbrev_np(WTERMSIG(status)));
	else
		snprintf(buf, size, "exited with status %d", WEXITSTATUS(status));
}

/* Sampler and recorder are started again: their rings hold what they had not finished. */
static void
restart(struct supervisor *s, const struct child *child, const char *how)
{
	if (++s->restarts > RESTARTS_MAX) {
		s->recorder_failed = true;
		s->stop = true;
		return;
	}
	journal_event(&s->journal, EVENT_WARNING, "worker-restarted",
		      role_name(child->role), "%s; started again", how);
	if (start(s, child->role, 0, -1) == -1)
		s->stop = true;
}

static void
worker_died(struct supervisor *s, const struct child *child, const char *how)
{
	char subject[RECORD_NAME];

	snprintf(subject, sizeof(subject), "%s %d", role_name(child->role), child->slot);
	journal_event(&s->journal, EVENT_FINDING, "worker-died", subject, "%s", how);
	if (child->role == ROLE_ACCEPTOR) {
		struct worker *row = ledger_acceptor(s->ledger, child->slot);

		s->acceptor_died = true;
		atomic_store(&row->listener_fd, -1);
		atomic_store(&row->pid, 0);
		atomic_store(&row->counters.held, 0);
	}
	if (child->role == ROLE_FORKER && s->course.phase < PHASE_RECOVERY) {
		atomic_store(&ledger_forker(s->ledger, child->slot)->gone, 1);
		forker_miss(s->ledger, child->slot, s->course.target);
	}
}

/* A client or handler whose parent died before it came to us. */
static void
orphan_ended(struct supervisor *s, int32_t index)
{
	const struct process *process;

	if (index < 0)
		return;
	process = &s->ledger->processes[index];
	if (process->role == ROLE_CLIENT)
		forker_settle(ledger_client(s->ledger, process->slot),
			      s->course.phase >= PHASE_RECOVERY);
}

static void
child_ended(int32_t index, pid_t pid, int status, void *arg)
{
	struct supervisor *s = arg;
	struct child child;
	char how[64];

	if (!children_take(&s->children, pid, &child)) {
		orphan_ended(s, index);
		return;
	}
	describe_end(status, how, sizeof(how));
	if (child.role == ROLE_RECORDER && WIFEXITED(status)) {
		s->recorder_failed = WEXITSTATUS(status) != 0;
		s->stop = true;
		if (s->recorder_failed)
			log_warnx("the recorder %s: the run cannot be stored", how);
	} else if (s->quitting)
		return;
	else if (child.role == ROLE_SAMPLER || child.role == ROLE_RECORDER)
		restart(s, &child, how);
	else
		worker_died(s, &child, how);
}

static void
reap(struct supervisor *s)
{
	spawn_reap(s->ledger, s->quitting, child_ended, s);
}

static void
interrupted(struct supervisor *s, int number)
{
	s->signal = number;
	if (s->stop) {
		s->abort = true;
		return;
	}
	s->stop = true;
	journal_event(
	    &s->journal, EVENT_WARNING, "interrupted-by-user", "supervisor",
	    "SIG%s: releasing and measuring the recovery; once more ends everything now",
	    sigabbrev_np(number));
}

/* Handles what has come in, waiting at most until_us for it. */
static void
wait_until(struct supervisor *s, int64_t until_us)
{
	struct signalfd_siginfo info;
	struct epoll_event event;
	int64_t left_us = until_us - ledger_now_us(s->ledger);
	struct timespec timeout = clock_timespec(left_us);

	if (epoll_pwait2(s->epoll, &event, 1, &timeout, NULL) != 1)
		return;
	while (read(s->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			interrupted(s, (int)info.ssi_signo);
	reap(s);
}

static void
order_ramp(struct supervisor *s, int64_t first)
{
	struct order order = {
		.kind = ORDER_RAMP,
		.at_us = ledger_now_us(s->ledger),
		.first = first,
		.last = s->course.target,
		.rate = s->plan->rate,
	};

	atomic_store(&s->ledger->ramp_us, atomic_load(&s->ledger->ramp_us) == 0
					      ? order.at_us
					      : atomic_load(&s->ledger->ramp_us));
	control_order(s->ledger, s->orders[1], &order);
	for (int32_t i = 0; i < s->ledger->forkers; i++)
		if (atomic_load(&ledger_forker(s->ledger, i)->gone) != 0)
			forker_miss(s->ledger, i, order.last);
}

static void
order_release(struct supervisor *s)
{
	struct order order = {
		.kind = ORDER_RELEASE,
		.method = (int32_t)s->plan->release,
		.at_us = ledger_now_us(s->ledger),
	};

	atomic_store(&s->ledger->release_us, order.at_us);
	control_order(s->ledger, s->orders[1], &order);
	journal_event(&s->journal, EVENT_INFO, "released", "clients",
		      "every connection is let go");
}

static void
enter_phase(struct supervisor *s, enum phase before, int64_t target_before)
{
	enum phase phase = s->course.phase;

	s->ramp_ended = before == PHASE_RAMP && phase == PHASE_PLATEAU;
	journal_phase(&s->journal, 0, phase_name(phase), s->course.target);
	if (phase == PHASE_RAMP)
		order_ramp(s, target_before);
	if (phase == PHASE_RECOVERY) {
		if (before < PHASE_HOLD && !s->stop)
			journal_event(&s->journal, EVENT_INFO, "duration", "supervisor",
				      "the time allowed by --duration is up");
		order_release(s);
	}
}

/* Failures that a limit explains, over all workers; and how many acceptors had a new one
 * since the last look. */
static int64_t
count_hard(struct supervisor *s, int32_t *acceptors_failing)
{
	static const int soft[] = { ETIMEDOUT, ECONNREFUSED, ECONNRESET, ECONNABORTED,
				    EPIPE };
	int64_t hard = 0;

	*acceptors_failing = 0;
	for (int32_t w = 0; w < s->ledger->worker_count; w++) {
		const struct worker *worker = &s->ledger->workers[w];
		int64_t own = 0;

		for (int i = 0; i < LEDGER_FAILURES; i++) {
			const struct failure *failure = &worker->failures[i];
			int64_t count = (int64_t)atomic_load(&failure->count);
			bool explained = count > 0;

			if (count == 0)
				break;
			for (size_t e = 0; e < sizeof(soft) / sizeof(soft[0]); e++)
				explained &=
				    atomic_load(&failure->error) != (uint32_t)soft[e];
			if (explained && worker->role != ROLE_CANARY)
				own += count;
		}
		hard += own;
		if (w < s->ledger->acceptors) {
			*acceptors_failing += own > s->acceptor_failures[w];
			s->acceptor_failures[w] = own;
		}
	}
	return hard;
}

static void
look_for_break(struct supervisor *s, const struct counts *totals)
{
	struct counts canary;
	struct breaking_view view = {
		.now_us = ledger_now_us(s->ledger),
		.totals = *totals,
		.acceptors = children_alive(&s->children, ROLE_ACCEPTOR),
		.group = s->plan->listener == LISTENER_GROUP,
		.ramp_ended = s->ramp_ended,
		.acceptor_died = s->acceptor_died,
	};

	worker_counts(ledger_canary(s->ledger), &canary);
	view.canary_failed = canary.failed;
	view.canary_served = canary.served;
	view.hard = count_hard(s, &view.acceptors_failing);
	s->ramp_ended = false;
	enum breaking_reason reason = breaking_check(&s->breaking, &view);
	if (reason == BREAKING_NOT || s->broken)
		return;
	s->broken = true;
	journal_event(&s->journal, EVENT_FINDING, "broken", "run",
		      "%s, with %lld established and %lld accepted",
		      breaking_text(reason), (long long)totals->established,
		      (long long)totals->accepted);
}

static void
guard(struct supervisor *s)
{
	int64_t available = atomic_load(&s->ledger->board.available_bytes);

	if (s->guarded || s->plan->guard_bytes == 0 || available == 0 ||
	    available >= s->plan->guard_bytes)
		return;
	s->guarded = true;
	s->stop = true;
	journal_event(
	    &s->journal, EVENT_FINDING, "guard", "host",
	    "%lld bytes of memory are available, under the guard of %lld: letting go",
	    (long long)available, (long long)s->plan->guard_bytes);
}

static bool
all_listen(struct supervisor *s)
{
	for (int32_t i = 0; i < s->ledger->acceptors; i++)
		if (atomic_load(&ledger_acceptor(s->ledger, i)->listener_fd) < 0)
			return false;
	return true;
}

static void
run_course(struct supervisor *s)
{
	/* Half way between the ticks of the sampler at its usual interval, so that a change
	 * of phase falls into none. */
	int64_t next_us = BREAKING_TICK_US / 2;

	journal_phase(&s->journal, 0, phase_name(PHASE_BASELINE), 0);
	while (s->course.phase != PHASE_END && !s->abort) {
		enum phase before = s->course.phase;
		int64_t target = s->course.target;
		struct counts totals;

		ledger_totals(s->ledger, &totals);
		guard(s);
		if (before > PHASE_BASELINE && before < PHASE_EXHAUSTED)
			look_for_break(s, &totals);
		struct course_view view = {
			.now_us = ledger_now_us(s->ledger),
			.ready = all_listen(s),
			.slots = totals.attempted + totals.missed,
			.broken = s->broken,
			.in_doubt = breaking_in_doubt(&s->breaking, &totals),
			.stop = s->stop,
			.recovered = atomic_load(&s->ledger->board.recovered) != 0,
		};
		if (course_advance(&s->course, &view))
			enter_phase(s, before, target);
		progress_show(&s->progress, s->ledger, &s->course, &totals);
		next_us += BREAKING_TICK_US;
		while (ledger_now_us(s->ledger) < next_us && !s->abort)
			wait_until(s, next_us);
	}
}

/* Orders an end and waits for it: true once no child of the role is left. */
static bool
quit(struct supervisor *s, enum order_kind kind, enum role role, int64_t patience_us)
{
	struct order order = { .kind = (int32_t)kind, .at_us = ledger_now_us(s->ledger) };
	int64_t until_us = order.at_us + patience_us;

	control_order(s->ledger, s->orders[1], &order);
	while (children_alive(&s->children, role) > 0 &&
	       ledger_now_us(s->ledger) < until_us)
		wait_until(s, until_us);
	return children_alive(&s->children, role) == 0;
}

/* Kills what is left of the run below this process, by the ledger's list. */
static void
kill_leftovers(struct supervisor *s)
{
	int32_t count = atomic_load(&s->ledger->process_count);

	for (int32_t i = 0; i < count && i < s->ledger->process_capacity; i++) {
		const struct process *process = &s->ledger->processes[i];

		if (process->role != ROLE_RECORDER && process->role != ROLE_SAMPLER &&
		    process->role != ROLE_SUPERVISOR && atomic_load(&process->pid) > 0 &&
		    atomic_load(&process->end) == END_RUNNING)
			kill(atomic_load(&process->pid), SIGKILL);
	}
}

static void
shut_down(struct supervisor *s)
{
	bool killed = s->abort;

	s->quitting = true;
	journal_phase(&s->journal, 0, phase_name(PHASE_END), 0);
	if (!quit(s, ORDER_QUIT_WORKERS, ROLE_NONE, killed ? 0 : PATIENCE_US)) {
		if (!killed)
			log_warnx("workers did not leave in time and are killed");
		children_kill(&s->children, ROLE_NONE);
		kill_leftovers(s);
		while (children_alive(&s->children, ROLE_NONE) > 0)
			wait_until(s, ledger_now_us(s->ledger) + US_PER_S);
	}
	quit(s, ORDER_QUIT_SAMPLER, ROLE_SAMPLER, PATIENCE_US);
	children_kill(&s->children, ROLE_SAMPLER);
	ledger_process_ended(s->ledger, ledger_process_find(s->ledger, getpid()), 0,
			     false);
	if (!quit(s, ORDER_QUIT, ROLE_RECORDER, 6 * PATIENCE_US)) {
		children_kill(&s->children, ROLE_RECORDER);
		s->recorder_failed = true;
	}
	/* Nothing may be left behind, not even a zombie of a dead worker's child. */
	kill_leftovers(s);
	for (pid_t pid = 1; pid > 0;)
		pid = waitpid(-1, NULL, 0);
}

static int
supervisor_init(struct supervisor *s, const struct supervisor_job *job, sigset_t *before)
{
	struct epoll_event event = { .events = EPOLLIN };
	sigset_t set;

	memset(s, 0, sizeof(*s));
	s->job = job;
	s->plan = job->plan;
	s->ledger = job->ledger;
	s->journal.ledger = job->ledger;
	course_init(&s->course, s->plan);
	breaking_init(&s->breaking, s->plan);
	progress_init(&s->progress, s->plan);
	log_set_quiet(s->plan->quiet != 0);

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP); /* a closed terminal does not end a night's run */
	sigprocmask(SIG_BLOCK, &set, before);
	/* Children of a dead worker come here to be reaped. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	s->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (s->signals == -1 || s->epoll == -1 || control_pipe(s->orders) == -1 ||
	    epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->signals, &event) == -1 ||
	    children_init(&s->children, s->ledger->acceptors + s->ledger->forkers + 8) ==
		-1) {
		log_warn("the supervisor cannot start");
		return -1;
	}
	ledger_process_started(
	    s->ledger, ledger_process_add(s->ledger, ROLE_SUPERVISOR, 0), getpid());
	return 0;
}

int
supervisor_run(const struct supervisor_job *job)
{
	struct supervisor s;
	sigset_t before;
	bool started = false;

	if (supervisor_init(&s, job, &before) == 0) {
		started = start_all(&s) == 0;
		if (started)
			run_course(&s);
		shut_down(&s);
		progress_end(&s.progress);
	}
	children_free(&s.children);
	close(s.orders[0]);
	close(s.orders[1]);
	close(s.epoll);
	close(s.signals);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	log_set_quiet(false);
	if (!started || s.recorder_failed)
		return -1;
	return s.signal;
}
