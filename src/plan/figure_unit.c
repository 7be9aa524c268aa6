/* Values of figures as one types them, and as one reads them. */
#include "plan/figure.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/units.h"

/* A number with k, M or G behind it, or nothing; counts may be broken here. */
static bool
count_parse(const char *text, double *value)
{
	static const char suffixes[] = "kMG";
	size_t whole = strspn(text, "0123456789"), length = whole;
	const char *suffix;

	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	/* As many digits as a double holds. */
	if (whole == 0 || length == whole + 1 || length > 15)
		return false;
	*value = strtod(text, NULL);
	text += length;
	if (*text == '\0')
		return true;
	suffix = strchr(suffixes, *text);
	if (!suffix || text[1] != '\0')
		return false;
	for (const char *s = suffixes; s <= suffix; s++)
		*value *= 1000;
	return true;
}

static bool
units_value_parse(enum unit unit, const char *text, double *value)
{
	int64_t whole;

	if (units_parse(unit, text, &whole))
		return false;
	*value = (double)whole;
	return true;
}

static bool
bytes_parse(const char *text, double *value)
{
	return units_value_parse(UNIT_BYTES, text, value);
}

static bool
time_parse(const char *text, double *value)
{
	return units_value_parse(UNIT_US, text, value);
}

/* What is before the ending, if text ends so. */
static bool
ending_parse(const char *text, const char *ending,
	     bool (*parse)(const char *text, double *value), double *value)
{
	char begin[32];
	size_t length = strlen(text), tail = strlen(ending);

	if (length <= tail || length - tail >= sizeof(begin) ||
	    strcmp(text + length - tail, ending) != 0)
		return false;
	memcpy(begin, text, length - tail);
	begin[length - tail] = '\0';
	return parse(begin, value);
}

static bool
plain_parse(const char *text, double *value)
{
	return text[strspn(text, "0123456789.")] == '\0' && count_parse(text, value);
}

static bool
share_parse(const char *text, double *value)
{
	if (!ending_parse(text, "%", plain_parse, value))
		return false;
	*value /= 100;
	return true;
}

static bool
count_per_s_parse(const char *text, double *value)
{
	return ending_parse(text, "/s", count_parse, value);
}

static bool
bytes_per_s_parse(const char *text, double *value)
{
	return ending_parse(text, "/s", bytes_parse, value);
}

/* With as many decimals as say something. */
static void
number_write(double value, char *buf)
{
	size_t length;

	if (fabs(value - round(value)) < 0.00005 || fabs(value) >= 1000) {
		units_format(UNIT_COUNT, (int64_t)llround(value), buf);
		return;
	}
	snprintf(buf, FIGURE_TEXT_SIZE, "%.4f", value);
	length = strlen(buf);
	while (buf[length - 1] == '0')
		buf[--length] = '\0';
}

static void
share_write(double value, char *buf)
{
	number_write(round(10000 * value) / 100, buf);
	strlcat(buf, " %", FIGURE_TEXT_SIZE);
}

static void
bytes_write(double value, char *buf)
{
	units_format(UNIT_BYTES, (int64_t)llround(value), buf);
}

static void
time_write(double value, char *buf)
{
	units_format(UNIT_US, (int64_t)llround(value), buf);
}

static void
count_per_s_write(double value, char *buf)
{
	number_write(value, buf);
	strlcat(buf, "/s", FIGURE_TEXT_SIZE);
}

static void
bytes_per_s_write(double value, char *buf)
{
	bytes_write(value, buf);
	strlcat(buf, "/s", FIGURE_TEXT_SIZE);
}

static const struct {
	const char *name;
	bool (*parse)(const char *text, double *value);
	void (*write)(double value, char *buf);
	const char *allowed;
} units[FIGURE_UNIT_COUNT] = {
	[FIGURE_COUNT] = { "count", count_parse, number_write,
			   "a number such as 15000, 15k or 1.01" },
	[FIGURE_SHARE] = { "share", share_parse, share_write, "a share such as 99%" },
	[FIGURE_BYTES] = { "bytes", bytes_parse, bytes_write,
			   "a size such as 64, 64k (1000) or 64Ki (1024)" },
	[FIGURE_TIME] = { "time", time_parse, time_write,
			  "a time such as 250us, 100ms or 5s" },
	[FIGURE_COUNT_PER_S] = { "count/s", count_per_s_parse, count_per_s_write,
				 "a number a second such as 0.1/s" },
	[FIGURE_BYTES_PER_S] = { "bytes/s", bytes_per_s_parse, bytes_per_s_write,
				 "a size a second such as 64Ki/s" },
};

const char *
figure_unit_name(enum figure_unit unit)
{
	return units[unit].name;
}

const char *
figure_parse(enum figure_unit unit, const char *text, double *value)
{
	return units[unit].parse(text, value) ? NULL : units[unit].allowed;
}

char *
figure_format(enum figure_unit unit, double value, char *buf)
{
	units[unit].write(value, buf);
	return buf;
}
