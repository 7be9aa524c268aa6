#include "sample/roster.h"

#include <stdlib.h>
#include <string.h>

/* Room for those that are started in place of dead ones, before these are dropped. */
#define SPARE 16

/* Older processes looked at again in a tick: in turn, so that the cost has a bound. */
#define AGAIN 256

static const size_t role_limits[ROLE_COUNT] = {
	[ROLE_SUPERVISOR] = SIZE_MAX, [ROLE_SAMPLER] = SIZE_MAX,
	[ROLE_RECORDER] = SIZE_MAX,   [ROLE_ACCEPTOR] = SIZE_MAX,
	[ROLE_HANDLER] = ROSTER_MANY, [ROLE_FORKER] = SIZE_MAX,
	[ROLE_CLIENT] = ROSTER_MANY,  [ROLE_CANARY] = SIZE_MAX,
};

int
roster_init(struct roster *roster, const struct ledger *ledger)
{
	memset(roster, 0, sizeof(*roster));
	roster->ledger = ledger;
	roster->capacity =
	    (size_t)ledger->acceptors + (size_t)ledger->forkers + 2 * ROSTER_MANY + SPARE;
	roster->members = calloc(roster->capacity, sizeof(roster->members[0]));
	roster->known =
	    calloc((size_t)ledger->process_capacity / 64 + 1, sizeof(uint64_t));
	if (roster->members != NULL && roster->known != NULL)
		return 0;
	roster_free(roster);
	return -1;
}

void
roster_free(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++)
		process_close(&roster->members[i].files);
	free(roster->members);
	free(roster->known);
	memset(roster, 0, sizeof(*roster));
}

static bool
has_ended(const struct roster *roster, int32_t index)
{
	return atomic_load_explicit(&roster->ledger->processes[index].end,
				    memory_order_acquire) != END_RUNNING;
}

static void
drop_dead(struct roster *roster)
{
	for (size_t i = roster->count; i-- > 0;) {
		struct member *member = &roster->members[i];

		if (!member->dead)
			continue;
		process_close(&member->files);
		roster->of_role[member->role]--;
		*member = roster->members[--roster->count];
	}
}

/* A process whose files are open is still the one that was meant if the ledger does not
 * say by then that it has ended: until that its pid is not given to another. */
static void
member_open(const struct roster *roster, struct member *member)
{
	process_open(&member->files, member->pid);
	if (has_ended(roster, member->index)) {
		process_close(&member->files);
		member->dead = true;
	}
}

static void
consider(struct roster *roster, int32_t index)
{
	const struct process *process = &roster->ledger->processes[index];
	uint64_t bit = UINT64_C(1) << (index % 64);
	pid_t pid = atomic_load_explicit(&process->pid, memory_order_acquire);
	struct member *member = &roster->members[roster->count];

	if (pid == 0 || (roster->known[index / 64] & bit) != 0 ||
	    has_ended(roster, index) ||
	    roster->of_role[process->role] >= role_limits[process->role] ||
	    roster->count == roster->capacity)
		return;
	*member = (struct member){ .index = index,
				   .pid = pid,
				   .role = (enum role)process->role,
				   .slot = process->slot };
	roster->known[index / 64] |= bit;
	roster->of_role[process->role]++;
	roster->count++;
	member_open(roster, member);
}

void
roster_update(struct roster *roster)
{
	int32_t count =
	    atomic_load_explicit(&roster->ledger->process_count, memory_order_acquire);

	if (count > roster->ledger->process_capacity)
		count = roster->ledger->process_capacity;
	drop_dead(roster);
	/* An entry that is not complete yet, or that there was no room for, gets its turn
	 * among the older ones. */
	for (int32_t looks = 0; looks < AGAIN && looks < roster->fresh; looks++) {
		roster->again = roster->again + 1 < roster->fresh ? roster->again + 1 : 0;
		consider(roster, roster->again);
	}
	for (; roster->fresh < count; roster->fresh++)
		consider(roster, roster->fresh);
}

static void
member_read(const struct roster *roster, struct member *member,
	    struct process_reader *reader, bool all, struct tick *tick)
{
	if (member->files.stat == -1 && all)
		member_open(roster, member);
	if (member->files.stat == -1) {
		member->dead = has_ended(roster, member->index);
		return;
	}
	member->readings = tick_subject(tick, SUBJECT_PROCESS, (uint32_t)member->index);
	member->ticks++;
	if (process_read(reader, &member->files, all, member->readings))
		return;
	member->dead = true;
	member->readings = NULL;
}

void
roster_read(struct roster *roster, struct process_reader *reader, bool all,
	    struct tick *tick)
{
	for (size_t i = 0; i < roster->count; i++) {
		roster->members[i].readings = NULL;
		member_read(roster, &roster->members[i], reader, all, tick);
	}
}
