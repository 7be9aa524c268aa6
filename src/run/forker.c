#include "run/forker.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "run/client.h"
#include "run/control.h"
#include "run/schedule.h"
#include "run/spawn.h"

/* A client is forked this long before its first connection is due. */
#define LEAD_US 20000
/* Between two tries of a fork that failed. */
#define PAUSE_US 10000
/* At --rate max, connections left to the clients that are there when the next is forked,
 * and the time between two looks at them. */
#define AHEAD   1024
#define LOOK_US 1000

struct forker {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	const struct worker_context *context;
	int32_t first_client, clients; /* rows of its clients */
	int32_t next;                  /* client to fork next, from 0 */
	int32_t busy; /* the first that may have connections left to start */
	struct order ramp;
	int epoll, children, orders_seen;
	int64_t resume_us;
	bool released, killed, quit;
};

/* What client number client of a forker opens of the run's first target connections. */
static struct client_share
share_of(const struct plan *plan, int32_t forker, int32_t client, int64_t target)
{
	/* Connections k < target with k % forkers == forker. */
	int64_t all = (target - forker + plan->forkers - 1) / plan->forkers;
	struct client_share share = {
		.forker = forker,
		.first = client * plan->per_client,
		.last = (client + 1) * plan->per_client,
	};

	if (share.last > all)
		share.last = share.first > all ? share.first : all;
	return share;
}

static struct client_share
share_of_client(const struct forker *forker, int32_t client)
{
	return share_of(forker->plan, forker->context->slot, client,
			plan_target(forker->plan));
}

/* True where the ramp calls for this client, and then when its first connection is due. */
static bool
client_due(const struct forker *forker, int32_t client, int64_t *due_us)
{
	struct client_share share = share_of_client(forker, client);
	struct schedule schedule = {
		.forkers = forker->plan->forkers,
		.forker = forker->context->slot,
		.next = share.first,
		.last = share.last,
		.ramp = forker->ramp,
	};

	return client < forker->clients && schedule_due(&schedule, due_us);
}

/* Slots of the schedule that a client has used, in all cycles. Its counters alone tell, as
 * it may die between any two of its instructions. */
static int64_t
slots_used(const struct worker *row)
{
	return atomic_load_explicit(&row->counters.attempted, memory_order_relaxed) +
	       atomic_load_explicit(&row->counters.missed, memory_order_relaxed);
}

static int64_t
share_left(struct ledger *ledger, int32_t forker, int32_t client, int64_t target)
{
	struct client_share share = share_of(ledger->plan, forker, client, target);
	const struct worker *row =
	    ledger_client(ledger, ledger_first_client(ledger, forker) + client);

	return share.last - share.first - slots_used(row) +
	       atomic_load_explicit(&row->slots_before, memory_order_relaxed);
}

static struct worker *
client_row(const struct forker *forker, int32_t client)
{
	return ledger_client(forker->ledger, forker->first_client + client);
}

/* Without a schedule every client is due at once. Those that are there are left to their
 * work, or they would take the processors from each other and from the acceptors. */
static bool
clients_are_busy(struct forker *forker)
{
	int64_t left = 0;

	if (forker->ramp.rate > 0)
		return false;
	for (int32_t i = forker->busy; i < forker->next && left < AHEAD; i++) {
		int64_t own = share_left(forker->ledger, forker->context->slot, i,
					 forker->ramp.last);

		if (atomic_load(&client_row(forker, i)->gone) != 0)
			own = 0;
		if (own == 0 && i == forker->busy)
			forker->busy++;
		left += own;
	}
	return left >= AHEAD;
}

static bool
fork_client(struct forker *forker)
{
	struct client_share share = share_of_client(forker, forker->next);
	struct spawn spec = {
		.main = client_main,
		.context = *forker->context,
		.keep = { forker->context->orders, -1, -1, -1 },
		.expendable = true,
	};

	spec.context.role = ROLE_CLIENT;
	spec.context.slot = forker->first_client + forker->next;
	spec.context.extra = &share;
	if (spawn(&spec) == -1) {
		ledger_failure(forker->ledger, forker->row, CALL_FORK, errno);
		return false;
	}
	WORKER_COUNT(forker->row, processes, 1);
	return true;
}

/* Forks the clients that are due. One that cannot be forked is tried again until the next
 * is due: then its slots of the schedule are missed. */
static void
fork_due(struct forker *forker)
{
	int64_t due_us, after_us;
	int64_t now_us = ledger_now_us(forker->ledger);

	while (client_due(forker, forker->next, &due_us) && due_us - LEAD_US <= now_us) {
		if (now_us < forker->resume_us)
			return;
		if (clients_are_busy(forker)) {
			forker->resume_us = now_us + LOOK_US;
			return;
		}
		if (!fork_client(forker)) {
			forker->resume_us = now_us + PAUSE_US;
			if (!client_due(forker, forker->next + 1, &after_us) ||
			    after_us > now_us || forker->ramp.rate == 0)
				return;
			atomic_store(&client_row(forker, forker->next)->gone, 1);
			forker_miss(forker->ledger, forker->context->slot,
				    forker->ramp.last);
			forker->resume_us = 0;
		}
		forker->next++;
		now_us = ledger_now_us(forker->ledger);
	}
}

/* Slots of a client's share that the ramp calls for and that it did not use are missed. */
static void
miss_slots(struct ledger *ledger, int32_t forker, int32_t client, int64_t target)
{
	struct worker *row =
	    ledger_client(ledger, ledger_first_client(ledger, forker) + client);
	int64_t missed = share_left(ledger, forker, client, target);

	if (missed > 0)
		WORKER_COUNT(row, missed, missed);
}

