#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "run/connections.h"

#define CAPACITY 1048576 /* as fs.nr_open has it */
#define FEW      64      /* descriptors of the model */

static size_t
map_bytes(void)
{
	return CAPACITY * sizeof(struct connection);
}

static int
setup(void **state)
{
	struct connections *connections = malloc(sizeof(*connections));

	if (connections == NULL || connections_init(connections, CAPACITY) == -1)
		return -1;
	*state = connections;
	return 0;
}

static int
teardown(void **state)
{
	struct connections *connections = *state;

	munmap(connections->by_fd, map_bytes());
	free(connections);
	return 0;
}

/* Memory that the map has taken so far. */
static size_t
taken_bytes(const struct connections *connections)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t pages = (map_bytes() + page - 1) / page, taken = 0;
	unsigned char *resident = malloc(pages);

	assert_non_null(resident);
	assert_int_equal(mincore(connections->by_fd, map_bytes(), resident), 0);
	for (size_t i = 0; i < pages; i++)
		taken += (resident[i] & 1) != 0 ? page : 0;
	free(resident);
	return taken;
}

static void
hold(struct connections *connections, int fd)
{
	struct connection *c = connections_add(connections, fd);

	connections_connected(connections, fd);
	c->state = CONNECTION_HELD;
}

/* What a client can hold must not depend on what it keeps of each connection. */
static void
a_connection_takes_at_most_128_bytes(void **state)
{
	struct connections *connections = *state;

	assert_true(sizeof(struct connection) <= 128);
	assert_int_equal(taken_bytes(connections), 0);
	hold(connections, 7);
	assert_true(taken_bytes(connections) <= (size_t)sysconf(_SC_PAGESIZE));
	for (int fd = 8; fd < 20008; fd++)
		hold(connections, fd);
	assert_true(taken_bytes(connections) <= 20000 * 128);
}

static void
a_descriptor_starts_afresh_when_it_comes_back(void **state)
{
	struct connections *connections = *state;
	struct connection *c = connections_add(connections, 9);

	connections_connected(connections, 9);
	c->state = CONNECTION_TALKING;
	c->begun_us = c->late_us = 5;
	c->left = 3;
	c->served = 1;
	connections_remove(connections, 9);
	assert_int_equal(connections->by_fd[9].state, CONNECTION_NONE);

	assert_ptr_equal(connections_add(connections, 9), c);
	assert_int_equal(c->state, CONNECTION_CONNECTING);
	assert_int_equal(c->begun_us, 0);
	assert_int_equal(c->late_us, 0);
	assert_int_equal(c->left + c->served, 0);
	assert_int_equal(connections->oldest, 9);
	assert_int_equal(connections->newest, 9);
}

/* As many as --messages allows. */
static void
a_connection_counts_a_million_messages(void **state)
{
	struct connection *c = connections_add(*state, 9);

	c->left = 1000000;
	assert_int_equal(c->left, 1000000);
}

static void
the_highest_descriptor_is_remembered(void **state)
{
	struct connections *connections = *state;

	assert_int_equal(connections->highest, -1);
	hold(connections, 12);
	hold(connections, 11);
	assert_int_equal(connections->highest, 12);
	connections_remove(connections, 12);
	assert_int_equal(connections->highest, 12);
}

/* Those connecting, oldest first. */
struct model {
	int fds[FEW];
	size_t count;
};

static void
model_drop(struct model *model, int fd)
{
	for (size_t i = 0; i < model->count; i++)
		if (model->fds[i] == fd) {
			memmove(&model->fds[i], &model->fds[i + 1],
				(model->count - i - 1) * sizeof(model->fds[0]));
			model->count--;
			return;
		}
}

static void
model_check(const struct model *model, const struct connections *connections)
{
	int fd = connections->oldest, before = -1;

	for (size_t i = 0; i < model->count; i++) {
		assert_int_equal(fd, model->fds[i]);
		assert_int_equal(connections->by_fd[fd].older, before);
		before = fd;
		fd = connections->by_fd[fd].newer;
	}
	assert_int_equal(fd, -1);
	assert_int_equal(connections->newest, before);
}

/* Connects end in any order; the one that waits longest must stay at the front, or its
 * timeout is missed. */
static void
those_connecting_stay_in_order(void **state)
{
	struct connections *connections = *state;
	struct model model = { .count = 0 };
	unsigned int seed = 1;

	for (int i = 0; i < 20000; i++) {
		int fd = rand_r(&seed) % FEW;
		struct connection *c = &connections->by_fd[fd];

		if (c->state == CONNECTION_NONE) {
			connections_add(connections, fd);
			model.fds[model.count++] = fd;
		} else if (c->state == CONNECTION_CONNECTING && rand_r(&seed) % 2 == 0) {
			connections_connected(connections, fd);
			c->state = CONNECTION_HELD;
			model_drop(&model, fd);
		} else {
			connections_remove(connections, fd);
			model_drop(&model, fd);
		}
		model_check(&model, connections);
	}
}

#define CONNECTIONS_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

/* RLIMIT_NOFILE may be raised while a client runs: what it held by then stays as it was. */
static void
room_is_made_for_a_higher_descriptor(void **state)
{
	struct connections small;

	(void)state;
	assert_int_equal(connections_init(&small, 1024), 0);
	connections_add(&small, 1000)->begun_us = 7;
	assert_int_equal(connections_make_room(&small, 1000), 0);
	assert_int_equal(small.capacity, 1024);
	assert_int_equal(connections_make_room(&small, 70000), 0);
	assert_true(small.capacity > 70000);
	hold(&small, 70000);
	assert_int_equal(small.by_fd[1000].begun_us, 7);
	assert_int_equal(small.by_fd[1024].begun_us, 0);
	assert_int_equal(small.by_fd[70000].state, CONNECTION_HELD);
	assert_int_equal(small.oldest, 1000);
	munmap(small.by_fd, small.capacity * sizeof(*small.by_fd));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		CONNECTIONS_TEST(a_connection_takes_at_most_128_bytes),
		CONNECTIONS_TEST(a_descriptor_starts_afresh_when_it_comes_back),
		CONNECTIONS_TEST(a_connection_counts_a_million_messages),
		CONNECTIONS_TEST(the_highest_descriptor_is_remembered),
		CONNECTIONS_TEST(those_connecting_stay_in_order),
		CONNECTIONS_TEST(room_is_made_for_a_higher_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
