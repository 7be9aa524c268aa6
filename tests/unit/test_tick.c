#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "model/resource.h"
#include "sample/tick.h"

static const size_t room[SUBJECT_KINDS] = {
	[SUBJECT_HOST] = 1,
	[SUBJECT_PROCESS] = 3,
	[SUBJECT_GROUP] = GROUP_COUNT,
};

static int
setup(void **state)
{
	static struct tick tick;

	*state = &tick;
	return tick_init(&tick, room);
}

static int
teardown(void **state)
{
	tick_free(*state);
	return 0;
}

static void
a_tick_begins_empty_and_knows_how_late_it_is(void **state)
{
	struct tick *tick = *state;

	for (int64_t number = 3; number < 5; number++) {
		tick_begin(tick, number, number * 1000, number * 1000 + 17);
		assert_int_equal(tick->record->tick, number);
		assert_int_equal(tick->record->t_us, number * 1000 + 17);
		assert_int_equal(tick->record->late_us, 17);
		assert_int_equal(tick->record->subjects, 0);
		assert_int_equal(tick->bytes, sizeof(struct tick_record));
		/* What was in the one before is gone. */
		tick_subject(tick, SUBJECT_HOST, 0);
	}
}

/* The recorder walks from one to the next by their counts. */
static void
subjects_stand_one_behind_the_other(void **state)
{
	static const struct {
		enum subject_kind kind;
		uint32_t index;
	} subjects[] = {
		{ SUBJECT_PROCESS, 700 }, { SUBJECT_HOST, 0 },  { SUBJECT_GROUP, 4 },
		{ SUBJECT_PROCESS, 3 },   { SUBJECT_GROUP, 0 },
	};
	struct tick *tick = *state;
	size_t n = sizeof(subjects) / sizeof(subjects[0]), count;
	const char *at;

	tick_begin(tick, 0, 0, 0);
	for (size_t i = 0; i < n; i++) {
		int64_t *readings =
		    tick_subject(tick, subjects[i].kind, subjects[i].index);

		resource_of(subjects[i].kind, &count);
		for (size_t r = 0; r < count; r++)
			readings[r] = (int64_t)(i * 100 + r);
	}
	assert_int_equal(tick->record->subjects, n);
	at = (const char *)(tick->record + 1);
	for (size_t i = 0; i < n; i++) {
		const struct subject_sample *sample = (const void *)at;

		resource_of(subjects[i].kind, &count);
		assert_int_equal(sample->kind, subjects[i].kind);
		assert_int_equal(sample->index, subjects[i].index);
		assert_int_equal(sample->count, count);
		for (size_t r = 0; r < count; r++)
			assert_int_equal(sample->reading[r], i * 100 + r);
		at += sizeof(*sample) + count * sizeof(sample->reading[0]);
	}
	assert_int_equal(at - (const char *)tick->record, tick->bytes);
}

/* Not what the tick before had in the same place: that would be stored as read now. */
static void
a_subject_begins_without_readings(void **state)
{
	struct tick *tick = *state;
	size_t count;

	resource_of(SUBJECT_PROCESS, &count);
	for (int i = 0; i < 2; i++) {
		int64_t *readings;

		tick_begin(tick, i, 0, 0);
		readings = tick_subject(tick, SUBJECT_PROCESS, 0);
		for (size_t r = 0; r < count; r++) {
			assert_int_equal(readings[r], READING_NONE);
			readings[r] = 5;
		}
	}
}

static void
fill(struct tick *tick)
{
	tick_begin(tick, 0, 0, 0);
	for (int kind = 0; kind < SUBJECT_KINDS; kind++)
		for (uint32_t i = 0; i < room[kind]; i++)
			tick_subject(tick, (enum subject_kind)kind, i);
}

static void
there_is_room_for_what_was_asked(void **state)
{
	struct tick *tick = *state;

	fill(tick);
	assert_int_equal(tick->record->subjects, 1 + 3 + GROUP_COUNT);
	assert_int_equal(tick->bytes, tick->capacity);
}

/* Rather than to write behind it. */
static void
one_subject_too_many_is_fatal(void **state)
{
	struct tick *tick = *state;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		fill(tick);
		tick_subject(tick, SUBJECT_HOST, 1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

#define TICK_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TICK_TEST(a_tick_begins_empty_and_knows_how_late_it_is),
		TICK_TEST(subjects_stand_one_behind_the_other),
		TICK_TEST(a_subject_begins_without_readings),
		TICK_TEST(there_is_room_for_what_was_asked),
		TICK_TEST(one_subject_too_many_is_fatal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
