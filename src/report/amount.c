#include "report/amount.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"

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
amount_told(const struct findings_estimate *estimate, enum unit unit, char *buf)
{
	if (estimate->low > 0 || estimate->high < 0)
		return amount(unit, estimate->value, buf);
	strlcpy(buf, "not told from 0", AMOUNT_SIZE);
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
