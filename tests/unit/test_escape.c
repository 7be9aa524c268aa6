#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/escape.h"

#define COUNT_OF(table) (sizeof(table) / sizeof(*(table)))

static void
assert_becomes(const char *text, const char *escaped)
{
	char *got = escape_text(text);

	assert_string_equal(got, escaped);
	free(got);
}

static void
what_is_harmless_is_as_it_was(void **state)
{
	static const char *const texts[] = {
		"",         "nightly", "100 % \\ \"quoted\"", "\xc3\xa9\xe2\x82\xac",
		"\xc2\xa0", /* the first behind C1 */
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		assert_becomes(texts[i], texts[i]);
	assert_becomes(NULL, "");
}

static void
what_a_terminal_obeys_is_made_visible(void **state)
{
	(void)state;
	assert_becomes("a\nb\tc", "a\\nb\\tc");
	assert_becomes("\x1b[2J", "^[[2J");
	assert_becomes("\x7f", "^?");
	/* CSI and OSC of C1, in UTF-8 and as a byte of other character sets */
	assert_becomes("\xc2\x9b", "M-BM^[");
	assert_becomes("\x9bH", "M^[H");
	assert_becomes("\x9d", "M^]");
}

/* Half a character could take what follows into it. */
static void
what_is_no_utf_8_is_made_visible(void **state)
{
	(void)state;
	assert_becomes("\xe2\x82", "M-bM^B");
	assert_becomes("\xff", "M^?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_harmless_is_as_it_was),
		cmocka_unit_test(what_a_terminal_obeys_is_made_visible),
		cmocka_unit_test(what_is_no_utf_8_is_made_visible),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
