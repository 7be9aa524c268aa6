#include "sample/group.h"

#include <string.h>

#include "base/log.h"
#include "model/resource.h"

/* --------------------------------------------------------------------------- workers */

static const struct {
	const char *name;
	size_t offset;
} counters[] = {
#define X(name) { #name, offsetof(struct counts, name) },
	LEDGER_COUNTERS(X)
#undef X
};

static size_t
counter_offset(const char *name)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++)
		if (strcmp(counters[i].name, name) == 0)
			return counters[i].offset;
	fatalx("the ledger has no counter %s", name);
}

void
workers_init(struct workers *workers, struct ledger *ledger, struct target_watch *target)
{
	const struct resource *entry = resource_of(SUBJECT_WORKER, &workers->count);

	if (workers->count > WORKERS_READINGS)
		fatalx("a worker has more readings than %d", WORKERS_READINGS);
	workers->ledger = ledger;
	workers->target = target;
	workers->subjects = (size_t)ledger->acceptors + (size_t)ledger->forkers + 1;
	for (size_t i = 0; i < workers->count; i++)
		workers->offsets[i] = counter_offset(entry[i].key);
}

static void
worker_add(const struct workers *workers, struct tick *tick, const struct worker *worker,
	   const struct counts *counts)
{
	int64_t *readings = tick_subject(tick, SUBJECT_WORKER,
					 (uint32_t)(worker - workers->ledger->workers));

	for (size_t i = 0; i < workers->count; i++)
		memcpy(&readings[i], (const char *)counts + workers->offsets[i],
		       sizeof(readings[i]));
}

void
workers_read(const struct workers *workers, struct tick *tick, struct workers_sums *sums)
{
	struct ledger *ledger = workers->ledger;
	struct counts counts;

	memset(sums, 0, sizeof(*sums));
	/* Who is served was accepted before: read in this order it is so in every tick. */
	for (int32_t f = 0; f < ledger->forkers; f++) {
		ledger_forker_counts(ledger, f, &counts);
		worker_add(workers, tick, ledger_forker(ledger, f), &counts);
		sums->clients += counts.processes;
		sums->client_sockets += counts.held + counts.in_flight;
	}
	if (workers->target != NULL)
		target_watch_count(workers->target);
	for (int32_t a = 0; a < ledger->acceptors; a++) {
		worker_counts(ledger_acceptor(ledger, a), &counts);
		worker_add(workers, tick, ledger_acceptor(ledger, a), &counts);
		sums->handlers += counts.processes;
	}
	worker_counts(ledger_canary(ledger), &counts);
	worker_add(workers, tick, ledger_canary(ledger), &counts);
}

/* ---------------------------------------------------------------------------- groups */

int64_t
group_extrapolate(int64_t sum, int64_t known, int64_t processes)
{
	if (processes == 0)
		return 0;
	if (known == 0)
		return READING_NONE;
	if (known >= processes)
		return sum;
	return (int64_t)((__int128)sum * processes / known);
}

/* Members of a group that live, and those of them that were read. */
struct census {
	int64_t live[GROUP_COUNT], sampled[GROUP_COUNT];
};

static void
census_count(struct census *census, const struct process_set *process_set,
	     const struct workers_sums *sums)
{
	memset(census, 0, sizeof(*census));
	for (size_t i = 0; i < process_set->count; i++) {
		const struct member *member = &process_set->members[i];
		enum role_group group = role_group(member->role);

		census->live[group] += !member->dead;
		census->sampled[group] += member->readings != NULL;
	}
	/* The parent counts a birth or death a moment before or after it is seen here. */
	if (census->live[GROUP_HANDLERS] < sums->handlers)
		census->live[GROUP_HANDLERS] = sums->handlers;
	if (census->live[GROUP_CLIENTS] < sums->clients)
		census->live[GROUP_CLIENTS] = sums->clients;
}

static int64_t
group_sum(const struct process_set *process_set, enum role_group group, size_t position,
	  int64_t processes)
{
	int64_t sum = 0, known = 0;

	for (size_t i = 0; i < process_set->count; i++) {
		const struct member *member = &process_set->members[i];

		if (member->readings == NULL || role_group(member->role) != group ||
		    member->readings[position] == READING_NONE)
			continue;
		sum += member->readings[position];
		known++;
	}
	return group_extrapolate(sum, known, processes);
}

/* Descriptors of all clients where not all are read: what one has of its own, and their
 * sockets, which the ledger knows exactly. READING_NONE where no client said yet. */
static int64_t
client_fds(struct ledger *ledger, const struct process_set *process_set,
	   const struct workers_sums *sums, int64_t processes)
{
	for (size_t i = 0; i < process_set->count; i++) {
		const struct member *member = &process_set->members[i];

		if (member->role != ROLE_CLIENT || member->readings == NULL)
			continue;
		int16_t own = ledger_client(ledger, member->slot)->own_fds;
		if (own > 0)
			return own * processes + sums->client_sockets;
	}
	return READING_NONE;
}

void
groups_init(struct groups *groups, struct ledger *ledger)
{
	const struct resource *entry = resource_of(SUBJECT_GROUP, &groups->count);

	if (groups->count > GROUP_READINGS)
		fatalx("a group has more readings than %d", GROUP_READINGS);
	groups->ledger = ledger;
	groups->processes = resource_position(resource_find(SUBJECT_GROUP, "processes"));
	groups->sampled = resource_position(resource_find(SUBJECT_GROUP, "sampled"));
	groups->fds = resource_position(resource_find(SUBJECT_GROUP, "fds"));
	for (size_t i = 0; i < groups->count; i++)
		groups->summed[i] =
		    *entry[i].key == '\0'
			? SIZE_MAX
			: resource_position(resource_find(SUBJECT_PROCESS, entry[i].key));
}

/* The server is brink's own, or a target. */
static bool
group_is_of(const struct plan *plan, enum role_group group)
{
	bool is_own = group == GROUP_ACCEPTORS || group == GROUP_HANDLERS;

	return plan_is_external(plan) ? !is_own : group != GROUP_TARGET;
}

void
groups_read(struct groups *groups, const struct process_set *process_set,
	    const struct workers_sums *sums, struct tick *tick)
{
	struct census census;
	int64_t exact_fds;

	census_count(&census, process_set, sums);
	for (int g = 0; g < GROUP_COUNT; g++) {
		groups->readings[g] = NULL;
		if (!group_is_of(groups->ledger->plan, (enum role_group)g))
			continue;
		int64_t *readings = tick_subject(tick, SUBJECT_GROUP, (uint32_t)g);

		groups->readings[g] = readings;
		for (size_t i = 0; i < groups->count; i++)
			if (groups->summed[i] != SIZE_MAX)
				readings[i] =
				    group_sum(process_set, (enum role_group)g,
					      groups->summed[i], census.live[g]);
		readings[groups->processes] = census.live[g];
		readings[groups->sampled] = census.sampled[g];
	}
	if (census.sampled[GROUP_CLIENTS] >= census.live[GROUP_CLIENTS])
		return;
	exact_fds =
	    client_fds(groups->ledger, process_set, sums, census.live[GROUP_CLIENTS]);
	if (exact_fds != READING_NONE)
		groups->readings[GROUP_CLIENTS][groups->fds] = exact_fds;
}
