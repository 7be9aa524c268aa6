/*
 * A chart in the HTML report: a figure with its sentence, a drawing that needs no script,
 * its legend and a table of its figures; and the same samples as data for the script.
 */
#ifndef BRINK_REPORT_HTML_CHART_H
#define BRINK_REPORT_HTML_CHART_H

#include <stdio.h>

#include "report/chart.h"

/* A value in a chart's unit: "20,000", "4.5 MiB", "35 %". buf holds AMOUNT_SIZE bytes. */
char *chart_amount(enum chart_unit unit, double value, char *buf);

/* A time since the run's start or the release, in microseconds: "12.3 s", or where the
 * whole axis spans ten minutes or more "1:02:03". buf holds AMOUNT_SIZE bytes. */
char *chart_time(double us, double span_us, char *buf);

/* Writes chart number i of the set as a figure. */
void html_chart(FILE *out, const struct chart_set *set, size_t i);

/* The drawing alone, as inline SVG that takes its colours from the style. */
void html_svg(FILE *out, const struct chart_set *set, const struct chart *chart);

/*
 * The whole set as one script element of data, which the page's script reads: base64 of
 * gzip of a little-endian uint32 with the length of a JSON text, that text, and the
 * columns: for each frame its x, then a byte a column (0: nothing shows it) and where it is
 * 1 its values. A value is the LEB128 varint of 1 + zigzag(value - the last known one), 0
 * where it is not known. The bytes depend on the set alone. 0, or -1 without memory.
 */
int html_data(FILE *out, const struct chart_set *set);

#endif
