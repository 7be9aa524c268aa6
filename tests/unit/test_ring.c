#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <setjmp.h>
#include <signal.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/ring.h"

#define CAPACITY 4096
#define LONGEST  (CAPACITY / 4)

/* What the producers of these tests push: a number, and its own bytes over and over. */
struct message {
	uint64_t number;
	unsigned char filling[LONGEST - sizeof(uint64_t)];
};

/* From 8 bytes to the longest allowed, most of them no multiple of 8. */
static uint32_t
message_length(uint64_t number)
{
	return (uint32_t)(sizeof(number) + number * 37 % (LONGEST - sizeof(number) + 1));
}

static bool
message_push(struct ring *ring, uint64_t number)
{
	struct message message = { .number = number };

	memset(message.filling, (int)(number % 251), sizeof(message.filling));
	return ring_push(ring, (uint32_t)(number % 7 + 1), &message,
			 message_length(number));
}

/* Fails where the record is not message number, whole. */
static void
message_check(const struct ring_record *record, uint64_t number)
{
	const struct message *message = record->data;

	assert_int_equal((uintptr_t)record->data % 8, 0);
	assert_int_equal(record->kind, number % 7 + 1);
	assert_int_equal(record->length, message_length(number));
	assert_int_equal(message->number, number);
	for (size_t i = 0; i < record->length - sizeof(message->number); i++)
		assert_int_equal(message->filling[i], number % 251);
}

static int
setup(void **state)
{
	struct ring *ring = mmap(NULL, ring_bytes(CAPACITY), PROT_READ | PROT_WRITE,
				 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (ring == MAP_FAILED)
		return -1;
	ring_init(ring, CAPACITY);
	*state = ring;
	return 0;
}

static int
teardown(void **state)
{
	return munmap(*state, ring_bytes(CAPACITY));
}

static void
empty_ring_has_no_record(void **state)
{
	struct ring *ring = *state;
	struct ring_record record;
	uint64_t cursor = ring_tail(ring);

	assert_false(ring_next(ring, &cursor, &record));
	assert_int_equal(cursor, ring_tail(ring));
}

static void
records_come_out_as_pushed(void **state)
{
	struct ring *ring = *state;
	struct ring_record record;
	uint64_t cursor = ring_tail(ring);

	assert_true(ring_push(ring, 3, "one", 4));
	assert_true(ring_push(ring, 9, NULL, 0));
	assert_true(ring_next(ring, &cursor, &record));
	assert_int_equal(record.kind, 3);
	assert_int_equal(record.length, 4);
	assert_string_equal(record.data, "one");
	assert_true(ring_next(ring, &cursor, &record));
	assert_int_equal(record.kind, 9);
	assert_int_equal(record.length, 0);
	assert_false(ring_next(ring, &cursor, &record));
}

/* Many times round, with records that meet the end of the data in every way. */
static void
records_stay_contiguous_round_the_end(void **state)
{
	struct ring *ring = *state;
	struct ring_record record;
	uint64_t cursor = ring_tail(ring);

	for (uint64_t number = 0; number < 5000; number++) {
		assert_true(message_push(ring, number));
		assert_true(ring_next(ring, &cursor, &record));
		message_check(&record, number);
		assert_true((const unsigned char *)record.data + record.length <=
			    ring->data + CAPACITY);
		ring_release(ring, cursor);
	}
	assert_true(ring_tail(ring) > 100 * CAPACITY);
	assert_int_equal(ring->dropped, 0);
}

static void
full_ring_drops_and_counts(void **state)
{
	struct ring *ring = *state;
	struct ring_record record;
	uint64_t cursor = ring_tail(ring), pushed = 0;
	unsigned char data[56] = { 0 };

	/* 8 bytes of header and 56 of data: 64 records fill the ring to the last byte. */
	while (ring_push(ring, 1, data, sizeof(data)))
		pushed++;
	assert_int_equal(pushed, CAPACITY / 64);
	assert_false(ring_push(ring, 1, NULL, 0));
	assert_int_equal(ring->dropped, 2);

	/* Reading gives no space back, only releasing does. */
	assert_true(ring_next(ring, &cursor, &record));
	assert_false(ring_push(ring, 2, data, sizeof(data)));
	ring_release(ring, cursor);
	assert_true(ring_push(ring, 2, data, sizeof(data)));
	assert_false(ring_push(ring, 2, data, sizeof(data)));
	assert_int_equal(ring->dropped, 4);

	for (uint64_t i = 1; i < pushed; i++) {
		assert_true(ring_next(ring, &cursor, &record));
		assert_int_equal(record.kind, 1);
	}
	assert_true(ring_next(ring, &cursor, &record));
	assert_int_equal(record.kind, 2);
	assert_false(ring_next(ring, &cursor, &record));
}

static void
too_long_a_record_is_dropped(void **state)
{
	struct ring *ring = *state;
	unsigned char data[LONGEST + 1] = { 0 };

	assert_true(ring_push(ring, 1, data, LONGEST));
	assert_false(ring_push(ring, 1, data, LONGEST + 1));
	assert_int_equal(ring->dropped, 1);
}

/* Pushes messages from number first on until it is killed. */
static pid_t
producer_start(struct ring *ring, uint64_t first)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* It is not to outlive a test that failed before it was killed. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		if (message_push(ring, first))
			first++;
		else
			sched_yield();
	}
}

