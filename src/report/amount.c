#include "report/amount.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define LIBBSD_OPENBSD_VIS /* strnvis(3) is not used here: either will do */
#include <vis.h>

#include "base/clock.h"
#include "base/log.h"

char *
amount(enum unit unit, double value, char *buf)
{
	bool whole = fabs(value - round(value)) < 0.005;

	if (unit == UNIT_COUNT && !whole && fabs(value) < 1000)
		snprintf(buf, AMOUNT_SIZE, "%.2f", value);
	else
		units_format(unit, (int64_t)llround(value), buf);
	return buf;
}

char *
amount_known(bool known, enum unit unit, double value, char *buf)
{
	if (known)
		return amount(unit, value, buf);
	strlcpy(buf, "-", AMOUNT_SIZE);
	return buf;
}

char *
amount_interval(const struct findings_estimate *estimate, enum unit unit, char *buf)
{
	char low[AMOUNT_SIZE], high[AMOUNT_SIZE];

	if (!estimate->known) {
		strlcpy(buf, "-", AMOUNT_SIZE);
		return buf;
	}
	amount(unit, estimate->low, low);
	strlcpy(buf, low, AMOUNT_SIZE);
	strlcat(buf, " .. ", AMOUNT_SIZE);
	strlcat(buf, amount(unit, estimate->high, high), AMOUNT_SIZE);
	return buf;
}

char *
amount_time(int64_t us, char *buf)
{
	if (us < 0)
		strlcpy(buf, "-", AMOUNT_SIZE);
	else
		snprintf(buf, AMOUNT_SIZE, "%.3f s", (double)us / (double)US_PER_S);
	return buf;
}

/* C0 and DEL, and C1 in UTF-8: terminals obey both. */
static bool
has_controls(const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p != '\0'; p++)
		if (*p < 0x20 || *p == 0x7f ||
		    (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			return true;
	return false;
}

char *
amount_safe(const char *text)
{
	size_t length;
	char *safe;

	if (text == NULL)
		text = "";
	length = strlen(text);
	safe = malloc(4 * length + 1);
	if (safe == NULL)
		fatal("cannot hold a text of the report");
	if (has_controls(text))
		strvis(safe, text, VIS_CSTYLE | VIS_NL | VIS_TAB | VIS_NOSLASH);
	else
		memcpy(safe, text, length + 1);
	return safe;
}
