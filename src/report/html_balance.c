#include "report/html_sections.h"

#include "base/clock.h"
#include "report/amount.h"
#include "report/html_page.h"
#include "report/html_table.h"
#include "report/html_write.h"

/* The strip: cells over the time of the run, a row an acceptor. */
#define CELLS 96
#define CELL  6.0
#define ROW   18.0
#define LABEL 90.0

/* The rows of frame 0 that a cell covers. */
static void
cell_rows(const struct chart_set *set, size_t cell, size_t *from, size_t *to)
{
	size_t rows = set->frames[0].rows;

	*from = cell * rows / CELLS;
	*to = (cell + 1) * rows / CELLS;
	if (*to == *from)
		*to = *from + 1;
}

static double
cell_value(const struct chart_set *set, size_t column, size_t cell)
{
	size_t from, to;
	int64_t low, high;

	cell_rows(set, cell, &from, &to);
	if (frame_range(&set->frames[0], column, from, to, &low, &high) == -1)
		return 0;
	return high > 0 ? (double)high : 0;
}

static double
highest_held(const struct chart_set *set)
{
	double most = 1;

	for (size_t i = 0; i < set->worker_count; i++)
		for (size_t cell = 0; cell < CELLS; cell++) {
			double held = cell_value(set, set->workers[i].held, cell);

			most = held > most ? held : most;
		}
	return most;
}

static void
write_row(FILE *out, const struct chart_set *set, size_t i, double most)
{
	const struct chart_worker *worker = &set->workers[i];
	double y = (double)i * ROW;

	fprintf(out, "<text class=\"y-label\" x=\"%.1f\" y=\"%.1f\">", LABEL - 8,
		y + ROW - 6);
	html_text(out, worker->name);
	fputs("</text>", out);
	fprintf(out,
		"<rect class=\"track\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		"height=\"%.1f\"/>",
		LABEL, y, CELLS * CELL, ROW - 2);
	for (size_t cell = 0; cell < CELLS; cell++) {
		double held = cell_value(set, worker->held, cell);
		bool full = worker->limit > 0 && cell_value(set, worker->fds, cell) >=
						     0.99 * (double)worker->limit;
		double x = LABEL + (double)cell * CELL;

		if (held > 0)
			fprintf(
			    out,
			    "<rect class=\"heat\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
			    " height=\"%.1f\" fill-opacity=\"%.2f\"/>",
			    x, y, CELL, ROW - 2, 0.1 + 0.9 * held / most);
		if (full)
			fprintf(out, "<path class=\"full\" d=\"M%.1f %.1fl%.1f %.1f\"/>",
				x, y + ROW - 2, CELL, 2 - ROW);
	}
}

static void
write_strip(FILE *out, const struct chart_set *set)
{
	double height = (double)set->worker_count * ROW, most = highest_held(set);
	const struct frame *frame = &set->frames[0];
	char text[AMOUNT_SIZE];

	fputs("<figure class=\"strip\" role=\"figure\" aria-labelledby=\"strip-title\">\n"
	      "<figcaption id=\"strip-title\">",
	      out);
	html_format(
	    out,
	    "Connections held by each acceptor over the run: the stronger the more, up "
	    "to %s. Struck through: its open files are at their limit.",
	    amount(UNIT_COUNT, most, text));
	fprintf(out,
		"</figcaption>\n<svg viewBox=\"0 0 %.0f %.0f\" aria-hidden=\"true\">",
		LABEL + CELLS * CELL, height + ROW);
	for (size_t i = 0; i < set->worker_count; i++)
		write_row(out, set, i, most);
	fprintf(out, "<text x=\"%.1f\" y=\"%.1f\">%.1f s</text>", LABEL, height + 12,
		(double)frame->x[0] / (double)US_PER_S);
	fprintf(out, "<text class=\"y-label\" x=\"%.1f\" y=\"%.1f\">%.1f s</text>",
		LABEL + CELLS * CELL, height + 12,
		(double)frame->x[frame->rows - 1] / (double)US_PER_S);
	fputs("</svg></figure>\n", out);
}

void
html_balance(FILE *out, const struct findings *f, const struct chart_set *set)
{
	html_section(out, "balance", "Balance over the workers",
		     "One full acceptor of many is a hole: in a SO_REUSEPORT group its "
		     "connections wait while the others have room.");
	if (f->worker_count == 0 || set->frames[0].rows == 0) {
		html_empty(out, "No worker's counts were stored.");
	} else {
		if (set->worker_count > 0)
			write_strip(out, set);
		if (set->worker_count == CHART_WORKERS)
			html_format(out, "Only the first %d acceptors are drawn.",
				    CHART_WORKERS);
		fputs("<details><summary>Counts of each worker</summary>\n", out);
		html_section_all(out, &section_workers, f, NULL, NULL);
		fputs("</details>\n", out);
	}
	html_section_end(out);
}
