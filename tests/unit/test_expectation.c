#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/expectation.h"

static int
parse(struct expectation *e, const char *text, char **sentence)
{
	size_t size;
	FILE *why = open_memstream(sentence, &size);
	int result;

	assert_non_null(why);
	result = expectation_parse(e, text, why);
	fclose(why);
	return result;
}

static void
good(const char *text, const char *canonical, double bound)
{
	struct expectation e;
	char *sentence, buf[EXPECTATION_TEXT_SIZE];

	if (parse(&e, text, &sentence) != 0)
		fail_msg("%s: %s", text, sentence);
	assert_string_equal(expectation_text(&e, buf), canonical);
	assert_true(fabs(e.bound - bound) <= 1e-9 * bound);
	free(sentence);
}

static void
refused(const char *text, const char *expected)
{
	struct expectation e;
	char *sentence;

	assert_int_equal(parse(&e, text, &sentence), -1);
	assert_string_equal(sentence, expected);
	free(sentence);
}

static void
every_unit_is_read(void **state)
{
	(void)state;
	good("held >= 15000", "held >= 15000", 15000);
	good("held>=15k", "held >= 15k", 15000);
	good("held>=15K", "held >= 15K", 15000);
	good("held>=1.5k", "held >= 1.5k", 1500);
	good(" held\t>  1.5M ", "held > 1.5M", 1.5e6);
	good("fds_per_connection <= 1.01", "fds_per_connection <= 1.01", 1.01);
	good("recovered.fds >= 99.5%", "recovered.fds >= 99.5%", 0.995);
	good("memory_per_connection < 4.5Ki", "memory_per_connection < 4.5Ki", 4608);
	good("connect.p99 <= 1.5ms", "connect.p99 <= 1.5ms", 1500);
	good("growth.fds == 0/s", "growth.fds == 0/s", 0);
	good("growth.memory != 0.5Ki/s", "growth.memory != 0.5Ki/s", 512);
}

static void
a_bad_unit_is_refused(void **state)
{
	(void)state;
	refused("held >= 5s",
		"held is compared with a number such as 15000, 15k or 1.01");
	refused("held >= -1",
		"held is compared with a number such as 15000, 15k or 1.01");
	refused("held >= 1.",
		"held is compared with a number such as 15000, 15k or 1.01");
	refused("held >= 1kk",
		"held is compared with a number such as 15000, 15k or 1.01");
	refused("held >= 1111111111111111111111111111111",
		"held is compared with a number such as 15000, 15k or 1.01");
	refused("recovered.fds >= 99",
		"recovered.fds is compared with a share such as 99%");
	refused("recovered.fds >= 1k%",
		"recovered.fds is compared with a share such as 99%");
	refused("recovered.fds >= %",
		"recovered.fds is compared with a share such as 99%");
	refused("connect.p99 < 5",
		"connect.p99 is compared with a time such as 250us, 100ms or 5s");
	refused("memory_per_connection < 4x",
		"memory_per_connection is compared with a size such as 64, 64k (1000) or "
		"64Ki (1024)");
	refused("growth.memory < 64Ki",
		"growth.memory is compared with a size a second such as 64Ki/s");
	refused("growth.fds < ",
		"growth.fds is compared with a number a second such as 0.1/s");
}

static void
what_is_no_comparison_is_refused(void **state)
{
	(void)state;
	refused("", "not FIGURE OPERATOR VALUE; give one such as \"held >= 15000\"");
	refused(">= 5", "not FIGURE OPERATOR VALUE; give one such as \"held >= 15000\"");
	refused("held", "held is to be followed by <=, >=, ==, !=, < or >");
	refused("held = 5", "held is to be followed by <=, >=, ==, !=, < or >");
	refused("held 5", "held is to be followed by <=, >=, ==, !=, < or >");
}

static void
a_wrong_name_lists_the_near_ones(void **state)
{
	(void)state;
	refused("heled >= 5", "heled is not a figure; did you mean held?");
	refused("residual.memroy > 5",
		"residual.memroy is not a figure; did you mean residual.memory? Near are "
		"also residual.fds");
	refused("slab > 5", "slab is not a figure; near are growth.slab, recovered.slab");
	refused("nonsense > 5", "nonsense is not a figure; \"brink figures\" lists them");
}

static void
each_operator_compares(void **state)
{
	static const struct {
		const char *text;
		bool below, at, above; /* of 99, 100 and 101 */
	} cases[] = {
		{ "held <= 100", true, true, false },
		{ "held < 100", true, false, false },
		{ "held >= 100", false, true, true },
		{ "held > 100", false, false, true },
		{ "held == 100", false, true, false },
		{ "held != 100", true, false, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct expectation e;
		char *sentence;

		assert_int_equal(parse(&e, cases[i].text, &sentence), 0);
		assert_int_equal(expectation_holds(&e, 99), cases[i].below);
		assert_int_equal(expectation_holds(&e, 100), cases[i].at);
		assert_int_equal(expectation_holds(&e, 101), cases[i].above);
		free(sentence);
	}
}

static void
values_are_written_for_people(void **state)
{
	static const struct {
		enum figure_unit unit;
		double value;
		const char *text;
	} cases[] = {
		{ FIGURE_COUNT, 15000, "15,000" },
		{ FIGURE_COUNT, 1.0125, "1.0125" },
		{ FIGURE_COUNT, 1.00001, "1" },
		{ FIGURE_COUNT, -2.5, "-2.5" },
		{ FIGURE_SHARE, 0.99, "99 %" },
		{ FIGURE_SHARE, 0.87654, "87.65 %" },
		{ FIGURE_BYTES, 4608, "4.5 KiB" },
		{ FIGURE_TIME, 1500, "1.5 ms" },
		{ FIGURE_COUNT_PER_S, 0.1, "0.1/s" },
		{ FIGURE_BYTES_PER_S, 65536, "64.0 KiB/s" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char buf[FIGURE_TEXT_SIZE];

		assert_string_equal(figure_format(cases[i].unit, cases[i].value, buf),
				    cases[i].text);
	}
}

/* Every figure has a name of its own, is found by it, and says where it comes from. */
static void
the_table_is_whole(void **state)
{
	bool live[LIVE_COUNT] = { false };

	(void)state;
	for (size_t i = 0; i < figure_count; i++) {
		const struct figure *f = &figures[i];

		assert_ptr_equal(figure_find(f->name, strlen(f->name)), f);
		assert_int_equal(
		    strspn(f->name, "abcdefghijklmnopqrstuvwxyz_.0123456789"),
		    strlen(f->name));
		assert_true((f->sql != NULL) != (f->latency != NULL));
		assert_false(live[f->live] && f->live != LIVE_NOT);
		live[f->live] = true;
	}
	for (int i = 0; i < LIVE_COUNT; i++)
		assert_true(live[i]);
	assert_null(figure_find("hel", 3));
	assert_null(figure_find("held", 3));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_unit_is_read),
		cmocka_unit_test(a_bad_unit_is_refused),
		cmocka_unit_test(what_is_no_comparison_is_refused),
		cmocka_unit_test(a_wrong_name_lists_the_near_ones),
		cmocka_unit_test(each_operator_compares),
		cmocka_unit_test(values_are_written_for_people),
		cmocka_unit_test(the_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
