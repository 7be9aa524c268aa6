#include "run/acceptor.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/procfile.h"
#include "base/watch.h"
#include "run/address.h"
#include "run/claims.h"
#include "run/control.h"
#include "run/retain.h"
#include "run/server.h"

#define EVENTS 256
/* Connections taken before events, and the other acceptors, get their turn. */
#define BURST 64
/* An acceptor with less than this share of its descriptors left is nearly full. */
#define NEARLY_FULL 16
/* An acceptor that cannot accept looks again after this long: level-triggered it would
 * spin, edge-triggered it would fall silent. */
#define PAUSE_US 10000
/* What else its stack and its heap come to. */
#define STACK_SPARE (1U << 20)
/* Where connections gather, the queue must have room for many more than come in a rest. */
#define GATHER_ROOM 1024
/* A rest: long enough to gather dozens, short beside what a newcomer then waits for a CPU. */
#define REST_US 250
/* A rest, and what the acceptor may then wait for a CPU. */
#define LEASE_US 5000

struct acceptor {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	const struct worker_context *context;
	struct server server;
	struct newcomers newcomers;
	in_port_t canary_port; /* of the canary's connection that was taken last */
	int listener, epoll, children, orders_seen;
	int64_t paused_until_us; /* 0: the listener is watched */
	int waiting_fd; /* accepted, but there was no handler or memory for it; -1: none */
	bool quit;
	struct retain retain;
	bool gathers; /* at --rate max, where nobody waits for an answer */
	struct lease lease;
};

/* Connections that were accepted, whosever they are. */
static int64_t
accepts(const struct acceptor *acceptor)
{
	const struct counters *counters = &acceptor->row->counters;

	return atomic_load_explicit(&counters->accepted, memory_order_relaxed) +
	       atomic_load_explicit(&counters->strangers, memory_order_relaxed);
}

static int
watch_listener(const struct acceptor *acceptor)
{
	uint32_t events = EPOLLIN;

	if (acceptor->plan->listener == LISTENER_SHARED)
		events |= EPOLLEXCLUSIVE;
	return watch_fd(acceptor->epoll, EPOLL_CTL_ADD, acceptor->listener, events);
}

static void
pause_listener(struct acceptor *acceptor)
{
	if (acceptor->paused_until_us == 0)
		watch_fd(acceptor->epoll, EPOLL_CTL_DEL, acceptor->listener, 0);
	acceptor->paused_until_us = ledger_now_us(acceptor->ledger) + PAUSE_US;
}

static void
resume_listener(struct acceptor *acceptor)
{
	acceptor->paused_until_us = 0;
	watch_listener(acceptor);
}

static int32_t
canary_visit(const struct acceptor *acceptor)
{
	return atomic_load_explicit(&acceptor->ledger->canary_visit,
				    memory_order_acquire);
}

/* Others can connect from its address: it is known by its port, or while it has none yet by
 * its word. One that gave up waiting has left its claim. */
static bool
is_canary(struct acceptor *acceptor, const struct sockaddr_in *peer)
{
	int32_t visit;

	if (!address_is_canary(peer))
		return false;
	visit = canary_visit(acceptor);
	if (visit != CANARY_CONNECTS && visit != ntohs(peer->sin_port) &&
	    !claims_has(acceptor->ledger, peer))
		return false;
	acceptor->canary_port = ntohs(peer->sin_port);
	return true;
}

/* True while the canary itself has a connection here. */
static bool
has_canary(const struct acceptor *acceptor)
{
	int32_t visit = canary_visit(acceptor);

	return atomic_load_explicit(&acceptor->row->counters.canary_held,
				    memory_order_relaxed) > 0 &&
	       (visit == CANARY_CONNECTS || visit == acceptor->canary_port);
}

/* A canary's handler takes a place too: while there is one, the limit is not the clients',
 * and it will have gone at the next look. One that there is no place for is not held. */
static void
fork_failed(struct acceptor *acceptor, int error)
{
	int64_t canaries = 0;

	for (int32_t i = 0; i < acceptor->ledger->acceptors; i++)
		canaries += atomic_load_explicit(
		    &ledger_acceptor(acceptor->ledger, i)->counters.canary_held,
		    memory_order_relaxed);
	if (canaries == 0 || canary_visit(acceptor) == 0)
		ledger_failure(acceptor->ledger, acceptor->row, CALL_FORK, error);
}

static bool
retained(struct acceptor *acceptor, int result)
{
	if (result == -1)
		ledger_failure(acceptor->ledger, acceptor->row, CALL_MEMORY, errno);
	return result == 0;
}

