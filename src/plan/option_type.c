#include "plan/option_type.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "plan/suggest.h"

int64_t *
option_number(const struct option_spec *spec, void *base)
{
	return (int64_t *)(void *)((char *)base + spec->offset);
}

static int64_t
number_of(const struct option_spec *spec, const void *base)
{
	return *(const int64_t *)(const void *)((const char *)base + spec->offset);
}

char **
option_text(const struct option_spec *spec, void *base)
{
	return (char **)(void *)((char *)base + spec->offset);
}

static const char *
text_of(const struct option_spec *spec, const void *base)
{
	return *(char *const *)(const void *)((const char *)base + spec->offset);
}

static const struct option_word *
word_by_name(const struct option_spec *spec, const char *name)
{
	for (const struct option_word *w = spec->words; w && w->word; w++) {
		if (strcmp(w->word, name) == 0)
			return w;
	}
	return NULL;
}

static const char *
word_by_value(const struct option_spec *spec, int64_t value)
{
	for (const struct option_word *w = spec->words; w && w->word; w++) {
		if (w->value == value)
			return w->word;
	}
	return NULL;
}

/* The words with sep between them and last before the last one. */
static void
words_write(const struct option_word *words, const char *sep, const char *last, FILE *out)
{
	for (const struct option_word *w = words; w->word; w++) {
		if (w != words)
			fputs(w[1].word ? sep : last, out);
		fputs(w->word, out);
	}
}

/* Ends a sentence on what a number may be by the words that may stand for it. */
static int
or_words(const struct option_spec *spec, FILE *why)
{
	for (const struct option_word *w = spec->words; w && w->word; w++)
		fprintf(why, ", or \"%s\"", w->word);
	return -1;
}

static int
flag_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	if (arg && strcmp(arg, "yes") != 0 && strcmp(arg, "no") != 0) {
		fputs("allowed are yes or no", why);
		return -1;
	}
	*option_number(spec, base) = !arg || strcmp(arg, "yes") == 0;
	return 0;
}

static void
flag_list(const struct option_spec *spec, const void *base, FILE *out)
{
	if (number_of(spec, base))
		fprintf(out, "  --%s\n", spec->name);
}

static void
flag_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_bool(j, spec->name, number_of(spec, base) != 0);
}

static int
number_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	const struct option_word *word = word_by_name(spec, arg);
	char min[UNITS_TEXT_SIZE], max[UNITS_TEXT_SIZE];
	int64_t value;

	if (word) {
		*option_number(spec, base) = word->value;
		return 0;
	}
	if (units_parse(spec->unit, arg, &value) != NULL) {
		units_explain(spec->unit, arg, why);
		return or_words(spec, why);
	}
	if (value < spec->min || value > spec->max) {
		fprintf(why, "out of range; allowed are %s to %s",
			units_format_exact(spec->unit, spec->min, min),
			units_format_exact(spec->unit, spec->max, max));
		return or_words(spec, why);
	}
	*option_number(spec, base) = value;
	return 0;
}

void
option_value_write(const struct option_spec *spec, int64_t value, FILE *out)
{
	const char *word = word_by_value(spec, value);
	char buf[UNITS_TEXT_SIZE];

	if (spec->type == OPTION_FLAG)
		word = value ? "yes" : "no";
	if (!word)
		word = units_format_exact(spec->unit, value, buf);
	fputs(word, out);
}

static void
number_list(const struct option_spec *spec, const void *base, FILE *out)
{
	fprintf(out, "  --%s ", spec->name);
	option_value_write(spec, number_of(spec, base), out);
	fputc('\n', out);
}

static void
number_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_int(j, spec->name, number_of(spec, base));
}

/* Adds the word that was meant, where that can be told. */
static void
word_suggest(const struct option_spec *spec, const char *arg, FILE *why)
{
	struct suggestion suggestion = { .word = arg, .length = strlen(arg) };
	const char *meant = NULL;

	for (const struct option_word *w = spec->words; w->word; w++) {
		if (w->also && strcmp(w->also, arg) == 0)
			meant = w->word;
		suggest_try(&suggestion, w->word);
	}
	if (!meant)
		meant = suggestion.best;
	if (meant)
		fprintf(why, "; did you mean %s?", meant);
}

static int
choice_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	const struct option_word *word = word_by_name(spec, arg);

	if (!word) {
		fputs("allowed are ", why);
		words_write(spec->words, ", ", " or ", why);
		word_suggest(spec, arg, why);
		return -1;
	}
	*option_number(spec, base) = word->value;
	return 0;
}

static void
choice_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_text(j, spec->name, word_by_value(spec, number_of(spec, base)));
}

static int
text_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	char *copy = strdup(arg);

	if (!copy) {
		fputs("no memory is left", why);
		return -1;
	}
	free(*option_text(spec, base));
	*option_text(spec, base) = copy;
	return 0;
}

static void
text_list(const struct option_spec *spec, const void *base, FILE *out)
{
	const char *text = text_of(spec, base);
	char *escaped;

	if (!text)
		return;
	escaped = escape_text(text);
	fprintf(out, "  --%s %s\n", spec->name, escaped);
	free(escaped);
}

static void
text_json(const struct option_spec *spec, const void *base, struct json *j)
{
	json_text(j, spec->name, text_of(spec, base));
}

static int
custom_parse(const struct option_spec *spec, const char *arg, void *base, FILE *why)
{
	return spec->custom->parse(spec, arg, base, why);
}

static void
custom_list(const struct option_spec *spec, const void *base, FILE *out)
{
	spec->custom->list(spec, base, out);
}

static void
custom_json(const struct option_spec *spec, const void *base, struct json *j)
{
	spec->custom->json(spec, base, j);
}

const struct option_ops option_ops[] = {
	[OPTION_FLAG] = { flag_parse, flag_list, flag_json },
	[OPTION_NUMBER] = { number_parse, number_list, number_json },
	[OPTION_CHOICE] = { choice_parse, number_list, choice_json },
	[OPTION_TEXT] = { text_parse, text_list, text_json },
	[OPTION_CONFIG] = { text_parse, text_list, text_json },
	[OPTION_CUSTOM] = { custom_parse, custom_list, custom_json },
};

bool
option_is_text(const struct option_spec *spec)
{
	return spec->type == OPTION_TEXT || spec->type == OPTION_CONFIG;
}

/* "N|auto", "shared|group", "FILE", "" for a flag. */
void
option_arg_write(const struct option_spec *spec, FILE *out)
{
	if (spec->arg)
		fputs(spec->arg, out);
	if (spec->arg && spec->words)
		fputc('|', out);
	if (spec->words)
		words_write(spec->words, "|", "|", out);
}
