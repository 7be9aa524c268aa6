#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <math.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/json.h"

/* A writer into memory. */
struct sheet {
	struct json json;
	FILE *out;
	char *text;
	size_t size;
};

static struct json *
sheet_begin(struct sheet *sheet)
{
	sheet->out = open_memstream(&sheet->text, &sheet->size);
	assert_non_null(sheet->out);
	json_begin(&sheet->json, sheet->out);
	return &sheet->json;
}

static void
sheet_expect(struct sheet *sheet, const char *expected)
{
	assert_int_equal(fclose(sheet->out), 0);
	assert_string_equal(sheet->text, expected);
	free(sheet->text);
}

static void
objects_and_arrays_nest(void **state)
{
	struct sheet sheet;
	struct json *j = sheet_begin(&sheet);

	(void)state;
	json_object(j, NULL);
	json_int(j, "a", 1);
	json_array(j, "b");
	json_bool(j, NULL, true);
	json_bool(j, NULL, false);
	json_object(j, NULL);
	json_null(j, "c");
	json_end_object(j);
	json_end_array(j);
	json_text(j, "d", "e");
	json_end_object(j);
	sheet_expect(&sheet, "{\n"
			     "  \"a\": 1,\n"
			     "  \"b\": [\n"
			     "    true,\n"
			     "    false,\n"
			     "    {\n"
			     "      \"c\": null\n"
			     "    }\n"
			     "  ],\n"
			     "  \"d\": \"e\"\n"
			     "}");
}

static void
empty_groups_stay_on_the_line(void **state)
{
	struct sheet sheet;
	struct json *j = sheet_begin(&sheet);

	(void)state;
	json_object(j, NULL);
	json_array(j, "a");
	json_end_array(j);
	json_object(j, "b");
	json_end_object(j);
	json_end_object(j);
	sheet_expect(&sheet, "{\n  \"a\": [],\n  \"b\": {}\n}");
}

static void
outermost_value_may_be_a_scalar(void **state)
{
	struct sheet sheet;

	(void)state;
	json_int(sheet_begin(&sheet), NULL, -7);
	sheet_expect(&sheet, "-7");
}

static void
text_expect(const char *text, const char *expected)
{
	struct sheet sheet;

	json_text(sheet_begin(&sheet), NULL, text);
	sheet_expect(&sheet, expected);
}

static void
text_is_escaped(void **state)
{
	(void)state;
	text_expect("", "\"\"");
	text_expect("say \"a\\b\"", "\"say \\\"a\\\\b\\\"\"");
	text_expect("a\nb\t\x01\x1f\x7f", "\"a\\u000ab\\u0009\\u0001\\u001f\\u007f\"");
	text_expect(NULL, "null");
}

static void
keys_are_escaped(void **state)
{
	struct sheet sheet;
	struct json *j = sheet_begin(&sheet);

	(void)state;
	json_object(j, NULL);
	json_int(j, "a\"\n", 1);
	json_end_object(j);
	sheet_expect(&sheet, "{\n  \"a\\\"\\u000a\": 1\n}");
}

static void
valid_utf8_is_kept(void **state)
{
	(void)state;
	text_expect("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80",
		    "\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"");
	text_expect("\xf4\x8f\xbf\xbf", "\"\xf4\x8f\xbf\xbf\"");
	text_expect("\xed\x9f\xbf", "\"\xed\x9f\xbf\"");
}

#define LOST "\xef\xbf\xbd"

static void
invalid_utf8_is_replaced(void **state)
{
	(void)state;
	text_expect("a\xff"
		    "b",
		    "\"a" LOST "b\"");
	text_expect("\x80", "\"" LOST "\"");
	text_expect("\xc3", "\"" LOST "\""); /* ends too early */
	text_expect("\xe2\x82", "\"" LOST LOST "\"");
	text_expect("\xf0\x9f\x98", "\"" LOST LOST LOST "\"");
	text_expect("\xc3(", "\"" LOST "(\"");
	text_expect("\xc0\xaf", "\"" LOST LOST "\""); /* overlong */
	text_expect("\xe0\x9f\xbf", "\"" LOST LOST LOST "\"");
	text_expect("\xed\xa0\x80", "\"" LOST LOST LOST "\""); /* surrogate */
	text_expect("\xf4\x90\x80\x80", "\"" LOST LOST LOST LOST "\"");
	text_expect("\xe2\x82\"", "\"" LOST LOST "\\\"\""); /* cannot end the string */
}

static void
real_expect(double value, const char *expected)
{
	struct sheet sheet;

	json_real(sheet_begin(&sheet), NULL, value);
	sheet_expect(&sheet, expected);
}

static void
numbers_are_json(void **state)
{
	struct sheet sheet;

	(void)state;
	real_expect(0.1, "0.1");
	real_expect(2, "2");
	real_expect(-1.5e300, "-1.5e+300");
	real_expect(1.0 / 3, "0.333333333333333");
	real_expect(NAN, "null");
	real_expect(INFINITY, "null");
	real_expect(-INFINITY, "null");
	json_int(sheet_begin(&sheet), NULL, INT64_MIN);
	sheet_expect(&sheet, "-9223372036854775808");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_and_arrays_nest),
		cmocka_unit_test(empty_groups_stay_on_the_line),
		cmocka_unit_test(outermost_value_may_be_a_scalar),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(keys_are_escaped),
		cmocka_unit_test(valid_utf8_is_kept),
		cmocka_unit_test(invalid_utf8_is_replaced),
		cmocka_unit_test(numbers_are_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
