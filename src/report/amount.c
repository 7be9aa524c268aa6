#include "report/amount.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/limit.h"
#include "base/clock.h"
#include "plan/plan.h"

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
	strlcpy(buf, "not significantly different from 0", AMOUNT_SIZE);
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

const char *
amount_option(const char *name, const char *value, char *buf)
{
	const struct option_spec *spec = option_find(&plan_options, name, strlen(name));
	const char *word;
	int64_t number;

	if (value == NULL || strcmp(value, "[]") == 0 || strcmp(value, "{}") == 0)
		return "";
	if (spec == NULL || spec->type == OPTION_TEXT || value[0] == '\0' ||
	    strspn(value, "0123456789") != strlen(value))
		return value;
	if (spec->type == OPTION_FLAG)
		return strcmp(value, "0") == 0 ? "no" : "yes";
	number = strtoll(value, NULL, 10);
	word = option_word(spec, number);
	return word != NULL ? word : units_format(spec->unit, number, buf);
}

/* ------------------------------------------------------------------------------ cells */

/* The member of a cell. */
#define VALUE(type, cell) (*COLUMN_OF(type, (cell)->column, (cell)->row))

/* A row says in which unit it is; one that does not is counted. */
static enum unit
unit_of(const struct cell *cell)
{
	for (size_t i = 0; i < cell->record->column_count; i++)
		if (cell->record->columns[i].type == COLUMN_UNIT)
			return *COLUMN_OF(enum unit, &cell->record->columns[i],
					  cell->row);
	return UNIT_COUNT;
}

const char *
show_member(const struct cell *cell, char *buf)
{
	switch (cell->column->type) {
	case COLUMN_TEXT:
	case COLUMN_WORD:
		return COLUMN_OF(char, cell->column, cell->row);
	case COLUMN_STRING:
		return VALUE(char *, cell) != NULL ? VALUE(char *, cell) : "";
	case COLUMN_INT:
		return amount(UNIT_COUNT, (double)VALUE(int64_t, cell), buf);
	case COLUMN_KNOWN:
		if (VALUE(int64_t, cell) >= 0)
			return amount(UNIT_COUNT, (double)VALUE(int64_t, cell), buf);
		return "";
	default:
		return "";
	}
}

const char *
show_amount(const struct cell *cell, char *buf)
{
	return amount(unit_of(cell), VALUE(double, cell), buf);
}

const char *
show_rate(const struct cell *cell, char *buf)
{
	amount(unit_of(cell), VALUE(double, cell), buf);
	strlcat(buf, "/s", AMOUNT_SIZE);
	return buf;
}

const char *
show_real(const struct cell *cell, char *buf)
{
	return amount(UNIT_COUNT, VALUE(double, cell), buf);
}

const char *
show_bytes(const struct cell *cell, char *buf)
{
	if (VALUE(int64_t, cell) < 0)
		return "";
	return amount(UNIT_BYTES, (double)VALUE(int64_t, cell), buf);
}

const char *
show_estimate(const struct cell *cell, char *buf)
{
	const struct findings_estimate *e = &VALUE(struct findings_estimate, cell);

	return e->known ? amount(unit_of(cell), e->value, buf) : "";
}

const char *
show_estimate_rate(const struct cell *cell, char *buf)
{
	if (!VALUE(struct findings_estimate, cell).known)
		return "";
	show_estimate(cell, buf);
	strlcat(buf, "/s", AMOUNT_SIZE);
	return buf;
}

const char *
show_interval(const struct cell *cell, char *buf)
{
	const struct findings_estimate *e = &VALUE(struct findings_estimate, cell);

	return e->known ? amount_interval(e, unit_of(cell), buf) : "";
}

const char *
show_time(const struct cell *cell, char *buf)
{
	return VALUE(int64_t, cell) < 0 ? "" : amount_time(VALUE(int64_t, cell), buf);
}

