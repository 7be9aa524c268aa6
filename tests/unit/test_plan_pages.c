/* Holds the manual page of "brink run" against its options. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "plan/plan.h"

#define NAME_MAX_BYTES 64

/* A file of the source tree; the caller frees it. */
static char *
source_read(const char *name)
{
	const char *root = getenv("srcdir");
	char path[4096], *text = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", root ? root : ".", name);
	file = fopen(path, "r");
	if (!file)
		fail_msg("%s cannot be opened", path);
	if (getdelim(&text, &size, '\0', file) == -1)
		fail_msg("%s is empty", path);
	fclose(file);
	return text;
}

static const struct option_spec *
spec_of(const char *name, size_t length)
{
	for (size_t i = 0; i < plan_options.count; i++) {
		const char *candidate = plan_options.specs[i].name;

		if (strncmp(candidate, name, length) == 0 && candidate[length] == '\0')
			return &plan_options.specs[i];
	}
	return NULL;
}

static bool
is_help(const char *name, size_t length)
{
	return length == strlen("help") && strncmp(name, "help", length) == 0;
}

static size_t
name_length(const char *name)
{
	return strspn(name, "abcdefghijklmnopqrstuvwxyz-");
}

/* Every name after each prefix in text is an option; how many there are, --help apart. */
static size_t
names_check(const char *text, const char *prefix)
{
	size_t count = 0;

	for (const char *at = strstr(text, prefix); at; at = strstr(at, prefix)) {
		size_t length;

		at += strlen(prefix);
		length = name_length(at);
		if (is_help(at, length))
			continue;
		if (!spec_of(at, length))
			fail_msg("--%.*s is no option", (int)length, at);
		count++;
	}
	return count;
}

/* What the page says of an option: from behind its name to the next item. */
static char *
item_of(const char *page, const char *name)
{
	char line[NAME_MAX_BYTES];
	const char *item, *end;

	snprintf(line, sizeof(line), "\n.It Fl -%s", name);
	for (item = strstr(page, line); item; item = strstr(item + 1, line)) {
		if (name_length(item + strlen("\n.It Fl -")) == strlen(name))
			break;
	}
	if (!item)
		fail_msg("--%s is not in the page", name);
	item += strlen(line);
	end = strstr(item, "\n.It Fl -");
	return end ? strndup(item, (size_t)(end - item)) : strdup(item);
}

/* True if text has word between two characters that do not belong to a word. */
static bool
has_word(const char *text, const char *word)
{
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) {
		char after = at[strlen(word)];

		if ((at == text || isspace((unsigned char)at[-1])) &&
		    (after == '\0' || isspace((unsigned char)after)))
			return true;
	}
	return false;
}

static void
the_page_has_every_option_with_its_default(void **state)
{
	char *page = source_read("man/brink-run.1");

	(void)state;
	for (size_t i = 0; i < plan_options.count; i++) {
		const struct option_spec *spec = &plan_options.specs[i];
		char *item = item_of(page, spec->name);

		if (spec->def && !has_word(item, spec->def))
			fail_msg("--%s: the default %s is not in the page", spec->name,
				 spec->def);
		for (const struct option_word *w = spec->words; w && w->word; w++) {
			if (!has_word(item, w->word))
				fail_msg("--%s: %s is not in the page", spec->name,
					 w->word);
		}
		free(item);
	}
	free(page);
}

static void
the_page_has_no_other_option(void **state)
{
	char *page = source_read("man/brink-run.1");

	(void)state;
	assert_int_equal(names_check(page, "\n.It Fl -"), plan_options.count);
	names_check(page, "Fl -");
	names_check(page, " --");
	free(page);
}

static void
the_page_has_every_limit(void **state)
{
	char *page = source_read("man/brink-run.1");
	char *item = item_of(page, "limit");

	(void)state;
	for (int i = 0; i < LIMIT_COUNT; i++) {
		char line[NAME_MAX_BYTES];

		snprintf(line, sizeof(line), "\n.It Cm %s\n",
			 limit_spec((enum limit_name)i)->name);
		if (!strstr(item, line))
			fail_msg("--limit %s is not in the page",
				 limit_spec((enum limit_name)i)->name);
	}
	free(item);
	free(page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_has_every_option_with_its_default),
		cmocka_unit_test(the_page_has_no_other_option),
		cmocka_unit_test(the_page_has_every_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
