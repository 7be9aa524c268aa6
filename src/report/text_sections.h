/*
 * The sections of the text report below the verdict. Each writes its heading and its
 * table or list, and nothing at all where it has nothing to say.
 */
#ifndef BRINK_REPORT_TEXT_SECTIONS_H
#define BRINK_REPORT_TEXT_SECTIONS_H

#include "report/report.h"
#include "report/table.h"

typedef void text_section(const struct findings *findings,
			  const struct report_options *options, FILE *out);

text_section text_expected, text_baseline, text_initial, text_progress, text_breakdown,
    text_cost, text_growth, text_forecast, text_recovery, text_cycles, text_latency,
    text_ruled_out, text_notes, text_recommendations, text_environment;

/* A heading, after an empty line. */
void text_heading(const char *heading, const struct report_options *options, FILE *out);

/* The first row of a table, a text a column. */
void text_headings(struct table *table, const char *const *texts);

/* Ends a table; a line of a list, fmt is printf's. */
void text_table(struct table *table, const struct report_options *options, FILE *out);
void text_line(const struct report_options *options, FILE *out, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The texts of all findings of a kind, a line each. Returns how many there are. */
size_t text_findings(const struct findings *findings, const char *kind,
		     const struct report_options *options, FILE *out);

/* "BROKE at 19,991 held, 10.0 s after the first attempt", or "SURVIVED: ...", and below it
 * what the limit is, the counts, the proof and what followed. */
void text_headline(const struct findings *findings, const struct report_options *options,
		   FILE *out);
text_section text_proof;

/* Resources one by one: not of single processes, and of several cycles the first. */
bool text_shows(const struct findings_level *level);

#endif
