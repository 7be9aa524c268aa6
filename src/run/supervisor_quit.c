#include "run/supervisor_parts.h"

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/control.h"
#include "run/spawn.h"

/* Workers that do not leave within this are killed. */
#define PATIENCE_US (10 * US_PER_S)

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
	supervisor_reap(s);
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
	int32_t count = atomic_load(&s->ledger->process_count);

	for (int32_t i = 0; i < count && i < s->ledger->process_capacity; i++) {
		const struct process *process = &s->ledger->processes[i];

		if (process->role != ROLE_RECORDER && process->role != ROLE_SAMPLER &&
		    process->role != ROLE_SUPERVISOR && atomic_load(&process->pid) > 0 &&
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
	quit(s, ORDER_QUIT_SAMPLER, ROLE_SAMPLER, PATIENCE_US);
	children_kill(&s->children, ROLE_SAMPLER);
	ledger_process_ended(s->ledger, ledger_process_find(s->ledger, getpid()), 0,
			     false);
	supervisor_restart_recorder(s);
	if (!quit(s, ORDER_QUIT, ROLE_RECORDER, 6 * PATIENCE_US)) {
		children_kill(&s->children, ROLE_RECORDER);
		s->recorder_failed = true;
	}
	/* Nothing may be left behind. */
	kill_leftovers(s);
	reap_rest(s);
}
