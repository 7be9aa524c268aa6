/*
 * The charts that are read from the samples: what each is called, and its lines.
 */
#ifndef BRINK_REPORT_CHART_TABLE_H
#define BRINK_REPORT_CHART_TABLE_H

#include <stddef.h>

#include "report/chart.h"

struct chart_line {
	const char *label; /* NULL: a line for each of the subjects, called by its name */
	struct frame_want want;
};

struct chart_spec {
	const char *id, *title, *about;
	enum chart_unit unit;
	double scale; /* of stored values to the unit */
	const char
	    *compare; /* label of the line that stands for a run; NULL: none does */
	struct chart_line lines[CHART_SERIES];
};

extern const struct chart_spec chart_table[];
extern const size_t chart_table_count;

#endif
