#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "run/record.h"
#include "sample/tick.h"

#define S INT64_C(1000000)

/* The clocks at the start of each case. */
static const struct clocks before = { 10 * S, 1000 * S, 1700000000 * S };

static void
each_change_is_told_from_the_others(void **state)
{
	static const struct {
		int64_t monotonic_us, boot_us, real_us; /* that went by */
		int64_t slept_us, stepped_us;
	} cases[] = {
		{ S / 10, S / 10, S / 10, 0, 0 },
		/* read one after the other, by a process that was interrupted */
		{ S / 10, S / 10 + 3000, S / 10 + 9000, 0, 0 },
		/* slewed by 500 ppm over ten seconds, both ways */
		{ 10 * S, 10 * S, 10 * S + 5000, 0, 0 },
		{ 10 * S, 10 * S, 10 * S - 5000, 0, 0 },
		/* a suspend moves the wall clock too: that is no step */
		{ S / 10, 60 * S, 60 * S, 60 * S - S / 10, 0 },
		{ S / 10, S / 10, 3600 * S, 0, 3600 * S - S / 10 },
		{ S / 10, S / 10, -3600 * S, 0, -3600 * S - S / 10 },
		{ S, 61 * S, 31 * S, 60 * S, -30 * S },
		{ S, S + CLOCKS_LEAST_US, S + CLOCKS_LEAST_US, CLOCKS_LEAST_US, 0 },
		{ S, S + CLOCKS_LEAST_US - 1, S, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct clocks now = before;
		struct clocks_change change;
		bool changed;

		now.monotonic_us += cases[i].monotonic_us;
		now.boot_us += cases[i].boot_us;
		now.real_us += cases[i].real_us;
		changed = clocks_compare(&before, &now, &change);
		if (change.slept_us != cases[i].slept_us ||
		    change.stepped_us != cases[i].stepped_us)
			fail_msg("case %zu: slept %lld, stepped %lld", i,
				 (long long)change.slept_us,
				 (long long)change.stepped_us);
		assert_int_equal(changed,
				 cases[i].slept_us != 0 || cases[i].stepped_us != 0);
	}
}

static void
next_event(struct ring *ring, uint64_t *cursor, struct event_record *event)
{
	struct ring_record record;

	assert_true(ring_next(ring, cursor, &record));
	assert_int_equal(record.kind, RECORD_EVENT);
	assert_int_equal(record.length, sizeof(*event));
	memcpy(event, record.data, sizeof(*event));
	assert_int_equal(event->t_us, 123);
	assert_int_equal(event->level, EVENT_WARNING);
	assert_string_equal(event->subject, "host");
}

static void
changes_become_events(void **state)
{
	const struct clocks_change change = { .slept_us = 90 * S, .stepped_us = -S / 2 };
	const struct clocks_change step = { .stepped_us = 2 * S };
	struct ring *ring = aligned_alloc(64, (ring_bytes(4096) + 63) / 64 * 64);
	struct event_record event;
	struct ring_record none;
	uint64_t cursor = 0;

	(void)state;
	memset(ring, 0, ring_bytes(4096));
	ring_init(ring, 4096);
	clocks_report(&change, 7, 123, ring);
	clocks_report(&step, 8, 123, ring);
	next_event(ring, &cursor, &event);
	assert_int_equal(event.seq, 2000000014);
	assert_string_equal(event.kind, "gap");
	assert_non_null(strstr(event.text, "suspended for 90.000 s"));
	next_event(ring, &cursor, &event);
	assert_int_equal(event.seq, 2000000015);
	assert_string_equal(event.kind, "clock-step");
	assert_string_equal(event.text, "the clock was set back by 0.500 s");
	next_event(ring, &cursor, &event);
	assert_int_equal(event.seq, 2000000017);
	assert_string_equal(event.text, "the clock was set forward by 2.000 s");
	assert_false(ring_next(ring, &cursor, &none));
	free(ring);
}

static void
the_real_clocks_agree(void **state)
{
	struct clocks first, second;
	struct clocks_change change;

	(void)state;
	clocks_read(&first);
	clocks_read(&second);
	assert_true(second.boot_us >= second.monotonic_us);
	assert_true(second.monotonic_us >= first.monotonic_us);
	assert_false(clocks_compare(&first, &first, &change));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_told_from_the_others),
		cmocka_unit_test(changes_become_events),
		cmocka_unit_test(the_real_clocks_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
