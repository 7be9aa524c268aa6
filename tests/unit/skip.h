/*
 * What cannot be tested here: says so, and ends the test function. cmocka's own skip() is
 * "not ok" in TAP.
 */
#ifndef BRINK_TESTS_SKIP_H
#define BRINK_TESTS_SKIP_H

#define skip_because(why)                                           \
	do {                                                        \
		print_message("# skipped %s: %s\n", __func__, why); \
		return;                                             \
	} while (0)

#endif
