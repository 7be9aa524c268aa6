/*
 * A chart in the HTML report: a figure with its sentence, a drawing that needs no script,
 * its legend and a table of its figures.
 */
#ifndef BRINK_REPORT_HTML_CHART_H
#define BRINK_REPORT_HTML_CHART_H

#include <stddef.h>
#include <stdio.h>

#include "report/chart.h"

/* Writes chart number i of the set as a figure. */
void html_chart(FILE *out, const struct chart_set *set, size_t i);

#endif
