#include "run/connections.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/fd_table.h"

static_assert(sizeof(struct connection) <= 32, "a held connection must stay small");

int
connections_init(struct connections *connections, int32_t capacity)
{
	/* A client of ten connections takes one page. */
	void *table = fd_table_new((size_t)capacity, sizeof(struct connection));

	if (table == NULL)
		return -1;
	*connections = (struct connections){
		.by_fd = table,
		.capacity = (size_t)capacity,
		.highest = -1,
		.oldest = -1,
		.newest = -1,
	};
	return 0;
}

int
connections_make_room(struct connections *connections, int fd)
{
	void *table = fd_table_make_room(connections->by_fd, &connections->capacity,
					 sizeof(struct connection), fd);

	if (table == NULL)
		return -1;
	connections->by_fd = table;
	return 0;
}

struct connection *
connections_add(struct connections *connections, int fd)
{
	struct connection *c = &connections->by_fd[fd];

	memset(c, 0, sizeof(*c));
	c->state = CONNECTION_CONNECTING;
	c->older = connections->newest;
	c->newer = -1;
	if (connections->newest >= 0)
		connections->by_fd[connections->newest].newer = fd;
	else
		connections->oldest = fd;
	connections->newest = fd;
	if (fd > connections->highest)
		connections->highest = fd;
	return c;
}

void
connections_connected(struct connections *connections, int fd)
{
	struct connection *c = &connections->by_fd[fd];

	if (c->older >= 0)
		connections->by_fd[c->older].newer = c->newer;
	else
		connections->oldest = c->newer;
	if (c->newer >= 0)
		connections->by_fd[c->newer].older = c->older;
	else
		connections->newest = c->older;
	c->older = -1;
	c->newer = -1;
}

void
connections_remove(struct connections *connections, int fd)
{
	struct connection *c = &connections->by_fd[fd];

	if (c->state == CONNECTION_CONNECTING)
		connections_connected(connections, fd);
	c->state = CONNECTION_NONE;
}
