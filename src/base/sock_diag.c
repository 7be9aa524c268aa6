#include "base/sock_diag.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"

#define ANSWER_BYTES    32768
#define PATIENCE_US     (2 * US_PER_S)
#define UNIX_PATH_BYTES sizeof(((struct sockaddr_un *)0)->sun_path)

/* The operands of a comparison: the offset where it holds, where not, and then the port. */
struct filter {
	struct rtattr attribute;
	struct inet_diag_bc_op from, low, to, high;
};

struct request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
	struct filter filter;
};

/* All of a family whose own port is in the range, in two comparisons: an offset beyond the end
 * passes none. */
static bool
ask(int diag, const struct sock_diag_range *range, uint8_t family)
{
	const struct request request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .sdiag_family = family,
			  .sdiag_protocol = IPPROTO_TCP,
			  .idiag_ext = range->ext,
			  .idiag_states = range->states },
		.filter = { .attribute = { .rta_len = sizeof(struct filter),
					   .rta_type = INET_DIAG_REQ_BYTECODE },
			    .from = { INET_DIAG_BC_S_GE, 8, 20 },
			    .low = { .no = (uint16_t)range->low },
			    .to = { INET_DIAG_BC_S_LE, 8, 12 },
			    .high = { .no = (uint16_t)range->high } },
	};

	return send(diag, &request, sizeof(request), 0) == sizeof(request);
}

/* each() for one of the kernel's answers. */
struct visit {
	void (*each)(struct nlmsghdr *answer, const struct visit *visit);
	void (*socket)(const struct inet_diag_msg *socket, void *arg);
	void (*unix_socket)(const struct sock_diag_unix *socket, void *arg);
	void *arg;
};

static void
each_socket(struct nlmsghdr *answer, const struct visit *visit)
{
	visit->socket(NLMSG_DATA(answer), visit->arg);
}

/* True where there is more to come. */
static bool
take_answer(const struct visit *visit, void *answer, size_t bytes, bool *failed)
{
	struct nlmsghdr *header = answer;

	for (; NLMSG_OK(header, bytes); header = NLMSG_NEXT(header, bytes)) {
		if (header->nlmsg_type == NLMSG_DONE)
			return false;
		if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY) {
			*failed = true;
			return false;
		}
		visit->each(header, visit);
	}
	return true;
}

/* All answers to what was asked. */
static bool
take_answers(const struct visit *visit, int diag, bool asked, void *answer)
{
	bool failed = !asked, more = asked;

	while (more) {
		ssize_t got = recv(diag, answer, ANSWER_BYTES, 0);

		if (got <= 0)
			return false;
		more = take_answer(visit, answer, (size_t)got, &failed);
	}
	return !failed;
}

/* As RTA_DATA() and RTA_NEXT(), of what may not be changed. */
static const void *
attribute_data(const struct rtattr *attribute)
{
	return (const char *)attribute + RTA_LENGTH(0);
}

static const struct rtattr *
attribute_next(const struct rtattr *attribute, int *left)
{
	int length = (int)RTA_ALIGN(attribute->rta_len);

	*left -= length;
	return (const void *)((const char *)attribute + length);
}

int64_t
sock_diag_drops(const struct inet_diag_msg *socket)
{
	const struct nlmsghdr *header =
	    (const void *)((const char *)socket - NLMSG_HDRLEN);
	int left = (int)(header->nlmsg_len - NLMSG_LENGTH(sizeof(*socket)));
	uint32_t memory[SK_MEMINFO_VARS];

	for (const struct rtattr *a = (const struct rtattr *)(socket + 1);
	     RTA_OK(a, left); a = attribute_next(a, &left))
		if (a->rta_type == INET_DIAG_SKMEMINFO &&
		    RTA_PAYLOAD(a) >= sizeof(memory)) {
			memcpy(memory, attribute_data(a), sizeof(memory));
			return memory[SK_MEMINFO_DROPS];
		}
	return -1;
}

/* A socket to ask with, and room for an answer; -1: none. */
static int
open_diag(int64_t patience_us, void **answer)
{
	const struct timeval patience = { .tv_sec = patience_us / US_PER_S,
					  .tv_usec = patience_us % US_PER_S };
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	*answer = malloc(ANSWER_BYTES);
	if (diag != -1 && *answer != NULL &&
	    setsockopt(diag, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0)
		return diag;
	free(*answer);
	*answer = NULL;
	if (diag != -1)
		close(diag);
	return -1;
}

bool
sock_diag_each(const struct sock_diag_range *range,
	       void (*each)(const struct inet_diag_msg *socket, void *arg), void *arg)
{
	int64_t patience_us = range->patience_us > 0 ? range->patience_us : PATIENCE_US;
	const struct visit visit = { .each = each_socket, .socket = each, .arg = arg };
	void *answer;
	int diag = open_diag(patience_us, &answer);
	bool seen;

	if (diag == -1)
		return false;
	seen = take_answers(&visit, diag, ask(diag, range, AF_INET), answer);
	/* Without IPv6 in the kernel there are none. */
	if (seen)
		take_answers(&visit, diag, ask(diag, range, AF_INET6), answer);
	free(answer);
	close(diag);
	return seen;
}

struct unix_request {
	struct nlmsghdr header;
	struct unix_diag_req body;
};

static bool
ask_unix(int diag)
{
	const struct unix_request request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			    .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.body = { .sdiag_family = AF_UNIX,
			  .udiag_states = 1U << TCP_LISTEN,
			  .udiag_show = UDIAG_SHOW_NAME | UDIAG_SHOW_RQLEN },
	};

	return send(diag, &request, sizeof(request), 0) == sizeof(request);
}

static void
each_unix_socket(struct nlmsghdr *answer, const struct visit *visit)
{
	const struct unix_diag_msg *socket = NLMSG_DATA(answer);
	int left = (int)(answer->nlmsg_len - NLMSG_LENGTH(sizeof(*socket)));
	struct sock_diag_unix found = { .inode = socket->udiag_ino };
	char path[UNIX_PATH_BYTES + 1] = "";
	struct unix_diag_rqlen length;

	for (const struct rtattr *a = (const struct rtattr *)(socket + 1);
	     RTA_OK(a, left); a = attribute_next(a, &left)) {
		if (a->rta_type == UNIX_DIAG_NAME && RTA_PAYLOAD(a) <= UNIX_PATH_BYTES)
			memcpy(path, attribute_data(a), RTA_PAYLOAD(a));
		if (a->rta_type == UNIX_DIAG_RQLEN && RTA_PAYLOAD(a) >= sizeof(length)) {
			memcpy(&length, attribute_data(a), sizeof(length));
			found.queue = length.udiag_rqueue;
			found.backlog = length.udiag_wqueue;
		}
	}
	found.path = path;
	/* An abstract name begins with a NUL. */
	if (path[0] != '\0')
		visit->unix_socket(&found, visit->arg);
}

bool
sock_diag_unix_listeners(int64_t patience_us,
			 void (*each)(const struct sock_diag_unix *socket, void *arg),
			 void *arg)
{
	const struct visit visit = { .each = each_unix_socket,
				     .unix_socket = each,
				     .arg = arg };
	void *answer;
	int diag = open_diag(patience_us, &answer);
	bool seen;

	if (diag == -1)
		return false;
	seen = take_answers(&visit, diag, ask_unix(diag), answer);
	free(answer);
	close(diag);
	return seen;
}