const char *
show_us(const struct cell *cell, char *buf)
{
	return units_format(UNIT_US, VALUE(int64_t, cell), buf);
}

const char *
show_seconds(const struct cell *cell, char *buf)
{
	if (VALUE(double, cell) < 0)
		return "";
	snprintf(buf, AMOUNT_SIZE, "%.2f s", VALUE(double, cell));
	return buf;
}

const char *
show_clock(const struct cell *cell, char *buf)
{
	snprintf(buf, AMOUNT_SIZE, "%.1f",
		 (double)VALUE(int64_t, cell) / (double)US_PER_S);
	return buf;
}

const char *
show_part(const struct cell *cell, char *buf)
{
	snprintf(buf, AMOUNT_SIZE, "%.1f %%", 100 * VALUE(double, cell));
	return buf;
}

const char *
show_ordinal(const struct cell *cell, char *buf)
{
	snprintf(buf, AMOUNT_SIZE, "%lld", (long long)VALUE(int64_t, cell) + 1);
	return buf;
}

const char *
show_chance(const struct cell *cell, char *buf)
{
	if (VALUE(double, cell) < 0)
		return "";
	snprintf(buf, AMOUNT_SIZE, "%.2g", VALUE(double, cell));
	return buf;
}

const char *
show_display_name(const struct cell *cell, char *buf)
{
	(void)buf;
	return display_name_of(COLUMN_OF(char, cell->column, cell->row));
}

const char *
show_stored(const struct cell *cell, char *buf)
{
	(void)buf;
	return COLUMN_OF(char, cell->column, cell->row);
}

/* -------------------------------------------------------------------- of a level */

const char *
show_level_weak(const struct cell *cell, char *buf)
{
	const struct findings_level *level = cell->row;

	(void)buf;
	return level->weak ? "weak" : "";
}

/* 0: the look was long enough. */
const char *
show_needed(const struct cell *cell, char *buf)
{
	const struct findings_level *level = cell->row;

	return level->needed_s > 0
		   ? amount(UNIT_US, level->needed_s * (double)US_PER_S, buf)
		   : "";
}

const char *
show_side(const struct cell *cell, char *buf)
{
	(void)buf;
	return findings_side(cell->row);
}

const char *
show_resource_of(const struct cell *cell, char *buf)
{
	const struct findings_level *level = cell->row;

	snprintf(buf, AMOUNT_SIZE, "%s of %s", display_name_of(level->resource),
		 level->subject);
	return buf;
}

/* A level and the lowest of its limits. */
struct limited_level {
	const struct findings_level *level;
	const struct findings_limit *limit; /* NULL: none */
};

static struct limited_level
ceiling_of(const struct findings *f, const struct findings_level *level)
{
	struct limited_level ceiling = { .level = level };

	for (size_t i = 0; i < f->limit_count; i++) {
		const struct findings_limit *limit = &f->limits[i];

		if (strcmp(limit->kind, level->kind) == 0 &&
		    strcmp(limit->subject, level->subject) == 0 &&
		    strcmp(limit->resource, level->resource) == 0 &&
		    (ceiling.limit == NULL || limit->value < ceiling.limit->value))
			ceiling.limit = limit;
	}
	return ceiling;
}

static double
used_part(const struct limited_level *ceiling)
{
	return ceiling->limit == NULL
		   ? -1
		   : ceiling->level->peak / (double)ceiling->limit->value;
}

/* A group has the limits of its processes: that of the one which came nearest to it. */
static struct limited_level
nearest_ceiling(const struct findings *f, const struct findings_level *level)
{
	struct limited_level nearest = ceiling_of(f, level);
	size_t singular = strlen(level->subject) - 1;

	if (strcmp(level->kind, "group") != 0)
		return nearest;
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *own = &f->levels[i];
		struct limited_level ceiling;

		if (strcmp(own->kind, "process") != 0 || own->cycle != level->cycle ||
		    strcmp(own->resource, level->resource) != 0 ||
		    strncmp(own->subject, level->subject, singular) != 0)
			continue;
		ceiling = ceiling_of(f, own);
		if (used_part(&ceiling) > used_part(&nearest))
			nearest = ceiling;
	}
	return nearest;
}

