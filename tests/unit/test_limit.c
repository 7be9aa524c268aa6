#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "model/limit.h"
#include "plan/limit_check.h"

static void
every_limit_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < LIMIT_COUNT; i++) {
		int64_t number;

		assert_non_null(limit_spec((enum limit_name)i)->name);
		if (i != LIMIT_NOFILE_ONE)
			assert_int_equal(
			    limit_find(limit_spec((enum limit_name)i)->name,
				       strlen(limit_spec((enum limit_name)i)->name),
				       &number),
			    i);
		assert_true(limit_spec((enum limit_name)i)->min >= 1);
		assert_true(limit_spec((enum limit_name)i)->min <
			    limit_spec((enum limit_name)i)->max);
		assert_non_null(limit_spec((enum limit_name)i)->help);
	}
}

static void
only_whole_names_are_found(void **state)
{
	static const char *const words[] = { "",
					     "port",
					     "portss",
					     "PORTS",
					     "nofile",
					     "nofile.acceptor=",
					     "nofile.acceptor.",
					     "nofile.acceptor.K",
					     "nofile.acceptor.-1",
					     "nofile.acceptor.1x",
					     "nofile.acceptor.123456789",
					     "nofile.client.1" };
	int64_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_int_equal(limit_find(words[i], strlen(words[i]), &number), -1);
	assert_int_equal(limit_find("ports=1000", strlen("ports"), &number), LIMIT_PORTS);
	assert_int_equal(number, -1);
}

static void
one_acceptor_is_found_by_its_number(void **state)
{
	static const char arg[] = "nofile.acceptor.12=64";
	int64_t number;

	(void)state;
	assert_int_equal(limit_find(arg, strcspn(arg, "="), &number), LIMIT_NOFILE_ONE);
	assert_int_equal(number, 12);
	assert_int_equal(limit_find(arg, strlen("nofile.acceptor"), &number),
			 LIMIT_NOFILE_ACCEPTOR);
	assert_int_equal(number, -1);
}

static void
a_sysctl_says_why_it_needs_a_namespace(void **state)
{
	(void)state;
	for (int i = 0; i < LIMIT_COUNT; i++) {
		if (limit_spec((enum limit_name)i)->sysctl)
			assert_non_null(limit_spec((enum limit_name)i)->scope);
		/* Where it cannot be had at all, --isolate does not help. */
		if (limit_spec((enum limit_name)i)->refused)
			assert_null(limit_spec((enum limit_name)i)->scope);
	}
}

/* Every size beside every kind of port: exact and without the port where there is such a
 * range, refused where there is none. */
static void
port_ranges_are_exact(void **state)
{
	static const int64_t sizes[] = { 1,     2,     100,   28232, 32256,
					 45535, 45536, 45537, 55521, 55522,
					 55523, 64510, 64511, 64512, 64513 };
	static const int64_t ports[] = { 1,     22,    1023,  1024,  1025,  10013, 19999,
					 20000, 20001, 33279, 33280, 65534, 65535 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (size_t k = 0; k < sizeof(ports) / sizeof(ports[0]); k++) {
			int64_t size = sizes[i], port = ports[k];
			int64_t above = port < 1024 ? 1024 : port + 1;
			int possible = port - 1024 >= size || 65535 - above + 1 >= size;
			int low = -1, high = -1;
			int result = limit_port_range(size, port, &low, &high);

			if (result != (possible ? 0 : -1))
				fail_msg("%lld ports beside %lld: %d", (long long)size,
					 (long long)port, result);
			if (!possible)
				continue;
			assert_int_equal(high - low + 1, size);
			assert_true(low >= 1024 && high <= 65535);
			assert_true(port < low || port > high);
		}
	}
}

static void
port_ranges_begin_at_20000(void **state)
{
	int low, high;

	(void)state;
	assert_int_equal(limit_port_range(1000, 10013, &low, &high), 0);
	assert_int_equal(low, 20000);
	assert_int_equal(high, 20999);
	assert_int_equal(limit_port_range(0, 10013, &low, &high), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_limit_is_found_by_its_name),
		cmocka_unit_test(only_whole_names_are_found),
		cmocka_unit_test(one_acceptor_is_found_by_its_number),
		cmocka_unit_test(a_sysctl_says_why_it_needs_a_namespace),
		cmocka_unit_test(port_ranges_are_exact),
		cmocka_unit_test(port_ranges_begin_at_20000),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
