#include "base/units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

const char *
units_name(enum unit unit)
{
	static const char *const names[] = {
		[UNIT_COUNT] = "1",
		[UNIT_RATE] = "1/s",
		[UNIT_BYTES] = "bytes",
		[UNIT_US] = "us",
	};

	return names[unit];
}

/* What may follow a number, and what it multiplies it by. Of several that mean the same the
 * first is the one that is written. */
struct suffix {
	const char *text; /* NULL ends a table */
	int64_t factor;
};

/* A unit that another kind of value has, and what it is taken for here. */
struct hint {
	const char *text; /* NULL ends a table */
	const char *meant;
};

static const struct suffix count_suffixes[] = {
	{ "", 1 },        { "k", 1000 },       { "K", 1000 },
	{ "M", 1000000 }, { "G", 1000000000 }, { NULL, 0 },
};

static const struct suffix rate_suffixes[] = {
	{ "", 1 },        { "/s", 1 },        { "rps", 1 },  { "k", 1000 },
	{ "k/s", 1000 },  { "krps", 1000 },   { "K", 1000 }, { "K/s", 1000 },
	{ "M", 1000000 }, { "M/s", 1000000 }, { NULL, 0 },
};

static const struct suffix byte_suffixes[] = {
	{ "", 1 },
	{ "k", 1000 },
	{ "M", 1000000 },
	{ "G", 1000000000 },
	{ "T", INT64_C(1000000000000) },
	{ "Ki", INT64_C(1) << 10 },
	{ "Mi", INT64_C(1) << 20 },
	{ "Gi", INT64_C(1) << 30 },
	{ "Ti", INT64_C(1) << 40 },
	{ "B", 1 },
	{ "kB", 1000 },
	{ "MB", 1000000 },
	{ "GB", 1000000000 },
	{ "TB", INT64_C(1000000000000) },
	{ "KiB", INT64_C(1) << 10 },
	{ "MiB", INT64_C(1) << 20 },
	{ "GiB", INT64_C(1) << 30 },
	{ "TiB", INT64_C(1) << 40 },
	{ "K", 1000 },
	{ "KB", 1000 },
	{ NULL, 0 },
};

static const struct suffix time_suffixes[] = {
	{ "us", 1 },
	{ "ms", 1000 },
	{ "s", US_PER_S },
	{ "m", 60 * US_PER_S },
	{ "h", 3600 * US_PER_S },
	{ "d", 86400 * US_PER_S },
	{ "sec", US_PER_S },
	{ "min", 60 * US_PER_S },
	{ NULL, 0 },
};

static const struct hint count_hints[] = {
	{ "m", "\"m\" stands for minutes and \"M\" for a million" },
	{ NULL, NULL },
};

static const struct hint rate_hints[] = {
	{ "m", "\"m\" stands for minutes and \"M\" for a million" },
	{ "/m", "a rate is per second" },
	{ "/min", "a rate is per second" },
	{ "/h", "a rate is per second" },
	{ NULL, NULL },
};

static const struct hint byte_hints[] = {
	{ "m", "\"M\" stands for a million bytes and \"Mi\" for 1024 KiB" },
	{ "kb", "\"b\" stands for bits and \"B\" for bytes" },
	{ "Kb", "\"b\" stands for bits and \"B\" for bytes" },
	{ "mb", "\"b\" stands for bits and \"B\" for bytes" },
	{ "Mb", "\"b\" stands for bits and \"B\" for bytes" },
	{ NULL, NULL },
};

static const struct hint time_hints[] = {
	{ "", "the unit is missing" },
	{ "M", "\"m\" stands for minutes" },
	{ "S", "\"s\" stands for seconds" },
	{ "H", "\"h\" stands for hours" },
	{ NULL, NULL },
};

/* With a comma before every three digits. */
static void
count_write(uint64_t value, char *buf, size_t size)
{
	char digits[24];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, value);
	size_t used = 0;

	for (int i = 0; i < length && used + 2 < size; i++) {
		if (i > 0 && (length - i) % 3 == 0)
			buf[used++] = ',';
		buf[used++] = digits[i];
	}
	buf[used] = '\0';
}

static void
rate_write(uint64_t value, char *buf, size_t size)
{
	count_write(value, buf, size);
	strlcat(buf, "/s", size);
}

static void
bytes_write(uint64_t bytes, char *buf, size_t size)
{
	static const char prefixes[] = "KMGTPE";
	double scaled = (double)bytes / 1024;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(buf, size, "%" PRIu64 " B", bytes);
		return;
	}
	/* What would be rounded to 1024.0 goes to the next unit. */
	for (; scaled >= 1023.95; i++)
		scaled /= 1024;
	snprintf(buf, size, "%.1f %ciB", scaled, prefixes[i]);
}

