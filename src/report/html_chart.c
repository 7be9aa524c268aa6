#include "report/html_chart.h"

#include "base/clock.h"
#include "report/amount.h"
#include "report/html_svg.h"
#include "report/html_table.h"
#include "report/html_write.h"

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
	fprintf(out, "</h3><p id=\"about-%s\">", chart->id);
	write_sentence(out, set, chart);
	write_left_out(out, chart);
	write_thinned(out, set, chart);
	fputs("</p></figcaption>\n", out);
	write_legend(out, chart);
	fprintf(out, "<div class=\"plot\" data-chart=\"%zu\">", i);
	html_svg(out, set, chart);
	fputs("</div>\n", out);
	write_limits(out, chart);
	write_table(out, set, chart);
	fputs("</figure>\n", out);
}
