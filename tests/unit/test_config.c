#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "plan_try.h"

/* What a file gives, and the words of a command line after it; *sentence is the caller's,
 * with the file's name in it as FILE. */
static int
parse(struct plan *plan, const char *file, const char *line, char **sentence)
{
	char path[] = "/tmp/brink-config-XXXXXX", words[512], *name;
	int fd = mkstemp(path), result;

	assert_int_not_equal(fd, -1);
	assert_int_equal(write(fd, file, strlen(file)), strlen(file));
	close(fd);
	snprintf(words, sizeof(words), "%s --config %s", line, path);
	result = plan_try_parse(plan, words, sentence);
	unlink(path);
	name = strstr(*sentence, path);
	if (name != NULL) {
		memcpy(name, "FILE", 4);
		memmove(name + 4, name + strlen(path), strlen(name + strlen(path)) + 1);
	}
	return result;
}

static void
good(struct plan *plan, const char *file, const char *line)
{
	char *sentence;

	if (parse(plan, file, line, &sentence) != 0)
		fail_msg("%s", sentence);
	assert_string_equal(sentence, "");
	free(sentence);
}

static void
refused(const char *file, const char *expected)
{
	struct plan plan;
	char *sentence;

	assert_int_equal(parse(&plan, file, "", &sentence), -1);
	assert_string_equal(sentence, expected);
	free(sentence);
	plan_free(&plan);
}

static void
a_file_has_the_options_of_the_command_line(void **state)
{
	struct plan plan;

	(void)state;
	good(&plan,
	     "\xef\xbb\xbf# a night\n"
	     "; of runs\n"
	     "[run]\n"
	     "clients = 2k ; many\n"
	     "steps = 4 # few\n"
	     "\trate=max\r\n"
	     "  isolate: yes\n"
	     "\n"
	     "label = one; two#3 = three\n"
	     "limit = ports=1000\n"
	     "limit = backlog=16\n"
	     "hold = 8h",
	     "");
	assert_int_equal(plan.clients, 2000);
	assert_int_equal(plan.rate, 0);
	assert_int_equal(plan.isolate, 1);
	assert_string_equal(plan.label, "one; two#3 = three");
	assert_int_equal(plan.limit[LIMIT_PORTS], 1000);
	assert_int_equal(plan.limit[LIMIT_BACKLOG], 16);
	assert_int_equal(plan.hold_us, 8 * 3600 * US_PER_S);
	assert_int_equal(plan.steps, 4);
	plan_free(&plan);
}

static void
the_command_line_wins_wherever_the_file_stands(void **state)
{
	struct plan plan;

	(void)state;
	good(&plan,
	     "clients = 100\nlabel = file\nisolate = yes\nquiet = yes\nlimit = ports=9\n",
	     "--clients 200 --label line --isolate=no --limit ports=10");
	assert_int_equal(plan.clients, 200);
	assert_string_equal(plan.label, "line");
	assert_int_equal(plan.isolate, 0);
	assert_int_equal(plan.quiet, 1);
	assert_int_equal(plan.limit[LIMIT_PORTS], 10);
	plan_free(&plan);
}

/* Each of two options that contradict each other replaces the other one of the file. */
static void
the_command_line_wins_over_what_contradicts_it(void **state)
{
	struct plan plan;

	(void)state;
	good(&plan, "no-guard = yes\n", "--guard-memory 1Gi");
	assert_int_equal(plan.no_guard, 0);
	assert_int_equal(plan.guard_bytes, INT64_C(1) << 30);
	plan_free(&plan);
	good(&plan, "guard-memory = 1Gi\n", "--no-guard");
	assert_int_equal(plan.no_guard, 1);
	plan_free(&plan);
	refused("guard-memory = 1Gi\nno-guard = yes\n",
		"brink run: --guard-memory and --no-guard contradict each other; give "
		"one\n");
}

static void
every_mistake_is_named_with_its_line(void **state)
{
	char line[512], long_one[512];

	(void)state;
	refused("\n\nclinets = 5\n",
		"brink run: FILE:3: clinets: no such option; did you mean clients?\n");
	refused("clients = 5\nrate = 2x\nsteps = x\n",
		"brink run: FILE:2: rate = 2x: \"x\" is not a known unit; give a rate "
		"such as 2000, "
		"2000/s or 2k/s, or \"max\"\n");
	refused("  port = 70000\n",
		"brink run: FILE:1: port = 70000: out of range; allowed are 1 to "
		"65535\n");
	refused("[list]\nclients = 5\n", "brink run: FILE:2: [list]: no such section; "
					 "allowed is [run], or none\n");
	refused("clients = 5\nquiet\n", "brink run: FILE:2: not \"name = value\"\n");
	refused("[run\n", "brink run: FILE:1: not \"name = value\"\n");
	refused("clients =\n", "brink run: FILE:1: clients: the value is empty; give "
			       "clients = N|unlimited\n");
	refused("quiet =\n", "brink run: FILE:1: quiet: the value is empty; give quiet "
			     "= yes or no\n");
	refused("quiet = 1\n", "brink run: FILE:1: quiet = 1: allowed are yes or no\n");
	refused("config = other\n",
		"brink run: FILE:1: config: a file cannot name another\n");
	refused("rate = \033[31m5\n",
		"brink run: FILE:1: rate = ^[[31m5: not a rate; give a rate such as "
		"2000, 2000/s or 2k/s, or \"max\"\n");
	memset(line, 'x', sizeof(line));
	snprintf(long_one, sizeof(long_one), "steps = 3\nlabel = %.300s\n", line);
	refused(long_one, "brink run: FILE:2: the line is longer than 198 bytes, or has "
			  "a NUL in it\n");
}

static void
a_file_that_cannot_be_read_is_named(void **state)
{
	struct plan plan;
	char *sentence;

	(void)state;
	assert_int_equal(plan_try_parse(&plan, "--config /nowhere/a.ini", &sentence), -1);
	assert_string_equal(sentence, "brink run: --config /nowhere/a.ini: No such file "
				      "or directory\n");
	free(sentence);
	plan_free(&plan);
	assert_int_equal(plan_try_parse(&plan, "--config /", &sentence), -1);
	assert_string_equal(sentence, "brink run: --config /: Is a directory\n");
	free(sentence);
	plan_free(&plan);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_has_the_options_of_the_command_line),
		cmocka_unit_test(the_command_line_wins_wherever_the_file_stands),
		cmocka_unit_test(the_command_line_wins_over_what_contradicts_it),
		cmocka_unit_test(every_mistake_is_named_with_its_line),
		cmocka_unit_test(a_file_that_cannot_be_read_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
