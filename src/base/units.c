#include "base/units.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What may follow a number, and what it multiplies it by. */
struct suffix {
	const char *text; /* NULL ends a table */
	int64_t factor;   /* ONLY_ZERO: 0 needs no unit */
};

#define ONLY_ZERO 0

static const struct suffix count_suffixes[] = {
	{ "", 1 }, { "k", 1000 }, { "M", 1000000 }, { "G", 1000000000 }, { NULL, 0 },
};

static const struct suffix rate_suffixes[] = {
	{ "", 1 },        { "/s", 1 },        { "k", 1000 }, { "k/s", 1000 },
	{ "M", 1000000 }, { "M/s", 1000000 }, { NULL, 0 },
};

static const struct suffix byte_suffixes[] = {
	{ "", 1 },
	{ "k", 1000 },
	{ "M", 1000000 },
	{ "G", 1000000000 },
	{ "Ki", INT64_C(1) << 10 },
	{ "Mi", INT64_C(1) << 20 },
	{ "Gi", INT64_C(1) << 30 },
	{ NULL, 0 },
};

static const struct suffix time_suffixes[] = {
	{ "", ONLY_ZERO },
	{ "us", 1 },
	{ "ms", 1000 },
	{ "s", 1000000 },
	{ "m", INT64_C(60) * 1000000 },
	{ "h", INT64_C(3600) * 1000000 },
	{ NULL, 0 },
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
	void (*write)(uint64_t value, char *buf, size_t size);
	bool exact_suffix; /* units_format_exact() writes one */
	const char *allowed;
	const char *too_large;
} kinds[] = {
	[UNIT_COUNT] = { count_suffixes, count_write, false,
			 "a whole number such as 20000, 20k or 1M",
			 "a number below 9,223,372,036,854,775,808, such as 20000" },
	[UNIT_RATE] = { rate_suffixes, rate_write, false,
			"a rate such as 2000, 2000/s or 2k/s",
			"a rate below 9,223,372,036,854,775,808/s, such as 2000/s" },
	[UNIT_BYTES] = { byte_suffixes, bytes_write, true,
			 "a size such as 64, 64k (1000), 64Ki (1024) or 1Gi",
			 "a size below 8 EiB, such as 1Gi" },
	[UNIT_US] = { time_suffixes, time_write, true,
		      "a time such as 100ms, 5s, 5m or 8h",
		      "a time below 292,000 years, such as 8h" },
};

/* Holds any number times any factor. */
__extension__ typedef __int128 wide;

#define DIGITS "0123456789"

/* A number with more decimals that are not 0 is whole in no unit. */
#define DECIMALS_MAX 18

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
suffix_find(enum unit unit, const char *text)
{
	for (const struct suffix *s = kinds[unit].suffixes; s->text != NULL; s++) {
		if (strcmp(s->text, text) == 0)
			return s;
	}
	return NULL;
}

const char *
units_parse(enum unit unit, const char *text, int64_t *value)
{
	const struct suffix *suffix;
	size_t whole = strspn(text, DIGITS), fraction = 0, decimals = 0;
	int64_t number = 0;
	bool fits = digits_append(text, whole, &number);
	wide result, divisor = 1;

	text += whole;
	if (*text == '.') {
		fraction = decimals = strspn(++text, DIGITS);
		while (decimals > 0 && text[decimals - 1] == '0')
			decimals--;
		if (fraction == 0 || decimals > DECIMALS_MAX)
			return kinds[unit].allowed;
		fits = digits_append(text, decimals, &number) && fits;
		text += fraction;
	}
	suffix = suffix_find(unit, text);
	if (whole == 0 || suffix == NULL || (suffix->factor == ONLY_ZERO && number != 0))
		return kinds[unit].allowed;
	if (!fits)
		return kinds[unit].too_large;
	for (; decimals > 0; decimals--)
		divisor *= 10;
	result = (wide)number * suffix->factor;
	if (result % divisor != 0)
		return kinds[unit].allowed;
	if (result / divisor > INT64_MAX)
		return kinds[unit].too_large;
	*value = (int64_t)(result / divisor);
	return NULL;
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
		if (s->factor == ONLY_ZERO || value % s->factor != 0)
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
