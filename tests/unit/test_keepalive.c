/* Turns of the connections that are held, for what keeps them open. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/clock.h"
#include "run/keepalive.h"

#define MANY  1000
#define EVERY (30 * US_PER_S)

/* Asks whenever it is due, until then. The longest time between two turns of one, with the
 * beginning as a turn of all. */
static int64_t
longest_wait_us(struct keepalive *keepalive, int32_t highest, int64_t until_us,
		int64_t *turns, int64_t *wakes)
{
	int64_t last_us[MANY] = { 0 }, longest_us = 0;
	int32_t turn;

	for (int64_t now_us;
	     (now_us = keepalive_due_us(keepalive, highest)) <= until_us;) {
		++*wakes;
		while ((turn = keepalive_turn(keepalive, now_us, highest)) != -1) {
			if (now_us - last_us[turn] > longest_us)
				longest_us = now_us - last_us[turn];
			last_us[turn] = now_us;
			++*turns;
		}
	}
	return longest_us;
}

static void
each_has_a_turn_in_time_and_no_more(void **state)
{
	static const int32_t counts[] = { 1, 7, MANY };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		struct keepalive keepalive = { .every_us = EVERY };
		int64_t turns = 0, wakes = 0;

		assert_true(longest_wait_us(&keepalive, counts[i] - 1, 10 * EVERY, &turns,
					    &wakes) <= EVERY + 40 * US_PER_MS);
		assert_in_range(turns, 9 * counts[i], 10 * counts[i]);
		assert_true(wakes <= turns + 10);
	}
}

static void
many_turns_are_given_together(void **state)
{
	struct keepalive keepalive = { .every_us = 100 * US_PER_MS };
	int64_t turns = 0, wakes = 0;

	(void)state;
	longest_wait_us(&keepalive, MANY - 1, US_PER_S, &turns, &wakes);
	assert_in_range(turns, 9 * MANY, 10 * MANY);
	assert_true(wakes <= 50);
}

static void
who_was_away_has_one_turn(void **state)
{
	struct keepalive keepalive = { .every_us = EVERY };
	int32_t turns = 0;

	(void)state;
	while (keepalive_turn(&keepalive, 100 * EVERY, 9) != -1)
		turns++;
	assert_int_equal(turns, 10);
}

static void
nobody_has_a_turn_who_is_not_there_or_not_asked(void **state)
{
	struct keepalive never = { 0 }, nobody = { .every_us = EVERY };

	(void)state;
	assert_int_equal(keepalive_turn(&never, EVERY, 9), -1);
	assert_int_equal(keepalive_due_us(&never, 9), INT64_MAX);
	assert_int_equal(keepalive_turn(&nobody, EVERY, -1), -1);
	assert_int_equal(keepalive_due_us(&nobody, -1), INT64_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_has_a_turn_in_time_and_no_more),
		cmocka_unit_test(many_turns_are_given_together),
		cmocka_unit_test(who_was_away_has_one_turn),
		cmocka_unit_test(nobody_has_a_turn_who_is_not_there_or_not_asked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
