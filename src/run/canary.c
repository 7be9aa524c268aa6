#include "run/canary.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/watch.h"
#include "protocol/protocol.h"
#include "run/address.h"
#include "run/claims.h"
#include "run/control.h"

static const char message[] = "brink canary";

struct canary {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	struct endpoint server;
	struct protocol_client speaks;
	int orders, orders_seen, epoll;
	/* The server was there: what it does from now on counts. */
	bool begun;
	bool quit;
};

/* Waits until fd is ready for events or the time is up: 0, or -1 with errno. */
static int
wait_for(const struct canary *canary, int fd, short events, int64_t until_us)
{
	struct pollfd pfd = { .fd = fd, .events = events };
	int64_t left_us = until_us - ledger_now_us(canary->ledger);
	struct timespec timeout = clock_timespec(left_us);

	switch (ppoll(&pfd, 1, &timeout, NULL)) {
	case 0:
		errno = ETIMEDOUT;
		return -1;
	case -1:
		return -1;
	}
	return 0;
}

/* What the acceptors know it by, and by nothing that others may have too. */
static void
show_visit(const struct canary *canary, int32_t visit)
{
	atomic_store_explicit(&canary->ledger->canary_visit, visit, memory_order_release);
}

/* As connect(2), which chooses the port. */
static int
connect_shown(const struct canary *canary, int fd)
{
	const struct endpoint *server = &canary->server;
	int result, error;

	if (plan_is_external(canary->plan))
		return connect(fd, &server->at.any, server->length);
	show_visit(canary, CANARY_CONNECTS);
	result = connect(fd, &server->at.any, server->length);
	error = errno;
	show_visit(canary, claims_add(canary->ledger, fd));
	errno = error;
	return result;
}

static int
connect_within(const struct canary *canary, int fd, int64_t until_us)
{
	struct sockaddr_in source = address_canary();
	int error;
	socklen_t length = sizeof(error);

	/* Some servers serve 127.0.0.1 alone, and no other address of the loopback network. */
	if (!plan_is_external(canary->plan) && address_bind(fd, &source) == -1)
		return -1;
	if (connect_shown(canary, fd) == 0)
		return 0;
	if (errno != EINPROGRESS || wait_for(canary, fd, POLLOUT, until_us) == -1)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
		return -1;
	errno = error;
	return error == 0 ? 0 : -1;
}

/* One exchange: 0, or -1 with errno. */
static int
served_within(struct canary *canary, int fd, int64_t until_us)
{
	struct protocol_client *speaks = &canary->speaks;
	struct exchange exchange = { 0 };
	enum exchange_state state = protocol_begin(speaks, fd, &exchange);

	while (state == EXCHANGE_SENDS || state == EXCHANGE_WAITS) {
		bool sends = state == EXCHANGE_SENDS;

		if (wait_for(canary, fd, sends ? POLLOUT : POLLIN, until_us) == -1)
			return -1;
		state = (sends ? protocol_writable : protocol_readable)(speaks, fd,
									&exchange);
	}
	/* A server that hangs up on it serves it no more than one that is silent. */
	if (state == EXCHANGE_REFUSED)
		ledger_refused(canary->ledger, speaks->words, speaks->words_bytes);
	errno = state == EXCHANGE_REFUSED ? EPROTO
		: speaks->error != 0      ? speaks->error
					  : ECONNRESET;
	return state == EXCHANGE_SERVED ? 0 : -1;
}

#define COUNT(canary, counter) WORKER_COUNT((canary)->row, counter, (canary)->begun)

/* A target of others is there once it can be reached; of one that brink started itself it is
 * known that it speaks the protocol only once it does. */
static void
note_ready(const struct canary *canary, bool served)
{
	bool ready = served || canary->plan->command == NULL;

	/* How it refused while it was starting is not how it refuses under load. */
	if (ready && !ledger_listening(canary->ledger))
		ledger_forget_refusal(canary->ledger);
	if (ready)
		atomic_store_explicit(&canary->ledger->target_ready, 1,
				      memory_order_relaxed);
}

