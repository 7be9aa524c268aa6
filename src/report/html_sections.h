/*
 * The sections of the report of one run.
 */
#ifndef BRINK_REPORT_HTML_SECTIONS_H
#define BRINK_REPORT_HTML_SECTIONS_H

#include <stdio.h>

#include "report/chart.h"
#include "report/findings.h"

typedef void html_part(FILE *out, const struct findings *f, const struct chart_set *set);

/* The parts of the report of one run, in order. What was expected, and cycles, are left out
 * where there is nothing to say of them. */
html_part html_verdict, html_advice, html_expected, html_timeline, html_funnel,
    html_balance, html_resources, html_growth, html_recovery, html_cycles, html_evidence,
    html_ruled_out, html_environment;

#endif
