#include "report/html_sections.h"

#include <string.h>

#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A level and the lowest of its limits. */
struct ceiling {
	const struct findings_level *level;
	const struct findings_limit *limit; /* NULL: none */
};

static struct ceiling
ceiling_of(const struct findings *f, const struct findings_level *level)
{
	struct ceiling ceiling = { .level = level };

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
used_part(const struct ceiling *ceiling)
{
	return ceiling->limit == NULL
		   ? -1
		   : ceiling->level->peak / (double)ceiling->limit->value;
}

/* A group has the limits of its processes: that of the one which came nearest to it. */
static struct ceiling
nearest_ceiling(const struct findings *f, const struct findings_level *level)
{
	struct ceiling nearest = ceiling_of(f, level);
	size_t singular = strlen(level->subject) - 1;

	if (strcmp(level->kind, "group") != 0)
		return nearest;
	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *own = &f->levels[i];
		struct ceiling ceiling;

		if (strcmp(own->kind, "process") != 0 ||
		    strcmp(own->resource, level->resource) != 0 ||
		    strncmp(own->subject, level->subject, singular) != 0)
			continue;
		ceiling = ceiling_of(f, own);
		if (used_part(&ceiling) > used_part(&nearest))
			nearest = ceiling;
	}
	return nearest;
}

static const struct findings_forecast *
forecast_of(const struct findings *f, const struct findings_level *level)
{
	const struct findings_forecast *found = NULL;

	for (size_t i = 0; i < f->forecast_count; i++)
		if (strcmp(f->forecast[i].resource, level->resource) == 0 &&
		    strcmp(f->forecast[i].subject, level->subject) == 0)
			found = &f->forecast[i];
	return found;
}

static void
limit_cells(FILE *out, const struct findings *f, const struct findings_level *level)
{
	struct ceiling ceiling = nearest_ceiling(f, level);
	const struct findings_forecast *forecast = forecast_of(f, ceiling.level);
	char text[AMOUNT_SIZE];

	if (ceiling.limit == NULL) {
		html_figure(out, "–");
		html_figure(out, "–");
	} else {
		fputs("<td class=\"n\">", out);
		html_text(out, amount(level->unit, (double)ceiling.limit->value, text));
		if (ceiling.level != level)
			html_aside(out, ceiling.level->subject);
		fputs("</td>", out);
		html_figure(out, "%.0f %%", 100 * (1 - used_part(&ceiling)));
	}
	if (forecast == NULL)
		html_figure(out, "–");
	else
		html_figure(out, "%s", amount(UNIT_COUNT, forecast->at, text));
}

static void
resource_row(FILE *out, const struct findings *f, const struct findings_level *level)
{
	const double levels[] = { level->base, level->peak, level->final, level->leaked };
	char text[AMOUNT_SIZE];

	html_resource_row(out, level->resource, level->subject);
	for (size_t i = 0; i < COUNT(levels); i++)
		html_figure(out, "%s", amount(level->unit, levels[i], text));
	html_figure(out, "%s/s", amount(level->unit, level->per_second, text));
	limit_cells(out, f, level);
	fputs("</tr>\n", out);
}

/* The load's resources, or the others. */
static size_t
resource_rows(FILE *out, const struct findings *f, bool load)
{
	static const char *const headings[] = { "resource", ">base",     ">peak",
						">final",   ">leaked",   ">rate",
						">limit",   ">headroom", ">forecast" };
	size_t rows = 0;

	for (size_t i = 0; i < f->level_count; i++) {
		const struct findings_level *level = &f->levels[i];

		if (findings_is_load(level->kind, level->subject) != load ||
		    !findings_is_seen(level))
			continue;
		if (rows++ == 0)
			html_table(out,
				   load ? "Resources"
					: "Process by process, and brink itself",
				   headings, COUNT(headings));
		resource_row(out, f, level);
	}
	if (rows > 0)
		html_table_end(out);
	return rows;
}

void
html_resources(FILE *out, const struct findings *f, const struct chart_set *set)
{
	(void)set;
	html_section(out, "resources", "What was taken, resource by resource",
		     "Leaked is what was taken, which is not a leak by itself: whether "
		     "it goes with the connections or with time is told below, under "
		     "Growth. A dash: there is no limit, or nothing is known.");
	if (f->level_count == 0) {
		html_empty(out,
			   "No levels are known: the run has no baseline, or was not "
			   "analysed.");
	} else {
		resource_rows(out, f, true);
		fputs(
		    "<details><summary>Process by process, and brink itself</summary>\n",
		    out);
		if (resource_rows(out, f, false) == 0)
			html_empty(out, "No process was followed one by one.");
		fputs("</details>\n", out);
	}
	html_section_end(out);
}
