#include "run/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/procfile.h"

#define FIRST_SOURCE   0x7f000101U /* 127.0.1.1 */
#define CANARY_ADDRESS 0x7fff0001U /* 127.255.0.1 */

static struct sockaddr_in
address_make(uint32_t host, int64_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(host),
	};
}

struct sockaddr_in
address_server(const struct plan *plan)
{
	return plan_endpoint(plan).at.v4;
}

struct sockaddr_in
address_source(const struct plan *plan, int64_t k)
{
	if (plan->sources <= 1)
		return address_make(INADDR_LOOPBACK, 0);
	return address_make(FIRST_SOURCE + (uint32_t)(k % plan->sources), 0);
}

int64_t
address_count(const struct plan *plan)
{
	return (plan->sources > 1 ? plan->sources : 1) + 1;
}

int64_t
address_index(const struct plan *plan, const struct sockaddr_in *address)
{
	uint32_t host = ntohl(address->sin_addr.s_addr);

	if (host == CANARY_ADDRESS)
		return address_count(plan) - 1;
	if (plan->sources <= 1)
		return host == INADDR_LOOPBACK ? 0 : -1;
	if (host < FIRST_SOURCE || host >= FIRST_SOURCE + plan->sources)
		return -1;
	return host - FIRST_SOURCE;
}

struct sockaddr_in
address_canary(void)
{
	return address_make(CANARY_ADDRESS, 0);
}

bool
address_is_canary(const struct sockaddr_in *address)
{
	return address->sin_addr.s_addr == htonl(CANARY_ADDRESS);
}

int64_t
address_queue_room(const struct plan *plan)
{
	int64_t somaxconn;

	if (procfile_read_i64("/proc/sys/net/core/somaxconn", &somaxconn) == -1 ||
	    somaxconn > plan->backlog)
		return plan->backlog;
	return somaxconn;
}

int
address_listen(const struct plan *plan)
{
	struct sockaddr_in server = address_server(plan);
	int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd == -1)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == -1 ||
	    bind(fd, (struct sockaddr *)&server, sizeof(server)) == -1 ||
	    listen(fd, (int)plan->backlog) == -1) {
		int saved = errno;

		close(fd);
		errno = saved;
		return -1;
	}
	return fd;
}

int
address_bind(int fd, const struct sockaddr_in *source)
{
	int one = 1;

	if (setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof(one)) == -1)
		return -1;
	return bind(fd, (const struct sockaddr *)source, sizeof(*source));
}
