#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/units.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

static void
parse_reads_every_suffix(void **state)
{
	static const struct {
		enum unit unit;
		const char *text;
		int64_t value;
	} cases[] = {
		{ UNIT_COUNT, "0", 0 },
		{ UNIT_COUNT, "20000", 20000 },
		{ UNIT_COUNT, "20k", 20000 },
		{ UNIT_COUNT, "1M", 1000000 },
		{ UNIT_COUNT, "1.5k", 1500 },
		{ UNIT_COUNT, "2.000", 2 },
		{ UNIT_COUNT, "2K", 2000 },
		{ UNIT_COUNT, "9223372036854775807", INT64_MAX },
		{ UNIT_RATE, "2000", 2000 },
		{ UNIT_RATE, "2000/s", 2000 },
		{ UNIT_RATE, "2k/s", 2000 },
		{ UNIT_RATE, "2k", 2000 },
		{ UNIT_RATE, "2000rps", 2000 },
		{ UNIT_RATE, "1.5krps", 1500 },
		{ UNIT_BYTES, "64", 64 },
		{ UNIT_BYTES, "64k", 64000 },
		{ UNIT_BYTES, "64Ki", 65536 },
		{ UNIT_BYTES, "0.5Ki", 512 },
		{ UNIT_BYTES, "1G", 1000000000 },
		{ UNIT_BYTES, "1Gi", INT64_C(1) << 30 },
		{ UNIT_BYTES, "1.5Mi", 3 << 19 },
		{ UNIT_BYTES, "64B", 64 },
		{ UNIT_BYTES, "400kB", 400000 },
		{ UNIT_BYTES, "400KB", 400000 },
		{ UNIT_BYTES, "20MB", 20000000 },
		{ UNIT_BYTES, "64KiB", 65536 },
		{ UNIT_BYTES, "1TiB", INT64_C(1) << 40 },
		{ UNIT_US, "0", 0 },
		{ UNIT_US, "0s", 0 },
		{ UNIT_US, "250us", 250 },
		{ UNIT_US, "100ms", 100000 },
		{ UNIT_US, "1.5s", 1500000 },
		{ UNIT_US, "0.000001s", 1 },
		{ UNIT_US, "5m", 300000000 },
		{ UNIT_US, "8h", INT64_C(28800000000) },
		{ UNIT_US, "1.00000000000000000000000000000s", 1000000 },
		{ UNIT_US, "5min", 300000000 },
		{ UNIT_US, "1d", INT64_C(86400000000) },
		{ UNIT_US, "1h30m", INT64_C(5400000000) },
		{ UNIT_US, "1d2h3m4.5s", INT64_C(93784500000) },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = -1;
		const char *error = units_parse(cases[i].unit, cases[i].text, &value);

		if (error != NULL || value != cases[i].value)
			fail_msg("%s: read as %lld, %s", cases[i].text, (long long)value,
				 error == NULL ? "accepted" : error);
	}
}

