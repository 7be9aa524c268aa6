#include "run/client.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/watch.h"
#include "protocol/protocol.h"
#include "run/address.h"
#include "run/claims.h"
#include "run/connections.h"
#include "run/control.h"
#include "run/keepalive.h"
#include "run/port_use.h"
#include "run/schedule.h"

#define EVENTS 256
/* Connections started before events are looked at again. */
#define BURST 32
/* After a failure at --rate max, and while the server is behind. */
#define PAUSE_US  10000
#define BEHIND_US 200
/* The first SYN is sent again after a second; a connect that took longer needed it. */
#define RETRANSMIT_US 900000

struct client {
	const struct plan *plan;
	struct ledger *ledger;
	struct worker *row;
	struct histogram *connect, *connect_raw, *echo, *idle;
	struct schedule schedule;
	struct connections connections;
	struct protocol_client speaks;
	struct keepalive keepalive;
	int epoll, orders, orders_seen;
	int64_t inflight_max; /* its forker's share: over all clients of that */
	int64_t queue_room;   /* at --rate max: connections the accept queue may hold */
	int64_t resume_us;    /* at --rate max: not before */
	struct endpoint server;
	bool external; /* what the server does shows here alone */
	bool release;
	enum release_mode method;
	bool quit;
};

/* A connect that begins, where there are not as many under way as there may be. The line is
 * shared only by the clients of one forker, of which one works at a time as a rule. */
static bool
begin_connect(struct client *client)
{
	_Atomic int64_t *under_way = &client->row->forker->under_way;

	if (atomic_fetch_add_explicit(under_way, 1, memory_order_relaxed) <
	    client->inflight_max) {
		WORKER_COUNT(client->row, in_flight, 1);
		return true;
	}
	atomic_fetch_sub_explicit(under_way, 1, memory_order_relaxed);
	return false;
}

static void
end_connect(struct client *client)
{
	WORKER_COUNT(client->row, in_flight, -1);
	atomic_fetch_sub_explicit(&client->row->forker->under_way, 1,
				  memory_order_relaxed);
}

static int64_t
in_flight(const struct client *client)
{
	return atomic_load_explicit(&client->row->counters.in_flight,
				    memory_order_relaxed);
}

static void
failed(struct client *client, enum call call, int error)
{
	ledger_failure(client->ledger, client->row, call, error);
	WORKER_COUNT(client->row, failed, 1);
	client->resume_us = ledger_now_us(client->ledger) + PAUSE_US;
}

/* An attempt that has a descriptor came to nothing. */
static void
abandon(struct client *client, int fd, enum call call, int error)
{
	connections_remove(&client->connections, fd);
	end_connect(client);
	failed(client, call, error);
	close(fd);
}

/* What is answered once other clients have let go was not served under the load; nor was it
 * accepted. */
static bool
is_released(const struct client *client)
{
	return atomic_load_explicit(&client->ledger->release_us, memory_order_relaxed) !=
	       0;
}

/* The server ended a connection that it had not served, or served otherwise than asked:
 * EPROTO where it said so, ECONNRESET where it only closed. */
static void
refused(struct client *client)
{
	const struct protocol_client *speaks = &client->speaks;

	ledger_failure(client->ledger, client->row, CALL_SERVE,
		       speaks->words_bytes > 0 ? EPROTO : ECONNRESET);
	client->resume_us = ledger_now_us(client->ledger) + PAUSE_US;
	ledger_refused(client->ledger, speaks->words, speaks->words_bytes);
}

/* What the end of a connection says of a server that cannot be asked. True where it was
 * refused, which is a failure of its own. */
static bool
is_refused(struct client *client, const struct connection *c)
{
	bool is_new = c->state == CONNECTION_TALKING && !c->served;

	if (!client->external || client->release || is_released(client))
		return false;
	if (c->state == CONNECTION_HELD)
		histogram_add(client->idle, ledger_now_us(client->ledger) - c->begun_us);
	if (is_new)
		refused(client);
	client->speaks.words_bytes = 0;
	return is_new;
}

/* The other side ended a held connection; error 0 is end-of-file. After the release that
 * is what was ordered. */