static uint64_t
divide_rounded(uint64_t value, uint64_t by)
{
	return (value + by / 2) / by;
}

/* The unit is chosen after rounding, so that there is no "60.0 s". */
static void
time_write(uint64_t us, char *buf, size_t size)
{
	uint64_t ms_tenths = divide_rounded(us, 100);
	uint64_t s_tenths = divide_rounded(us, 100000);
	uint64_t s = divide_rounded(us, 1000000);
	uint64_t min = divide_rounded(us, 60000000);

	if (us < 1000)
		snprintf(buf, size, "%" PRIu64 " us", us);
	else if (ms_tenths < 10000 && ms_tenths % 10 == 0)
		snprintf(buf, size, "%" PRIu64 " ms", ms_tenths / 10);
	else if (ms_tenths < 10000)
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " ms", ms_tenths / 10,
			 ms_tenths % 10);
	else if (s_tenths < 600)
		snprintf(buf, size, "%" PRIu64 ".%" PRIu64 " s", s_tenths / 10,
			 s_tenths % 10);
	else if (s < 3600)
		snprintf(buf, size, "%" PRIu64 " min %" PRIu64 " s", s / 60, s % 60);
	else
		snprintf(buf, size, "%" PRIu64 " h %" PRIu64 " min", min / 60, min % 60);
}

static const struct {
	const struct suffix *suffixes;
	const struct hint *hints;
	void (*write)(uint64_t value, char *buf, size_t size);
	bool exact_suffix; /* units_format_exact() writes one */
	bool compound;     /* several terms, the larger unit first: "1h30m" */
	const char *display_name;
	const char *allowed;
	const char *too_large;
} kinds[] = {
	[UNIT_COUNT] = { count_suffixes, count_hints, count_write, false, false, "number",
			 "a whole number such as 20000, 20k or 1M",
			 "a number below 9,223,372,036,854,775,808, such as 20000" },
	[UNIT_RATE] = { rate_suffixes, rate_hints, rate_write, false, false, "rate",
			"a rate such as 2000, 2000/s or 2k/s",
			"a rate below 9,223,372,036,854,775,808/s, such as 2000/s" },
	[UNIT_BYTES] = { byte_suffixes, byte_hints, bytes_write, true, false, "size",
			 "a size such as 64, 64k (1000), 64Ki (1024) or 1Gi",
			 "a size below 8 EiB, such as 1Gi" },
	[UNIT_US] = { time_suffixes, time_hints, time_write, true, true, "time",
		      "a time such as 100ms, 5s, 5m or 8h",
		      "a time below 292,000 years, such as 8h" },
};

/* Holds any number times any factor. */
__extension__ typedef __int128 wide;

#define DIGITS "0123456789"

/* A number with more decimals that are not 0 is whole in no unit. */
#define DECIMALS_MAX 18

enum problem { READ, NO_NUMBER, NO_SUCH_UNIT, NOT_WHOLE, TOO_LARGE };

/* One number with its unit, in base units: value / divisor. */
struct term {
	wide value, divisor;
	int64_t factor;
	const char *unit; /* where it stands in the text */
	size_t length;    /* of the text that the unit takes */
};

/* Puts the length digits at text behind those in *number; false on overflow. */
static bool
digits_append(const char *text, size_t length, int64_t *number)
{
	for (size_t i = 0; i < length; i++) {
		if (__builtin_mul_overflow(*number, 10, number) ||
		    __builtin_add_overflow(*number, text[i] - '0', number))
			return false;
	}
	return true;
}

static const struct suffix *
suffix_find(enum unit unit, const char *text, size_t length)
{
	for (const struct suffix *s = kinds[unit].suffixes; s->text != NULL; s++) {
		if (strncmp(s->text, text, length) == 0 && s->text[length] == '\0')
			return s;
	}
	return NULL;
}

/* Reads one term; its unit goes up to the next digit where terms may follow each other. */
static enum problem
term_read(enum unit unit, const char *text, struct term *term)
{
	size_t whole = strspn(text, DIGITS), fraction = 0, decimals = 0;
	const struct suffix *suffix;
	int64_t number = 0;
	bool fits = digits_append(text, whole, &number);

	text += whole;
	if (*text == '.') {
		fraction = decimals = strspn(++text, DIGITS);
		while (decimals > 0 && text[decimals - 1] == '0')
			decimals--;
		if (fraction == 0)
			return NO_NUMBER;
		if (decimals > DECIMALS_MAX)
			return NOT_WHOLE;
		fits = digits_append(text, decimals, &number) && fits;
		text += fraction;
	}
	if (whole == 0)
		return NO_NUMBER;
	term->unit = text;
	term->length = kinds[unit].compound ? strcspn(text, DIGITS) : strlen(text);
	suffix = suffix_find(unit, text, term->length);
	/* Zero is the same in every unit. */
	if (suffix == NULL && (term->length > 0 || number != 0))
		return NO_SUCH_UNIT;
	if (!fits)
		return TOO_LARGE;
	term->factor = suffix != NULL ? suffix->factor : 1;
	term->value = (wide)number * term->factor;
	for (term->divisor = 1; decimals > 0; decimals--)
		term->divisor *= 10;
	return READ;
}

