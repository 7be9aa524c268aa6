#include "run/supervisor_parts.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "run/acceptor.h"
#include "run/address.h"
#include "run/canary.h"
#include "run/forker.h"
#include "run/spawn.h"

/* A sampler or recorder that dies this often is not killed from outside. */
#define RESTARTS_MAX 20

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
int
supervisor_start_acceptors(struct supervisor *s)
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

int
supervisor_start(struct supervisor *s)
{
	if (start(s, ROLE_RECORDER, 0, -1) == -1 || supervisor_start_acceptors(s) == -1 ||
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

void
supervisor_restart_recorder(struct supervisor *s)
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
	if (supervisor_start_acceptors(s) == -1)
		s->failed = s->stop = s->abort = true;
	event_log_add(&s->event_log, EVENT_INFO, "acceptors-replaced", "acceptors",
		      "every acceptor was killed, and others were started");
}

static void
worker_died(struct supervisor *s, const struct child *child, const char *how)
{
	char subject[RECORD_NAME];

	snprintf(subject, sizeof(subject), "%s %d", role_name(child->role), child->slot);
	event_log_add(&s->event_log, EVENT_FINDING, "worker-died", subject, "%s", how);
	if (child->role == ROLE_ACCEPTOR) {
		struct worker *row = ledger_acceptor(s->ledger, child->slot);

		s->acceptor_died = true;
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
	else if (s->replacing && child.role == ROLE_ACCEPTOR)
		replace_when_gone(s, &child);
	else
		worker_died(s, &child, how);
}

void
supervisor_reap(struct supervisor *s)
{
	/* With the acceptors their handlers are killed. */
	bool killed = s->plan->release == RELEASE_KILL_ACCEPTORS &&
		      s->phases.phase == PHASE_RECOVERY;

	spawn_reap(s->ledger, s->quitting || killed, child_ended, s);
}
