#include "base/sock_diag.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"

#define ANSWER_BYTES 32768
#define PATIENCE_US  (2 * US_PER_S)

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

struct visit {
	void (*each)(const struct inet_diag_msg *socket, void *arg);
	void *arg;
};

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
		visit->each(NLMSG_DATA(header), visit->arg);
	}
	return true;
}

static bool
visit_family(const struct visit *visit, const struct sock_diag_range *range, int diag,
	     uint8_t family, void *answer)
{
	bool failed = !ask(diag, range, family), more = !failed;

	while (more) {
		ssize_t got = recv(diag, answer, ANSWER_BYTES, 0);

		if (got <= 0)
			return false;
		more = take_answer(visit, answer, (size_t)got, &failed);
	}
	return !failed;
}

bool
sock_diag_each(const struct sock_diag_range *range,
	       void (*each)(const struct inet_diag_msg *socket, void *arg), void *arg)
{
	int64_t patience_us = range->patience_us > 0 ? range->patience_us : PATIENCE_US;
	const struct timeval patience = { .tv_sec = patience_us / US_PER_S,
					  .tv_usec = patience_us % US_PER_S };
	const struct visit visit = { .each = each, .arg = arg };
	int diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	void *answer = malloc(ANSWER_BYTES);
	bool seen = false;

	if (diag != -1 && answer != NULL &&
	    setsockopt(diag, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) == 0)
		seen = visit_family(&visit, range, diag, AF_INET, answer);
	/* Without IPv6 in the kernel there are none. */
	if (seen)
		visit_family(&visit, range, diag, AF_INET6, answer);
	free(answer);
	if (diag != -1)
		close(diag);
	return seen;
}
