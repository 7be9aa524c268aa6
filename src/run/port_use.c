#include "run/port_use.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "base/procfile.h"
#include "base/clock.h"
#include "base/sock_diag.h"
#include "run/address.h"
#include "run/claims.h"

/* What a port is to those who connect to the server; of several the highest. */
enum holder {
	HOLDER_NONE,
	/* A connection elsewhere: it bars the port if its socket was bound to it. */
	HOLDER_OTHER,
	/* connect(2) passes over a port that any socket was bound to, on whatever address. */
	HOLDER_BOUND,
	HOLDER_RESERVED,
	HOLDER_TIME_WAIT,
	HOLDER_STRANGER,
	HOLDER_OWN,
	HOLDERS
};

struct look {
	struct ledger *ledger;
	struct sockaddr_in source, server;
	int low, high;
	uint8_t holder[LEDGER_PORTS]; /* enum holder */
};

/* An IPv4 address and port, also where it is mapped into IPv6: ::ffff:127.0.0.1. */
static bool
is_address(const struct sockaddr_in *wanted, uint8_t family, const uint32_t *host,
	   uint16_t port)
{
	bool mapped = host[0] == 0 && host[1] == 0 && host[2] == htonl(0xffff);

	if (wanted->sin_port != 0 && port != wanted->sin_port)
		return false;
	if (family == AF_INET)
		return host[0] == wanted->sin_addr.s_addr;
	return mapped && host[3] == wanted->sin_addr.s_addr;
}

static enum holder
holder_of(const struct look *look, const struct inet_diag_msg *socket)
{
	const struct inet_diag_sockid *id = &socket->id;
	struct sockaddr_in own = look->source;

	if (socket->idiag_state == TCP_LISTEN ||
	    socket->idiag_state == TCP_BOUND_INACTIVE || socket->idiag_state == TCP_CLOSE)
		return HOLDER_BOUND;
	if (!is_address(&look->source, socket->idiag_family, id->idiag_src, 0) ||
	    !is_address(&look->server, socket->idiag_family, id->idiag_dst,
			id->idiag_dport))
		return HOLDER_OTHER;
	if (socket->idiag_state == TCP_TIME_WAIT)
		return HOLDER_TIME_WAIT;
	own.sin_port = id->idiag_sport;
	return claims_has(look->ledger, &own) ? HOLDER_OWN : HOLDER_STRANGER;
}

static void
hold(struct look *look, int port, enum holder holder)
{
	if (look->holder[port] < holder)
		look->holder[port] = (uint8_t)holder;
}

static void
take_socket(const struct inet_diag_msg *socket, void *arg)
{
	struct look *look = arg;

	hold(look, ntohs(socket->id.idiag_sport), holder_of(look, socket));
}

static bool
look_at_sockets(struct look *look)
{
	const struct sock_diag_range range = { .low = look->low,
					       .high = look->high,
					       .states = SOCK_DIAG_ALL };

	return sock_diag_each(&range, take_socket, look);
}

static bool
read_range(struct look *look)
{
	char text[PROCFILE_MAX], *end;

	if (procfile_sysctl("net.ipv4.ip_local_port_range", text, sizeof(text)) == -1)
		return false;
	look->low = (int)strtol(text, &end, 10);
	look->high = (int)strtol(end, NULL, 10);
	if (look->low < 1 || look->high >= LEDGER_PORTS || look->low > look->high)
		return false;
	if (procfile_sysctl("net.ipv4.ip_local_reserved_ports", text, sizeof(text)) == -1)
		return true;
	for (const char *at = text; *at >= '0' && *at <= '9';
	     at = *end == ',' ? end + 1 : end) {
		long first = strtol(at, &end, 10), last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		for (long port = first; port <= last && port < LEDGER_PORTS; port++)
			hold(look, (int)port, HOLDER_RESERVED);
	}
	return true;
}

static void
count(const struct look *look, struct port_use *use)
{
	int32_t counts[HOLDERS] = { 0 };
	int port = ntohs(look->server.sin_port);

	for (int i = look->low; i <= look->high; i++)
		counts[look->holder[i]]++;
	use->low = look->low;
	use->high = look->high;
	use->own = counts[HOLDER_OWN];
	use->strangers = counts[HOLDER_STRANGER];
	use->time_wait = counts[HOLDER_TIME_WAIT];
	use->reserved = counts[HOLDER_RESERVED];
	use->bound = counts[HOLDER_BOUND];
	use->other = counts[HOLDER_OTHER];
	use->free = counts[HOLDER_NONE];
	use->listener = port >= look->low && port <= look->high;
	/* connect(2) searches even and odd ports apart, as many of each: of a range of an odd
	 * number one port is never come to (inet_hash_connect() of the kernel). */
	if (use->free == 1 && (use->high - use->low) % 2 == 0 && use->high > use->low) {
		use->unreachable = 1;
		use->free = 0;
	}
}

void
port_use_note(struct ledger *ledger, const struct sockaddr_in *source)
{
	int64_t cycle = atomic_load(&ledger->cycle);
	int32_t noted = atomic_load(&ledger->port_use_count);
	struct look *look;

	if (noted >= LEDGER_PORT_USES ||
	    atomic_exchange(&ledger->port_use_cycles, cycle + 1) == cycle + 1)
		return;
	look = calloc(1, sizeof(*look));
	if (look == NULL)
		return;
	look->ledger = ledger;
	look->source = *source;
	look->server = address_server(ledger->plan);
	if (read_range(look) && look_at_sockets(look)) {
		struct port_use *use = &ledger->port_uses[noted];

		*use = (struct port_use){ .t_us = ledger_now_us(ledger),
					  .cycle = cycle,
					  .source = ntohl(source->sin_addr.s_addr) };
		count(look, use);
		atomic_store_explicit(&ledger->port_use_count, noted + 1,
				      memory_order_release);
	}
	free(look);
}

/* The supervisor asks, which has all to look after: an answer takes some 30 us. */
#define LISTENERS_PATIENCE_US (US_PER_S / 20)

struct listeners {
	struct sockaddr_in server;
	int32_t count;
};

static void
count_listener(const struct inet_diag_msg *socket, void *arg)
{
	struct listeners *listeners = arg;

	listeners->count += is_address(&listeners->server, socket->idiag_family,
				       socket->id.idiag_src, socket->id.idiag_sport);
}

int32_t
port_use_listeners(const struct plan *plan)
{
	const struct sock_diag_range range = { .low = (int)plan->port,
					       .high = (int)plan->port,
					       .states = 1U << TCP_LISTEN,
					       .patience_us = LISTENERS_PATIENCE_US };
	struct listeners listeners = { .server = address_server(plan) };

	return sock_diag_each(&range, count_listener, &listeners) ? listeners.count : -1;
}