static void
lost(struct client *client, int fd, enum call call, int error)
{
	if (is_refused(client, &client->connections.by_fd[fd]))
		error = 0;
	connections_remove(&client->connections, fd);
	WORKER_COUNT(client->row, held, -1);
	if (client->release) {
		WORKER_COUNT(client->row, released, 1);
		error = 0;
	} else
		WORKER_COUNT(client->row, lost, 1);
	if (error != 0)
		ledger_failure(client->ledger, client->row, call, error);
	close(fd);
}

/* What the protocol has sent and received since the last look. */
static void
count_bytes(struct client *client)
{
	struct protocol_client *speaks = &client->speaks;

	if (speaks->sent_bytes > 0)
		WORKER_COUNT(client->row, sent_bytes, speaks->sent_bytes);
	if (speaks->received_bytes > 0)
		WORKER_COUNT(client->row, received_bytes, speaks->received_bytes);
	speaks->sent_bytes = speaks->received_bytes = 0;
}

/* False where the connection is of no use any more. */
static bool
is_alive(struct client *client, enum exchange_state state)
{
	if (state != EXCHANGE_REFUSED)
		return state != EXCHANGE_FAILED;
	client->speaks.call = CALL_RECV;
	client->speaks.error = 0;
	return false;
}

static void
begin_exchange(struct client *client, int fd, struct connection *c,
	       enum exchange_state *state)
{
	c->state = CONNECTION_TALKING;
	c->begun_us = ledger_now_us(client->ledger);
	WORKER_COUNT(client->row, messages, 1);
	*state = protocol_begin(&client->speaks, fd, &c->exchange);
	count_bytes(client);
}

/* After an exchange the next, or silence. False where the connection is lost. */
static bool
follow_exchange(struct client *client, int fd, struct connection *c,
		enum exchange_state state)
{
	bool lives = is_alive(client, state);

	while (lives && state == EXCHANGE_SERVED) {
		int64_t now_us = ledger_now_us(client->ledger);

		histogram_add(client->echo, now_us - c->begun_us);
		if (!c->served && !is_released(client)) {
			c->served = 1;
			WORKER_COUNT(client->row, served, 1);
		}
		if (--c->left == 0) {
			c->state = CONNECTION_HELD;
			c->begun_us = now_us;
			break;
		}
		begin_exchange(client, fd, c, &state);
		lives = is_alive(client, state);
	}
	if (lives && state == EXCHANGE_SENDS)
		watch_fd(client->epoll, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT);
	return lives;
}

/* The first of so many messages of a connection that is watched. */
static bool
begin_talk(struct client *client, int fd, struct connection *c, int64_t messages)
{
	enum exchange_state state;

	c->left = (uint32_t)messages & CONNECTION_LEFT_MAX;
	begin_exchange(client, fd, c, &state);
	return follow_exchange(client, fd, c, state);
}

static bool
receive(struct client *client, int fd, struct connection *c)
{
	struct protocol_client *speaks = &client->speaks;
	enum exchange_state state = EXCHANGE_WAITS;

	if (c->state == CONNECTION_TALKING)
		state = protocol_readable(speaks, fd, &c->exchange);
	else if (protocol_overhear(speaks, fd, &c->exchange) == -1)
		state = EXCHANGE_FAILED;
	count_bytes(client);
	return follow_exchange(client, fd, c, state);
}

/* epoll's events came for an established connection: sends and receives what there is.
 * False where the connection is lost. */
