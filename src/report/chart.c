#include "report/chart.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "report/amount.h"

void
chart_set_free(struct chart_set *set)
{
	for (size_t i = 0; i < set->frame_count; i++)
		frame_free(&set->frames[i]);
	free(set->frames);
	free(set->charts);
	free(set->bands);
	free(set->marks);
	free(set->workers);
	*set = (struct chart_set){ 0 };
}

bool
chart_value(const struct chart_set *set, const struct chart_series *series, size_t row,
	    double *value)
{
	int64_t stored = set->frames[series->frame].columns[series->column][row];

	*value = (double)stored * series->scale;
	return stored != FRAME_NONE;
}

char *
chart_amount(enum chart_unit unit, double value, char *buf)
{
	char number[AMOUNT_SIZE];

	switch (unit) {
	case CHART_BYTES:
		return amount(UNIT_BYTES, value, buf);
	case CHART_US:
		return amount(UNIT_US, value, buf);
	case CHART_PERCENT:
		snprintf(buf, AMOUNT_SIZE, fabs(value) < 10 ? "%.1f %%" : "%.0f %%",
			 value);
		return buf;
	case CHART_RATE:
		snprintf(buf, AMOUNT_SIZE, "%s/s", amount(UNIT_COUNT, value, number));
		return buf;
	case CHART_COUNT:
		break;
	}
	return amount(UNIT_COUNT, value, buf);
}

char *
chart_time(double us, double span_us, char *buf)
{
	long long s = llround(fabs(us) / (double)US_PER_S);

	if (fabs(us) < 5e4)
		us = 0; /* without a sign */
	if (span_us < 600 * (double)US_PER_S)
		snprintf(buf, AMOUNT_SIZE, "%.*f s",
			 fabs(us - (double)s * (double)US_PER_S) < 5e4 ? 0 : 1,
			 us / (double)US_PER_S);
	else
		snprintf(buf, AMOUNT_SIZE, "%s%lld:%02lld:%02lld", us < 0 ? "-" : "",
			 s / 3600, s / 60 % 60, s % 60);
	return buf;
}

void
chart_add_series(struct chart *chart, const char *label, size_t frame, size_t column,
		 double scale, unsigned slot, bool spans)
{
	struct chart_series *series = &chart->series[chart->series_count];

	if (chart->series_count == CHART_SERIES)
		return;
	*series = (struct chart_series){ .frame = frame,
					 .column = column,
					 .scale = scale,
					 .slot = slot,
					 .spans = spans };
	strlcpy(series->label, label, sizeof(series->label));
	chart->series_count++;
}

void
chart_add_limit(struct chart *chart, const struct findings_limit *limit)
{
	struct chart_limit *added = &chart->limits[chart->limit_count];

	for (size_t i = 0; i < chart->limit_count; i++)
		if (chart->limits[i].value == (double)limit->value)
			return;
	if (chart->limit_count == CHART_LIMITS || limit->value == INT64_MAX)
		return;
	added->value = (double)limit->value;
	strlcpy(added->label, limit->source, sizeof(added->label));
	chart->limit_count++;
}

double
chart_step(enum chart_unit unit, double least)
{
	static const double parts[] = { 1, 2, 5, 10, 20, 50, 100, 200, 500 };
	double power = 1;

	if (unit == CHART_BYTES) {
		while (power * 512 < least)
			power *= 1024;
		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (parts[i] * power >= least)
				return parts[i] * power;
		return 1024 * power;
	}
	power = pow(10, floor(log10(least > 0 ? least : 1)));
	for (size_t i = 0; i < 3; i++)
		if (parts[i] * power >= least * 0.999)
			return parts[i] * power;
	return 10 * power;
}
