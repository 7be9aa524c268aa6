/*
 * The drawing of a chart.
 */
#ifndef BRINK_REPORT_HTML_SVG_H
#define BRINK_REPORT_HTML_SVG_H

#include <stdio.h>

#include "report/chart.h"

/* Writes the drawing as inline SVG, which takes its colours from the style. */
void html_svg(FILE *out, const struct chart_set *set, const struct chart *chart);

#endif