static bool
talk(struct client *client, int fd, struct connection *c, uint32_t events)
{
	struct protocol_client *speaks = &client->speaks;

	if ((events & EPOLLOUT) != 0 && c->state == CONNECTION_TALKING) {
		enum exchange_state state = protocol_writable(speaks, fd, &c->exchange);

		count_bytes(client);
		if (state != EXCHANGE_SENDS)
			watch_fd(client->epoll, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLRDHUP);
		if (!follow_exchange(client, fd, c, state))
			return false;
	}
	return (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0 ||
	       receive(client, fd, c);
}

static bool
needed_retransmit(int fd)
{
	struct tcp_info info;
	socklen_t length = sizeof(info);

	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == 0 &&
	       info.tcpi_total_retrans > 0;
}

static void
established(struct client *client, int fd, int op)
{
	struct connection *c = &client->connections.by_fd[fd];
	int64_t took_us = ledger_now_us(client->ledger) - c->begun_us;
	int64_t messages = client->plan->messages;

	connections_connected(&client->connections, fd);
	end_connect(client);
	WORKER_COUNT(client->row, established, 1);
	WORKER_COUNT(client->row, held, 1);
	histogram_add(client->connect_raw, took_us);
	histogram_add(client->connect, took_us + c->late_us);
	if (took_us >= RETRANSMIT_US && needed_retransmit(fd))
		WORKER_COUNT(client->row, transient, 1);

	/* Held connections stay watched: one that the server ends is a finding. */
	c->state = CONNECTION_HELD;
	c->exchange = (struct exchange){ .number = c->number };
	if (watch_fd(client->epoll, op, fd, EPOLLIN | EPOLLRDHUP) == -1) {
		lost(client, fd, CALL_EPOLL, errno);
		return;
	}
	if (messages > 0 && client->speaks.protocol->once)
		messages = 1;
	if (messages > 0 && !begin_talk(client, fd, c, messages))
		lost(client, fd, client->speaks.call, client->speaks.error);
}

static int
open_socket(struct client *client, int64_t k)
{
	int fd = socket(client->server.at.any.sa_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1) {
		failed(client, CALL_SOCKET, errno);
		return -1;
	}
	if (connections_make_room(&client->connections, fd) == -1) {
		failed(client, CALL_MEMORY, errno);
		close(fd);
		return -1;
	}
	if (client->plan->sources > 1) {
		struct sockaddr_in source = address_source(client->plan, k);

		if (address_bind(fd, &source) == -1) {
			failed(client, CALL_BIND, errno);
			close(fd);
			return -1;
		}
	}
	return fd;
}

static void
connect_failed(struct client *client, int fd, int64_t k, int error)
{
	struct sockaddr_in source = address_source(client->plan, k);

	abandon(client, fd, CALL_CONNECT, error);
	if (error == EADDRNOTAVAIL && client->server.at.any.sa_family == AF_INET)
		port_use_note(client->ledger, &source);
}

static void
start_connection(struct client *client, int64_t k, int64_t due_us)
{
	const struct endpoint *server = &client->server;
	int64_t now_us = ledger_now_us(client->ledger);

	atomic_store_explicit(&client->row->begun_us, now_us, memory_order_relaxed);
	WORKER_COUNT(client->row, attempted, 1);
	int fd = open_socket(client, k);
	if (fd == -1) {
		end_connect(client);
		return;
	}

	struct connection *c = connections_add(&client->connections, fd);
	c->begun_us = now_us;
	c->number = (uint32_t)k + 1;
	/* At --rate max nothing is late: the server sets the pace. */
	if (client->schedule.ramp.rate > 0)
		c->late_us =
		    (int32_t)(now_us - due_us < INT32_MAX ? now_us - due_us : INT32_MAX);

	int result = connect(fd, &server->at.any, server->length);
	bool begun = result == 0 || errno == EINPROGRESS;
	if (begun && !client->external)
		claims_add(client->ledger, fd);
	/* On loopback the handshake is done before connect(2) returns, though it says
	 * EINPROGRESS; asking again saves a wait. */
	if (begun && result == -1)
		result = connect(fd, &server->at.any, server->length);
	if (result == 0)
		established(client, fd, EPOLL_CTL_ADD);
	else if (errno != EALREADY)
		connect_failed(client, fd, k, errno);
	else if (watch_fd(client->epoll, EPOLL_CTL_ADD, fd, EPOLLOUT) == -1)
		abandon(client, fd, CALL_EPOLL, errno);
}

/* What the server has taken: of one that does not count what it accepts, what it served.
 * Where nothing is said either, the connects under way are all that bounds the pace. */
static int64_t
taken(const struct client *client, const struct counts *totals)
{
	if (!client->external)
		return totals->accepted +
		       atomic_load_explicit(&client->ledger->never_accepted,
					    memory_order_relaxed);
	return client->plan->messages > 0 ? totals->served + totals->lost
					  : totals->established;
}

/* At --rate max the server sets the pace: true while its accept queue has room. */
static bool
server_keeps_up(struct client *client)
{
	struct counts totals;

	ledger_totals(client->ledger, &totals);
	if (totals.established - taken(client, &totals) < client->queue_room)
		return true;
	client->resume_us = ledger_now_us(client->ledger) + BEHIND_US;
	return false;
}

/* Starts what is due, at most a burst. */
static void
start_due(struct client *client)
{
	struct schedule *schedule = &client->schedule;
	bool paced = schedule->ramp.rate > 0;
	int64_t due_us;

	for (int i = 0; i < BURST && schedule_due(schedule, &due_us); i++) {
		int64_t now_us = ledger_now_us(client->ledger);

		if (due_us > now_us)
			return;
		if (!paced && now_us < client->resume_us)
			return;
		if (!paced && i == 0 && !server_keeps_up(client))
			return;
		if (!begin_connect(client)) {
			if (!paced) {
				client->resume_us = now_us + BEHIND_US;
				return;
			}
			WORKER_COUNT(client->row, missed, 1);
		} else
			start_connection(client,
					 schedule_connection(schedule, schedule->next),
					 due_us);
		schedule->next++;
	}
}

/* An exchange that was begun longer ago than a connect may take, and is not over. */
static bool
is_unanswered(const struct client *client, const struct connection *c)
{
	return c->state == CONNECTION_TALKING &&
	       ledger_now_us(client->ledger) - c->begun_us >
		   client->plan->connect_timeout_us;
}

/* Held connections say something in turn, where they are to be kept from being idle. */
static void
keep_open(struct client *client)
{
	struct connections *connections = &client->connections;
	int fd;

	while ((fd = keepalive_turn(&client->keepalive, ledger_now_us(client->ledger),
				    connections->highest)) != -1) {
		struct connection *c = &connections->by_fd[fd];

		if (c->state == CONNECTION_HELD && c->exchange.again &&
		    !begin_talk(client, fd, c, 1))
			lost(client, fd, client->speaks.call, client->speaks.error);
		else if (is_unanswered(client, c))
			ledger_failure(client->ledger, client->row, CALL_RECV, ETIMEDOUT);
	}
}

static void
give_up_slow(struct client *client)
{
	struct connections *connections = &client->connections;
	int64_t before_us =
	    ledger_now_us(client->ledger) - client->plan->connect_timeout_us;

	while (connections->oldest >= 0 &&
	       connections->by_fd[connections->oldest].begun_us <= before_us)
		abandon(client, connections->oldest, CALL_CONNECT, ETIMEDOUT);
}

static void
finish_connect(struct client *client, int fd)
{
	int error = 0;
	socklen_t length = sizeof(error);

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == -1)
		error = errno;
	if (error == 0)
		established(client, fd, EPOLL_CTL_MOD);
	else
		abandon(client, fd, CALL_CONNECT, error);
}

