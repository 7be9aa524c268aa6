#include "plan/vary.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/units.h"

void
vary_free(struct vary *vary)
{
	for (size_t i = 0; i < vary->names; i++)
		free(vary->name[i]);
	for (size_t i = 0; i < vary->names * vary->values; i++)
		free(vary->value[i]);
	free(vary->value);
	memset(vary, 0, sizeof(*vary));
}

static int
no_memory(FILE *why)
{
	fputs("there is no memory for its values", why);
	return -1;
}

static int
add_name(const struct option_table *table, const char *name, size_t length,
	 struct vary *vary, FILE *why)
{
	size_t prefix = strlen(VARY_LIMIT_PREFIX);
	bool limit = length > prefix && memcmp(name, VARY_LIMIT_PREFIX, prefix) == 0;

	if (!limit && !option_find(table, name, length)) {
		fprintf(why,
			"\"%.*s\" is no option of %s; give one without its dashes, "
			"such as acceptors=1,2,4",
			(int)length, name, table->command);
		return -1;
	}
	for (size_t i = 0; i < vary->names; i++) {
		if (strlen(vary->name[i]) == length &&
		    memcmp(vary->name[i], name, length) == 0) {
			fprintf(why, "\"%.*s\" is there twice", (int)length, name);
			return -1;
		}
	}
	if (vary->names == VARY_NAMES_MAX) {
		fprintf(why, "at most %d options change together", VARY_NAMES_MAX);
		return -1;
	}
	vary->name[vary->names] = strndup(name, length);
	if (!vary->name[vary->names])
		return no_memory(why);
	vary->names++;
	return 0;
}

/* The parts of one value, one for each name. */
static int
add_value(struct vary *vary, const char *text, size_t length, FILE *why)
{
	char **row = vary->value + vary->values * vary->names;
	const char *part = text, *end = text + length;
	size_t n = 0;

	if (vary->values == VARY_VALUES_MAX) {
		fprintf(why, "these are more than %d values", VARY_VALUES_MAX);
		return -1;
	}
	while (n < vary->names) {
		const char *colon = memchr(part, ':', (size_t)(end - part));
		/* A single option's value may hold colons, as an address does. */
		bool last = n + 1 == vary->names;
		const char *stop = last && (vary->names == 1 || !colon) ? end : colon;

		if (!stop || stop == part || (last && stop != end))
			break;
		row[n] = strndup(part, (size_t)(stop - part));
		if (!row[n])
			break;
		n++;
		part = stop + 1;
	}
	if (n < vary->names) {
		while (n > 0)
			free(row[--n]);
		fprintf(why, "\"%.*s\" is not %zu value%s; give %s", (int)length, text,
			vary->names, vary->names == 1 ? "" : "s",
			vary->names == 1 ? "NAME=V1,V2" : "NAME,NAME=V1:W1,V2:W2");
		return -1;
	}
	vary->values++;
	for (size_t i = 0; i + 1 < vary->values; i++) {
		size_t same = 0;

		while (same < vary->names &&
		       strcmp(vary->value[i * vary->names + same], row[same]) == 0)
			same++;
		if (same == vary->names) {
			fprintf(why,
				"\"%.*s\" is there twice; --repeat runs a value again",
				(int)length, text);
			return -1;
		}
	}
	return 0;
}

static int
read_part(enum unit unit, const char *text, size_t length, int64_t *value, FILE *why)
{
	char *copy = strndup(text, length);
	int result = -1;

	if (!copy)
		return no_memory(why);
	if (units_parse(unit, copy, value))
		units_explain(unit, copy, why);
	else
		result = 0;
	free(copy);
	return result;
}

/* Every value of "FROM..TO*FACTOR" or "FROM..TO+STEP"; dots is where the ".." stands. */
static int
add_range(enum unit unit, struct vary *vary, const char *text, const char *dots,
	  size_t length, FILE *why)
{
	const char *end = text + length, *to = dots + 2;
	const char *sign = to;
	char buf[UNITS_TEXT_SIZE];
	int64_t from, last, step;
	bool times;

	while (sign < end && *sign != '*' && *sign != '+')
		sign++;
	if (sign == end) {
		fprintf(why,
			"the range \"%.*s\" has no step; give one such as 1..16*2 or "
			"500..4000+500",
			(int)length, text);
		return -1;
	}
	times = *sign == '*';
	if (read_part(unit, text, (size_t)(dots - text), &from, why) ||
	    read_part(unit, to, (size_t)(sign - to), &last, why) ||
	    read_part(times ? UNIT_COUNT : unit, sign + 1, (size_t)(end - sign - 1),
		      &step, why))
		return -1;
	if (from > last || (times ? step < 2 || from < 1 : step < 1)) {
		fprintf(why, "the range \"%.*s\" never goes up to its end", (int)length,
			text);
		return -1;
	}
	for (int64_t value = from;; value = times ? value * step : value + step) {
		units_format_exact(unit, value, buf);
		if (add_value(vary, buf, strlen(buf), why))
			return -1;
		if (times ? value > last / step : value > last - step)
			return 0;
	}
}

static int
add_values(const struct option_table *table, struct vary *vary, const char *text,
	   FILE *why)
{
	const struct option_spec *spec =
	    option_find(table, vary->name[0], strlen(vary->name[0]));
	bool number = vary->names == 1 && (!spec || spec->type == OPTION_NUMBER);

	for (;;) {
		size_t length = strcspn(text, ",");
		const char *dots = number ? memmem(text, length, "..", 2) : NULL;
		int result = dots ? add_range(spec ? spec->unit : UNIT_COUNT, vary, text,
					      dots, length, why)
				  : add_value(vary, text, length, why);

		if (result)
			return -1;
		if (!text[length])
			return 0;
		text += length + 1;
	}
}

int
vary_parse(const struct option_table *table, const char *text, struct vary *vary,
	   FILE *why)
{
	const char *equals = strchr(text, '=');
	const char *name = text;

	memset(vary, 0, sizeof(*vary));
	if (!equals) {
		fprintf(why, "\"%s\" has no values; give some such as acceptors=1,2,4",
			text);
		return -1;
	}
	for (;;) {
		const char *comma = memchr(name, ',', (size_t)(equals - name));
		const char *end = comma ? comma : equals;

		if (add_name(table, name, (size_t)(end - name), vary, why))
			goto fail;
		if (!comma)
			break;
		name = comma + 1;
	}
	vary->value = calloc(vary->names * VARY_VALUES_MAX, sizeof(*vary->value));
	if (!vary->value) {
		no_memory(why);
		goto fail;
	}
	if (add_values(table, vary, equals + 1, why) == 0)
		return 0;
fail:
	vary_free(vary);
	return -1;
}

void
vary_order(size_t points, size_t repeats, uint64_t seed, size_t *order)
{
	for (size_t round = 0; round < repeats; round++, order += points) {
		for (size_t i = 0; i < points; i++)
			order[i] = i;
		for (size_t i = points; i > 1; i--) {
			size_t other = random_below(&seed, i), kept = order[i - 1];

			order[i - 1] = order[other];
			order[other] = kept;
		}
	}
}
