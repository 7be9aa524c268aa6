#include "sample/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/sock_diag.h"
#include "model/resource.h"

int
listeners_open(struct listeners *listeners, struct ledger *ledger)
{
	listeners->ledger = ledger;
	listeners->refused = false;
	listeners->queue = resource_position(resource_find(SUBJECT_LISTENER, "queue"));
	listeners->backlog =
	    resource_position(resource_find(SUBJECT_LISTENER, "backlog"));
	listeners->drops =
	    resource_position(resource_find(SUBJECT_LISTENER, "drops_total"));
	listeners->count =
	    ledger->plan->listener == LISTENER_SHARED ? 1 : ledger->acceptors;
	listeners->holders =
	    calloc((size_t)ledger->acceptors, sizeof(listeners->holders[0]));
	if (listeners->holders == NULL)
		return -1;
	for (int32_t i = 0; i < ledger->acceptors; i++)
		listeners->holders[i].pidfd = -1;
	listeners->diag = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	return 0;
}

static void
holder_release(struct listener_holder *holder)
{
	if (holder->pidfd != -1)
		close(holder->pidfd);
	holder->pidfd = -1;
}

void
listeners_close(struct listeners *listeners)
{
	for (int32_t i = 0; i < listeners->ledger->acceptors; i++)
		holder_release(&listeners->holders[i]);
	free(listeners->holders);
	if (listeners->diag != -1)
		close(listeners->diag);
}

/* A pidfd stays bound to its process when the pid is given to another one. */
static int
holder_pidfd(struct listener_holder *holder, int32_t pid)
{
	if (holder->pidfd != -1 && holder->pid == pid)
		return holder->pidfd;
	holder_release(holder);
	holder->pid = pid;
	if (pid > 0)
		holder->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	return holder->pidfd;
}

static bool
look_at_socket(int fd, struct listener_state *state)
{
	uint32_t memory[SK_MEMINFO_VARS] = { 0 };
	socklen_t length = sizeof(memory);
	struct tcp_info info;

	state->drops = READING_NONE;
	/* Since Linux 4.12. */
	if (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, memory, &length) == 0 &&
	    length > SK_MEMINFO_DROPS * sizeof(memory[0]))
		state->drops = memory[SK_MEMINFO_DROPS];
	length = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) == -1 ||
	    info.tcpi_state != TCP_LISTEN)
		return false;
	state->queue = info.tcpi_unacked;
	state->backlog = info.tcpi_sacked;
	return true;
}

/* Through the descriptor of an acceptor. */
static bool
look_through(struct listeners *listeners, int32_t slot, struct listener_state *state)
{
	struct worker *worker = ledger_acceptor(listeners->ledger, slot);
	int32_t pid = atomic_load_explicit(&worker->pid, memory_order_relaxed);
	int theirs = atomic_load_explicit(&worker->listener_fd, memory_order_relaxed);
	int pidfd = holder_pidfd(&listeners->holders[slot], pid);
	bool seen;
	int fd;

	if (pidfd == -1 || theirs == -1)
		return false;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, theirs, 0);
	if (fd == -1) {
		/* ENOSYS: before Linux 5.6. */
		listeners->refused = errno == EPERM || errno == ENOSYS;
		return false;
	}
	seen = look_at_socket(fd, state);
	close(fd);
	return seen;
}

struct diag_request {
	struct nlmsghdr header;
	struct inet_diag_req_v2 body;
};

union diag_answer {
	struct nlmsghdr header;
	char room[1024];
};

bool
listener_ask(int diag, uint32_t address, uint16_t port, struct listener_state *state)
{
	struct diag_request request = {
		.header = { .nlmsg_len = sizeof(request),
			    .nlmsg_type = SOCK_DIAG_BY_FAMILY,
			    .nlmsg_flags = NLM_F_REQUEST },
		.body = { .sdiag_family = AF_INET,
			  .sdiag_protocol = IPPROTO_TCP,
			  .idiag_ext = 1U << (INET_DIAG_SKMEMINFO - 1),
			  .idiag_states = 1U << TCP_LISTEN,
			  .id = { .idiag_sport = port,
				  .idiag_src = { address },
				  .idiag_cookie = { INET_DIAG_NOCOOKIE,
						    INET_DIAG_NOCOOKIE } } },
	};
	union diag_answer answer;
	struct inet_diag_msg *found;
	int64_t drops;
	ssize_t got;

	if (send(diag, &request, sizeof(request), MSG_DONTWAIT) == -1)
		return false;
	/* The kernel has answered before send(2) returns. */
	got = recv(diag, &answer, sizeof(answer), MSG_DONTWAIT);
	if (got < (ssize_t)NLMSG_LENGTH(sizeof(*found)) ||
	    answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return false;
	found = NLMSG_DATA(&answer.header);
	state->queue = found->idiag_rqueue;
	state->backlog = found->idiag_wqueue;
	drops = sock_diag_drops(found);
	state->drops = drops >= 0 ? drops : READING_NONE;
	return found->idiag_state == TCP_LISTEN;
}

static bool
look_shared(struct listeners *listeners, struct listener_state *state)
{
	uint16_t port = htons((uint16_t)listeners->ledger->plan->port);

	for (int32_t slot = 0; slot < listeners->ledger->acceptors && !listeners->refused;
	     slot++)
		if (look_through(listeners, slot, state))
			return true;
	return listeners->refused && listeners->diag != -1 &&
	       listener_ask(listeners->diag, htonl(INADDR_LOOPBACK), port, state);
}

static bool
look_at(struct listeners *listeners, int32_t index, struct listener_state *state)
{
	if (listeners->ledger->plan->listener == LISTENER_SHARED)
		return look_shared(listeners, state);
	return look_through(listeners, index, state);
}

void
listener_read(struct listeners *listeners, int32_t index, int64_t *readings)
{
	struct listener_state state;

	if (!look_at(listeners, index, &state))
		state =
		    (struct listener_state){ READING_NONE, READING_NONE, READING_NONE };
	readings[listeners->queue] = state.queue;
	readings[listeners->backlog] = state.backlog;
	readings[listeners->drops] = state.drops;
}
