#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/suggest.h"
#include "plan/option.h"
#include "words.h"

/* A command with an option of each type. */
struct thing {
	int64_t loud, times, shape, span;
	char *name, *output;
	int64_t even; /* custom */
};

static const struct option_word shapes[] = { { "round", 7, "circular" },
					     { "square", 8, NULL },
					     { NULL, 0, NULL } };
static const struct option_word automatic[] = { { "auto", 0, NULL }, { NULL, 0, NULL } };

static int
even_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	struct thing *thing = base;
	int64_t value;

	(void)spec;
	if (!units_parse(UNIT_COUNT, arg, &value) && value % 2 == 0) {
		thing->even += value;
		return 0;
	}
	fputs("not even; give 2 or 4", why);
	return -1;
}

static void
even_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const struct thing *thing = base;

	fprintf(out, "  --%s %d\n", spec->name, (int)thing->even);
}

static void
even_json(const struct option_spec *spec, const void *base, struct json *j)
{
	const struct thing *thing = base;

	json_int(j, spec->name, thing->even);
}

static void
even_retype(const struct option_stored *value, char arg[OPTION_STORED_SIZE])
{
	snprintf(arg, OPTION_STORED_SIZE, "%d", (int)value->number);
}

static const struct option_custom even = { even_parse, even_list, even_json,
					   even_retype };

#define AT(member) .offset = offsetof(struct thing, member)

static const struct option_spec specs[] = {
	{ .name = "loud",
	  .letter = 'l',
	  .type = OPTION_FLAG,
	  AT(loud),
	  .excludes = "name",
	  .group = "first",
	  .help = "say it loud" },
	{ .name = "times",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_COUNT,
	  AT(times),
	  .min = 1,
	  .max = 9000,
	  .def = "auto",
	  .words = automatic,
	  .arg = "N",
	  .group = "first",
	  .help = "how often" },
	{ .name = "shape",
	  .type = OPTION_CHOICE,
	  AT(shape),
	  .def = "square",
	  .words = shapes,
	  .group = "first",
	  .help = "what it looks like" },
	{ .name = "span",
	  .type = OPTION_NUMBER,
	  .unit = UNIT_US,
	  AT(span),
	  .min = 1000,
	  .max = 5000000,
	  .def = "2s",
	  .arg = "TIME",
	  .group = "second",
	  .help = "a sentence that is so long that it does not fit into what is left of "
		  "one line of the help" },
	{ .name = "name",
	  .type = OPTION_TEXT,
	  AT(name),
	  .arg = "TEXT",
	  .group = "second",
	  .help = "what it is called" },
	{ .name = "output",
	  .letter = 'o',
	  .type = OPTION_TEXT,
	  AT(output),
	  .def = "here",
	  .arg = "FILE",
	  .group = "second",
	  .help = "where it goes" },
	{ .name = "even",
	  .type = OPTION_CUSTOM,
	  .custom = &even,
	  .arg = "N",
	  .group = "second",
	  .help = "collects" },
};

static const struct option_table table = {
	.command = "do",
	.operands = "THING [THING]",
	.operands_min = 1,
	.operands_max = 2,
	.summary = "Does it.",
	.specs = specs,
	.count = sizeof(specs) / sizeof(specs[0]),
};

/* Parses a command line; *sentence is the caller's to free. */
static int
parse(const struct option_table *options, const char *line, struct thing *thing,
      char **sentence)
{
	size_t size;
	FILE *err = open_memstream(sentence, &size);
	char *argv[WORDS_MAX], *words = strdup(line);
	int argc, result;

	assert_non_null(err);
	argc = words_split(words, argv);
	memset(thing, 0, sizeof(*thing));
	result = option_parse(options, argc, argv, thing, err);
	fclose(err);
	free(words);
	return result;
}

static int
good(const char *line, struct thing *thing)
{
	char *sentence;
	int first = parse(&table, line, thing, &sentence);

	assert_string_equal(sentence, "");
	free(sentence);
	return first;
}

static void
refused(const char *line, const char *expected)
{
	struct thing thing;
	char *sentence;

	assert_int_equal(parse(&table, line, &thing, &sentence), OPTION_ERROR);
	assert_string_equal(sentence, expected);
	free(sentence);
	option_free(&table, &thing);
}

