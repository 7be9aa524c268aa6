#include "run/acceptor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "run/address.h"
#include "run/control.h"
#include "run/handler.h"
#include "run/retain.h"
#include "run/spawn.h"

#define EVENTS 256
/* Connections taken before events, and the other acceptors, get their turn. */
#define BURST 64
/* An acceptor with less than this share of its descriptors left is nearly full. */
#define NEARLY_FULL 16
/* An acceptor that cannot accept looks again after this long: level-triggered it would
 * spin, edge-triggered it would fall silent. */
#define PAUSE_US     10000
#define BUFFER_BYTES 65536
/* What else its stack and its heap come to. */
#define STACK_SPARE (1U << 20)

/* An echo that the socket would not take at once. */
struct pending {
	size_t from, to;
	char data[BUFFER_BYTES];
};

/* A held connection, by descriptor. */
struct peer {
	struct pending *pending;
	bool open, canary;
};

struct acceptor {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	const struct worker_context *context;
	struct peer *peers;
	int listener, epoll, children, orders_seen;
	int64_t nofile;          /* RLIMIT_NOFILE */
	int64_t paused_until_us; /* 0: the listener is watched */
	int waiting_fd; /* accepted, but there was no handler or memory for it; -1: none */
	bool quit;
	struct retain retain;
	char buffer[BUFFER_BYTES];
};

#define COUNT(acceptor, name, n)                                        \
	atomic_fetch_add_explicit(&(acceptor)->row->counters.name, (n), \
				  memory_order_relaxed)

static int
watch(const struct acceptor *acceptor, int op, int fd, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.fd = fd };

	return epoll_ctl(acceptor->epoll, op, fd, &event);
}

static int
watch_listener(const struct acceptor *acceptor)
{
	uint32_t events = EPOLLIN;

	if (acceptor->plan->listener == LISTENER_SHARED)
		events |= EPOLLEXCLUSIVE;
	return watch(acceptor, EPOLL_CTL_ADD, acceptor->listener, events);
}

static void
pause_listener(struct acceptor *acceptor)
{
	if (acceptor->paused_until_us == 0)
		watch(acceptor, EPOLL_CTL_DEL, acceptor->listener, 0);
	acceptor->paused_until_us = ledger_now_us(acceptor->ledger) + PAUSE_US;
}

static void
resume_listener(struct acceptor *acceptor)
{
	acceptor->paused_until_us = 0;
	watch_listener(acceptor);
}

static void
count_held(struct acceptor *acceptor, bool canary, int n)
{
	if (canary)
		COUNT(acceptor, canary_held, n);
	else
		COUNT(acceptor, held, n);
}

static void
close_peer(struct acceptor *acceptor, int fd)
{
	struct peer *peer = &acceptor->peers[fd];

	count_held(acceptor, peer->canary, -1);
	free(peer->pending);
	*peer = (struct peer){ 0 };
	close(fd);
}

/* A canary's handler takes a place too: while there is one, the limit is not the clients',
 * and it will have gone at the next look. */
static void
fork_failed(struct acceptor *acceptor, int error)
{
	int64_t canaries = 0;

	for (int32_t i = 0; i < acceptor->ledger->acceptors; i++)
		canaries += atomic_load_explicit(
		    &ledger_acceptor(acceptor->ledger, i)->counters.canary_held,
		    memory_order_relaxed);
	if (canaries == 0)
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
	spec.context.slot = (int32_t)atomic_load_explicit(
	    &acceptor->row->counters.accepted, memory_order_relaxed);
	spec.context.extra = &job;
	if (spawn(&spec) == -1) {
		if (!canary) {
			fork_failed(acceptor, errno);
			return false;
		}
		count_held(acceptor, true, -1);
	} else if (!canary)
		COUNT(acceptor, processes, 1);
	close(fd);
	return true;
}

