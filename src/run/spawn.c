#include "run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/procfile.h"
#include "run/record.h"
#include "run/worker.h"

/* Handlers and clients have the others from their parents. */
static const struct {
	enum role role;
	enum limit_name limit;
	int resource; /* of setrlimit(2): an enum in glibc alone */
} rlimits[] = {
	{ ROLE_ACCEPTOR, LIMIT_NOFILE_ACCEPTOR, RLIMIT_NOFILE },
	{ ROLE_CLIENT, LIMIT_NOFILE_CLIENT, RLIMIT_NOFILE },
	{ ROLE_ACCEPTOR, LIMIT_NPROC, RLIMIT_NPROC },
	{ ROLE_FORKER, LIMIT_NPROC, RLIMIT_NPROC },
	{ ROLE_ACCEPTOR, LIMIT_ADDRESS_SPACE, RLIMIT_AS },
	{ ROLE_TARGET, LIMIT_NOFILE_TARGET, RLIMIT_NOFILE },
	{ ROLE_TARGET, LIMIT_NPROC, RLIMIT_NPROC },
	{ ROLE_TARGET, LIMIT_ADDRESS_SPACE, RLIMIT_AS },
};

/* A worker that is started by the supervisor, not by another worker. */
static bool
is_first(enum role role)
{
	return role == ROLE_ACCEPTOR || role == ROLE_FORKER || role == ROLE_TARGET;
}

static int64_t
value_of(const struct worker_context *context, enum limit_name limit)
{
	if (limit == LIMIT_NOFILE_ACCEPTOR)
		return plan_acceptor_nofile(context->plan, context->slot);
	return context->plan->limit[limit];
}

static void
lower_limits(const struct worker_context *context)
{
	for (size_t i = 0; i < sizeof(rlimits) / sizeof(rlimits[0]); i++) {
		struct rlimit limit;
		int64_t value;

		if (rlimits[i].role != context->role)
			continue;
		value = value_of(context, rlimits[i].limit);
		if (value < 0)
			continue;
		getrlimit(rlimits[i].resource, &limit);
		limit.rlim_cur = (rlim_t)value;
		/* A server that raises its limit to the hard one stays within both. */
		if (limit.rlim_cur > limit.rlim_max || context->role == ROLE_TARGET)
			limit.rlim_max = limit.rlim_cur;
		if (setrlimit(rlimits[i].resource, &limit) == -1)
			fatal("--limit %s=%lld", limit_spec(rlimits[i].limit)->name,
			      (long long)value);
	}
}

static void
drop_to(uid_t uid, gid_t gid)
{
	if (setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		fatal("--user %u", uid);
	/* As it would be had the user started it: /proc/self is its own. */
	prctl(PR_SET_DUMPABLE, 1);
}

static void
confine(const struct worker_context *context)
{
	const struct plan *plan = context->plan;

	if (is_first(context->role) && context->cgroup != NULL &&
	    own_cgroup_enter(context->cgroup) == -1)
		fatal("the run's cgroup cannot be entered");
	lower_limits(context);
	if (is_first(context->role) && plan->uid >= 0)
		drop_to((uid_t)plan->uid, (gid_t)plan->gid);
}

/* Well above what a desktop or server process has, below "kill me first". */
#define EXPENDABLE "500"

static int
compare_fds(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void
close_others(const int *keep)
{
	int kept[SPAWN_KEEP];
	unsigned int from = STDERR_FILENO + 1;

	memcpy(kept, keep, sizeof(kept));
	qsort(kept, SPAWN_KEEP, sizeof(kept[0]), compare_fds);
	for (size_t i = 0; i < SPAWN_KEEP; i++) {
		if (kept[i] < (int)from)
			continue;
		if ((unsigned int)kept[i] > from)
			close_range(from, (unsigned int)kept[i] - 1, 0);
		from = (unsigned int)kept[i] + 1;
	}
	close_range(from, ~0U, 0);
}

static void
reset_signals(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	/* A terminal sends these to its whole foreground group. */
	signal(SIGINT, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	/* A file that may not grow is an error to be told: EFBIG. */
	signal(SIGXFSZ, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
take_title(const struct worker_context *context)
{
	char title[32];
	bool one = context->role == ROLE_SAMPLER || context->role == ROLE_RECORDER ||
		   context->role == ROLE_CANARY;

	if (one)
		snprintf(title, sizeof(title), "%s", role_name(context->role));
	else
		snprintf(title, sizeof(title), "%s %d", role_name(context->role),
			 context->slot);
	setproctitle("%s", title);
	log_set_title(title);
}

static void
child_main(const struct spawn *spec, pid_t parent)
{
	take_title(&spec->context);
	close_others(spec->keep);
	if (spec->expendable)
		procfile_write("/proc/self/oom_score_adj", EXPENDABLE);
	/* RLIMIT_NOFILE limits the highest descriptor: only now are they low. */
	confine(&spec->context);
	if (!spec->outlives)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have died before the line above. */
	if (getppid() != parent)
		_exit(1);
	reset_signals();
	_exit(spec->main(&spec->context));
}

pid_t
spawn(const struct spawn *spec)
{
	struct ledger *ledger = spec->context.ledger;
	sigset_t all, before;
	pid_t parent = getpid();

	fflush(NULL);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid_t pid = fork();
	if (pid == 0)
		child_main(spec, parent);
	int saved = errno;
	if (pid > 0 && !spec->unlisted)
		ledger_process_started(
		    ledger,
		    ledger_process_add(ledger, spec->context.role, spec->context.slot),
		    pid);
	sigprocmask(SIG_SETMASK, &before, NULL);
	errno = saved;
	return pid;
}

pid_t
spawn_run(int (*main)(void *arg), void *arg, const sigset_t *mask)
{
	pid_t parent = getpid(), pid;
	int code;

	fflush(NULL);
	pid = fork();
	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* The parent may have died before the line above. */
	if (getppid() != parent)
		_exit(1);
	sigprocmask(SIG_SETMASK, mask, NULL);
	code = main(arg);
	fflush(NULL);
	_exit(code);
}

void
spawn_reap(struct ledger *ledger, bool stopped,
	   void (*each)(int32_t index, pid_t pid, int status, void *arg), void *arg)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED | WCONTINUED)) > 0) {
		int32_t index = ledger_process_find(ledger, pid);

		if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
			ledger_process_stopped(ledger, index, status);
			continue;
		}
		ledger_process_ended(ledger, index, status, stopped);
		each(index, pid, status, arg);
	}
}

int
spawn_child_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

void
spawn_drain_signals(int fd)
{
	struct signalfd_siginfo info;

	while (read(fd, &info, sizeof(info)) == sizeof(info))
		continue;
}
