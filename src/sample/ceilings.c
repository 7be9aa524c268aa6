#include "sample/ceilings.h"

#include <stdlib.h>
#include <string.h>

#include "base/procfile.h"
#include "model/resource.h"
#include "plan/host.h"
#include "run/record.h"
#include "sample/settings.h"
#include "sample/system.h"

static void
push(struct ledger *ledger, enum subject_kind kind, uint32_t index, const char *resource,
     int64_t value, const char *source)
{
	struct limit_record record = { .subject = kind, .index = index, .value = value };

	strlcpy(record.resource, resource, sizeof(record.resource));
	strlcpy(record.source, source, sizeof(record.source));
	ring_push(ledger->ticks, RECORD_LIMIT, &record, sizeof(record));
}

/* The number at a position among words parted by blanks. */
static bool
number_at(const char *text, int word, int64_t *value)
{
	char *end;

	for (int i = 0;; i++) {
		*value = strtoll(text, &end, 10);
		if (end == text)
			return false;
		if (i == word)
			return true;
		text = end;
	}
}

static void
push_sysctl(struct ledger *ledger, const struct resource *resource)
{
	const struct bound *bound = &resource->bound;
	int64_t value, scale = bound->scale != 0 ? bound->scale : 1;
	char text[256];

	if (bound->not_for_root && host_is_exempt(ledger->plan->uid))
		return;
	if (procfile_sysctl(bound->name, text, sizeof(text)) == -1 ||
	    !number_at(text, bound->word, &value) || value == INT64_MAX ||
	    __builtin_mul_overflow(value, scale, &value))
		return;
	push(ledger, resource->subject, 0, resource->name, value, bound->name);
}

void
ceilings_of_host(struct ledger *ledger)
{
	int64_t commit = host_commit().max, guard = ledger->plan->guard_bytes;
	struct host host;

	for (size_t i = 0; i < resource_count; i++) {
		const struct resource *r = &resources[i];

		if (r->bound.from == BOUND_SYSCTL)
			push_sysctl(ledger, r);
		else if (r->bound.from == BOUND_COMMIT && commit < INT64_MAX)
			push(ledger, r->subject, 0, r->name, commit, r->bound.name);
		else if (r->bound.from == BOUND_GUARD && guard > 0)
			push(ledger, r->subject, 0, r->name, guard, r->bound.name);
	}
	/* Each source address has the whole range to the one server. */
	host_read(&host, ledger->plan->uid);
	push(ledger, SUBJECT_GROUP, GROUP_CLIENTS, "held",
	     host.ports * ledger->plan->sources, "net.ipv4.ip_local_port_range");
}

/* The entry behind another (NULL: the first) that has a bound of that sort, or NULL. */
static const struct resource *
bound_next(const struct resource *before, enum bound_from from)
{
	const struct resource *r = before != NULL ? before + 1 : resources;

	for (; r < resources + resource_count; r++)
		if (r->bound.from == from)
			return r;
	return NULL;
}

void
ceilings_of_process(struct ledger *ledger, int32_t index, pid_t pid,
		    int64_t said[RESOURCE_BOUNDS])
{
	const struct resource *r = NULL;

	for (int i = 0; (r = bound_next(r, BOUND_RLIMIT)) != NULL; i++) {
		int64_t value;

		if (procfile_rlimit(pid, r->bound.key, &value) == -1 || value == said[i])
			continue;
		said[i] = value;
		push(ledger, r->subject, (uint32_t)index, r->name, value, r->bound.name);
	}
}

void
ceilings_of_user(struct ledger *ledger, pid_t worker)
{
	const struct resource *r = NULL;
	int64_t uid = users_of_server(ledger), value;

	while ((r = bound_next(r, BOUND_USER)) != NULL)
		if (!(r->bound.not_for_root && host_is_exempt(uid)) &&
		    procfile_rlimit(worker, r->bound.key, &value) == 0)
			push(ledger, r->subject, 0, r->name, value, r->bound.name);
}

static void
ceilings_of_cgroup(struct ledger *ledger, uint32_t index, struct cgroup *cgroup)
{
	const struct resource *r = NULL;

	for (int i = 0; (r = bound_next(r, BOUND_CGROUP)) != NULL; i++) {
		char file[RECORD_NAME];
		int64_t value;

		if (!cgroup_limit(cgroup, r->bound.key, &value, file, sizeof(file)) ||
		    value == cgroup->said[i])
			continue;
		cgroup->said[i] = value;
		push(ledger, r->subject, index, r->name, value, file);
	}
}

static void
quota_of_cgroup(struct ledger *ledger, uint32_t index, struct cgroup *cgroup)
{
	int64_t period_us;

	if (!cgroup_quota_period(cgroup, &period_us) ||
	    period_us == cgroup->said_period_us)
		return;
	cgroup->said_period_us = period_us;
	settings_record_quota(ledger, index, period_us);
}

void
ceilings_of_cgroups(struct cgroups *cgroups)
{
	for (size_t i = 0; i < cgroups_count(cgroups); i++) {
		ceilings_of_cgroup(cgroups->ledger, (uint32_t)i, &cgroups->cgroup[i]);
		quota_of_cgroup(cgroups->ledger, (uint32_t)i, &cgroups->cgroup[i]);
	}
}

void
ceilings_of_listener(struct ledger *ledger, uint32_t index, int64_t backlog)
{
	const struct resource *r = NULL;

	while ((r = bound_next(r, BOUND_BACKLOG)) != NULL)
		push(ledger, r->subject, index, r->name, backlog + 1, r->bound.name);
}
