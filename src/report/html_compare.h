/*
 * The page that lays several runs over each other.
 */
#ifndef BRINK_REPORT_HTML_COMPARE_H
#define BRINK_REPORT_HTML_COMPARE_H

#include <stdio.h>

#include "report/findings.h"

/* Writes the page of two runs or more. 0, or -1 as html_report() does. */
int html_compare(FILE *out, struct db *db, const struct findings *runs, size_t count);

#endif
