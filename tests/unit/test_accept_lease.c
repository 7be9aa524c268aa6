#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "run/acceptor.h"

/* Far longer than any turn. */
#define LATER_US 1000000

static void
the_first_that_asks_keeps_its_turn(void **state)
{
	_Atomic int64_t until_us = 0;
	struct lease first = { .until_us = &until_us };
	struct lease second = { .until_us = &until_us };

	(void)state;
	assert_true(accept_lease_take(&first, 1000));
	for (int64_t now_us = 1001; now_us < LATER_US; now_us += 1000) {
		assert_false(accept_lease_take(&second, now_us));
		assert_true(accept_lease_take(&first, now_us));
	}
}

/* It may be stopped, dead or full. */
static void
who_does_not_ask_again_loses_it(void **state)
{
	_Atomic int64_t until_us = 0;
	struct lease first = { .until_us = &until_us };
	struct lease second = { .until_us = &until_us };

	(void)state;
	assert_true(accept_lease_take(&first, 1000));
	assert_false(accept_lease_take(&second, 1001));
	assert_true(accept_lease_take(&second, LATER_US));
	assert_false(accept_lease_take(&first, LATER_US + 1));
	assert_true(accept_lease_take(&second, LATER_US + 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_that_asks_keeps_its_turn),
		cmocka_unit_test(who_does_not_ask_again_loses_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
