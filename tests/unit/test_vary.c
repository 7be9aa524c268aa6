#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/vary.h"

static const struct option_spec specs[] = {
	{ .name = "acceptors", .type = OPTION_NUMBER, .unit = UNIT_COUNT },
	{ .name = "hold", .type = OPTION_NUMBER, .unit = UNIT_US },
	{ .name = "target", .type = OPTION_TEXT },
};
static const struct option_table table = { .command = "run",
					   .specs = specs,
					   .count = sizeof(specs) / sizeof(specs[0]) };

/* Every value on a line: "1:512 2:1024"; or, after "!", why there is none. */
static void
reads(const char *text, const char *expected)
{
	char *got, *said;
	size_t size, said_size;
	FILE *out = open_memstream(&got, &size), *why = open_memstream(&said, &said_size);
	struct vary vary;

	assert_non_null(out);
	assert_non_null(why);
	if (vary_parse(&table, text, &vary, why)) {
		fflush(why);
		fprintf(out, "!%s", said);
	} else {
		for (size_t i = 0; i < vary.values * vary.names; i++)
			fprintf(out, "%s%s",
				i == 0           ? ""
				: i % vary.names ? ":"
						 : " ",
				vary.value[i]);
		vary_free(&vary);
	}
	fclose(why);
	fclose(out);
	assert_string_equal(got, expected);
	free(got);
	free(said);
}

static void
lists_ranges_and_pairs_are_read(void **state)
{
	(void)state;
	reads("acceptors=1,2,4", "1 2 4");
	reads("acceptors=1..16*2", "1 2 4 8 16");
	reads("acceptors=1..15*2", "1 2 4 8");
	reads("acceptors=500..2000+500,9", "500 1000 1500 2000 9");
	reads("acceptors=9223372036854775806..9223372036854775807+1",
	      "9223372036854775806 9223372036854775807");
	reads("hold=100ms..300ms+100ms", "100ms 200ms 300ms");
	reads("target=[::1]:80,a..b", "[::1]:80 a..b");
	reads("limit.nofile.acceptor=512,1024", "512 1024");
	reads("acceptors,limit.nofile.acceptor=1:512,2:1024", "1:512 2:1024");
}

static void
what_is_wrong_is_said(void **state)
{
	(void)state;
	reads("acceptors", "!\"acceptors\" has no values; give some such as "
			   "acceptors=1,2,4");
	reads("acceptor=1", "!\"acceptor\" is no option of run; give one without its "
			    "dashes, such as acceptors=1,2,4");
	reads("acceptors=", "!\"\" is not 1 value; give NAME=V1,V2");
	reads("acceptors=1,,2", "!\"\" is not 1 value; give NAME=V1,V2");
	reads("acceptors=1..8",
	      "!the range \"1..8\" has no step; give one such as 1..16*2 "
	      "or 500..4000+500");
	reads("acceptors=8..1+1", "!the range \"8..1+1\" never goes up to its end");
	reads("acceptors=1..8*1", "!the range \"1..8*1\" never goes up to its end");
	reads("acceptors=0..8*2", "!the range \"0..8*2\" never goes up to its end");
	reads("acceptors=1..2000+1", "!these are more than 1000 values");
	reads("acceptors=1,2,1", "!\"1\" is there twice; --repeat runs a value again");
	reads("acceptors,acceptors=1:1", "!\"acceptors\" is there twice");
	reads("acceptors,hold=1:2s,3", "!\"3\" is not 2 values; give "
				       "NAME,NAME=V1:W1,V2:W2");
	reads("acceptors,hold=1:2s:3", "!\"1:2s:3\" is not 2 values; give "
				       "NAME,NAME=V1:W1,V2:W2");
}

static void
every_round_has_every_point_once(void **state)
{
	size_t order[40], again[40], other[40];

	(void)state;
	vary_order(10, 4, 7, order);
	vary_order(10, 4, 7, again);
	vary_order(10, 4, 8, other);
	assert_memory_equal(order, again, sizeof(order));
	assert_memory_not_equal(order, other, sizeof(order));
	assert_memory_not_equal(order, order + 10, 10 * sizeof(order[0]));
	for (size_t round = 0; round < 4; round++) {
		unsigned int seen = 0;

		for (size_t i = 0; i < 10; i++)
			seen |= 1U << order[round * 10 + i];
		assert_int_equal(seen, 0x3ff);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_ranges_and_pairs_are_read),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(every_round_has_every_point_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
