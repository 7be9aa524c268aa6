#include "report/html_svg.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "report/amount.h"
#include "report/html_write.h"

/* Of the drawing, in its own units. */
#define WIDTH  720.0
#define HEIGHT 210.0
#define LEFT   72.0
#define RIGHT  14.0
#define TOP    20.0
#define BOTTOM 24.0

/* Points of a line; where a line has more, the lowest and highest of each few. */
#define POINTS 700

struct drawing {
	FILE *out;
	const struct chart_set *set;
	const struct chart *chart;
	double x_from, x_to, y_from, y_to;
};

static double
place_x(const struct drawing *d, double x)
{
	return LEFT + (x - d->x_from) / (d->x_to - d->x_from) * (WIDTH - LEFT - RIGHT);
}

static double
place_y(const struct drawing *d, double y)
{
	return HEIGHT - BOTTOM -
	       (y - d->y_from) / (d->y_to - d->y_from) * (HEIGHT - TOP - BOTTOM);
}

/* The smallest step that divides time as people do and is not below least; both are
 * microseconds. */
static double
time_step(double least)
{
	static const double steps[] = { 0.1,  0.2,  0.5,  1,     2,     5,    10,
					15,   30,   60,   120,   300,   600,  900,
					1800, 3600, 7200, 10800, 21600, 43200 };
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) &&
	       steps[i] * (double)US_PER_S < least)
		i++;
	return fmax(steps[i] * (double)US_PER_S, least);
}

static void
find_range(struct drawing *d)
{
	const struct chart *chart = d->chart;
	double low = 0, high = 0, step;

	for (size_t i = 0; i < chart->series_count; i++) {
		const struct chart_series *series = &chart->series[i];
		const struct frame *frame = &d->set->frames[series->frame];
		int64_t least, most;

		if (frame_range(frame, series->column, 0, frame->rows, &least, &most) ==
		    -1)
			continue;
		low = fmin(low, (double)least * series->scale);
		high = fmax(high, (double)most * series->scale);
		if (chart->apart) {
			d->x_from = (double)frame->x[0];
			d->x_to = (double)frame->x[frame->rows - 1];
		}
	}
	for (size_t i = 0; i < chart->limit_count; i++)
		if (chart->limits[i].value <= 1.6 * high)
			high = fmax(high, chart->limits[i].value);
	step = chart_step(chart->unit, (high - low) / 4);
	d->y_from = floor(low / step) * step;
	d->y_to = ceil(high * 1.02 / step) * step;
	if (d->y_to <= d->y_from)
		d->y_to = d->y_from + 1;
	if (d->x_to <= d->x_from)
		d->x_to = d->x_from + 1;
}

