/*
 * The sections of the text report below the verdict. Each writes its heading and its
 * table or list, and nothing at all where it has nothing to say.
 */
#ifndef BRINK_REPORT_TEXT_SECTIONS_H
#define BRINK_REPORT_TEXT_SECTIONS_H

#include <stdbool.h>
#include <stdio.h>

#include "report/findings.h"
#include "report/report_options.h"

typedef void text_section(const struct findings *findings,
			  const struct report_options *options, FILE *out);

text_section text_expected, text_baseline, text_initial, text_progress, text_breakdown,
    text_cost, text_growth, text_forecast, text_recovery, text_cycles, text_latency,
    text_ruled_out, text_notes, text_recommendations, text_environment;

/* Resources one by one: not of single processes, and of several cycles the first. */
bool text_shows(const struct findings_level *level);

#endif