static void
handler_ended(int32_t index, pid_t pid, int status, void *arg)
{
	struct acceptor *acceptor = arg;

	(void)pid;
	(void)status;
	count_held(acceptor, index < 0, -1);
	if (index >= 0)
		COUNT(acceptor, processes, -1);
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
	acceptor->peers[fd] = (struct peer){ .open = true, .canary = canary };
	if (watch(acceptor, EPOLL_CTL_ADD, fd, EPOLLIN) == -1)
		ledger_failure(acceptor->ledger, acceptor->row, CALL_EPOLL, errno);
	return TAKEN;
}

static enum taken
accept_failed(struct acceptor *acceptor, int error)
{
	int64_t canary_held = atomic_load_explicit(&acceptor->row->counters.canary_held,
						   memory_order_relaxed);

	if (error == EAGAIN)
		return QUEUE_EMPTY;
	/* While the canary holds a descriptor, the limit is not the clients': it will have
	 * gone at the next look. */
	if (error != EMFILE || canary_held == 0)
		ledger_failure(acceptor->ledger, acceptor->row, CALL_ACCEPT, error);
	return error == ECONNABORTED ? TAKEN : REFUSED;
}

static bool
is_nearly_full(const struct acceptor *acceptor, const struct worker *row)
{
	int64_t held = atomic_load_explicit(&row->counters.held, memory_order_relaxed);

	return held >= acceptor->nofile - acceptor->nofile / NEARLY_FULL;
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
	    acceptor->plan->handler != HANDLER_EVENT ||
	    !is_nearly_full(acceptor, acceptor->row))
		return false;
	for (int32_t i = 0; i < ledger->acceptors; i++) {
		const struct worker *row = ledger_acceptor(ledger, i);

		if (atomic_load_explicit(&row->pid, memory_order_relaxed) != 0 &&
		    !is_nearly_full(acceptor, row))
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
	bool canary = address_is_canary(&peer);
	if (!canary)
		COUNT(acceptor, accepted, 1);
	count_held(acceptor, canary, 1);
	return serve(acceptor, fd, canary);
}

static void
accept_burst(struct acceptor *acceptor)
{
	enum taken taken = TAKEN;

	for (int i = 0; i < BURST && taken == TAKEN; i++)
		taken = accept_one(acceptor);
	if (taken == REFUSED)
		pause_listener(acceptor);
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

/* Sends the rest of an echo; reading goes on once it is all gone. */
static void
send_pending(struct acceptor *acceptor, int fd)
{
	struct peer *peer = &acceptor->peers[fd];
	struct pending *pending = peer->pending;
	ssize_t sent = send(fd, pending->data + pending->from,
			    pending->to - pending->from, MSG_NOSIGNAL);

	if (sent == -1 && errno != EAGAIN) {
		close_peer(acceptor, fd);
		return;
	}
	if (sent > 0) {
		pending->from += (size_t)sent;
		COUNT(acceptor, sent_bytes, sent);
	}
	if (pending->from == pending->to) {
		free(pending);
		peer->pending = NULL;
		watch(acceptor, EPOLL_CTL_MOD, fd, EPOLLIN);
	}
}

static void
keep_pending(struct acceptor *acceptor, int fd, const char *data, size_t bytes)
{
	struct pending *pending = malloc(sizeof(*pending));

	if (pending == NULL) {
		ledger_failure(acceptor->ledger, acceptor->row, CALL_MEMORY, errno);
		close_peer(acceptor, fd);
		return;
	}
	pending->from = 0;
	pending->to = bytes;
	memcpy(pending->data, data, bytes);
	acceptor->peers[fd].pending = pending;
	watch(acceptor, EPOLL_CTL_MOD, fd, EPOLLOUT);
}

static void
echo(struct acceptor *acceptor, int fd)
{
	ssize_t got = recv(fd, acceptor->buffer, sizeof(acceptor->buffer), 0);

	if (got <= 0) {
		if (got == 0 || errno != EAGAIN)
			close_peer(acceptor, fd);
		return;
	}
	ssize_t sent = send(fd, acceptor->buffer, (size_t)got, MSG_NOSIGNAL);
	if (sent == -1 && errno != EAGAIN) {
		close_peer(acceptor, fd);
		return;
	}
	if (sent < 0)
		sent = 0;
	if (!acceptor->peers[fd].canary) {
		COUNT(acceptor, messages, 1);
		retained(acceptor, retain_count(&acceptor->retain, RETAIN_MESSAGE, 1));
		COUNT(acceptor, received_bytes, got);
		COUNT(acceptor, sent_bytes, sent);
	}
	if (sent < got)
		keep_pending(acceptor, fd, acceptor->buffer + sent, (size_t)(got - sent));
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
	} else if (acceptor->peers[fd].pending != NULL)
		send_pending(acceptor, fd);
	else if (acceptor->peers[fd].open)
		echo(acceptor, fd);
}

