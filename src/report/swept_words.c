#include "report/swept_words.h"

#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/log.h"
#include "model/limit.h"

char *
swept_causes_text(const struct swept_point *point)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		fatal("cannot hold a text of the report");
	for (size_t i = 0; i < point->cause_count; i++) {
		fprintf(out, "%s%s", i > 0 ? ", " : "", point->causes[i].name);
		if (point->cause_count > 1)
			fprintf(out, " %zux", point->causes[i].runs);
	}
	if (point->cause_count == 0)
		fputc('-', out);
	fclose(out);
	return text;
}

/* "open files of an acceptor (nofile-server)" of a limit; else the word. */
static void
write_cause(const struct swept_cause *cause, FILE *out)
{
	const struct limit_rule *rule =
	    cause->is_limit ? limit_rule_find(cause->name) : NULL;

	if (rule != NULL)
		fprintf(out, "%s (%s)", rule->display_name, cause->name);
	else
		fputs(cause->name, out);
}

static void
write_causes(const struct swept_point *point, FILE *out)
{
	for (size_t i = 0; i < point->cause_count; i++) {
		if (i > 0)
			fputs(" or ", out);
		write_cause(&point->causes[i], out);
	}
}

/* The settings of a point that are of an axis, or that are not. */
void
swept_write_settings(const struct swept *swept, size_t point, size_t axis, bool of_axis,
		     FILE *out)
{
	const char *gap = "";

	for (size_t i = 0; i < swept->setting_count; i++) {
		char *name, *value;

		if ((swept->axis_of[i] == axis) != of_axis)
			continue;
		name = escape_text(swept->names[i]);
		value = escape_text(swept->points[point].values[i]);
		fprintf(out, "%s%s=%s", gap, name, value);
		gap = " ";
		free(name);
		free(value);
	}
}

void
swept_write_change(const struct swept *swept, const struct swept_change *change,
		   FILE *out)
{
	swept_write_settings(swept, change->before, change->axis, true, out);
	fputs(" to ", out);
	swept_write_settings(swept, change->after, change->axis, true, out);
	if (swept->axis_count > 1) {
		fputs(", at ", out);
		swept_write_settings(swept, change->before, change->axis, false, out);
	}
	fputs(": ", out);
	write_causes(&swept->points[change->before], out);
	fputs(", then ", out);
	write_causes(&swept->points[change->after], out);
	if (!change->is_sure)
		fputs(" (too few runs, or they differ)", out);
}

/* So many values of an option are listed; of more, those with the least and the most. */
#define LEVELS_LISTED 8

/* A value of the axis: "4", or "512:10" where options change together. */
void
swept_write_level(const struct swept *swept, size_t axis, size_t level, FILE *out)
{
	const char *gap = "";
	size_t p = 0;

	while (swept->points[p].level[axis] != level)
		p++;
	for (size_t i = 0; i < swept->setting_count; i++) {
		char *value;

		if (swept->axis_of[i] != axis)
			continue;
		value = escape_text(swept->points[p].values[i]);
		fprintf(out, "%s%s", gap, value);
		gap = ":";
		free(value);
	}
}

void
swept_write_axis(const struct swept *swept, size_t axis, FILE *out)
{
	const char *gap = "";

	for (size_t i = 0; i < swept->setting_count; i++) {
		char *name;

		if (swept->axis_of[i] != axis)
			continue;
		name = escape_text(swept->names[i]);
		fprintf(out, "%s%s", gap, name);
		gap = ":";
		free(name);
	}
}

/* True where a value of the axis is to be listed. */
static bool
is_listed(const struct swept *swept, const struct swept_effect *e, size_t level)
{
	size_t levels = swept->levels[e->axis];
	bool least = true, most = true;

	if (isnan(e->medians[level]))
		return false;
	for (size_t i = 0; i < levels; i++) {
		least &= isnan(e->medians[i]) || e->medians[i] >= e->medians[level];
		most &= isnan(e->medians[i]) || e->medians[i] <= e->medians[level];
	}
	return levels <= LEVELS_LISTED || least || most;
}

void
swept_write_effect(const struct swept *swept, const struct swept_effect *e, FILE *out)
{
	const char *gap = ": ";

	fprintf(out, "%s differs by ", e->figure->name);
	swept_write_axis(swept, e->axis, out);
	for (size_t level = 0; level < swept->levels[e->axis]; level++) {
		char text[FIGURE_TEXT_SIZE];

		if (!is_listed(swept, e, level))
			continue;
		fprintf(out, "%s%s at ", gap,
			figure_format(e->figure->unit, e->medians[level], text));
		swept_write_level(swept, e->axis, level, out);
		gap = ", ";
	}
	fprintf(out, " (p %s %.1g)", e->p < 1e-4 ? "<" : "=", fmax(e->p, 1e-4));
}
