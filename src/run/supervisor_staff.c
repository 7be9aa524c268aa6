#include "run/supervisor_staff.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/acceptor.h"
#include "run/address.h"
#include "run/canary.h"
#include "run/control.h"
#include "run/forker.h"
#include "run/spawn.h"

/* A sampler or recorder that dies this often is not killed from outside. */
#define RESTARTS_MAX 20

/* Workers that do not leave within this are killed. */
#define PATIENCE_US (10 * US_PER_S)

int
children_init(struct children *children, int32_t capacity)
{
	children->count = 0;
	children->capacity = capacity;
	children->child = calloc((size_t)capacity, sizeof(struct child));
	return children->child == NULL ? -1 : 0;
}

void
children_free(struct children *children)
{
	free(children->child);
}

void
children_add(struct children *children, pid_t pid, enum role role, int32_t slot)
{
	struct child added = { .pid = pid, .role = role, .slot = slot };

	for (int32_t i = 0; i < children->count; i++)
		if (children->child[i].pid == 0) {
			children->child[i] = added;
			return;
		}
	if (children->count < children->capacity)
		children->child[children->count++] = added;
}

bool
children_take(struct children *children, pid_t pid, struct child *child)
{
	for (int32_t i = 0; i < children->count; i++)
		if (children->child[i].pid == pid) {
			*child = children->child[i];
			children->child[i].pid = 0;
			return true;
		}
	return false;
}

static bool
counts(const struct child *child, enum role role)
{
	if (child->pid == 0)
		return false;
	if (role == ROLE_NONE)
		return child->role != ROLE_SAMPLER && child->role != ROLE_RECORDER &&
		       child->role != ROLE_TARGET;
	return child->role == role;
}

int32_t
children_alive(const struct children *children, enum role role)
{
	int32_t alive = 0;

	for (int32_t i = 0; i < children->count; i++)
		alive += counts(&children->child[i], role);
	return alive;
}

void
children_kill(const struct children *children, enum role role)
{
	for (int32_t i = 0; i < children->count; i++)
		if (counts(&children->child[i], role))
			kill(children->child[i].pid, SIGKILL);
}

/* What each role is started with. */
static const struct role_start {
	enum role role;
	worker_main *main; /* NULL: given by the job */
	bool outlives, expendable;
} role_starts[] = {
	{ ROLE_RECORDER, NULL, true, false },
	{ ROLE_SAMPLER, NULL, false, false },
	{ ROLE_ACCEPTOR, acceptor_main, false, true },
	/* Its clients are: with a forker they would all be gone. */
	{ ROLE_FORKER, forker_main, false, false },
	{ ROLE_CANARY, canary_main, false, false },
	{ ROLE_TARGET, target_main, false, true },
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
			     .cgroup = s->job->cgroup,
			     .listener = listener },
		.keep = { s->orders[0], listener, s->target.output, -1 },
		.outlives = how->outlives,
		.expendable = how->expendable,
	};

	if (role == ROLE_SAMPLER)
		spec.main = s->job->sampler;
	if (role == ROLE_RECORDER) {
		spec.main = s->job->recorder;
		spec.context.extra = s->job->recorder_extra;
	}
	if (role == ROLE_TARGET)
		spec.context.extra = &s->target;
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

/* The target's output is kept beside the results; what it says last is stored with them. */
static int
start_target(struct supervisor *s)
{
	if (s->plan->command == NULL)
		return 0;
	s->target.output = target_open_output(s->job->target_output);
	if (s->target.output == -1) {
		log_warn("%s", s->job->target_output);
		return -1;
	}
	if (start(s, ROLE_TARGET, 0, -1) == -1)
		return -1;
	event_log_add(&s->event_log, EVENT_INFO, "target-started", "target",
		      "%s is started; its output goes to %s", s->plan->command[0],
		      s->job->target_output);
	return 0;
}

static int
start_server(struct supervisor *s)
{
	return plan_is_external(s->plan) ? start_target(s) : start_acceptors(s);
}

