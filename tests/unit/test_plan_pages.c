/* Holds the manual page and the shell completion of "brink run" against its options. */
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

		snprintf(line, sizeof(line), "\n.It Cm %s\n", limit_specs[i].name);
		if (!strstr(item, line))
			fail_msg("--limit %s is not in the page", limit_specs[i].name);
	}
	free(item);
	free(page);
}

/* The value of a variable of the completion: what stands between its quotes. */
static char *
quoted(const char *text, const char *variable)
{
	const char *begin = strstr(text, variable);

	if (!begin)
		fail_msg("the completion has no %s", variable);
	begin += strlen(variable);
	return strndup(begin, strcspn(begin, "'"));
}

static void
the_completion_has_every_option_and_no_other(void **state)
{
	char *completion = source_read("completions/brink");
	char *options = quoted(completion, "run_options='");

	(void)state;
	for (size_t i = 0; i < plan_options.count; i++) {
		char option[NAME_MAX_BYTES];

		snprintf(option, sizeof(option), "--%s", plan_options.specs[i].name);
		if (!has_word(options, option))
			fail_msg("%s is not in the completion", option);
	}
	assert_int_equal(names_check(options, " --"), plan_options.count);
	assert_true(has_word(options, "--help"));
	free(options);
	free(completion);
}

/* "shared group"; for --limit every name and "=". */
static void
values_write(const struct option_spec *spec, FILE *out)
{
	bool is_limit = strcmp(spec->name, "limit") == 0;

	for (const struct option_word *w = spec->words; w && w->word; w++)
		fprintf(out, "%s%s", w == spec->words ? "" : " ", w->word);
	for (int i = 0; is_limit && i < LIMIT_COUNT; i++) {
		size_t length = strlen(limit_specs[i].name);

		if (limit_specs[i].refused)
			continue;
		/* Of those for one acceptor, the first's. */
		fprintf(out, "%s%.*s%s=", i == 0 ? "" : " ",
			(int)(i == LIMIT_NOFILE_ONE ? length - 1 : length),
			limit_specs[i].name, i == LIMIT_NOFILE_ONE ? "0" : "");
	}
	if (spec->arg && strcmp(spec->arg, "FILE") == 0)
		fputs("FILE", out);
}

static void
the_completion_has_every_word_of_an_option(void **state)
{
	char *completion = source_read("completions/brink");
	char *table = strstr(completion, "run_values=(");
	size_t entries = 0, lines = 0;

	(void)state;
	assert_non_null(table);
	table = strndup(table, (size_t)(strstr(table, "\n  )") - table));
	for (size_t i = 0; i < plan_options.count; i++) {
		const struct option_spec *spec = &plan_options.specs[i];
		char *entry = NULL;
		size_t size;
		FILE *out = open_memstream(&entry, &size);

		assert_non_null(out);
		fprintf(out, "[--%s]='", spec->name);
		values_write(spec, out);
		fputs("'\n", out);
		fclose(out);
		if (!strstr(entry, "=''\n")) {
			entries++;
			entry[strlen(entry) - 1] = '\0';
			if (!strstr(table, entry))
				fail_msg("%s is not in the completion", entry);
		}
		free(entry);
	}
	for (const char *at = strstr(table, "[--"); at; at = strstr(at + 1, "[--"))
		lines++;
	assert_int_equal(lines, entries);
	free(table);
	free(completion);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_has_every_option_with_its_default),
		cmocka_unit_test(the_page_has_no_other_option),
		cmocka_unit_test(the_page_has_every_limit),
		cmocka_unit_test(the_completion_has_every_option_and_no_other),
		cmocka_unit_test(the_completion_has_every_word_of_an_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