/* Gives the connection to a handler of its own; false where none can be forked now: then
 * it waits, but for the canary's, which is refused. */
static bool
fork_handler(struct acceptor *acceptor, int fd, bool canary)
{
	struct handler_job job = { .acceptor = acceptor->row,
				   .fd = fd,
				   .canary = canary };
	struct spawn spec = {
		.main = handler_main,
		.context = *acceptor->context,
		.keep = { fd, -1, -1, -1 },
		.unlisted = canary,
	};

	spec.context.role = ROLE_HANDLER;
	spec.context.slot = (int32_t)accepts(acceptor);
	spec.context.extra = &job;
	if (spawn(&spec) == -1) {
		int error = errno;

		if (canary)
			worker_count_held(acceptor->row, true, -1);
		fork_failed(acceptor, error);
		if (!canary)
			return false;
	} else if (!canary)
		WORKER_COUNT(acceptor->row, processes, 1);
	close(fd);
	return true;
}

static void
handler_ended(int32_t index, pid_t pid, int status, void *arg)
{
	struct acceptor *acceptor = arg;

	(void)pid;
	(void)status;
	worker_count_held(acceptor->row, index < 0, -1);
	if (index >= 0)
		WORKER_COUNT(acceptor->row, processes, -1);
}

/* What came of one look at the accept queue. */
enum taken { TAKEN, QUEUE_EMPTY, REFUSED };

static bool
find_handler(struct acceptor *acceptor, int fd, bool canary)
{
	if (!fork_handler(acceptor, fd, canary))
		return false;
	if (!canary)
		retained(acceptor, retain_count(&acceptor->retain, RETAIN_CONNECTION, 1));
	return true;
}

static bool
find_memory(struct acceptor *acceptor, bool canary)
{
	return canary ||
	       retained(acceptor, retain_count(&acceptor->retain, RETAIN_CONNECTION, 1));
}

/* Takes charge of an accepted connection. One that there is no handler or no memory for
 * waits. */
static enum taken
serve(struct acceptor *acceptor, int fd, bool canary)
{
	bool event = acceptor->plan->handler == HANDLER_EVENT;

	if (event ? !find_memory(acceptor, canary)
		  : !find_handler(acceptor, fd, canary)) {
		acceptor->waiting_fd = fd;
		return REFUSED;
	}
	if (!event)
		return TAKEN;
	server_add(&acceptor->server, fd, canary);
	return TAKEN;
}

/* For the others of a shared listener to know: the limits of acceptors may differ, and
 * prlimit(1) changes them while they run. Returns it. */
static rlim_t
publish_nofile(struct worker *row)
{
	struct rlimit nofile;

	getrlimit(RLIMIT_NOFILE, &nofile);
	atomic_store_explicit(&row->nofile,
			      nofile.rlim_cur < INT64_MAX ? (int64_t)nofile.rlim_cur
							  : INT64_MAX,
			      memory_order_relaxed);
	return nofile.rlim_cur;
}

static enum taken
accept_failed(struct acceptor *acceptor, int error)
{
	if (error == EAGAIN)
		return QUEUE_EMPTY;
	if (error == EMFILE)
		publish_nofile(acceptor->row);
	/* While the canary holds a descriptor, the limit is not the clients': it will have
	 * gone at the next look. */
	if (error != EMFILE || !has_canary(acceptor))
		ledger_failure(acceptor->ledger, acceptor->row, CALL_ACCEPT, error);
	return error == ECONNABORTED ? TAKEN : REFUSED;
}

static bool
is_nearly_full(const struct worker *row)
{
	int64_t held = atomic_load_explicit(&row->counters.held, memory_order_relaxed);
	int64_t nofile = atomic_load_explicit(&row->nofile, memory_order_relaxed);
	int64_t own_fds = row->own_fds > 0 ? row->own_fds : 0;

	return held + own_fds >= nofile - nofile / NEARLY_FULL;
}

/*
 * The kernel wakes the acceptors of a shared listener in one order, so that the first is
 * full long before the last. One that is nearly full leaves the queue to those that are
 * not: only when all are do they run into their limits.
 */
static bool
others_have_room(const struct acceptor *acceptor)
{
	struct ledger *ledger = acceptor->ledger;

	if (acceptor->plan->listener != LISTENER_SHARED ||
	    acceptor->plan->handler != HANDLER_EVENT || !is_nearly_full(acceptor->row))
		return false;
	for (int32_t i = 0; i < ledger->acceptors; i++) {
		const struct worker *row = ledger_acceptor(ledger, i);

		if (atomic_load_explicit(&row->pid, memory_order_relaxed) != 0 &&
		    !is_nearly_full(row))
			return true;
	}
	return false;
}