/* Reads all of text. term: the last one looked at. */
static enum problem
text_read(enum unit unit, const char *text, int64_t *value, struct term *term)
{
	int64_t factor = INT64_MAX;
	wide sum = 0;

	do {
		enum problem problem = term_read(unit, text, term);

		if (problem != READ)
			return problem;
		if (term->value % term->divisor != 0)
			return NOT_WHOLE;
		/* "30m1h" and "1m1m" are mistakes. */
		if (term->factor >= factor)
			return NO_SUCH_UNIT;
		factor = term->factor;
		sum += term->value / term->divisor;
		if (sum > INT64_MAX)
			return TOO_LARGE;
		text = term->unit + term->length;
	} while (*text != '\0');
	*value = (int64_t)sum;
	return READ;
}

const char *
units_parse(enum unit unit, const char *text, int64_t *value)
{
	struct term term;
	enum problem problem = text_read(unit, text, value, &term);

	if (problem == READ)
		return NULL;
	return problem == TOO_LARGE ? kinds[unit].too_large : kinds[unit].allowed;
}

static const char *
hint_find(enum unit unit, const struct term *term)
{
	for (const struct hint *h = kinds[unit].hints; h->text != NULL; h++)
		if (strncmp(h->text, term->unit, term->length) == 0 &&
		    h->text[term->length] == '\0')
			return h->meant;
	return NULL;
}

/* As in "1e9". */
static bool
is_exponent(const char *text)
{
	if (*text != 'e' && *text != 'E')
		return false;
	text += 1 + (text[1] == '+' || text[1] == '-');
	return strspn(text, DIGITS) > 0;
}

void
units_explain(enum unit unit, const char *text, FILE *why)
{
	struct term term;
	int64_t value;
	enum problem problem = text_read(unit, text, &value, &term);
	const char *hint = problem == NO_SUCH_UNIT ? hint_find(unit, &term) : NULL;

	if (text[0] == '-' && strspn(text + 1, DIGITS) > 0)
		fprintf(why, "a %s must not be negative", kinds[unit].display_name);
	else if (hint != NULL)
		fputs(hint, why);
	else if (problem == NO_SUCH_UNIT &&
		 suffix_find(unit, term.unit, term.length) != NULL)
		fprintf(why, "\"%.*s\" comes after a smaller unit", (int)term.length,
			term.unit);
	else if (problem == NO_SUCH_UNIT && is_exponent(term.unit))
		fputs("a number is written out, without an exponent", why);
	else if (problem == NO_SUCH_UNIT)
		fprintf(why, "\"%.*s\" is not a known unit", (int)term.length, term.unit);
	else if (problem == TOO_LARGE)
		fputs("too large", why);
	else
		fprintf(why, "not a %s", kinds[unit].display_name);
	fprintf(why, "; give %s",
		problem == TOO_LARGE ? kinds[unit].too_large : kinds[unit].allowed);
}

char *
units_format(enum unit unit, int64_t value, char *buf)
{
	uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
	size_t used = 0;

	if (value < 0)
		buf[used++] = '-';
	kinds[unit].write(magnitude, buf + used, UNITS_TEXT_SIZE - used);
	return buf;
}

/* The shortest of the suffixes that leave a whole number. */
static void
suffixed_write(const struct suffix *suffixes, int64_t value, char *buf)
{
	char text[UNITS_TEXT_SIZE];

	buf[0] = '\0';
	for (const struct suffix *s = suffixes; s->text != NULL; s++) {
		if (value % s->factor != 0)
			continue;
		snprintf(text, sizeof(text), "%" PRId64 "%s", value / s->factor, s->text);
		if (buf[0] == '\0' || strlen(text) < strlen(buf))
			strlcpy(buf, text, UNITS_TEXT_SIZE);
	}
}

char *
units_format_exact(enum unit unit, int64_t value, char *buf)
{
	if (kinds[unit].exact_suffix && value != 0)
		suffixed_write(kinds[unit].suffixes, value, buf);
	else
		snprintf(buf, UNITS_TEXT_SIZE, "%" PRId64, value);
	return buf;
}