/* Microseconds until something is to be done without an event; -1: nothing is. */
static int64_t
idle_us(const struct acceptor *acceptor)
{
	if (acceptor->paused_until_us != 0)
		return acceptor->paused_until_us - ledger_now_us(acceptor->ledger);
	return retain_has_time(&acceptor->retain) ? RETAIN_TICK_US : -1;
}

static void
wait_and_handle(struct acceptor *acceptor)
{
	struct epoll_event events[EVENTS];
	int64_t us = idle_us(acceptor);
	struct timespec timeout = clock_timespec(us);
	int n =
	    epoll_pwait2(acceptor->epoll, events, EVENTS, us < 0 ? NULL : &timeout, NULL);

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

static void
acceptor_init(struct acceptor *acceptor, const struct worker_context *context)
{
	struct rlimit nofile;

	memset(acceptor, 0, sizeof(*acceptor));
	acceptor->plan = context->plan;
	acceptor->ledger = context->ledger;
	acceptor->row = ledger_acceptor(context->ledger, context->slot);
	acceptor->context = context;
	acceptor->waiting_fd = -1;
	retain_init(&acceptor->retain, context->plan);
	acceptor->listener = context->listener;
	if (acceptor->listener == -1)
		acceptor->listener = address_listen(context->plan);
	acceptor->epoll = epoll_create1(EPOLL_CLOEXEC);
	acceptor->children = -1;
	if (context->plan->handler == HANDLER_FORK)
		acceptor->children = spawn_child_signals();

	/* By descriptor, touched as far as descriptors go. */
	getrlimit(RLIMIT_NOFILE, &nofile);
	acceptor->nofile = (int64_t)nofile.rlim_cur;
	acceptor->peers =
	    mmap(NULL, nofile.rlim_cur * sizeof(struct peer), PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (acceptor->listener == -1 || acceptor->epoll == -1 ||
	    acceptor->peers == MAP_FAILED || watch_listener(acceptor) == -1 ||
	    watch(acceptor, EPOLL_CTL_ADD, context->orders, EPOLLIN | EPOLLET) == -1 ||
	    (acceptor->children >= 0 &&
	     watch(acceptor, EPOLL_CTL_ADD, acceptor->children, EPOLLIN) == -1))
		fatal("cannot listen on port %lld", (long long)context->plan->port);
	/* The sampler looks into the listener's queue; Yama would forbid it. */
	prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
	ledger_worker_ready(acceptor->row);
	atomic_store_explicit(&acceptor->row->listener_fd, acceptor->listener,
			      memory_order_release);
}

size_t
acceptor_bytes(void)
{
	struct rlimit nofile;

	getrlimit(RLIMIT_NOFILE, &nofile);
	return nofile.rlim_cur * sizeof(struct peer) + sizeof(struct acceptor) +
	       STACK_SPARE;
}

int
acceptor_main(const struct worker_context *context)
{
	struct acceptor acceptor;

	acceptor_init(&acceptor, context);
	while (!acceptor.quit) {
		wait_and_handle(&acceptor);
		take_orders(&acceptor);
		if (retain_has_time(&acceptor.retain))
			retained(&acceptor,
				 retain_time(&acceptor.retain, acceptor.ledger));
		atomic_store_explicit(&acceptor.row->heartbeat_us,
				      ledger_now_us(acceptor.ledger),
				      memory_order_relaxed);
	}
	return 0;
}
