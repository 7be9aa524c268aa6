#include "plan/expectation.h"

#include <string.h>

#include "plan/suggest.h"

#define BLANKS " \t"

/* Of figures that are near to a wrong name, the most that are told. */
#define NEAR_MAX 6

/* What begins with another comes before it. */
static const char *const operators[RELATION_COUNT] = {
	[COMPARE_LESS_EQUAL] = "<=", [COMPARE_MORE_EQUAL] = ">=", [COMPARE_EQUAL] = "==",
	[COMPARE_UNEQUAL] = "!=",    [COMPARE_LESS] = "<",        [COMPARE_MORE] = ">",
};

/* True where they have a word in common: both speak of fds, or of recovery. */
static bool
is_akin(const char *word, size_t length, const char *name)
{
	while (*name) {
		size_t part = strcspn(name, "._");

		for (size_t i = 0; part >= 3 && i + part <= length; i++)
			if (strncmp(word + i, name, part) == 0)
				return true;
		name += part + strspn(name + part, "._");
	}
	return false;
}

/* Names what is near, the nearest first, or where to find all. */
static int
figure_reject(const char *name, size_t length, FILE *why)
{
	struct suggestion suggestion = { .word = name, .length = length };
	int near = 0;

	for (size_t i = 0; i < figure_count; i++)
		suggest_try(&suggestion, figures[i].name);
	fprintf(why, "%.*s is not a figure; ", (int)length, name);
	if (suggestion.best) {
		fprintf(why, "did you mean %s?", suggestion.best);
		near++;
	}
	for (size_t i = 0; i < figure_count && near < NEAR_MAX; i++) {
		if (figures[i].name == suggestion.best ||
		    !is_akin(name, length, figures[i].name))
			continue;
		fprintf(why, "%s%s",
			near == 0                      ? "near are "
			: near == 1 && suggestion.best ? " Near are also "
						       : ", ",
			figures[i].name);
		near++;
	}
	if (near == 0)
		fputs("\"brink figures\" lists them", why);
	return -1;
}

static bool
operator_take(const char **text, enum relation *relation)
{
	for (int i = 0; i < RELATION_COUNT; i++) {
		size_t length = strlen(operators[i]);

		if (strncmp(*text, operators[i], length) != 0)
			continue;
		*text += length;
		*relation = (enum relation)i;
		return true;
	}
	return false;
}

/* The rest of text without the blanks around it; nothing where it does not fit. */
static void
value_take(const char *text, char *value)
{
	size_t length;

	text += strspn(text, BLANKS);
	length = strlen(text);
	while (length > 0 && strchr(BLANKS, text[length - 1]))
		length--;
	if (length >= EXPECTATION_VALUE_SIZE)
		length = 0;
	memcpy(value, text, length);
	value[length] = '\0';
}

int
expectation_parse(struct expectation *e, const char *text, FILE *why)
{
	const char *allowed, *name = text + strspn(text, BLANKS);
	size_t length = strcspn(name, BLANKS "<>=!");

	if (length == 0) {
		fputs("not FIGURE OPERATOR VALUE; give one such as \"held >= 15000\"",
		      why);
		return -1;
	}
	e->figure = figure_find(name, length);
	if (!e->figure)
		return figure_reject(name, length, why);
	text = name + length;
	text += strspn(text, BLANKS);
	if (!operator_take(&text, &e->relation)) {
		fprintf(why, "%s is to be followed by <=, >=, ==, !=, < or >",
			e->figure->name);
		return -1;
	}
	value_take(text, e->value);
	allowed = figure_parse(e->figure->unit, e->value, &e->bound);
	if (!allowed)
		return 0;
	fprintf(why, "%s is compared with %s", e->figure->name, allowed);
	return -1;
}

char *
expectation_text(const struct expectation *e, char *buf)
{
	snprintf(buf, EXPECTATION_TEXT_SIZE, "%s %s %s", e->figure->name,
		 operators[e->relation], e->value);
	return buf;
}

bool
expectation_holds(const struct expectation *e, double value)
{
	const bool holds[RELATION_COUNT] = {
		[COMPARE_LESS_EQUAL] = value <= e->bound,
		[COMPARE_MORE_EQUAL] = value >= e->bound,
		[COMPARE_EQUAL] = !(value < e->bound || value > e->bound),
		[COMPARE_UNEQUAL] = value < e->bound || value > e->bound,
		[COMPARE_LESS] = value<e->bound, [COMPARE_MORE] = value> e->bound,
	};

	return holds[e->relation];
}
