#include "run/confine.h"

#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

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
};

/* A worker that is started by the supervisor, not by another worker. */
static bool
is_first(enum role role)
{
	return role == ROLE_ACCEPTOR || role == ROLE_FORKER;
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
		if (limit.rlim_cur > limit.rlim_max)
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

void
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
