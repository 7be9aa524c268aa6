#include "sample/users.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "model/resource.h"
#include "plan/host.h"

/* RESERVED_PIDS of the kernel: once they were given, ids under it are not given again
 * (alloc_pid() of kernel/pid.c). */
#define RESERVED_IDS 300
/* Of the time that reading /proc took, this many times is left in between. */
#define REST 50

void
users_init(struct users *users, struct ledger *ledger)
{
	*users = (struct users){ .ledger = ledger, .kept_back = -1 };
	users->uid = ledger->plan->uid >= 0 ? (uid_t)ledger->plan->uid : getuid();
	users->all = host_shows_all();
	users->limited = !host_is_exempt(ledger->plan->uid);
	users->user_threads =
	    resource_position(resource_find(SUBJECT_HOST, "user_threads"));
	users->process_ids =
	    resource_position(resource_find(SUBJECT_HOST, "process_ids"));
	users->threads = resource_position(resource_find(SUBJECT_HOST, "threads"));
}

/* Free ids under RESERVED_IDS: threads are found in /proc though they are not listed. */
static int64_t
count_kept_back(void)
{
	int64_t free = 0;
	char path[32];

	for (int id = 1; id < RESERVED_IDS; id++) {
		snprintf(path, sizeof(path), "/proc/%d", id);
		free += access(path, F_OK) == -1;
	}
	return free;
}

static bool
was_refused(const struct ledger *ledger)
{
	for (int32_t i = 0; i < ledger->acceptors + ledger->forkers; i++)
		for (int k = 0; k < LEDGER_FAILURES; k++)
			if (failure_call(&ledger->workers[i].failures[k]) == CALL_FORK)
				return true;
	return false;
}

void
users_read(struct users *users, bool all, int64_t *host)
{
	int64_t began_us = ledger_now_us(users->ledger);
	bool refused = !users->refused && was_refused(users->ledger);

	if (all && users->all)
		users->kept_back = count_kept_back();
	if (users->kept_back >= 0 && host[users->threads] != READING_NONE)
		host[users->process_ids] = host[users->threads] + users->kept_back;
	if (!users->limited || (!refused && (!all || began_us < users->rest_us)))
		return;
	users->refused |= refused;
	host[users->user_threads] = host_user_threads(users->uid);
	users->rest_us = began_us + REST * (ledger_now_us(users->ledger) - began_us);
}
