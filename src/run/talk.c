#include "run/talk.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/watch.h"

int
talk_init(struct talk *talk, const struct worker_context *context, struct worker *row,
	  int epoll)
{
	*talk = (struct talk){
		.plan = context->plan,
		.ledger = context->ledger,
		.row = row,
		.echo = ledger_latency(context->ledger, LATENCY_ECHO, row),
		.epoll = epoll,
		.message = calloc(2, (size_t)context->plan->message_bytes),
	};
	return talk->message != NULL ? 0 : -1;
}

static bool
lost(struct talk *talk, enum call call, int error)
{
	talk->call = call;
	talk->error = error;
	return false;
}

/* Sends what is left of the message. */
static bool
send_rest(struct talk *talk, int fd, struct connection *c)
{
	ssize_t sent = send(fd, talk->message, c->unsent, MSG_NOSIGNAL);

	if (sent == -1 && errno != EAGAIN)
		return lost(talk, CALL_SEND, errno);
	if (sent > 0) {
		c->unsent -= (uint32_t)sent;
		WORKER_COUNT(talk->row, sent_bytes, sent);
	}
	return true;
}

static bool
send_message(struct talk *talk, int fd, struct connection *c)
{
	c->state = CONNECTION_TALKING;
	c->begun_us = ledger_now_us(talk->ledger);
	c->unsent = (uint32_t)talk->plan->message_bytes;
	c->unechoed = c->unsent;
	WORKER_COUNT(talk->row, messages, 1);
	if (!send_rest(talk, fd, c))
		return false;
	if (c->unsent > 0)
		watch_fd(talk->epoll, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLOUT);
	return true;
}

bool
talk_begin(struct talk *talk, int fd, struct connection *c)
{
	c->left = (uint16_t)talk->plan->messages;
	return send_message(talk, fd, c);
}

/* A whole message came back: send the next, or hold. */
static bool
message_echoed(struct talk *talk, int fd, struct connection *c)
{
	histogram_add(talk->echo, ledger_now_us(talk->ledger) - c->begun_us);
	if (!c->served) {
		c->served = 1;
		WORKER_COUNT(talk->row, served, 1);
	}
	if (--c->left > 0)
		return send_message(talk, fd, c);
	c->state = CONNECTION_HELD;
	return true;
}

static bool
receive(struct talk *talk, int fd, struct connection *c)
{
	char *buffer = talk->message + talk->plan->message_bytes;
	ssize_t got = recv(fd, buffer, (size_t)talk->plan->message_bytes, 0);

	if (got == -1 && errno == EAGAIN)
		return true;
	if (got <= 0)
		return lost(talk, CALL_RECV, got == 0 ? 0 : errno);
	WORKER_COUNT(talk->row, received_bytes, got);
	if (c->state != CONNECTION_TALKING)
		return true;
	c->unechoed -= (uint32_t)(got < c->unechoed ? got : c->unechoed);
	return c->unechoed > 0 || message_echoed(talk, fd, c);
}

bool
talk_serve(struct talk *talk, int fd, struct connection *c, uint32_t events)
{
	if ((events & EPOLLOUT) != 0) {
		if (!send_rest(talk, fd, c))
			return false;
		if (c->unsent == 0)
			watch_fd(talk->epoll, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLRDHUP);
	}
	return (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) == 0 ||
	       receive(talk, fd, c);
}
