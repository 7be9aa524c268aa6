#include "report/html_page.h"

#include <math.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "analyse/rows.h"
#include "base/clock.h"
#include "base/json.h"
#include "report/amount.h"

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
		fputs("<rect class=\"band ", d->out);
		html_text(d->out, band->name);
		fprintf(d->out,
			"\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", from,
			TOP, to - from, HEIGHT - TOP - BOTTOM);
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

static void
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

/* ------------------------------------------------------------------------- the figure */

/* Rows of a chart's table. */
#define MOMENTS 14

/* Row of the highest value, or rows where none is known. */
static size_t
peak_row(const struct frame *frame, size_t column)
{
	size_t best = frame->rows;

	for (size_t row = 0; row < frame->rows; row++) {
		int64_t value = frame->columns[column][row];

		if (value != FRAME_NONE &&
		    (best == frame->rows || value > frame->columns[column][best]))
			best = row;
	}
	return best;
}

/* "At most: held by clients 3,000 at 12.3 s; …" */
static void
write_sentence(FILE *out, const struct chart_set *set, const struct chart *chart)
{
	double span = (double)(set->x_to - set->x_from);
	const char *before = "Highest: ";
	char text[AMOUNT_SIZE], at[AMOUNT_SIZE];
	double value;

	html_text(out, chart->about);
	fputs(" <span class=\"peaks\">", out);
	for (size_t i = 0; i < chart->series_count && !chart->apart; i++) {
		const struct chart_series *series = &chart->series[i];
		const struct frame *frame = &set->frames[series->frame];
		size_t row = peak_row(frame, series->column);

		if (row == frame->rows || !chart_value(set, series, row, &value))
			continue;
		html_format(out, "%s%s %s at %s", before, series->label,
			    chart_amount(chart->unit, value, text),
			    chart_time((double)frame->x[row], span, at));
		before = "; ";
	}
	fputs(chart->apart ? "</span>" : ".</span>", out);
}

static void
write_limits(FILE *out, const struct chart *chart)
{
	char text[AMOUNT_SIZE];

	if (chart->limit_count == 0)
		return;
	fputs("<p class=\"limits\">", out);
	for (size_t i = 0; i < chart->limit_count; i++)
		html_format(out, "%s%s %s",
			    i > 0 ? " · " : "Limit: ", chart->limits[i].label,
			    chart_amount(chart->unit, chart->limits[i].value, text));
	fputs("</p>\n", out);
}

static void
write_legend(FILE *out, const struct chart *chart)
{
	fputs("<ul class=\"legend\">", out);
	for (size_t i = 0; i < chart->series_count; i++) {
		fprintf(out,
			"<li><svg viewBox=\"0 0 28 8\" aria-hidden=\"true\"><path"
			" class=\"line s%u\" d=\"M1 4H27\"/></svg><span>",
			chart->series[i].slot % CHART_SERIES);
		html_text(out, chart->series[i].label);
		fputs("</span></li>", out);
	}
	fputs("</ul>\n", out);
}

/* ------------------------------------------------------------------------------- table */

/* Moments that a table shows: the end of each phase and the breaking point, or where
 * there are no phases or too many, evenly spread ones. In time order. */
static size_t
choose_moments(const struct chart_set *set, const struct chart *chart, int64_t *moments)
{
	const struct frame *frame = &set->frames[chart->series[0].frame];
	int64_t from = frame->x[0], to = frame->x[frame->rows - 1], swap;
	size_t count = 0;

	if (!chart->apart && set->band_count > 0 && set->band_count + 2 <= MOMENTS) {
		for (size_t i = 0; i < set->band_count; i++)
			moments[count++] = set->bands[i].to;
		for (size_t i = 0; i < set->mark_count; i++)
			if (set->marks[i].broke && count < MOMENTS)
				moments[count++] = set->marks[i].x;
	} else {
		for (size_t i = 0; i < 9; i++)
			moments[count++] = from + (to - from) / 8 * (int64_t)i;
	}
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 && moments[k] < moments[k - 1]; k--) {
			swap = moments[k];
			moments[k] = moments[k - 1];
			moments[k - 1] = swap;
		}
	return count;
}