static void
defaults_are_what_the_table_says(void **state)
{
	struct thing thing;

	(void)state;
	assert_int_equal(good("do x", &thing), 1);
	assert_int_equal(thing.loud, 0);
	assert_int_equal(thing.times, 0);
	assert_int_equal(thing.shape, 8);
	assert_int_equal(thing.span, 2000000);
	assert_null(thing.name);
	assert_string_equal(thing.output, "here");
	option_free(&table, &thing);
	assert_null(thing.output);
}

static void
both_long_forms_and_letters_are_read(void **state)
{
	struct thing thing;

	(void)state;
	assert_int_equal(
	    good("do --times 3 --span=1.5s -l -o there --shape round x", &thing), 9);
	assert_int_equal(thing.times, 3);
	assert_int_equal(thing.span, 1500000);
	assert_int_equal(thing.loud, 1);
	assert_int_equal(thing.shape, 7);
	assert_string_equal(thing.output, "there");
	option_free(&table, &thing);
	good("do --loud=no x", &thing);
	assert_int_equal(thing.loud, 0);
	option_free(&table, &thing);
	good("do --loud=yes x", &thing);
	assert_int_equal(thing.loud, 1);
	option_free(&table, &thing);
}

static void
the_last_of_two_counts_but_custom_collects(void **state)
{
	struct thing thing;

	(void)state;
	good("do --times 3 --name=a --name=b --times=auto --even=2 --even=4 x", &thing);
	assert_int_equal(thing.times, 0);
	assert_string_equal(thing.name, "b");
	assert_int_equal(thing.even, 6);
	option_free(&table, &thing);
}

static void
options_end_at_operands_and_dashes(void **state)
{
	struct thing thing;

	(void)state;
	assert_int_equal(good("do -l -- --times", &thing), 3);
	assert_int_equal(thing.times, 0);
	option_free(&table, &thing);
	assert_int_equal(good("do - -l", &thing), 1);
	assert_int_equal(thing.loud, 0);
	option_free(&table, &thing);
}

/* A text may hold what looks like an option, but only when it is clear that it is meant. */
static void
values_may_begin_with_dashes_after_equals(void **state)
{
	struct thing thing;

	(void)state;
	good("do --name=--times x", &thing);
	assert_string_equal(thing.name, "--times");
	option_free(&table, &thing);
	refused("do --name --times x",
		"brink do: --name: the value is missing; give --name TEXT\n");
}

static void
every_mistake_has_its_sentence(void **state)
{
	(void)state;
	refused(
	    "do --times x",
	    "brink do: --times x: not a number; give a whole number such as 20000, 20k "
	    "or 1M, or \"auto\"\n");
	refused(
	    "do --times=9001",
	    "brink do: --times 9001: out of range; allowed are 1 to 9000, or \"auto\"\n");
	refused("do --span 5",
		"brink do: --span 5: the unit is missing; give a time such "
		"as 100ms, 5s, 5m or 8h\n");
	refused("do --span 6s",
		"brink do: --span 6s: out of range; allowed are 1ms to 5s\n");
	refused("do --shape oval",
		"brink do: --shape oval: allowed are round or square\n");
	refused("do --even=3", "brink do: --even 3: not even; give 2 or 4\n");
	refused("do --loud=1", "brink do: --loud 1: allowed are yes or no\n");
	refused("do --times",
		"brink do: --times: the value is missing; give --times N|auto\n");
	refused("do -o",
		"brink do: --output: the value is missing; give --output FILE\n");
	refused("do --shape=",
		"brink do: --shape: the value is empty; give --shape round|square\n");
	refused("do --name ''",
		"brink do: --name: the value is empty; give --name TEXT\n");
	refused("do --loud --name=a x",
		"brink do: --loud and --name contradict each other; give one\n");
}

static void
abbreviations_are_refused_with_what_was_meant(void **state)
{
	(void)state;
	refused("do --tim 3", "brink do: --tim: no such option; did you mean --times?\n");
	refused("do --tiems=3",
		"brink do: --tiems: no such option; did you mean --times?\n");
	refused("do -times 3",
		"brink do: -times: no such option; did you mean --times?\n");
	refused("do --colour",
		"brink do: --colour: no such option; see brink do --help\n");
	refused("do -x", "brink do: -x: no such option; see brink do --help\n");
	refused("do -lo f", "brink do: -lo: no such option; see brink do --help\n");
}