static void
process_kill(pid_t pid)
{
	int status;

	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

/* Reads what is there and releases it; returns the number that comes next. */
static uint64_t
messages_drain(struct ring *ring, uint64_t *cursor, uint64_t number)
{
	struct ring_record record;

	while (ring_next(ring, cursor, &record))
		message_check(&record, number++);
	ring_release(ring, *cursor);
	return number;
}

/* Each producer is killed at a place of its own, and its successor goes on where it got. */
static void
killed_producer_leaves_whole_records(void **state)
{
	struct ring *ring = *state;
	uint64_t cursor = ring_tail(ring), number = 0;

	for (uint64_t round = 0; round < 100; round++) {
		uint64_t enough = number + 20 + round * 7 % 50;
		pid_t pid = producer_start(ring, number);

		assert_int_not_equal(pid, -1);
		while (number < enough)
			number = messages_drain(ring, &cursor, number);
		process_kill(pid);
		number = messages_drain(ring, &cursor, number);
	}
}

/* Reads count records from the tail on, then dies without having released them. */
static void
consumer_run(const struct ring *ring, int count)
{
	uint64_t cursor = ring_tail(ring);
	struct ring_record record;
	int status;
	pid_t pid = fork();

	assert_int_not_equal(pid, -1);
	if (pid == 0) {
		while (count > 0 && ring_next(ring, &cursor, &record))
			count--;
		raise(count == 0 ? SIGKILL : SIGTERM);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void
dead_consumer_leaves_its_records(void **state)
{
	struct ring *ring = *state;
	uint64_t pushed = 0, cursor;

	while (message_push(ring, pushed))
		pushed++;
	assert_true(pushed > 4);
	consumer_run(ring, 3);
	consumer_run(ring, (int)pushed);
	assert_int_equal(ring_tail(ring), 0);
	cursor = ring_tail(ring);
	assert_int_equal(messages_drain(ring, &cursor, 0), pushed);
	assert_true(message_push(ring, pushed));
}

#define RING_TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		RING_TEST(empty_ring_has_no_record),
		RING_TEST(records_come_out_as_pushed),
		RING_TEST(records_stay_contiguous_round_the_end),
		RING_TEST(full_ring_drops_and_counts),
		RING_TEST(too_long_a_record_is_dropped),
		RING_TEST(killed_producer_leaves_whole_records),
		RING_TEST(dead_consumer_leaves_its_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