static enum taken
accept_one(struct acceptor *acceptor)
{
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	bool event = acceptor->plan->handler == HANDLER_EVENT;

	if (others_have_room(acceptor))
		return REFUSED;
	int fd = accept4(acceptor->listener, (struct sockaddr *)&peer, &length,
			 SOCK_CLOEXEC | (event ? SOCK_NONBLOCK : 0));

	if (fd == -1)
		return accept_failed(acceptor, errno);
	bool canary = is_canary(acceptor, &peer);
	/* What waited until it was let go was never served: nobody is there any more. */
	if (!canary && atomic_load_explicit(&acceptor->ledger->release_us,
					    memory_order_relaxed) == 0)
		newcomers_add(&acceptor->newcomers, &peer, event ? fd : -1,
			      ledger_now_us(acceptor->ledger));
	worker_count_held(acceptor->row, canary, 1);
	return serve(acceptor, fd, canary);
}

bool
accept_lease_take(struct lease *lease, int64_t now_us)
{
	int64_t until_us = atomic_load_explicit(lease->until_us, memory_order_relaxed);

	if (until_us > now_us && until_us != lease->own_us)
		return false;
	/* Where two take it at once, both rest: the one that wrote last has it. */
	lease->own_us = now_us + LEASE_US;
	atomic_store_explicit(lease->until_us, lease->own_us, memory_order_relaxed);
	return true;
}