static void
operands_are_counted(void **state)
{
	static const struct option_table none = {
		.command = "rest",
		.operands = "",
		.summary = "Rests.",
		.specs = specs,
		.count = 1,
	};
	struct thing thing;
	char *sentence;

	(void)state;
	refused("do -l",
		"brink do: an operand is missing; give brink do THING [THING]\n");
	refused("do a b c", "brink do: c: one operand too many; allowed are 2\n");
	refused("do a b --loud", "brink do: --loud: options go before the operands\n");
	assert_int_equal(parse(&none, "rest x", &thing, &sentence), OPTION_ERROR);
	assert_string_equal(sentence,
			    "brink rest: x: no operand is allowed; settings are "
			    "options such as --loud\n");
	free(sentence);
}

/* What write() writes, to be freed. */
static char *
written(void (*write)(const struct option_table *options, const void *base, FILE *out),
	const struct thing *thing)
{
	char *text;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	write(&table, thing, out);
	fclose(out);
	return text;
}

static void
json_write(const struct option_table *options, const void *base, FILE *out)
{
	struct json j;

	json_begin(&j, out);
	json_object(&j, NULL);
	option_json(options, base, &j);
	json_end_object(&j);
}

static void
help_write(const struct option_table *options, const void *base, FILE *out)
{
	(void)base;
	option_help(options, out);
}

static void
json_has_a_key_an_option(void **state)
{
	struct thing thing;
	char *text;

	(void)state;
	good("do --even=2 --loud --shape=round x", &thing);
	text = written(json_write, &thing);
	assert_string_equal(text, "{\n  \"loud\": true,\n  \"times\": 0,\n"
				  "  \"shape\": \"round\",\n  \"span\": 2000000,\n"
				  "  \"name\": null,\n  \"output\": \"here\",\n"
				  "  \"even\": 2\n}");
	free(text);
	option_free(&table, &thing);
}

static void
the_list_is_what_one_would_type(void **state)
{
	struct thing thing;
	char *text;

	(void)state;
	good("do --even=2 --loud --times=12 x", &thing);
	text = written(option_list, &thing);
	assert_string_equal(text, "first\n  --loud\n  --times 12\n  --shape square\n"
				  "second\n  --span 2s\n  --output here\n  --even 2\n");
	free(text);
	option_free(&table, &thing);
}

static void
help_names_everything_within_80_columns(void **state)
{
	char *text = written(help_write, NULL);

	(void)state;
	assert_string_equal(
	    text,
	    "usage: brink do [options] THING [THING]\n\nDoes it.\n\nfirst\n"
	    "  -l, --loud                  say it loud\n"
	    "  --times N|auto              how often (default: auto)\n"
	    "  --shape round|square        what it looks like (default: square)\n"
	    "\nsecond\n"
	    "  --span TIME                 a sentence that is so long that it does not "
	    "fit\n"
	    "                              into what is left of one line of the help\n"
	    "                              (default: 2s)\n"
	    "  --name TEXT                 what it is called\n"
	    "  -o, --output FILE           where it goes (default: here)\n"
	    "  --even N                    collects\n");
	free(text);
}

static const char *const fruits[] = { "apple", "pear", "peach", "plum", "go" };

static const char *
fruit(size_t i)
{
	return fruits[i];
}

static void
the_nearest_name_is_found(void **state)
{
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{ "appel", "apple" },
		{ "paer", "pear" },
		{ "plums", "plum" },
		{ "app", "apple" },
		{ "peache", "peach" },
		{ "og", "go" },
		{ "banana", NULL },
		{ "", NULL },
		{ "x", NULL },
		{ "pl", NULL },
		{ "aple", "apple" },
		{ "a-word-that-is-much-too-long-to-be-any-of-the-names", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *nearest = suggest_nearest(cases[i].word, fruit, 5);

		if (nearest != cases[i].nearest &&
		    (!nearest || !cases[i].nearest || strcmp(nearest, cases[i].nearest)))
			fail_msg("%s: %s", cases[i].word, nearest ? nearest : "nothing");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults_are_what_the_table_says),
		cmocka_unit_test(both_long_forms_and_letters_are_read),
		cmocka_unit_test(the_last_of_two_counts_but_custom_collects),
		cmocka_unit_test(options_end_at_operands_and_dashes),
		cmocka_unit_test(values_may_begin_with_dashes_after_equals),
		cmocka_unit_test(every_mistake_has_its_sentence),
		cmocka_unit_test(abbreviations_are_refused_with_what_was_meant),
		cmocka_unit_test(operands_are_counted),
		cmocka_unit_test(json_has_a_key_an_option),
		cmocka_unit_test(the_list_is_what_one_would_type),
		cmocka_unit_test(help_names_everything_within_80_columns),
		cmocka_unit_test(the_nearest_name_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