/* The phase that a moment is the end of or lies in. */
static const char *
band_at(const struct chart_set *set, int64_t moment)
{
	for (size_t i = 0; i < set->band_count; i++)
		if (moment <= set->bands[i].to)
			return set->bands[i].name;
	return "";
}

static void
write_moment(FILE *out, const struct chart_set *set, const struct chart *chart,
	     int64_t moment)
{
	char text[AMOUNT_SIZE];

	fputs("<tr>", out);
	html_figure(out, "%.1f", (double)moment / (double)US_PER_S);
	if (!chart->apart && set->band_count > 0)
		html_cell(out, "%s", band_at(set, moment));
	for (size_t i = 0; i < chart->series_count; i++) {
		const struct chart_series *series = &chart->series[i];
		const struct frame *frame = &set->frames[series->frame];
		int64_t stored =
		    frame_at(frame, series->column, frame_row(frame, moment));

		if (stored == FRAME_NONE)
			html_figure(out, "–");
		else
			html_figure(out, "%s",
				    chart_amount(chart->unit,
						 (double)stored * series->scale, text));
	}
	fputs("</tr>\n", out);
}

static void
write_table(FILE *out, const struct chart_set *set, const struct chart *chart)
{
	int64_t moments[MOMENTS];
	size_t count = choose_moments(set, chart, moments);

	fputs("<details class=\"figures\"><summary>Figures of this chart</summary>"
	      "<div class=\"scroll\" tabindex=\"0\"><table><caption>",
	      out);
	html_text(out, chart->title);
	fputs("</caption><thead><tr><th scope=\"col\" class=\"n\">time (s)</th>", out);
	if (!chart->apart && set->band_count > 0)
		fputs("<th scope=\"col\">phase</th>", out);
	for (size_t i = 0; i < chart->series_count; i++) {
		fputs("<th scope=\"col\" class=\"n\">", out);
		html_text(out, chart->series[i].label);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n<tbody>\n", out);
	for (size_t i = 0; i < count; i++)
		write_moment(out, set, chart, moments[i]);
	fputs("</tbody></table></div></details>\n", out);
}

/* ------------------------------------------------------------------------------ figure */

static void
write_thinned(FILE *out, const struct chart_set *set, const struct chart *chart)
{
	const struct frame *frame = &set->frames[chart->series[0].frame];
	char rows[AMOUNT_SIZE], read[AMOUNT_SIZE];

	if (frame->rows < frame->read)
		html_format(out,
			    " Drawn from %s of %s samples: the lowest and highest of "
			    "every %zu.",
			    amount(UNIT_COUNT, (double)frame->rows, rows),
			    amount(UNIT_COUNT, (double)frame->read, read),
			    (2 * frame->read + frame->rows - 1) / frame->rows);
}

static void
write_left_out(FILE *out, const struct chart *chart)
{
	if (chart->all > CHART_SERIES)
		html_format(out, " Drawn are %zu of %zu: %s.", chart->series_count,
			    chart->all, chart->chosen);
}

void
html_chart(FILE *out, const struct chart_set *set, size_t i)
{
	const struct chart *chart = &set->charts[i];

	fprintf(out,
		"<figure class=\"chart\" id=\"chart-%s\" role=\"figure\""
		" aria-labelledby=\"title-%s\" aria-describedby=\"about-%s\">\n"
		"<figcaption><h3 id=\"title-%s\">",
		chart->id, chart->id, chart->id, chart->id);
	html_text(out, chart->title);
	fprintf(out,
		"</h3><details class=\"about\"><summary title=\"About this chart\""
		" aria-label=\"About this chart\">?</summary><p id=\"about-%s\">",
		chart->id);
	write_sentence(out, set, chart);
	write_left_out(out, chart);
	write_thinned(out, set, chart);
	fputs("</p></details></figcaption>\n", out);
	write_legend(out, chart);
	fprintf(out, "<div class=\"plot\" data-chart=\"%zu\">", i);
	html_svg(out, set, chart);
	fputs("</div>\n", out);
	write_limits(out, chart);
	write_table(out, set, chart);
	fputs("</figure>\n", out);
}

/* ---------------------------------------------------------------- data for the script */

#define LINE 57 /* bytes a line: 76 characters of base64 */

static void
write_series(struct json *j, const struct chart_series *series)
{
	json_object(j, NULL);
	json_text(j, "label", series->label);
	json_int(j, "frame", (int64_t)series->frame);
	json_int(j, "column", (int64_t)series->column);
	json_real(j, "scale", series->scale);
	json_int(j, "slot", series->slot % CHART_SERIES);
	json_bool(j, "spans", series->spans);
	json_end_object(j);
}

static void
write_charts(struct json *j, const struct chart_set *set)
{
	static const char *const units[] = {
		[CHART_COUNT] = "count", [CHART_BYTES] = "bytes",     [CHART_US] = "us",
		[CHART_RATE] = "rate",   [CHART_PERCENT] = "percent",
	};

	json_array(j, "charts");
	for (size_t i = 0; i < set->count; i++) {
		const struct chart *chart = &set->charts[i];

		json_object(j, NULL);
		json_text(j, "id", chart->id);
		json_text(j, "title", chart->title);
		json_text(j, "unit", units[chart->unit]);
		json_bool(j, "apart", chart->apart);
		json_array(j, "series");
		for (size_t k = 0; k < chart->series_count; k++)
			write_series(j, &chart->series[k]);
		json_end_array(j);
		json_array(j, "limits");
		for (size_t k = 0; k < chart->limit_count; k++) {
			json_object(j, NULL);
			json_text(j, "label", chart->limits[k].label);
			json_real(j, "value", chart->limits[k].value);
			json_end_object(j);
		}
		json_end_array(j);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_bands(struct json *j, const struct chart_set *set)
{
	json_array(j, "bands");
	for (size_t i = 0; i < set->band_count; i++) {
		json_object(j, NULL);
		json_int(j, "from", set->bands[i].from);
		json_int(j, "to", set->bands[i].to);
		json_text(j, "name", set->bands[i].name);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_marks(struct json *j, const struct chart_set *set)
{
	json_array(j, "marks");
	for (size_t i = 0; i < set->mark_count; i++) {
		json_object(j, NULL);
		json_int(j, "x", set->marks[i].x);
		json_text(j, "label", set->marks[i].label);
		json_bool(j, "broke", set->marks[i].broke);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_frames(struct json *j, const struct chart_set *set)
{
	json_array(j, "frames");
	for (size_t i = 0; i < set->frame_count; i++) {
		json_object(j, NULL);
		json_int(j, "rows", (int64_t)set->frames[i].rows);
		json_int(j, "columns", (int64_t)set->frames[i].count);
		json_end_object(j);
	}
	json_end_array(j);
}

static void
write_head(FILE *out, const struct chart_set *set)
{
	struct json j;

	json_begin(&j, out);
	json_object(&j, NULL);
	json_int(&j, "from", set->x_from);
	json_int(&j, "to", set->x_to);
	if (set->has_held) {
		json_int(&j, "held", (int64_t)set->held);
		json_int(&j, "held_to", set->held_to);
	} else {
		json_null(&j, "held");
	}
	write_frames(&j, set);
	write_charts(&j, set);
	write_bands(&j, set);
	write_marks(&j, set);
	json_end_object(&j);
}

/* ----------------------------------------------------------------------------- columns */

static void
write_varint(FILE *out, uint64_t value)
{
	for (; value >= 0x80; value >>= 7)
		putc((int)(value & 0x7f) | 0x80, out);
	putc((int)value, out);
}

static void
write_column(FILE *out, const int64_t *values, size_t rows)
{
	int64_t last = 0;

	for (size_t i = 0; i < rows; i++) {
		int64_t delta = values[i] - last;

		if (values[i] == FRAME_NONE) {
			putc(0, out);
			continue;
		}
		write_varint(out, 1 + (((uint64_t)delta << 1) ^ (uint64_t)(delta >> 63)));
		last = values[i];
	}
}

static bool
is_shown(const struct chart_set *set, size_t frame, size_t column)
{
	if (set->has_held && frame == 0 && column == set->held)
		return true;
	for (size_t i = 0; i < set->count; i++)
		for (size_t k = 0; k < set->charts[i].series_count; k++)
			if (set->charts[i].series[k].frame == frame &&
			    set->charts[i].series[k].column == column)
				return true;
	return false;
}

static void
write_columns(FILE *out, const struct chart_set *set)
{
	for (size_t i = 0; i < set->frame_count; i++) {
		const struct frame *frame = &set->frames[i];

		write_column(out, frame->x, frame->rows);
		for (size_t k = 0; k < frame->count; k++) {
			putc(is_shown(set, i, k), out);
			if (is_shown(set, i, k))
				write_column(out, frame->columns[k], frame->rows);
		}
	}
}

/* The bytes before they are compressed; the caller frees them. NULL without memory. */
static char *
raw_data(const struct chart_set *set, size_t *size)
{
	char *head = NULL, *raw = NULL;
	size_t length;
	FILE *out = open_memstream(&head, &length);

	if (out == NULL)
		return NULL;
	write_head(out, set);
	if (fclose(out) == EOF || (out = open_memstream(&raw, size)) == NULL) {
		free(head);
		return NULL;
	}
	for (int shift = 0; shift < 32; shift += 8)
		putc((int)(length >> shift & 0xff), out);
	fwrite(head, 1, length, out);
	write_columns(out, set);
	free(head);
	if (fclose(out) == 0)
		return raw;
	free(raw);
	return NULL;
}

/* gzip without a name or time in its head, so that equal data make equal bytes. */
static unsigned char *
compress_data(char *raw, size_t size, size_t *compressed)
{
	z_stream z = { .next_in = (unsigned char *)raw, .avail_in = (unsigned)size };
	gz_header header = { .os = 255 };
	unsigned char *data;
	size_t room;
	int end;

	if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 9,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return NULL;
	(void)deflateSetHeader(&z, &header);
	room = deflateBound(&z, size);
	data = rows_alloc(room, 1);
	z.next_out = data;
	z.avail_out = (unsigned)room;
	end = deflate(&z, Z_FINISH);
	*compressed = z.total_out;
	(void)deflateEnd(&z);
	if (end == Z_STREAM_END)
		return data;
	free(data);
	return NULL;
}

static void
write_base64(FILE *out, const unsigned char *data, size_t size)
{
	char text[(LINE + 2) / 3 * 4 + 1];

	for (size_t i = 0; i < size; i += LINE) {
		(void)b64_ntop(data + i, size - i < LINE ? size - i : LINE, text,
			       sizeof(text));
		fprintf(out, "%s\n", text);
	}
}

int
html_data(FILE *out, const struct chart_set *set)
{
	unsigned char *data = NULL;
	size_t size, compressed;
	char *raw = raw_data(set, &size);

	if (raw != NULL && size <= UINT32_MAX)
		data = compress_data(raw, size, &compressed);
	free(raw);
	if (data == NULL)
		return -1;
	fputs("<script type=\"application/gzip\" id=\"data\">\n", out);
	write_base64(out, data, compressed);
	fputs("</script>\n", out);
	free(data);
	return 0;
}