int
supervisor_start(struct supervisor *s)
{
	if (start(s, ROLE_RECORDER, 0, -1) == -1 || start_server(s) == -1 ||
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

void
supervisor_give_up(struct supervisor *s, const char *subject, const char *fmt, ...)
{
	struct counts totals;
	char why[160];
	va_list args;

	if (s->stop)
		return;
	s->stop = true;
	va_start(args, fmt);
	vsnprintf(why, sizeof(why), fmt, args);
	va_end(args);
	ledger_totals(s->ledger, &totals);
	event_log_add(&s->event_log, EVENT_FINDING, "gave-up", subject,
		      "%s; the run was ended with %lld connections held", why,
		      (long long)totals.held);
}

/* Sampler and recorder are started again: their rings hold what they had not finished. */
static void
restart(struct supervisor *s, const struct child *child, const char *how)
{
	if (++s->restarts > RESTARTS_MAX) {
		supervisor_give_up(s, role_name(child->role),
				   "%s ended %d times, at last %s",
				   role_name(child->role), s->restarts, how);
		return;
	}
	event_log_add(&s->event_log, EVENT_WARNING, "worker-restarted",
		      role_name(child->role), "%s; started again", how);
	if (start(s, child->role, 0, -1) == -1)
		s->stop = true;
}

/* Where none is left, another stores what the rings hold, and the end of the run. */
static void
restart_recorder(struct supervisor *s)
{
	if (children_alive(&s->children, ROLE_RECORDER) == 0 &&
	    start(s, ROLE_RECORDER, 0, -1) == -1)
		s->recorder_failed = true;
}

static void
empty_acceptor(struct worker *row)
{
	atomic_store(&row->listener_fd, -1);
	atomic_store(&row->pid, 0);
	atomic_store(&row->counters.held, 0);
	atomic_store(&row->counters.canary_held, 0);
	atomic_store(&row->counters.processes, 0);
}

void
supervisor_replace_acceptors(struct supervisor *s)
{
	s->replacing = children_alive(&s->children, ROLE_ACCEPTOR) > 0;
	children_kill(&s->children, ROLE_ACCEPTOR);
}

static void
replace_when_gone(struct supervisor *s, const struct child *child)
{
	empty_acceptor(ledger_acceptor(s->ledger, child->slot));
	if (children_alive(&s->children, ROLE_ACCEPTOR) > 0)
		return;
	s->replacing = false;
	if (start_acceptors(s) == -1)
		s->failed = s->stop = s->abort = true;
	event_log_add(&s->event_log, EVENT_INFO, "acceptors-replaced", "acceptors",
		      "every acceptor was killed, and others were started");
}

/* Before it serves, a command that ends well has started a daemon; one that does not ends the
 * run, which is to find out about a server. Later the server may go on without it: the sampler
 * tells whether any of its processes is left. */
static void
command_ended(struct supervisor *s, int status, const char *how)
{
	if (ledger_listening(s->ledger)) {
		strlcpy(s->target_end, how, sizeof(s->target_end));
		event_log_add(&s->event_log, EVENT_INFO, "target-ended", "target",
			      "%s %s", s->plan->command[0], how);
	} else if (status != 0) {
		supervisor_give_up(s, "target", "%s %s before it served",
				   s->plan->command[0], how);
		target_quote_output(s->target.output, &s->event_log);
	}
}

static void
worker_died(struct supervisor *s, const struct child *child, const char *how)
{
	char subject[RECORD_NAME];

	snprintf(subject, sizeof(subject), "%s %d", role_name(child->role), child->slot);
	event_log_add(&s->event_log, EVENT_FINDING, "worker-died", subject, "%s", how);
	if (child->role == ROLE_ACCEPTOR) {
		struct worker *row = ledger_acceptor(s->ledger, child->slot);

		s->server_died = true;
		empty_acceptor(row);
	}
	if (child->role == ROLE_FORKER && s->phases.phase < PHASE_RECOVERY) {
		atomic_store(&ledger_forker(s->ledger, child->slot)->gone, 1);
		forker_miss(s->ledger, child->slot, s->phases.target);
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
			      s->phases.phase >= PHASE_RECOVERY);
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
	} else if (s->quitting && child.role != ROLE_RECORDER)
		return;
	else if (child.role == ROLE_SAMPLER || child.role == ROLE_RECORDER)
		restart(s, &child, how);
	else if (child.role == ROLE_TARGET)
		command_ended(s, status, how);
	else if (s->replacing && child.role == ROLE_ACCEPTOR)
		replace_when_gone(s, &child);
	else
		worker_died(s, &child, how);
}

/* Sampler and recorder are started again, what a dead worker held is settled. */
static void
reap(struct supervisor *s)
{
	/* With the acceptors their handlers are killed. */
	bool killed = s->plan->release == RELEASE_KILL_ACCEPTORS &&
		      s->phases.phase == PHASE_RECOVERY;

	spawn_reap(s->ledger, s->quitting || killed, child_ended, s);
}

void
supervisor_continue(struct supervisor *s, bool with_acceptors)
{
	for (int32_t i = 0; i < ledger_process_count(s->ledger); i++) {
		const struct process *process = &s->ledger->processes[i];

		if (atomic_load(&process->stopped_us) != 0 &&
		    atomic_load(&process->end) == END_RUNNING &&
		    process->role != ROLE_TARGET &&
		    (with_acceptors || process->role != ROLE_ACCEPTOR))
			kill(atomic_load(&process->pid), SIGCONT);
	}
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
	s->hurry = s->phases.phase == PHASE_RECOVERY;
	event_log_add(&s->event_log, EVENT_WARNING, "interrupted-by-user", "supervisor",
		      "SIG%s: %s; once more ends everything now", sigabbrev_np(number),
		      s->hurry ? "the recovery is cut short"
			       : "releasing and measuring the recovery");
}

void
supervisor_wait(struct supervisor *s, int64_t until_us)
{
	struct signalfd_siginfo info;
	struct epoll_event event;
	int64_t left_us = until_us - ledger_now_us(s->ledger);

	if (watch_wait(s->epoll, &event, 1, left_us > 0 ? left_us : 0) != 1)
		return;
	while (read(s->signals, &info, sizeof(info)) == sizeof(info))
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			interrupted(s, (int)info.ssi_signo);
	reap(s);
}

/* True once no child of the role is left. */
static bool
wait_for_role(struct supervisor *s, enum role role, int64_t patience_us)
{
	int64_t until_us = ledger_now_us(s->ledger) + patience_us;

	while (children_alive(&s->children, role) > 0 &&
	       ledger_now_us(s->ledger) < until_us)
		supervisor_wait(s, until_us);
	return children_alive(&s->children, role) == 0;
}

/* Orders an end and waits for it. */
static bool
quit(struct supervisor *s, enum order_kind kind, enum role role, int64_t patience_us)
{
	struct order order = { .kind = (int32_t)kind, .at_us = ledger_now_us(s->ledger) };

	control_order(s->ledger, s->orders[1], &order);
	return wait_for_role(s, role, patience_us);
}

/* Kills what is left of the run below this process, by the ledger's list. */
static void
kill_leftovers(struct supervisor *s)
{
	for (int32_t i = 0; i < ledger_process_count(s->ledger); i++) {
		const struct process *process = &s->ledger->processes[i];

		if (process->role != ROLE_RECORDER && process->role != ROLE_SAMPLER &&
		    process->role != ROLE_SUPERVISOR && process->role != ROLE_TARGET &&
		    atomic_load(&process->pid) > 0 &&
		    atomic_load(&process->end) == END_RUNNING)
			kill(atomic_load(&process->pid), SIGKILL);
	}
}

/* Of all that was killed not even a zombie is left. But a debugger's is the debugger's, and
 * what hangs in the kernel dies when it comes back: neither is waited for for ever. */
static void
reap_rest(struct supervisor *s)
{
	int64_t until_us = ledger_now_us(s->ledger) + PATIENCE_US, left_us;
	struct epoll_event event;
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) != -1) {
		left_us = until_us - ledger_now_us(s->ledger);
		if (left_us <= 0) {
			log_warnx(
			    "processes that were killed are still there: see ps(1)");
			return;
		}
		if (pid == 0)
			watch_wait(s->epoll, &event, 1, left_us);
		spawn_drain_signals(s->signals);
	}
}