static void
parse_refuses_what_is_not_exact(void **state)
{
	static const struct {
		enum unit unit;
		const char *text;
	} cases[] = {
		{ UNIT_COUNT, "" },
		{ UNIT_COUNT, "-1" },
		{ UNIT_COUNT, "+1" },
		{ UNIT_COUNT, " 1" },
		{ UNIT_COUNT, "1 " },
		{ UNIT_COUNT, "k" },
		{ UNIT_COUNT, "1." },
		{ UNIT_COUNT, ".5k" },
		{ UNIT_COUNT, "1.5" },
		{ UNIT_COUNT, "1.2345k" },
		{ UNIT_COUNT, "1e3" },
		{ UNIT_COUNT, "0x10" },
		{ UNIT_COUNT, "1,000" },
		{ UNIT_COUNT, "1m" },
		{ UNIT_COUNT, "1kk" },
		{ UNIT_COUNT, "5s" },
		{ UNIT_RATE, "2000/m" },
		{ UNIT_RATE, "2000/" },
		{ UNIT_RATE, "1.5/s" },
		{ UNIT_BYTES, "64b" },
		{ UNIT_BYTES, "64kb" },
		{ UNIT_BYTES, "1m" },
		{ UNIT_BYTES, "1k1" },
		{ UNIT_BYTES, "0.3Ki" },
		{ UNIT_US, "5" },
		{ UNIT_US, "0.5" },
		{ UNIT_US, "5 s" },
		{ UNIT_US, "5S" },
		{ UNIT_US, "5seconds" },
		{ UNIT_US, "0.5us" },
		{ UNIT_US, "0.0000000000000000000000001h" },
		{ UNIT_US, "1h30" },
		{ UNIT_US, "30m1h" },
		{ UNIT_US, "1m1m" },
		{ UNIT_US, "1h-30m" },
		{ UNIT_US, "1h 30m" },
		{ UNIT_US, "2562047788h9999999999h" },
		{ UNIT_COUNT, "9223372036854775808" },
		{ UNIT_COUNT, "99999999999999999999999" },
		{ UNIT_BYTES, "8589934592Gi" },
		{ UNIT_US, "2562047789h" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int64_t value = 42;

		if (units_parse(cases[i].unit, cases[i].text, &value) == NULL)
			fail_msg("'%s' read as %lld", cases[i].text, (long long)value);
		assert_int_equal(value, 42);
	}
}

static void
parse_says_what_is_allowed(void **state)
{
	int64_t value;

	(void)state;
	assert_string_equal(units_parse(UNIT_US, "5", &value),
			    "a time such as 100ms, 5s, 5m or 8h");
	assert_string_equal(units_parse(UNIT_US, "9999999999h", &value),
			    "a time below 292,000 years, such as 8h");
}

static void
explain_names_the_part_that_is_wrong(void **state)
{
	static const struct {
		enum unit unit;
		const char *text, *why;
	} cases[] = {
		{ UNIT_BYTES, "5kB/q",
		  "\"kB/q\" is not a known unit; give a size such as" },
		{ UNIT_BYTES, "5Mb", "\"b\" stands for bits and \"B\" for bytes; give " },
		{ UNIT_BYTES, "0.3Ki", "not a size; give a size such as" },
		{ UNIT_BYTES, "", "not a size; give a size such as" },
		{ UNIT_COUNT, "1m",
		  "\"m\" stands for minutes and \"M\" for a million; give a whole "
		  "number" },
		{ UNIT_COUNT, "-5", "a number must not be negative; give a whole" },
		{ UNIT_US, "-5s", "a time must not be negative; give a time such" },
		{ UNIT_COUNT, "32768-60999", "\"-60999\" is not a known unit; give " },
		{ UNIT_RATE, "60/min", "a rate is per second; give a rate such as" },
		{ UNIT_US, "5", "the unit is missing; give a time such as" },
		{ UNIT_US, "1h30", "the unit is missing; give a time such as" },
		{ UNIT_US, "30m1h", "\"h\" comes after a smaller unit; give a time" },
		{ UNIT_US, "9999999999h", "too large; give a time below 292,000 years" },
		{ UNIT_US, "1e9d",
		  "a number is written out, without an exponent; give a time" },
		{ UNIT_COUNT, "1e6",
		  "a number is written out, without an exponent; give a whole" },
		{ UNIT_COUNT, "99999999999999999999", "too large; give a number below" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char why[256] = "";
		FILE *memo = fmemopen(why, sizeof(why), "w");

		assert_non_null(memo);
		units_explain(cases[i].unit, cases[i].text, memo);
		fclose(memo);
		if (strncmp(why, cases[i].why, strlen(cases[i].why)) != 0)
			fail_msg("%s: %s", cases[i].text, why);
	}
}

static void
format_is_for_people(void **state)
{
	static const struct {
		enum unit unit;
		int64_t value;
		const char *text;
	} cases[] = {
		{ UNIT_COUNT, 0, "0" },
		{ UNIT_COUNT, 999, "999" },
		{ UNIT_COUNT, 1000, "1,000" },
		{ UNIT_COUNT, 20000, "20,000" },
		{ UNIT_COUNT, -1234567, "-1,234,567" },
		{ UNIT_COUNT, INT64_MAX, "9,223,372,036,854,775,807" },
		{ UNIT_COUNT, INT64_MIN, "-9,223,372,036,854,775,808" },
		{ UNIT_RATE, 2000, "2,000/s" },
		{ UNIT_RATE, INT64_MIN, "-9,223,372,036,854,775,808/s" },
		{ UNIT_BYTES, 64, "64 B" },
		{ UNIT_BYTES, 1023, "1023 B" },
		{ UNIT_BYTES, 1024, "1.0 KiB" },
		{ UNIT_BYTES, 4608, "4.5 KiB" },
		{ UNIT_BYTES, 1048575, "1.0 MiB" },
		{ UNIT_BYTES, 1288490189, "1.2 GiB" },
		{ UNIT_BYTES, -4608, "-4.5 KiB" },
		{ UNIT_BYTES, INT64_MAX, "8.0 EiB" },
		{ UNIT_BYTES, INT64_MIN, "-8.0 EiB" },
		{ UNIT_US, 0, "0 us" },
		{ UNIT_US, 250, "250 us" },
		{ UNIT_US, 1500, "1.5 ms" },
		{ UNIT_US, 100000, "100 ms" },
		{ UNIT_US, 999949, "999.9 ms" },
		{ UNIT_US, 999950, "1.0 s" },
		{ UNIT_US, 10000000, "10.0 s" },
		{ UNIT_US, 59949999, "59.9 s" },
		{ UNIT_US, 59950000, "1 min 0 s" },
		{ UNIT_US, 300000000, "5 min 0 s" },
		{ UNIT_US, INT64_C(3599500000), "1 h 0 min" },
		{ UNIT_US, INT64_C(-5400000000), "-1 h 30 min" },
	};
	char buf[UNITS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_ptr_equal(units_format(cases[i].unit, cases[i].value, buf), buf);
		assert_string_equal(buf, cases[i].text);
	}
}

static void
format_exact_is_short(void **state)
{
	static const struct {
		enum unit unit;
		int64_t value;
		const char *text;
	} cases[] = {
		{ UNIT_COUNT, 20000, "20000" }, { UNIT_RATE, 2000, "2000" },
		{ UNIT_BYTES, 0, "0" },         { UNIT_BYTES, 64, "64" },
		{ UNIT_BYTES, 65536, "64Ki" },  { UNIT_BYTES, 64000, "64k" },
		{ UNIT_BYTES, 65537, "65537" }, { UNIT_US, 0, "0" },
		{ UNIT_US, 250, "250us" },      { UNIT_US, 100000, "100ms" },
		{ UNIT_US, 5000000, "5s" },     { UNIT_US, 90000000, "90s" },
		{ UNIT_US, 300000000, "5m" },   { UNIT_US, INT64_C(28800000000), "8h" },
	};
	char buf[UNITS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(
		    units_format_exact(cases[i].unit, cases[i].value, buf),
		    cases[i].text);
}

static void
format_exact_reads_back(void **state)
{
	static const enum unit units[] = { UNIT_COUNT, UNIT_RATE, UNIT_BYTES, UNIT_US };
	/* A multiplicative generator: values of every size, the same at each run. */
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char buf[UNITS_TEXT_SIZE];
		int64_t value, back = -1;

		seed *= UINT64_C(6364136223846793005);
		value = (int64_t)(seed >> (1 + i % 63));
		units_format_exact(units[i % 4], value, buf);
		assert_null(units_parse(units[i % 4], buf, &back));
		assert_int_equal(back, value);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_reads_every_suffix),
		cmocka_unit_test(parse_refuses_what_is_not_exact),
		cmocka_unit_test(parse_says_what_is_allowed),
		cmocka_unit_test(explain_names_the_part_that_is_wrong),
		cmocka_unit_test(format_is_for_people),
		cmocka_unit_test(format_exact_is_short),
		cmocka_unit_test(format_exact_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