void
forker_miss(struct ledger *ledger, int32_t forker, int64_t target)
{
	bool all = atomic_load(&ledger_forker(ledger, forker)->gone) != 0;
	int32_t first = ledger_first_client(ledger, forker);
	int32_t count = ledger_first_client(ledger, forker + 1) - first;

	for (int32_t i = 0; i < count; i++)
		if (all || atomic_load(&ledger_client(ledger, first + i)->gone) != 0)
			miss_slots(ledger, forker, i, target);
}

void
forker_settle(struct worker *client, bool released)
{
	struct counters *counters = &client->counters;
	int64_t held = atomic_exchange_explicit(&counters->held, 0, memory_order_relaxed);

	atomic_fetch_sub_explicit(
	    &client->forker->under_way,
	    atomic_exchange_explicit(&counters->in_flight, 0, memory_order_relaxed),
	    memory_order_relaxed);
	atomic_store_explicit(&client->pid, 0, memory_order_relaxed);
	if (released)
		WORKER_COUNT(client, released, held);
	else
		WORKER_COUNT(client, lost, held);
	atomic_store(&client->gone, !released);
}

static void
client_ended(int32_t index, pid_t pid, int status, void *arg)
{
	struct forker *forker = arg;

	(void)pid;
	(void)status;
	WORKER_COUNT(forker->row, processes, -1);
	if (index >= 0)
		forker_settle(
		    ledger_client(forker->ledger, forker->ledger->processes[index].slot),
		    forker->released);
	if (!forker->released)
		forker_miss(forker->ledger, forker->context->slot, forker->ramp.last);
}

/* By the ledger's list, which knows them from the instant of their fork. */
static void
kill_clients(const struct forker *forker)
{
	const struct ledger *ledger = forker->ledger;
	int32_t count = ledger_process_count(ledger);

	for (int32_t i = 0; i < count; i++) {
		const struct process *process = &ledger->processes[i];
		pid_t pid = atomic_load_explicit(&process->pid, memory_order_acquire);

		if (pid > 0 && process->parent == getpid() &&
		    atomic_load_explicit(&process->end, memory_order_relaxed) ==
			END_RUNNING)
			kill(pid, SIGKILL);
	}
}

/* Every client is forked once more. */
static void
begin_cycle(struct forker *forker)
{
	forker->next = forker->busy = 0;
	forker->released = forker->killed = false;
	for (int32_t i = 0; i < forker->clients; i++) {
		struct worker *row = client_row(forker, i);

		atomic_store(&row->slots_before, slots_used(row));
		atomic_store(&row->gone, 0);
	}
}

static void
take_orders(struct forker *forker)
{
	const struct order *order;

	while ((order = control_next(forker->ledger, &forker->orders_seen)) != NULL) {
		if (order->kind == ORDER_RAMP) {
			if (forker->released)
				begin_cycle(forker);
			forker->ramp = *order;
			forker_miss(forker->ledger, forker->context->slot, order->last);
		} else if (order->kind == ORDER_RELEASE) {
			forker->released = true;
			forker->killed = order->method == RELEASE_KILL_CLIENTS;
			if (forker->killed)
				kill_clients(forker);
		} else if (order->kind == ORDER_QUIT_WORKERS)
			forker->quit = true;
	}
}

static void
wait_and_reap(struct forker *forker)
{
	struct epoll_event events[2];
	int64_t due_us, wake_us = -1, now_us = ledger_now_us(forker->ledger);

	if (!forker->released && !forker->quit &&
	    client_due(forker, forker->next, &due_us)) {
		wake_us = due_us - LEAD_US;
		if (forker->resume_us > wake_us)
			wake_us = forker->resume_us;
		wake_us = wake_us > now_us ? wake_us - now_us : 0;
	}
	int n = watch_wait(forker->epoll, events, 2, wake_us);

	for (int i = 0; i < n; i++) {
		if (events[i].data.fd == forker->children) {
			spawn_drain_signals(forker->children);
			spawn_reap(forker->ledger, forker->killed, client_ended, forker);
		} else if ((events[i].events & EPOLLHUP) != 0) {
			/* The supervisor is gone; its clients follow this process. */
			_exit(1);
		}
	}
}

static void
forker_init(struct forker *forker, const struct worker_context *context)
{
	*forker = (struct forker){
		.plan = context->plan,
		.ledger = context->ledger,
		.row = ledger_forker(context->ledger, context->slot),
		.context = context,
		.first_client = ledger_first_client(context->ledger, context->slot),
		.clients = ledger_first_client(context->ledger, context->slot + 1) -
			   ledger_first_client(context->ledger, context->slot),
		.epoll = epoll_create1(EPOLL_CLOEXEC),
		.children = spawn_child_signals(),
	};
	if (forker->epoll == -1 || forker->children == -1)
		fatal("cannot start");
	watch_fd(forker->epoll, EPOLL_CTL_ADD, context->orders, EPOLLIN | EPOLLET);
	watch_fd(forker->epoll, EPOLL_CTL_ADD, forker->children, EPOLLIN);
	ledger_worker_ready(forker->row);
}

int
forker_main(const struct worker_context *context)
{
	struct forker forker;

	forker_init(&forker, context);
	for (;;) {
		take_orders(&forker);
		if (forker.quit && atomic_load_explicit(&forker.row->counters.processes,
							memory_order_relaxed) == 0)
			return 0;
		if (!forker.released && !forker.quit)
			fork_due(&forker);
		wait_and_reap(&forker);
		atomic_store_explicit(&forker.row->heartbeat_us,
				      ledger_now_us(forker.ledger), memory_order_relaxed);
	}
}