static void
handle(struct client *client, const struct epoll_event *event)
{
	int fd = event->data.fd;
	struct connection *c = &client->connections.by_fd[fd];

	if (c->state == CONNECTION_NONE)
		return;
	if (c->state == CONNECTION_CONNECTING) {
		finish_connect(client, fd);
		return;
	}
	if (!talk(client, fd, c, event->events))
		lost(client, fd, client->speaks.call, client->speaks.error);
}

/* Lets every connection go, as ordered. */
static void
release_all(struct client *client)
{
	struct linger reset = { .l_onoff = 1, .l_linger = 0 };

	for (int fd = 0; fd <= client->connections.highest; fd++) {
		struct connection *c = &client->connections.by_fd[fd];

		if (c->state == CONNECTION_NONE)
			continue;
		if (c->state == CONNECTION_CONNECTING)
			end_connect(client);
		else {
			if (c->state == CONNECTION_TALKING)
				protocol_abandon(&client->speaks, &c->exchange);
			WORKER_COUNT(client->row, held, -1);
			WORKER_COUNT(client->row, released, 1);
		}
		if (client->method == RELEASE_RESET)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		connections_remove(&client->connections, fd);
		close(fd);
	}
}

/* Microseconds until something is to be done without an event; -1: nothing is. */
static int64_t
idle_us(const struct client *client)
{
	const struct connections *connections = &client->connections;
	int64_t now_us = ledger_now_us(client->ledger), due_us, wake_us = INT64_MAX;

	if (schedule_due(&client->schedule, &due_us)) {
		wake_us = due_us;
		if (client->schedule.ramp.rate == 0 && client->resume_us > wake_us)
			wake_us = client->resume_us;
	}
	if (connections->oldest >= 0) {
		int64_t timeout_us = connections->by_fd[connections->oldest].begun_us +
				     client->plan->connect_timeout_us;
		if (timeout_us < wake_us)
			wake_us = timeout_us;
	}
	if (keepalive_due_us(&client->keepalive, connections->highest) < wake_us)
		wake_us = keepalive_due_us(&client->keepalive, connections->highest);
	if (wake_us == INT64_MAX)
		return -1;
	return wake_us > now_us ? wake_us - now_us : 0;
}