/* Sleeps while connections gather; a canary that comes meanwhile waits too. */
static void
rest(void)
{
	struct timespec time = clock_timespec(REST_US);

	clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

/* Leaves the queue alone for a moment, or to the acceptor that has the lease. */
static void
let_gather(struct acceptor *acceptor)
{
	if (!acceptor->gathers)
		return;
	if (acceptor->plan->listener != LISTENER_SHARED ||
	    accept_lease_take(&acceptor->lease, ledger_now_us(acceptor->ledger)))
		rest();
	else
		pause_listener(acceptor);
}

static void
accept_burst(struct acceptor *acceptor)
{
	enum taken taken = TAKEN;
	int64_t before = accepts(acceptor);

	for (int i = 0; i < BURST && taken == TAKEN; i++)
		taken = accept_one(acceptor);
	if (taken == REFUSED)
		pause_listener(acceptor);
	if (taken == QUEUE_EMPTY && accepts(acceptor) > before)
		let_gather(acceptor);
}

/* The pause is over: try what failed, and watch the listener again if it goes. */
static void
try_again(struct acceptor *acceptor)
{
	int fd = acceptor->waiting_fd;

	acceptor->waiting_fd = -1;
	if (fd >= 0 && serve(acceptor, fd, false) == REFUSED) {
		pause_listener(acceptor);
		return;
	}
	if (accept_one(acceptor) == REFUSED)
		pause_listener(acceptor);
	else
		resume_listener(acceptor);
}

static void
handle(struct acceptor *acceptor, const struct epoll_event *event)
{
	int fd = event->data.fd;

	if (fd == acceptor->listener) {
		if (acceptor->paused_until_us == 0)
			accept_burst(acceptor);
	} else if (fd == acceptor->context->orders) {
		if ((event->events & EPOLLHUP) != 0)
			acceptor->quit = true;
	} else if (fd == acceptor->children) {
		spawn_drain_signals(fd);
		spawn_reap(acceptor->ledger, false, handler_ended, acceptor);
	} else
		server_handle(&acceptor->server, fd);
}

static int64_t
sooner_us(int64_t one, int64_t other)
{
	return one < 0 || (other >= 0 && other < one) ? other : one;
}

/* Microseconds until something is to be done without an event; -1: nothing is. */
static int64_t
idle_us(const struct acceptor *acceptor)
{
	int64_t now_us = ledger_now_us(acceptor->ledger);
	int64_t wait_us = newcomers_wait_us(&acceptor->newcomers, now_us);

	if (acceptor->paused_until_us != 0) {
		int64_t left_us = acceptor->paused_until_us - now_us;

		return sooner_us(wait_us, left_us > 0 ? left_us : 0);
	}
	return sooner_us(wait_us,
			 retain_has_time(&acceptor->retain) ? RETAIN_TICK_US : -1);
}

static void
wait_and_handle(struct acceptor *acceptor)
{
	struct epoll_event events[EVENTS];
	int n = watch_wait(acceptor->epoll, events, EVENTS, idle_us(acceptor));

	for (int i = 0; i < n; i++)
		handle(acceptor, &events[i]);
	if (acceptor->paused_until_us != 0 &&
	    ledger_now_us(acceptor->ledger) >= acceptor->paused_until_us)
		try_again(acceptor);
}

static void
take_orders(struct acceptor *acceptor)
{
	const struct order *order;

	while ((order = control_next(acceptor->ledger, &acceptor->orders_seen)) != NULL)
		if (order->kind == ORDER_QUIT_WORKERS)
			acceptor->quit = true;
}

static int
make_server(struct acceptor *acceptor, rlim_t nofile)
{
	const struct server_parts parts = {
		.protocol = protocol_of(acceptor->plan),
		.ledger = acceptor->ledger,
		.row = acceptor->row,
		.retain = &acceptor->retain,
		.newcomers = &acceptor->newcomers,
		.epoll = acceptor->epoll,
	};

	return server_init(&acceptor->server, &parts, nofile);
}

static void
acceptor_init(struct acceptor *acceptor, const struct worker_context *context)
{
	rlim_t nofile;

	memset(acceptor, 0, sizeof(*acceptor));
	acceptor->plan = context->plan;
	acceptor->ledger = context->ledger;
	acceptor->row = ledger_acceptor(context->ledger, context->slot);
	acceptor->context = context;
	acceptor->waiting_fd = -1;
	retain_init(&acceptor->retain, context->plan);
	acceptor->lease.until_us = &context->ledger->accept_lease_us;
	acceptor->gathers = context->plan->rate == 0 && context->plan->messages == 0 &&
			    context->plan->handler == HANDLER_EVENT &&
			    address_queue_room(context->plan) >= GATHER_ROOM;
	acceptor->listener = context->listener;
	if (acceptor->listener == -1)
		acceptor->listener = address_listen(context->plan);
	acceptor->epoll = epoll_create1(EPOLL_CLOEXEC);
	acceptor->children = -1;
	if (context->plan->handler == HANDLER_FORK)
		acceptor->children = spawn_child_signals();

	nofile = publish_nofile(acceptor->row);
	if (acceptor->listener == -1 || acceptor->epoll == -1 ||
	    make_server(acceptor, nofile) == -1 ||
	    newcomers_init(&acceptor->newcomers, context->ledger, acceptor->row) == -1 ||
	    watch_listener(acceptor) == -1 ||
	    watch_fd(acceptor->epoll, EPOLL_CTL_ADD, context->orders,
		     EPOLLIN | EPOLLET) == -1 ||
	    (acceptor->children >= 0 &&
	     watch_fd(acceptor->epoll, EPOLL_CTL_ADD, acceptor->children, EPOLLIN) == -1))
		fatal("cannot listen on port %lld", (long long)context->plan->port);
	/* The sampler looks into the listener's queue; Yama would forbid it. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ledger_worker_ready(acceptor->row);
	atomic_store_explicit(&acceptor->row->listener_fd, acceptor->listener,
			      memory_order_release);
}

/* Address space that it may take at its start beside that of its parent. */
static size_t
own_bytes(void)
{
	struct rlimit nofile;

	getrlimit(RLIMIT_NOFILE, &nofile);
	return nofile.rlim_cur * sizeof(struct server_connection) +
	       sizeof(struct acceptor) + newcomers_bytes() + STACK_SPARE;
}

int
acceptor_check(const struct plan *plan, FILE *err)
{
	int64_t limit = plan->limit[LIMIT_ADDRESS_SPACE], pages = 0, needed;
	char text[2][UNITS_TEXT_SIZE];

	if (limit < 0)
		return 0;
	procfile_read_i64("/proc/self/statm", &pages);
	needed = pages * sysconf(_SC_PAGESIZE) + (int64_t)ledger_bytes(plan) +
		 (int64_t)own_bytes();
	if (limit >= needed)
		return 0;
	fprintf(err, "brink run: --limit %s=%s: an acceptor itself needs %s; give more\n",
		limit_spec(LIMIT_ADDRESS_SPACE)->name,
		units_format_exact(UNIT_BYTES, limit, text[0]),
		units_format(UNIT_BYTES, needed, text[1]));
	return -1;
}

int
acceptor_main(const struct worker_context *context)
{
	struct acceptor acceptor;

	acceptor_init(&acceptor, context);
	while (!acceptor.quit) {
		wait_and_handle(&acceptor);
		take_orders(&acceptor);
		newcomers_look(&acceptor.newcomers, ledger_now_us(acceptor.ledger));
		if (retain_has_time(&acceptor.retain))
			retained(&acceptor,
				 retain_time(&acceptor.retain, acceptor.ledger));
		atomic_store_explicit(&acceptor.row->heartbeat_us,
				      ledger_now_us(acceptor.ledger),
				      memory_order_relaxed);
	}
	return 0;
}