/* The call that failed, with errno, or CALL_NONE. */
static enum call
visit_over(struct canary *canary, int fd, int64_t until_us)
{
	if (connect_within(canary, fd, until_us) == -1)
		return CALL_CONNECT;
	COUNT(canary, established);
	note_ready(canary, plan_says_nothing(canary->plan));
	/* That the kernel took the connection says nothing of the service. */
	if (plan_says_nothing(canary->plan))
		return CALL_NONE;
	if (served_within(canary, fd, until_us) == -1)
		return CALL_RECV;
	COUNT(canary, served);
	note_ready(canary, true);
	return CALL_NONE;
}

/* True where it was served. */
static bool
visit(struct canary *canary)
{
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	int64_t from_us = ledger_now_us(canary->ledger);
	enum call failed = CALL_SOCKET;

	COUNT(canary, attempted);
	int fd = socket(canary->server.at.any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		failed = visit_over(canary, fd, from_us + CANARY_TIMEOUT_US);
	if (failed != CALL_NONE && canary->begun) {
		ledger_failure(canary->ledger, canary->row, failed, errno);
		WORKER_COUNT(canary->row, failed, 1);
	}
	if (failed == CALL_NONE && canary->begun)
		histogram_add(ledger_latency(canary->ledger, LATENCY_CANARY, canary->row),
			      ledger_now_us(canary->ledger) - from_us);
	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	show_visit(canary, 0);
	return failed == CALL_NONE;
}

/* True where there was an order that ends the wait. */
static bool
take_orders(struct canary *canary)
{
	const struct order *order;
	bool ends = false;

	while ((order = control_next(canary->ledger, &canary->orders_seen)) != NULL) {
		canary->quit |= order->kind == ORDER_QUIT_WORKERS;
		ends |= order->kind == ORDER_QUIT_WORKERS || order->kind == ORDER_RELEASE;
	}
	return ends;
}

/* Sleeps until then, until connections are released, or until ordered to quit. */
static void
wait_until(struct canary *canary, int64_t until_us)
{
	int64_t now_us;

	while ((now_us = ledger_now_us(canary->ledger)) < until_us) {
		struct epoll_event event;

		if (watch_wait(canary->epoll, &event, 1, until_us - now_us) != 1)
			continue;
		canary->quit |= (event.events & EPOLLHUP) != 0;
		if (take_orders(canary) || canary->quit)
			return;
	}
}

/* Before the start and after the release, one that gets no service asks more often: how long
 * it takes is what is to be known. */
static int64_t
interval_us(const struct canary *canary, bool served)
{
	bool released =
	    atomic_load_explicit(&canary->ledger->release_us, memory_order_relaxed) != 0;

	return (released || !canary->begun) && !served ? CANARY_IMPATIENT_US
						       : CANARY_INTERVAL_US;
}

int
canary_main(const struct worker_context *context)
{
	struct canary canary = {
		.plan = context->plan,
		.server = plan_endpoint(context->plan),
		.ledger = context->ledger,
		.row = ledger_canary(context->ledger),
		.orders = context->orders,
		.epoll = epoll_create1(EPOLL_CLOEXEC),
	};

	if (protocol_client_init(&canary.speaks, protocol_of(canary.plan),
				 sizeof(message)) == -1 ||
	    canary.epoll == -1 ||
	    watch_fd(canary.epoll, EPOLL_CTL_ADD, canary.orders, EPOLLIN | EPOLLET) == -1)
		fatal("cannot start");
	memcpy(canary.speaks.message, message, sizeof(message));
	ledger_worker_ready(canary.row);
	int64_t next_us = ledger_now_us(canary.ledger);
	do {
		/* A server that is not there yet refuses nobody. Whether a target is there, only
		 * a visit tells. */
		canary.begun = canary.begun || ledger_listening(canary.ledger);
		bool visits = canary.begun || plan_is_external(canary.plan);
		int64_t every_us = interval_us(&canary, visits && visit(&canary));

		while (next_us <= ledger_now_us(canary.ledger))
			next_us += every_us;
		wait_until(&canary, next_us);
	} while (!canary.quit);
	return 0;
}