static void
take_orders(struct client *client)
{
	const struct order *order;

	while ((order = control_next(client->ledger, &client->orders_seen)) != NULL) {
		if (order->kind == ORDER_RAMP) {
			client->schedule.ramp = *order;
			client->release = false;
		} else if (order->kind == ORDER_RELEASE) {
			client->release = true;
			client->method = (enum release_mode)order->method;
		} else if (order->kind == ORDER_QUIT_WORKERS)
			client->quit = true;
	}
}

static void
wait_and_handle(struct client *client)
{
	struct epoll_event events[EVENTS];
	int n = watch_wait(client->epoll, events, EVENTS, idle_us(client));

	/* First, so that an acceptor's end that was ordered is no loss. */
	take_orders(client);
	for (int i = 0; i < n; i++) {
		if (events[i].data.fd != client->orders)
			handle(client, &events[i]);
		else if ((events[i].events & EPOLLHUP) != 0)
			client->quit = true;
	}
}

/* --inflight is split evenly, but each forker may have one. */
static int64_t
share_of_inflight(const struct plan *plan, int32_t forker)
{
	int64_t share = plan->inflight / plan->forkers;

	if (forker < plan->inflight % plan->forkers)
		share++;
	return share > 0 ? share : 1;
}

static void
client_init(struct client *client, const struct worker_context *context)
{
	const struct plan *plan = context->plan;
	const struct client_share *share = context->extra;
	struct rlimit nofile;

	*client = (struct client){
		.plan = plan,
		.ledger = context->ledger,
		.row = ledger_client(context->ledger, context->slot),
		.schedule = { .forkers = plan->forkers,
			      .forker = share->forker,
			      .next = share->first,
			      .last = share->last },
		.orders = context->orders,
		.inflight_max = share_of_inflight(plan, share->forker),
		.server = plan_endpoint(plan),
		.external = plan_is_external(plan),
	};
	client->connect = ledger_latency(client->ledger, LATENCY_CONNECT, client->row);
	client->connect_raw =
	    ledger_latency(client->ledger, LATENCY_CONNECT_RAW, client->row);
	client->echo = ledger_latency(client->ledger, LATENCY_ECHO, client->row);
	client->idle = ledger_latency(client->ledger, LATENCY_IDLE, client->row);
	/* Half of what one listener queues, so that clients which look at the same instant
	 * do not overrun it together. */
	if (plan->rate == 0)
		client->queue_room = address_queue_room(plan) / 2 + 1;

	getrlimit(RLIMIT_NOFILE, &nofile);
	client->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (client->epoll == -1 ||
	    protocol_client_init(&client->speaks, protocol_of(plan),
				 (size_t)plan->message_bytes) == -1 ||
	    connections_init(&client->connections, (int32_t)nofile.rlim_cur) == -1 ||
	    watch_fd(client->epoll, EPOLL_CTL_ADD, client->orders, EPOLLIN | EPOLLET) ==
		-1)
		fatal("cannot start");
	client->keepalive.every_us = plan->every_us;
	if (plan->every_us == 0)
		client->keepalive.every_us = client->speaks.protocol->every_us;
	client->keepalive.seen_us = ledger_now_us(client->ledger);
	ledger_worker_ready(client->row);
}

/* After the release: lets go what is this client's to let go. True once nothing is left;
 * never where clients are to be killed. */
static bool
released(struct client *client)
{
	int64_t held =
	    atomic_load_explicit(&client->row->counters.held, memory_order_relaxed);

	if (client->method == RELEASE_KILL_CLIENTS)
		return false;
	if (client->method == RELEASE_KILL_ACCEPTORS)
		return held == 0 && in_flight(client) == 0;
	release_all(client);
	return true;
}

int
client_main(const struct worker_context *context)
{
	struct client client;

	client_init(&client, context);
	for (;;) {
		take_orders(&client);
		if (client.quit)
			return 0;
		if (client.release && released(&client))
			return 0;
		if (!client.release) {
			start_due(&client);
			keep_open(&client);
		}
		give_up_slow(&client);
		wait_and_handle(&client);
		atomic_store_explicit(&client.row->heartbeat_us,
				      ledger_now_us(client.ledger), memory_order_relaxed);
	}
}
