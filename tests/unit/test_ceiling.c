#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/ceiling.h"
#include "plan_try.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

static void
ceilings_are_met_where_the_arithmetic_says(void **state)
{
	static const struct {
		const char *line, *name, *sum;
		int64_t low, high;
	} cases[] = {
		{ "", "open files of the acceptors", "4 x (20,000 - 6)", 79976, 79976 },
		{ "--limit nofile.acceptor=64", "open files of the acceptors",
		  "4 x (64 - 6)", 232, 232 },
		{ "--limit nofile.client=256 --per-client 1000 --forkers 1",
		  "open files of the clients", "1 x (256 - 5)", 251, 251 },
		{ "", "ephemeral ports", "28,232 x 2 sources", 56464, 56464 },
		{ "--isolate --limit ports=1000", "ephemeral ports", "1,000 x 1 sources",
		  1000, 1000 },
		{ "--per-client 1", "kernel.threads-max",
		  "(127,000 - 100 in use - 10) x 1", 126890, 126890 },
		{ "--handler fork", "kernel.threads-max",
		  "(127,000 - 100 in use - 12) x 1", 126888, 126888 },
		{ "--guard-memory 2Gi", "memory guard",
		  "10.0 GiB at about 10.0 KiB per connection", 1048576, 1048576 },
		{ "--no-guard", "memory of the host",
		  "12.0 GiB at about 10.0 KiB per connection", 1258291, 1258291 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct ceiling list[CEILING_MAX];
		const struct ceiling *found = NULL;
		struct plan plan;
		size_t count;

		plan_try_good(&plan, cases[i].line);
		count = ceiling_list(&plan, &plan_try_host, list);
		for (size_t k = 0; k < count; k++) {
			if (strcmp(list[k].name, cases[i].name) == 0)
				found = &list[k];
		}
		if (!found)
			fail_msg("%s: no %s", cases[i].line, cases[i].name);
		assert_string_equal(found->sum, cases[i].sum);
		assert_int_equal(found->low, cases[i].low);
		assert_int_equal(found->high, cases[i].high);
		plan_free(&plan);
	}
}

/* First failures in a SO_REUSEPORT group of acceptors that hold 500 each were measured at
 * 917 to 997 connections with 2 of them, 1,848 to 1,981 with 4, 3,722 to 3,876 with 8. */
static void
a_group_breaks_before_its_sum(void **state)
{
	static const struct {
		int acceptors;
		int64_t from, to;
	} measured[] = { { 2, 917, 997 }, { 4, 1848, 1981 }, { 8, 3722, 3876 } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(measured); i++) {
		struct ceiling list[CEILING_MAX];
		struct plan plan;
		char line[128];

		snprintf(line, sizeof(line),
			 "--listener group --acceptors %d --limit nofile.acceptor=506",
			 measured[i].acceptors);
		plan_try_good(&plan, line);
		ceiling_list(&plan, &plan_try_host, list);
		assert_string_equal(list[0].name, "open files of the acceptors");
		assert_int_equal(list[0].high, 500 * measured[i].acceptors);
		assert_in_range(measured[i].from, list[0].low, list[0].high);
		assert_in_range(measured[i].to, list[0].low, list[0].high);
		assert_true(list[0].low > list[0].high * 3 / 4);
		plan_free(&plan);
	}
}

/* A port that is bound, on whatever address, is none for connect(2), from any source; in a
 * namespace of the run's own nobody has bound one. */
static void
ports_that_are_bound_are_left_out(void **state)
{
	struct ceiling list[CEILING_MAX];
	struct host host = plan_try_host;
	struct plan plan;

	(void)state;
	host.ports = 100;
	host.ports_bound = 60;
	plan_try_good(&plan, "--sources 2 --clients 70");
	ceiling_list(&plan, &host, list);
	assert_string_equal(list[0].id, "ephemeral-ports");
	assert_string_equal(list[0].sum, "(100 - 60 bound) x 2 sources");
	assert_int_equal(list[0].low, 80);
	plan_free(&plan);
	plan_try_good(&plan, "--isolate --limit ports=100");
	ceiling_list(&plan, &host, list);
	assert_string_equal(list[0].sum, "100 x 1 sources");
	plan_free(&plan);
}

/* As in examples/reuseport-hole.ini: one acceptor of a group with room for 34 is full at about
 * 4 x 34, whatever the others have; of a shared listener its room only adds to theirs. */
static void
an_acceptor_with_a_limit_of_its_own_counts_with_it(void **state)
{
	static const char limits[] =
	    "--acceptors 4 --clients 800 --limit nofile.acceptor.2=40 --listener ";
	struct ceiling list[CEILING_MAX];
	struct plan plan;
	char line[128];

	(void)state;
	snprintf(line, sizeof(line), "%sgroup", limits);
	plan_try_good(&plan, line);
	ceiling_list(&plan, &plan_try_host, list);
	assert_string_equal(list[0].name, "open files of the acceptors");
	assert_string_equal(list[0].sum, "60,016 in 4 acceptors, of which one has 34");
	assert_in_range(4 * 34, list[0].low, list[0].high);
	assert_true(list[0].low > 40 && list[0].high < 300);
	plan_free(&plan);
	snprintf(line, sizeof(line), "%sshared", limits);
	plan_try_good(&plan, line);
	assert_int_equal(ceiling_reach(&plan, &plan_try_host), 800);
	plan_free(&plan);
}

/* What a run finds of ports in a namespace of its own does not hold for the host. */
static void
the_ports_that_a_namespace_hides_are_told(void **state)
{
	struct ceiling list[CEILING_MAX];
	struct host host = plan_try_host;
	struct plan plan;

	(void)state;
	host.ports = 300;
	plan_try_good(&plan, "--isolate");
	ceiling_list(&plan, &host, list);
	assert_string_equal(list[0].sum, "28,232 x 2 sources in a namespace of the run's "
					 "own; this host's range has 300");
	assert_int_equal(list[0].low, 56464);
	plan_free(&plan);
	plan_try_good(&plan, "--isolate --limit ports=1000");
	ceiling_list(&plan, &host, list);
	assert_string_equal(list[0].sum, "1,000 x 1 sources");
	plan_free(&plan);
}

static void
the_lowest_comes_first(void **state)
{
	struct ceiling list[CEILING_MAX];
	struct host host = plan_try_host;
	struct plan plan;
	size_t count;

	(void)state;
	for (int i = 0; i < HOST_PROCESS_LIMITS; i++)
		host.processes[i] = (struct host_ceiling){ 100, 100000 - i };
	host.files.max = 1000000;
	plan_try_good(&plan, "");
	count = ceiling_list(&plan, &host, list);
	/* A client is given no more than it has room for: its files are none of them. */
	assert_int_equal(count, 8);
	for (size_t i = 1; i < count; i++)
		assert_true(list[i - 1].low <= list[i].low);
	assert_string_equal(list[0].name, "ephemeral ports");
	plan_free(&plan);
}

/* A limit that is used up already is met at once, not at fewer than none. */
static void
no_ceiling_is_below_zero(void **state)
{
	struct ceiling list[CEILING_MAX];
	struct host host = plan_try_host;
	struct plan plan;
	size_t count;

	(void)state;
	plan_try_good(&plan, "");
	host.available_bytes = 1;
	host.processes[HOST_PID_MAX] = (struct host_ceiling){ 100, 100 };
	count = ceiling_list(&plan, &host, list);
	for (size_t i = 0; i < count; i++)
		assert_true(list[i].low >= 0 && list[i].high >= list[i].low);
	plan_free(&plan);
}

static void
the_reach_is_the_target_or_the_first_own_ceiling(void **state)
{
	struct host host = plan_try_host;
	struct plan plan;

	(void)state;
	host.files.max = 3000; /* the host's: does not count */
	plan_try_good(&plan, "");
	assert_int_equal(ceiling_reach(&plan, &host), 20000);
	plan_free(&plan);
	plan_try_good(&plan, "--clients unlimited");
	assert_int_equal(ceiling_reach(&plan, &host), 79976);
	plan_free(&plan);
	plan_try_good(&plan, "--limit nofile.acceptor=64 --listener group");
	assert_int_equal(ceiling_reach(&plan, &host), 232);
	plan_free(&plan);
}

static char *
described(void (*describe)(const struct plan *plan, FILE *out), const char *line)
{
	struct plan plan;
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	plan_try_good(&plan, line);
	describe(&plan, out);
	fclose(out);
	plan_free(&plan);
	return text;
}

static void
contains(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void
the_description_tells_the_course(void **state)
{
	char *text =
	    described(plan_describe, "--per-client 100 --limit nofile.acceptor=64");

	(void)state;
	contains(text, "\n  --clients 20000\n");
	contains(text, "\n  --limit nofile.acceptor=64\n");
	contains(text,
		 "\n20,000 connections at most: 4 acceptors, 2 forkers, 200 clients of "
		 "up to 100, 2 source addresses\n");
	contains(text, "          4 acceptors\n");
	contains(text, "        200 clients\n");
	contains(text, "  baseline   3.0 s\n");
	contains(text, "  5 x ramp   4,000 connections in 2.0 s, then plateau 5.0 s\n");
	contains(text, "  hold       30.0 s\n");
	contains(text, "  release    6 min 5 s after the first attempt at the latest\n");
	contains(text, "  recovery   at most 1 min 30 s\n");
	contains(text, "             232  open files of the acceptors: 4 x (64 - 6)  <- "
		       "before the target\n");
	free(text);
}

static void
the_description_says_what_is_cut_or_unknown(void **state)
{
	char *text = described(plan_describe, "--clients 10001");

	(void)state;
	contains(text, "about 2,000 connections in 1.0 s");
	contains(text, "6 min 0 s after the first attempt at the latest\n");
	free(text);
	text = described(plan_describe, "--duration 20s --clients unlimited");
	contains(text, "20.0 s after the first attempt at the latest: the schedule would "
		       "take ");
	contains(text, ", the release cuts it short\n");
	free(text);
	text = described(plan_describe, "--rate max --handler fork --clients 100");
	contains(text, "20 connections as fast as the server accepts, then");
	contains(text, "        100 handlers\n");
	free(text);
}

/* 3 s, and each time 100 connections a second for 1 s, 5 s, 30 s, then at most 90 s. */
static void
the_description_counts_every_cycle(void **state)
{
	static const char line[] = "--clients 100 --rate 100 --steps 1 --cycles 4";
	char *text = described(plan_describe, line);

	(void)state;
	contains(text, "  4 x all of this but the baseline\n");
	contains(text, ": 5,071 ticks, ");
	free(text);
	text = described(plan_describe_json, line);
	contains(text, "\"cycles\": 4,\n    \"longest_us\": 507000000\n");
	free(text);
}

static void
the_json_description_has_the_same_facts(void **state)
{
	char *text = described(plan_describe_json,
			       "--isolate --limit ports=1000 --clients 10 --steps 2");

	(void)state;
	contains(text, "\"ports\": 1000");
	contains(text, "\"acceptor\": 4,");
	contains(text, "\"step_targets\": [\n      5,\n      10\n    ]");
	contains(text, "\"schedule_us\": 40005000,");
	contains(text, "\"cut_short\": false");
	contains(text, "\"name\": \"ephemeral ports\",\n      \"low\": 1000,\n"
		       "      \"high\": 1000,");
	contains(text, "\"estimated_bytes\": ");
	assert_string_equal(text + strlen(text) - 2, "}\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ceilings_are_met_where_the_arithmetic_says),
		cmocka_unit_test(a_group_breaks_before_its_sum),
		cmocka_unit_test(ports_that_are_bound_are_left_out),
		cmocka_unit_test(an_acceptor_with_a_limit_of_its_own_counts_with_it),
		cmocka_unit_test(the_ports_that_a_namespace_hides_are_told),
		cmocka_unit_test(the_lowest_comes_first),
		cmocka_unit_test(no_ceiling_is_below_zero),
		cmocka_unit_test(the_reach_is_the_target_or_the_first_own_ceiling),
		cmocka_unit_test(the_description_tells_the_course),
		cmocka_unit_test(the_description_says_what_is_cut_or_unknown),
		cmocka_unit_test(the_description_counts_every_cycle),
		cmocka_unit_test(the_json_description_has_the_same_facts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
