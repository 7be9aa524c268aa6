/*
 * The samples of the charts as data for the script.
 */
#ifndef BRINK_REPORT_HTML_DATA_H
#define BRINK_REPORT_HTML_DATA_H

#include <stdio.h>

#include "report/chart.h"

/*
 * The whole set as one script element of data, which the page's script reads: base64 of
 * gzip of a little-endian uint32 with the length of a JSON text, that text, and the
 * columns: for each frame its x, then a byte a column (0: nothing shows it) and where it is
 * 1 its values. A value is the LEB128 varint of 1 + zigzag(value - the last known one), 0
 * where it is not known. The bytes depend on the set alone. 0, or -1 without memory.
 */
int html_data(FILE *out, const struct chart_set *set);

#endif