static void
draw_text(const struct drawing *d, double x, double y, const char *class,
	  const char *text)
{
	fprintf(d->out, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", class, x, y);
	html_text(d->out, text);
	fputs("</text>", d->out);
}

static void
draw_line(const struct drawing *d, const char *class, double x1, double y1, double x2,
	  double y2)
{
	fprintf(d->out,
		"<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
		class, x1, y1, x2, y2);
}

static void
draw_bands(const struct drawing *d)
{
	for (size_t i = 0; i < d->set->band_count && !d->chart->apart; i++) {
		const struct chart_band *band = &d->set->bands[i];
		double from = place_x(d, fmax((double)band->from, d->x_from));
		double to = place_x(d, fmin((double)band->to, d->x_to));

		if (to <= from)
			continue;
		fprintf(d->out,
			"<rect class=\"band %s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
			" height=\"%.1f\"/>",
			band->name, from, TOP, to - from, HEIGHT - TOP - BOTTOM);
		if (to - from > 7.0 * (double)strlen(band->name))
			draw_text(d, (from + to) / 2, TOP - 6, "band-name", band->name);
	}
}

static void
draw_axes(const struct drawing *d)
{
	double step = chart_step(d->chart->unit, (d->y_to - d->y_from) / 4.01);
	double x_step = time_step((d->x_to - d->x_from) / 7);
	char text[AMOUNT_SIZE];

	for (double y = d->y_from; y <= d->y_to + step / 2; y += step) {
		draw_line(d, "grid", LEFT, place_y(d, y), WIDTH - RIGHT, place_y(d, y));
		draw_text(d, LEFT - 6, place_y(d, y) + 4, "y-label",
			  chart_amount(d->chart->unit, y, text));
	}
	for (double x = ceil(d->x_from / x_step) * x_step; x <= d->x_to; x += x_step) {
		draw_text(d, fmin(place_x(d, x), WIDTH - 28), HEIGHT - 6, "x-label",
			  chart_time(x, d->x_to - d->x_from, text));
	}
}

static void
draw_limits(const struct drawing *d)
{
	char text[AMOUNT_SIZE + CHART_NAME], value[AMOUNT_SIZE];

	for (size_t i = 0; i < d->chart->limit_count; i++) {
		const struct chart_limit *limit = &d->chart->limits[i];
		double y = place_y(d, limit->value);

		if (limit->value > d->y_to)
			continue;
		snprintf(text, sizeof(text), "%s: %s", limit->label,
			 chart_amount(d->chart->unit, limit->value, value));
		draw_line(d, "limit", LEFT, y, WIDTH - RIGHT, y);
		draw_text(d, LEFT + 6, y - 4, "limit-name", text);
	}
}

static void
draw_marks(const struct drawing *d)
{
	for (size_t i = 0; i < d->set->mark_count && !d->chart->apart; i++) {
		const struct chart_mark *mark = &d->set->marks[i];
		double x = place_x(d, (double)mark->x);

		if (x < LEFT || x > WIDTH - RIGHT)
			continue;
		if (mark->broke)
			draw_line(d, "broke", x, TOP, x, HEIGHT - BOTTOM);
		else
			draw_line(d, "failure", x, HEIGHT - BOTTOM - 8, x,
				  HEIGHT - BOTTOM + 3);
	}
}

/* Goes on with a line at a point, or begins it anew with a stroke that can be seen alone. */
static void
draw_point(const struct drawing *d, int64_t x, double y, bool *drawn)
{
	fprintf(d->out, *drawn ? "L%.1f %.1f" : "M%.1f %.1fh.8",
		place_x(d, (double)x) - (*drawn ? 0 : 0.4), place_y(d, y));
	*drawn = true;
}

static void
draw_rows(const struct drawing *d, const struct chart_series *series, size_t from,
	  size_t to, bool *drawn)
{
	const struct frame *frame = &d->set->frames[series->frame];
	const int64_t *values = frame->columns[series->column];
	int64_t low, high;
	bool falls;

	if (frame_range(frame, series->column, from, to, &low, &high) == -1) {
		*drawn = *drawn && series->spans;
		return;
	}
	falls = values[from] > values[to - 1] && values[to - 1] != FRAME_NONE;
	draw_point(d, frame->x[from], (double)(falls ? high : low) * series->scale,
		   drawn);
	if (high != low)
		draw_point(d, frame->x[(from + to) / 2],
			   (double)(falls ? low : high) * series->scale, drawn);
}

static void
draw_series(const struct drawing *d, const struct chart_series *series)
{
	const struct frame *frame = &d->set->frames[series->frame];
	size_t each = (2 * frame->rows + POINTS - 1) / POINTS;
	bool drawn = false;

	if (frame->rows <= POINTS)
		each = 1;
	fprintf(d->out, "<path class=\"line s%u\" d=\"", series->slot % CHART_SERIES);
	for (size_t row = 0; row < frame->rows; row += each)
		draw_rows(d, series, row,
			  row + each < frame->rows ? row + each : frame->rows, &drawn);
	fputs("\"/>", d->out);
}

void
html_svg(FILE *out, const struct chart_set *set, const struct chart *chart)
{
	struct drawing d = { .out = out,
			     .set = set,
			     .chart = chart,
			     .x_from = (double)set->x_from,
			     .x_to = (double)set->x_to };

	find_range(&d);
	fprintf(out, "<svg viewBox=\"0 0 %.0f %.0f\" aria-hidden=\"true\">", WIDTH,
		HEIGHT);
	draw_bands(&d);
	draw_axes(&d);
	draw_limits(&d);
	for (size_t i = chart->series_count; i-- > 0;)
		draw_series(&d, &chart->series[i]);
	draw_marks(&d);
	fputs("</svg>\n", out);
}