const char *
show_limit(const struct cell *cell, char *buf)
{
	struct limited_level ceiling = nearest_ceiling(cell->findings, cell->row);

	return ceiling.limit == NULL
		   ? ""
		   : amount(unit_of(cell), (double)ceiling.limit->value, buf);
}

const char *
show_limit_subject(const struct cell *cell, char *buf)
{
	struct limited_level ceiling = nearest_ceiling(cell->findings, cell->row);

	(void)buf;
	return ceiling.limit != NULL && ceiling.level != cell->row
		   ? ceiling.level->subject
		   : "";
}

const char *
show_headroom(const struct cell *cell, char *buf)
{
	struct limited_level ceiling = nearest_ceiling(cell->findings, cell->row);

	if (ceiling.limit == NULL)
		return "";
	snprintf(buf, AMOUNT_SIZE, "%.0f %%", 100 * (1 - used_part(&ceiling)));
	return buf;
}

const char *
show_forecast(const struct cell *cell, char *buf)
{
	const struct findings *f = cell->findings;
	const struct findings_level *level = nearest_ceiling(f, cell->row).level;
	const struct findings_forecast *found = NULL;

	for (size_t i = 0; i < f->forecast_count; i++)
		if (strcmp(f->forecast[i].resource, level->resource) == 0 &&
		    strcmp(f->forecast[i].subject, level->subject) == 0)
			found = &f->forecast[i];
	return found != NULL ? amount(UNIT_COUNT, found->at, buf) : "";
}

/* ------------------------------------------------------------------- of other rows */

const char *
show_memory(const struct cell *cell, char *buf)
{
	return amount_told(&VALUE(struct findings_estimate, cell), UNIT_BYTES, buf);
}

const char *
show_memory_interval(const struct cell *cell, char *buf)
{
	return amount_interval(&VALUE(struct findings_estimate, cell), UNIT_BYTES, buf);
}

/* In the unit of what it limits. */
const char *
show_forecast_limit(const struct cell *cell, char *buf)
{
	const struct findings_forecast *f = cell->row;

	return amount(display_name_unit(f->resource), (double)f->limit, buf);
}

const char *
show_forecast_interval(const struct cell *cell, char *buf)
{
	const struct findings_forecast *f = cell->row;
	const struct findings_estimate e = { true, f->at, f->low, f->high };

	return amount_interval(&e, UNIT_COUNT, buf);
}

const char *
show_remains(const struct cell *cell, char *buf)
{
	const struct findings_cycle *cycle = cell->row;

	(void)buf;
	return cycle->remains != NULL ? cycle->remains : "nothing";
}

const char *
show_share(const struct cell *cell, char *buf)
{
	if (isnan(VALUE(double, cell)))
		return "";
	snprintf(buf, AMOUNT_SIZE, "%.2f", VALUE(double, cell));
	return buf;
}

const char *
show_seen(const struct cell *cell, char *buf)
{
	const struct findings_expected *e = cell->row;

	return isnan(e->value) ? "not known" : figure_format(e->unit, e->value, buf);
}

const char *
show_seen_interval(const struct cell *cell, char *buf)
{
	const struct findings_expected *e = cell->row;
	char low[FIGURE_TEXT_SIZE], high[FIGURE_TEXT_SIZE];

	if (isnan(e->low))
		return "";
	snprintf(buf, AMOUNT_SIZE, "%s .. %s", figure_format(e->unit, e->low, low),
		 figure_format(e->unit, e->high, high));
	return buf;
}

const char *
show_passed(const struct cell *cell, char *buf)
{
	const struct findings_expected *e = cell->row;

	(void)buf;
	return e->passed ? "pass" : "FAIL";
}