static void
wait_for_target(void *arg)
{
	struct supervisor *s = arg;

	supervisor_wait(s, ledger_now_us(s->ledger) + US_PER_S / 20);
}

static void
stop_target(struct supervisor *s)
{
	if (s->target.output == -1)
		return;
	target_stop(s->ledger, s->abort ? 0 : TARGET_PATIENCE_US, wait_for_target, s);
	close(s->target.output);
	s->target.output = -1;
}

void
supervisor_shut_down(struct supervisor *s)
{
	bool killed = s->abort;

	s->quitting = true;
	supervisor_continue(s, true);
	event_log_phase(&s->event_log, s->phases.cycle, phase_name(PHASE_END), 0);
	if (!quit(s, ORDER_QUIT_WORKERS, ROLE_NONE, killed ? 0 : PATIENCE_US)) {
		if (!killed)
			log_warnx("workers did not leave in time and are killed");
		children_kill(&s->children, ROLE_NONE);
		kill_leftovers(s);
		wait_for_role(s, ROLE_NONE, PATIENCE_US);
	}
	stop_target(s);
	quit(s, ORDER_QUIT_SAMPLER, ROLE_SAMPLER, PATIENCE_US);
	children_kill(&s->children, ROLE_SAMPLER);
	ledger_process_ended(s->ledger, ledger_process_find(s->ledger, getpid()), 0,
			     false);
	restart_recorder(s);
	if (!quit(s, ORDER_QUIT, ROLE_RECORDER, 6 * PATIENCE_US)) {
		children_kill(&s->children, ROLE_RECORDER);
		s->recorder_failed = true;
	}
	/* Nothing may be left behind. */
	kill_leftovers(s);
	reap_rest(s);
}
